package dev.headrace.auth;

import dev.headrace.error.FailureKind;
import dev.headrace.http.Headers;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.RetryAfter;
import dev.headrace.http.Secret;
import dev.headrace.json.DecodingException;
import dev.headrace.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.TemporalAccessor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/** Reads the answer to one request for a token (RFC 6749 §5). None of its data but error code and description is ever shown. */
final class TokenAnswer {

    private static final Duration LONGEST_LIFE = Duration.ofDays(3650);
    private static final double FIRST_MILLISECONDS = 1e11;
    private static final int DESCRIPTION_LIMIT = 200;

    private final OAuth2Settings settings;
    private final Request request;
    private final long askedAt;

    /**
     * Makes a reader.
     *
     * @param settings how this server calls things
     * @param request what was sent
     * @param askedAt when, as {@link Token#now()}
     */
    TokenAnswer(OAuth2Settings settings, Request request, long askedAt) {
        this.settings = settings;
        this.request = request;
        this.askedAt = askedAt;
    }

    TokenGrant read(Response response, byte[] body) {
        JsonNode answer;
        try {
            answer = Json.tree(body);
        } catch (DecodingException e) {
            if (isSuccess(response)) {
                throw malformed("no JSON", e);
            }
            throw refusal(response, null, null);
        }
        String error = text(answer.path("error"));
        // Some servers say 200 with an error inside.
        if (!isSuccess(response) || error != null && field(answer, "access_token") == null) {
            throw refusal(response, error, text(answer.path("error_description")));
        }
        JsonNode token = field(answer, "access_token");
        if (token == null || !token.isString() || !isUsable(token.stringValue())) {
            throw malformed("no usable '" + settings.name("access_token") + "'", null);
        }
        JsonNode refresh = field(answer, "refresh_token");
        return new TokenGrant(
                new Token(Secret.of(token.stringValue()), askedAt, life(answer), settings.renewBefore),
                refresh == null || !refresh.isString() || refresh.stringValue().isEmpty()
                        ? null
                        : Secret.of(refresh.stringValue()));
    }

    private static boolean isSuccess(Response response) {
        return response.status() >= 200 && response.status() < 300;
    }

    /** A field by the server's name for it; one that begins with a slash is a JSON pointer (RFC 6901). */
    private @Nullable JsonNode field(JsonNode answer, String standard) {
        String name = settings.name(standard);
        JsonNode value = name.startsWith("/") ? answer.at(name) : answer.path(name);
        return value.isMissingNode() || value.isNull() ? null : value;
    }

    private static @Nullable String text(JsonNode value) {
        return value.isString() ? value.stringValue() : null;
    }

    /** It is to stand in a header. */
    private static boolean isUsable(String token) {
        return !token.isEmpty() && token.chars().allMatch(c -> c >= ' ' && c != 0x7f);
    }

    private Duration life(JsonNode answer) {
        JsonNode expiry = field(answer, "expires_in");
        if (expiry == null) {
            return settings.lifetime;
        }
        Double number = expiry.isNumber()
                ? (Double) expiry.numberValue().doubleValue()
                : expiry.isString() ? number(expiry) : null;
        if (settings.expiryIsDate) {
            return number == null ? until(date(expiry)) : until(epoch(number));
        }
        if (number == null) {
            throw malformed("an '" + settings.name("expires_in") + "' that is no number", null);
        }
        return Duration.ofMillis((long) (1000 * Math.max(0, Math.min(number, (double) LONGEST_LIFE.toSeconds()))));
    }

    private static @Nullable Double number(JsonNode text) {
        String digits = text.stringValue().strip();
        return digits.matches("-?\\d{1,18}(\\.\\d{1,18})?") ? (Double) Double.parseDouble(digits) : null;
    }

    private static Instant epoch(double number) {
        double seconds = Math.abs(number) < FIRST_MILLISECONDS ? number : number / 1000;
        return Instant.ofEpochMilli((long) (1000 * Math.max(0, Math.min(seconds, FIRST_MILLISECONDS))));
    }

    private Instant date(JsonNode expiry) {
        try {
            TemporalAccessor date = DateTimeFormatter.ISO_DATE_TIME.parseBest(
                    expiry.isString() ? expiry.stringValue().strip().replace(' ', 'T') : "",
                    OffsetDateTime::from,
                    LocalDateTime::from);
            return date instanceof OffsetDateTime exact
                    ? exact.toInstant()
                    : LocalDateTime.from(date).toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException e) {
            throw malformed("an '" + settings.name("expires_in") + "' that is no date", null);
        }
    }

    private static Duration until(Instant expiry) {
        Duration left = Duration.between(now(), expiry);
        return left.isNegative() ? Duration.ZERO : left.compareTo(LONGEST_LIFE) > 0 ? LONGEST_LIFE : left;
    }

    /** By the clock on the wall, which a date is measured against. */
    static Instant now() {
        return Instant.ofEpochMilli(Schedulers.parallel().now(TimeUnit.MILLISECONDS));
    }

    private TokenException malformed(String problem, @Nullable Throwable cause) {
        return new TokenException(
                FailureKind.UNTRUSTED_DATA,
                request,
                "the answer of the token endpoint has " + problem + "; check the token URL and the names of its fields",
                cause);
    }

    private TokenException refusal(Response response, @Nullable String error, @Nullable String description) {
        int status = response.status();
        String code = error == null ? null : shown(error);
        String words = description == null ? null : shown(description);
        boolean passing = status == 408
                || status == 425
                || status == 429
                || status >= 500
                || "temporarily_unavailable".equals(code)
                || "server_error".equals(code);
        Headers headers = response.headers();
        return new TokenException(
                passing ? FailureKind.TRANSIENT : FailureKind.CONFIGURATION,
                request,
                "no access token: " + (code == null ? "status " + status : code + " (status " + status + ")")
                        + (words == null ? "" : ", \"" + words + "\"")
                        + advice(code, status, passing),
                code,
                words,
                passing ? RetryAfter.from(headers).map(now()::plus).orElse(null) : null,
                null);
    }

    private static String advice(@Nullable String code, int status, boolean passing) {
        if (passing) {
            return "";
        }
        return switch (code == null ? "" : code) {
            case "invalid_grant" -> "; the refresh token is expired, revoked or used already: get a new one";
            case "invalid_client" -> "; check the client's id and secret, and whether they belong in the body";
            case "unauthorized_client", "unsupported_grant_type" ->
                "; the authorization server must permit this grant to the client";
            case "invalid_scope" -> "; check the scope";
            default ->
                status >= 300 && status < 400
                        ? "; it is not followed: set the token URL to where it leads"
                        : "; check the token URL and the client";
        };
    }

    /** Text of the server without our secrets, should it repeat them, on one line and not too long. */
    private String shown(String text) {
        String masked = request.redacted(text.replaceAll("\\s", " "));
        return masked.length() <= DESCRIPTION_LIMIT ? masked : masked.substring(0, DESCRIPTION_LIMIT);
    }
}
