package dev.headrace.resilience;

import dev.headrace.http.Exchange;
import dev.headrace.http.Interceptor;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * Lets an attempt through when the circuit is not open, the rate limit has a permit and the bulkhead a place; belongs inside retry, once per
 * attempt.
 *
 * <p>In this order: an open circuit refuses, and no rate permit is taken; a rate permit is waited for; a place is waited for; the circuit
 * lets the call pass or not, and if not, place and permit are given back. Waiting holds no connection, no thread and no permit of the
 * circuit. A caller that cancels leaves everything as if it had not come; once sent, its rate permit is used.
 */
public final class Admission implements Interceptor {

    private final @Nullable RateLimiter limiter;
    private final @Nullable CircuitBreaker breaker;
    private final @Nullable Bulkhead bulkhead;

    private Admission(@Nullable RateLimiter limiter, @Nullable CircuitBreaker breaker, @Nullable Bulkhead bulkhead) {
        this.limiter = limiter;
        this.breaker = breaker;
        this.bulkhead = bulkhead;
    }

    /**
     * An admission by what is given.
     *
     * @param limiter the rate limit; null for none
     * @param breaker the circuit breaker; null for none
     * @param bulkhead the bulkhead; null for none
     * @return the interceptor. Its exchange errors with {@link CircuitOpenException}, {@link RateLimitExceededException} or
     *     {@link BulkheadFullException} when it refuses
     */
    public static Admission of(
            @Nullable RateLimiter limiter, @Nullable CircuitBreaker breaker, @Nullable Bulkhead bulkhead) {
        return new Admission(limiter, breaker, bulkhead);
    }

    @Override
    public Mono<Response> intercept(Request request, Exchange next) {
        return AdmittedExchange.of(this, request, next);
    }

    /** A new attempt for whoever has subscribed; throws what the user's functions for keys and weights throw. */
    Attempt attempt(Request request, Exchange next, CoreSubscriber<? super Response> actual) {
        return new Attempt(request, next, limiter, breaker, bulkhead, actual);
    }

    @Override
    public String toString() {
        return "Admission[" + limiter + ", " + breaker + ", " + bulkhead + "]";
    }
}
