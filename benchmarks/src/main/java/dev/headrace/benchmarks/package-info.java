/**
 * Measurements. {@link dev.headrace.benchmarks.Benchmarks} runs {@link dev.headrace.benchmarks.Suite}s; most are a
 * {@link dev.headrace.benchmarks.Comparison} of a {@link dev.headrace.benchmarks.Workload}, which says what is read and by whom, and lets
 * its contestants take turns.
 */
@NullMarked
package dev.headrace.benchmarks;

import org.jspecify.annotations.NullMarked;
