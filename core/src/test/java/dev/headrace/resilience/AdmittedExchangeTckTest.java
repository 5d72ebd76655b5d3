package dev.headrace.resilience;

import static java.time.Duration.ofSeconds;

import dev.headrace.http.Interceptor;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.test.ReactiveStreamsTck;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class AdmittedExchangeTckTest {

    @TestFactory
    Stream<DynamicTest> keepsTheRulesOfPublishers() {
        return ReactiveStreamsTck.testsOf(new Exchanges(false));
    }

    @TestFactory
    Stream<DynamicTest> keepsTheRulesOfPublishersOverAnAsynchronousSource() {
        return ReactiveStreamsTck.testsOf(new Exchanges(true));
    }

    private static final class Exchanges extends PublisherVerification<Response> {

        private static final Request GET = Request.get("http://api.test/a");

        private final boolean asynchronous;
        private final Interceptor admission = Admission.of(
                RateLimitPolicy.perSecond(1_000_000).limiter(),
                CircuitBreakerPolicy.consecutiveFailures(1_000_000, ofSeconds(1))
                        .breaker(),
                BulkheadPolicy.maxConcurrent(1_000).bulkhead());

        Exchanges(boolean asynchronous) {
            super(ReactiveStreamsTck.environment());
            this.asynchronous = asynchronous;
        }

        @Override
        public Publisher<Response> createPublisher(long elements) {
            Mono<Response> source = elements == 0 ? Mono.empty() : Mono.just(Play.answer(GET, 200));
            return admission.intercept(GET, request -> asynchronous ? source.publishOn(Schedulers.parallel()) : source);
        }

        @Override
        public Publisher<Response> createFailedPublisher() {
            return admission.intercept(GET, request -> Mono.error(new IllegalStateException("failed")));
        }

        @Override
        public long maxElementsFromPublisher() {
            return 1;
        }
    }
}
