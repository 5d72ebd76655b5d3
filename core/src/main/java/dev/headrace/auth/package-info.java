/**
 * Credentials on a request: {@link dev.headrace.auth.Auth} is an interceptor, applied anew to every attempt.
 * {@link dev.headrace.auth.OAuth2} asks for access tokens and renews them, one request for all who wait.
 */
@NullMarked
package dev.headrace.auth;

import org.jspecify.annotations.NullMarked;
