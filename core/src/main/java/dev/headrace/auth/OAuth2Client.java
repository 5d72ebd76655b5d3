package dev.headrace.auth;

import dev.headrace.http.Secret;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who asks for access tokens (RFC 6749 §2): an application as the authorization server knows it, and what it may present.
 *
 * @param id the client's identifier
 * @param secret the client's secret; null for a public client, which has none
 * @param refreshToken the refresh token it was given for somebody; null if there is none
 */
public record OAuth2Client(
        String id, @Nullable Secret secret, @Nullable Secret refreshToken) {

    /**
     * Checks the values.
     *
     * @param id as {@link #id()}
     * @param secret as {@link #secret()}
     * @param refreshToken as {@link #refreshToken()}
     */
    public OAuth2Client {
        Objects.requireNonNull(id, "id");
        if (id.isEmpty()) {
            throw new IllegalArgumentException("The id of an OAuth 2.0 client must not be empty");
        }
    }

    /**
     * A client with a secret.
     *
     * @param id the client's identifier
     * @param secret the client's secret
     * @return the client
     */
    public static OAuth2Client of(String id, Secret secret) {
        return new OAuth2Client(id, Objects.requireNonNull(secret, "secret"), null);
    }

    /**
     * A public client: one without a secret (RFC 6749 §2.1).
     *
     * @param id the client's identifier
     * @return the client
     */
    public static OAuth2Client withoutSecret(String id) {
        return new OAuth2Client(id, null, null);
    }

    /**
     * The same client with a refresh token.
     *
     * @param refreshToken the token
     * @return a new value
     */
    public OAuth2Client with(Secret refreshToken) {
        return new OAuth2Client(id, secret, Objects.requireNonNull(refreshToken, "refreshToken"));
    }
}
