package dev.headrace.capability;

import dev.headrace.http.OriginPolicy;
import dev.headrace.http.Redactor;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How an authorization server is spoken to (RFC 6749), for {@link OAuthModule}. Immutable; every change gives a new value.
 *
 * <pre>
 * OAuthSettings.code("https://id.example.com/authorize", "https://id.example.com/token").scopes("read", "write").pkce()
 * </pre>
 */
public final class OAuthSettings {

    /** Where the parameters of a request for tokens go. */
    enum Data {
        FORM,
        QUERY,
        JSON
    }

    private final @Nullable URI authorizationUrl;
    private final URI tokenUrl;
    private final List<String> scopes;
    private final Data data;
    private final boolean clientInHeader;
    private final boolean pkce;
    private final Set<String> capabilities;

    private OAuthSettings(
            @Nullable URI authorizationUrl,
            URI tokenUrl,
            List<String> scopes,
            Data data,
            boolean clientInHeader,
            boolean pkce,
            Set<String> capabilities) {
        this.authorizationUrl = authorizationUrl;
        this.tokenUrl = tokenUrl;
        this.scopes = scopes;
        this.data = data;
        this.clientInHeader = clientInHeader;
        this.pkce = pkce;
        this.capabilities = capabilities;
    }

    /**
     * Users who authorize the application in a browser (RFC 6749 §4.1): the capabilities {@code get_authorization_url},
     * {@code handle_authorization_callback} and {@code refresh_access_token}.
     *
     * @param authorizationUrl where the user goes, absolute; it may have a query
     * @param tokenUrl where tokens are asked for, absolute; https, or http for a server at hand
     * @return the settings
     * @throws IllegalArgumentException if one is no such URL, or has a fragment or userinfo
     */
    public static OAuthSettings code(String authorizationUrl, String tokenUrl) {
        return of(
                url("authorizationUrl", authorizationUrl),
                tokenUrl,
                OAuthModule.GET_AUTHORIZATION_URL,
                OAuthModule.HANDLE_AUTHORIZATION_CALLBACK,
                OAuthModule.REFRESH_ACCESS_TOKEN);
    }

    /**
     * An application that acts for itself (RFC 6749 §4.4): the capability {@code handle_client_credentials_request}.
     *
     * @param tokenUrl as for {@link #code}
     * @return the settings
     * @throws IllegalArgumentException as for {@link #code}
     */
    public static OAuthSettings clientCredentials(String tokenUrl) {
        return of(null, tokenUrl, OAuthModule.HANDLE_CLIENT_CREDENTIALS_REQUEST);
    }

    private static OAuthSettings of(@Nullable URI authorizationUrl, String tokenUrl, String... capabilities) {
        return new OAuthSettings(
                authorizationUrl,
                url("tokenUrl", tokenUrl),
                List.of(),
                Data.FORM,
                false,
                false,
                new LinkedHashSet<>(List.of(capabilities)));
    }

    /** RFC 6749 §3.1, §3.2: no fragment. */
    private static URI url(String name, String text) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            // Not its message: that repeats the whole URL.
            throw new IllegalArgumentException(name + " is no URL: " + Redactor.uri(text) + " (" + e.getReason() + ")");
        }
        // Refuses what is not absolute, or neither http nor https.
        OriginPolicy.originOf(url);
        if (url.getRawFragment() != null || url.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    name + " must have no fragment and no userinfo (RFC 6749 §3.1), but is " + Redactor.uri(url));
        }
        return url;
    }

    /**
     * What is asked for where the caller does not say (RFC 6749 §3.3).
     *
     * @param scopes default: none, so the server decides
     * @return new settings
     */
    public OAuthSettings scopes(String... scopes) {
        return new OAuthSettings(authorizationUrl, tokenUrl, List.of(scopes), data, clientInHeader, pkce, capabilities);
    }

    /**
     * Sends the client's id and secret as user and password (RFC 6749 §2.3.1). Default: as parameters. A client without a secret always says
     * its id as a parameter.
     *
     * @return new settings
     */
    public OAuthSettings clientInHeader() {
        return new OAuthSettings(authorizationUrl, tokenUrl, scopes, data, true, pkce, capabilities);
    }

    /**
     * Sends the parameters of requests for tokens in the query, for servers that look only there. Default: as a form in the body. RFC 6749
     * §2.3.1 forbids it, for URLs end up in logs; in ours they are masked.
     *
     * @return new settings
     */
    public OAuthSettings parametersInQuery() {
        return with(Data.QUERY);
    }

    /**
     * Sends the parameters of requests for tokens as JSON, for servers that want that. Default: as a form in the body.
     *
     * @return new settings
     */
    public OAuthSettings parametersAsJson() {
        return with(Data.JSON);
    }

    private OAuthSettings with(Data data) {
        return new OAuthSettings(authorizationUrl, tokenUrl, scopes, data, clientInHeader, pkce, capabilities);
    }

    /**
     * Proves with a code verifier that whoever brings the code is whoever sent the user (RFC 7636, method {@code S256}), as RFC 9700 §2.1.1
     * recommends to all and RFC 8252 §8.1 demands of native applications. Default: no. The verifier is made with the authorization URL, and the caller gives it back with the callback.
     *
     * @return new settings
     */
    public OAuthSettings pkce() {
        return new OAuthSettings(authorizationUrl, tokenUrl, scopes, data, clientInHeader, true, capabilities);
    }

    /**
     * Leaves out one of the capabilities.
     *
     * @param capability its name, such as {@code refresh_access_token}
     * @return new settings
     * @throws IllegalArgumentException if it is not among those of these settings
     */
    public OAuthSettings without(String capability) {
        Set<String> fewer = new LinkedHashSet<>(capabilities);
        if (!fewer.remove(capability)) {
            throw new IllegalArgumentException("without(…) knows " + capabilities + ", not '" + capability + "'");
        }
        return new OAuthSettings(authorizationUrl, tokenUrl, scopes, data, clientInHeader, pkce, fewer);
    }

    /**
     * Adds one of the capabilities that these settings do not have by themselves, such as {@code handle_client_credentials_request} beside
     * those for users.
     *
     * @param capability its name
     * @return new settings
     * @throws IllegalArgumentException if there is no such capability, or it needs an authorization URL and there is none
     */
    public OAuthSettings with(String capability) {
        if (!OAuthModule.NAMES.contains(capability)) {
            throw new IllegalArgumentException("with(…) knows " + OAuthModule.NAMES + ", not '" + capability + "'");
        }
        if (capability.equals(OAuthModule.GET_AUTHORIZATION_URL) && authorizationUrl == null) {
            throw new IllegalArgumentException(capability + " needs an authorization URL; begin with code(…)");
        }
        Set<String> more = new LinkedHashSet<>(capabilities);
        more.add(capability);
        return new OAuthSettings(authorizationUrl, tokenUrl, scopes, data, clientInHeader, pkce, more);
    }

    Optional<URI> authorizationUrl() {
        return Optional.ofNullable(authorizationUrl);
    }

    URI tokenUrl() {
        return tokenUrl;
    }

    List<String> scopes() {
        return scopes;
    }

    Data data() {
        return data;
    }

    boolean isClientInHeader() {
        return clientInHeader;
    }

    boolean usesPkce() {
        return pkce;
    }

    Set<String> capabilities() {
        return capabilities;
    }

    @Override
    public String toString() {
        return "OAuthSettings[" + Redactor.uri(tokenUrl) + ", " + capabilities + (pkce ? ", PKCE" : "") + "]";
    }
}
