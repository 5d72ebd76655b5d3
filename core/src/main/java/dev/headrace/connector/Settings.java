package dev.headrace.connector;

import dev.headrace.Defaults;
import dev.headrace.auth.Auth;
import dev.headrace.http.ExchangeListener;
import dev.headrace.http.ExchangeListeners;
import dev.headrace.http.ExchangeOptions;
import dev.headrace.http.Headers;
import dev.headrace.http.Interceptor;
import dev.headrace.http.OriginPolicy;
import dev.headrace.http.Request;
import dev.headrace.http.Timeouts;
import dev.headrace.http.TransportSettings;
import dev.headrace.observe.Counters;
import dev.headrace.observe.Observations;
import dev.headrace.observe.WireLog;
import dev.headrace.resilience.Bulkhead;
import dev.headrace.resilience.BulkheadPolicy;
import dev.headrace.resilience.CircuitBreaker;
import dev.headrace.resilience.CircuitBreakerPolicy;
import dev.headrace.resilience.ErrorRules;
import dev.headrace.resilience.RateLimitPolicy;
import dev.headrace.resilience.RateLimiter;
import dev.headrace.resilience.RetryInterceptor;
import dev.headrace.resilience.RetryPolicy;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a connector is made from: policies, and the state that belongs to them. Written by the builder and by the overrides of rules, and
 * never once a connector is built. A copy shares the state; setting a policy anew drops its state, so that a child shares what it did not
 * set itself.
 */
final class Settings {

    final URI base;
    String name;
    Headers headers = Headers.none();
    Timeouts timeouts = Timeouts.defaults();
    OriginPolicy origins = OriginPolicy.sameOrigin();
    int maxRedirects = Defaults.MAX_REDIRECTS;

    @Nullable
    Auth auth;

    TransportSettings transport = TransportSettings.defaults();
    Request probe = Request.get("");

    final List<Interceptor> interceptors = new ArrayList<>();
    final List<Interceptor> callInterceptors = new ArrayList<>();
    final List<Hook> hooks = new ArrayList<>();
    final List<ExchangeListener> listeners = new ArrayList<>();
    final Map<String, Endpoint<?>> endpoints = new LinkedHashMap<>();
    final List<Rule> rules = new ArrayList<>();

    private RetryPolicy retry = RetryPolicy.defaults();
    private ErrorRules errors = ErrorRules.none();
    private @Nullable RateLimitPolicy rateLimit;
    private @Nullable CircuitBreakerPolicy circuitBreaker;
    private @Nullable BulkheadPolicy bulkhead;
    private boolean cookies;

    WireLog wireLog = WireLog.debug();

    @Nullable
    Observations observations;

    private @Nullable RetryInterceptor retryStep;
    private @Nullable RateLimiter limiter;
    private @Nullable CircuitBreaker breaker;
    private @Nullable Bulkhead places;
    private @Nullable Interceptor cookieJar;
    private @Nullable Counters counters;

    /** Of requests for a whole answer that ask for nothing of their own; made when the first is sent. */
    private @Nullable ExchangeOptions usual;

    Settings(URI base) {
        this.base = base;
        this.name = base.getHost();
    }

    Settings(Settings other) {
        this.base = other.base;
        this.name = other.name;
        this.headers = other.headers;
        this.timeouts = other.timeouts;
        this.origins = other.origins;
        this.maxRedirects = other.maxRedirects;
        this.auth = other.auth;
        this.transport = other.transport;
        this.probe = other.probe;
        this.interceptors.addAll(other.interceptors);
        this.callInterceptors.addAll(other.callInterceptors);
        this.hooks.addAll(other.hooks);
        this.listeners.addAll(other.listeners);
        this.endpoints.putAll(other.endpoints);
        this.rules.addAll(other.rules);
        this.retry = other.retry;
        this.errors = other.errors;
        this.rateLimit = other.rateLimit;
        this.circuitBreaker = other.circuitBreaker;
        this.bulkhead = other.bulkhead;
        this.cookies = other.cookies;
        this.wireLog = other.wireLog;
        this.observations = other.observations;
        this.retryStep = other.retryStep;
        this.limiter = other.limiter;
        this.breaker = other.breaker;
        this.places = other.places;
        this.cookieJar = other.cookieJar;
        this.counters = other.counters;
    }

    void retry(RetryPolicy policy) {
        retry = policy;
        retryStep = null;
    }

    void errors(ErrorRules rules) {
        errors = rules;
        retryStep = retryStep == null ? null : retryStep.withRules(rules);
    }

    void rateLimit(@Nullable RateLimitPolicy policy) {
        rateLimit = policy;
        limiter = null;
    }

    void circuitBreaker(@Nullable CircuitBreakerPolicy policy) {
        circuitBreaker = policy;
        breaker = null;
    }

    void bulkhead(@Nullable BulkheadPolicy policy) {
        bulkhead = policy;
        places = null;
    }

    void cookies(boolean on) {
        cookies = on;
        cookieJar = null;
    }

    /** Takes the state of policies that were set anew from where the same policies have theirs already. */
    void adoptState(Settings other) {
        if (retryStep == null && retry == other.retry && other.retryStep != null) {
            retryStep = other.retryStep.withRules(errors);
        }
        if (limiter == null && rateLimit == other.rateLimit) {
            limiter = other.limiter;
        }
        if (breaker == null && circuitBreaker == other.circuitBreaker) {
            breaker = other.breaker;
        }
        if (places == null && bulkhead == other.bulkhead) {
            places = other.places;
        }
    }

    /** Makes the state that is missing. */
    void completeState() {
        if (counters == null) {
            counters = new Counters();
        }
        if (retryStep == null) {
            retryStep = retry.asInterceptor(errors);
        }
        if (limiter == null && rateLimit != null) {
            limiter = rateLimit.limiter();
        }
        if (breaker == null && circuitBreaker != null) {
            breaker = circuitBreaker.breaker();
        }
        if (places == null && bulkhead != null) {
            places = bulkhead.bulkhead();
        }
        if (cookieJar == null && cookies) {
            cookieJar = Interceptor.cookies();
        }
    }

    RetryPolicy retry() {
        return retry;
    }

    ErrorRules errors() {
        return errors;
    }

    @Nullable
    RateLimitPolicy rateLimit() {
        return rateLimit;
    }

    @Nullable
    CircuitBreakerPolicy circuitBreaker() {
        return circuitBreaker;
    }

    @Nullable
    BulkheadPolicy bulkhead() {
        return bulkhead;
    }

    boolean cookies() {
        return cookies;
    }

    RetryInterceptor retryStep() {
        return Objects.requireNonNull(retryStep, "state is not complete");
    }

    @Nullable
    RateLimiter limiter() {
        return limiter;
    }

    @Nullable
    CircuitBreaker breaker() {
        return breaker;
    }

    @Nullable
    Bulkhead places() {
        return places;
    }

    @Nullable
    Interceptor cookieJar() {
        return cookieJar;
    }

    /** Whoever is told of calls and attempts, our own counts among them. */
    ExchangeListeners observers() {
        List<ExchangeListener> all = new ArrayList<>(listeners);
        all.add(counters());
        return ExchangeListeners.of(all);
    }

    Counters counters() {
        return Objects.requireNonNull(counters, "state is not complete");
    }

    static void checkRedirects(int maxRedirects) {
        if (maxRedirects < 0) {
            throw new IllegalArgumentException("maxRedirects must not be negative, but is " + maxRedirects);
        }
    }

    /** A request's options with what it leaves to its connector. Most have none of their own, so what those become is made once. */
    @SuppressWarnings("ReferenceEquality") // There is one of the defaults.
    ExchangeOptions filled(ExchangeOptions own, int documentHead) {
        if (own != ExchangeOptions.defaults() || documentHead != Defaults.DOCUMENT_HEAD) {
            return fill(own, documentHead);
        }
        ExchangeOptions known = usual;
        if (known == null) {
            known = fill(own, documentHead);
            usual = known;
        }
        return known;
    }

    private ExchangeOptions fill(ExchangeOptions own, int documentHead) {
        ExchangeOptions filled = own.timeouts(own.timeoutsOver(timeouts));
        return documentHead == own.documentHead() ? filled : filled.documentHead(documentHead);
    }
}
