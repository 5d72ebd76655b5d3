/** A live feed in the browser: {@link dev.headrace.examples.dashboard.Dashboard} is the program. */
@NullMarked
package dev.headrace.examples.dashboard;

import org.jspecify.annotations.NullMarked;
