package dev.headrace.sse;

import static java.time.Duration.ofMillis;

import dev.headrace.test.ReactiveStreamsTck;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import reactor.core.publisher.Flux;

class EventChunksTckTest {

    @TestFactory
    Stream<DynamicTest> keepsTheRulesOfReactiveStreams() {
        return ReactiveStreamsTck.testsOf(new Verification());
    }

    private static final class Verification extends PublisherVerification<List<Long>> {

        Verification() {
            super(ReactiveStreamsTck.environment());
        }

        @Override
        public Publisher<List<Long>> createPublisher(long chunks) {
            Flux<Long> elements = Flux.generate(() -> 0L, (sent, sink) -> {
                if (sent >= 3 * chunks) {
                    sink.complete();
                } else {
                    sink.next(sent);
                }
                return sent + 1;
            });
            return EventChunks.of(elements, 3, ofMillis(500));
        }

        @Override
        public long maxElementsFromPublisher() {
            return Long.MAX_VALUE / 3;
        }

        @Override
        public Publisher<List<Long>> createFailedPublisher() {
            return EventChunks.of(Flux.error(new IllegalStateException("failed")), 3, ofMillis(500));
        }
    }
}
