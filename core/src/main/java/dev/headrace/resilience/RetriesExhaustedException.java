package dev.headrace.resilience;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.HttpException;
import dev.headrace.http.Request;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A call would have been sent again, but may not be any more: its retries are used up, the budget is, or the server asks for a longer wait
 * than {@link RetryPolicy#maxRetryAfter()}. Only with {@link RetryPolicy.OnExhausted#ERROR}.
 *
 * <p>The cause is the last failure, a {@link dev.headrace.http.HttpStatusException} if it was an answer; kind and {@link #retryAt()} are the
 * cause's.
 */
public final class RetriesExhaustedException extends HttpException {

    private static final long serialVersionUID = 1L;

    RetriesExhaustedException(Request request, String why, Throwable cause) {
        super(
                cause instanceof HeadraceException known ? known.kind() : FailureKind.TRANSIENT,
                request,
                "given up after " + request.attempt() + (request.attempt() == 1 ? " attempt" : " attempts") + ", " + why
                        + "; the last failure: " + cause.getMessage(),
                cause);
    }

    /**
     * How often the request was sent.
     *
     * @return 1 or more
     */
    public int attempts() {
        return attempt();
    }

    @Override
    public Optional<Instant> retryAt() {
        return cause() instanceof HeadraceException known ? known.retryAt() : Optional.empty();
    }

    @Override
    public boolean requestSent() {
        return attempt() > 1 || !(cause() instanceof HttpException known) || known.requestSent();
    }

    private Throwable cause() {
        return Objects.requireNonNull(getCause());
    }
}
