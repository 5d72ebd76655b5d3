package dev.headrace.capability;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.headrace.auth.Auth;
import dev.headrace.http.Secret;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whose call it is: what an integration declares that its callers have to give. Each kind is read from JSON by the names of its members in
 * {@code snake_case}, such as {@code {"model": "basic", "username": …, "password": …}}. Secrets do not print, and are written as {@code •••}.
 */
public sealed interface Credentials {

    /**
     * The name of this kind of credentials.
     *
     * @return {@code basic}, {@code token}, {@code oauth}, {@code oauth_client_credentials}, {@code jwt}, {@code service_account} or
     *     {@code key_pair}
     */
    default String model() {
        return CredentialModel.of(getClass()).name();
    }

    /**
     * How requests are signed, where these credentials alone are enough to do so.
     *
     * @return the signature of {@link Basic}, {@link Token} and {@link OAuth}; empty for the others, which say what they need
     */
    default Optional<Auth> auth() {
        return Optional.empty();
    }

    /**
     * A name and a password (RFC 7617).
     *
     * @param username the name; must not hold a colon
     * @param password the password
     */
    record Basic(
            @JsonProperty(required = true) String username,
            @JsonProperty(required = true) Secret password) implements Credentials {

        /**
         * Checks the values.
         *
         * @param username as {@link #username()}
         * @param password as {@link #password()}
         * @throws IllegalArgumentException if the name holds a colon
         */
        public Basic {
            Objects.requireNonNull(username, "username");
            Objects.requireNonNull(password, "password");
            if (username.indexOf(':') >= 0) {
                throw new IllegalArgumentException("username must not hold a colon (RFC 7617 §2)");
            }
        }

        @Override
        public Optional<Auth> auth() {
            return Optional.of(Auth.basic(username, password));
        }
    }

    /**
     * A token that is sent as it is: an API token, a personal access token. Signs as a bearer token (RFC 6750 §2.1); where the remote wants it
     * elsewhere, {@link Auth} knows how.
     *
     * @param token the token
     */
    record Token(@JsonProperty(required = true) Secret token) implements Credentials {

        /**
         * Checks the values.
         *
         * @param token as {@link #token()}
         */
        public Token {
            Objects.requireNonNull(token, "token");
        }

        @Override
        public Optional<Auth> auth() {
            return Optional.of(Auth.bearer(token));
        }
    }

    /**
     * What a user got from an authorization server (RFC 6749 §5.1). Signs with the access token as a bearer token (RFC 6750 §2.1); to renew it,
     * {@link dev.headrace.auth.OAuth2} needs to know the token endpoint and the client as well.
     *
     * @param accessToken what requests are signed with
     * @param refreshToken what a new one is asked for with; null if there is none
     * @param scope what it permits, words with spaces between; null if nobody said
     */
    record OAuth(
            @JsonProperty(value = "access_token", required = true)
            Secret accessToken,

            @JsonProperty("refresh_token") @Nullable Secret refreshToken,
            @Nullable String scope)
            implements Credentials {

        /**
         * Checks the values.
         *
         * @param accessToken as {@link #accessToken()}
         * @param refreshToken as {@link #refreshToken()}
         * @param scope as {@link #scope()}
         */
        public OAuth {
            Objects.requireNonNull(accessToken, "accessToken");
        }

        @Override
        public Optional<Auth> auth() {
            return Optional.of(Auth.bearer(accessToken));
        }
    }

    /**
     * A client that acts for itself (RFC 6749 §4.4). Does not sign by itself: a token has to be asked for first, for which
     * {@link dev.headrace.auth.OAuth2} needs to know the token endpoint.
     *
     * @param clientId the client
     * @param clientSecret its secret
     * @param scopes what to ask for; empty for what the server gives by itself
     */
    record OAuthClientCredentials(
            @JsonProperty(value = "client_id", required = true)
            String clientId,

            @JsonProperty(value = "client_secret", required = true)
            Secret clientSecret,

            List<String> scopes)
            implements Credentials {

        /**
         * Checks the values.
         *
         * @param clientId as {@link #clientId()}
         * @param clientSecret as {@link #clientSecret()}
         * @param scopes as {@link #scopes()}
         */
        public OAuthClientCredentials {
            Objects.requireNonNull(clientId, "clientId");
            Objects.requireNonNull(clientSecret, "clientSecret");
            // Not there in JSON.
            scopes = scopes == null ? List.of() : List.copyOf(scopes);
        }
    }

    /**
     * What a JSON Web Token is made of (RFC 7519) that is signed with a secret. Does not sign by itself: only the integration knows which algorithm
     * and which times the remote wants.
     *
     * @param headers of the token, besides what its maker adds; may be empty
     * @param claims of the token, besides what its maker adds; may be empty
     * @param secret what it is signed with
     */
    record Jwt(
            Map<String, Object> headers,
            Map<String, Object> claims,
            @JsonProperty(required = true) Secret secret) implements Credentials {

        /**
         * Checks the values.
         *
         * @param headers as {@link #headers()}
         * @param claims as {@link #claims()}
         * @param secret as {@link #secret()}
         */
        public Jwt {
            Objects.requireNonNull(secret, "secret");
            headers = copy(headers);
            claims = copy(claims);
        }
    }

    /**
     * A service account of Google Cloud, with the members of its key file. Does not sign by itself: a token has to be asked for with an assertion that
     * is signed by the key (RFC 7523 §2.1).
     *
     * @param clientEmail who it is
     * @param privateKey its key, PEM of PKCS #8
     * @param privateKeyId which of its keys; null if nobody said
     * @param clientId its number; null if nobody said
     * @param projectId where it belongs; null if nobody said
     * @param tokenUri where tokens are asked for; null for Google's own
     * @param authUri where users would log in; null if nobody said
     * @param authProviderCertificateUrl where the server's certificates are; null if nobody said
     * @param clientCertificateUrl where its own certificate is; null if nobody said
     * @param universeDomain which cloud; null for {@code googleapis.com}
     */
    record ServiceAccount(
            @JsonProperty(value = "client_email", required = true)
            String clientEmail,

            @JsonProperty(value = "private_key", required = true)
            Secret privateKey,

            @JsonProperty("private_key_id") @Nullable String privateKeyId,
            @JsonProperty("client_id") @Nullable String clientId,
            @JsonProperty("project_id") @Nullable String projectId,
            @JsonProperty("token_uri") @Nullable String tokenUri,
            @JsonProperty("auth_uri") @Nullable String authUri,

            @JsonProperty("auth_provider_x509_cert_url") @Nullable
            String authProviderCertificateUrl,

            @JsonProperty("client_x509_cert_url") @Nullable String clientCertificateUrl,
            @JsonProperty("universe_domain") @Nullable String universeDomain)
            implements Credentials {

        /**
         * Checks the values.
         *
         * @param clientEmail as {@link #clientEmail()}
         * @param privateKey as {@link #privateKey()}
         * @param privateKeyId as {@link #privateKeyId()}
         * @param clientId as {@link #clientId()}
         * @param projectId as {@link #projectId()}
         * @param tokenUri as {@link #tokenUri()}
         * @param authUri as {@link #authUri()}
         * @param authProviderCertificateUrl as {@link #authProviderCertificateUrl()}
         * @param clientCertificateUrl as {@link #clientCertificateUrl()}
         * @param universeDomain as {@link #universeDomain()}
         */
        public ServiceAccount {
            Objects.requireNonNull(clientEmail, "clientEmail");
            Objects.requireNonNull(privateKey, "privateKey");
        }
    }

    /**
     * A pair of keys. Does not sign by itself: only the integration knows what has to be signed and how.
     *
     * @param publicKey the public key, or its name
     * @param privateKey the private key
     */
    record KeyPair(
            @JsonProperty(value = "public_key", required = true)
            String publicKey,

            @JsonProperty(value = "private_key", required = true)
            Secret privateKey)
            implements Credentials {

        /**
         * Checks the values.
         *
         * @param publicKey as {@link #publicKey()}
         * @param privateKey as {@link #privateKey()}
         */
        public KeyPair {
            Objects.requireNonNull(publicKey, "publicKey");
            Objects.requireNonNull(privateKey, "privateKey");
        }
    }

    private static Map<String, Object> copy(@Nullable Map<String, Object> given) {
        // Not there in JSON; and values may be null.
        return given == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(given));
    }
}
