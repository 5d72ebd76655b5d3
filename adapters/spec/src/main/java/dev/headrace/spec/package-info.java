/**
 * A {@link dev.headrace.stream.Source} written in YAML. {@link dev.headrace.spec.Spec} reads a document, says of every
 * mistake in it where it is, by line and column, and makes the source; what keys there are is said by one table of Java
 * values, of which the {@linkplain dev.headrace.spec.Spec#editorSchema() schema for editors} is made as well.
 */
@NullMarked
package dev.headrace.spec;

import org.jspecify.annotations.NullMarked;
