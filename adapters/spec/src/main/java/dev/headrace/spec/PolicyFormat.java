package dev.headrace.spec;

import static dev.headrace.spec.Scalars.duration;
import static dev.headrace.spec.Scalars.integer;
import static dev.headrace.spec.Scalars.number;
import static dev.headrace.spec.Scalars.rate;
import static dev.headrace.spec.Scalars.text;
import static dev.headrace.spec.Scalars.whole;
import static dev.headrace.spec.Scalars.word;
import static dev.headrace.spec.Shapes.oneOrMany;

import dev.headrace.http.PoolSettings;
import dev.headrace.http.RetryAfter;
import dev.headrace.http.Timeouts;
import dev.headrace.resilience.BulkheadPolicy;
import dev.headrace.resilience.CircuitBreakerPolicy;
import dev.headrace.resilience.RateLimitPolicy;
import dev.headrace.resilience.RetryPolicy;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The part of the format that says when to wait, try again or refuse, and how long. */
final class PolicyFormat {

    private static final Shape<Function<dev.headrace.http.Headers, Optional<Duration>>> WAIT =
            Section.<Function<dev.headrace.http.Headers, Optional<Duration>>>ofKinds(
                            "wait", "A header of the response that says how long to wait.")
                    .kind("seconds_in", "Header with a number of seconds.", text(), RetryAfter::secondsIn)
                    .kind(
                            "until_in",
                            "Header with a moment: epoch seconds, milliseconds or a date.",
                            text(),
                            RetryAfter::untilIn);

    private static final Shape<Budget> BUDGET = Section.of(
                    "retry_budget", "How many retries all calls together may make.", Budget.DEFAULT)
            .word("none", "No limit but max_retries.", () -> Budget.NONE)
            .key(
                    "share",
                    "Retries for each call of the last 10 s; default 0.1.",
                    number(),
                    (budget, share) -> new Budget(share, budget.floor(), true))
            .key(
                    "floor",
                    "Retries on top of that share; default 10.",
                    integer(),
                    (budget, floor) -> new Budget(budget.share(), floor, true));

    /** Retries of all calls together. */
    private record Budget(double share, int floor, boolean limited) {

        static final Budget DEFAULT = new Budget(
                RetryPolicy.defaults().budgetShare(), RetryPolicy.defaults().budgetFloor(), true);
        static final Budget NONE = new Budget(0, 0, false);

        RetryPolicy of(RetryPolicy policy) {
            return limited ? policy.budget(share, floor) : policy.withoutBudget();
        }
    }

    static final Shape<RetryPolicy> RETRY = Section.of(
                    "retry", "When failed attempts are made again.", RetryPolicy.defaults())
            .word("never", "No retry at all.", RetryPolicy::never)
            .kind(
                    "exponential",
                    "Wait before the first retry; it doubles from one to the next; default 500ms.",
                    duration(),
                    RetryPolicy::exponential)
            .kind(
                    "linear",
                    "Wait before the first retry; it grows by the same from one to the next.",
                    duration(),
                    RetryPolicy::linear)
            .kind("fixed", "Wait before every retry.", duration(), RetryPolicy::fixed)
            .key("max_retries", "Most retries of one call; default 3.", integer(), RetryPolicy::maxRetries)
            .key("max_delay", "Longest wait of our own; default 30s.", duration(), RetryPolicy::maxDelay)
            .key(
                    "jitter",
                    "How much of a wait chance decides, from 0 to 1; default 0.5.",
                    number(),
                    RetryPolicy::jitter)
            .flag("first_retry_immediate", "The first retry leaves at once.", RetryPolicy::firstRetryImmediate)
            .key(
                    "statuses",
                    "Statuses that may be sent again; default 408, 413, 425, 429, 500, 502, 503, 504, 521, 522 and 524.",
                    oneOrMany(integer()),
                    (policy, statuses) -> policy.statuses(new LinkedHashSet<>(statuses)))
            .key(
                    "methods",
                    "Methods that may be sent again; default GET, HEAD, OPTIONS, TRACE, PUT and DELETE.",
                    oneOrMany(text()),
                    (policy, methods) -> policy.retryMethods(new LinkedHashSet<>(methods)))
            .flag("all_methods", "Every method may be sent again, POST as well.", RetryPolicy::retryAllMethods)
            .key(
                    "max_retry_after",
                    "Longest wait that a server may ask for; default 2m.",
                    duration(),
                    RetryPolicy::maxRetryAfter)
            .flag("ignore_retry_after", "Pays no attention to Retry-After.", RetryPolicy::ignoreRetryAfter)
            .key("wait_from", "Other headers that say how long to wait.", oneOrMany(WAIT), (policy, waits) -> {
                RetryPolicy waiting = policy;
                for (Function<dev.headrace.http.Headers, Optional<Duration>> wait : waits) {
                    waiting = waiting.waitFrom(wait);
                }
                return waiting;
            })
            .key(
                    "on_exhausted",
                    "What a call ends with when retries are used up; default last_response.",
                    word(RetryPolicy.OnExhausted.class),
                    RetryPolicy::onExhausted)
            .key(
                    "budget",
                    "How many retries all calls together may make.",
                    BUDGET,
                    (policy, budget) -> budget.of(policy));

    /** Limits on their way into one policy. */
    private record Limits(
            List<RateLimitPolicy> all, @Nullable Duration maxWait) {

        static final Limits NONE = new Limits(List.of(), null);

        Limits and(RateLimitPolicy more) {
            return new Limits(Stream.concat(all.stream(), Stream.of(more)).toList(), maxWait);
        }

        Limits burst(long burst) {
            if (all.isEmpty()) {
                throw new IllegalArgumentException("burst belongs to a rate; give that too");
            }
            return new Limits(
                    Stream.concat(
                                    Stream.of(all.get(0).burst(burst)),
                                    all.stream().skip(1))
                            .toList(),
                    maxWait);
        }

        RateLimitPolicy policy() {
            RateLimitPolicy policy = all.stream()
                    .reduce(RateLimitPolicy::and)
                    .orElseThrow(() ->
                            new IllegalArgumentException("needs at least one of rate, window, evenly or adaptive"));
            return maxWait == null ? policy : policy.maxWait(maxWait);
        }
    }

    static final Shape<RateLimitPolicy> RATE_LIMIT = Section.of(
                    "rate_limit", "How fast requests may leave; all limits hold together.", Limits.NONE)
            .shortForm(
                    "A token bucket.",
                    rate().map(rate -> Limits.NONE.and(RateLimitPolicy.of(rate.permits(), rate.period()))))
            .key(
                    "rate",
                    "A token bucket, such as 10/s.",
                    rate(),
                    (limits, rate) -> limits.and(RateLimitPolicy.of(rate.permits(), rate.period())))
            .key(
                    "burst",
                    "How many permits that bucket keeps for later; default those of a second.",
                    whole(),
                    Limits::burst)
            .key(
                    "evenly",
                    "A leaky bucket, such as 5/s: never two at once.",
                    rate(),
                    (limits, rate) -> limits.and(RateLimitPolicy.evenly(rate.permits(), rate.period())))
            .key("window", "Fixed windows, such as 100/10s.", oneOrMany(rate()), (limits, rates) -> {
                Limits more = limits;
                for (Amounts.Rate rate : rates) {
                    more = more.and(RateLimitPolicy.window(rate.permits(), rate.period()));
                }
                return more;
            })
            .flag(
                    "adaptive",
                    "Slower when the server's headers say so.",
                    limits -> limits.and(RateLimitPolicy.adaptive()))
            .key(
                    "max_wait",
                    "Longest wait for a permit; 0s fails at once; default 30s. With adaptive it should be no less than the"
                            + " max_retry_after of retry: what a server asks for makes everybody wait.",
                    duration(),
                    (limits, wait) -> new Limits(limits.all(), wait))
            .map(Limits::policy);

    /** Which calls are looked at. */
    private record Window(
            float percent, int calls, @Nullable Duration span) {

        CircuitBreakerPolicy policy(Duration openFor) {
            return span == null
                    ? CircuitBreakerPolicy.slidingWindow(percent, calls, openFor)
                    : CircuitBreakerPolicy.slidingWindow(percent, span, openFor);
        }
    }

    private static final Shape<Window> WINDOW = Section.<Window>ofKinds(
                    "failure_rate", "How many of the calls of late have failed.")
            .kind("calls", "Looks at so many calls.", integer(), calls -> new Window(0, calls, null))
            .kind("span", "Looks at the calls of such a time.", duration(), span -> new Window(0, 0, span))
            .required(
                    "percent",
                    "Opens when so many of them have failed, from 0 to 100.",
                    number(),
                    (window, percent) -> new Window(percent.floatValue(), window.calls(), window.span()));

    /** A policy that lacks how long it is open. */
    private interface Breaker {

        CircuitBreakerPolicy openFor(Duration time);
    }

    static final Shape<CircuitBreakerPolicy> CIRCUIT_BREAKER = Section.<Breaker>ofKinds(
                    "circuit_breaker", "When a remote that fails is left alone.")
            .kind(
                    "consecutive_failures",
                    "Opens after so many failures in a row.",
                    integer(),
                    failures -> time -> CircuitBreakerPolicy.consecutiveFailures(failures, time))
            .kind(
                    "failure_rate",
                    "Opens when too many of the calls of late have failed.",
                    WINDOW,
                    window -> window::policy)
            .key(
                    "minimum_calls",
                    "Fewest calls before a rate is believed; default all that are looked at, or 10 of a span.",
                    integer(),
                    (breaker, calls) -> time -> breaker.openFor(time).minimumCalls(calls))
            .key(
                    "half_open_trials",
                    "Calls that try whether the remote is back; default 1.",
                    integer(),
                    (breaker, trials) -> time -> breaker.openFor(time).halfOpenTrials(trials))
            .required(
                    "open_for",
                    "How long nothing is sent then.",
                    duration(),
                    (breaker, time) -> any -> breaker.openFor(time))
            .map(breaker -> breaker.openFor(Duration.ZERO));

    static final Shape<BulkheadPolicy> BULKHEAD = Section.<BulkheadPolicy>ofKinds(
                    "bulkhead", "How many exchanges may run at once.")
            .shortForm("So many run at once.", integer().map(BulkheadPolicy::maxConcurrent))
            .kind("max_concurrent", "So many run at once.", integer(), BulkheadPolicy::maxConcurrent)
            .key("max_queued", "So many may wait for a place; default 500.", integer(), BulkheadPolicy::maxQueued)
            .key("max_wait", "Longest wait for a place; default 30s.", duration(), BulkheadPolicy::maxWait);

    static final Shape<Timeouts> TIMEOUTS = Section.of(
                    "timeouts", "The clocks of one exchange; 0s waits for ever.", Timeouts.defaults())
            .key("connect", "Longest time to open a connection; default 10s.", duration(), Timeouts::connect)
            .key("head", "Longest wait for the response's head; default 30s.", duration(), Timeouts::head)
            .key("gap", "Longest silence in a response's body; default 30s.", duration(), Timeouts::gap)
            .key("total", "Longest time for a whole call with its retries; default none.", duration(), Timeouts::total);

    static final Shape<PoolSettings> POOL = Section.of("pool", "The pool of connections.", PoolSettings.defaults())
            .key("max_connections", "Connections to one origin; default 50.", integer(), PoolSettings::maxConnections)
            .key("max_pending", "Calls that may wait for one; default 500.", integer(), PoolSettings::maxPending)
            .key("acquire_timeout", "Longest wait for one; default 10s.", duration(), PoolSettings::acquireTimeout)
            .key("max_idle", "Idle time after which one is closed; default 30s.", duration(), PoolSettings::maxIdle)
            .key("max_lifetime", "Age at which one is closed; default 5m.", duration(), PoolSettings::maxLifetime);

    private PolicyFormat() {}
}
