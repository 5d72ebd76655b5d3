package dev.headrace.resilience;

import dev.headrace.Defaults;
import dev.headrace.http.Request;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import reactor.util.context.ContextView;

/**
 * How fast requests may be sent. A value: every change gives a new one, and {@link #limiter()} makes the state that calls share.
 *
 * <p>Every attempt takes a permit, first come, first served. Who finds none waits, holding no connection and no thread, up to
 * {@link #maxWait(Duration)}; who would wait longer fails at once with {@link RateLimitExceededException}. Who cancels leaves the line and
 * sends nothing. What a server asks for by {@code Retry-After} with a status of 429, 503 or 403, or a
 * {@link dev.headrace.http.Verdict.RateLimited verdict}, makes everybody with the same key wait, those who are in line already as well.
 *
 * <pre>{@code
 * RateLimitPolicy.perSecond(10).burst(20)                            // a token bucket
 * RateLimitPolicy.window(100, ofSeconds(10)).and(RateLimitPolicy.window(250_000, ofDays(1)))
 * RateLimitPolicy.perSecond(5).and(RateLimitPolicy.adaptive())       // and slower when the server's headers say so
 * }</pre>
 */
public final class RateLimitPolicy {

    private static final double MOST_PER_SECOND = 1_000_000;

    private final List<Rate> rates;
    private final boolean adaptive;
    private final Duration maxWait;
    private final ToIntFunction<? super Request> weight;
    private final Key key;

    private RateLimitPolicy(
            List<Rate> rates, boolean adaptive, Duration maxWait, ToIntFunction<? super Request> weight, Key key) {
        this.rates = rates;
        this.adaptive = adaptive;
        this.maxWait = maxWait;
        this.weight = weight;
        this.key = key;
    }

    private static int one(Request request) {
        return 1;
    }

    private static RateLimitPolicy of(Rate rate) {
        return new RateLimitPolicy(List.of(rate), false, Defaults.PERMIT_TIMEOUT, RateLimitPolicy::one, Key.ORIGIN);
    }

    /**
     * A token bucket: permits come back all the time, and those not used are kept up to the {@linkplain #burst burst}.
     *
     * @param rate requests a second, more than 0 and at most 1,000,000; may be a fraction
     * @return a policy with a burst of one second's permits, at least 1
     */
    public static RateLimitPolicy perSecond(double rate) {
        if (!(rate > 0 && rate <= MOST_PER_SECOND)) {
            throw new IllegalArgumentException(
                    "rate must be more than 0 and at most 1,000,000 a second, but is " + rate);
        }
        return of(new Rate(Rate.Shape.BUCKET, 1, Duration.ofNanos(Math.round(1e9 / rate)), Math.max(1, (long) rate)));
    }

    /**
     * A token bucket: permits come back all the time, and those not used are kept up to the {@linkplain #burst burst}.
     *
     * @param permits requests in a period; at least 1
     * @param period the period; more than zero
     * @return a policy with a burst of one second's permits, at least 1
     */
    public static RateLimitPolicy of(long permits, Duration period) {
        Rate once = new Rate(Rate.Shape.BUCKET, permits, period, 1);
        long second = (long) Math.min(1e9 * permits / SchedulerClock.nanosOf(period), Long.MAX_VALUE);
        return of(new Rate(once.shape(), permits, period, Math.max(1, second)));
    }

    /**
     * A fixed window: it begins with the first request, and all permits come back when it ends.
     *
     * @param permits requests in a window; at least 1
     * @param period its length; more than zero
     * @return a policy
     */
    public static RateLimitPolicy window(long permits, Duration period) {
        return of(new Rate(Rate.Shape.WINDOW, permits, period, permits));
    }

    /**
     * A leaky bucket: permits are given at equal distances, never two at once. Who then has to wait for a place of a bulkhead leaves later.
     *
     * @param permits requests in a period; at least 1
     * @param period the period; more than zero
     * @return a policy
     */
    public static RateLimitPolicy evenly(long permits, Duration period) {
        return of(new Rate(Rate.Shape.EVEN, permits, period, 1));
    }

    /**
     * As fast as the server's headers say.
     *
     * <p>While the server says that much is left, nothing is slowed. When at most five requests or a tenth of its limit are left, they are
     * spread evenly over the time to its reset; when none is left, everybody waits for the reset; then the pace is free again. A 429 without
     * {@code Retry-After} is a pause of 5 s. A pause lasts at most a day, after which one finds out. Read are {@code RateLimit} and
     * {@code RateLimit-Policy} (structured fields, RFC 9651) and the older forms of that draft, {@code X-RateLimit-*} with resets as
     * epoch seconds or milliseconds, seconds left or durations, the {@code -requests} and {@code -tokens} of OpenAI, Shopify's
     * {@code used/limit} and HubSpot's windows.
     *
     * @return a policy without a rate of its own
     */
    public static RateLimitPolicy adaptive() {
        return new RateLimitPolicy(List.of(), true, Defaults.PERMIT_TIMEOUT, RateLimitPolicy::one, Key.ORIGIN);
    }

    /**
     * Sets how many permits a token bucket keeps for later.
     *
     * @param burst at least 1; default what comes back in a second, at least 1
     * @return a new policy
     * @throws IllegalArgumentException if this is anything else than one token bucket
     */
    public RateLimitPolicy burst(long burst) {
        if (rates.size() != 1 || rates.get(0).shape() != Rate.Shape.BUCKET) {
            throw new IllegalArgumentException("burst " + burst
                    + " belongs to a token bucket, perSecond or of, and is set before and(…), but this is " + this);
        }
        Rate rate = rates.get(0);
        return with(List.of(new Rate(rate.shape(), rate.permits(), rate.period(), burst)), adaptive);
    }

    /**
     * Adds the rates of another policy, or its looking at headers; a request needs a permit of each. Wait, weight and key stay those of this
     * policy.
     *
     * @param other such as a second window, or {@link #adaptive()}
     * @return a new policy
     */
    public RateLimitPolicy and(RateLimitPolicy other) {
        return with(Stream.concat(rates.stream(), other.rates.stream()).toList(), adaptive || other.adaptive);
    }

    /**
     * Sets the longest wait for a permit. Who would wait longer fails at once with {@link RateLimitExceededException}, which says when there
     * will be room; so does who has waited that long in vain.
     *
     * @param maxWait zero never waits; default 30 s
     * @return a new policy
     */
    public RateLimitPolicy maxWait(Duration maxWait) {
        if (maxWait.isNegative()) {
            throw new IllegalArgumentException("maxWait must not be negative, but is " + maxWait);
        }
        return new RateLimitPolicy(rates, adaptive, maxWait, weight, key);
    }

    /**
     * Never waits: who finds no permit fails at once with {@link RateLimitExceededException}.
     *
     * @return a new policy
     */
    public RateLimitPolicy failFast() {
        return maxWait(Duration.ZERO);
    }

    /**
     * Sets how many permits a request takes. A heavy request keeps its place in line; one heavier than all permits together goes when all are
     * there, and those behind it wait for the rest.
     *
     * @param weight 0 for none; must not be negative, must not block; default 1 for every request
     * @return a new policy
     */
    public RateLimitPolicy weight(ToIntFunction<? super Request> weight) {
        return new RateLimitPolicy(rates, adaptive, maxWait, Objects.requireNonNull(weight, "weight"), key);
    }

    /**
     * Sets which requests share permits.
     *
     * @param key gives requests that share permits the same key; it shows in {@link RateLimiter#states()} and must hold no secret; must not
     *     block; default the origin
     * @return a new policy
     */
    public RateLimitPolicy keyedBy(Function<? super Request, String> key) {
        return new RateLimitPolicy(rates, adaptive, maxWait, weight, Key.of(Objects.requireNonNull(key, "key")));
    }

    /**
     * Sets which requests share permits, by request and subscriber.
     *
     * @param key as with {@link #keyedBy(Function)}; it also sees the Reactor context of the caller, such as a tenant in it
     * @return a new policy
     */
    public RateLimitPolicy keyedBy(BiFunction<? super Request, ? super ContextView, String> key) {
        return new RateLimitPolicy(rates, adaptive, maxWait, weight, Key.of(Objects.requireNonNull(key, "key")));
    }

    private RateLimitPolicy with(List<Rate> rates, boolean adaptive) {
        return new RateLimitPolicy(rates, adaptive, maxWait, weight, key);
    }

    /**
     * Longest wait for a permit.
     *
     * @return default 30 s
     */
    public Duration maxWait() {
        return maxWait;
    }

    /**
     * Whether the server's headers are obeyed.
     *
     * @return true with {@link #adaptive()}
     */
    public boolean isAdaptive() {
        return adaptive;
    }

    /**
     * The state of this policy, with all permits there. Calls that shall share permits must share it.
     *
     * @return a new limiter
     */
    public RateLimiter limiter() {
        return new RateLimiter(this);
    }

    List<Rate> rates() {
        return rates;
    }

    String keyOf(Request request, ContextView context) {
        return key.of(request, context);
    }

    int weightOf(Request request) {
        int permits = weight.applyAsInt(request);
        if (permits < 0) {
            throw new IllegalArgumentException(
                    "weight must not be negative, but is " + permits + " for " + request.describe());
        }
        return permits;
    }

    @Override
    public String toString() {
        return "RateLimitPolicy[" + rates + (adaptive ? ", adaptive" : "") + ", maxWait " + maxWait + ", " + key + "]";
    }
}
