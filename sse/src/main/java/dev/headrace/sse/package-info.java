/**
 * Server-sent events (WHATWG HTML §9.2). {@link dev.headrace.sse.EventStream} is the entry: a stream that connects, reconnects
 * and resumes; {@link dev.headrace.sse.SseDecoder} makes events of bytes that come from elsewhere.
 */
@NullMarked
package dev.headrace.sse;

import org.jspecify.annotations.NullMarked;
