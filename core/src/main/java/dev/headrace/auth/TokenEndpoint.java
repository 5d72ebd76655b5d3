package dev.headrace.auth;

import dev.headrace.Defaults;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Body;
import dev.headrace.http.BodyTooLargeException;
import dev.headrace.http.Exchange;
import dev.headrace.http.Request;
import dev.headrace.http.Secret;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Asks an authorization server for an access token (RFC 6749 §4.4.2, §6). */
final class TokenEndpoint {

    private final OAuth2Settings settings;
    private final Request bare;

    TokenEndpoint(OAuth2Settings settings) {
        this.settings = settings;
        this.bare = Request.of("POST", settings.tokenUrl)
                .headers(settings.headers)
                .options(options -> options.confidential(!settings.namesSpeak()));
    }

    /** The request without anything secret, for failures before there is one. */
    Request bare() {
        return bare;
    }

    /**
     * Sends one request for a token.
     *
     * @param exchange sends it
     * @param client who asks
     * @param refreshToken what it presents; null for the client's own credentials
     * @return what was granted; errors with {@link TokenException}
     */
    Mono<TokenGrant> ask(Exchange exchange, OAuth2Client client, @Nullable Secret refreshToken) {
        return Mono.defer(() -> {
            Request request = request(client, parameters(client, refreshToken));
            // The life of a token begins at the server, so no later than now plus the time the answer takes: count from
            // now.
            TokenAnswer answer = new TokenAnswer(settings, request, Token.now());
            return exchange.exchange(
                            request,
                            response -> response.readAll(Defaults.ERROR_BODY_LIMIT)
                                    .map(body -> answer.read(response, body)))
                    .single()
                    .timeout(settings.timeout, Mono.error(() -> late(request)))
                    .onErrorMap(
                            failure -> failure instanceof HeadraceException && !(failure instanceof TokenException),
                            failure -> failed(request, (HeadraceException) failure));
        });
    }

    private Map<String, Object> parameters(OAuth2Client client, @Nullable Secret refreshToken) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put(settings.name("grant_type"), refreshToken == null ? "client_credentials" : "refresh_token");
        if (refreshToken != null) {
            parameters.put(settings.name("refresh_token"), refreshToken);
        }
        // RFC 6749 §3.2.1: a client without a secret says who it is in the body.
        if (settings.clientInBody || client.secret() == null) {
            parameters.put(settings.name("client_id"), client.id());
            if (client.secret() != null) {
                parameters.put(settings.name("client_secret"), client.secret());
            }
        }
        parameters.putAll(settings.parameters);
        return parameters;
    }

    private Request request(OAuth2Client client, Map<String, Object> parameters) {
        Request request = bare;
        if (!settings.clientInBody && client.secret() != null) {
            request = request.header("Authorization", basic(client.id(), client.secret()));
        }
        if (settings.parametersInQuery) {
            for (Map.Entry<String, Object> parameter : parameters.entrySet()) {
                request = request.query(parameter.getKey(), parameter.getValue());
            }
            return request;
        }
        return request.body(Body.form(parameters));
    }

    /** RFC 6749 §2.3.1: id and secret are form-encoded first, so that a colon in them is no separator. */
    private static String basic(String id, Secret secret) {
        String pair = URLEncoder.encode(id, StandardCharsets.UTF_8) + ":"
                + URLEncoder.encode(secret.reveal(), StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private TokenException late(Request request) {
        return new TokenException(
                FailureKind.TRANSIENT,
                request,
                "no access token within " + settings.timeout.toMillis()
                        + " ms; raise timeout(…) if the authorization server is that slow",
                null);
    }

    private static TokenException failed(Request request, HeadraceException failure) {
        String message = String.valueOf(failure.getMessage());
        String own = request.describe() + ": ";
        FailureKind kind = failure instanceof BodyTooLargeException ? FailureKind.UNTRUSTED_DATA : failure.kind();
        return new TokenException(
                kind,
                request,
                "no access token: " + (message.startsWith(own) ? message.substring(own.length()) : message),
                null,
                null,
                failure.retryAt().orElse(null),
                failure);
    }
}
