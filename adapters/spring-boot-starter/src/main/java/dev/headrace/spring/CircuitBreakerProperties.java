package dev.headrace.spring;

import dev.headrace.resilience.CircuitBreakerPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@code circuit-breaker}: when a remote that fails is left alone.
 *
 * @param consecutiveFailures Opens after so many failures in a row. Either this or a failure rate.
 * @param failureRate Opens when so many percent of the calls of late have failed; more than 0, at most 100.
 * @param calls How many calls the failure rate looks at. Either this or a span.
 * @param span How far back the failure rate looks; whole seconds.
 * @param openFor How long nothing is sent then. Required.
 * @param minimumCalls Fewest calls before a rate is believed. Default all of the calls, or 10 of a span.
 * @param halfOpenTrials Calls that try whether the remote is back. Default 1.
 */
record CircuitBreakerProperties(
        @Nullable Integer consecutiveFailures,
        @Nullable Float failureRate,
        @Nullable Integer calls,
        @Nullable Duration span,
        @Nullable Duration openFor,
        @Nullable Integer minimumCalls,
        @Nullable Integer halfOpenTrials) {

    CircuitBreakerPolicy policy(PropertyPath path) {
        Duration open = path.required("open-for", openFor);
        if (open.isNegative() || open.isZero()) {
            throw path.at("open-for").refused("It must be more than zero, but is " + open);
        }
        path.onlyOne("consecutive-failures", consecutiveFailures, "failure-rate", failureRate);
        CircuitBreakerPolicy policy = failureRate == null ? inARow(path, open) : ofLate(path, failureRate, open);
        policy = path.set(policy, "minimum-calls", minimumCalls, CircuitBreakerPolicy::minimumCalls);
        return path.set(policy, "half-open-trials", halfOpenTrials, CircuitBreakerPolicy::halfOpenTrials);
    }

    private CircuitBreakerPolicy inARow(PropertyPath path, Duration open) {
        belongsToRate(path, "calls", calls);
        belongsToRate(path, "span", span);
        belongsToRate(path, "minimum-calls", minimumCalls);
        if (consecutiveFailures == null) {
            throw path.refused("Either " + path.at("consecutive-failures").name() + " or "
                    + path.at("failure-rate").name() + " must be set");
        }
        return path.at("consecutive-failures")
                .attempt(() -> CircuitBreakerPolicy.consecutiveFailures(consecutiveFailures, open));
    }

    private CircuitBreakerPolicy ofLate(PropertyPath path, float percent, Duration open) {
        path.onlyOne("calls", calls, "span", span);
        if (!(percent > 0 && percent <= 100)) {
            throw path.at("failure-rate").refused("It must be more than 0 and at most 100 percent, but is " + percent);
        }
        if (span != null) {
            return path.at("span").attempt(() -> CircuitBreakerPolicy.slidingWindow(percent, span, open));
        }
        if (calls == null) {
            throw path.at("failure-rate")
                    .refused("It needs " + path.at("calls").name() + " or "
                            + path.at("span").name() + " beside it");
        }
        return path.at("calls").attempt(() -> CircuitBreakerPolicy.slidingWindow(percent, calls, open));
    }

    private static void belongsToRate(PropertyPath path, String key, @Nullable Object value) {
        if (value != null) {
            throw path.at(key)
                    .refused("It has no meaning without "
                            + path.at("failure-rate").name());
        }
    }
}
