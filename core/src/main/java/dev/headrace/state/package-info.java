/** Progress that outlives a run: a {@link dev.headrace.state.StateStore} keeps JSON documents by key. */
@NullMarked
package dev.headrace.state;

import org.jspecify.annotations.NullMarked;
