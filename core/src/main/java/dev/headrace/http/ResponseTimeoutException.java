package dev.headrace.http;

import dev.headrace.error.FailureKind;
import java.time.Duration;

/** The remote took longer than one of the {@link Timeouts} allows. {@link FailureKind#TRANSIENT}. */
public final class ResponseTimeoutException extends HttpException {

    private static final long serialVersionUID = 1L;

    private final transient Duration limit;

    /**
     * Creates a failure.
     *
     * @param request what was sent
     * @param what what did not come, such as "no response head"
     * @param limit the time allowed
     */
    public ResponseTimeoutException(Request request, String what, Duration limit) {
        super(
                FailureKind.TRANSIENT,
                request,
                what + " within " + limit.toMillis() + " ms; raise the timeout if the remote is that slow",
                null);
        this.limit = limit;
    }

    /**
     * The time that was allowed.
     *
     * @return the limit
     */
    public Duration limit() {
        return limit;
    }
}
