package dev.headrace.transfer;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.error.FailureKind;
import dev.headrace.test.ReactiveStreamsTck;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import org.reactivestreams.tck.PublisherVerification;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Cases 48 and 49 of a transfer: a body that stands still, or drips, ends; a slow reader is nobody's fault. */
class SpeedGuardTest {

    private static final MinimumSpeed LEAST = MinimumSpeed.of(1000, ofSeconds(30));

    private final VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
    private final TestPublisher<Integer> remote =
            TestPublisher.createNoncompliant(TestPublisher.Violation.REQUEST_OVERFLOW);
    private final Reading reading = new Reading();

    @AfterEach
    void realTime() {
        VirtualTimeScheduler.reset();
    }

    /** Elements are as many bytes as they say. */
    private static SpeedGuard<Integer> guarded(Flux<Integer> source) {
        return new SpeedGuard<>(source, Integer::longValue, LEAST, "GET http://h/x");
    }

    private void read(long demand) {
        guarded(remote.flux()).subscribe(reading);
        if (demand > 0) {
            reading.request(demand);
        }
    }

    private static final class Reading extends BaseSubscriber<Integer> {

        private final List<Integer> got = new ArrayList<>();
        private final List<Throwable> errors = new ArrayList<>();
        private int completions;

        @Override
        protected void hookOnSubscribe(Subscription subscription) {}

        @Override
        protected void hookOnNext(Integer value) {
            got.add(value);
        }

        @Override
        protected void hookOnComplete() {
            completions++;
        }

        @Override
        protected void hookOnError(Throwable throwable) {
            errors.add(throwable);
        }
    }

    // case 48
    @Test
    void aBodyThatStandsStillIsGivenUp() {
        read(10);

        time.advanceTimeBy(ofMillis(29_999));
        assertThat(reading.errors).isEmpty();
        time.advanceTimeBy(ofMillis(1));

        assertThat(reading.errors).singleElement().isInstanceOfSatisfying(TransferTooSlowException.class, tooSlow -> {
            assertThat(tooSlow.kind()).isEqualTo(FailureKind.TRANSIENT);
            assertThat(tooSlow)
                    .hasMessageContaining("GET http://h/x")
                    .hasMessageContaining("0 bytes in 30 s")
                    .hasMessageContaining("1000 bytes in 30 s");
        });
        remote.assertCancelled();
    }

    // case 49
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void aBodyThatDripsIsGivenUp(boolean oneByOne) {
        read(oneByOne ? 1 : Long.MAX_VALUE);

        for (int i = 0; i < 30; i++) {
            time.advanceTimeBy(ofSeconds(1));
            assertThat(reading.errors).hasSize(i / 29);
            remote.next(1);
            if (oneByOne) {
                reading.request(1);
            }
        }

        assertThat(reading.errors).singleElement().isInstanceOf(TransferTooSlowException.class);
        assertThat(reading.got).hasSize(29);
    }

    // case 49
    @Test
    void timeWithoutDemandDoesNotCount() {
        read(1);

        for (int i = 0; i < 100; i++) {
            time.advanceTimeBy(ofMillis(20));
            remote.next(1);
            time.advanceTimeBy(ofMinutes(10));
            reading.request(1);
        }

        assertThat(reading.errors).isEmpty();
        time.advanceTimeBy(ofSeconds(27));
        assertThat(reading.errors).isEmpty();
        time.advanceTimeBy(ofSeconds(1));
        assertThat(reading.errors).hasSize(1);
    }

    @Test
    void aReaderThatHasNotAskedYetMayTakeItsTime() {
        read(0);

        time.advanceTimeBy(ofSeconds(1000));
        reading.request(1);
        time.advanceTimeBy(ofSeconds(29));
        assertThat(reading.errors).isEmpty();
        time.advanceTimeBy(ofSeconds(1));
        assertThat(reading.errors).hasSize(1);
    }

    @Test
    void theTimeThatAReaderTakesForAnElementDoesNotCount() {
        AtomicInteger got = new AtomicInteger();
        AtomicInteger errors = new AtomicInteger();
        guarded(remote.flux())
                .subscribe(
                        element -> {
                            got.incrementAndGet();
                            time.advanceTimeBy(ofSeconds(100));
                        },
                        error -> errors.incrementAndGet());

        for (int i = 0; i < 10; i++) {
            time.advanceTimeBy(ofSeconds(2));
            remote.next(1);
        }

        assertThat(got).hasValue(10);
        assertThat(errors).hasValue(0);
        time.advanceTimeBy(ofSeconds(10));
        assertThat(errors).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource({"1000, 0", "999, 1"})
    void exactlyTheLeastIsEnough(int bytes, int errors) {
        read(10);

        time.advanceTimeBy(ofSeconds(1));
        remote.next(bytes);
        time.advanceTimeBy(ofSeconds(29));

        assertThat(reading.errors).hasSize(errors);
    }

    @Test
    void aStallAfterAFastBeginningIsFoundOutAsSoon() {
        read(10);
        time.advanceTimeBy(ofSeconds(16));
        remote.next(1_000_000);

        time.advanceTimeBy(ofSeconds(29));
        assertThat(reading.errors).isEmpty();
        time.advanceTimeBy(ofSeconds(4));
        assertThat(reading.errors).hasSize(1);
    }

    @Test
    void aBodyThatKeepsUpNeverEnds() {
        read(Long.MAX_VALUE);

        for (int i = 0; i < 3600; i++) {
            time.advanceTimeBy(ofSeconds(1));
            remote.next(35);
        }

        assertThat(reading.errors).isEmpty();
        assertThat(reading.got).hasSize(3600);
    }

    @Test
    void anEndJustBeforeIsTheEnd() {
        read(10);

        time.advanceTimeBy(ofMillis(29_999));
        remote.complete();
        time.advanceTimeBy(ofSeconds(100));

        assertThat(reading.completions).isOne();
        assertThat(reading.errors).isEmpty();
        remote.assertWasNotCancelled();
    }

    @Test
    void whatComesAfterItWasGivenUpIsDropped() {
        TestPublisher<Integer> wild = TestPublisher.createNoncompliant(
                TestPublisher.Violation.CLEANUP_ON_TERMINATE, TestPublisher.Violation.REQUEST_OVERFLOW);
        guarded(wild.flux()).subscribe(reading);
        reading.request(10);
        time.advanceTimeBy(ofSeconds(30));

        wild.next(1);
        wild.complete();

        assertThat(reading.errors).hasSize(1);
        assertThat(reading.got).isEmpty();
        assertThat(reading.completions).isZero();
    }

    @Test
    void cancellingStopsTheClock() {
        read(10);
        assertThat(time.getScheduledTaskCount()).isOne();

        reading.cancel();
        long scheduled = time.getScheduledTaskCount();
        time.advanceTimeBy(ofSeconds(100));

        assertThat(time.getScheduledTaskCount()).isEqualTo(scheduled);
        assertThat(reading.errors).isEmpty();
        remote.assertCancelled();
    }

    @Test
    void aBodyThatIsThereNeedsNoClock() {
        assertThat(guarded(Flux.range(1, 100)).count().block()).isEqualTo(100);

        assertThat(time.getScheduledTaskCount()).isZero();
    }

    @Test
    void neitherKeepsNorReleasesBytes() {
        ByteBuf chunk = Unpooled.buffer().writeZero(5);

        assertThat(SpeedGuard.over(Flux.just(chunk), LEAST, "x").blockLast()).isSameAs(chunk);

        assertThat(chunk.refCnt()).isOne();
        chunk.release();
    }

    @Test
    void theClockAndTheEndNeverBothSignal() throws InterruptedException {
        VirtualTimeScheduler.reset();
        for (int i = 0; i < 300; i++) {
            AtomicInteger ends = new AtomicInteger();
            AtomicBoolean within = new AtomicBoolean();
            AtomicInteger overlaps = new AtomicInteger();
            CountDownLatch done = new CountDownLatch(1);
            new SpeedGuard<>(
                            Flux.range(0, 3)
                                    .delayElements(Duration.ofNanos(670_000 + 1000 * i), Schedulers.boundedElastic()),
                            element -> 1,
                            MinimumSpeed.of(2, ofMillis(2)),
                            "x")
                    .subscribe(
                            element -> {
                                overlaps.addAndGet(within.getAndSet(true) ? 1 : 0);
                                overlaps.addAndGet(ends.get());
                                within.set(false);
                            },
                            error -> {
                                overlaps.addAndGet(within.get() ? 1 : 0);
                                ends.incrementAndGet();
                                done.countDown();
                            },
                            () -> {
                                ends.incrementAndGet();
                                done.countDown();
                            });
            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(ends).hasValue(1);
            assertThat(overlaps).hasValue(0);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, PT1S, bytes", "-1, PT1S, bytes", "1, PT0S, over", "1, PT-1S, over", "1, P25D, over"})
    void aSpeedHasBounds(long bytes, Duration over, String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MinimumSpeed.of(bytes, over))
                .withMessageStartingWith(name);
    }

    @TestFactory
    Stream<DynamicTest> keepsTheRulesOfReactiveStreams() {
        VirtualTimeScheduler.reset();
        return ReactiveStreamsTck.testsOf(new Verification());
    }

    private static final class Verification extends PublisherVerification<Long> {

        Verification() {
            super(ReactiveStreamsTck.environment());
        }

        @Override
        public Publisher<Long> createPublisher(long elements) {
            Flux<Long> source = Flux.generate(() -> 0L, (sent, sink) -> {
                if (sent >= elements) {
                    sink.complete();
                } else {
                    sink.next(sent);
                }
                return sent + 1;
            });
            return new SpeedGuard<>(source, element -> 1, LEAST, "x");
        }

        @Override
        public Publisher<Long> createFailedPublisher() {
            return new SpeedGuard<>(Flux.error(new IllegalStateException("failed")), element -> 1, LEAST, "x");
        }
    }
}
