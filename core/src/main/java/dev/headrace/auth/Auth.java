package dev.headrace.auth;

import dev.headrace.http.Exchange;
import dev.headrace.http.Interceptor;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import reactor.core.publisher.Mono;

/**
 * Puts credentials on a request. Applied to every attempt, and only where the connector's
 * {@linkplain dev.headrace.http.OriginPolicy origins} trust the target; it wins over a header of the same name.
 */
public interface Auth extends Interceptor {

    /**
     * Signs a request.
     *
     * @param request what is about to be sent
     * @return the request with credentials; subscribed to for every attempt
     */
    Mono<Request> sign(Request request);

    @Override
    default Mono<Response> intercept(Request request, Exchange next) {
        return sign(request).flatMap(next::exchange);
    }

    /**
     * A bearer token (RFC 6750 §2.1).
     *
     * @param token the token
     * @return the credentials
     */
    static Auth bearer(Secret token) {
        return header("Authorization", "Bearer " + token.reveal());
    }

    /**
     * User and password (RFC 7617), in UTF-8.
     *
     * @param user the user's name; must not hold a colon
     * @param password the password
     * @return the credentials
     */
    static Auth basic(String user, Secret password) {
        if (user.indexOf(':') >= 0) {
            throw new IllegalArgumentException("A user name must not hold a colon (RFC 7617 §2)");
        }
        byte[] pair = (user + ":" + password.reveal()).getBytes(StandardCharsets.UTF_8);
        return header("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
    }

    /**
     * A key in a header of its own.
     *
     * @param name the header's name, such as {@code X-API-Key}
     * @param key the key
     * @return the credentials
     */
    static Auth apiKey(String name, Secret key) {
        return header(name, key.reveal());
    }

    private static Auth header(String name, String value) {
        Objects.requireNonNull(name, "name");
        return request -> Mono.fromSupplier(() -> request.header(name, value));
    }
}
