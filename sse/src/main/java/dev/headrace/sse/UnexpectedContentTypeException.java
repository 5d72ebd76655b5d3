package dev.headrace.sse;

import dev.headrace.error.FailureKind;
import dev.headrace.http.Headers;
import dev.headrace.http.HttpException;
import dev.headrace.http.Redactor;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import java.nio.charset.StandardCharsets;

/**
 * The answer to a request for events is something else, such as a login page. {@link FailureKind#CONFIGURATION}: the same request will
 * bring the same answer (WHATWG HTML §9.2.2), so there is no reconnection.
 */
public final class UnexpectedContentTypeException extends HttpException {

    private static final long serialVersionUID = 1L;

    private final transient int status;
    private final transient Headers headers;
    private final transient byte[] body;

    UnexpectedContentTypeException(Request request, Response response, byte[] body) {
        super(
                FailureKind.CONFIGURATION,
                request,
                "the answer is "
                        + response.headers()
                                .first("Content-Type")
                                .map(Redactor::text)
                                .orElse("of no type")
                        + ", not text/event-stream; check the path and what the remote sends to these credentials",
                null);
        this.status = response.status();
        this.headers = response.headers();
        this.body = body;
    }

    /**
     * The status code.
     *
     * @return 200
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
     * The beginning of the response's body, as UTF-8: at most 64 KiB, and no more than came within 5 seconds. It may hold whatever
     * the remote put there.
     *
     * @return the text; empty if there was no body
     */
    public String body() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
