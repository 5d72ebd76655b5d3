/** Credentials on a request: {@link dev.headrace.auth.Auth} is an interceptor, applied anew to every attempt. */
@NullMarked
package dev.headrace.auth;

import org.jspecify.annotations.NullMarked;
