package dev.headrace.http;

import dev.headrace.test.ReactiveStreamsTck;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class ScopedExchangeTckTest {

    @TestFactory
    Stream<DynamicTest> keepsTheRulesOfReactiveStreams() {
        return ReactiveStreamsTck.testsOf(new Verification(false));
    }

    @TestFactory
    Stream<DynamicTest> keepsThemOverThreads() {
        return ReactiveStreamsTck.testsOf(new Verification(true));
    }

    private static final class Verification extends PublisherVerification<Long> {

        private final boolean asynchronous;

        Verification(boolean asynchronous) {
            super(ReactiveStreamsTck.environment());
            this.asynchronous = asynchronous;
        }

        @Override
        public Publisher<Long> createPublisher(long elements) {
            Exchange exchange = request -> {
                Mono<Response> head = Mono.just(
                        new Response(request, 200, Headers.none(), Flux.empty(), () -> {}, BodyEnding.past(), null));
                return asynchronous ? head.publishOn(Schedulers.parallel()) : head;
            };
            return exchange.exchange(Request.get("http://h/x"), response -> {
                Flux<Long> numbers = Flux.generate(() -> 0L, (sent, sink) -> {
                    if (sent >= elements) {
                        sink.complete();
                    } else {
                        sink.next(sent);
                    }
                    return sent + 1;
                });
                return asynchronous ? numbers.subscribeOn(Schedulers.parallel()) : numbers;
            });
        }

        /** None: a failure comes when something is asked for. */
        @Override
        @SuppressWarnings("NullAway")
        public Publisher<Long> createFailedPublisher() {
            return null;
        }
    }
}
