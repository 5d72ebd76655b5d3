package dev.headrace.observe;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.ExchangeEnd;
import dev.headrace.http.ExchangeListener;
import dev.headrace.http.Headers;
import dev.headrace.http.Request;
import dev.headrace.http.ResponseTimeoutException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Counts calls, attempts and their outcomes. Safe for all threads; counting never waits. One for a connector, for as long as it lives.
 */
public final class Counters implements ExchangeListener {

    private final LongAdder callsStarted = new LongAdder();
    private final LongAdder callsSucceeded = new LongAdder();
    private final LongAdder callsFailed = new LongAdder();
    private final LongAdder callsCancelled = new LongAdder();
    private final LongAdder callsInFlight = new LongAdder();
    private final LongAdder requestsSent = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final LongAdder timeouts = new LongAdder();
    private final LongAdder bytesReceived = new LongAdder();
    private final LongAdder latencyNanos = new LongAdder();
    private final LongAccumulator longestLatencyNanos = new LongAccumulator(Math::max, 0);
    private final LongAdder[] responses = adders(5);
    private final Map<FailureKind, LongAdder> failures = Stream.of(FailureKind.values())
            .collect(Collectors.toUnmodifiableMap(kind -> kind, kind -> new LongAdder()));

    /** Creates counters that stand at zero. */
    public Counters() {}

    private static LongAdder[] adders(int count) {
        return Stream.generate(LongAdder::new).limit(count).toArray(LongAdder[]::new);
    }

    @Override
    public void callStarted(Request request) {
        callsStarted.increment();
        callsInFlight.increment();
    }

    @Override
    public void callEnded(Request request, ExchangeEnd end) {
        callsInFlight.decrement();
        switch (end.how()) {
            case READ, GIVEN_UP -> (end.successful() ? callsSucceeded : callsFailed).increment();
            case FAILED -> {
                callsFailed.increment();
                FailureKind kind = end.failure() instanceof HeadraceException known ? known.kind() : FailureKind.LOCAL;
                Objects.requireNonNull(failures.get(kind)).increment();
            }
            case CANCELLED -> callsCancelled.increment();
        }
    }

    @Override
    public void attemptStarted(Request request) {
        requestsSent.increment();
        if (request.attempt() > 1) {
            retries.increment();
        }
    }

    @Override
    public void headReceived(Request request, int status, Headers headers, Duration latency) {
        int statusClass = status / 100;
        if (statusClass >= 1 && statusClass <= responses.length) {
            responses[statusClass - 1].increment();
        }
        latencyNanos.add(latency.toNanos());
        longestLatencyNanos.accumulate(latency.toNanos());
    }

    @Override
    public void attemptEnded(Request request, ExchangeEnd end) {
        bytesReceived.add(end.bytes());
        if (end.failure() instanceof ResponseTimeoutException) {
            timeouts.increment();
        }
    }

    /**
     * The counts as they are now. While exchanges are under way the numbers are of moments close to each other, not of one.
     *
     * @return the counts
     */
    public ExchangeCounts snapshot() {
        Map<FailureKind, Long> failed = new EnumMap<>(FailureKind.class);
        failures.forEach((kind, count) -> failed.put(kind, count.sum()));
        return new ExchangeCounts(
                callsStarted.sum(),
                callsSucceeded.sum(),
                callsFailed.sum(),
                callsCancelled.sum(),
                Math.max(0, callsInFlight.sum()),
                requestsSent.sum(),
                retries.sum(),
                new ExchangeCounts.Responses(
                        responses[1].sum(), responses[2].sum(), responses[3].sum(), responses[4].sum()),
                failed,
                timeouts.sum(),
                bytesReceived.sum(),
                Duration.ofNanos(latencyNanos.sum()),
                Duration.ofNanos(longestLatencyNanos.get()));
    }

    @Override
    public String toString() {
        return snapshot().toString();
    }
}
