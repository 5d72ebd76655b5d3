/**
 * The Airbyte protocol: {@link dev.headrace.airbyte.AirbyteSource} turns what a {@link dev.headrace.stream.Source} says and reads into its
 * messages, and its configured catalogs and states into what a source takes.
 */
@NullMarked
package dev.headrace.airbyte;

import org.jspecify.annotations.NullMarked;
