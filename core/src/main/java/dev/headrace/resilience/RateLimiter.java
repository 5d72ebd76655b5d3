package dev.headrace.resilience;

import dev.headrace.http.Request;
import java.time.Duration;
import java.util.List;

/**
 * The state of a {@link RateLimitPolicy}: what every key has left, and who waits for it. Shared by all calls that go through it: a connector
 * owns one and shares it with its children. Holds no thread and no resource; keys that have all their permits are forgotten.
 */
public final class RateLimiter {

    private final RateLimitPolicy policy;
    private final Keyed<WaitingLine<RateGate>> lines;

    RateLimiter(RateLimitPolicy policy) {
        this.policy = policy;
        this.lines = new Keyed<>(
                () -> new WaitingLine<>(new RateGate(policy), policy.maxWait(), Integer.MAX_VALUE, this::refusal),
                WaitingLine::isFresh);
    }

    /**
     * What this was made from.
     *
     * @return the policy
     */
    public RateLimitPolicy policy() {
        return policy;
    }

    /**
     * How every key stands that is not at rest.
     *
     * @return a snapshot, in no order
     */
    public List<RateLimitState> states() {
        return lines.list((key, line) -> line.state((gate, waiting) -> gate.state(key, waiting)));
    }

    /** The line of a key; to be left when done with it. */
    Keyed.Use<WaitingLine<RateGate>> line(String key) {
        return lines.use(key);
    }

    private RateLimitExceededException refusal(Request request, long wait, boolean lineFull) {
        return new RateLimitExceededException(request, Duration.ofNanos(wait), policy.maxWait());
    }

    /** How many keys have a wake-up scheduled; for tests. */
    long timers() {
        return lines.list((key, line) -> line.hasTimer()).stream()
                .filter(on -> on)
                .count();
    }

    @Override
    public String toString() {
        return "RateLimiter[" + policy + "]";
    }
}
