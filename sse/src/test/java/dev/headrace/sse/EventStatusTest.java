package dev.headrace.sse;

import static dev.headrace.sse.SocketStreams.HEAD;
import static dev.headrace.sse.SocketStreams.LIMIT;
import static dev.headrace.sse.SocketStreams.QUICK;
import static dev.headrace.sse.SocketStreams.STOP;
import static dev.headrace.sse.SocketStreams.connector;
import static dev.headrace.sse.SocketStreams.stream;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.auth.OAuth2;
import dev.headrace.connector.Connector;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.RedirectException;
import dev.headrace.http.Request;
import dev.headrace.http.Secret;
import dev.headrace.sse.EventSignal.Disconnected;
import dev.headrace.sse.EventSignal.Reason;
import dev.headrace.test.EventFeed;
import dev.headrace.test.FakeTokenEndpoint;
import dev.headrace.test.LocalServer;
import dev.headrace.test.RawServer;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.Reply;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;

/** What becomes of a stream at each status, redirect and refusal (WHATWG HTML §9.2.3). */
class EventStatusTest {

    @Test
    void completesAtA204WithoutAskingAgain() { // L50
        try (RawServer server = RawServer.replies(Reply.bytes(STOP)).start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).events()).expectComplete().verify(LIMIT);

            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void failsAtAnyOtherStatusThatWillNotPassAndKeepsItsBody() { // L50
        List<Integer> statuses = List.of(201, 202, 203, 205, 206, 226, 300, 304, 400, 401, 403, 404, 410, 422, 451);
        try (RawServer server = RawServer.script(request -> Reply.bytes(
                                refusal(Integer.parseInt(request.path().substring(1)), "X-Why: because\r\n", "why")))
                        .start();
                Connector connector = connector(server)) {
            for (int status : statuses) {
                StepVerifier.create(EventStream.from(connector, Request.get("/" + status))
                                .reconnect(QUICK)
                                .events())
                        .expectErrorSatisfies(failure -> assertThat(failure)
                                .isInstanceOfSatisfying(HttpStatusException.class, refusal -> {
                                    assertThat(refusal.status()).isEqualTo(status);
                                    assertThat(refusal.headers().first("X-Why")).contains("because");
                                    // Neither of the two has a body (RFC 9110 §15.3.6, §15.4.5).
                                    assertThat(refusal.body()).isEqualTo(status == 205 || status == 304 ? "" : "why");
                                }))
                        .verify(LIMIT);
            }
            assertThat(server.requests()).hasSameSizeAs(statuses);
        }
    }

    @Test
    void comesBackAfterEveryStatusThatMayPass() { // L50
        List<Integer> statuses = List.of(408, 425, 429, 500, 502, 503, 504);
        AtomicInteger requests = new AtomicInteger();
        EventCounters counters = EventCounters.create();
        try (RawServer server = RawServer.script(request -> {
                            int number = requests.getAndIncrement();
                            return number < statuses.size()
                                    ? Reply.bytes(refusal(statuses.get(number), "", "busy"))
                                    : Reply.bytes(
                                                    request.header("Last-Event-ID")
                                                                    .isPresent()
                                                            ? STOP
                                                            : HEAD + "id: 1\ndata: a\n\n")
                                            .close();
                        })
                        .start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).counters(counters).events())
                    .expectNext(new SseEvent("1", "message", "a"))
                    .expectComplete()
                    .verify(LIMIT);

            assertThat(counters.snapshot().reconnects()).isEqualTo(Map.of(Reason.REFUSED, 7L, Reason.CLEAN_END, 1L));
        }
    }

    @Test
    void waitsAsManySecondsAsRetryAfterSays() { // L50
        assertThat(waitAfter("120")).isBetween(ofSeconds(120), ofSeconds(121));
    }

    @Test
    void waitsUntilTheDateOfRetryAfter() { // L50
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Instant.now().plusSeconds(120).atOffset(ZoneOffset.UTC));

        assertThat(waitAfter(date)).isBetween(ofSeconds(60), ofSeconds(121));
    }

    /** The wait is announced before it begins, so nobody has to wait for it. */
    private static Duration waitAfter(String retryAfter) {
        try (RawServer server = RawServer.replies(Reply.bytes(refusal(503, "Retry-After: " + retryAfter + "\r\n", "")))
                        .start();
                Connector connector = connector(server)) {
            EventSignal signal = stream(connector).signals().blockFirst(LIMIT);

            assertThat(signal).isInstanceOfSatisfying(Disconnected.class, disconnected -> {
                assertThat(disconnected.reason()).isEqualTo(Reason.REFUSED);
                assertThat(disconnected.failure()).isInstanceOf(HttpStatusException.class);
            });
            return ((Disconnected) Objects.requireNonNull(signal)).nextDelay();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void followsARedirectAndAsksTheFirstAddressAgain(int status) { // L50
        try (RawServer server = RawServer.script(request -> request.path().equals("/moved")
                                ? Reply.bytes(HEAD + "id: 7\ndata: a\n\n").close()
                                : Reply.bytes(
                                        request.header("Last-Event-ID").isPresent()
                                                ? STOP
                                                : refusal(status, "Location: /moved\r\n", "gone there")))
                        .start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).events().map(SseEvent::data))
                    .expectNext("a")
                    .expectComplete()
                    .verify(LIMIT);

            assertThat(server.requests())
                    .extracting(request -> request.path() + " "
                            + request.header("Last-Event-ID").orElse("-"))
                    .containsExactly("/events -", "/moved -", "/events 7");
            assertThat(server.requests().get(1).headers("Accept")).containsExactly("text/event-stream");
        }
    }

    @Test
    void sendsTheIdToWhereARedirectLeads() { // L47
        EventFeed feed = EventFeed.of(9);
        try (TestServer target = feed.start();
                RawServer server = RawServer.replies(
                                Reply.bytes(refusal(307, "Location: " + target.url() + "/events\r\n", "")))
                        .start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).lastEventId("8").events().take(1))
                    .expectNextCount(1)
                    .expectComplete()
                    .verify(LIMIT);

            assertThat(feed.lastEventIds()).containsExactly("8");
        }
    }

    @Test
    void failsAtRedirectsThatLeadInACircle() { // L50
        assertRefused(301, "Location: /events\r\n", 1);
    }

    @Test
    void failsAtRedirectsThatHaveNoEnd() { // L50
        AtomicInteger requests = new AtomicInteger();
        try (RawServer server = RawServer.script(request ->
                                Reply.bytes(refusal(307, "Location: /" + requests.incrementAndGet() + "\r\n", "")))
                        .start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).events())
                    .expectError(RedirectException.class)
                    .verify(LIMIT);

            assertThat(server.requests()).hasSizeBetween(2, 50);
        }
    }

    @Test
    void failsAtARedirectWithAnEmptyLocation() { // L50
        assertRefused(302, "Location: \r\n", 1);
    }

    private static void assertRefused(int status, String location, int requests) {
        try (RawServer server = RawServer.replies(Reply.bytes(refusal(status, location, "")))
                        .start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).events())
                    .expectErrorSatisfies(failure -> assertThat(failure)
                            .isInstanceOfSatisfying(
                                    RedirectException.class,
                                    refused -> assertThat(refused.status()).isEqualTo(status)))
                    .verify(LIMIT);
            assertThat(server.requests()).hasSize(requests);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void failsAtARedirectWithoutLocation(int status) { // L50
        try (RawServer server = RawServer.replies(Reply.bytes(refusal(status, "", "where?")))
                        .start();
                Connector connector = connector(server)) {
            assertStatus(stream(connector), status, "where?");
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void failsAtA401WithoutCredentialsThatCanBeRenewed() { // L50
        try (TestServer server = Route.fixed(401, "text/plain", "token expired").start();
                Connector connector = connector(server)) {
            assertStatus(stream(connector), 401, "token expired");
            assertThat(server.requests()).hasSize(1);
            server.awaitNoOpenConnections(ofSeconds(5));
        }
    }

    @Test
    void goesOnWithARenewedTokenWhenTheOldOneIsRefused() { // L50
        FakeTokenEndpoint tokens = FakeTokenEndpoint.issuing().client("id", "s3cret");
        EventFeed feed = EventFeed.of(2).hangUpAfter(1);
        try (TestServer server = TestServer.builder()
                        .route("/token", tokens)
                        .route("/events", tokens.guarding(feed))
                        .start();
                Connector connector = authorized(server)) {
            StepVerifier.create(stream(connector).events().map(SseEvent::id).doOnNext(id -> {
                        if (id.equals("1")) {
                            tokens.revoke();
                        }
                    }))
                    .expectNext("1", "2")
                    .expectComplete()
                    .verify(LIMIT);

            assertThat(authorizations(server)).containsExactly("Bearer a1", "Bearer a1", "Bearer a2", "Bearer a2");
            assertThat(feed.lastEventIds()).containsExactly("", "1", "2");
            assertThat(tokens.requests()).isEqualTo(2);
        }
    }

    @Test
    void failsWhenTheRenewedTokenIsRefusedToo() { // L50
        FakeTokenEndpoint tokens = FakeTokenEndpoint.issuing().client("id", "s3cret");
        try (TestServer server = TestServer.builder()
                        .route("/token", tokens)
                        .route("/events", Route.fixed(401, "text/plain", "never"))
                        .start();
                Connector connector = authorized(server)) {
            assertStatus(stream(connector), 401, "never");

            assertThat(authorizations(server)).containsExactly("Bearer a1", "Bearer a2");
        }
    }

    private static Connector authorized(TestServer server) {
        return Connector.builder(server.url())
                .auth(OAuth2.clientCredentials(server.url() + "/token", "id", Secret.of("s3cret")))
                .build();
    }

    private static List<String> authorizations(LocalServer server) {
        return server.requests().stream()
                .filter(request -> request.path().equals("/events"))
                .map((RecordedRequest request) ->
                        request.header("Authorization").orElse("-"))
                .toList();
    }

    private static void assertStatus(EventStream stream, int status, String body) {
        StepVerifier.create(stream.events())
                .expectErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOfSatisfying(HttpStatusException.class, refusal -> {
                            assertThat(refusal.status()).isEqualTo(status);
                            assertThat(refusal.body()).isEqualTo(body);
                        }))
                .verify(LIMIT);
    }

    private static String refusal(int status, String headers, String body) {
        boolean bodiless = status == 205 || status == 304;
        return "HTTP/1.1 " + status + " Answer\r\n" + headers + "Content-Length: " + (bodiless ? 0 : body.length())
                + "\r\n\r\n" + (bodiless ? "" : body);
    }
}
