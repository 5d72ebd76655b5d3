/**
 * One exchange: a {@link dev.headrace.http.Request} goes out, a {@link dev.headrace.http.Response} comes back with its body as
 * a stream. {@link dev.headrace.http.Exchange} is the seam, {@link dev.headrace.http.Interceptor} how behaviour is added to
 * it, and {@link dev.headrace.http.Transport} its end on Reactor Netty.
 */
@NullMarked
package dev.headrace.http;

import org.jspecify.annotations.NullMarked;
