package dev.headrace.connector;

import dev.headrace.test.ReactiveStreamsTck;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

class PageFluxTckTest {

    private static final int PAGE = 3;

    @TestFactory
    Stream<DynamicTest> keepsTheRulesOverSynchronousPages() {
        return ReactiveStreamsTck.testsOf(new Items(false, 0));
    }

    @TestFactory
    Stream<DynamicTest> keepsTheRulesOverAsynchronousPagesWithSomeAhead() {
        return ReactiveStreamsTck.testsOf(new Items(true, 2));
    }

    private static final class Items extends PublisherVerification<Long> {

        private final boolean asynchronous;
        private final int prefetch;

        Items(boolean asynchronous, int prefetch) {
            super(ReactiveStreamsTck.environment());
            this.asynchronous = asynchronous;
            this.prefetch = prefetch;
        }

        @Override
        public Publisher<Long> createPublisher(long elements) {
            // Pages are named one by one, as they are when each has to be read for that.
            Flux<PageFlux.Source<Long>> pages = Flux.<PageFlux.Source<Long>, Long>generate(() -> 0L, (from, sink) -> {
                        if (from >= elements) {
                            sink.complete();
                        } else {
                            sink.next(page(from, Math.min(PAGE, elements - from)));
                        }
                        return from + PAGE;
                    })
                    .limitRate(1);
            return new PageFlux<>(elements > 1_000 ? Flux.just(page(0, elements)) : pages, prefetch);
        }

        private PageFlux.Source<Long> page(long from, long size) {
            Flux<Long> items = Flux.generate(() -> from, (next, sink) -> {
                if (next == from + size) {
                    sink.complete();
                } else {
                    sink.next(next);
                }
                return next + 1;
            });
            return new PageFlux.Source<>() {
                @Override
                public Publisher<Long> items() {
                    return asynchronous ? items.publishOn(Schedulers.parallel(), 1) : items;
                }

                @Override
                public long size() {
                    return size;
                }

                @Override
                public void delivered(long items) {}
            };
        }

        @Override
        public Publisher<Long> createFailedPublisher() {
            return new PageFlux<>(Flux.error(new IllegalStateException("failed")), prefetch);
        }

        @Override
        public long maxElementsFromPublisher() {
            return Long.MAX_VALUE - 1;
        }
    }
}
