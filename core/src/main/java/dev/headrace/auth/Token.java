package dev.headrace.auth;

import dev.headrace.http.Secret;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Schedulers;

/**
 * An access token and its life. Each is itself only: two with the same text are two, so that a refusal of one says nothing of the other.
 *
 * <p>Counted by the clock that nobody sets. It may stand still while the machine sleeps; the server then refuses the token, and that
 * renews it too.
 */
final class Token {

    private final Secret value;
    private final long begin;
    private final long freshNanos;
    private final long lifeNanos;

    /**
     * Makes a token.
     *
     * @param value the token
     * @param begin when its life began, as {@link #now()}
     * @param life how long it lives; zero or more
     * @param renewBefore how long before the end it is to be renewed; never more than a quarter of the life, or a short-lived token would be
     *     renewed for every call
     */
    Token(Secret value, long begin, Duration life, Duration renewBefore) {
        this.value = value;
        this.begin = begin;
        this.lifeNanos = life.toNanos();
        this.freshNanos = lifeNanos - Math.min(lifeNanos / 4, renewBefore.toNanos());
    }

    static long now() {
        return Schedulers.parallel().now(TimeUnit.NANOSECONDS);
    }

    Secret value() {
        return value;
    }

    /** Need not be renewed yet. */
    boolean isFresh() {
        return now() - begin < freshNanos;
    }

    /** Can still be used. */
    boolean isAlive() {
        return now() - begin < lifeNanos;
    }
}
