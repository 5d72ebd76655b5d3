package dev.headrace.sse;

import static dev.headrace.sse.PlayedServer.brokenAfter;
import static dev.headrace.sse.PlayedServer.events;
import static dev.headrace.sse.PlayedServer.refused;
import static dev.headrace.sse.PlayedServer.silentAfter;
import static dev.headrace.sse.PlayedServer.status;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.sse.EventSignal.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What is counted, and when. */
class EventCountersTest {

    private final EventCounters counters = EventCounters.create();

    @Test
    void countsConnectionsReconnectsAndWhatCame() {
        String first = ": one\nid: 1\ndata: a\n: two\n\nid: 2\ndata: b\n\n";
        String second = "data: c\n\n";
        PlayedServer server =
                new PlayedServer(events(first), refused(), status(503), refused(), brokenAfter(second), status(204));

        StepVerifier.withVirtualTime(() -> server.stream().counters(counters).events())
                .thenAwait(ofMinutes(5))
                .expectNextCount(3)
                .verifyComplete();

        EventStats stats = counters.snapshot();
        assertThat(stats.connections()).isEqualTo(2);
        assertThat(stats.reconnects())
                .isEqualTo(Map.of(Reason.CLEAN_END, 1L, Reason.UNREACHABLE, 2L, Reason.REFUSED, 1L, Reason.BROKEN, 1L));
        assertThat(stats.events()).isEqualTo(3);
        assertThat(stats.bytes()).isEqualTo(first.length() + second.length());
        assertThat(stats.comments()).isEqualTo(2);
        assertThat(stats.anomalies()).isZero();
        assertThat(stats.dropped() + stats.oversized() + stats.duplicates()).isZero();
    }

    @Test
    void countsLinesThatAreNoFields() {
        PlayedServer server = new PlayedServer(silentAfter(
                "{\"error\":\"bad\"}\nretry: soon\nid: a\0b\ndatum: x\ndataset\nData: y\nretry: 5\ndata: a\n\n"));

        StepVerifier.create(server.stream().counters(counters).events().take(1))
                .expectNext(new SseEvent("", "message", "a"))
                .verifyComplete();
        assertThat(counters.snapshot().anomalies()).isEqualTo(6);
    }

    @Test
    void knowsTheAgeOfTheLastEventAndTheTimeToTheFirst() {
        PlayedServer server = new PlayedServer(request -> Mono.delay(ofMillis(300))
                .then(events(": hello\n\n").to(request))
                .map(response -> PlayedServer.followedBy(
                        response,
                        Mono.delay(ofSeconds(2))
                                .map(tick -> ByteBuffer.wrap("data: a\n\n".getBytes(StandardCharsets.US_ASCII)))
                                .concatWith(Mono.never()))));

        StepVerifier.withVirtualTime(() -> server.stream().counters(counters).events())
                .then(() -> assertThat(counters.snapshot().timeToFirstByte()).isNull())
                .thenAwait(ofSeconds(1))
                .then(() -> {
                    assertThat(counters.snapshot().timeToFirstByte()).isEqualTo(ofMillis(300));
                    assertThat(counters.snapshot().timeToFirstEvent()).isNull();
                    assertThat(counters.snapshot().sinceLastEvent()).isNull();
                })
                .thenAwait(ofMinutes(1))
                .expectNextCount(1)
                .then(() -> {
                    assertThat(counters.snapshot().timeToFirstEvent()).isEqualTo(ofMillis(2300));
                    assertThat(counters.snapshot().sinceLastEvent()).isEqualTo(ofMillis(58_700));
                })
                .thenCancel()
                .verify();
    }

    @Test
    void addsUpSeveralStreams() {
        PlayedServer server = new PlayedServer(silentAfter("data: a\n\ndata: b\n\n"));
        EventStream stream = server.stream().counters(counters);

        StepVerifier.create(stream.events().take(2).concatWith(stream.events().take(1)))
                .expectNextCount(3)
                .verifyComplete();
        assertThat(counters.snapshot().connections()).isEqualTo(2);
        assertThat(counters.snapshot().events()).isEqualTo(3);
    }
}
