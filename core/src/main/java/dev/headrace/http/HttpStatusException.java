package dev.headrace.http;

import dev.headrace.error.FailureKind;
import java.nio.charset.StandardCharsets;
import reactor.core.publisher.Mono;

/**
 * The remote answered with a status that is not a success. Its kind is {@link FailureKind#TRANSIENT} for statuses that may pass
 * (408, 413, 425, 429 and 5xx but 501 and 505), {@link FailureKind#CONFIGURATION} for what the user must change (401, 403, 404, 407,
 * 410, and redirects that were not followed), and {@link FailureKind#PERMANENT} for the rest.
 */
public final class HttpStatusException extends HttpException {

    private static final long serialVersionUID = 1L;

    private final transient int status;
    private final transient Headers headers;
    private final transient byte[] body;

    private HttpStatusException(Request request, int status, String advice, Headers headers, byte[] body) {
        super(kindOf(status), request, "status " + status + advice, null);
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /**
     * Makes the failure from a response and reads the head of its body.
     *
     * @param request what was sent
     * @param response what came; its body is read up to 64 KiB
     * @return the failure as a value
     */
    public static Mono<HttpStatusException> from(Request request, Response response) {
        return response.buffered()
                .flatMap(copy -> copy.readAll(Integer.MAX_VALUE))
                .map(body -> new HttpStatusException(
                        request, response.status(), adviceFor(response), response.headers(), body));
    }

    /**
     * The status code.
     *
     * @return 300 to 599, or a success code that the caller could not use
     */
    public int status() {
        return status;
    }

    /**
     * The response's headers.
     *
     * @return as they came
     */
    public Headers headers() {
        return headers;
    }

    /**
     * The first 64 KiB of the response's body, as UTF-8. It may hold whatever the remote put there.
     *
     * @return the text; empty if there was no body
     */
    public String body() {
        return new String(body, StandardCharsets.UTF_8);
    }

    private static FailureKind kindOf(int status) {
        return switch (status) {
            case 408, 413, 425, 429 -> FailureKind.TRANSIENT;
            case 401, 403, 404, 407, 410 -> FailureKind.CONFIGURATION;
            case 501, 505 -> FailureKind.PERMANENT;
            default ->
                status >= 500
                        ? FailureKind.TRANSIENT
                        : status >= 300 && status < 400 ? FailureKind.CONFIGURATION : FailureKind.PERMANENT;
        };
    }

    private static String adviceFor(Response response) {
        return switch (response.status()) {
            case 401, 407 -> "; check the credentials";
            case 403 -> "; check what the credentials permit";
            case 404, 410 -> "; check the path";
            case 429 -> "; slow down" + retryAfter(response);
            case 503 -> retryAfter(response);
            default ->
                response.status() >= 300 && response.status() < 400
                        ? response.headers()
                                .first("Location")
                                .map(target -> "; not followed to " + Redactor.uri(target))
                                .orElse("")
                        : "";
        };
    }

    private static String retryAfter(Response response) {
        return response.headers()
                .first("Retry-After")
                .map(wait -> "; it says Retry-After: " + Redactor.text(wait))
                .orElse("");
    }
}
