package dev.headrace.stream;

import static dev.headrace.stream.Repositories.ALL_ISSUES;
import static dev.headrace.stream.Repositories.START;
import static dev.headrace.stream.Repositories.all;
import static dev.headrace.stream.Repositories.lastState;
import static dev.headrace.stream.Repositories.notices;
import static dev.headrace.stream.Repositories.records;
import static dev.headrace.stream.Repositories.slice;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.auth.Auth;
import dev.headrace.auth.CredentialsException;
import dev.headrace.connector.Connector;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Secret;
import dev.headrace.json.Json;
import dev.headrace.resilience.CircuitBreakerPolicy;
import dev.headrace.resilience.CircuitOpenException;
import dev.headrace.resilience.RateLimitExceededException;
import dev.headrace.resilience.RateLimitPolicy;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.stream.Repositories.Issue;
import dev.headrace.test.FakeRepositories;
import dev.headrace.test.TestServer;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Slices that fail beside others that do not. Rows A49, A50. */
class SliceErrorsTest {

    private static final RecordStream<Issue> WHOLE = ALL_ISSUES.sliceErrorsAsNotices();

    private static final RecordStream<Issue> CHANGES = WHOLE.cursor(Cursor.datetime("/updated_at")
                    .startingAt(START)
                    .intoQuery("since")
                    .untilQuery("until"))
            .key("/repository", "/number");

    /** The second page of the second repository fails once, or the first. */
    private static Repositories failing(int page) {
        return new Repositories(FakeRepositories.of(3, 25)
                .failing(500)
                .when(request -> request.uri().contains("/r2/")
                        && new QueryStringDecoder(request.uri())
                                .parameters()
                                .getOrDefault("page", List.of("1"))
                                .equals(List.of(Integer.toString(page))))
                .once());
    }

    private static List<String> issues(List<Message<Issue>> messages) {
        return records(messages).stream()
                .map(issue -> issue.repository() + "#" + issue.number())
                .toList();
    }

    @Test
    void endsTheStreamUnlessTold() {
        try (Repositories repositories = failing(2)) {
            assertThatThrownBy(() -> repositories.read(ALL_ISSUES)).isInstanceOf(HttpStatusException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void goesOnWithOtherSlices(int concurrency) {
        try (Repositories repositories = failing(2)) {
            List<Message<Issue>> messages = repositories.read(WHOLE.concurrency(concurrency));

            assertThat(issues(messages)).hasSize(25 + 10 + 25).doesNotHaveDuplicates();
            assertThat(notices(messages)).containsExactly(Notice.Kind.SLICE_FAILED);
            Notice<Issue> notice = messages.stream()
                    .filter(Notice.class::isInstance)
                    .map(message -> (Notice<Issue>) message)
                    .findFirst()
                    .orElseThrow();
            assertThat(notice.slice()).isEqualTo(slice(2));
            assertThat(notice.failure()).get().isInstanceOf(HttpStatusException.class);
            assertThat(notice.text())
                    .contains("\"repo\":\"r2\"")
                    .contains("left to the next run")
                    .contains("500");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void readsOnlyWhatWasMissingOfAnIncrementalStreamNextTime(int page) {
        try (Repositories repositories = failing(page)) {
            List<Message<Issue>> first = repositories.read(CHANGES);
            assertThat(issues(first)).hasSize(50 + (page - 1) * 10);

            JsonNode state = Json.tree(lastState(first).toString());
            List<Message<Issue>> second = repositories.read(CHANGES, state);
            assertThat(issues(second)).hasSize(25 - (page - 1) * 10).allMatch(issue -> issue.startsWith("o/r2#"));
            assertThat(notices(second)).isEmpty();
            assertThat(issues(repositories.read(CHANGES, lastState(second)))).isEmpty();
        }
    }

    @Test
    void readsEverythingAnewAfterAWholeReadingInWhichASliceFailed() {
        try (Repositories repositories = failing(2)) {
            JsonNode state = lastState(repositories.read(WHOLE));
            List<Message<Issue>> second = repositories.read(WHOLE, state);

            // What is read whole is whole.
            assertThat(issues(second)).hasSize(25 + 25 + 25);
            assertThat(lastState(second).has("slices")).isFalse();
        }
    }

    @Test
    void readsOtherWindowsOfASliceThatFailed() {
        RecordStream<Issue> windows =
                CHANGES.windows(TimeWindows.of(ofHours(24))).clock(() -> START.plus(ofDays(3)));
        try (Repositories repositories = new Repositories(FakeRepositories.of(1, 4_000)
                .failing(500)
                .when(request -> request.uri().contains("since=2024-01-02")
                        && request.uri().contains("page=3"))
                .once())) {
            List<Message<Issue>> first = repositories.read(windows);
            assertThat(notices(first)).containsExactly(Notice.Kind.SLICE_FAILED);
            assertThat(issues(first)).hasSize(4_000 - 1_440 + 20).doesNotHaveDuplicates();

            List<Message<Issue>> second =
                    repositories.read(windows, Json.tree(lastState(first).toString()));
            assertThat(issues(second))
                    .hasSize(1_440 - 20)
                    .doesNotHaveDuplicates()
                    .doesNotContainAnyElementsOf(issues(first));
            assertThat(lastState(second).at("/slices/0").has("reading")).isFalse();
        }
    }

    @Test
    void leavesParentsWhereTheyWere() {
        RecordStream<Repositories.Repository> parent = Repositories.REPOSITORY_STREAM.cursor(
                Cursor.datetime("/updated_at").startingAt(START).intoQuery("since"));
        RecordStream<Issue> stream =
                CHANGES.parent(ParentStream.of(parent, Repositories::slice).incremental());
        try (Repositories repositories = failing(2)) {
            List<Message<Issue>> first = repositories.read(stream);
            assertThat(issues(first)).hasSize(60);

            List<Message<Issue>> second =
                    repositories.read(stream, Json.tree(lastState(first).toString()));
            assertThat(issues(second)).hasSize(15).allMatch(issue -> issue.startsWith("o/r2#"));
        }
    }

    @Test
    void keepsFailingWithoutLosingOthers() {
        try (Repositories repositories =
                new Repositories(FakeRepositories.of(3, 5).answering("o/r2", 404))) {
            List<Message<Issue>> messages = repositories.read(CHANGES);
            for (int run = 1; run < 4; run++) {
                repositories.api().touch("o", "r3", 2, START.plus(ofDays(run)));
                messages =
                        repositories.read(CHANGES, Json.tree(lastState(messages).toString()));
                assertThat(issues(messages)).containsExactly("o/r3#2");
                assertThat(notices(messages)).containsExactly(Notice.Kind.SLICE_FAILED);
            }
        }
    }

    @Test
    void endsTheStreamByWhatThisMachineCannotDo() {
        for (RuntimeException failure : List.of(
                new HeadraceException(FailureKind.LOCAL, "the disk is full", null),
                new IllegalStateException("a bug"))) {
            RecordStream<Issue> stream = WHOLE.request((request, context) -> {
                if (context.slice().text("repo").equals("r2")) {
                    throw failure;
                }
                return request;
            });
            try (Repositories repositories = Repositories.of(3, 5)) {
                assertThatThrownBy(() -> repositories.read(stream)).isSameAs(failure);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void endsTheStreamByARateLimitOfOurs(int concurrency) {
        // The parents and one slice; whoever is next would be a notice, and so would all others.
        RateLimitPolicy two = RateLimitPolicy.window(2, ofHours(1)).failFast();
        try (TestServer server = FakeRepositories.of(3, 5).start();
                Connector connector =
                        Connector.builder(server.url()).rateLimit(two).build()) {
            assertThatThrownBy(() -> all(WHOLE.concurrency(concurrency).read(connector)))
                    .isInstanceOf(RateLimitExceededException.class);
            assertThat(server.requests()).hasSizeLessThanOrEqualTo(2);
        }
    }

    @Test
    void endsTheStreamByACircuitBreakerOfOurs() {
        try (TestServer server =
                        FakeRepositories.of(3, 5).answering("o/r1", 500).start();
                Connector connector = Connector.builder(server.url())
                        .retry(RetryPolicy.never())
                        .circuitBreaker(CircuitBreakerPolicy.consecutiveFailures(1, ofHours(1)))
                        .build()) {
            List<Message<Issue>> messages = new ArrayList<>();

            assertThatThrownBy(() -> all(WHOLE.read(connector).doOnNext(messages::add)))
                    .isInstanceOf(CircuitOpenException.class);
            // The first was the slice's own.
            assertThat(notices(messages)).containsExactly(Notice.Kind.SLICE_FAILED);
        }
    }

    @Test
    void endsTheStreamForWantOfCredentials() {
        AtomicInteger asked = new AtomicInteger();
        Mono<Secret> tokens = Mono.fromSupplier(() -> asked.incrementAndGet() == 1 ? Secret.of("first") : null);
        try (TestServer server = FakeRepositories.of(3, 5).start();
                Connector connector = Connector.builder(server.url())
                        .auth(Auth.bearer(tokens))
                        .build()) {
            assertThatThrownBy(() -> all(WHOLE.read(connector))).isInstanceOf(CredentialsException.class);
        }
    }

    @Test
    void doesNotHideThatTheParentFails() {
        try (Repositories repositories = new Repositories(FakeRepositories.of(3, 5)
                .failing(500)
                .when(request -> request.uri().startsWith("/user"))
                .always())) {
            assertThatThrownBy(() -> repositories.read(WHOLE)).isInstanceOf(HttpStatusException.class);
        }
    }
}
