/**
 * Progress that outlives a run: a {@link dev.headrace.state.StateStore} keeps JSON documents by key, and
 * {@link dev.headrace.state.Checkpoints} saves in one how far a stream has been handled. An element says by
 * {@link dev.headrace.state.Positioned} where its stream goes on behind it.
 */
@NullMarked
package dev.headrace.state;

import org.jspecify.annotations.NullMarked;
