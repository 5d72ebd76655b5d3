package dev.headrace.auth;

import dev.headrace.http.Secret;
import org.jspecify.annotations.Nullable;

/** What an authorization server gave: an access token, and perhaps the refresh token to use from now on (RFC 6749 §5.1). */
record TokenGrant(Token token, @Nullable Secret refreshToken) {}
