package dev.headrace.sse;

import static dev.headrace.sse.PlayedServer.brokenAfter;
import static dev.headrace.sse.PlayedServer.events;
import static dev.headrace.sse.PlayedServer.refused;
import static dev.headrace.sse.PlayedServer.status;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.http.Headers;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import dev.headrace.sse.EventSignal.Comment;
import dev.headrace.sse.EventSignal.Connected;
import dev.headrace.sse.EventSignal.Disconnected;
import dev.headrace.sse.EventSignal.Reason;
import dev.headrace.sse.EventSignal.Resumed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** What happens between the events, as values in the stream. */
class EventStreamSignalsTest {

    private static final ReconnectPolicy STEADY = ReconnectPolicy.defaults().jitter(0);
    private static final Headers EVENT_STREAM = Headers.of("Content-Type", "text/event-stream");

    @Test
    void tellsOfConnectionsBreaksResumptionsAndComments() {
        PlayedServer server = new PlayedServer(
                events(":hello\n\nid: 1\n: within\ndata: a\n\n"),
                refused(),
                status(503, Headers.of("Retry-After", "7"), "busy"),
                brokenAfter("retry: 3000\ndata: b\n\n"),
                status(204));
        List<EventSignal> signals = new ArrayList<>();

        StepVerifier.withVirtualTime(() -> server.stream()
                        .reconnect(STEADY)
                        .signals()
                        .doOnNext(signals::add)
                        .then())
                .thenAwait(ofMinutes(2))
                .verifyComplete();

        assertThat(signals)
                .startsWith(
                        new Connected(1, EVENT_STREAM),
                        new Comment("hello"),
                        new Comment("within"),
                        new SseEvent("1", "message", "a"),
                        new Disconnected(Reason.CLEAN_END, null, ofSeconds(1)));
        assertThat(signals.subList(5, signals.size()))
                .satisfiesExactly(
                        signal -> assertBreak(signal, Reason.UNREACHABLE, ofSeconds(2)),
                        // What the server asks for, and our own 4 s.
                        signal -> assertBreak(signal, Reason.REFUSED, ofSeconds(11)),
                        signal -> assertThat(signal).isEqualTo(new Connected(2, EVENT_STREAM)),
                        signal -> assertThat(signal).isEqualTo(new Resumed("1")),
                        signal -> assertThat(signal).isEqualTo(new SseEvent("1", "message", "b")),
                        signal -> assertBreak(signal, Reason.BROKEN, ofSeconds(11)));
        assertThat(((Disconnected) signals.get(6)).failure()).isInstanceOf(HttpStatusException.class);
        assertThat(server.waits()).containsExactly(1000L, 2000L, 11_000L, 11_000L);
    }

    private static void assertBreak(EventSignal signal, Reason reason, Duration delay) {
        assertThat(signal).isInstanceOfSatisfying(Disconnected.class, disconnected -> {
            assertThat(disconnected.reason()).isEqualTo(reason);
            assertThat(disconnected.nextDelay()).isEqualTo(delay);
            assertThat(disconnected.failure()).isNotNull();
        });
    }

    @Test
    void announcesTheDelayWithItsJitterBeforeItBegins() {
        PlayedServer server = new PlayedServer(refused());
        List<Long> announced = new ArrayList<>();

        StepVerifier.withVirtualTime(() -> server.stream()
                        .signals()
                        .cast(Disconnected.class)
                        .doOnNext(signal -> announced.add(signal.nextDelay().toMillis())))
                .thenAwait(ofMinutes(5))
                .expectNextCount(10)
                .thenCancel()
                .verify();

        assertThat(announced).startsWith(server.waits().toArray(Long[]::new));
        assertThat(announced.stream().distinct().count()).isGreaterThan(3);
    }

    @Test
    void endsWithoutASignalWhenThereIsNoOtherConnection() {
        PlayedServer server = new PlayedServer(events("data: a\n\n"), status(404));

        StepVerifier.withVirtualTime(() -> server.stream().signals())
                .thenAwait(ofMinutes(1))
                .expectNextMatches(Connected.class::isInstance)
                .expectNextMatches(SseEvent.class::isInstance)
                .expectNextMatches(Disconnected.class::isInstance)
                .verifyError(HttpStatusException.class);
    }

    @Test
    void givesSignalsUnderDemandLikeEvents() {
        PlayedServer server = new PlayedServer(events("id: 1\n: c\ndata: a\n\n"), events("data: b\n\n"), status(204));
        StepVerifier.Step<EventSignal> reading =
                StepVerifier.withVirtualTime(() -> server.stream().signals(), 0).expectSubscription();
        for (int i = 0; i < 8; i++) {
            reading = reading.thenRequest(1).thenAwait(ofMinutes(1)).expectNextCount(1);
        }
        reading.thenRequest(1).thenAwait(ofMinutes(1)).verifyComplete();
    }

    @Test
    void completesAtTheLastEvent() {
        PlayedServer server = new PlayedServer(PlayedServer.silentAfter(": c\n\ndata: a\n\ndata: [DONE]\n\n"));

        StepVerifier.create(server.stream()
                        .completeWhen(SseEvent.dataEquals("[DONE]"))
                        .signals())
                .expectNext(new Connected(1, EVENT_STREAM), new Comment("c"))
                .expectNext(new SseEvent("", "message", "a"), new SseEvent("", "message", "[DONE]"))
                .verifyComplete();
    }

    @Test
    void connectsAgainWhenTheUserWishes() {
        PlayedServer server = new PlayedServer(PlayedServer.silentAfter("id: 5\ndata: a\n\n"), status(204));
        Sinks.Many<String> wishes = Sinks.many().multicast().directBestEffort();

        StepVerifier.withVirtualTime(() -> server.stream()
                        .reconnect(STEADY)
                        .reconnectOn(wishes.asFlux())
                        .signals())
                .expectNextCount(2)
                .then(() -> wishes.emitNext("now", Sinks.EmitFailureHandler.FAIL_FAST))
                .expectNext(new Disconnected(Reason.REQUESTED, null, ofSeconds(1)))
                .thenAwait(ofSeconds(1))
                .verifyComplete();
        assertThat(server.lastEventIds()).containsExactly("", "5");
    }

    @Test
    void emitsWhatHasComeBeforeItGrantsAWish() {
        // All ten lie in one chunk of bytes; typed events are found ahead of demand.
        PlayedServer server = new PlayedServer(
                PlayedServer.silentAfter(IntStream.rangeClosed(1, 10)
                        .mapToObj(i -> "id: " + i + "\ndata: " + i + "\n\n")
                        .collect(Collectors.joining())),
                status(204));
        Sinks.Many<String> wishes = Sinks.many().multicast().directBestEffort();

        StepVerifier.withVirtualTime(
                        () -> server.stream().reconnectOn(wishes.asFlux()).events(Integer.class), 1)
                .expectNext(1)
                .then(() -> wishes.emitNext("now", Sinks.EmitFailureHandler.FAIL_FAST))
                .thenRequest(100)
                .expectNext(2, 3, 4, 5, 6, 7, 8, 9, 10)
                .thenAwait(ofMinutes(1))
                .verifyComplete();
        assertThat(server.lastEventIds()).containsExactly("", "10");
    }

    @Test
    void grantsAWishWhateverTheMethodAndTheCountOfAttempts() {
        PlayedServer server = new PlayedServer(
                PlayedServer.silentAfter("data: a\n\n"), PlayedServer.silentAfter("data: b\n\n"), status(204));
        Sinks.Many<String> wishes = Sinks.many().multicast().directBestEffort();

        StepVerifier.withVirtualTime(() -> server.stream(Request.post("/events"))
                        .reconnect(ReconnectPolicy.defaults().maxReconnects(1))
                        .reconnectOn(wishes.asFlux())
                        .events()
                        .map(SseEvent::data))
                .expectNext("a")
                .then(() -> wishes.emitNext("now", Sinks.EmitFailureHandler.FAIL_FAST))
                .thenAwait(ofSeconds(2))
                .expectNext("b")
                .then(() -> wishes.emitNext("again", Sinks.EmitFailureHandler.FAIL_FAST))
                .thenAwait(ofSeconds(2))
                .verifyComplete();
    }

    @Test
    void takesNoEndOfTheWishesForAWish() {
        PlayedServer server = new PlayedServer(PlayedServer.silentAfter("id: 5\ndata: a\n\n"));

        StepVerifier.withVirtualTime(
                        () -> server.stream().reconnectOn(Flux.empty()).events())
                .expectNextCount(1)
                .expectNoEvent(ofMinutes(5))
                .thenCancel()
                .verify();
    }

    @Test
    void failsWhenTheWishesFail() {
        PlayedServer server = new PlayedServer(PlayedServer.silentAfter("id: 5\ndata: a\n\n"));

        StepVerifier.withVirtualTime(() -> server.stream()
                        .reconnectOn(Flux.error(new IllegalStateException("no more")))
                        .events())
                .thenAwait(ofMillis(1))
                .thenConsumeWhile(event -> true)
                .verifyErrorMessage("no more");
    }
}
