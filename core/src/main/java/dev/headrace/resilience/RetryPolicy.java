package dev.headrace.resilience;

import dev.headrace.Defaults;
import dev.headrace.http.Headers;
import dev.headrace.http.Request;
import dev.headrace.http.RetryAfter;
import dev.headrace.resilience.Backoff.Shape;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import reactor.util.retry.Retry;
import reactor.util.retry.RetryBackoffSpec;

/**
 * When a failed attempt is made again, and after what wait. A value: every change gives a new one.
 *
 * <p>An attempt is made again after a status of {@link #statuses()}, a failure of kind {@link dev.headrace.error.FailureKind#TRANSIENT}, or a
 * {@link dev.headrace.http.Verdict} that says so, if sending the request twice is harmless: its method is one of {@link #methods()}, it
 * carries an {@code Idempotency-Key}, it surely was not sent, or the remote said that it was not processed (rate-limited). What the server
 * asks for in {@code Retry-After}, or what a failure knows by {@code retryAt()}, is waited first; our own backoff with its jitter comes on top, so that nobody returns early and callers do
 * not return together. Only a request whose body can be replayed is ever sent again.
 *
 * <p>Not counted as retries, and done even by {@link #never()}: a request whose credentials were thrown away is sent once more with new
 * ones. Never retried: a refusal by a rate limit, breaker or bulkhead of our own.
 *
 * <p>A pooled connection that the remote closed while it was idle is a failure like any other and waits like any other: by then the pool
 * has noticed which of its other connections went the same way, and an immediate second try would only find the next of them.
 */
public final class RetryPolicy {

    /** What a call ends with when it may not be sent again any more. */
    public enum OnExhausted {
        /** {@link RetriesExhaustedException}. */
        ERROR,
        /** What the last attempt ended with: its response, or its failure. */
        LAST_RESPONSE
    }

    private static final RetryPolicy DEFAULTS = new RetryPolicy(new Settings());

    private final Settings settings;

    private RetryPolicy(Settings settings) {
        this.settings = settings;
    }

    /** Written only between its creation and that of the policy around it, so that a change names nothing but itself. */
    private static final class Settings implements Cloneable {

        private int maxRetries = Defaults.MAX_RETRIES;
        private Backoff backoff = new Backoff(
                Shape.EXPONENTIAL, Defaults.RETRY_DELAY, Defaults.RETRY_MAX_DELAY, Defaults.RETRY_JITTER, false);
        private Set<Integer> statuses = Defaults.RETRY_STATUSES;
        private Set<String> methods = Defaults.RETRY_METHODS;
        private boolean allMethods;
        private Duration maxRetryAfter = Defaults.MAX_RETRY_AFTER;
        private boolean obeysRetryAfter = true;
        private List<Function<? super Headers, Optional<Duration>>> waits = List.of();
        private OnExhausted onExhausted = OnExhausted.LAST_RESPONSE;
        private boolean hasBudget = true;
        private double budgetShare = Defaults.RETRY_BUDGET_SHARE;
        private int budgetFloor = Defaults.RETRY_BUDGET_FLOOR;

        @Override
        protected Settings clone() {
            try {
                return (Settings) super.clone();
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private RetryPolicy with(Consumer<Settings> change) {
        Settings copy = settings.clone();
        change.accept(copy);
        return new RetryPolicy(copy);
    }

    private RetryPolicy backoff(Backoff backoff) {
        return with(s -> s.backoff = backoff);
    }

    /**
     * Three retries after 500 ms, 1 s and 2 s, each with up to half of itself added or taken by chance.
     *
     * @return the defaults
     */
    public static RetryPolicy defaults() {
        return DEFAULTS;
    }

    /**
     * No retry at all, not even when the server says when to come back.
     *
     * @return the policy
     */
    public static RetryPolicy never() {
        return DEFAULTS.maxRetries(0);
    }

    /**
     * Waits that double from one retry to the next: {@code firstDelay · 2^(n-1)} before the n-th.
     *
     * @param firstDelay wait before the first retry; more than zero; the longest wait is at least as long
     * @return a policy, otherwise as the defaults
     */
    public static RetryPolicy exponential(Duration firstDelay) {
        return shaped(Shape.EXPONENTIAL, firstDelay);
    }

    /**
     * Waits that are all the same.
     *
     * @param delay wait before each retry; more than zero; by chance up to half as long again, unless {@link #jitter} says otherwise
     * @return a policy, otherwise as the defaults
     */
    public static RetryPolicy fixed(Duration delay) {
        return shaped(Shape.FIXED, delay);
    }

    /**
     * Waits that grow by the same from one retry to the next: {@code firstDelay · n} before the n-th.
     *
     * @param firstDelay wait before the first retry; more than zero; the longest wait is at least as long
     * @return a policy, otherwise as the defaults
     */
    public static RetryPolicy linear(Duration firstDelay) {
        return shaped(Shape.LINEAR, firstDelay);
    }

    private static RetryPolicy shaped(Shape shape, Duration firstDelay) {
        return DEFAULTS.backoff(DEFAULTS.settings.backoff.shaped(shape, firstDelay));
    }

    /**
     * Sets how often a call is tried again.
     *
     * @param maxRetries retries after the first attempt; 0 for none; default 3
     * @return a new policy
     */
    public RetryPolicy maxRetries(int maxRetries) {
        if (maxRetries < 0) {
            throw new IllegalArgumentException("maxRetries must not be negative, but is " + maxRetries);
        }
        return with(s -> s.maxRetries = maxRetries);
    }

    /**
     * Sets the longest wait of our own.
     *
     * @param maxDelay at least the first wait; default 30 s
     * @return a new policy
     */
    public RetryPolicy maxDelay(Duration maxDelay) {
        return backoff(settings.backoff.maxDelay(maxDelay));
    }

    /**
     * Sets how much of a wait chance decides; no wait becomes shorter than the first or longer than the longest.
     *
     * @param jitter 0 for none, 1 for up to all of it; default 0.5
     * @return a new policy
     */
    public RetryPolicy jitter(double jitter) {
        return backoff(settings.backoff.jitter(jitter));
    }

    /**
     * Makes the first retry come without a wait of our own; the second waits as it would have anyway. With
     * {@code exponential(ofSeconds(1))}: 0, 2, 4, 8 s.
     *
     * @return a new policy
     */
    public RetryPolicy firstRetryImmediate() {
        return backoff(settings.backoff.withFirstImmediate());
    }

    /**
     * Sets the statuses that may pass by themselves.
     *
     * @param statuses default 408 413 425 429 500 502 503 504 521 522 524
     * @return a new policy
     */
    public RetryPolicy statuses(Set<Integer> statuses) {
        Set<Integer> copy = Set.copyOf(statuses);
        return with(s -> s.statuses = copy);
    }

    /**
     * Sets the methods whose requests may be sent twice. A request with an {@code Idempotency-Key} may be, whatever its method.
     *
     * @param methods default GET HEAD PUT DELETE OPTIONS TRACE, the idempotent ones (RFC 9110 §9.2.2)
     * @return a new policy
     */
    public RetryPolicy retryMethods(Set<String> methods) {
        Set<String> copy = Set.copyOf(methods);
        return with(s -> {
            s.methods = copy;
            s.allMethods = false;
        });
    }

    /**
     * Retries requests of every method, although sending a POST twice may do its work twice.
     *
     * @return a new policy
     */
    public RetryPolicy retryAllMethods() {
        return with(s -> s.allMethods = true);
    }

    /**
     * Sets the longest wait that a server may ask for; when it asks for more, the call ends at once with what the server said.
     *
     * @param maxRetryAfter default 2 min
     * @return a new policy
     */
    public RetryPolicy maxRetryAfter(Duration maxRetryAfter) {
        if (maxRetryAfter.isNegative()) {
            throw new IllegalArgumentException("maxRetryAfter must not be negative, but is " + maxRetryAfter);
        }
        return with(s -> s.maxRetryAfter = maxRetryAfter);
    }

    /**
     * Pays no attention to {@code Retry-After}; only our own backoff and {@link #waitFrom} count.
     *
     * @return a new policy
     */
    public RetryPolicy ignoreRetryAfter() {
        return with(s -> s.obeysRetryAfter = false);
    }

    /**
     * Adds a place where the server says how long to wait. The first that says anything counts, in the order in which they were added;
     * {@code Retry-After} comes last.
     *
     * @param wait such as {@link RetryAfter#untilIn RetryAfter.untilIn("X-RateLimit-Reset")}; must not throw
     * @return a new policy
     */
    public RetryPolicy waitFrom(Function<? super Headers, Optional<Duration>> wait) {
        Objects.requireNonNull(wait, "wait");
        return with(
                s -> s.waits = Stream.concat(s.waits.stream(), Stream.of(wait)).toList());
    }

    /**
     * Sets what a call ends with when it may not be sent again any more: retries used up, budget used up, or the server's wait too long. A
     * response that is none of this business (a 404, a POST that must not be sent twice) is passed on either way.
     *
     * @param onExhausted default {@link OnExhausted#LAST_RESPONSE}
     * @return a new policy
     */
    public RetryPolicy onExhausted(OnExhausted onExhausted) {
        Objects.requireNonNull(onExhausted, "onExhausted");
        return with(s -> s.onExhausted = onExhausted);
    }

    /**
     * Sets how many retries all calls together may make within 10 s. When they are used up, failed calls end at once with what their last
     * attempt ended with, and a warning is logged, at most every 10 s.
     *
     * @param share retries for each call of the last 10 s; default 0.1
     * @param floor retries beyond that share; default 10
     * @return a new policy
     */
    public RetryPolicy budget(double share, int floor) {
        if (!(share >= 0 && share <= Integer.MAX_VALUE)) {
            throw new IllegalArgumentException("share must not be negative, but is " + share);
        }
        if (floor < 0) {
            throw new IllegalArgumentException("floor must not be negative, but is " + floor);
        }
        return with(s -> {
            s.hasBudget = true;
            s.budgetShare = share;
            s.budgetFloor = floor;
        });
    }

    /**
     * Lets every call retry as often as it may, whatever the others do.
     *
     * @return a new policy
     */
    public RetryPolicy withoutBudget() {
        return with(s -> s.hasBudget = false);
    }

    /**
     * Retries after the first attempt.
     *
     * @return default 3
     */
    public int maxRetries() {
        return settings.maxRetries;
    }

    /**
     * Wait before the first retry.
     *
     * @return default 500 ms; zero if the first retry comes at once
     */
    public Duration firstDelay() {
        return settings.backoff.firstImmediate() ? Duration.ZERO : settings.backoff.firstDelay();
    }

    /**
     * Longest wait of our own.
     *
     * @return default 30 s
     */
    public Duration maxDelay() {
        return settings.backoff.maxDelay();
    }

    /**
     * Share of a wait that chance decides.
     *
     * @return default 0.5
     */
    public double jitter() {
        return settings.backoff.jitter();
    }

    /**
     * Statuses that may pass by themselves.
     *
     * @return the statuses
     */
    public Set<Integer> statuses() {
        return settings.statuses;
    }

    /**
     * Methods whose requests may be sent twice.
     *
     * @return the methods; of no account if {@link #retriesAllMethods()}
     */
    public Set<String> methods() {
        return settings.methods;
    }

    /**
     * Whether requests of every method are retried.
     *
     * @return default false
     */
    public boolean retriesAllMethods() {
        return settings.allMethods;
    }

    /**
     * Longest wait that a server may ask for.
     *
     * @return default 2 min
     */
    public Duration maxRetryAfter() {
        return settings.maxRetryAfter;
    }

    /**
     * Whether {@code Retry-After} counts.
     *
     * @return default true
     */
    public boolean obeysRetryAfter() {
        return settings.obeysRetryAfter;
    }

    /**
     * What a call ends with when it may not be sent again any more.
     *
     * @return default {@link OnExhausted#LAST_RESPONSE}
     */
    public OnExhausted onExhausted() {
        return settings.onExhausted;
    }

    /**
     * Whether there is a limit to the retries of all calls together.
     *
     * @return default true
     */
    public boolean hasBudget() {
        return settings.hasBudget;
    }

    /**
     * Retries for each call of the last 10 s.
     *
     * @return default 0.1; of no account without a budget
     */
    public double budgetShare() {
        return settings.budgetShare;
    }

    /**
     * Retries beyond that share.
     *
     * @return default 10; of no account without a budget
     */
    public int budgetFloor() {
        return settings.budgetFloor;
    }

    /**
     * This policy as behaviour of an exchange. It is the only one that sends again.
     *
     * @return an interceptor with a budget and statistics of its own; calls that share it share them
     */
    public RetryInterceptor asInterceptor() {
        return asInterceptor(ErrorRules.none());
    }

    /**
     * This policy as behaviour of an exchange, with rules that are asked first what a failure means.
     *
     * @param rules those on failures count here; those on responses belong next to the transport, as
     *     {@linkplain ErrorRules#asInterceptor() an interceptor of their own}
     * @return an interceptor with a budget and statistics of its own; calls that share it share them
     */
    public RetryInterceptor asInterceptor(ErrorRules rules) {
        return new RetryInterceptor(
                this,
                rules,
                settings.hasBudget
                        ? RetryBudget.of(settings.budgetShare, settings.budgetFloor)
                        : RetryBudget.unlimited());
    }

    /** Reactor's own backoff where it has the shape; otherwise one without a wait, on top of {@link #waitBefore}. */
    RetryBackoffSpec waits() {
        Backoff backoff = settings.backoff;
        return backoff.isExponential()
                ? Retry.backoff(settings.maxRetries, backoff.firstDelay())
                        .maxBackoff(backoff.maxDelay())
                        .jitter(backoff.jitter())
                : Retry.backoff(settings.maxRetries, Duration.ZERO);
    }

    /** The wait of our own before a retry, 1 for the first, where Reactor's backoff does not make it. */
    Duration waitBefore(long retry) {
        return settings.backoff.isExponential() ? Duration.ZERO : settings.backoff.before(retry);
    }

    /** What the server asks for in its headers; zero if it does not. */
    Duration serverWait(Headers headers) {
        for (Function<? super Headers, Optional<Duration>> wait : settings.waits) {
            Optional<Duration> asked = wait.apply(headers);
            if (asked.isPresent()) {
                return asked.get();
            }
        }
        return settings.obeysRetryAfter ? RetryAfter.from(headers).orElse(Duration.ZERO) : Duration.ZERO;
    }

    /** Whether sending a request twice is harmless. */
    boolean maySendTwice(Request request) {
        return settings.allMethods
                || settings.methods.contains(request.method())
                || request.headers().contains("Idempotency-Key");
    }

    @Override
    public String toString() {
        if (settings.maxRetries == 0) {
            return "RetryPolicy[never]";
        }
        Backoff backoff = settings.backoff;
        StringBuilder text = new StringBuilder("RetryPolicy[")
                .append(settings.maxRetries)
                .append(" retries, ")
                .append(backoff.shape() == Shape.EXPONENTIAL ? "" : backoff.shape() + " ")
                .append("from ")
                .append(firstDelay().toMillis())
                .append(" ms to ")
                .append(backoff.maxDelay().toMillis())
                .append(" ms, jitter ")
                .append(backoff.jitter())
                .append(", statuses ")
                .append(new TreeSet<>(settings.statuses))
                .append(", ")
                .append(settings.allMethods ? "all methods" : "methods " + new TreeSet<>(settings.methods));
        if (!settings.obeysRetryAfter) {
            text.append(", Retry-After ignored");
        }
        if (settings.onExhausted == OnExhausted.ERROR) {
            text.append(", error when exhausted");
        }
        if (!settings.hasBudget) {
            text.append(", no budget");
        }
        return text.append(']').toString();
    }
}
