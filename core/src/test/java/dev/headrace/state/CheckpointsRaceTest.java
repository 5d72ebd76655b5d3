package dev.headrace.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Elements, clock, slow saves and the end of the stream on threads of their own, at random moments. */
class CheckpointsRaceTest {

    private static final int ROUNDS = Boolean.getBoolean("headrace.soak") ? 5_000 : 60;
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    private RecordingStore store() {
        return new RecordingStore(
                number -> Mono.delay(Duration.ofNanos(number % 7 * 150_000L)).then());
    }

    private CommitPolicy policy() {
        return CommitPolicy.every(1 + random.nextInt(20)).orAfter(Duration.ofMillis(1));
    }

    private static Flux<Numbered> numbers(int count) {
        return Flux.range(1, count).map(Numbered::at).publishOn(Schedulers.parallel(), 4);
    }

    @Test
    void completionFindsEverythingSaved() {
        for (int round = 0; round < ROUNDS; round++) {
            RecordingStore store = store();
            int count = 1 + random.nextInt(100);

            StepVerifier.create(numbers(count).transform(Checkpoints.committing(store, "key", policy())))
                    .expectNextCount(count)
                    .expectComplete()
                    .verify(LONGEST);

            assertThat(store.isIdle()).isTrue();
            assertThat(lastOf(store)).as("seed %d, round %d", seed, round).isEqualTo(count);
            assertInOrder(store, round);
        }
    }

    @Test
    void cancelLeavesEverythingSavedThatWasHandled() {
        for (int round = 0; round < ROUNDS; round++) {
            RecordingStore store = store();
            AtomicInteger handled = new AtomicInteger();
            int enough = 1 + random.nextInt(60);
            Disposable reading = numbers(1_000_000)
                    .doOnNext(element -> handled.set(element.number()))
                    .transform(Checkpoints.committing(store, "key", policy()))
                    .subscribe();

            await(() -> handled.get() >= enough);
            reading.dispose();

            // One element may be on its way here when the reader leaves; it is repeated then.
            int last = handled.get() - 1;
            await(() -> store.isIdle() && (last == 0 || lastOf(store) >= last));
            assertInOrder(store, round);
        }
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(LONGEST)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(condition);
    }

    private static int lastOf(RecordingStore store) {
        List<Integer> saved = List.copyOf(store.saved());
        return saved.isEmpty() ? 0 : saved.get(saved.size() - 1);
    }

    private void assertInOrder(RecordingStore store, int round) {
        assertThat(store.isDisturbed()).as("seed %d, round %d", seed, round).isFalse();
        assertThat(store.saved())
                .as("seed %d, round %d", seed, round)
                .isSorted()
                .doesNotHaveDuplicates();
    }
}
