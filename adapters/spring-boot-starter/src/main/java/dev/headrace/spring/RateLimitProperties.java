package dev.headrace.spring;

import dev.headrace.resilience.RateLimitPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code rate-limit}: how fast requests may leave.
 *
 * @param permits Requests in a period. May be left out if the limit is adaptive.
 * @param period The period.
 * @param shape How permits come back: all the time (bucket), all at once (window), or one by one, never two at once (evenly). Default bucket.
 * @param burst How many permits a bucket keeps for later. Default those of a second.
 * @param adaptive Whether requests get slower when the server's headers say so.
 * @param maxWait Longest wait for a permit; 0 fails at once. Default 30s.
 */
record RateLimitProperties(
        @Nullable Long permits,
        @DefaultValue("1s") Duration period,
        @Nullable Shape shape,
        @Nullable Long burst,
        boolean adaptive,
        @Nullable Duration maxWait) {

    /** How permits come back. */
    enum Shape {
        /** All the time, up to the burst. */
        BUCKET,
        /** All at once, when the period ends. */
        WINDOW,
        /** One by one. */
        EVENLY
    }

    RateLimitPolicy policy(PropertyPath path) {
        RateLimitPolicy policy = adaptive ? RateLimitPolicy.adaptive() : null;
        if (permits != null || policy == null) {
            RateLimitPolicy rate = rate(path, path.required("permits", permits));
            policy = policy == null ? rate : rate.and(policy);
        } else {
            belongsToPermits(path, "shape", shape);
            belongsToPermits(path, "burst", burst);
        }
        return path.set(policy, "max-wait", maxWait, RateLimitPolicy::maxWait);
    }

    private RateLimitPolicy rate(PropertyPath path, long count) {
        RateLimitPolicy rate =
                path.at(isPositive(period) ? "permits" : "period").attempt(() -> shaped(count));
        return path.set(rate, "burst", burst, RateLimitPolicy::burst);
    }

    private RateLimitPolicy shaped(long count) {
        if (shape == Shape.WINDOW) {
            return RateLimitPolicy.window(count, period);
        }
        return shape == Shape.EVENLY ? RateLimitPolicy.evenly(count, period) : RateLimitPolicy.of(count, period);
    }

    private static boolean isPositive(Duration period) {
        return !period.isNegative() && !period.isZero();
    }

    private static void belongsToPermits(PropertyPath path, String key, @Nullable Object value) {
        if (value != null) {
            throw path.at(key)
                    .refused("It has no meaning without " + path.at("permits").name());
        }
    }
}
