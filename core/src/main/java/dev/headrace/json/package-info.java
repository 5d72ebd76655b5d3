/** The one place that reads and writes JSON: {@link dev.headrace.json.Json}, {@link dev.headrace.json.Codec} and the record scanner. */
@NullMarked
package dev.headrace.json;

import org.jspecify.annotations.NullMarked;
