package dev.headrace.capability;

import dev.headrace.http.Redactor;
import dev.headrace.http.Secret;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a user comes back with from an authorization server (RFC 6749 §4.1.2). */
final class OAuthCallback {

    private static final int SHOWN = 200;

    private OAuthCallback() {}

    /**
     * The code.
     *
     * @throws CapabilityException if there is none, the server refused, or the state is another
     */
    static Secret code(OAuthModule.CallbackInput input) {
        Secret url = input.callbackUrl();
        Secret alone = input.code();
        if (alone != null && url == null) {
            return alone;
        }
        if (alone != null || url == null) {
            throw BadRequest.because("There must be 'callback_url' or 'code', and not both");
        }
        Map<String, String> query = query(url.reveal());
        // First: an error of somebody else's making is none of this user's.
        String expected = input.state();
        if (expected != null && !isSame(expected, query.get("state"))) {
            throw BadRequest.because("'callback_url' has another 'state' than was given; let the user begin again");
        }
        String error = query.get("error");
        if (error != null) {
            throw refused(error, query.get("error_description"));
        }
        String code = query.get("code");
        if (code == null || code.isEmpty()) {
            throw BadRequest.because("'callback_url' has no 'code'; give all of it, with its query");
        }
        return Secret.of(code);
    }

    private static boolean isSame(String expected, @Nullable String given) {
        return given != null
                && MessageDigest.isEqual(
                        expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, String> query(String url) {
        String target = url.split("#", 2)[0];
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : target.substring(target.indexOf('?') + 1).split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.putIfAbsent(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return parameters;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw BadRequest.because("'callback_url' is no URL: its query is not encoded as one");
        }
    }

    /** RFC 6749 §4.1.2.1. */
    private static CapabilityException refused(String error, @Nullable String description) {
        ErrorCode code = switch (error) {
            case "access_denied" -> ErrorCode.PERMISSION_DENIED;
            case "unauthorized_client" -> ErrorCode.UNAUTHORIZED;
            case "server_error", "temporarily_unavailable" -> ErrorCode.SERVICE_ERROR;
            default -> ErrorCode.BAD_REQUEST;
        };
        return CapabilityException.of(
                code,
                "The authorization server refused: " + shown(error)
                        + (description == null ? "" : ", \"" + shown(description) + "\""));
    }

    private static String shown(String text) {
        String printable = Redactor.text(text);
        return printable.length() <= SHOWN ? printable : printable.substring(0, SHOWN);
    }
}
