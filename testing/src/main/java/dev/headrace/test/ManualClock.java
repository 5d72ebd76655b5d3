package dev.headrace.test;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A clock that moves when the test says so, for the limits of fake APIs. May be used from any thread.
 *
 * <pre>{@code
 * ManualClock clock = new ManualClock();
 * try (TestServer api = FakeShopify.list("products", products).bucket(2, 2).clock(clock).start()) {
 *     …
 *     clock.advance(Duration.ofSeconds(1));
 * }
 * }</pre>
 */
public final class ManualClock implements InstantSource {

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    /** Begins at midnight of 2026-01-01, UTC. */
    public ManualClock() {}

    @Override
    public synchronized Instant instant() {
        return now;
    }

    /**
     * Lets time pass.
     *
     * @param duration added to the present; must not be negative
     */
    public synchronized void advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("time does not go back: " + duration);
        }
        now = now.plus(duration);
    }
}
