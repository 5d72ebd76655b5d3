package dev.headrace.spring;

import dev.headrace.auth.OAuth2;
import dev.headrace.auth.OAuth2Client;
import dev.headrace.http.Redactor;
import dev.headrace.http.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import reactor.core.publisher.Mono;

/**
 * {@code auth.oauth2}: access tokens by client credentials, or by a refresh token where there is one.
 *
 * @param tokenUrl The token endpoint. Required.
 * @param clientId The client's identifier. Required.
 * @param clientSecret The client's secret; a public client has none.
 * @param clientSecretFile File that holds the client's secret; it is read for every token.
 * @param refreshToken The refresh token of somebody who has authorized the client.
 * @param refreshTokenFile File that holds the refresh token; it is read for every token.
 * @param keepRefreshToken Whether refresh tokens that the server replaces are kept in the StateStore, for the next run to begin with.
 * @param scopes Scopes to be asked for. Default none, so the server decides.
 * @param parameters More parameters of the requests for tokens, such as audience.
 * @param clientInBody Whether client and secret go into the body instead of a header.
 * @param renewBefore How long before its end a token is renewed. Default 30s.
 * @param timeout Longest time for one request for a token. Default 30s.
 */
record OAuth2Properties(
        @Nullable String tokenUrl,
        @Nullable String clientId,
        @Nullable Secret clientSecret,
        @Nullable Path clientSecretFile,
        @Nullable Secret refreshToken,
        @Nullable Path refreshTokenFile,
        boolean keepRefreshToken,
        @DefaultValue List<String> scopes,
        @DefaultValue Map<String, String> parameters,
        boolean clientInBody,
        @Nullable Duration renewBefore,
        @Nullable Duration timeout) {

    OAuth2 auth(PropertyPath path, RefreshTokens kept) {
        String url = path.required("token-url", tokenUrl);
        Mono<OAuth2Client> client = client(path);
        boolean refreshing = refreshToken != null || refreshTokenFile != null;
        OAuth2 auth = path.at("token-url")
                .attempt(
                        () -> refreshing ? refreshing(path, url, client, kept) : OAuth2.clientCredentials(url, client));
        if (keepRefreshToken && !refreshing) {
            throw path.at("keep-refresh-token").refused("There is no refresh token to keep a successor of");
        }
        if (!scopes.isEmpty()) {
            auth = path.set(auth, "scopes", scopes, (tokens, all) -> tokens.scope(all.toArray(String[]::new)));
        }
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            auth = path.at("parameters")
                    .set(
                            auth,
                            parameter.getKey(),
                            parameter.getValue(),
                            (tokens, value) -> with(tokens, parameter.getKey(), value));
        }
        auth = path.enable(auth, "client-in-body", clientInBody, OAuth2::clientInBody);
        auth = path.set(auth, "renew-before", renewBefore, OAuth2::renewBefore);
        return path.set(auth, "timeout", timeout, OAuth2::timeout);
    }

    private static OAuth2 with(OAuth2 auth, String name, String value) {
        return Redactor.isSecretName(name) && !value.isEmpty()
                ? auth.parameter(name, Secret.of(value))
                : auth.parameter(name, value);
    }

    private OAuth2 refreshing(PropertyPath path, String url, Mono<OAuth2Client> client, RefreshTokens kept) {
        Mono<Secret> configured = GivenSecret.of(path, "refresh-token", refreshToken, refreshTokenFile)
                .later();
        if (!keepRefreshToken) {
            return OAuth2.refreshToken(url, client.zipWith(configured, OAuth2Client::with));
        }
        RefreshTokens.Place place = kept.under(path);
        return OAuth2.refreshToken(url, client.zipWith(configured.flatMap(place::latest), OAuth2Client::with))
                .onNewRefreshToken(place::keep);
    }

    private Mono<OAuth2Client> client(PropertyPath path) {
        String id = path.required("client-id", clientId);
        return path.at("client-id").attempt(() -> {
            OAuth2Client known = OAuth2Client.withoutSecret(id);
            return clientSecret == null && clientSecretFile == null
                    ? Mono.just(known)
                    : GivenSecret.of(path, "client-secret", clientSecret, clientSecretFile)
                            .later()
                            .map(secret -> OAuth2Client.of(id, secret));
        });
    }

    @Override
    public String toString() {
        Map<String, String> shown = new TreeMap<>();
        parameters.forEach((name, value) -> shown.put(name, Redactor.value(name, value)));
        return "OAuth2Properties[" + (tokenUrl == null ? "" : Redactor.uri(tokenUrl)) + ", client " + clientId
                + ", parameters " + shown + "]";
    }
}
