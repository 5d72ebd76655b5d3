package dev.headrace.spring;

import dev.headrace.resilience.BulkheadPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@code bulkhead}: how many exchanges may run at once.
 *
 * @param maxConcurrent So many run at once. Required.
 * @param maxQueued So many may wait for a place.
 * @param maxWait Longest wait for a place. Default 30s.
 */
record BulkheadProperties(
        @Nullable Integer maxConcurrent,
        @Nullable Integer maxQueued,
        @Nullable Duration maxWait) {

    BulkheadPolicy policy(PropertyPath path) {
        int most = path.required("max-concurrent", maxConcurrent);
        BulkheadPolicy policy = path.at("max-concurrent").attempt(() -> BulkheadPolicy.maxConcurrent(most));
        policy = path.set(policy, "max-queued", maxQueued, BulkheadPolicy::maxQueued);
        return path.set(policy, "max-wait", maxWait, BulkheadPolicy::maxWait);
    }
}
