package dev.headrace.resilience;

import dev.headrace.error.FailureKind;
import dev.headrace.http.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A request would have to wait for its {@linkplain RateLimitPolicy rate limit} longer than the policy's {@code maxWait}, or has waited that
 * long in vain. {@link FailureKind#TRANSIENT}: {@link #retryAt()} says when there will be room. Nothing was sent; it is not retried.
 */
public final class RateLimitExceededException extends NotAdmittedException {

    private static final long serialVersionUID = 1L;

    private final transient Instant retryAt;

    RateLimitExceededException(Request request, Duration wait, Duration maxWait) {
        this(request, wait, maxWait, SchedulerClock.instantAfter(wait.toNanos()));
    }

    private RateLimitExceededException(Request request, Duration wait, Duration maxWait, Instant retryAt) {
        super(
                FailureKind.TRANSIENT,
                request,
                "its rate limit leaves no room for another " + printable(wait) + ", and it may wait "
                        + printable(maxWait) + "; try again at " + retryAt + " or raise maxWait");
        this.retryAt = retryAt;
    }

    /**
     * When the rate limit will have room, as far as is known now.
     *
     * @return always present
     */
    @Override
    public Optional<Instant> retryAt() {
        return Optional.of(retryAt);
    }

    private static String printable(Duration duration) {
        return duration.compareTo(Duration.ofSeconds(10)) < 0
                ? duration.toMillis() + " ms"
                : duration.toSeconds() + " s";
    }
}
