/** What must be in the package of the connector to reach its chain; for measurements only. */
@NullMarked
package dev.headrace.connector;

import org.jspecify.annotations.NullMarked;
