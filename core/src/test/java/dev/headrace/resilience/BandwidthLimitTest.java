package dev.headrace.resilience;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

class BandwidthLimitTest {

    private static final long KIB = 1024;
    private static final long MIB = 1024 * 1024;

    private final VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
    private final List<Disposable> transfers = new ArrayList<>();

    @AfterEach
    void realTime() {
        transfers.forEach(Disposable::dispose);
        VirtualTimeScheduler.reset();
    }

    /** A transfer that moves batches as fast as it may; counts what it has moved. */
    private AtomicLong transfer(BandwidthLimit limit, long batch) {
        AtomicLong moved = new AtomicLong();
        transfers.add(Mono.defer(() -> {
                    moved.addAndGet(batch);
                    return limit.pass(batch);
                })
                .repeat()
                .subscribe());
        return moved;
    }

    private static AtomicBoolean passes(BandwidthLimit limit, long bytes) {
        AtomicBoolean through = new AtomicBoolean();
        limit.pass(bytes).subscribe(null, null, () -> through.set(true));
        return through;
    }

    @ParameterizedTest
    @CsvSource({
        "1024, 1024",
        "65536, 1000",
        "1048576, 65536",
        "1048576, 262144",
        "1000000, 7",
        "100000000, 65536",
        "2000000000, 2097152",
        "16000000000, 2097152",
    })
    void holdsTheRateOverTenSeconds(long bytesPerSecond, long batch) {
        AtomicLong moved = transfer(BandwidthLimit.of(bytesPerSecond), batch);

        time.advanceTimeBy(ofSeconds(10));

        long burst = Math.max(64 * KIB, bytesPerSecond / 10);
        assertThat(moved.get())
                .isBetween((long) (9.99 * bytesPerSecond), (long) (10.01 * bytesPerSecond) + burst + batch);
    }

    @Test
    void sharersDivideTheRateEvenly() {
        BandwidthLimit limit = BandwidthLimit.of(MIB);
        List<AtomicLong> moved =
                Stream.generate(() -> transfer(limit, 64 * KIB)).limit(5).toList();

        time.advanceTimeBy(ofSeconds(10));

        assertThat(moved.stream().mapToLong(AtomicLong::get).sum()).isBetween(10 * MIB, 10 * MIB + 8 * 64 * KIB);
        long least = moved.stream().mapToLong(AtomicLong::get).min().orElseThrow();
        assertThat(moved).allSatisfy(one -> assertThat(one.get()).isBetween(least, least + 64 * KIB));
    }

    @Test
    void aSmallTransferIsNotStarvedByGreatOnes() {
        BandwidthLimit limit = BandwidthLimit.of(MIB);
        transfer(limit, MIB);
        transfer(limit, MIB);
        AtomicLong small = transfer(limit, KIB);

        time.advanceTimeBy(ofSeconds(20));

        // A batch of its own for every batch of the others.
        assertThat(small.get()).isGreaterThan(9 * KIB);
    }

    @Test
    void whatIsWithinTheBurstPassesAtOnce() {
        BandwidthLimit limit = BandwidthLimit.of(KIB);

        assertThat(passes(limit, 64 * KIB)).isTrue();
        assertThat(limit.hasTimer()).isFalse();
        assertThat(passes(limit, 1024)).isFalse();
        time.advanceTimeBy(ofMillis(999));
        AtomicBoolean next = passes(limit, 0);
        assertThat(next).isFalse();
        time.advanceTimeBy(ofMillis(1));
        assertThat(next).isTrue();
    }

    @Test
    void aLimitThatIsRaisedWakesThoseWhoWait() {
        BandwidthLimit limit = BandwidthLimit.of(KIB);
        AtomicBoolean through = passes(limit, 2 * MIB);
        time.advanceTimeBy(ofSeconds(60));

        limit.change(MIB);

        assertThat(limit.bytesPerSecond()).isEqualTo(MIB);
        time.advanceTimeBy(ofMillis(1800));
        assertThat(through).isFalse();
        time.advanceTimeBy(ofMillis(100));
        assertThat(through).isTrue();
    }

    @Test
    void aLimitThatIsLoweredSlowsThoseWhoWait() {
        BandwidthLimit limit = BandwidthLimit.of(MIB);
        AtomicLong moved = transfer(limit, 64 * KIB);
        time.advanceTimeBy(ofSeconds(5));
        long before = moved.get();

        limit.change(10 * KIB);
        time.advanceTimeBy(ofSeconds(100));

        assertThat(moved.get() - before).isBetween(1000 * KIB - 64 * KIB, 1000 * KIB + 192 * KIB);
    }

    @Test
    void changingItOverAndOverGivesNoFurtherBurst() {
        BandwidthLimit limit = BandwidthLimit.of(MIB);
        AtomicLong moved = transfer(limit, 64 * KIB);

        for (int i = 0; i < 1000; i++) {
            limit.change(MIB - i % 2);
            time.advanceTimeBy(ofMillis(10));
        }

        assertThat(moved.get()).isBetween((long) (9.9 * MIB), 10 * MIB + 256 * KIB);
    }

    @Test
    void aLimitThatIsLiftedLetsAllGo() {
        BandwidthLimit limit = BandwidthLimit.of(1);
        AtomicBoolean first = passes(limit, MIB);
        AtomicBoolean second = passes(limit, MIB);

        limit.lift();

        assertThat(limit.bytesPerSecond()).isEqualTo(-1);
        assertThat(first).isTrue();
        assertThat(second).isTrue();
        assertThat(limit.hasTimer()).isFalse();
        assertThat(passes(limit, Long.MAX_VALUE)).isTrue();
        limit.change(KIB);
        assertThat(passes(limit, 64 * KIB)).as("nothing is owed from before").isTrue();
        assertThat(passes(limit, KIB)).isFalse();
    }

    @Test
    void unlimitedCanBeLimitedLater() {
        BandwidthLimit limit = BandwidthLimit.unlimited();

        assertThat(limit.bytesPerSecond()).isEqualTo(-1);
        assertThat(passes(limit, 1000 * MIB)).isTrue();
        limit.change(KIB);
        assertThat(passes(limit, 100 * KIB)).isFalse();
    }

    @Test
    void whoeverLeavesGetsNothingBack() {
        BandwidthLimit limit = BandwidthLimit.of(64 * KIB);
        Disposable first = limit.pass(128 * KIB).subscribe();
        Disposable second = limit.pass(64 * KIB).subscribe();
        first.dispose();
        second.dispose();
        assertThat(limit.hasTimer()).isFalse();

        AtomicBoolean third = passes(limit, 0);

        time.advanceTimeBy(ofMillis(1990));
        assertThat(third).isFalse();
        time.advanceTimeBy(ofMillis(20));
        assertThat(third).isTrue();
    }

    @Test
    void chargesEachSubscriptionAndNothingBefore() {
        BandwidthLimit limit = BandwidthLimit.of(KIB);
        Mono<Void> pass = limit.pass(64 * KIB);

        assertThat(passes(limit, 64 * KIB)).isTrue();
        pass.subscribe();
        assertThat(passes(limit, 0)).isFalse();
        time.advanceTimeBy(ofSeconds(64));
        assertThat(passes(limit, 0)).isTrue();
    }

    @Test
    void aDebtBeyondCountingIsCut() {
        BandwidthLimit limit = BandwidthLimit.of(1_000_000_000);
        AtomicBoolean through = passes(limit, Long.MAX_VALUE);
        passes(limit, Long.MAX_VALUE);
        limit.change(1);
        passes(limit, Long.MAX_VALUE);

        time.advanceTimeBy(ofHours(3));
        assertThat(through).isFalse();
        limit.change(16_000_000_000L);
        time.advanceTimeBy(ofDays(366));
        assertThat(through).isTrue();
    }

    @Test
    void aFailingCallerDoesNotStopTheLine() {
        BandwidthLimit limit = BandwidthLimit.of(KIB);
        limit.pass(65 * KIB).subscribe(null, null, () -> {
            throw new IllegalStateException("a caller's mistake");
        });
        AtomicBoolean next = passes(limit, KIB);

        time.advanceTimeBy(ofSeconds(2));

        assertThat(next).isTrue();
    }

    @Test
    void manyWhoGoOnAtOnceNeedNoDeepStack() {
        BandwidthLimit limit = BandwidthLimit.of(1);
        AtomicLong through = new AtomicLong();
        for (int i = 0; i < 50_000; i++) {
            limit.pass(MIB).then(limit.pass(MIB)).subscribe(null, null, through::incrementAndGet);
        }

        limit.lift();

        assertThat(through).hasValue(50_000);
    }

    @Test
    void manyThreadsKeepTheRateTogether() throws InterruptedException {
        VirtualTimeScheduler.reset();
        BandwidthLimit limit = BandwidthLimit.of(64 * MIB);
        long start = System.nanoTime();

        Flux.range(0, 8)
                .flatMap(i -> Mono.defer(() -> limit.pass(64 * KIB))
                        .repeat(63)
                        .then()
                        .subscribeOn(Schedulers.boundedElastic()))
                .blockLast(ofSeconds(30));

        // 32 MiB less the burst.
        assertThat(System.nanoTime() - start).isGreaterThan(ofMillis(390).toNanos());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 16_000_000_001L, Long.MAX_VALUE, Long.MIN_VALUE})
    void refusesALimitThatIsNone(long bytesPerSecond) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BandwidthLimit.of(bytesPerSecond))
                .withMessageContaining("bytesPerSecond");
        BandwidthLimit limit = BandwidthLimit.of(5);
        assertThatIllegalArgumentException().isThrownBy(() -> limit.change(bytesPerSecond));
        assertThat(limit).hasToString("5 bytes a second");
        assertThatIllegalArgumentException().isThrownBy(() -> limit.pass(-1));
    }
}
