package dev.headrace.spring;

import dev.headrace.Defaults;
import dev.headrace.auth.Auth;
import dev.headrace.http.Secret;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import reactor.core.publisher.Mono;

/**
 * {@code auth}: how requests are signed; one kind of credentials, or none.
 *
 * @param bearer A bearer token.
 * @param basic User and password.
 * @param apiKey A key in a header, the query or a cookie.
 * @param header A secret in any header behind any word.
 * @param oauth2 Access tokens of OAuth 2.0.
 */
record AuthProperties(
        @Nullable Bearer bearer,
        @Nullable Basic basic,
        @Nullable ApiKey apiKey,
        @Nullable Header header,
        @NestedConfigurationProperty @Nullable OAuth2Properties oauth2) {

    /**
     * {@code auth.bearer} (RFC 6750).
     *
     * @param token The token.
     * @param tokenFile File that holds the token; it is read for every request.
     */
    record Bearer(@Nullable Secret token, @Nullable Path tokenFile) {

        private Auth auth(PropertyPath path) {
            return GivenSecret.of(path, "token", token, tokenFile).into(Auth::bearer, Auth::bearer);
        }
    }

    /**
     * {@code auth.basic} (RFC 7617).
     *
     * @param user The user's name, without a colon.
     * @param password The password.
     * @param passwordFile File that holds the password; it is read for every request.
     */
    record Basic(
            @Nullable String user,
            @Nullable Secret password,
            @Nullable Path passwordFile) {

        private Auth auth(PropertyPath path) {
            String name = path.required("user", user);
            // By itself first, so that it is not the password that is blamed.
            var unused = path.at("user").attempt(() -> Auth.basic(name, Mono.empty()));
            return GivenSecret.of(path, "password", password, passwordFile)
                    .into(given -> Auth.basic(name, given), changing -> Auth.basic(name, changing));
        }
    }

    /**
     * {@code auth.api-key}.
     *
     * @param key The key.
     * @param keyFile File that holds the key; it is read for every request.
     * @param header Name of the header it goes in. Default X-API-Key.
     * @param query Name of the query parameter it goes in, in place of a header.
     * @param cookie Name of the cookie it goes in, in place of a header.
     */
    record ApiKey(
            @Nullable Secret key,
            @Nullable Path keyFile,
            @Nullable String header,
            @Nullable String query,
            @Nullable String cookie) {

        private Auth auth(PropertyPath path) {
            path.onlyOne("header", header, "query", query);
            path.onlyOne("header", header, "cookie", cookie);
            path.onlyOne("query", query, "cookie", cookie);
            GivenSecret secret = GivenSecret.of(path, "key", key, keyFile);
            if (query != null) {
                return secret.into(
                        given -> Auth.apiKeyInQuery(query, given), changing -> Auth.apiKeyInQuery(query, changing));
            }
            if (cookie != null) {
                return secret.into(
                        given -> Auth.apiKeyInCookie(cookie, given), changing -> Auth.apiKeyInCookie(cookie, changing));
            }
            String name = header == null ? Defaults.API_KEY_HEADER : header;
            return secret.into(given -> Auth.apiKey(name, given), changing -> Auth.apiKey(name, changing));
        }
    }

    /**
     * {@code auth.header}.
     *
     * @param name The header's name.
     * @param prefix What comes before the secret and a space, such as Token.
     * @param secret The secret.
     * @param secretFile File that holds the secret; it is read for every request.
     */
    record Header(
            @DefaultValue("Authorization") String name,
            @DefaultValue("") String prefix,
            @Nullable Secret secret,
            @Nullable Path secretFile) {

        private Auth auth(PropertyPath path) {
            return GivenSecret.of(path, "secret", secret, secretFile)
                    .into(given -> Auth.header(name, prefix, given), changing -> Auth.header(name, prefix, changing));
        }
    }

    Optional<Auth> auth(PropertyPath path, RefreshTokens kept) {
        List<String> kinds = new ArrayList<>();
        addIfSet(kinds, "bearer", bearer);
        addIfSet(kinds, "basic", basic);
        addIfSet(kinds, "api-key", apiKey);
        addIfSet(kinds, "header", header);
        addIfSet(kinds, "oauth2", oauth2);
        if (kinds.size() > 1) {
            throw path.refused("Only one kind of credentials can be set, but there are " + String.join(" and ", kinds));
        }
        if (bearer != null) {
            return Optional.of(bearer.auth(path.at("bearer")));
        }
        if (basic != null) {
            return Optional.of(basic.auth(path.at("basic")));
        }
        if (apiKey != null) {
            return Optional.of(apiKey.auth(path.at("api-key")));
        }
        if (header != null) {
            return Optional.of(header.auth(path.at("header")));
        }
        return oauth2 == null ? Optional.empty() : Optional.of(oauth2.auth(path.at("oauth2"), kept));
    }

    private static void addIfSet(List<String> kinds, String key, @Nullable Object value) {
        if (value != null) {
            kinds.add(key);
        }
    }
}
