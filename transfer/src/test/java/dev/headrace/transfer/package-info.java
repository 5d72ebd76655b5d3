/** Tests of transfers, on a real socket and a real disk where it matters. */
@NullMarked
package dev.headrace.transfer;

import org.jspecify.annotations.NullMarked;
