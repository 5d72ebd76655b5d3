package dev.headrace.resilience;

import dev.headrace.error.FailureKind;
import dev.headrace.http.Request;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The {@linkplain CircuitBreakerPolicy circuit breaker} is open: too many calls before this one failed. {@link FailureKind#TRANSIENT}:
 * {@link #retryAt()} says when calls are tried again. Nothing was sent, no rate permit was used; it is not retried.
 */
public final class CircuitOpenException extends NotAdmittedException {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable Instant retryAt;

    CircuitOpenException(Request request, @Nullable Instant retryAt) {
        super(
                FailureKind.TRANSIENT,
                request,
                retryAt == null
                        ? "the circuit is half open and others are trying it; try again when they are done"
                        : "the circuit is open after too many failures; try again at " + retryAt);
        this.retryAt = retryAt;
    }

    /**
     * When the circuit lets calls through again.
     *
     * @return empty while it is half open: that depends on the calls that are trying it now
     */
    @Override
    public Optional<Instant> retryAt() {
        return Optional.ofNullable(retryAt);
    }
}
