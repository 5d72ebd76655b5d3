package dev.headrace.capability;

import dev.headrace.Defaults;
import dev.headrace.auth.Auth;
import dev.headrace.connector.Connector;
import dev.headrace.http.Body;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.RetryAfter;
import dev.headrace.http.Secret;
import dev.headrace.json.DecodingException;
import dev.headrace.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Asks an authorization server for tokens, once (RFC 6749 §3.2, §5). */
final class OAuthTokenRequest {

    private static final int SHOWN = 200;

    private final OAuthSettings settings;
    private final String clientId;
    private final @Nullable Secret clientSecret;

    OAuthTokenRequest(OAuthSettings settings, String clientId, @Nullable Secret clientSecret) {
        this.settings = settings;
        this.clientId = clientId;
        this.clientSecret = clientSecret;
    }

    Mono<OAuthModule.Tokens> send(Connector connector, Map<String, Object> parameters) {
        Map<String, Object> all = new LinkedHashMap<>(parameters);
        Secret inHeader = settings.isClientInHeader() ? clientSecret : null;
        if (inHeader == null) {
            all.put("client_id", clientId);
            if (clientSecret != null) {
                all.put("client_secret", clientSecret);
            }
        }
        Request bare = Request.of("POST", settings.tokenUrl())
                .header("Accept", "application/json")
                // A body that is sent on elsewhere would give everything away.
                .options(options -> options.confidential(true).maxRedirects(0));
        Request request = switch (settings.data()) {
            case FORM -> bare.body(Body.form(all));
            case QUERY -> bare.query(all);
            case JSON -> bare.body(Body.json(all));
        };
        Mono<Request> signed = inHeader == null
                ? Mono.just(request)
                // RFC 6749 §2.3.1: encoded first, so that a colon in them is no separator.
                : Auth.basic(encoded(clientId), Secret.of(encoded(inHeader.reveal())))
                        .sign(request);
        return signed.flatMap(sent -> connector
                .exchange(
                        sent,
                        response -> response.readAll(Defaults.ERROR_BODY_LIMIT).map(body -> read(response, body)))
                .single());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static OAuthModule.Tokens read(Response response, byte[] body) {
        JsonNode answer;
        try {
            answer = Json.tree(body);
        } catch (DecodingException e) {
            answer = JsonNodeFactory.instance.missingNode();
        }
        String token = text(answer, "access_token");
        // Some servers say 200 with an error inside.
        if (response.status() < 200 || response.status() > 299 || token == null && answer.has("error")) {
            throw refusal(response, text(answer, "error"), text(answer, "error_description"));
        }
        if (token == null) {
            throw CapabilityException.of(
                            ErrorCode.BAD_GATEWAY,
                            response.request().describe() + " answered without an 'access_token'; check the token URL")
                    .status(response.status());
        }
        return new OAuthModule.Tokens(
                token,
                text(answer, "refresh_token"),
                text(answer, "token_type"),
                seconds(answer.path("expires_in")),
                text(answer, "scope"));
    }

    private static @Nullable String text(JsonNode answer, String name) {
        JsonNode value = answer.path(name);
        return value.isString() && !value.stringValue().isEmpty() ? value.stringValue() : null;
    }

    /** Some servers write it as a text. */
    private static @Nullable Long seconds(JsonNode value) {
        String digits = value.isNumber() || value.isString() ? value.asString().strip() : "";
        return digits.matches("\\d{1,18}") ? (Long) Long.parseLong(digits) : null;
    }

    private static CapabilityException refusal(
            Response response, @Nullable String error, @Nullable String description) {
        int status = response.status();
        CapabilityException refusal = CapabilityException.of(
                        codeOf(error == null ? "" : error, status),
                        // No colon behind the path, which is often called token: what follows would be taken for one.
                        response.request().describe() + " granted nothing (status " + status
                                + (error == null ? "" : ", " + shown(response, error))
                                + (description == null ? "" : ", \"" + shown(response, description) + "\"") + ")")
                .status(status);
        return RetryAfter.from(response.headers())
                .map(wait -> refusal.retryAt(
                        Instant.ofEpochMilli(Schedulers.parallel().now(TimeUnit.MILLISECONDS))
                                .plus(wait)))
                .orElse(refusal);
    }

    /** RFC 6749 §5.2. */
    private static ErrorCode codeOf(String error, int status) {
        return switch (error) {
            case "invalid_client", "invalid_grant", "unauthorized_client" -> ErrorCode.UNAUTHORIZED;
            case "access_denied" -> ErrorCode.PERMISSION_DENIED;
            case "server_error", "temporarily_unavailable" -> ErrorCode.SERVICE_ERROR;
            default -> status < 400 && !error.isEmpty() ? ErrorCode.BAD_REQUEST : Failures.codeOf(status);
        };
    }

    /** The server's words without our secrets, should it repeat them. */
    private static String shown(Response response, String text) {
        String masked = response.request().redacted(text);
        return masked.length() <= SHOWN ? masked : masked.substring(0, SHOWN);
    }
}
