package dev.headrace.resilience;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server said it has left for us, and the pace that follows.
 *
 * <p>While much is left, nothing is slowed. When little is left, at most five requests or a tenth of the limit, they are spread evenly over
 * the time to the reset. When nothing is left, nobody goes before the reset; after it the quota is forgotten, and the pace is free until the
 * server speaks again. A quota that trickles back (a leaky bucket at the server) frees one request after another instead.
 *
 * <p>Responses overtake each other. Within one window what is left can only shrink, so the least is believed; what we let through is taken
 * off at once, without waiting for its response. An earlier reset than the one known is believed only from a response whose request
 * was sent after that was learned. Not thread-safe: it belongs to a gate.
 */
final class ServerQuotas {

    /** Servers count in whole seconds, and so does {@code Date}: resets this close together are one. */
    private static final long SAME_RESET = 2_000_000_000L;

    private static final long FEW = 5;
    /** A server that names more quotas than this is not followed any further. */
    private static final int MOST_QUOTAS = 8;

    /** The last word of the server on the quota that had least left. */
    record Seen(long limit, long remaining, @Nullable Instant resetAt) {}

    private static final class Window {
        final RateLimitHeaders.Quota quota;
        final long learnedAt;
        final long resetAt;
        long remaining;
        long saidAt;
        long nextAt;

        Window(RateLimitHeaders.Quota quota, long resetAt, long now, long nextAt) {
            this.quota = quota;
            this.learnedAt = now;
            this.saidAt = now;
            this.remaining = quota.remaining();
            this.resetAt = resetAt;
            // At a leaky bucket that is full, the next has to wait for one to leak out.
            this.nextAt = quota.trickles() && remaining == 0 ? Math.max(nextAt, now + trickle()) : nextAt;
        }

        long few() {
            return Math.max(FEW, quota.limit() / 10);
        }

        /** For a quota that trickles back: how long one request takes. */
        long trickle() {
            long used = Math.max(1, quota.limit() - quota.remaining());
            return Math.max(1, quota.resetNanos() / used);
        }
    }

    private static final Comparator<RateLimitHeaders.Quota> LEAST_FIRST = Comparator.comparing(
                    RateLimitHeaders.Quota::requests)
            .reversed()
            .thenComparing(RateLimitHeaders.Quota::remaining);

    private final Map<String, Window> windows = new HashMap<>();
    private @Nullable Seen lastSeen;

    /** Learns from a response to a request that was sent at a time. */
    void observe(List<RateLimitHeaders.Quota> quotas, long sentAt, long now) {
        quotas.stream().min(LEAST_FIRST).ifPresent(least -> lastSeen = seen(least));
        forgetPast(now);
        quotas.forEach(quota -> observe(quota, sentAt, now));
    }

    private static Seen seen(RateLimitHeaders.Quota quota) {
        return new Seen(
                quota.limit(),
                quota.remaining(),
                quota.resetNanos() < 0 ? null : SchedulerClock.instantAfter(quota.resetNanos()));
    }

    private void observe(RateLimitHeaders.Quota quota, long sentAt, long now) {
        long reset = Math.min(quota.resetNanos(), RateGate.LONGEST_PAUSE.toNanos());
        if (reset < 0 && quota.remaining() == 0) {
            reset = RateGate.UNTOLD_PAUSE.toNanos();
        }
        if (reset <= 0) {
            return;
        }
        long resetAt = now + reset;
        Window known = windows.get(quota.name());
        if (known == null) {
            if (windows.size() < MOST_QUOTAS) {
                windows.put(quota.name(), new Window(quota, resetAt, now, now));
            }
            return;
        }
        boolean newer = sentAt - known.learnedAt >= 0;
        boolean sameWindow = Math.abs(resetAt - known.resetAt) <= SAME_RESET && !quota.trickles();
        if (sameWindow) {
            if (quota.remaining() < known.remaining) {
                known.remaining = quota.remaining();
                known.saidAt = now;
            }
        } else if (newer || resetAt - known.resetAt > 0 && !quota.trickles()) {
            windows.put(quota.name(), new Window(quota, resetAt, now, known.nextAt));
        }
    }

    /** Nanoseconds until the next may go. */
    long waitAt(long now) {
        forgetPast(now);
        long wait = 0;
        for (Window window : windows.values()) {
            if (window.remaining <= 0 && !window.quota.trickles()) {
                wait = Math.max(wait, window.resetAt - now);
            } else if (window.quota.requests() && window.remaining <= window.few()) {
                wait = Math.max(wait, Math.min(window.nextAt, window.resetAt) - now);
            }
        }
        return wait;
    }

    void take(int weight, long now) {
        for (Window window : windows.values()) {
            if (!window.quota.requests() || weight == 0) {
                continue;
            }
            if (window.quota.trickles()) {
                // While some are left nothing is slowed: the server itself evens it out.
                window.nextAt = window.remaining - weight > 0 ? now : now + window.trickle() * weight;
            } else if (window.remaining <= window.few()) {
                window.nextAt = now + (window.resetAt - now) / Math.max(1, window.remaining) * weight;
            }
            window.remaining -= weight;
        }
    }

    /** What was taken before the server's last word is not in it. */
    void giveBack(int weight, long since) {
        for (Window window : windows.values()) {
            if (window.quota.requests() && since - window.saidAt >= 0) {
                window.remaining += weight;
            }
        }
    }

    long estimate(long weightAhead, long now) {
        long wait = waitAt(now);
        for (Window window : windows.values()) {
            if (!window.quota.requests()) {
                continue;
            }
            long left = window.remaining - weightAhead;
            if (window.quota.trickles()) {
                wait = Math.max(wait, left > 0 ? 0 : window.trickle() * (1 - left) - (now - window.learnedAt));
            } else if (left <= 0) {
                wait = Math.max(wait, window.resetAt - now);
            } else if (left <= window.few()) {
                long gap = (window.resetAt - now) / Math.min(window.remaining, window.few());
                long slowed = Math.min(weightAhead, window.few() - left);
                wait = Math.max(wait, Math.max(0, window.nextAt - now) + gap * slowed);
            }
        }
        return wait;
    }

    boolean isEmpty(long now) {
        forgetPast(now);
        return windows.isEmpty();
    }

    @Nullable
    Seen lastSeen() {
        return lastSeen;
    }

    private void forgetPast(long now) {
        for (Iterator<Window> all = windows.values().iterator(); all.hasNext(); ) {
            if (all.next().resetAt - now <= 0) {
                all.remove();
            }
        }
    }
}
