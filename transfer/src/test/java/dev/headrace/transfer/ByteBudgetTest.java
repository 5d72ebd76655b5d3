package dev.headrace.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.transfer.ByteBudget.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

// case 52
class ByteBudgetTest {

    private final ByteBudget budget = ByteBudget.of(100);
    private final List<Lease> leases = new ArrayList<>();

    private Disposable ask(long least, long most) {
        return budget.lease(least, most).subscribe(leases::add);
    }

    private void ask(ByteBudget other) {
        other.lease(1, 1).subscribe(leases::add);
    }

    private List<Long> granted() {
        return leases.stream().map(Lease::bytes).toList();
    }

    @Test
    void givesTheMostWhileItIsThereAndThenWhatIsLeft() {
        ask(10, 60);
        ask(10, 60);

        assertThat(granted()).containsExactly(60L, 40L);
        assertThat(budget.free()).isZero();
        assertThat(budget).hasToString("100 of 100 bytes are out, 0 wait");
    }

    @Test
    void thoseWhoWaitAreServedInOrder() {
        ask(90, 90);
        ask(50, 50);
        ask(10, 10);
        assertThat(granted()).as("10 are free, but another waits").containsExactly(90L);

        leases.get(0).release();

        assertThat(granted()).containsExactly(90L, 50L, 10L);
        assertThat(budget.free()).isEqualTo(40);
    }

    @Test
    void whatComesFreeIsSharedByThoseWhoWait() {
        ask(100, 100);
        ask(1, 100);
        ask(1, 20);
        ask(40, 100);
        ask(30, 30);

        leases.get(0).release();

        assertThat(granted()).containsExactly(100L, 25L, 20L, 40L);
        leases.get(1).release();
        assertThat(granted()).containsExactly(100L, 25L, 20L, 40L, 30L);
    }

    @Test
    void moreThanThereIsIsGrantedAlone() {
        ask(5, 5);
        ask(1000, 2000);
        ask(1, 1);
        assertThat(granted()).containsExactly(5L);

        leases.get(0).release();
        assertThat(granted()).containsExactly(5L, 1000L);
        assertThat(budget.free()).isZero();
        leases.get(1).release();

        assertThat(granted()).containsExactly(5L, 1000L, 1L);
        assertThat(budget.free()).isEqualTo(99);
    }

    @Test
    void aLeaseIsGivenBackOnce() {
        ask(60, 60);
        ask(30, 30);

        leases.get(0).release();
        leases.get(0).release();

        assertThat(budget.free()).isEqualTo(70);
    }

    @Test
    void whoeverLeavesTheLineIsNotWaitedFor() {
        ask(95, 95);
        Disposable head = ask(50, 50);
        ask(5, 5);
        Disposable last = ask(50, 50);
        assertThat(budget.waiting()).isEqualTo(3);

        last.dispose();
        head.dispose();

        assertThat(granted()).containsExactly(95L, 5L);
        assertThat(budget.waiting()).isZero();
        leases.forEach(Lease::release);
        assertThat(budget.free()).isEqualTo(100);
    }

    @Test
    void aLeaseThatNobodyTookIsGivenBack() {
        BaseSubscriber<Lease> undecided = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {}
        };
        budget.lease(70, 70).subscribe(undecided);
        assertThat(budget.free()).isEqualTo(30);
        ask(50, 50);

        undecided.cancel();

        assertThat(granted()).containsExactly(50L);
    }

    @Test
    void nothingIsTakenBeforeSubscription() {
        Mono<Lease> lease = budget.lease(10, 10);

        assertThat(budget.free()).isEqualTo(100);
        lease.subscribe();
        lease.subscribe();
        assertThat(budget.free()).isEqualTo(80);
    }

    @Test
    void aFailingCallerDoesNotStopTheLine() {
        ask(100, 100);
        budget.lease(10, 10).subscribe(lease -> {
            lease.release();
            throw new IllegalStateException("a caller's mistake");
        });
        ask(20, 20);

        leases.get(0).release();

        assertThat(granted()).containsExactly(100L, 20L);
    }

    @Test
    void aLongLineThatGivesBackAtOnceNeedsNoDeepStack() {
        ask(100, 100);
        AtomicInteger served = new AtomicInteger();
        for (int i = 0; i < 50_000; i++) {
            budget.lease(60, 60).subscribe(lease -> {
                served.incrementAndGet();
                lease.release();
            });
        }

        leases.get(0).release();

        assertThat(served).hasValue(50_000);
        assertThat(budget.free()).isEqualTo(100);
    }

    @Test
    void neverMoreIsOutThanThereIsAndNobodyIsForgotten() {
        AtomicLong out = new AtomicLong();
        AtomicInteger breaches = new AtomicInteger();
        AtomicInteger served = new AtomicInteger();

        Flux.range(0, 200)
                .flatMap(
                        transfer -> Mono.defer(() -> {
                                    Random random = ThreadLocalRandom.current();
                                    long least = random.nextInt(50) == 0 ? 150 : 1 + random.nextInt(30);
                                    return Mono.usingWhen(
                                            budget.lease(least, least + random.nextInt(100)),
                                            lease -> Mono.fromRunnable(() -> {
                                                        long now = out.addAndGet(lease.bytes());
                                                        if (now > 100 && now != lease.bytes()) {
                                                            breaches.incrementAndGet();
                                                        }
                                                        Thread.onSpinWait();
                                                        out.addAndGet(-lease.bytes());
                                                        served.incrementAndGet();
                                                    })
                                                    .subscribeOn(Schedulers.boundedElastic()),
                                            lease -> Mono.fromRunnable(lease::release));
                                })
                                .subscribeOn(Schedulers.parallel())
                                .repeat(49),
                        200)
                .blockLast(Duration.ofSeconds(30));

        assertThat(breaches).hasValue(0);
        assertThat(served).hasValue(200 * 50);
        assertThat(budget.free()).isEqualTo(100);
        assertThat(budget.waiting()).isZero();
    }

    /** A subscriber that takes what it is handed even when it has just cancelled. */
    private static Disposable takeAndGiveBack(Mono<Lease> lease) {
        return lease.subscribeWith(new BaseSubscriber<>() {
            @Override
            protected void hookOnNext(Lease value) {
                value.release();
            }
        });
    }

    private static Disposable use(Mono<Lease> lease) {
        return Mono.usingWhen(lease, Mono::just, value -> Mono.fromRunnable(value::release))
                .subscribe();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aGrantThatMeetsACancelIsNotLost(boolean byHand) throws InterruptedException {
        for (int i = 0; i < 5000; i++) {
            ByteBudget one = ByteBudget.of(1);
            ask(one);
            Lease first = leases.remove(0);
            Disposable waiting = byHand ? takeAndGiveBack(one.lease(1, 1)) : use(one.lease(1, 1));
            CyclicBarrier together = new CyclicBarrier(2);
            CountDownLatch both = new CountDownLatch(2);
            for (Runnable side : List.<Runnable>of(waiting::dispose, first::release)) {
                Schedulers.boundedElastic().schedule(() -> {
                    try {
                        together.await();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                    side.run();
                    both.countDown();
                });
            }
            both.await();

            assertThat(one.free()).isEqualTo(1);
            assertThat(one.waiting()).isZero();
        }
    }

    @Test
    void theSharedOneIsWithinItsBounds() {
        assertThat(ByteBudget.shared()).isSameAs(ByteBudget.shared());
        assertThat(ByteBudget.shared().size()).isBetween(4L << 20, 256L << 20);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "-1, 1", "2, 1"})
    void refusesWhatIsNoRange(long least, long most) {
        assertThatIllegalArgumentException().isThrownBy(() -> budget.lease(least, most));
        assertThatIllegalArgumentException().isThrownBy(() -> ByteBudget.of(0)).withMessageContaining("bytes");
    }
}
