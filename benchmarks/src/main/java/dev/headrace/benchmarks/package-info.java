/** Measurements, each a program of its own; {@link dev.headrace.benchmarks.ChainOverhead} says what the chain costs above the transport. */
@NullMarked
package dev.headrace.benchmarks;

import org.jspecify.annotations.NullMarked;
