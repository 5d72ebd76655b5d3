package dev.headrace.connector;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.test.RawServer;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.Reply;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** Rows R32, R33, R68, L34, L35, L91: many requests, in order, with an outcome for each. */
class BatchTest {

    private static final Duration SOON = ofSeconds(10);

    @Test
    void givesResultsInTheOrderOfTheRequestsAndFailuresAsValues() {
        try (RawServer server = server();
                Connector connector = connector(server)) {
            List<Outcome<Request>> outcomes = connector
                    .batch(Flux.just(Request.get("/slow"), Request.get("/missing"), Request.get("/c")))
                    .collectList()
                    .blockOptional(SOON)
                    .orElseThrow();

            assertThat(outcomes).extracting(Outcome::index).containsExactly(0L, 1L, 2L);
            assertThat(outcomes).extracting(Outcome::isSuccess).containsExactly(true, false, true);
            assertThat(outcomes.get(0).fold(response -> response.text(), Throwable::getMessage))
                    .isEqualTo("/slow");
            assertThat(outcomes.get(1).input().template()).contains("/missing");
            assertThat(((Outcome.Failure<?>) outcomes.get(1)).failure())
                    .isInstanceOfSatisfying(
                            HttpStatusException.class,
                            e -> assertThat(e.status()).isEqualTo(404));
        }
    }

    @Test
    void isEmptyForNoRequests() {
        try (Connector connector = Connector.builder("http://127.0.0.1:1").build()) {
            StepVerifier.create(connector.batch(Flux.empty())).verifyComplete();
        }
    }

    @Test
    void sendsNothingBeforeDemandAndNoMoreAtOnceThanAllowed() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger taken = new AtomicInteger();
        try (RawServer server = server();
                Connector connector = Connector.builder(server.url())
                        .interceptor((request, next) -> next.exchange(request)
                                .doOnSubscribe(s -> most.accumulateAndGet(now.incrementAndGet(), Math::max))
                                .doFinally(s -> now.decrementAndGet()))
                        .build()) {
            Flux<Request> requests =
                    Flux.range(0, 40).map(i -> Request.get("/{i}", i)).doOnNext(request -> taken.incrementAndGet());

            StepVerifier.create(connector.batch(requests, BatchOptions.concurrency(3)), 0)
                    .expectSubscription()
                    .then(() -> assertThat(taken).hasValue(0))
                    .thenRequest(1)
                    .expectNextCount(1)
                    .then(() -> assertThat(taken.get()).isLessThanOrEqualTo(5))
                    .thenRequest(Long.MAX_VALUE)
                    .expectNextCount(39)
                    .verifyComplete();
            assertThat(most.get()).isBetween(1, 3);
        }
    }

    @Test
    void endsWithTheFirstFailureIfAskedTo() {
        try (RawServer server = server();
                Connector connector = connector(server)) {
            StepVerifier.create(connector.batch(
                            Flux.just(Request.get("/a"), Request.get("/missing"), Request.get("/never")),
                            BatchOptions.concurrency(1).failFast()))
                    .expectNextCount(1)
                    .verifyError(HttpStatusException.class);
            assertThat(server.requests()).extracting(RecordedRequest::path).containsExactly("/a", "/missing");
        }
    }

    @Test
    void sendsOneRequestForEachItem() {
        try (RawServer server = server();
                Connector connector = connector(server)) {
            SendSummary summary = connector
                    .send(Request.post("/items"), Flux.range(1, 12))
                    .collect(SendSummary.counting())
                    .blockOptional(SOON)
                    .orElseThrow();

            assertThat(summary).isEqualTo(new SendSummary(12, 0));
            assertThat(summary.isSuccess()).isTrue();
            assertThat(server.requests())
                    .extracting(RecordedRequest::body)
                    .containsExactlyInAnyOrder("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12");
            assertThat(server.requests())
                    .allSatisfy(request ->
                            assertThat(request.header("Content-Type")).contains("application/json"));
        }
    }

    @Test
    void retriesItemsByTheConnectorsPolicy() {
        AtomicInteger calls = new AtomicInteger();
        try (RawServer server = RawServer.script(request -> calls.incrementAndGet() == 1
                                ? Reply.bytes("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")
                                : Reply.ok("{}"))
                        .start();
                Connector connector = Connector.builder(server.url())
                        .retry(RetryPolicy.exponential(ofMillis(1)).retryAllMethods())
                        .build()) {
            SendSummary summary = connector
                    .send(Request.post("/items"), Flux.just("a"))
                    .collect(SendSummary.counting())
                    .blockOptional(SOON)
                    .orElseThrow();

            assertThat(summary).isEqualTo(new SendSummary(1, 0));
            assertThat(calls).hasValue(2);
        }
    }

    @Test
    void sendsSeveralItemsTogetherAsAnArray() {
        try (RawServer server = server();
                Connector connector = connector(server)) {
            List<Outcome<List<Integer>>> outcomes = connector
                    .sendTogether(
                            Request.post("/items"),
                            Flux.range(1, 5),
                            BatchOptions.concurrency(1).itemsPerRequest(2))
                    .collectList()
                    .blockOptional(SOON)
                    .orElseThrow();

            assertThat(outcomes).extracting(Outcome::input).containsExactly(List.of(1, 2), List.of(3, 4), List.of(5));
            assertThat(server.requests()).extracting(RecordedRequest::body).containsExactly("[1,2]", "[3,4]", "[5]");
        }
    }

    @Test
    void sendsOneItemAndReadsTheAnswer() {
        try (RawServer server =
                        RawServer.script(request -> Reply.ok("{\"id\":7}")).start();
                Connector connector = connector(server)) {
            JsonNode answer = connector
                    .send(Request.post("/items"), List.of("a"), JsonNode.class)
                    .blockOptional(SOON)
                    .orElseThrow();

            assertThat(answer.path("id").asInt()).isEqualTo(7);
            assertThat(server.requests()).extracting(RecordedRequest::body).containsExactly("[\"a\"]");
        }
    }

    @Test
    void countsNothingAsNoSuccess() {
        assertThat(Flux.<Outcome<?>>empty()
                        .collect(SendSummary.counting())
                        .blockOptional(SOON)
                        .orElseThrow()
                        .isSuccess())
                .isFalse();
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatIllegalArgumentException().isThrownBy(() -> BatchOptions.concurrency(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BatchOptions.concurrency(1).itemsPerRequest(0));
        try (Connector connector = Connector.builder("http://127.0.0.1:1").build()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> connector.send(
                            Request.post("/"),
                            Flux.just(1),
                            BatchOptions.concurrency(1).itemsPerRequest(2)));
        }
    }

    /** As a call alone: a break within a document is a failed attempt like any other. */
    @Test
    void retriesABodyThatIsCutShort() {
        try (RawServer server = RawServer.replies(
                                Reply.bytes("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut")
                                        .close(),
                                Reply.ok("whole"))
                        .start();
                Connector connector = Connector.builder(server.url())
                        .retry(RetryPolicy.fixed(ofMillis(1)))
                        .build()) {
            assertThat(connector
                            .batch(Flux.just(Request.get("/")))
                            .map(Outcome::isSuccess)
                            .blockLast(SOON))
                    .isTrue();
        }
    }

    /** What has been sent is known by its outcome; then comes the failure of the source. */
    @Test
    void saysWhatBecameOfTheRequestsBeforeASourceThatFails() {
        try (RawServer server = server();
                Connector connector = connector(server)) {
            Flux<Request> failing = Flux.concat(
                    Flux.just(Request.get("/slow"), Request.get("/a")),
                    Flux.error(new IllegalStateException("source")));

            StepVerifier.create(connector.batch(failing).map(Outcome::isSuccess))
                    .expectNext(true, true)
                    .verifyErrorMessage("source");
        }
    }

    private static RawServer server() {
        return RawServer.script(request -> switch (request.path()) {
                    case "/missing" -> Reply.bytes("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n");
                    case "/slow" -> Reply.nothing().pause(ofMillis(100)).thenOk(request.path());
                    default -> Reply.ok(request.path());
                })
                .start();
    }

    private static Connector connector(RawServer server) {
        return Connector.builder(server.url()).build();
    }
}
