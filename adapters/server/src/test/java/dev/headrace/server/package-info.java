@NullMarked
package dev.headrace.server;

import org.jspecify.annotations.NullMarked;
