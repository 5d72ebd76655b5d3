package dev.headrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.test.ReactiveStreamsTck;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** The operator around an {@link ExchangeWatch}: it passes on what comes, whatever the watch does. */
class WatchedExchangeTest {

    private static final Request GET = Request.get("http://api.test/a");

    @TestFactory
    Stream<DynamicTest> keepsTheRulesOfPublishers() {
        return ReactiveStreamsTck.testsOf(new Exchanges(false));
    }

    @TestFactory
    Stream<DynamicTest> keepsTheRulesOfPublishersOverAnAsynchronousSource() {
        return ReactiveStreamsTck.testsOf(new Exchanges(true));
    }

    @Test
    void handsTheResponseOnWhenItIsAskedFor() {
        StepVerifier.create(watched(Mono.just(response()), request -> new Silent()), 0)
                .expectSubscription()
                .thenRequest(1)
                .expectNextCount(1)
                .verifyComplete();
    }

    @Test
    void goesOnWhenTheWatchThrows() {
        List<Throwable> dropped = new ArrayList<>();
        Hooks.onErrorDropped(dropped::add);
        try {
            StepVerifier.create(watched(Mono.just(response()), request -> new Rude()))
                    .expectNextCount(1)
                    .verifyComplete();
            StepVerifier.create(watched(Mono.error(new IllegalStateException("broken")), request -> new Rude()))
                    .verifyErrorMessage("broken");
            StepVerifier.create(watched(Mono.never(), request -> new Rude()))
                    .thenCancel()
                    .verify();
        } finally {
            Hooks.resetOnErrorDropped();
        }

        assertThat(dropped).extracting(Throwable::getMessage).containsExactly("rude", "rude", "rude");
    }

    @Test
    void aWatchThatCannotBeMadeFailsTheExchange() {
        StepVerifier.create(watched(Mono.just(response()), request -> {
                    throw new IllegalStateException("no watch");
                }))
                .verifyErrorMessage("no watch");
    }

    private static Mono<Response> watched(Mono<Response> exchange, Function<Request, ExchangeWatch> watches) {
        return ExchangeWatch.watching(GET, exchange, watches);
    }

    private static Response response() {
        return Response.of(GET, 200, Headers.none(), new byte[0]);
    }

    private static final class Silent extends ExchangeWatch {

        @Override
        protected void ended(ExchangeEnd end) {}
    }

    private static final class Rude extends ExchangeWatch {

        @Override
        protected void answered(Response response) {
            throw new IllegalStateException("rude");
        }

        @Override
        protected void ended(ExchangeEnd end) {
            throw new IllegalStateException("rude");
        }
    }

    private static final class Exchanges extends PublisherVerification<Response> {

        private final boolean asynchronous;

        Exchanges(boolean asynchronous) {
            super(ReactiveStreamsTck.environment());
            this.asynchronous = asynchronous;
        }

        @Override
        public Publisher<Response> createPublisher(long elements) {
            Mono<Response> source = elements == 0 ? Mono.empty() : Mono.just(response());
            return watched(asynchronous ? source.publishOn(Schedulers.parallel()) : source, request -> new Silent());
        }

        @Override
        public Publisher<Response> createFailedPublisher() {
            return watched(Mono.error(new IllegalStateException("failed")), request -> new Silent());
        }

        @Override
        public long maxElementsFromPublisher() {
            return 1;
        }
    }
}
