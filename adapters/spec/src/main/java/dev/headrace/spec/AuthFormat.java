package dev.headrace.spec;

import static dev.headrace.spec.Root.CONFIG;
import static dev.headrace.spec.Scalars.duration;
import static dev.headrace.spec.Scalars.secret;
import static dev.headrace.spec.Scalars.template;
import static dev.headrace.spec.Scalars.text;
import static dev.headrace.spec.Shapes.list;
import static dev.headrace.spec.Shapes.map;
import static dev.headrace.spec.Shapes.oneOrMany;

import dev.headrace.auth.Auth;
import dev.headrace.auth.OAuth2;
import dev.headrace.auth.OAuth2Client;
import dev.headrace.http.Secret;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The part of the format that says how requests are signed. Secrets are asked for when a request needs them. */
final class AuthFormat {

    private static final Shape<Later<Auth>> BASIC = Section.of(
                    "basic_auth", "User and password (RFC 7617).", new Pair(null, null))
            .required("user", "The user's name.", template(CONFIG), (pair, user) -> new Pair(user, pair.hidden()))
            .required("password", "The password.", secret(CONFIG), (pair, password) -> new Pair(pair.shown(), password))
            .map(pair -> scope -> Auth.basic(pair.shown(scope), pair.hidden(scope)));

    /** What is shown, and what is not. */
    private record Pair(@Nullable Template shown, @Nullable Template hidden) {

        String shown(Scope scope) {
            return Objects.requireNonNull(shown).text(scope);
        }

        Mono<Secret> hidden(Scope scope) {
            return later(Objects.requireNonNull(hidden), scope);
        }
    }

    private static Mono<Secret> later(Template template, Scope scope) {
        return Mono.fromCallable(() -> template.secret(scope));
    }

    /** A place for a key, and the key. */
    private record Key(
            BiFunction<String, Mono<Secret>, Auth> place,
            String name,
            @Nullable Template key) {

        Auth in(Scope scope) {
            return place.apply(name, later(Objects.requireNonNull(key), scope));
        }
    }

    private static final Shape<Later<Auth>> API_KEY = Section.<Key>ofKinds(
                    "api_key", "A key in a header, the query or a cookie.")
            .shortForm(
                    "The key, in the header X-API-Key.",
                    secret(CONFIG).map(key -> new Key((name, value) -> Auth.apiKey(name, value), "X-API-Key", key)))
            .kind("header", "The header's name.", text(), name -> new Key(Auth::apiKey, name, null))
            .kind("query", "The query parameter's name.", text(), name -> new Key(Auth::apiKeyInQuery, name, null))
            .kind("cookie", "The cookie's name.", text(), name -> new Key(Auth::apiKeyInCookie, name, null))
            .required("key", "The key.", secret(CONFIG), (place, key) -> new Key(place.place(), place.name(), key))
            .map(key -> key::in);

    /** A header, what stands before the secret, and the secret. */
    private record Word(
            String name, String prefix, @Nullable Template secret) {

        Auth in(Scope scope) {
            return Auth.header(name, prefix, later(Objects.requireNonNull(secret), scope));
        }
    }

    private static final Shape<Later<Auth>> HEADER = Section.of(
                    "auth_header", "A secret in any header behind any word.", new Word("Authorization", "", null))
            .key(
                    "name",
                    "The header's name; default Authorization.",
                    text(),
                    (word, name) -> new Word(name, word.prefix(), word.secret()))
            .key(
                    "prefix",
                    "What comes before the secret and a space, such as Token; default nothing.",
                    text(),
                    (word, prefix) -> new Word(word.name(), prefix, word.secret()))
            .required(
                    "secret",
                    "The secret.",
                    secret(CONFIG),
                    (word, secret) -> new Word(word.name(), word.prefix(), secret))
            .map(word -> word::in);

    /** Where tokens come from. */
    private record Tokens(
            @Nullable Template url,
            @Nullable Template clientId,
            @Nullable Template clientSecret,
            @Nullable Template refreshToken,
            Plan<OAuth2> plan) {

        static final Tokens NONE = new Tokens(null, null, null, null, Plan.empty());

        Tokens url(Template url) {
            return new Tokens(url, clientId, clientSecret, refreshToken, plan);
        }

        Tokens clientId(Template id) {
            return new Tokens(url, id, clientSecret, refreshToken, plan);
        }

        Tokens clientSecret(Template secret) {
            return new Tokens(url, clientId, secret, refreshToken, plan);
        }

        Tokens refreshToken(Template token) {
            return new Tokens(url, clientId, clientSecret, token, plan);
        }

        Tokens with(Plan.Step<OAuth2> step) {
            return new Tokens(url, clientId, clientSecret, refreshToken, plan.with(step));
        }

        Auth in(Scope scope) {
            return new DeferredAuth(() -> tokens(scope));
        }

        private OAuth2 tokens(Scope scope) {
            String tokenUrl = Objects.requireNonNull(url).text(scope);
            Mono<OAuth2Client> client = Mono.fromCallable(() -> client(scope));
            return plan.applied(
                    refreshToken == null
                            ? OAuth2.clientCredentials(tokenUrl, client)
                            : OAuth2.refreshToken(tokenUrl, client),
                    scope);
        }

        private OAuth2Client client(Scope scope) {
            String id = Objects.requireNonNull(clientId).text(scope);
            OAuth2Client client = clientSecret == null
                    ? OAuth2Client.withoutSecret(id)
                    : OAuth2Client.of(id, clientSecret.secret(scope));
            return refreshToken == null ? client : client.with(refreshToken.secret(scope));
        }
    }

    private static final Shape<Map.Entry<String, String>> TOKEN_HEADER = Section.of(
                    "token_header",
                    "Where the token goes in place of 'Authorization: Bearer'.",
                    Map.entry("Authorization", "Bearer"))
            .required("name", "The header's name.", text(), (header, name) -> Map.entry(name, header.getValue()))
            .key(
                    "prefix",
                    "What comes before the token and a space; may be empty; default Bearer.",
                    text(),
                    (header, prefix) -> Map.entry(header.getKey(), prefix));

    private static final Shape<Later<Auth>> OAUTH2 = Section.of(
                    "oauth2",
                    "Access tokens of OAuth 2.0, by client credentials, or by a refresh token where there is one.",
                    Tokens.NONE)
            .required("token_url", "The token endpoint.", template(CONFIG), Tokens::url)
            .required("client_id", "The client's identifier.", template(CONFIG), Tokens::clientId)
            .key(
                    "client_secret",
                    "The client's secret; a public client has none.",
                    secret(CONFIG),
                    Tokens::clientSecret)
            .key(
                    "refresh_token",
                    "The refresh token of somebody who has authorized the client.",
                    secret(CONFIG),
                    Tokens::refreshToken)
            .key(
                    "scopes",
                    "Scopes to be asked for.",
                    oneOrMany(template(CONFIG)),
                    (tokens, scopes) -> tokens.with((auth, scope) -> auth.scope(
                            scopes.stream().map(one -> one.text(scope)).toArray(String[]::new))))
            .key(
                    "parameters",
                    "More parameters of the request for a token, such as audience.",
                    map(secret(CONFIG)),
                    AuthFormat::parameters)
            .key(
                    "headers",
                    "Headers of the request for a token.",
                    map(template(CONFIG)),
                    (tokens, headers) -> tokens.with((auth, scope) -> {
                        OAuth2 changed = auth;
                        for (Map.Entry<String, Template> header : headers.entrySet()) {
                            changed = changed.tokenRequestHeader(
                                    header.getKey(), header.getValue().text(scope));
                        }
                        return changed;
                    }))
            .key(
                    "rename",
                    "Other names for what OAuth 2.0 calls client_id, access_token and so on.",
                    map(text()),
                    (tokens, names) -> {
                        Tokens renamed = tokens;
                        for (Map.Entry<String, String> name : names.entrySet()) {
                            renamed = renamed.with((auth, scope) -> auth.rename(name.getKey(), name.getValue()));
                        }
                        return renamed;
                    })
            .flag(
                    "client_in_body",
                    "Client and secret go into the body instead of a header.",
                    tokens -> tokens.with((auth, scope) -> auth.clientInBody()))
            .flag(
                    "parameters_in_query",
                    "All parameters go into the query.",
                    tokens -> tokens.with((auth, scope) -> auth.parametersInQuery()))
            .key(
                    "lifetime",
                    "How long a token lives whose answer does not say it; default 1h.",
                    duration(),
                    (tokens, lifetime) -> tokens.with((auth, scope) -> auth.lifetime(lifetime)))
            .flag(
                    "expiry_is_date",
                    "The answer says when a token ends, not in how many seconds.",
                    tokens -> tokens.with((auth, scope) -> auth.expiryIsDate()))
            .key(
                    "renew_before",
                    "How long before its end a token is renewed; default 30s.",
                    duration(),
                    (tokens, early) -> tokens.with((auth, scope) -> auth.renewBefore(early)))
            .key(
                    "timeout",
                    "Longest time for one request for a token; default 30s.",
                    duration(),
                    (tokens, timeout) -> tokens.with((auth, scope) -> auth.timeout(timeout)))
            .key(
                    "header",
                    "Where the token goes in place of 'Authorization: Bearer'.",
                    TOKEN_HEADER,
                    (tokens, header) -> tokens.with((auth, scope) -> auth.header(header.getKey(), header.getValue())))
            .map(tokens -> tokens::in);

    private static Tokens parameters(Tokens tokens, Map<String, Template> parameters) {
        return tokens.with((auth, scope) -> {
            OAuth2 changed = auth;
            for (Map.Entry<String, Template> parameter : parameters.entrySet()) {
                changed = parameter.getValue().hasSecret()
                        ? changed.parameter(
                                parameter.getKey(), parameter.getValue().secret(scope))
                        : changed.parameter(
                                parameter.getKey(), parameter.getValue().text(scope));
            }
            return changed;
        });
    }

    static final Shape<Later<Auth>> AUTH = Section.<Later<Auth>>ofKinds("auth", "How requests are signed.")
            .word("none", "No credentials.", () -> scope -> Auth.none())
            .kind("bearer", "A bearer token.", secret(CONFIG), token -> scope -> Auth.bearer(later(token, scope)))
            .kind("basic", "User and password.", BASIC, auth -> auth)
            .kind("api_key", "A key, by default in the header X-API-Key.", API_KEY, auth -> auth)
            .kind("header", "A secret in any header behind any word.", HEADER, auth -> auth)
            .kind("oauth2", "Access tokens of OAuth 2.0.", OAUTH2, auth -> auth)
            .kind(
                    "all",
                    "Several credentials on each request.",
                    Shapes.lazily(AuthFormat::several),
                    all -> scope ->
                            Auth.all(all.stream().map(auth -> auth.in(scope)).toArray(Auth[]::new)))
            .kind(
                    "rotating",
                    "One of several credentials for each attempt, in turn.",
                    Shapes.lazily(AuthFormat::several),
                    all -> scope -> Auth.rotating(
                            all.stream().map(auth -> auth.in(scope)).toList()));

    private static Shape<List<Later<Auth>>> several() {
        return list(AUTH);
    }

    private AuthFormat() {}
}
