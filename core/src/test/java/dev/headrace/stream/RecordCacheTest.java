package dev.headrace.stream;

import static dev.headrace.stream.Repositories.all;
import static dev.headrace.stream.Repositories.lastState;
import static dev.headrace.stream.Repositories.notices;
import static dev.headrace.stream.Repositories.records;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.HttpStatusException;
import dev.headrace.json.Json;
import dev.headrace.stream.Repositories.Issue;
import dev.headrace.stream.Repositories.Repository;
import dev.headrace.test.FakeRepositories;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** A parent that is read once for several children. Row A31. */
class RecordCacheTest {

    private static final RecordStream<Issue> ISSUES = RecordStream.of("issues", Repositories.ISSUES);

    @TempDir
    private Path directory;

    private RecordCache<Repository> cache(boolean disk) {
        return disk ? RecordCache.onDisk(file(), Repository.class) : RecordCache.inMemory();
    }

    private Path file() {
        return directory.resolve("deep").resolve("repositories.ndjson");
    }

    private static RecordStream<Repository> parents(RecordCache<Repository> cache) {
        return Repositories.REPOSITORY_STREAM.cached(cache);
    }

    private static RecordStream<Issue> children(RecordStream<Repository> parents) {
        return ISSUES.parent(ParentStream.of(parents, Repositories::slice));
    }

    private static long parentPages(Repositories repositories) {
        return repositories.uris().stream()
                .filter(uri -> uri.startsWith("/user/repos"))
                .count();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readsAParentOnceForSeveralChildren(boolean disk) throws Exception { // A31
        try (Repositories repositories = Repositories.of(25, 1)) {
            RecordCache<Repository> cache = cache(disk);
            RecordStream<Issue> children = children(parents(cache));

            for (int child = 0; child < 3; child++) {
                assertThat(records(repositories.read(children))).hasSize(25);
            }
            assertThat(records(repositories.read(parents(cache))))
                    .isEqualTo(records(repositories.read(Repositories.REPOSITORY_STREAM)));

            assertThat(parentPages(repositories)).isEqualTo(3 + 3);
            assertThat(lastState(repositories.read(parents(cache))))
                    .isEqualTo(Json.tree("{\"version\":1,\"stream\":\"repositories\"}"));
            if (disk) {
                assertThat(directory.resolve("deep")).isDirectoryContaining("glob:**/repositories.ndjson");
                assertThat(files()).hasSize(1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readsAParentOnceForChildrenThatAreReadSideBySide(boolean disk) throws Exception { // A31
        try (Repositories repositories = Repositories.of(25, 1)) {
            RecordStream<Issue> children = children(parents(cache(disk)));

            List<Message<Issue>> messages = all(Flux.merge(
                    children.read(repositories.connector()),
                    children.concurrency(4).read(repositories.connector()),
                    children.read(repositories.connector())));

            assertThat(records(messages)).hasSize(75);
            assertThat(parentPages(repositories)).isEqualTo(3);
            assertThat(files()).hasSize(disk ? 1 : 0);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anotherTakesOverWhenTheFirstReaderFails(boolean disk) throws Exception { // A31
        FakeRepositories api = FakeRepositories.of(25, 1)
                .failing(500)
                .when(request -> request.uri().startsWith("/user/repos"))
                .onPage(2)
                .once();
        try (Repositories repositories = new Repositories(api)) {
            RecordStream<Repository> parents = parents(cache(disk));

            List<Integer> counts = all(Flux.range(1, 3)
                    .flatMap(child -> parents.records(repositories.connector())
                            .collectList()
                            .map(List::size)
                            .onErrorReturn(HttpStatusException.class, -1)));

            assertThat(counts).containsExactlyInAnyOrder(-1, 25, 25);
            assertThat(parentPages(repositories)).isEqualTo(2 + 3);
            assertThat(files()).hasSize(disk ? 1 : 0);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anotherTakesOverWhenTheFirstReaderIsCancelled(boolean disk) throws Exception { // A31
        try (Repositories repositories = Repositories.of(25, 1)) {
            RecordStream<Repository> parents = parents(cache(disk));
            Reader first = new Reader();
            parents.records(repositories.connector()).subscribe(first);
            first.request(1);
            first.one.get(10, TimeUnit.SECONDS);

            CompletableFuture<List<Repository>> second =
                    parents.records(repositories.connector()).collectList().toFuture();
            assertThat(second).isNotDone();
            first.cancel();

            assertThat(second.get(10, TimeUnit.SECONDS)).hasSize(25);
            assertThat(parentPages(repositories)).isEqualTo(1 + 3);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anotherTakesOverWhenTheFirstReaderIsCancelledBeforeItHasBegun(boolean disk) {
        try (Repositories repositories = Repositories.of(3, 1)) {
            RecordStream<Repository> parents = parents(cache(disk));
            Reader first = new Reader();
            parents.records(repositories.connector()).subscribe(first);
            first.cancel();

            assertThat(records(repositories.read(parents))).hasSize(3);
        }
    }

    @Test
    void anotherTakesOverWhenTheFirstReaderCannotWrite() throws Exception {
        try (Repositories repositories = Repositories.of(3, 1)) {
            Files.createFile(directory.resolve("deep"));
            RecordStream<Repository> parents = parents(cache(true));

            assertThatThrownBy(() -> repositories.read(parents))
                    .isInstanceOfSatisfying(HeadraceException.class, failure -> {
                        assertThat(failure.kind()).isEqualTo(FailureKind.LOCAL);
                        assertThat(failure).hasMessageStartingWith("Cannot write the cached records in " + file());
                    });
            Files.delete(directory.resolve("deep"));

            assertThat(records(repositories.read(parents))).hasSize(3);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void doesNotKeepAReadingThatWasNotWhole(boolean disk) {
        FakeRepositories api = FakeRepositories.of(2, 3)
                .failing(500)
                .when(request -> request.uri().contains("/r1/"))
                .once();
        try (Repositories repositories = new Repositories(api)) {
            RecordStream<Issue> issues = ISSUES.slices(List.of(Repositories.slice(1), Repositories.slice(2)))
                    .sliceErrorsAsNotices()
                    .cached(disk ? RecordCache.onDisk(file(), Issue.class) : RecordCache.inMemory());

            List<Message<Issue>> first = repositories.read(issues);
            List<Message<Issue>> second = repositories.read(issues);
            List<Message<Issue>> third = repositories.read(issues);

            assertThat(notices(first)).containsExactly(Notice.Kind.SLICE_FAILED);
            assertThat(records(first)).hasSize(3);
            assertThat(records(second)).hasSize(6);
            assertThat(third.stream().filter(StreamRecord.class::isInstance))
                    .isEqualTo(second.stream()
                            .filter(StreamRecord.class::isInstance)
                            .toList());
            assertThat(repositories.uris()).hasSize(4);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void givesNoEmptyStreamForOneThatWasClearedBeforeItWasAskedFor(boolean disk) {
        try (Repositories repositories = Repositories.of(25, 1)) {
            RecordCache<Repository> cache = cache(disk);
            repositories.read(parents(cache));

            StepVerifier.create(parents(cache).records(repositories.connector()), 0)
                    .expectSubscription()
                    .then(() -> cache.clear().block(Duration.ofSeconds(10)))
                    .thenRequest(Long.MAX_VALUE)
                    .expectNextCount(25)
                    .expectComplete()
                    .verify(Duration.ofSeconds(10));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void asksAgainOnceItIsCleared(boolean disk) throws Exception { // A31
        try (Repositories repositories = Repositories.of(3, 1)) {
            RecordCache<Repository> cache = cache(disk);
            assertThat(records(repositories.read(parents(cache)))).hasSize(3);
            repositories.api().addRepository("o", "fresh", 1);
            assertThat(records(repositories.read(parents(cache)))).hasSize(3);

            cache.clear().block(Duration.ofSeconds(30));
            assertThat(files()).isEmpty();

            assertThat(records(repositories.read(parents(cache)))).hasSize(4);
        }
    }

    @Test
    void belongsToOneStreamThatIsReadWhole() {
        try (Repositories repositories = Repositories.of(3, 1)) {
            RecordCache<Repository> cache = RecordCache.inMemory();
            repositories.read(parents(cache));

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> repositories.read(
                            RecordStream.of("others", Repositories.REPOSITORIES).cached(cache)))
                    .withMessage("The cache holds records of stream 'repositories', and cannot hold those of 'others'");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> parents(cache).cursor(Cursor.datetime("/updated_at")))
                    .withMessage(
                            "Stream 'repositories' is read incrementally, and cannot be cached; say fullRefresh() before"
                                    + " cached(…)");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Repositories.REPOSITORY_STREAM
                            .cursor(Cursor.datetime("/updated_at"))
                            .cached(cache))
                    .withMessageContaining("cannot be cached");
        }
    }

    private List<Path> files() throws Exception {
        if (!Files.exists(directory.resolve("deep"))) {
            return List.of();
        }
        try (var files = Files.list(directory.resolve("deep"))) {
            return files.toList();
        }
    }

    /** Asks for nothing by itself. */
    private static final class Reader extends BaseSubscriber<Repository> {

        private final CompletableFuture<Repository> one = new CompletableFuture<>();

        @Override
        protected void hookOnSubscribe(Subscription subscription) {}

        @Override
        protected void hookOnNext(Repository value) {
            one.complete(value);
        }
    }
}
