package dev.headrace.transfer;

import dev.headrace.Defaults;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.RetryAfter;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * When a transfer sends another request after a failed one: for what may pass, with waits that grow, and a server's own wait before that.
 * What counts is failures in a row: an element emitted meanwhile, which must mean new bytes, makes the count begin anew.
 */
final class TransferRetry {

    private static final Set<Integer> REFUSALS = Set.of(400, 401, 403, 410);

    private TransferRetry() {}

    /**
     * The retries of one run; the last error is signalled when they are used up.
     *
     * @param worth which failures are worth another request
     * @param waiting hears of each of them before the wait
     */
    static Retry of(
            long maxRetries,
            Duration firstDelay,
            Duration longestDelay,
            Predicate<Throwable> worth,
            Consumer<Throwable> waiting) {
        return Retry.backoff(maxRetries, firstDelay)
                .maxBackoff(longestDelay)
                .jitter(Defaults.RETRY_JITTER)
                .transientErrors(true)
                // Longer than this nobody waits, whatever else the failure is worth.
                .filter(error -> worth.test(error) && serverWait(error).compareTo(Defaults.MAX_RETRY_AFTER) <= 0)
                .doBeforeRetryAsync(signal -> {
                    waiting.accept(signal.failure());
                    Duration asked = serverWait(signal.failure());
                    return asked.isZero() ? Mono.empty() : Mono.delay(asked).then();
                })
                .onRetryExhaustedThrow((spec, signal) -> signal.failure());
    }

    /** Whether these make sense as the first and the longest wait. */
    static void check(Duration first, Duration longest) {
        if (first.isNegative() || first.compareTo(longest) > 0) {
            throw new IllegalArgumentException(
                    "retryDelay must not be negative nor begin above its longest, but is " + first + " to " + longest);
        }
    }

    /** Whether a failure may pass by itself. */
    static boolean mayPass(Throwable error) {
        return error instanceof HeadraceException known && known.isTransient();
    }

    /** Whether a request was refused in a way that a newly signed URL may cure. S3 says 400 of a token that has expired. */
    static boolean isRefusal(Throwable error) {
        return error instanceof HttpStatusException answer && REFUSALS.contains(answer.status());
    }

    /** How long the server, or a limit of ours, asks to be left alone; zero if nobody does. */
    static Duration serverWait(Throwable error) {
        if (error instanceof HttpStatusException status) {
            Optional<Duration> said = RetryAfter.from(status.headers());
            if (said.isPresent()) {
                return said.get();
            }
        }
        Optional<Instant> at = error instanceof HeadraceException known ? known.retryAt() : Optional.empty();
        Duration left = at.map(then -> Duration.between(
                        Instant.ofEpochMilli(Schedulers.parallel().now(TimeUnit.MILLISECONDS)), then))
                .orElse(Duration.ZERO);
        return left.isNegative() ? Duration.ZERO : left;
    }
}
