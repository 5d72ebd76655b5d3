package dev.headrace.resilience;

import dev.headrace.Defaults;
import dev.headrace.http.Request;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import reactor.util.context.ContextView;

/**
 * When to stop calling what fails anyway. A value: every change gives a new one, and {@link #breaker()} makes the state that calls share.
 *
 * <p>While the circuit is closed, failures are counted. When they are too many it opens: calls fail at once with
 * {@link CircuitOpenException} and send nothing. After a time it is half open: some calls try it. If all of them succeed it closes, if one
 * fails it opens again; one that is cancelled leaves its trial to the next.
 *
 * <p>Every attempt is judged when its response's head has come. Failures are statuses of 5xx, 408 and 429, failures of the transport,
 * timeouts, and responses with a {@linkplain dev.headrace.http.Verdict verdict} to retry, of being too fast, or of a transient failure;
 * other 4xx are answers, and what this side refused to send does not count. A body that breaks after a good head is one more failure, counted
 * beside the success of the head: it opens a sliding window, while between calls that follow one another it never makes failures
 * consecutive.
 */
public final class CircuitBreakerPolicy {

    private static final int TIMED_MINIMUM = 10;

    private final CircuitBreakerConfig.SlidingWindowType type;
    private final int window;
    private final int minimumCalls;
    private final float failureRate;
    private final Duration openFor;
    private final int halfOpenTrials;
    private final Key key;

    private CircuitBreakerPolicy(
            SlidingWindowType type,
            int window,
            int minimumCalls,
            float failureRate,
            Duration openFor,
            int halfOpenTrials,
            Key key) {
        if (openFor.isNegative() || openFor.isZero()) {
            throw new IllegalArgumentException("openFor must be more than zero, but is " + openFor);
        }
        this.type = type;
        this.window = window;
        this.minimumCalls = minimumCalls;
        this.failureRate = failureRate;
        this.openFor = openFor;
        this.halfOpenTrials = halfOpenTrials;
        this.key = key;
    }

    /**
     * Opens after so many failures without a success between them.
     *
     * @param failures at least 1
     * @param openFor how long it stays open; more than zero
     * @return a policy
     */
    public static CircuitBreakerPolicy consecutiveFailures(int failures, Duration openFor) {
        return new CircuitBreakerPolicy(
                SlidingWindowType.COUNT_BASED,
                atLeastOne("failures", failures),
                failures,
                100,
                openFor,
                Defaults.HALF_OPEN_TRIALS,
                Key.ORIGIN);
    }

    /**
     * Opens when too large a share of the last calls has failed.
     *
     * @param failureRatePercent the share; more than 0 and at most 100
     * @param calls how many calls are looked at; at least 1
     * @param openFor how long it stays open; more than zero
     * @return a policy that waits for as many calls as it looks at before it judges
     */
    public static CircuitBreakerPolicy slidingWindow(float failureRatePercent, int calls, Duration openFor) {
        return new CircuitBreakerPolicy(
                SlidingWindowType.COUNT_BASED,
                atLeastOne("calls", calls),
                calls,
                percent(failureRatePercent),
                openFor,
                Defaults.HALF_OPEN_TRIALS,
                Key.ORIGIN);
    }

    /**
     * Opens when too large a share of the calls of the last seconds has failed.
     *
     * @param failureRatePercent the share; more than 0 and at most 100
     * @param span how far back is looked; whole seconds, at least 1
     * @param openFor how long it stays open; more than zero
     * @return a policy that does not judge fewer than 10 calls
     */
    public static CircuitBreakerPolicy slidingWindow(float failureRatePercent, Duration span, Duration openFor) {
        if (span.getNano() != 0 || span.getSeconds() < 1 || span.getSeconds() > 86_400) {
            throw new IllegalArgumentException("span must be whole seconds, from 1 s to a day, but is " + span);
        }
        return new CircuitBreakerPolicy(
                SlidingWindowType.TIME_BASED,
                (int) span.getSeconds(),
                TIMED_MINIMUM,
                percent(failureRatePercent),
                openFor,
                Defaults.HALF_OPEN_TRIALS,
                Key.ORIGIN);
    }

    /**
     * Sets how many calls must have been made before a sliding window judges.
     *
     * @param calls at least 1; over a number of calls at most that number
     * @return a new policy
     * @throws IllegalArgumentException if it is more than the window holds
     */
    public CircuitBreakerPolicy minimumCalls(int calls) {
        if (type == SlidingWindowType.COUNT_BASED && calls > window) {
            throw new IllegalArgumentException(
                    "minimumCalls must be at most the " + window + " calls of the window, but is " + calls);
        }
        return new CircuitBreakerPolicy(
                type, window, atLeastOne("minimumCalls", calls), failureRate, openFor, halfOpenTrials, key);
    }

    /**
     * Sets how many calls try a circuit that is half open, all of which must succeed to close it.
     *
     * @param trials at least 1; default 1
     * @return a new policy
     */
    public CircuitBreakerPolicy halfOpenTrials(int trials) {
        return new CircuitBreakerPolicy(
                type, window, minimumCalls, failureRate, openFor, atLeastOne("halfOpenTrials", trials), key);
    }

    /**
     * Sets which requests share a circuit.
     *
     * @param key gives requests that share a circuit the same key; it shows in {@link CircuitBreaker#states()} and must hold no secret; must
     *     not block; default the origin
     * @return a new policy
     */
    public CircuitBreakerPolicy keyedBy(Function<? super Request, String> key) {
        return with(Key.of(Objects.requireNonNull(key, "key")));
    }

    /**
     * Sets which requests share a circuit, by request and subscriber.
     *
     * @param key as with {@link #keyedBy(Function)}; it also sees the Reactor context of the caller, such as a tenant in it
     * @return a new policy
     */
    public CircuitBreakerPolicy keyedBy(BiFunction<? super Request, ? super ContextView, String> key) {
        return with(Key.of(Objects.requireNonNull(key, "key")));
    }

    private CircuitBreakerPolicy with(Key key) {
        return new CircuitBreakerPolicy(type, window, minimumCalls, failureRate, openFor, halfOpenTrials, key);
    }

    /**
     * How long a circuit stays open.
     *
     * @return more than zero
     */
    public Duration openFor() {
        return openFor;
    }

    /**
     * How many calls try a circuit that is half open.
     *
     * @return default 1
     */
    public int halfOpenTrials() {
        return halfOpenTrials;
    }

    /**
     * The state of this policy, with every circuit closed. Calls that shall learn from each other must share it.
     *
     * @return a new breaker
     */
    public CircuitBreaker breaker() {
        return new CircuitBreaker(this);
    }

    String keyOf(Request request, ContextView context) {
        return key.of(request, context);
    }

    /** For the library that counts. It is never asked when to try again: that is our own clock's matter. */
    CircuitBreakerConfig config() {
        return CircuitBreakerConfig.custom()
                .slidingWindowType(type)
                .slidingWindowSize(window)
                .minimumNumberOfCalls(minimumCalls)
                .failureRateThreshold(failureRate)
                .waitDurationInOpenState(openFor.toMillis() < 1 ? Duration.ofMillis(1) : openFor)
                .permittedNumberOfCallsInHalfOpenState(halfOpenTrials)
                .automaticTransitionFromOpenToHalfOpenEnabled(false)
                .writableStackTraceEnabled(false)
                .clock(SchedulerClock.INSTANCE)
                .build();
    }

    private static int atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, but is " + value);
        }
        return value;
    }

    private static float percent(float value) {
        if (!(value > 0 && value <= 100)) {
            throw new IllegalArgumentException(
                    "failureRatePercent must be more than 0 and at most 100, but is " + value);
        }
        return value;
    }

    @Override
    public String toString() {
        return "CircuitBreakerPolicy[" + failureRate + " % of " + window
                + (type == SlidingWindowType.COUNT_BASED ? " calls" : " s") + ", at least " + minimumCalls
                + " calls, open for "
                + openFor + ", " + halfOpenTrials + " trials, " + key + "]";
    }
}
