/**
 * Bytes that survive a broken line and a killed process. {@link dev.headrace.transfer.Download} is the entry: it writes to a
 * {@code .part} file beside the destination, keeps a journal of what those bytes are and where they came from, goes on with a range
 * request only if the remote proves that they still belong together, and renames at the end.
 */
@NullMarked
package dev.headrace.transfer;

import org.jspecify.annotations.NullMarked;
