package dev.headrace.spring;

import dev.headrace.http.Timeouts;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@code timeouts}: the clocks of one exchange; 0 waits for ever.
 *
 * @param connect Longest time to open a connection, TLS handshake included. Default 10s.
 * @param head Longest wait from the request sent to the response's head. Default 30s.
 * @param gap Longest silence in a response's body while somebody reads it. Default 30s.
 * @param total Longest time for a whole call with its retries. Default none.
 */
record TimeoutsProperties(
        @Nullable Duration connect,
        @Nullable Duration head,
        @Nullable Duration gap,
        @Nullable Duration total) {

    Timeouts timeouts(PropertyPath path) {
        Timeouts timeouts = Timeouts.defaults();
        timeouts = path.set(timeouts, "connect", connect, Timeouts::connect);
        timeouts = path.set(timeouts, "head", head, Timeouts::head);
        timeouts = path.set(timeouts, "gap", gap, Timeouts::gap);
        return path.set(timeouts, "total", total, Timeouts::total);
    }
}
