/** The defaults that every package shares: {@link dev.headrace.Defaults}. Start at {@code dev.headrace.connector.Connector}. */
@NullMarked
package dev.headrace;

import org.jspecify.annotations.NullMarked;
