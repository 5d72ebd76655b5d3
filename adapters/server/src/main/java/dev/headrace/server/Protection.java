package dev.headrace.server;

import dev.headrace.http.Secret;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which keys open the server: any of them does. Keys are compared in constant time, and all of them, so that nobody learns by measuring which
 * one was nearly right.
 */
record Protection(List<Secret> bearers, List<ApiKey> apiKeys, boolean off) {

    /** A key that stands in a header of its own. */
    record ApiKey(String header, Secret secret) {

        // RFC 9110 §5.6.2: a field's name is a token.
        private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

        ApiKey {
            Objects.requireNonNull(secret, "secret");
            if (!NAME.matcher(header).matches()) {
                throw new IllegalArgumentException("'" + header + "' is no name of a header");
            }
        }
    }

    static final Protection DEFAULT = new Protection(List.of(), List.of(), false);

    private static final Protection NONE = new Protection(List.of(), List.of(), true);

    private static final String SCHEME = "Bearer ";
    private static final int TOKEN_BYTES = 32;

    static Protection none() {
        return NONE;
    }

    Protection bearer(Secret token) {
        return new Protection(with(bearers, Objects.requireNonNull(token, "token")), apiKeys, false);
    }

    Protection apiKey(String header, Secret key) {
        return new Protection(bearers, with(apiKeys, new ApiKey(header, key)), false);
    }

    private static <T> List<T> with(List<T> all, T one) {
        List<T> more = new ArrayList<>(all);
        more.add(one);
        return List.copyOf(more);
    }

    /** With a token made at random if nobody has given a key. Reads the system's source of randomness, which may block. */
    Protection completed() {
        if (off || !bearers.isEmpty() || !apiKeys.isEmpty()) {
            return this;
        }
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        return bearer(Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(random)));
    }

    Optional<Secret> token() {
        return bearers.stream().findFirst();
    }

    boolean admits(HttpHeaders headers) {
        if (off) {
            return true;
        }
        Secret token = bearerOf(headers);
        boolean admitted = false;
        for (Secret bearer : bearers) {
            admitted |= token != null && bearer.equals(token);
        }
        for (ApiKey key : apiKeys) {
            String given = headers.get(key.header());
            admitted |= given != null && !given.isEmpty() && key.secret().equals(Secret.of(given));
        }
        return admitted;
    }

    /** How callers prove themselves (RFC 9110 §11.6.1, RFC 6750 §3). */
    String challenge(String realm, HttpHeaders headers) {
        if (bearers.isEmpty()) {
            return "ApiKey realm=\"" + realm + "\", header=\"" + apiKeys.get(0).header() + "\"";
        }
        return "Bearer realm=\"" + realm + "\"" + (bearerOf(headers) == null ? "" : ", error=\"invalid_token\"");
    }

    private static @Nullable Secret bearerOf(HttpHeaders headers) {
        String given = headers.get(HttpHeaderNames.AUTHORIZATION);
        if (given == null || !given.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return null;
        }
        String token = given.substring(SCHEME.length()).strip();
        return token.isEmpty() ? null : Secret.of(token);
    }
}
