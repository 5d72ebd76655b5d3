package dev.headrace.capability;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.headrace.connector.Connector;
import dev.headrace.http.OriginPolicy;
import dev.headrace.http.Redactor;
import dev.headrace.http.Request;
import dev.headrace.http.Secret;
import dev.headrace.resilience.RetryPolicy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The way to tokens as capabilities of an integration, for callers that let users authorize them (RFC 6749):
 *
 * <ul>
 *   <li>{@code get_authorization_url}: where the user has to go,
 *   <li>{@code handle_authorization_callback}: tokens for the code that the user comes back with,
 *   <li>{@code handle_client_credentials_request}: tokens for the application itself,
 *   <li>{@code refresh_access_token}: new tokens for the refresh token.
 * </ul>
 *
 * <p>Which of them there are, {@link OAuthSettings} says; one that the integration has itself goes before. Callers that have tokens give them as
 * {@link Credentials.OAuth}. To sign the requests of a connector that renews its tokens itself there is {@link dev.headrace.auth.OAuth2}.
 *
 * <p>Answers hold tokens as they are, so they must not be logged. Nothing is remembered between two calls: the caller keeps {@code state} and
 * {@code code_verifier} and gives them back. Requests for tokens are sent once, without retries, for a code and many a refresh token can be
 * used only once (RFC 6749 §10.5), and redirects are not followed. What the server refuses is a {@link CapabilityException} with its error code
 * and description (RFC 6749 §5.2): {@code unauthorized} for the client and what it presents, {@code permission_denied} where the user said no,
 * {@code rate_limit} and {@code service_error} where it may pass, {@code bad_request} otherwise.
 *
 * <p>Has a connector of its own that is made when it is first needed; {@link #close()} closes it. Safe for use by several threads.
 */
public final class OAuthModule implements IntegrationModule, AutoCloseable {

    static final String GET_AUTHORIZATION_URL = "get_authorization_url";
    static final String HANDLE_AUTHORIZATION_CALLBACK = "handle_authorization_callback";
    static final String HANDLE_CLIENT_CREDENTIALS_REQUEST = "handle_client_credentials_request";
    static final String REFRESH_ACCESS_TOKEN = "refresh_access_token";

    static final Set<String> NAMES = Set.of(
            GET_AUTHORIZATION_URL,
            HANDLE_AUTHORIZATION_CALLBACK,
            HANDLE_CLIENT_CREDENTIALS_REQUEST,
            REFRESH_ACCESS_TOKEN);

    // RFC 7636 §4.1 and §7.1: 32 random bytes are 43 characters.
    private static final int RANDOM_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final OAuthSettings settings;
    private @Nullable Connector connector;

    private OAuthModule(OAuthSettings settings) {
        this.settings = settings;
    }

    /**
     * A module.
     *
     * @param settings how the authorization server is spoken to
     * @return the module
     */
    public static OAuthModule of(OAuthSettings settings) {
        return new OAuthModule(Objects.requireNonNull(settings, "settings"));
    }

    /**
     * What {@code get_authorization_url} takes (RFC 6749 §4.1.1).
     *
     * @param clientId the client
     * @param redirectUri where the user is sent back to, for a program at hand an address of the loopback interface (RFC 8252 §7.3); null
     *     where the server knows only one
     * @param state comes back with the user, so that nobody can send another's code (RFC 6749 §10.12); null for a random one
     * @param scopes what to ask for; null for those of the settings
     */
    public record AuthorizationUrlInput(
            @JsonProperty(value = "client_id", required = true)
            String clientId,

            @JsonProperty("redirect_uri") @Nullable String redirectUri,
            @Nullable String state,
            @Nullable List<String> scopes) {}

    /**
     * What {@code get_authorization_url} answers.
     *
     * @param authorizationUrl where the user has to go
     * @param state to be compared when the user comes back
     * @param codeVerifier to be given back with the callback; null without PKCE
     */
    public record AuthorizationUrl(
            @JsonProperty(value = "authorization_url", required = true)
            String authorizationUrl,

            @JsonProperty(required = true) String state,
            @JsonProperty("code_verifier") @Nullable String codeVerifier) {

        /** Without the verifier. */
        @Override
        public String toString() {
            return "AuthorizationUrl[" + Redactor.uri(authorizationUrl) + "]";
        }
    }

    /**
     * What {@code handle_authorization_callback} takes (RFC 6749 §4.1.3): the URL that the user came back to, or the code in it.
     *
     * @param clientId the client
     * @param clientSecret its secret; null for a public client
     * @param redirectUri as it was for the authorization URL
     * @param callbackUrl the whole URL that the user came back to, with its query; null if there is a code
     * @param code the code; null if there is a callback URL
     * @param state what the authorization URL was made with; compared with that of the callback URL. Null to compare nothing
     * @param codeVerifier what came with the authorization URL; null without PKCE
     */
    public record CallbackInput(
            @JsonProperty(value = "client_id", required = true)
            String clientId,

            @JsonProperty("client_secret") @Nullable Secret clientSecret,
            @JsonProperty("redirect_uri") @Nullable String redirectUri,
            @JsonProperty("callback_url") @Nullable Secret callbackUrl,
            @Nullable Secret code,
            @Nullable String state,
            @JsonProperty("code_verifier") @Nullable Secret codeVerifier) {}

    /**
     * What {@code handle_client_credentials_request} takes (RFC 6749 §4.4.2).
     *
     * @param clientId the client
     * @param clientSecret its secret
     * @param scopes what to ask for; null for those of the settings
     */
    public record ClientCredentialsInput(
            @JsonProperty(value = "client_id", required = true)
            String clientId,

            @JsonProperty(value = "client_secret", required = true)
            Secret clientSecret,

            @Nullable List<String> scopes) {}

    /**
     * What {@code refresh_access_token} takes (RFC 6749 §6).
     *
     * @param clientId the client
     * @param clientSecret its secret; null for a public client
     * @param refreshToken the refresh token
     * @param scopes what to ask for, no more than was granted; null for the same
     */
    public record RefreshInput(
            @JsonProperty(value = "client_id", required = true)
            String clientId,

            @JsonProperty("client_secret") @Nullable Secret clientSecret,

            @JsonProperty(value = "refresh_token", required = true)
            Secret refreshToken,

            @Nullable List<String> scopes) {}

    /**
     * What the server granted (RFC 6749 §5.1).
     *
     * @param accessToken the access token, as it is
     * @param refreshToken the refresh token to use from now on, as it is; null if there is none, and the one before stays
     * @param tokenType such as {@code Bearer}; null if the server does not say
     * @param expiresIn seconds until the access token ends; null if the server does not say
     * @param scope what was granted, words with spaces between; null if it is what was asked for
     */
    public record Tokens(
            @JsonProperty(value = "access_token", required = true)
            String accessToken,

            @JsonProperty("refresh_token") @Nullable String refreshToken,
            @JsonProperty("token_type") @Nullable String tokenType,
            @JsonProperty("expires_in") @Nullable Long expiresIn,
            @Nullable String scope) {

        /** Without the tokens. */
        @Override
        public String toString() {
            return "Tokens[" + tokenType + ", expires in " + expiresIn + ", scope " + scope + "]";
        }
    }

    @Override
    public void addTo(Integration.Builder integration) {
        Set<String> wanted = settings.capabilities();
        if (wanted.contains(GET_AUTHORIZATION_URL)) {
            integration.capability(Capability.of(
                            GET_AUTHORIZATION_URL,
                            AuthorizationUrlInput.class,
                            AuthorizationUrl.class,
                            (request, context) ->
                                    authorizationUrl(request.input()).map(CapabilityResponse::of))
                    .withoutCredentials()
                    .description("Where a user goes to authorize the application"));
        }
        if (wanted.contains(HANDLE_AUTHORIZATION_CALLBACK)) {
            integration.capability(Capability.of(
                            HANDLE_AUTHORIZATION_CALLBACK,
                            CallbackInput.class,
                            Tokens.class,
                            (request, context) -> callback(request.input()).map(CapabilityResponse::of))
                    .withoutCredentials()
                    .description("Tokens for a user who has authorized the application"));
        }
        if (wanted.contains(HANDLE_CLIENT_CREDENTIALS_REQUEST)) {
            integration.capability(Capability.of(
                            HANDLE_CLIENT_CREDENTIALS_REQUEST,
                            ClientCredentialsInput.class,
                            Tokens.class,
                            (request, context) ->
                                    clientCredentials(request.input()).map(CapabilityResponse::of))
                    .withoutCredentials()
                    .description("Tokens for the application itself"));
        }
        if (wanted.contains(REFRESH_ACCESS_TOKEN)) {
            integration.capability(Capability.of(
                            REFRESH_ACCESS_TOKEN,
                            RefreshInput.class,
                            Tokens.class,
                            (request, context) -> refresh(request.input()).map(CapabilityResponse::of))
                    .withoutCredentials()
                    .description("New tokens for a refresh token"));
        }
    }

    private Mono<AuthorizationUrl> authorizationUrl(AuthorizationUrlInput input) {
        // Where random numbers come from may block.
        return Mono.fromCallable(() -> {
                    URI url = settings.authorizationUrl().orElseThrow();
                    String state = input.state == null || input.state.isEmpty() ? random() : input.state;
                    String verifier = settings.usesPkce() ? random() : null;
                    Map<String, String> parameters = new LinkedHashMap<>();
                    parameters.put("response_type", "code");
                    parameters.put("client_id", input.clientId);
                    putIfThere(parameters, "redirect_uri", input.redirectUri);
                    putIfThere(parameters, "scope", scope(input.scopes));
                    parameters.put("state", state);
                    if (verifier != null) {
                        parameters.put("code_challenge", challenge(verifier));
                        parameters.put("code_challenge_method", "S256");
                    }
                    String whole =
                            Request.of("GET", url).query(parameters).uri().toString();
                    return new AuthorizationUrl(whole, state, verifier);
                })
                .subscribeOn(Schedulers.boundedElastic());
    }

    private Mono<Tokens> callback(CallbackInput input) {
        return Mono.defer(() -> {
            Map<String, Object> parameters = parameters("authorization_code");
            parameters.put("code", OAuthCallback.code(input));
            putIfThere(parameters, "redirect_uri", input.redirectUri);
            putIfThere(parameters, "code_verifier", input.codeVerifier);
            return ask(parameters, input.clientId, input.clientSecret);
        });
    }

    private Mono<Tokens> clientCredentials(ClientCredentialsInput input) {
        return Mono.defer(() -> {
            Map<String, Object> parameters = parameters("client_credentials");
            putIfThere(parameters, "scope", scope(input.scopes));
            return ask(parameters, input.clientId, input.clientSecret);
        });
    }

    private Mono<Tokens> refresh(RefreshInput input) {
        return Mono.defer(() -> {
            Map<String, Object> parameters = parameters("refresh_token");
            parameters.put("refresh_token", input.refreshToken);
            // Not those of the settings: the user may have granted less (RFC 6749 §6).
            putIfThere(parameters, "scope", input.scopes == null ? null : String.join(" ", input.scopes));
            return ask(parameters, input.clientId, input.clientSecret);
        });
    }

    private Mono<Tokens> ask(Map<String, Object> parameters, String clientId, @Nullable Secret clientSecret) {
        return new OAuthTokenRequest(settings, clientId, clientSecret).send(connector(), parameters);
    }

    private static Map<String, Object> parameters(String grantType) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("grant_type", grantType);
        return parameters;
    }

    private String scope(@Nullable List<String> scopes) {
        return String.join(" ", scopes == null ? settings.scopes() : scopes);
    }

    private static <V> void putIfThere(Map<String, ? super V> parameters, String name, @Nullable V value) {
        if (value != null && !value.equals("")) {
            parameters.put(name, value);
        }
    }

    private static String random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(bytes);
        return base64(bytes);
    }

    /** RFC 7636 §4.2. */
    static String challenge(String verifier) {
        try {
            return base64(MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private synchronized Connector connector() {
        Connector made = connector;
        if (made == null) {
            made = Connector.builder(OriginPolicy.originOf(settings.tokenUrl()))
                    .retry(RetryPolicy.never())
                    .build();
            connector = made;
        }
        return made;
    }

    /** Closes the connections to the authorization server, if there are any. It may be used again, and closed again, afterwards. */
    @Override
    public synchronized void close() {
        if (connector != null) {
            connector.close();
            connector = null;
        }
    }

    @Override
    public String toString() {
        return "OAuthModule[" + settings + "]";
    }
}
