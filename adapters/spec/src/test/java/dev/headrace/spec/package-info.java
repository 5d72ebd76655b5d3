@NullMarked
package dev.headrace.spec;

import org.jspecify.annotations.NullMarked;
