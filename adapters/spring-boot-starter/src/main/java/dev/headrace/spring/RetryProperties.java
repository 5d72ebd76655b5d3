package dev.headrace.spring;

import dev.headrace.resilience.RetryPolicy;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code retry}: when failed attempts are made again.
 *
 * @param backoff How the waits grow from one retry to the next; never makes none. Default exponential.
 * @param firstDelay Wait before the first retry, and before every one if the backoff is fixed. Default 500ms.
 * @param maxRetries Most retries of one call. Default 3.
 * @param maxDelay Longest wait of our own. Default 30s.
 * @param jitter How much of a wait chance decides, from 0 to 1. Default 0.5.
 * @param firstRetryImmediate Whether the first retry leaves at once.
 * @param statuses Statuses that may be sent again, in place of the default ones.
 * @param methods Methods that may be sent again, in place of the idempotent ones.
 * @param allMethods Whether every method may be sent again, POST as well.
 * @param maxRetryAfter Longest wait that a server may ask for. Default 2m.
 * @param ignoreRetryAfter Whether no attention is paid to Retry-After.
 * @param onExhausted What a call ends with when retries are used up: its last response, or an error. Default last-response.
 * @param budget How many retries all calls together may make.
 */
record RetryProperties(
        @Nullable Backoff backoff,
        @Nullable Duration firstDelay,
        @Nullable Integer maxRetries,
        @Nullable Duration maxDelay,
        @Nullable Double jitter,
        boolean firstRetryImmediate,
        @Nullable Set<Integer> statuses,
        @Nullable Set<String> methods,
        boolean allMethods,
        @Nullable Duration maxRetryAfter,
        boolean ignoreRetryAfter,
        RetryPolicy.@Nullable OnExhausted onExhausted,
        @Nullable Budget budget) {

    /** How waits grow. */
    enum Backoff {
        /** They double. */
        EXPONENTIAL,
        /** They grow by the same. */
        LINEAR,
        /** They stay the same. */
        FIXED,
        /** There is no retry. */
        NEVER
    }

    /**
     * {@code retry.budget}.
     *
     * @param enabled Whether there is a budget.
     * @param share Retries for each call of the last 10 seconds. Default 0.1.
     * @param floor Retries beyond that share. Default 10.
     */
    record Budget(
            @DefaultValue("true") boolean enabled,
            @Nullable Double share,
            @Nullable Integer floor) {

        private RetryPolicy on(RetryPolicy policy, PropertyPath path) {
            if (!enabled) {
                return policy.withoutBudget();
            }
            RetryPolicy shared = path.set(policy, "share", share, (p, value) -> p.budget(value, p.budgetFloor()));
            return path.set(shared, "floor", floor, (p, value) -> p.budget(p.budgetShare(), value));
        }
    }

    RetryPolicy policy(PropertyPath path) {
        // A profile may switch retries off without having to take back what another has set.
        if (backoff == Backoff.NEVER) {
            return RetryPolicy.never();
        }
        path.onlyOne("methods", methods, "all-methods", allMethods ? true : null);
        RetryPolicy policy = path.at("first-delay").attempt(this::shaped);
        policy = path.set(policy, "max-retries", maxRetries, RetryPolicy::maxRetries);
        policy = path.set(policy, "max-delay", maxDelay, RetryPolicy::maxDelay);
        policy = path.set(policy, "jitter", jitter, RetryPolicy::jitter);
        policy = path.enable(policy, "first-retry-immediate", firstRetryImmediate, RetryPolicy::firstRetryImmediate);
        policy = path.set(policy, "statuses", statuses, RetryPolicy::statuses);
        policy = path.set(policy, "methods", methods, RetryPolicy::retryMethods);
        policy = path.enable(policy, "all-methods", allMethods, RetryPolicy::retryAllMethods);
        policy = path.set(policy, "max-retry-after", maxRetryAfter, RetryPolicy::maxRetryAfter);
        policy = path.enable(policy, "ignore-retry-after", ignoreRetryAfter, RetryPolicy::ignoreRetryAfter);
        policy = path.set(policy, "on-exhausted", onExhausted, RetryPolicy::onExhausted);
        return budget == null ? policy : budget.on(policy, path.at("budget"));
    }

    private RetryPolicy shaped() {
        Duration first = firstDelay == null ? RetryPolicy.defaults().firstDelay() : firstDelay;
        if (backoff == Backoff.LINEAR) {
            return RetryPolicy.linear(first);
        }
        return backoff == Backoff.FIXED ? RetryPolicy.fixed(first) : RetryPolicy.exponential(first);
    }
}
