package dev.headrace.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.util.context.Context;

class StepFluxTest {

    /** As many as the step says. */
    private static List<Integer> times(int step) {
        return Collections.nCopies(step, step);
    }

    @Test
    void asksForAStepOnlyWhenTheOneBeforeIsUsedUpAndMoreIsWanted() {
        AtomicLong asked = new AtomicLong();
        Flux<Integer> steps = Flux.just(1, 0, 3, 1).hide().doOnRequest(asked::addAndGet);

        StepVerifier.create(new StepFlux<>(steps, StepFluxTest::times), 0)
                .expectSubscription()
                .then(() -> assertThat(asked).hasValue(0))
                .thenRequest(1)
                .expectNext(1)
                .then(() -> assertThat(asked).hasValue(1))
                .thenRequest(1)
                .expectNext(3)
                .then(() -> assertThat(asked).hasValue(3))
                .thenRequest(2)
                .expectNext(3, 3)
                .then(() -> assertThat(asked).hasValue(3))
                .thenRequest(5)
                .expectNext(1)
                .verifyComplete();
        assertThat(asked).hasValue(4);
    }

    @Test
    void failsOnceWhatCameBeforeHasBeenDelivered() {
        TestPublisher<Integer> steps = TestPublisher.create();

        StepVerifier.create(new StepFlux<>(steps, StepFluxTest::times), 1)
                .then(() -> steps.next(2).error(new IllegalStateException("x")))
                .expectNext(2)
                .thenRequest(1)
                .expectNext(2)
                .verifyErrorMessage("x");
    }

    @Test
    void completesAndFailsWithoutBeingAsked() {
        StepVerifier.create(new StepFlux<>(Flux.<Integer>empty(), StepFluxTest::times), 0)
                .verifyComplete();
        StepVerifier.create(new StepFlux<>(Flux.<Integer>error(new IllegalStateException("x")), StepFluxTest::times), 0)
                .verifyErrorMessage("x");
    }

    @Test
    void cancelsTheStepsWhenAStepCannotBeUsed() {
        TestPublisher<Integer> steps = TestPublisher.create();

        StepVerifier.create(new StepFlux<Integer, Integer>(steps, step -> {
                    throw new IllegalStateException("step " + step);
                }))
                .then(() -> steps.next(1))
                .verifyErrorMessage("step 1");
        steps.assertCancelled();
    }

    @Test
    void deliversNothingAfterACancel() {
        TestPublisher<Integer> steps = TestPublisher.create();
        List<Integer> read = new ArrayList<>();

        StepVerifier.create(new StepFlux<>(steps, StepFluxTest::times)
                        .doOnNext(read::add)
                        .take(2))
                .then(() -> steps.next(3))
                .expectNext(3, 3)
                .verifyComplete();

        steps.assertCancelled();
        assertThat(read).hasSize(2);
    }

    @Test
    void needsNoStackForManySteps() {
        StepVerifier.create(new StepFlux<>(Flux.range(0, 100_000).map(step -> step % 3), StepFluxTest::times).count())
                .expectNext(
                        IntStream.range(0, 100_000).mapToLong(step -> step % 3).sum())
                .verifyComplete();
    }

    @Test
    void keepsOrderAcrossThreadsAndPassesTheContext() {
        Flux<Integer> steps = Flux.deferContextual(context -> Flux.range(0, context.<Integer>get("steps")))
                .concatMap(step -> Mono.just(step).publishOn(Schedulers.parallel()), 0);

        List<Integer> read = new StepFlux<>(steps, step -> List.of(step, step))
                .publishOn(Schedulers.single(), 3)
                .contextWrite(Context.of("steps", 10_000))
                .collectList()
                .blockOptional(Duration.ofSeconds(30))
                .orElseThrow();

        assertThat(read)
                .isEqualTo(IntStream.range(0, 20_000)
                        .mapToObj(number -> number / 2)
                        .toList());
    }
}
