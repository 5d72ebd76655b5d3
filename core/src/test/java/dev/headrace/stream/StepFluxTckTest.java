package dev.headrace.stream;

import dev.headrace.test.ReactiveStreamsTck;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

class StepFluxTckTest {

    @TestFactory
    Stream<DynamicTest> keepsTheRulesOverSynchronousSteps() {
        return ReactiveStreamsTck.testsOf(new Results(false));
    }

    @TestFactory
    Stream<DynamicTest> keepsTheRulesOverAsynchronousSteps() {
        return ReactiveStreamsTck.testsOf(new Results(true));
    }

    /** Every other step gives nothing, those between two results each. */
    private static final class Results extends PublisherVerification<Long> {

        private final boolean asynchronous;

        Results(boolean asynchronous) {
            super(ReactiveStreamsTck.environment());
            this.asynchronous = asynchronous;
        }

        @Override
        public Publisher<Long> createPublisher(long elements) {
            Flux<Long> steps = Flux.generate(() -> 0L, (step, sink) -> {
                if (step >= elements) {
                    sink.complete();
                } else {
                    sink.next(step);
                }
                return step + 1;
            });
            return new StepFlux<>(
                    asynchronous ? steps.publishOn(Schedulers.parallel(), 1) : steps,
                    step -> step % 2 == 1 ? List.of() : step + 1 == elements ? List.of(step) : List.of(step, step + 1));
        }

        @Override
        public Publisher<Long> createFailedPublisher() {
            return new StepFlux<>(Flux.<Long>error(new IllegalStateException("no steps")), List::of);
        }
    }
}
