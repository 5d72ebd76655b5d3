/**
 * Runnable programs, one for each promise of the README. Begin with {@link dev.headrace.examples.Quickstart}, which keeps them all
 * against a {@link dev.headrace.examples.DemoServer} that limits, hangs up and breaks the line; the examples beside it show one promise
 * each. Not published.
 */
@NullMarked
package dev.headrace.examples;

import org.jspecify.annotations.NullMarked;
