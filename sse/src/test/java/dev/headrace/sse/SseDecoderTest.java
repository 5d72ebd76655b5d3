package dev.headrace.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.http.Headers;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** Events from bytes alone, through the pull operator. */
class SseDecoderTest {

    @ParameterizedTest
    @MethodSource("cases")
    void handsOutEveryCaseOneEventAtATime(SseCase sample) {
        for (int seed = 0; seed < 5; seed++) {
            Flux<ByteBuffer> bytes = Flux.fromIterable(sample.cutAtRandom(seed)).map(ByteBuffer::wrap);

            StepVerifier.Step<SseEvent> reading =
                    StepVerifier.create(SseDecoder.create().decode(bytes), 0);
            for (SseEvent event : sample.expected()) {
                reading = reading.thenRequest(1).expectNext(event);
            }
            reading.thenRequest(1).verifyComplete();
        }
    }

    static Stream<SseCase> cases() throws IOException {
        return SseCase.all();
    }

    @Test
    void asksForNoMoreBytesThanTheEventsThatAreWanted() {
        AtomicLong chunks = new AtomicLong();
        Flux<ByteBuffer> bytes = Flux.range(1, 100)
                .map(n -> chunk("data: " + n + "\n\ndata: again\n\n"))
                .doOnNext(chunk -> chunks.incrementAndGet());

        StepVerifier.create(SseDecoder.create().decode(bytes), 3)
                .expectNextCount(3)
                .then(() -> assertThat(chunks).hasValue(2))
                .thenCancel()
                .verify();
    }

    @Test
    void beginsAnewForEverySubscriber() {
        Flux<SseEvent> events = SseDecoder.create().decode(Flux.just(chunk("id: 1\ndata: a\n\ndata: b")));

        StepVerifier.create(events.concatWith(events))
                .expectNext(new SseEvent("1", "message", "a"), new SseEvent("1", "message", "a"))
                .verifyComplete();
    }

    @Test
    void beginsWithTheIdItIsGiven() {
        StepVerifier.create(SseDecoder.create().lastEventId("41").decode(Flux.just(chunk("data: a\n\n"))))
                .expectNext(new SseEvent("41", "message", "a"))
                .verifyComplete();
    }

    @Test
    void emitsWhatCameBeforeAnEventOverTheLimit() {
        StepVerifier.create(SseDecoder.create()
                        .limits(EventLimits.defaults().event(10))
                        .decode(Flux.just(chunk("data: a\n\ndata: 01234567\n\n"))))
                .expectNextCount(1)
                .verifyError(EventTooLargeException.class);
    }

    @Test
    void readsAResponseWhateverItsTypeIs() {
        Response response = Response.of(
                Request.get("http://played.test/"),
                200,
                Headers.none(),
                "data: a\n\n".getBytes(StandardCharsets.UTF_8));

        StepVerifier.create(SseDecoder.create().decode(response))
                .expectNextCount(1)
                .verifyComplete();
    }

    @Test
    void asksForEventStreams() {
        assertThat(SseDecoder.create().accept()).contains("text/event-stream");
    }

    @Test
    void refusesALimitThatLetsNothingThrough() {
        for (int limit : List.of(0, -1)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            SseDecoder.create().limits(EventLimits.defaults().event(limit)))
                    .withMessageContaining("event must be");
        }
    }

    private static ByteBuffer chunk(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
