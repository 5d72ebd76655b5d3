/**
 * When to wait, try again or refuse. {@link dev.headrace.resilience.RetryPolicy} sends again;
 * {@link dev.headrace.resilience.RateLimitPolicy}, {@link dev.headrace.resilience.CircuitBreakerPolicy} and
 * {@link dev.headrace.resilience.BulkheadPolicy} decide what is sent at all, their state is shared by calls, and
 * {@link dev.headrace.resilience.Admission} asks them in the right order. {@link dev.headrace.resilience.BandwidthLimit} counts bytes.
 */
@NullMarked
package dev.headrace.resilience;

import org.jspecify.annotations.NullMarked;
