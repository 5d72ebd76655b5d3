package dev.headrace.connector;

import java.util.stream.Collector;

/**
 * How many of many requests succeeded.
 *
 * @param succeeded answered with a success
 * @param failed all others
 */
public record SendSummary(long succeeded, long failed) {

    /**
     * Whether something was sent and nothing failed.
     *
     * @return true if so
     */
    public boolean isSuccess() {
        return succeeded > 0 && failed == 0;
    }

    /**
     * Counts outcomes: {@code connector.send(request, items).collect(SendSummary.counting())}.
     *
     * @return a collector for a stream of outcomes
     */
    public static Collector<Outcome<?>, ?, SendSummary> counting() {
        return Collector.of(
                () -> new long[2],
                (counts, outcome) -> counts[outcome.isSuccess() ? 0 : 1]++,
                (one, other) -> new long[] {one[0] + other[0], one[1] + other[1]},
                counts -> new SendSummary(counts[0], counts[1]));
    }
}
