/**
 * What can go wrong, in one place: {@link dev.headrace.error.HeadraceException} is the root of every failure that Headrace
 * signals, and its {@link dev.headrace.error.FailureKind} says what a caller can do about it. Each subclass lives in the
 * package of what throws it.
 */
@NullMarked
package dev.headrace.error;

import org.jspecify.annotations.NullMarked;
