package dev.headrace.http;

import dev.headrace.test.ReactiveStreamsTck;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class ScopedExchangeTckTest {

    @TestFactory
    Stream<DynamicTest> keepsTheRulesOfReactiveStreams() {
        return ReactiveStreamsTck.testsOf(new Verification());
    }

    private static final class Verification extends PublisherVerification<Long> {

        Verification() {
            super(new TestEnvironment(1000, 50, 10));
        }

        @Override
        public Publisher<Long> createPublisher(long elements) {
            Exchange exchange = request -> Mono.just(
                    new Response(request, 200, Headers.none(), Flux.empty(), () -> {}, BodyEnding.past(), null));
            return exchange.exchange(
                    Request.get("http://h/x"),
                    response -> Flux.generate(() -> 0L, (sent, sink) -> {
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
