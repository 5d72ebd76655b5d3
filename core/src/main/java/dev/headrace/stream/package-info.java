/**
 * What becomes of records on their way: {@link dev.headrace.stream.FieldMapping} gives them another shape, field by field, with the
 * ready-made functions of {@link dev.headrace.stream.Transforms}. All of it is plain functions over trees, for any {@code Flux} of them.
 */
@NullMarked
package dev.headrace.stream;

import org.jspecify.annotations.NullMarked;
