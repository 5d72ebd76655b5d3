package dev.headrace.examples;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.http.Secret;
import dev.headrace.json.Json;
import dev.headrace.pagination.Pagination;
import dev.headrace.pagination.Placement;
import dev.headrace.spec.Spec;
import dev.headrace.stream.Checkpoint;
import dev.headrace.stream.Cursor;
import dev.headrace.stream.Message;
import dev.headrace.stream.ParentStream;
import dev.headrace.stream.RecordStream;
import dev.headrace.stream.Slice;
import dev.headrace.stream.Source;
import dev.headrace.stream.StreamRecord;
import dev.headrace.stream.StreamSelection;
import dev.headrace.stream.TimeFormat;
import dev.headrace.stream.TimeWindows;
import dev.headrace.test.EventFeed;
import dev.headrace.test.FakeEventStreams;
import dev.headrace.test.FakeRepositories;
import dev.headrace.test.FakeStripe;
import dev.headrace.test.TestServer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/** The specs beside the examples are right, read what they say from servers that play these APIs, and say the same as Java does. */
class SpecsTest {

    private static final Path SPECS = Path.of(System.getProperty("basedir", System.getProperty("user.dir")))
            .resolve("specs");

    private static Source source(String spec) {
        return Spec.load(SPECS.resolve(spec))
                .secrets(name -> Secret.of("secret"))
                .source();
    }

    private static JsonNode config(TestServer server) {
        return Json.toTree(Map.of("base_url", server.url()));
    }

    private static List<Message<JsonNode>> all(Flux<Message<JsonNode>> messages) {
        return Objects.requireNonNull(messages.collectList().block(ofSeconds(20)));
    }

    private static List<Message<JsonNode>> read(
            Source source, TestServer server, @Nullable JsonNode state, String... streams) {
        return all(source.read(
                config(server),
                state,
                Arrays.stream(streams).map(StreamSelection::of).toList()));
    }

    private static List<JsonNode> records(List<Message<JsonNode>> messages) {
        return messages.stream()
                .filter(StreamRecord.class::isInstance)
                .map(message -> ((StreamRecord<JsonNode>) message).data())
                .toList();
    }

    private static JsonNode state(List<Message<JsonNode>> messages) {
        return messages.get(messages.size() - 1).position().orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"github-issues.yaml", "stripe-charges.yaml", "wikimedia-changes.yaml"})
    void areRight(String spec) {
        assertThat(Spec.check(SPECS.resolve(spec))).isEmpty();
    }

    @Test
    void issuesOfEachRepositoryAsFarAsTheyHaveChanged() {
        FakeRepositories api = FakeRepositories.of(5, 130);
        try (TestServer server = api.start()) {
            Source github = source("github-issues.yaml");
            List<Message<JsonNode>> first = read(github, server, null);
            assertThat(records(first)).hasSize(5 + 5 * 130);

            api.touch("o", "r4", 77, Instant.parse("2025-06-01T00:00:00Z"));
            List<Message<JsonNode>> second = read(github, server, state(first), "issues");
            assertThat(records(second))
                    .extracting(issue -> issue.path("number").intValue())
                    .containsExactly(77);
        }
    }

    @Test
    void theSpecOfGitHubAndTheSameInJavaGiveEqualMessages() {
        try (TestServer server = FakeRepositories.of(3, 130).start()) {
            RecordStream<JsonNode> repositories = RecordStream.of(
                            "repositories",
                            Endpoint.get("/user/repos").query("per_page", 100).paginate(Pagination.linkHeader()))
                    .key("/full_name");
            RecordStream<JsonNode> issues = RecordStream.of(
                            "issues",
                            Endpoint.get("/repos/{owner}/{repo}/issues")
                                    .query("state", "all")
                                    .query("sort", "updated")
                                    .query("direction", "asc")
                                    .query("per_page", 100)
                                    .paginate(Pagination.linkHeader()))
                    .key("/id")
                    .parent(ParentStream.of(
                            repositories,
                            repo -> Slice.of("owner", repo.at("/owner/login")).with("repo", repo.at("/name"))))
                    .cursor(Cursor.datetime("/updated_at")
                            .startingAt(Instant.parse("2020-01-01T00:00:00Z"))
                            .lookback(ofMinutes(1))
                            .intoQuery("since"));
            Source inJava = Source.builder("github")
                    .connector(config -> Connector.builder(server.url()).build())
                    .stream(repositories)
                    .stream(issues)
                    .build();

            // One slice after the other, or the order would be chance.
            List<Message<JsonNode>> yaml = all(sequential(source("github-issues.yaml"), server));

            assertThat(yaml).hasSizeGreaterThan(3 + 3 * 130);
            assertThat(described(yaml))
                    .containsExactlyInAnyOrderElementsOf(described(all(inJava.read(config(server), null))));
            // Slices are in the order in which they ended, which is chance where they are read side by side.
            assertThat(slices(state(yaml)))
                    .hasSize(3)
                    .containsExactlyInAnyOrderElementsOf(slices(state(all(inJava.read(config(server), null)))));
        }
    }

    private static List<JsonNode> slices(JsonNode state) {
        return state.at("/streams/issues/slices").valueStream().toList();
    }

    private static Flux<Message<JsonNode>> sequential(Source source, TestServer server) {
        return source.read(config(server), null);
    }

    /** Records as they are; of checkpoints, whose states depend on the order of slices, that they are. */
    private static List<String> described(List<Message<JsonNode>> messages) {
        return messages.stream()
                .map(message -> message.fold(
                        record -> record.stream() + record.slice() + record.data(),
                        checkpoint -> checkpoint.stream() + " checkpoint",
                        notice -> notice.toString()))
                .toList();
    }

    private static List<String> charges(int months) {
        return IntStream.range(0, months * 3)
                .mapToObj(n -> "{\"id\":\"ch_%03d\",\"created\":%d}"
                        .formatted(
                                n,
                                Instant.parse("2020-01-05T00:00:00Z")
                                        .plus(n * 10L, ChronoUnit.DAYS)
                                        .getEpochSecond()))
                .toList();
    }

    @Test
    void chargesMonthByMonthAsTheSameInJava() {
        try (TestServer server = FakeStripe.list("/v1/charges", charges(12)).start()) {
            RecordStream<JsonNode> charges = RecordStream.of(
                            "charges",
                            Endpoint.get("/v1/charges")
                                    .at("/data")
                                    .paginate(Pagination.lastItem("/id", Placement.query("starting_after"))
                                            .whileTrue("/has_more")
                                            .pageSize("limit", 100)))
                    .key("/id")
                    .cursor(Cursor.datetime("/created")
                            .format(TimeFormat.epochSeconds())
                            .startingAt(Instant.parse("2020-01-01T00:00:00Z"))
                            .intoQuery("created[gte]")
                            .untilQuery("created[lt]"))
                    .windows(TimeWindows.of(Period.ofMonths(1)).clampTo(ChronoUnit.MONTHS))
                    .concurrency(4);

            List<JsonNode> yaml = records(read(source("stripe-charges.yaml"), server, null, "charges"));

            assertThat(yaml).hasSize(36);
            try (Connector connector = Connector.builder(server.url()).build()) {
                assertThat(yaml)
                        .containsExactlyInAnyOrderElementsOf(Objects.requireNonNull(
                                charges.records(connector).collectList().block(ofSeconds(20))));
            }
        }
    }

    @Test
    void changesOfWikisGoOnWhereTheLastRunStopped() {
        EventFeed feed = FakeEventStreams.recentChanges(1_000).canaryEvery(6).feed();
        try (TestServer server =
                TestServer.builder().route("/v2/stream/recentchange", feed).start()) {
            Source wikimedia = source("wikimedia-changes.yaml");
            // A record, and the checkpoint behind it.
            List<Message<JsonNode>> first = all(wikimedia
                    .read(config(server), null)
                    .skipUntil(StreamRecord.class::isInstance)
                    .takeUntil(message -> message instanceof Checkpoint));
            List<Message<JsonNode>> second = all(wikimedia
                    .read(config(server), state(first))
                    .filter(StreamRecord.class::isInstance)
                    .take(5));

            assertThat(records(first)).hasSize(1);
            assertThat(records(first))
                    .noneMatch(change -> change.at("/meta/domain").asString("").equals("canary"));
            assertThat(server.requests().get(1).header("Last-Event-ID")).isPresent();
            assertThat(records(second)).hasSize(5).doesNotContainAnyElementsOf(records(first));
        }
    }
}
