package dev.headrace.http;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Row R19 (the gap). ARCHITECTURE rule 7: clocks know demand. Rule 2: never end quietly. */
class ResponseBodyTest {

    private static final Duration GAP = ofSeconds(30);
    private final TestPublisher<ByteBuf> wire = TestPublisher.create();
    private final AtomicInteger givenUp = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();

    @Test
    void errorsWhenTheRemoteIsSilentWhileMoreIsAskedFor() {
        StepVerifier.withVirtualTime(this::body)
                .then(() -> wire.next(chunk()))
                .expectNextCount(1)
                .expectNoEvent(ofSeconds(29))
                .thenAwait(ofSeconds(1))
                .expectError(SilenceException.class)
                .verify();

        wire.assertCancelled();
        assertThat(done).hasValue(1);
    }

    @Test
    void waitsForASlowReaderThatAsksForNothing() {
        StepVerifier.withVirtualTime(this::body, 1)
                .then(() -> wire.next(chunk()))
                .expectNextCount(1)
                .expectNoEvent(GAP.multipliedBy(3))
                .thenRequest(1)
                .expectNoEvent(ofSeconds(29))
                .then(() -> wire.next(chunk()))
                .expectNextCount(1)
                .expectNoEvent(GAP.multipliedBy(3))
                .then(wire::complete)
                .verifyComplete();
    }

    @Test
    void startsTheClockAnewWithEachChunk() {
        StepVerifier.withVirtualTime(this::body)
                .thenAwait(ofSeconds(29))
                .then(() -> wire.next(chunk()))
                .expectNextCount(1)
                .thenAwait(ofSeconds(29))
                .then(() -> wire.next(chunk()))
                .expectNextCount(1)
                .then(wire::complete)
                .verifyComplete();
    }

    @Test
    void runsNoClockWhenTheGapIsZero() {
        StepVerifier.withVirtualTime(() -> body(Duration.ZERO))
                .expectSubscription()
                .expectNoEvent(Duration.ofDays(1))
                .then(wire::complete)
                .verifyComplete();
    }

    @Test
    void leavesNoTimerBehind() {
        VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
        try {
            StepVerifier.create(body()).thenAwait(ofSeconds(1)).thenCancel().verify();

            assertThat(time.getScheduledTaskCount()).isEqualTo(1);
            time.advanceTimeBy(ofSeconds(60));
            assertThat(done).hasValue(1);
            wire.assertCancelled();
        } finally {
            VirtualTimeScheduler.reset();
        }
    }

    /** Most bodies are there at once; a clock for each would be wound up and stopped for nothing. */
    @Test
    void windsNoClockForABodyThatIsThere() {
        VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
        try {
            Queue<Runnable> later = new ArrayDeque<>();
            ResponseBody body = new ResponseBody(
                    wire.flux(),
                    GAP,
                    BodyOwner.telling(end -> done.incrementAndGet()),
                    Schedulers.parallel(),
                    later::add);

            StepVerifier.create(body)
                    .then(() -> wire.next(chunk()))
                    .expectNextCount(1)
                    .then(wire::complete)
                    .then(() -> {
                        while (!later.isEmpty()) {
                            later.remove().run();
                        }
                    })
                    .verifyComplete();

            assertThat(time.getScheduledTaskCount()).isZero();
            assertThat(done).hasValue(1);
        } finally {
            VirtualTimeScheduler.reset();
        }
    }

    @Test
    void canBeReadOnlyOnce() {
        Flux<ByteBuf> body = body();
        StepVerifier.create(body).then(wire::complete).verifyComplete();

        StepVerifier.create(body).verifyError(IllegalStateException.class);
        assertThat(done).hasValue(1);
    }

    @Test
    void isGivenUpOnceWhenNobodyReadsIt() {
        ResponseBody body = body();

        body.abort();
        body.abort();

        assertThat(givenUp).hasValue(1);
        assertThat(done).hasValue(1);
        StepVerifier.create(body)
                .verifyErrorSatisfies(error -> assertThat(error).hasMessageContaining("given up"));
    }

    @Test
    void isNotGivenUpWhileSomebodyReadsIt() {
        ResponseBody body = body();

        StepVerifier.create(body).then(body::abort).then(wire::complete).verifyComplete();

        assertThat(givenUp).hasValue(0);
    }

    @Test
    void errorsWhenEndedFromOutside() {
        ResponseBody body = body();

        StepVerifier.create(body)
                .then(() -> body.fail(new IOException("closed")))
                .verifyErrorMessage("closed");
        wire.assertCancelled();
    }

    @Test
    void errorsWhenEndedFromOutsideJustWhileSomebodyBeginsToRead() {
        // A source that has not said onSubscribe yet when the end comes.
        TestPublisher<ByteBuf> slow = TestPublisher.create();
        ResponseBody[] body = new ResponseBody[1];
        Flux<ByteBuf> interrupted = slow.flux().doOnSubscribe(s -> body[0].fail(new IOException("closed")));
        body[0] = new ResponseBody(
                interrupted,
                GAP,
                BodyOwner.telling(end -> done.incrementAndGet()),
                Schedulers.parallel(),
                Runnable::run);

        StepVerifier.create(body[0]).verifyErrorMessage("closed");

        slow.assertCancelled();
        assertThat(done).hasValue(1);
    }

    @Test
    void signalsAnEndFromOutsideAfterTheChunkInHand() {
        ResponseBody body = body();
        AtomicReference<Throwable> error = new AtomicReference<>();
        AtomicInteger duringNext = new AtomicInteger();
        body.subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnNext(ByteBuf chunk) {
                body.fail(new IOException("closed"));
                duringNext.set(error.get() == null ? 1 : -1);
            }

            @Override
            protected void hookOnError(Throwable failure) {
                error.set(failure);
            }
        });

        wire.next(chunk());

        assertThat(duringNext).hasValue(1);
        assertThat(error.get()).hasMessage("closed");
        wire.assertCancelled();
    }

    @Test
    void translatesTheErrorsOfTheTransport() {
        StepVerifier.create(body())
                .then(() -> wire.error(new IOException("reset")))
                .verifyErrorMessage("translated reset");
    }

    private ResponseBody body() {
        return body(GAP);
    }

    private ResponseBody body(Duration gap) {
        return new ResponseBody(
                wire.flux(),
                gap,
                new BodyOwner(
                        SilenceException::new,
                        error -> new IOException("translated " + error.getMessage()),
                        givenUp::incrementAndGet,
                        end -> done.incrementAndGet()),
                Schedulers.parallel(),
                Runnable::run);
    }

    private static ByteBuf chunk() {
        return Unpooled.wrappedBuffer(new byte[] {1});
    }

    @SuppressWarnings("serial")
    private static final class SilenceException extends RuntimeException {}
}
