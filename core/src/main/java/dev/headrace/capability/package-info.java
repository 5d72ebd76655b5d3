/**
 * Typed operations of a remote that run as a library, as a command and over HTTP from the same code: a
 * {@link dev.headrace.capability.Capability} is one of them, an {@link dev.headrace.capability.Integration} is several, with the credentials,
 * settings and record streams that belong to them.
 */
@NullMarked
package dev.headrace.capability;

import org.jspecify.annotations.NullMarked;
