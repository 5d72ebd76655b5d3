package dev.headrace.resilience;

import dev.headrace.http.Response;
import dev.headrace.http.RetryAfter;
import dev.headrace.http.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one key of a {@link RateLimiter} has left: by its own rates, by what the server says, and by a pause that a server asked for. */
final class RateGate implements Gate {

    /** Where a server says that it was too much but not for how long. */
    static final Duration UNTOLD_PAUSE = Duration.ofSeconds(5);
    /** Beyond this nothing is believed; after it one request finds out. */
    static final Duration LONGEST_PAUSE = Duration.ofDays(1);

    // An array, for whoever asks all of them for every request needs no iterator each time.
    private final RateMeter[] meters;
    private final @Nullable ServerQuotas quotas;
    private long pausedUntil;

    RateGate(RateLimitPolicy policy) {
        this.meters = policy.rates().stream().map(RateMeter::new).toArray(RateMeter[]::new);
        this.quotas = policy.isAdaptive() ? new ServerQuotas() : null;
        this.pausedUntil = SchedulerClock.nanos();
    }

    @Override
    public long enter(int weight, long now) {
        long wait = pause(now);
        if (quotas != null) {
            wait = Math.max(wait, quotas.waitAt(now));
        }
        for (RateMeter meter : meters) {
            wait = Math.max(wait, meter.waitFor(weight));
        }
        if (wait > 0) {
            return wait;
        }
        for (RateMeter meter : meters) {
            meter.take(weight, now);
        }
        if (quotas != null) {
            quotas.take(weight, now);
        }
        return 0;
    }

    @Override
    public void giveBack(int weight, long since) {
        for (RateMeter meter : meters) {
            meter.giveBack(weight, since);
        }
        if (quotas != null) {
            quotas.giveBack(weight, since);
        }
    }

    @Override
    public long estimate(long weightAhead, int weight, long now) {
        long pause = pause(now);
        long wait = pause;
        if (quotas != null) {
            wait = Math.max(wait, quotas.estimate(weightAhead, now));
        }
        for (RateMeter meter : meters) {
            wait = Math.max(
                    wait,
                    meter.estimate(weightAhead + Math.min(weight, meter.rate().burst()), pause));
        }
        return wait;
    }

    @Override
    public boolean isFresh(long now) {
        return pause(now) == 0
                && Arrays.stream(meters).allMatch(RateMeter::isFull)
                && (quotas == null || quotas.isEmpty(now));
    }

    /** Learns from a response to a request that was sent at a time. */
    void observe(Response response, long sentAt) {
        long now = SchedulerClock.nanos();
        if (quotas != null) {
            quotas.observe(RateLimitHeaders.read(response.headers(), Instant.now()), sentAt, now);
        }
        pauseAsked(response, now).ifPresent(pause -> {
            long until = now + Math.min(SchedulerClock.nanosOf(pause), LONGEST_PAUSE.toNanos());
            if (until - pausedUntil > 0) {
                pausedUntil = until;
            }
        });
    }

    private Optional<Duration> pauseAsked(Response response, long now) {
        if (response.verdict().isPresent()) {
            return response.verdict().get() instanceof Verdict.RateLimited limited
                    ? limited.delay()
                            .or(() -> RetryAfter.from(response.headers()))
                            .or(() -> untold(now))
                    : Optional.empty();
        }
        return switch (response.status()) {
            // GitHub's second limit comes as a 403 with Retry-After.
            case 403, 503 -> RetryAfter.from(response.headers());
            case 429 -> RetryAfter.from(response.headers()).or(() -> quotas == null ? Optional.empty() : untold(now));
            default -> Optional.empty();
        };
    }

    private Optional<Duration> untold(long now) {
        // Where a quota is used up, it says itself until when.
        return quotas != null && quotas.waitAt(now) > 0 ? Optional.empty() : Optional.of(UNTOLD_PAUSE);
    }

    private long pause(long now) {
        return Math.max(0, pausedUntil - now);
    }

    RateLimitState state(String key, int waiting) {
        long now = SchedulerClock.nanos();
        long left = Math.max(pause(now), quotas == null ? 0 : quotas.waitAt(now));
        ServerQuotas.Seen seen = quotas == null ? null : quotas.lastSeen();
        return new RateLimitState(
                key,
                meters.length == 0
                        ? null
                        : Arrays.stream(meters)
                                .mapToLong(RateMeter::available)
                                .min()
                                .getAsLong(),
                waiting,
                left == 0 ? null : SchedulerClock.instantAfter(left),
                seen == null || seen.limit() < 0 ? null : seen.limit(),
                seen == null ? null : seen.remaining(),
                seen == null || seen.resetAt() == null ? null : seen.resetAt());
    }
}
