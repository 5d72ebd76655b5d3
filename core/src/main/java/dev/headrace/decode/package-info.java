/**
 * From body bytes to items. {@link dev.headrace.decode.Decoder} is the entry: JSON, CSV, lines, text and bytes.
 * {@link dev.headrace.decode.PullParser} is what a format implements, run on demand by the one operator that events, lines, rows and
 * JSON items share.
 */
@NullMarked
package dev.headrace.decode;

import org.jspecify.annotations.NullMarked;
