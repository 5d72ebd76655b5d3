@NullMarked
package dev.headrace.spring;

import org.jspecify.annotations.NullMarked;
