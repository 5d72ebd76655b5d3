/**
 * Bytes that survive a broken line and a killed process. {@link dev.headrace.transfer.Download} writes to a {@code .part} file beside
 * the destination, keeps a journal of what those bytes are and where they came from, goes on with a range request only if the remote
 * proves that they still belong together, and renames at the end. {@link dev.headrace.transfer.ByteStream} emits them, by the same
 * rules and without a disk. {@link dev.headrace.transfer.Upload} is the other direction: by tus 1.0 it goes on where the server is, or it
 * sends one plain request.
 */
@NullMarked
package dev.headrace.transfer;

import org.jspecify.annotations.NullMarked;
