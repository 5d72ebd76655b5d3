package dev.headrace.sse;

import dev.headrace.test.ReactiveStreamsTck;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import reactor.core.publisher.Flux;

class OnFirstRequestTckTest {

    @TestFactory
    Stream<DynamicTest> keepsTheRulesOfReactiveStreams() {
        return ReactiveStreamsTck.testsOf(new Verification());
    }

    private static final class Verification extends PublisherVerification<Long> {

        Verification() {
            super(ReactiveStreamsTck.environment());
        }

        @Override
        public Publisher<Long> createPublisher(long elements) {
            return OnFirstRequest.of(Flux.generate(() -> 0L, (sent, sink) -> {
                if (sent >= elements) {
                    sink.complete();
                } else {
                    sink.next(sent);
                }
                return sent + 1;
            }));
        }

        /** None: a failure comes when something is asked for. */
        @Override
        @SuppressWarnings("NullAway")
        public Publisher<Long> createFailedPublisher() {
            return null;
        }
    }
}
