/**
 * Measurements, each a program of its own. A {@link dev.headrace.benchmarks.Workload} says what is read and by whom, a
 * {@link dev.headrace.benchmarks.Comparison} lets its contestants take turns and prints a table.
 */
@NullMarked
package dev.headrace.benchmarks;

import org.jspecify.annotations.NullMarked;
