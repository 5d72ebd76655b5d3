/** When to wait, try again or refuse: {@link dev.headrace.resilience.RetryPolicy} and what it listens to. */
@NullMarked
package dev.headrace.resilience;

import org.jspecify.annotations.NullMarked;
