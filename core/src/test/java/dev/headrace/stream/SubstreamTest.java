package dev.headrace.stream;

import static dev.headrace.stream.Repositories.REPOSITORIES;
import static dev.headrace.stream.Repositories.START;
import static dev.headrace.stream.Repositories.all;
import static dev.headrace.stream.Repositories.lastState;
import static dev.headrace.stream.Repositories.notices;
import static dev.headrace.stream.Repositories.records;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.connector.Endpoint;
import dev.headrace.http.HttpStatusException;
import dev.headrace.json.Json;
import dev.headrace.state.StateStore;
import dev.headrace.stream.Repositories.Issue;
import dev.headrace.stream.Repositories.Repository;
import dev.headrace.test.FakeRepositories;
import dev.headrace.test.RecordedRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Streams whose slices are the records of others. Rows A32 and A50; a parent that is read once for several is A31 (RecordCacheTest). */
class SubstreamTest {

    private static final Instant NOW = START.plus(Duration.ofHours(1));

    /** Two on a page, those that have changed last at the end. */
    private static final RecordStream<Repository> PARENTS = StreamCutTest.PARENTS;

    private static final ParentStream<Repository> CHANGED_PARENTS = ParentStream.of(
                    PARENTS.key("/name").cursor(StreamCutTest.UPDATED), Repositories::slice)
            .incremental();

    private static final RecordStream<Issue> WHOLE =
            RecordStream.of("issues", Repositories.ISSUES).clock(() -> NOW);

    private static final RecordStream<Issue> INCREMENTAL = WHOLE.key("/repository", "/number")
            .cursor(Cursor.datetime("/updated_at").startingAt(START).intoQuery("since"));

    private static Instant minutes(int minutes) {
        return NOW.plus(Duration.ofMinutes(minutes));
    }

    private static ParentStream<Repository> parent(String name, Set<String> repositories) {
        return ParentStream.of(
                RecordStream.of(name, REPOSITORIES).filter(repository -> repositories.contains(repository.name())),
                Repositories::slice);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void readsASliceOfTwoParentsOnce(int concurrency) { // A32
        try (Repositories repositories = Repositories.of(4, 2)) {
            RecordStream<Issue> children = WHOLE.concurrency(concurrency)
                    .parent(parent("first", Set.of("r1", "r2")), parent("second", Set.of("r2", "r3")));

            assertThat(names(repositories.read(children)))
                    .containsExactlyInAnyOrder("r1/1", "r1/2", "r2/1", "r2/2", "r3/1", "r3/2");
            assertThat(asked(repositories)).containsExactlyInAnyOrder("r1", "r2", "r3");
        }
    }

    @Test
    void asksForBatchesOfParents() { // A32
        Endpoint<Repository> byName = Endpoint.get("/user/repos{?names}").items(Repository.class);
        try (Repositories repositories = Repositories.of(5, 1)) {
            RecordStream<Repository> children = RecordStream.of("details", byName)
                    .parent(ParentStream.of(PARENTS, repository -> Slice.of("names", repository.name()))
                            .batch(3));

            List<Message<Repository>> messages = repositories.read(children);

            assertThat(messages.stream().filter(StreamRecord.class::isInstance))
                    .extracting(message -> ((StreamRecord<?>) message).slice().toString())
                    .containsOnly("Slice{\"names\":[\"r1\",\"r2\",\"r3\"]}", "Slice{\"names\":[\"r4\",\"r5\"]}");
            assertThat(repositories.uris().stream().filter(uri -> uri.contains("names=")))
                    .containsExactly("/user/repos?names=r1,r2,r3", "/user/repos?names=r4,r5");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void skipsParentsThatWereDoneBeforeTheCut(int concurrency) { // A50
        try (Repositories repositories = Repositories.of(5, 2)) {
            RecordStream<Issue> children =
                    WHOLE.parent(ParentStream.of(PARENTS, Repositories::slice)).concurrency(concurrency);
            List<Message<Issue>> cut =
                    all(children.read(repositories.connector()).take(6));
            List<String> done = new ArrayList<>();
            lastState(cut).path("slices").forEach(slice -> {
                if (slice.has("done")) {
                    done.add(slice.path("slice").path("repo").stringValue());
                }
            });
            assertThat(done).hasSizeBetween(1, 2);
            int before = repositories.uris().size();

            List<Message<Issue>> rest = repositories.read(children, lastState(cut));

            List<String> left = new ArrayList<>(List.of("r1", "r2", "r3", "r4", "r5"));
            left.removeAll(done);
            // The server may hear only now of requests that the cut has cancelled.
            assertThat(new HashSet<>(asked(repositories, before))).containsExactlyInAnyOrderElementsOf(left);
            assertThat(lastState(rest)).isEqualTo(Json.tree("{\"version\":1,\"stream\":\"issues\"}"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void readsOnlyChildrenOfParentsThatHaveChanged(int concurrency) { // A32
        try (Repositories repositories = Repositories.of(5, 2)) {
            RecordStream<Issue> children = INCREMENTAL.parent(CHANGED_PARENTS).concurrency(concurrency);
            JsonNode first = lastState(repositories.read(children));
            assertThat(first.path("parents").path("repositories").path("stream").stringValue())
                    .isEqualTo("repositories");

            assertThat(names(repositories.read(children, first))).isEmpty();
            repositories.api().touch("o", "r2", 1, minutes(-10));
            repositories.api().addRepository("o", "fresh", 1);
            repositories.api().touch("o", "fresh", 1, minutes(-9));
            int before = repositories.uris().size();
            List<Message<Issue>> second = repositories.read(children, first);

            assertThat(names(second)).containsExactlyInAnyOrder("r2/1", "fresh/1");
            assertThat(asked(repositories, before)).containsExactlyInAnyOrder("r2", "fresh");
            assertThat(names(repositories.read(children, lastState(second)))).isEmpty();
            // What is known of the others is not forgotten.
            repositories.api().touch("o", "r4", 2, minutes(-5));
            assertThat(names(repositories.read(children, lastState(second)))).containsExactly("r4/2");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void movesOnFromAParentOnlyOnceItsChildrenHaveBeenRead(int concurrency) {
        FakeRepositories api = FakeRepositories.of(5, 2)
                .failing(500)
                .when(request -> request.uri().contains("/r2/"))
                .once();
        try (Repositories repositories = new Repositories(api)) {
            RecordStream<Issue> children =
                    WHOLE.parent(CHANGED_PARENTS).concurrency(concurrency).sliceErrorsAsNotices();

            List<Message<Issue>> first = repositories.read(children);

            assertThat(notices(first)).containsExactly(Notice.Kind.SLICE_FAILED);
            assertThat(names(first)).hasSize(8).doesNotContain("r2/1");
            List<Message<Issue>> second = repositories.read(children, lastState(first));
            assertThat(names(second)).contains("r2/1", "r2/2");
            assertThat(notices(second)).isEmpty();
            assertThat(names(repositories.read(children, lastState(second)))).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void hearsAgainOfAParentThatHasChangedAfterItsChildrenWereRead(int concurrency) {
        try (Repositories repositories = Repositories.of(6, 2)) {
            AtomicBoolean changed = new AtomicBoolean();
            RecordStream<Issue> children = INCREMENTAL.parent(CHANGED_PARENTS).concurrency(concurrency);

            List<Message<Issue>> first =
                    all(children.read(repositories.connector()).doOnNext(message -> {
                        if (message instanceof StreamRecord<Issue> record
                                && record.data().repository().equals("o/r2")
                                && changed.compareAndSet(false, true)) {
                            // Now the last in the list of parents.
                            repositories.api().touch("o", "r1", 1, minutes(1));
                        }
                    }));
            List<Message<Issue>> second = repositories.read(children.clock(() -> minutes(10)), lastState(first));

            List<Instant> seen = new ArrayList<>();
            for (List<Message<Issue>> run : List.of(first, second)) {
                records(run).stream().map(Issue::updated_at).forEach(seen::add);
            }
            assertThat(seen).contains(minutes(1));
            assertThat(names(repositories.read(children.clock(() -> minutes(10)), lastState(second))))
                    .isEmpty();
        }
    }

    @Test
    void readsAParentThatWasDoneAgainIfItHasChangedSinceTheCut() {
        try (Repositories repositories = Repositories.of(4, 2)) {
            RecordStream<Issue> children = INCREMENTAL.parent(CHANGED_PARENTS);
            // Two records, the page, the slice's end.
            List<Message<Issue>> cut = all(children.read(repositories.connector())
                    .takeUntil(message -> message instanceof Checkpoint<Issue> checkpoint
                            && checkpoint.state().toString().contains("\"done\"")));
            assertThat(names(cut)).containsExactly("r1/1", "r1/2");
            repositories.api().touch("o", "r1", 2, minutes(1));

            List<Message<Issue>> rest = repositories.read(children.clock(() -> minutes(10)), lastState(cut));

            assertThat(names(rest)).contains("r1/2", "r2/1", "r4/2").doesNotContain("r1/1");
            assertThat(names(repositories.read(children.clock(() -> minutes(10)), lastState(rest))))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void putsWhatIsInTheSliceIntoItsRecords(int concurrency) {
        try (Repositories repositories = Repositories.of(3, 2)) {
            RecordStream<String> children = WHOLE.parent(ParentStream.of(PARENTS, Repositories::slice))
                    .concurrency(concurrency)
                    .filter(issue -> issue.number() == 2)
                    .mapWithSlice((issue, slice) -> slice.text("repo") + " has " + issue.number())
                    .map(text -> text + "!");

            assertThat(records(repositories.read(children)))
                    .containsExactlyInAnyOrder("r1 has 2!", "r2 has 2!", "r3 has 2!");
            assertThat(records(repositories.read(RecordStream.of("repositories", REPOSITORIES)
                            .mapWithSlice((repository, slice) -> repository.name() + slice.values()))))
                    .containsExactly("r1{}", "r2{}", "r3{}");
        }
    }

    @Test
    void givesWhatAParentHasToSay() {
        FakeRepositories api =
                FakeRepositories.of(3, 2).failing(500).onRequest(1).once();
        try (Repositories repositories = new Repositories(api)) {
            List<Message<Issue>> messages = repositories.read(
                    WHOLE.parent(ParentStream.of(PARENTS.sliceErrorsAsNotices(), Repositories::slice)));

            assertThat(notices(messages)).containsExactly(Notice.Kind.SLICE_FAILED);
            assertThat(messages.get(0).stream()).isEqualTo("repositories");
        }
    }

    @Test
    void failsWithItsParent() {
        try (Repositories repositories = new Repositories(
                FakeRepositories.of(3, 2).failing(500).onRequest(1).always())) {
            assertThatThrownBy(() -> repositories.read(WHOLE.parent(ParentStream.of(PARENTS, Repositories::slice))))
                    .isInstanceOf(HttpStatusException.class);
        }
    }

    @Test
    void readsAParentWholeWhateverTheParentsOwnStoreHas() {
        try (Repositories repositories = Repositories.of(3, 1)) {
            StateStore store = StateStore.inMemory();
            RecordStream<Repository> parents =
                    PARENTS.key("/name").cursor(StreamCutTest.UPDATED).resumeFrom(store, "parents");
            store.save("parents", lastState(repositories.read(parents))).block(Duration.ofSeconds(30));
            assertThat(records(repositories.read(parents))).isEmpty();

            assertThat(names(repositories.read(WHOLE.parent(ParentStream.of(parents, Repositories::slice)))))
                    .containsExactly("r1/1", "r2/1", "r3/1");
            assertThat(names(repositories.read(INCREMENTAL.parent(
                            ParentStream.of(parents, Repositories::slice).incremental()))))
                    .containsExactly("r1/1", "r2/1", "r3/1");
        }
    }

    @Test
    void saysWhichSettingsOfAParentAreWrong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ParentStream.of(PARENTS, Repositories::slice).incremental())
                .withMessage(
                        "Stream 'repositories' has no cursor, so it cannot be a parent that is read incrementally");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ParentStream.of(PARENTS, Repositories::slice).batch(0))
                .withMessage("batch must be at least 1, but is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WHOLE.parent(CHANGED_PARENTS, CHANGED_PARENTS))
                .withMessage("parents must have different names, but are [repositories, repositories]");
        assertThatIllegalArgumentException().isThrownBy(WHOLE::parent).withMessage("parent needs at least one stream");
    }

    private static List<String> names(List<Message<Issue>> messages) {
        return records(messages).stream().map(StreamCutTest::name).toList();
    }

    private static List<String> asked(Repositories repositories) {
        return asked(repositories, 0);
    }

    /** The repositories whose issues were asked for, once for each request. */
    private static List<String> asked(Repositories repositories, int from) {
        return repositories.server().requests().stream()
                .skip(from)
                .map(RecordedRequest::path)
                .filter(path -> path.endsWith("/issues"))
                .map(path -> path.replaceAll("/repos/o/(.*)/issues", "$1"))
                .toList();
    }
}
