package dev.headrace.sse;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.http.Headers;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import dev.headrace.state.Checkpoints;
import dev.headrace.state.StateStore;
import dev.headrace.test.EventFeed;
import dev.headrace.test.FakeEventStreams;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.TestServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** The changes of wikis as Wikimedia sends them, over real connections: ids that are JSON, repeated events, a hang-up every 15 minutes. */
class WikimediaTest {

    private static final Duration LIMIT = ofSeconds(20);
    private static final String PATH = "/v2/stream/recentchange";
    private static final ReconnectPolicy QUICK =
            ReconnectPolicy.exponential(ofMillis(2)).maxDelay(ofMillis(5));
    private static final int TOTAL = 24;
    private static final FakeEventStreams CHANGES = FakeEventStreams.recentChanges(TOTAL);

    @Test
    void sendsIdsBackToTheByte() { // L47
        EventFeed feed = CHANGES.feed().hangUpAfter(10);
        try (TestServer server = feed.start();
                Connector wikimedia = connector(server)) {
            expectAll(stream(wikimedia));

            assertThat(feed.lastEventIds())
                    .containsExactly("", FakeEventStreams.id(10), FakeEventStreams.id(20), FakeEventStreams.id(24));
        }
    }

    @Test
    void leavesOutWhatComesAgainAndCountsIt() {
        EventCounters counters = EventCounters.create();
        try (TestServer server = CHANGES.feed().hangUpAfter(10).overlap(3).start();
                Connector wikimedia = connector(server)) {
            expectAll(stream(wikimedia).deduplicate(100).counters(counters));

            EventStats stats = counters.snapshot();
            assertThat(stats.events()).isEqualTo(TOTAL);
            assertThat(stats.duplicates()).isEqualTo(6);
            assertThat(stats.connections()).isEqualTo(3); // the 204 at the end is none
            assertThat(stats.reconnects()).containsEntry(EventSignal.Reason.CLEAN_END, 3L);
        }
    }

    @Test
    void givesWhatComesAgainWithoutDeduplication() {
        try (TestServer server = CHANGES.feed().hangUpAfter(20).overlap(3).start();
                Connector wikimedia = connector(server)) {
            StepVerifier.create(stream(wikimedia).events())
                    .expectNextCount(TOTAL + 3)
                    .expectComplete()
                    .verify(LIMIT);
        }
    }

    static Stream<Named<UnaryOperator<EventFeed>>> waysToCome() {
        return Stream.of(
                way("cut inside characters", feed -> feed.fragments(29)),
                way("CR LF", feed -> feed.lineEnd("\r\n")),
                way("CR LF, cut between the two", feed -> feed.lineEnd("\r\n").fragments(29)),
                way("CR", feed -> feed.lineEnd("\r").fragments(31)),
                way("connections reset", feed -> feed.cutAfter(10)),
                way(
                        "cut, reset, repeated",
                        feed -> feed.fragments(64).cutAfter(10).overlap(5)),
                way(
                        "refusals",
                        feed -> feed.hangUpAfter(20)
                                .failing(503)
                                .header("Retry-After", "0")
                                .onRequest(2, 3)
                                .always()),
                way(
                        "a dropped connection",
                        feed -> feed.hangUpAfter(20).dropping().onRequest(2).once()));
    }

    @ParameterizedTest
    @MethodSource("waysToCome")
    void missesNothing(UnaryOperator<EventFeed> way) { // L40, L42, L47
        try (TestServer server = way.apply(CHANGES.feed()).start();
                Connector wikimedia = connector(server)) {
            expectAll(stream(wikimedia).deduplicate(100));
        }
    }

    @Test
    void failsWhereItsIdIsTooOld() {
        EventFeed feed = CHANGES.forgetting(15).feed();
        try (TestServer server = feed.start();
                Connector wikimedia = connector(server)) {
            StepVerifier.create(stream(wikimedia)
                            .lastEventId(FakeEventStreams.id(10))
                            .events())
                    .expectErrorSatisfies(failure -> assertThat(failure)
                            .isInstanceOfSatisfying(
                                    HttpStatusException.class,
                                    refusal -> assertThat(refusal.status()).isEqualTo(400)))
                    .verify(LIMIT);

            assertThat(feed.lastEventIds()).containsExactly(FakeEventStreams.id(10));
        }
    }

    @Test
    void waitsAsLongAsARefusedReconnectionSays() {
        String events = "id: %s\ndata: %s\n\n".formatted(FakeEventStreams.id(1), CHANGES.data(1));
        PlayedServer server = new PlayedServer(
                PlayedServer.events(events),
                PlayedServer.status(503, Headers.of("Retry-After", "3600"), "down for maintenance"),
                PlayedServer.status(204));

        StepVerifier.withVirtualTime(() -> server.stream(Request.get(PATH))
                        .reconnect(ReconnectPolicy.exponential(ofSeconds(1)).jitter(0))
                        .events())
                .expectNextCount(1)
                .thenAwait(ofHours(2))
                .expectComplete()
                .verify(LIMIT);

        assertThat(server.waits()).containsExactly(1_000L, 3_602_000L);
        assertThat(server.lastEventIds()).containsExactly("", FakeEventStreams.id(1), FakeEventStreams.id(1));
    }

    @Test
    void waitsThroughASilenceOfComments() { // L45
        EventFeed feed = CHANGES.feed().silentAfter(5).heartbeat(ofMillis(5));
        EventCounters counters = EventCounters.create();
        try (TestServer server = feed.start();
                Connector wikimedia = connector(server)) {
            StepVerifier.create(stream(wikimedia)
                            .counters(counters)
                            .signals()
                            .ofType(EventSignal.Comment.class)
                            .map(EventSignal.Comment::text)
                            .take(8))
                    .expectNext("ok")
                    .expectNextCount(7)
                    .expectComplete()
                    .verify(LIMIT);

            assertThat(counters.snapshot().comments()).isGreaterThanOrEqualTo(8);
            assertThat(feed.lastEventIds()).hasSize(1);
        }
    }

    @Test
    void beginsSinceATimeAndGoesOnByItsIds() {
        EventFeed feed = CHANGES.feed().hangUpAfter(10);
        try (TestServer server = feed.start();
                Connector wikimedia = connector(server)) {
            StepVerifier.create(
                            EventStream.from(wikimedia, Request.get(PATH).query("since", "2025-08-29T06:45:17.200Z"))
                                    .reconnect(QUICK)
                                    .events()
                                    .map(SseEvent::id))
                    .expectNextSequence(ids(10, TOTAL))
                    .expectComplete()
                    .verify(LIMIT);

            assertThat(feed.lastEventIds()).startsWith("", FakeEventStreams.id(19), FakeEventStreams.id(24));
            assertThat(server.requests())
                    .extracting(RecordedRequest::uri)
                    .containsOnly(PATH + "?since=2025-08-29T06%3A45%3A17.200Z");
        }
    }

    @Test
    void goesOnInAnotherProcessWhereThisOneStopped(@TempDir Path folder) { // L47
        EventFeed feed = CHANGES.feed().hangUpAfter(8);
        try (TestServer server = feed.start();
                Connector wikimedia = connector(server)) {
            StepVerifier.create(committed(wikimedia, folder, 13))
                    .expectNextSequence(ids(1, 13))
                    .expectComplete()
                    .verify(LIMIT);
            StepVerifier.create(committed(wikimedia, folder, Long.MAX_VALUE))
                    .expectNextSequence(ids(14, TOTAL))
                    .expectComplete()
                    .verify(LIMIT);

            assertThat(feed.lastEventIds()).contains(FakeEventStreams.id(13));
        }
    }

    @Test
    void readsChangesWithoutTheCanaries() { // L46
        record Meta(String domain) {}
        record Change(Meta meta, String title) {}
        try (TestServer server = FakeEventStreams.recentChanges(TOTAL)
                        .canaryEvery(10)
                        .feed()
                        .fragments(61)
                        .start();
                Connector wikimedia = connector(server)) {
            StepVerifier.create(stream(wikimedia)
                            .events(Change.class)
                            .filter(change -> !change.meta().domain().equals("canary"))
                            .map(Change::title))
                    .expectNextSequence(LongStream.rangeClosed(1, TOTAL)
                            .filter(n -> n % 10 != 0)
                            .mapToObj(n -> "Caf\u00e9 \u4e2d\u6587 \ud83d\ude00 " + n)
                            .toList())
                    .expectComplete()
                    .verify(LIMIT);
        }
    }

    private static Flux<String> committed(Connector wikimedia, Path folder, long count) {
        StateStore store = StateStore.file(folder);
        return stream(wikimedia)
                .resumeFrom(store, "recentchange")
                .events()
                .take(count)
                .transform(Checkpoints.committing(store, "recentchange"))
                .map(SseEvent::id);
    }

    private static void expectAll(EventStream stream) {
        StepVerifier.create(stream.events())
                .recordWith(ArrayList::new)
                .thenConsumeWhile(event -> true)
                .consumeRecordedWith(events -> assertThat(events)
                        .containsExactlyElementsOf(LongStream.rangeClosed(1, TOTAL)
                                .mapToObj(n -> new SseEvent(FakeEventStreams.id(n), "message", CHANGES.data(n)))
                                .toList()))
                .expectComplete()
                .verify(LIMIT);
    }

    private static EventStream stream(Connector wikimedia) {
        return EventStream.from(wikimedia, Request.get(PATH)).reconnect(QUICK);
    }

    private static Connector connector(TestServer server) {
        return Connector.builder(server.url()).build();
    }

    private static List<String> ids(long first, long last) {
        return LongStream.rangeClosed(first, last)
                .mapToObj(FakeEventStreams::id)
                .toList();
    }

    private static Named<UnaryOperator<EventFeed>> way(String name, UnaryOperator<EventFeed> way) {
        return Named.of(name, way);
    }
}
