package dev.headrace.sse;

import static dev.headrace.sse.SocketStreams.HEAD;
import static dev.headrace.sse.SocketStreams.LIMIT;
import static dev.headrace.sse.SocketStreams.QUICK;
import static dev.headrace.sse.SocketStreams.STOP;
import static dev.headrace.sse.SocketStreams.connector;
import static dev.headrace.sse.SocketStreams.ids;
import static dev.headrace.sse.SocketStreams.stream;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.error.FailureKind;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Interceptor;
import dev.headrace.http.Request;
import dev.headrace.http.TransportException;
import dev.headrace.sse.EventSignal.Disconnected;
import dev.headrace.sse.EventSignal.Reason;
import dev.headrace.test.EventFeed;
import dev.headrace.test.RawServer;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.Reply;
import dev.headrace.test.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** Real connections that end: when there is another, and from where it goes on. */
class EventReconnectionTest {

    @Test
    void readsEveryEventOnceOverConnectionsThatAreReset() { // L42, L47
        EventFeed feed = EventFeed.of(300).cutAfter(30);
        try (TestServer server = feed.start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).events().map(SseEvent::id))
                    .expectNextSequence(ids(1, 300))
                    .expectComplete()
                    .verify(LIMIT);

            // A reset may overtake what was sent before it, so a connection may have brought fewer than 30.
            assertThat(feed.lastEventIds()).startsWith("").endsWith("300").hasSizeGreaterThan(9);
        }
    }

    @Test
    void goesOnExactlyWhereEachConnectionEnded() { // L47, L50
        EventFeed feed = EventFeed.of(500).batch(20).hangUpAfter(100);
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
    void endsWithTheFirstConnectionIfToldSo() { // L42
        EventFeed feed = EventFeed.of(10).hangUpAfter(4);
        try (TestServer server = feed.start();
                Connector connector = connector(server)) {
            StepVerifier.create(
                            stream(connector).reconnect(ReconnectPolicy.never()).events())
                    .expectNextCount(4)
                    .expectComplete()
                    .verify(LIMIT);

            assertThat(feed.lastEventIds()).containsExactly("");
        }
    }

    @Test
    void countsTheMostEventsOverAllConnections() { // L16, L41
        EventFeed feed = EventFeed.endless().hangUpAfter(2);
        try (TestServer server = feed.start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).events().take(5).map(SseEvent::id))
                    .expectNextSequence(ids(1, 5))
                    .expectComplete()
                    .verify(LIMIT);

            assertThat(feed.lastEventIds()).containsExactly("", "2", "4");
            server.awaitNoOpenConnections(ofSeconds(5));
        }
    }

    @Test
    void waitsAsLongAsTheServersRetryFieldSays() { // L43
        EventFeed feed = EventFeed.of(2).hangUpAfter(1).retry(ofMillis(150));
        try (TestServer server = feed.start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).events())
                    .expectNextCount(2)
                    .expectComplete()
                    .verify(LIMIT);

            List<RecordedRequest> requests = server.requests();
            assertThat(Duration.between(
                            requests.get(0).arrivedAt(), requests.get(1).arrivedAt()))
                    .isGreaterThanOrEqualTo(ofMillis(150));
        }
    }

    @Test
    void waitsLongerEachTimeUpToTheLimit() { // L43
        int port = unusedPort();
        try (Connector connector = Connector.builder("http://127.0.0.1:" + port).build()) {
            List<Disconnected> breaks = stream(connector)
                    .reconnect(QUICK.jitter(0))
                    .signals()
                    .cast(Disconnected.class)
                    .take(5)
                    .collectList()
                    .block(LIMIT);

            assertThat(breaks)
                    .extracting(Disconnected::nextDelay)
                    .containsExactly(ofMillis(5), ofMillis(10), ofMillis(20), ofMillis(20), ofMillis(20));
            assertThat(breaks).extracting(Disconnected::reason).containsOnly(Reason.UNREACHABLE);
        }
    }

    @Test
    void growsTheWaitUntilAConnectionHasBeenUpForSomeTime() { // L44
        assertThat(waitsOf(QUICK.jitter(0))).containsExactly(ofMillis(5), ofMillis(10), ofMillis(20));
        assertThat(waitsOf(QUICK.jitter(0).resetAfter(Duration.ZERO)))
                .containsExactly(ofMillis(5), ofMillis(5), ofMillis(5));
    }

    private static List<Duration> waitsOf(ReconnectPolicy policy) {
        try (TestServer server = EventFeed.endless().hangUpAfter(1).start();
                Connector connector = connector(server)) {
            return Objects.requireNonNull(stream(connector)
                    .reconnect(policy)
                    .signals()
                    .ofType(Disconnected.class)
                    .take(3)
                    .map(Disconnected::nextDelay)
                    .collectList()
                    .block(LIMIT));
        }
    }

    @Test
    void endsWithTheLastFailureWhenReconnectionsAreUsedUp() { // L44, L50
        EventFeed feed = EventFeed.of(10)
                .hangUpAfter(1)
                .failing(502)
                .onRequest(2)
                .once()
                .failing(503)
                .onRequest(3)
                .always();
        try (TestServer server = feed.start();
                Connector connector = connector(server)) {
            StepVerifier.create(
                            stream(connector).reconnect(QUICK.maxReconnects(2)).events())
                    .expectNextCount(1)
                    .expectErrorSatisfies(failure -> assertThat(failure)
                            .isInstanceOfSatisfying(
                                    HttpStatusException.class,
                                    refusal -> assertThat(refusal.status()).isEqualTo(503)))
                    .verify(LIMIT);

            assertThat(server.requests()).hasSize(3);
        }
    }

    @Test
    void endsWithTheRefusalOfConnectionsWhenNobodyEverListens() { // L44, L50
        EventCounters counters = EventCounters.create();
        try (Connector connector =
                Connector.builder("http://127.0.0.1:" + unusedPort()).build()) {
            StepVerifier.create(stream(connector)
                            .reconnect(QUICK.maxReconnects(3))
                            .counters(counters)
                            .events())
                    .expectErrorSatisfies(failure -> assertThat(failure)
                            .isInstanceOfSatisfying(
                                    TransportException.class,
                                    refused -> assertThat(refused.kind()).isEqualTo(FailureKind.TRANSIENT)))
                    .verify(LIMIT);

            assertThat(counters.snapshot().reconnects()).isEqualTo(Map.of(Reason.UNREACHABLE, 3L));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void comesBackWhenTheServerIsGoneBeforeItsFirstByte(boolean reset) {
        Reply gone = reset ? Reply.nothing().reset() : Reply.nothing().close();
        try (RawServer server = RawServer.replies(
                                gone, gone, Reply.bytes(HEAD + "data: a\n\n").close(), Reply.bytes(STOP))
                        .start();
                Connector connector = connector(server)) {
            EventCounters counters = EventCounters.create();
            StepVerifier.create(stream(connector).counters(counters).events())
                    .expectNextCount(1)
                    .expectComplete()
                    .verify(LIMIT);

            assertThat(server.requests()).hasSize(4);
            assertThat(counters.snapshot().reconnects())
                    .isEqualTo(Map.of(Reason.UNREACHABLE, 2L, Reason.CLEAN_END, 1L));
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
    void goesOnAfterABlockThatHasOnlyAnIdAndKeepsItOverEventsWithoutOne() { // L47, L48
        try (RawServer server = RawServer.replies(
                                Reply.bytes(HEAD + "id: 1\ndata: a\n\nid: cursor\n\nid: half\nda")
                                        .close(),
                                Reply.bytes(HEAD + "data: b\n\n").close(),
                                Reply.bytes(STOP))
                        .start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).events())
                    .expectNext(new SseEvent("1", "message", "a"), new SseEvent("cursor", "message", "b"))
                    .expectComplete()
                    .verify(LIMIT);

            assertThat(server.requests())
                    .extracting(request -> request.header("Last-Event-ID").orElse(""))
                    .containsExactly("", "cursor", "cursor");
        }
    }

    @Test
    void leavesOutWhatComesAgainAfterAResume() {
        EventFeed feed = EventFeed.of(20).hangUpAfter(5).overlap(2);
        EventCounters counters = EventCounters.create();
        try (TestServer server = feed.start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector)
                            .deduplicate(10)
                            .counters(counters)
                            .events()
                            .map(SseEvent::id))
                    .expectNextSequence(ids(1, 20))
                    .expectComplete()
                    .verify(LIMIT);

            // 5, then 3 new ones on each connection.
            assertThat(feed.lastEventIds()).containsExactly("", "5", "8", "11", "14", "17", "20");
            assertThat(counters.snapshot().duplicates()).isEqualTo(10);
        }
    }

    @Test
    void makesAnotherConnectionWhenAskedTo() {
        EventFeed feed = EventFeed.endless().silentAfter(2);
        Sinks.Many<String> wishes = Sinks.many().multicast().directBestEffort();
        try (TestServer server = feed.start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector)
                            .reconnectOn(wishes.asFlux())
                            .events()
                            .map(SseEvent::id))
                    .expectNext("1", "2")
                    .then(() -> wishes.tryEmitNext("again"))
                    .expectNext("3", "4")
                    .then(() -> wishes.tryEmitNext("again"))
                    .expectNext("5", "6")
                    .thenCancel()
                    .verify(LIMIT);

            assertThat(feed.lastEventIds()).containsExactly("", "2", "4");
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

    private static Connector withoutNameServer(Interceptor interceptor) {
        return Connector.builder("http://events.test")
                .transport(settings -> settings.customize(client -> client.resolver(new NoNameServer())))
                .interceptor(interceptor)
                .build();
    }

    private static int unusedPort() {
        try (TestServer server = EventFeed.of(0).start()) {
            return server.port();
        }
    }
}
