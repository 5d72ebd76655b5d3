package dev.headrace.auth;

import dev.headrace.Defaults;
import dev.headrace.http.Exchange;
import dev.headrace.http.Interceptor;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * Puts credentials on a request. Applied to every attempt, and only where the connector's
 * {@linkplain dev.headrace.http.OriginPolicy origins} trust the target; it wins over a header, query parameter or cookie of the same name.
 *
 * <p>A secret is given as a {@link Secret}, or as a {@code Mono<Secret>} that is subscribed to for every attempt: whatever it gives then is
 * sent, so a vault or a {@linkplain Secret#readEachTime file} may rotate it at any time. A source that is empty or fails ends the call with
 * a {@link CredentialsException} before anything is sent. Cancelling the call cancels the source.
 *
 * <p>Tokens that must be asked for come from {@link OAuth2}. For anything else, {@link #sign} is a function from request to request.
 */
public interface Auth extends Interceptor {

    /**
     * Signs a request.
     *
     * @param request what is about to be sent
     * @return the request with credentials; subscribed to for every attempt
     */
    Mono<Request> sign(Request request);

    /**
     * Signs a request and passes it on. Credentials that learn from the response, or send requests of their own over the rest of the chain,
     * do so here. It does not send the request again: that is for the retry policy, told by the response's
     * {@linkplain dev.headrace.http.Verdict.CredentialsRenewed verdict}.
     *
     * @param request what the caller sends
     * @param next the rest of the chain
     * @return the response for the caller
     */
    @Override
    default Mono<Response> intercept(Request request, Exchange next) {
        return sign(request).flatMap(next::exchange);
    }

    /**
     * No credentials: for a variant of a connector, or requests of a pattern, that must go without.
     *
     * @return the credentials
     */
    static Auth none() {
        return NoAuth.INSTANCE;
    }

    /**
     * A bearer token (RFC 6750 §2.1).
     *
     * @param token the token
     * @return the credentials
     */
    static Auth bearer(Secret token) {
        return header("Authorization", "Bearer", token);
    }

    /**
     * A bearer token (RFC 6750 §2.1) from a source.
     *
     * @param token gives the token for each attempt
     * @return the credentials
     */
    static Auth bearer(Mono<Secret> token) {
        return header("Authorization", "Bearer", token);
    }

    /**
     * User and password (RFC 7617), in UTF-8.
     *
     * @param user the user's name; must not hold a colon
     * @param password the password
     * @return the credentials
     */
    static Auth basic(String user, Secret password) {
        checkUser(user);
        return header("Authorization", "Basic", pair(user, password));
    }

    /**
     * User and password (RFC 7617), in UTF-8, with the password from a source.
     *
     * @param user the user's name; must not hold a colon
     * @param password gives the password for each attempt
     * @return the credentials
     */
    static Auth basic(String user, Mono<Secret> password) {
        checkUser(user);
        return header("Authorization", "Basic", password.map(secret -> pair(user, secret)));
    }

    /**
     * A key in the header {@code X-API-Key}.
     *
     * @param key the key
     * @return the credentials
     */
    static Auth apiKey(Secret key) {
        return apiKey(Defaults.API_KEY_HEADER, key);
    }

    /**
     * A key in a header of its own.
     *
     * @param name the header's name, such as {@code X-API-Key}
     * @param key the key
     * @return the credentials
     */
    static Auth apiKey(String name, Secret key) {
        return header(name, "", key);
    }

    /**
     * A key in a header of its own, from a source.
     *
     * @param name the header's name, such as {@code X-API-Key}
     * @param key gives the key for each attempt
     * @return the credentials
     */
    static Auth apiKey(String name, Mono<Secret> key) {
        return header(name, "", key);
    }

    /**
     * A key in the query. It is masked in everything that is printed, whatever the parameter's name; servers and proxies may log it all the
     * same, so prefer a header where the API takes one.
     *
     * @param parameter the parameter's name
     * @param key the key
     * @return the credentials
     */
    static Auth apiKeyInQuery(String parameter, Secret key) {
        return SecretAuth.query(parameter, key);
    }

    /**
     * A key in the query, from a source.
     *
     * @param parameter the parameter's name
     * @param key gives the key for each attempt
     * @return the credentials
     */
    static Auth apiKeyInQuery(String parameter, Mono<Secret> key) {
        return SecretAuth.query(parameter, key);
    }

    /**
     * A key in a cookie, beside whatever cookies the request has.
     *
     * @param name the cookie's name
     * @param key the key; only what may stand in a cookie (RFC 6265 §4.1.1)
     * @return the credentials
     */
    static Auth apiKeyInCookie(String name, Secret key) {
        return SecretAuth.cookie(name, key);
    }

    /**
     * A key in a cookie, from a source.
     *
     * @param name the cookie's name
     * @param key gives the key for each attempt
     * @return the credentials
     */
    static Auth apiKeyInCookie(String name, Mono<Secret> key) {
        return SecretAuth.cookie(name, key);
    }

    /**
     * A secret in any header behind any word, such as {@code Authorization: Token abc}.
     *
     * @param name the header's name
     * @param prefix what comes before the secret and a space; empty for nothing
     * @param secret the secret
     * @return the credentials
     */
    static Auth header(String name, String prefix, Secret secret) {
        return SecretAuth.header(name, prefix, secret);
    }

    /**
     * A secret in any header behind any word, from a source.
     *
     * @param name the header's name
     * @param prefix what comes before the secret and a space; empty for nothing
     * @param secret gives the secret for each attempt
     * @return the credentials
     */
    static Auth header(String name, String prefix, Mono<Secret> secret) {
        return SecretAuth.header(name, prefix, secret);
    }

    /**
     * Several credentials on each request. Each signs in turn, so of two for the same place the last wins; each sees the response, and all
     * that can renew themselves do when they are refused.
     *
     * @param auths the credentials
     * @return the credentials
     */
    static Auth all(Auth... auths) {
        return new AllAuth(List.of(auths));
    }

    /**
     * One of several credentials for each attempt, in turn; retries take the next one. Whoever shares the value shares the turn.
     *
     * @param auths the credentials, at least one
     * @return the credentials
     */
    static Auth rotating(Auth... auths) {
        return rotating(List.of(auths));
    }

    /**
     * One of several credentials for each attempt, in turn; retries take the next one. Whoever shares the value shares the turn.
     *
     * @param auths the credentials, at least one
     * @return the credentials
     */
    static Auth rotating(List<Auth> auths) {
        return new RotatingAuth(List.copyOf(auths));
    }

    private static void checkUser(String user) {
        if (user.indexOf(':') >= 0) {
            throw new IllegalArgumentException("A user name must not hold a colon (RFC 7617 §2)");
        }
    }

    private static Secret pair(String user, Secret password) {
        byte[] pair = (user + ":" + password.reveal()).getBytes(StandardCharsets.UTF_8);
        return Secret.of(Base64.getEncoder().encodeToString(pair));
    }
}
