@NullMarked
package dev.headrace.airbyte;

import org.jspecify.annotations.NullMarked;
