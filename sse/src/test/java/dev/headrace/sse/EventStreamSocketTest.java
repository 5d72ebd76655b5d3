package dev.headrace.sse;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.error.FailureKind;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Interceptor;
import dev.headrace.http.Request;
import dev.headrace.http.ResponseTimeoutException;
import dev.headrace.http.TransportException;
import dev.headrace.test.EventFeed;
import dev.headrace.test.LocalServer;
import dev.headrace.test.RawServer;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.Reply;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** Streams over real connections: what is on the wire, and what becomes of its faults. */
class EventStreamSocketTest {

    private static final Duration LIMIT = ofSeconds(30);
    private static final ReconnectPolicy QUICK =
            ReconnectPolicy.exponential(ofMillis(5)).maxDelay(ofMillis(20));
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

    @Test
    void readsEveryEventOnceOverConnectionsThatAreReset() {
        EventFeed feed = EventFeed.of(1_000).cutAfter(100);
        try (TestServer server = feed.start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).events().map(SseEvent::id))
                    .expectNextSequence(ids(1, 1_000))
                    .expectComplete()
                    .verify(LIMIT);

            // A reset may overtake what was sent before it, so a connection may have brought fewer than 100.
            assertThat(feed.lastEventIds()).startsWith("").endsWith("1000").hasSizeGreaterThan(9);
        }
    }

    @Test
    void goesOnExactlyWhereEachConnectionEnded() {
        EventFeed feed = EventFeed.of(500).hangUpAfter(100);
        try (TestServer server = feed.start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).events())
                    .expectNextCount(500)
                    .expectComplete()
                    .verify(LIMIT);

            assertThat(feed.lastEventIds()).containsExactly("", "100", "200", "300", "400", "500");
            assertThat(server.connectionsAccepted()).isEqualTo(6);
        }
    }

    @Test
    void asksTheFirstAddressAgainAfterARedirect() {
        try (RawServer server = RawServer.script(request -> request.path().equals("/moved")
                                ? Reply.bytes(HEAD + "id: 7\ndata: a\n\n").close()
                                : request.header("Last-Event-ID").isPresent()
                                        ? Reply.bytes("HTTP/1.1 204 Done\r\n\r\n")
                                        : Reply.bytes(
                                                "HTTP/1.1 302 Found\r\nLocation: /moved\r\nContent-Length: 0\r\n\r\n"))
                        .start();
                Connector connector = connector(server)) {
            StepVerifier.create(EventStream.from(connector, Request.get("/events"))
                            .reconnect(QUICK)
                            .events()
                            .map(SseEvent::data))
                    .expectNext("a")
                    .expectComplete()
                    .verify(LIMIT);

            assertThat(server.requests())
                    .extracting(request -> request.path() + " "
                            + request.header("Last-Event-ID").orElse("-"))
                    .containsExactly("/events -", "/moved -", "/events 7");
        }
    }

    @Test
    void readsEventsCutIntoSingleBytes() {
        EventFeed feed = EventFeed.of(50).fragments(1).comments().data(n -> "line one \u00e9\nline two \u4e2d " + n);
        try (TestServer server = feed.start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).completeOnCleanEnd().events().map(SseEvent::data))
                    .expectNextSequence(IntStream.rangeClosed(1, 50)
                            .mapToObj(n -> "line one \u00e9\nline two \u4e2d " + n)
                            .toList())
                    .expectComplete()
                    .verify(LIMIT);
        }
    }

    @Test
    void waitsAsLongAsTheServersRetryFieldSays() {
        EventFeed feed = EventFeed.of(2).hangUpAfter(1).retry(ofMillis(300));
        try (TestServer server = feed.start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).events())
                    .expectNextCount(2)
                    .expectComplete()
                    .verify(LIMIT);

            List<RecordedRequest> requests = server.requests();
            assertThat(Duration.between(
                            requests.get(0).arrivedAt(), requests.get(1).arrivedAt()))
                    .isGreaterThanOrEqualTo(ofMillis(300));
        }
    }

    @Test
    void comesBackAfterARefusalAndADroppedConnection() {
        EventFeed feed = EventFeed.of(3)
                .failing(503)
                .onRequest(1)
                .once()
                .dropping()
                .onRequest(2)
                .once();
        try (TestServer server = feed.start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).events())
                    .expectNextCount(3)
                    .expectComplete()
                    .verify(LIMIT);
        }
    }

    @Test
    void comesBackWhenTheServerIsRestarted() {
        EventFeed after = EventFeed.of(5);
        TestServer before = EventFeed.endless().silentAfter(3).start();
        List<TestServer> servers = new ArrayList<>(List.of(before));
        try (Connector connector = connector(before)) {
            StepVerifier.create(stream(connector).events().map(SseEvent::id))
                    .expectNextSequence(ids(1, 3))
                    .then(before::close)
                    .then(() -> servers.add(TestServer.builder()
                            .route("/**", after)
                            .port(before.port())
                            .start()))
                    .expectNextSequence(ids(4, 5))
                    .expectComplete()
                    .verify(LIMIT);

            assertThat(after.lastEventIds()).containsExactly("3", "5");
        } finally {
            servers.forEach(TestServer::close);
        }
    }

    @Test
    void endsAfterAnEmptyBodyAndA204() {
        EventFeed feed = EventFeed.of(0).failing(204).onRequest(2).always();
        try (TestServer server = feed.start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).events()).expectComplete().verify(LIMIT);

            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void dropsTheEventThatAResetCutInTwo() {
        String cut = HEAD + "id: 1\ndata: a\n\nid: 2\ndata: b\n";
        try (RawServer server = RawServer.replies(
                                Reply.bytes(cut).close(), Reply.bytes("HTTP/1.1 204 No Content\r\n\r\n"))
                        .start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).events())
                    .expectNext(new SseEvent("1", "message", "a"))
                    .expectComplete()
                    .verify(LIMIT);

            assertThat(server.requests().get(1).header("Last-Event-ID")).contains("1");
        }
    }

    @Test
    void takesAChunkedBodyWithoutItsEndForABreak() {
        String cut = HEAD.replace("\r\n\r\n", "\r\nTransfer-Encoding: chunked\r\n\r\n") + "9\r\ndata: a\n\n\r\n";
        try (RawServer server = RawServer.replies(Reply.bytes(cut).close()).start();
                Connector connector = connector(server)) {
            StepVerifier.create(
                            stream(connector).reconnect(ReconnectPolicy.never()).events())
                    .expectNextCount(1)
                    .expectError(TransportException.class)
                    .verify(LIMIT);
        }
    }

    @Test
    void emitsAnEventThatEndsWithCarriageReturnsAtOnce() {
        try (RawServer server = RawServer.script(request -> Reply.bytes(HEAD + "data: a\r\r")
                                .pause(ofSeconds(20))
                                .then("data: b\r\r"))
                        .start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).events())
                    .expectNext(new SseEvent("", "message", "a"))
                    .thenCancel()
                    .verify(ofSeconds(10));
        }
    }

    @Test
    void sendsIdsOutsideAsciiAsUtf8() {
        EventFeed feed = EventFeed.of(2)
                .hangUpAfter(1)
                .ids(n -> "\u2713 caf\u00e9 " + n, id -> Long.parseLong(id.substring(id.length() - 1)));
        try (TestServer server = feed.start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).events())
                    .expectNextCount(2)
                    .expectComplete()
                    .verify(LIMIT);

            assertThat(feed.lastEventIds()).containsExactly("", "\u2713 caf\u00e9 1", "\u2713 caf\u00e9 2");
        }
    }

    @Test
    void sendsWhatTheStandardSaysAndNoMore() {
        try (TestServer server = EventFeed.of(1).start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).completeOnCleanEnd().events())
                    .expectNextCount(1)
                    .expectComplete()
                    .verify(LIMIT);

            RecordedRequest request = server.requests().get(0);
            assertThat(request.method()).isEqualTo("GET");
            assertThat(request.headers("Accept")).containsExactly("text/event-stream");
            assertThat(request.headers("Cache-Control")).containsExactly("no-cache");
            assertThat(request.headers("Accept-Encoding")).containsExactly("identity");
            assertThat(request.header("Last-Event-ID")).isEmpty();
        }
    }

    @Test
    void closesTheConnectionOfAnAnswerThatIsNoEventStream() {
        try (TestServer server = EventFeed.endless().contentType("text/html").start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).events())
                    .expectErrorSatisfies(failure -> assertThat(failure)
                            .isInstanceOfSatisfying(UnexpectedContentTypeException.class, wrong -> {
                                assertThat(wrong.body()).startsWith("id: 1\n");
                                assertThat(wrong).hasMessageContaining("text/html");
                            }))
                    .verify(LIMIT);
            server.awaitNoOpenConnections(ofSeconds(5));
        }
    }

    @Test
    void keepsTheBodyOfARefusal() {
        try (TestServer server = Route.fixed(401, "text/plain", "token expired").start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).events())
                    .expectErrorSatisfies(failure -> assertThat(failure)
                            .isInstanceOfSatisfying(
                                    HttpStatusException.class,
                                    refusal -> assertThat(refusal.body()).isEqualTo("token expired")))
                    .verify(LIMIT);
            assertThat(server.requests()).hasSize(1);
            server.awaitNoOpenConnections(ofSeconds(5));
        }
    }

    @Test
    void closesTheConnectionAfterTheLastEvent() {
        try (TestServer server = EventFeed.endless().start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector)
                            .completeWhen(event -> event.id().equals("7"))
                            .requireCompletion()
                            .events())
                    .expectNextCount(7)
                    .expectComplete()
                    .verify(LIMIT);
            server.awaitNoOpenConnections(ofSeconds(5));
        }
    }

    @Test
    void takesSilenceForABreakAndGoesOn() {
        EventFeed feed = EventFeed.of(4).silentAfter(2);
        try (TestServer server = feed.start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector)
                            .idleTimeout(ofMillis(500))
                            .completeOnCleanEnd()
                            .events()
                            .map(SseEvent::id))
                    .expectNextSequence(ids(1, 4))
                    .expectComplete()
                    .verify(LIMIT);
            assertThat(feed.lastEventIds()).containsExactly("", "2");
        }
    }

    @Test
    void failsAtSilenceIfItDoesNotReconnect() {
        try (TestServer server = EventFeed.endless().silentAfter(2).start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector)
                            .reconnect(ReconnectPolicy.never())
                            .idleTimeout(ofMillis(500))
                            .events())
                    .expectNextCount(2)
                    .expectError(ResponseTimeoutException.class)
                    .verify(LIMIT);
            server.awaitNoOpenConnections(ofSeconds(5));
        }
    }

    @Test
    void takesCommentsForSignsOfLife() {
        EventFeed feed = EventFeed.endless().silentAfter(1).heartbeat(ofMillis(50));
        try (TestServer server = feed.start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).idleTimeout(ofSeconds(1)).events())
                    .expectNextCount(1)
                    .expectNoEvent(ofMillis(2500))
                    .thenCancel()
                    .verify(LIMIT);
            assertThat(server.connectionsAccepted()).isEqualTo(1);
        }
    }

    @Test
    void hasNoIdleTimeoutWhileTheConsumerDoesNotAsk() {
        try (TestServer server = EventFeed.endless().start();
                Connector connector = connector(server)) {
            StepVerifier.create(
                            stream(connector)
                                    .reconnect(ReconnectPolicy.never())
                                    .idleTimeout(ofSeconds(1))
                                    .events(),
                            1)
                    .expectNextCount(1)
                    .expectNoEvent(ofMillis(2500))
                    .thenRequest(1_000)
                    .expectNextCount(1_000)
                    .thenCancel()
                    .verify(LIMIT);
        }
    }

    @Test
    void endsWithAnErrorAndAtOnceWhenTheConnectorIsClosed() {
        try (TestServer server = EventFeed.endless().silentAfter(1).start()) {
            Connector connector = connector(server);
            StepVerifier.create(
                            EventStream.from(connector, Request.get("/events")).events())
                    .expectNextCount(1)
                    .then(connector::close)
                    .expectError(TransportException.class)
                    .verify(ofSeconds(10));
            server.awaitNoOpenConnections(ofSeconds(5));
        }
    }

    @Test
    void failsAtAHostThatIsUnknownFromTheBeginning() {
        try (Connector connector = withoutNameServer((request, next) -> next.exchange(request))) {
            StepVerifier.create(stream(connector).events())
                    .expectErrorSatisfies(failure -> assertThat(failure)
                            .isInstanceOfSatisfying(
                                    TransportException.class,
                                    unknown -> assertThat(unknown.kind()).isEqualTo(FailureKind.CONFIGURATION)))
                    .verify(LIMIT);
        }
    }

    @Test
    void takesAHostThatWasReachedBeforeForALostNetwork() {
        PlayedServer server = new PlayedServer(PlayedServer.events("id: 1\ndata: a\n\n"), PlayedServer.status(204));
        AtomicInteger requests = new AtomicInteger();
        Interceptor lostForTheSecondAndThird = (request, next) -> switch (requests.incrementAndGet()) {
            case 2, 3 -> next.exchange(request);
            default -> server.intercept(request, next);
        };
        try (Connector connector = withoutNameServer(lostForTheSecondAndThird)) {
            StepVerifier.create(stream(connector).events())
                    .expectNextCount(1)
                    .expectComplete()
                    .verify(LIMIT);
            assertThat(requests).hasValue(4);
        }
    }

    private static Connector withoutNameServer(Interceptor interceptor) {
        return Connector.builder("http://events.test")
                .transport(settings -> settings.customize(client -> client.resolver(new NoNameServer())))
                .interceptor(interceptor)
                .build();
    }

    @Test
    void runsTwoSubscriptionsWithoutRegardToEachOther() {
        EventFeed feed = EventFeed.of(40).hangUpAfter(10);
        try (TestServer server = feed.start();
                Connector connector = connector(server)) {
            Flux<SseEvent> events = stream(connector).events();

            StepVerifier.create(Flux.merge(events, events).map(SseEvent::id).collectList())
                    .assertNext(ids -> assertThat(ids)
                            .hasSize(80)
                            .allSatisfy(
                                    id -> assertThat(ids).filteredOn(id::equals).hasSize(2)))
                    .expectComplete()
                    .verify(LIMIT);
        }
    }

    private static Connector connector(LocalServer server) {
        return Connector.builder(server.url()).build();
    }

    private static EventStream stream(Connector connector) {
        return EventStream.from(connector, Request.get("/events")).reconnect(QUICK);
    }

    private static List<String> ids(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(Integer::toString).toList();
    }
}
