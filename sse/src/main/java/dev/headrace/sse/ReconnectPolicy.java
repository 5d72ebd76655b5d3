package dev.headrace.sse;

import dev.headrace.Defaults;
import java.time.Duration;
import java.util.function.Predicate;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import reactor.util.retry.RetryBackoffSpec;

/**
 * When an event stream connects again, and after what wait. A value: every change gives a new one.
 *
 * <p>What the server asks for, by {@code retry:} in the stream or {@code Retry-After} in a refusal, is waited first, up to a day; our own
 * backoff with its jitter comes on top, so that nobody returns early and clients do not return together. The backoff grows from
 * one reconnection to the next and begins anew only when a connection has been up for {@link #resetAfter}: a server that
 * accepts everybody and fails at once is not hammered.
 */
public final class ReconnectPolicy {

    private static final long UNLIMITED = Long.MAX_VALUE;

    private static final ReconnectPolicy DEFAULTS = new ReconnectPolicy(
            Defaults.RECONNECT_DELAY,
            Defaults.RECONNECT_MAX_DELAY,
            Defaults.RECONNECT_JITTER,
            UNLIMITED,
            Defaults.RECONNECT_RESET_AFTER);

    private final Duration firstDelay;
    private final Duration maxDelay;
    private final double jitter;
    private final long maxReconnects;
    private final Duration resetAfter;

    private ReconnectPolicy(
            Duration firstDelay, Duration maxDelay, double jitter, long maxReconnects, Duration resetAfter) {
        this.firstDelay = firstDelay;
        this.maxDelay = maxDelay;
        this.jitter = jitter;
        this.maxReconnects = maxReconnects;
        this.resetAfter = resetAfter;
    }

    /**
     * Waits of 1 s, doubling up to 30 s, each with up to half of itself added or taken by chance; no limit of attempts; anew after
     * 60 s of health.
     *
     * @return the defaults
     */
    public static ReconnectPolicy defaults() {
        return DEFAULTS;
    }

    /**
     * No reconnection at all: the stream ends with its connection, as that ends.
     *
     * @return the policy
     */
    public static ReconnectPolicy never() {
        return DEFAULTS.maxReconnects(0);
    }

    /**
     * Waits that double from one reconnection to the next.
     *
     * @param firstDelay wait before the first reconnection, and the shortest of all; more than zero; default 1 s
     * @return a policy, otherwise as the defaults
     */
    public static ReconnectPolicy exponential(Duration firstDelay) {
        if (firstDelay.isNegative() || firstDelay.isZero()) {
            throw new IllegalArgumentException("firstDelay must be more than zero, but is " + firstDelay);
        }
        Duration maxDelay = firstDelay.compareTo(DEFAULTS.maxDelay) > 0 ? firstDelay : DEFAULTS.maxDelay;
        return new ReconnectPolicy(firstDelay, maxDelay, DEFAULTS.jitter, DEFAULTS.maxReconnects, DEFAULTS.resetAfter);
    }

    /**
     * Sets the longest wait of our own; a first delay that is longer stays as it is.
     *
     * @param maxDelay more than zero; default 30 s
     * @return a new policy
     */
    public ReconnectPolicy maxDelay(Duration maxDelay) {
        if (maxDelay.compareTo(firstDelay) < 0) {
            throw new IllegalArgumentException(
                    "maxDelay must not be shorter than the first delay of " + firstDelay + ", but is " + maxDelay);
        }
        return new ReconnectPolicy(firstDelay, maxDelay, jitter, maxReconnects, resetAfter);
    }

    /**
     * Sets how much of a wait chance decides.
     *
     * @param jitter 0 for none, 1 for up to all of it; default 0.5
     * @return a new policy
     */
    public ReconnectPolicy jitter(double jitter) {
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("jitter must be from 0 to 1, but is " + jitter);
        }
        return new ReconnectPolicy(firstDelay, maxDelay, jitter, maxReconnects, resetAfter);
    }

    /**
     * Sets how often in a row the stream connects again; a time of health begins a new row. When they are used up, the stream ends as its
     * last connection did: with that failure, or complete.
     *
     * @param maxReconnects 0 for never; default no limit
     * @return a new policy
     */
    public ReconnectPolicy maxReconnects(long maxReconnects) {
        if (maxReconnects < 0) {
            throw new IllegalArgumentException("maxReconnects must not be negative, but is " + maxReconnects);
        }
        return new ReconnectPolicy(firstDelay, maxDelay, jitter, maxReconnects, resetAfter);
    }

    /**
     * Sets how long a connection must have been up for the backoff and the count of attempts to begin anew.
     *
     * @param resetAfter zero for any connection that was accepted; default 60 s
     * @return a new policy
     */
    public ReconnectPolicy resetAfter(Duration resetAfter) {
        if (resetAfter.isNegative()) {
            throw new IllegalArgumentException("resetAfter must not be negative, but is " + resetAfter);
        }
        return new ReconnectPolicy(firstDelay, maxDelay, jitter, maxReconnects, resetAfter);
    }

    /** Whether there is any reconnection. */
    boolean reconnects() {
        return maxReconnects > 0;
    }

    /** How long a connection must have been up for a new row of attempts. */
    Duration resetAfter() {
        return resetAfter;
    }

    /**
     * Decides on another connection, without waiting for it.
     *
     * @param failure what the last one has ended with
     * @param before how many reconnections there have been in this row
     * @param passing tells failures that may pass from those that will not
     * @return our own wait, without what the server asks for; errors with the failure if there is to be no other connection
     */
    Mono<Duration> nextDelay(Throwable failure, long before, Predicate<? super Throwable> passing) {
        return Mono.defer(() -> {
            AnnouncedDelay delay = new AnnouncedDelay();
            RetryBackoffSpec backoff = Retry.backoff(maxReconnects, firstDelay)
                    .multiplier(Defaults.RECONNECT_MULTIPLIER)
                    .maxBackoff(maxDelay)
                    .jitter(jitter)
                    .filter(passing)
                    .scheduler(delay)
                    .onRetryExhaustedThrow((spec, signal) -> signal.failure());
            return Flux.from(backoff.generateCompanion(Flux.just(new Attempt(before, failure))))
                    .then(Mono.fromSupplier(delay::announced));
        });
    }

    private record Attempt(long totalRetries, Throwable failure) implements Retry.RetrySignal {

        @Override
        public long totalRetriesInARow() {
            return totalRetries;
        }
    }

    @Override
    public String toString() {
        return reconnects()
                ? "ReconnectPolicy[" + (maxReconnects == UNLIMITED ? "no limit" : maxReconnects + " reconnects")
                        + ", from " + firstDelay.toMillis() + " ms to " + maxDelay.toMillis() + " ms]"
                : "ReconnectPolicy[never]";
    }
}
