/**
 * What is seen of exchanges from outside: {@link dev.headrace.observe.Counters} for numbers, {@link dev.headrace.observe.Observations} for
 * Micrometer, {@link dev.headrace.observe.TraceContext} to pass a trace on without it, and {@link dev.headrace.observe.WireLog} to read
 * what was sent and received. None of them changes what a call does, and none prints a secret.
 */
@NullMarked
package dev.headrace.observe;

import org.jspecify.annotations.NullMarked;
