package dev.headrace.http;

import dev.headrace.Defaults;
import java.time.Duration;

/**
 * The clocks of one exchange. {@link Duration#ZERO} waits for ever; the resolution is 1 ms.
 *
 * @param connect longest time to open a connection, TLS handshake included; default 10 s
 * @param head longest wait from the request sent to the response head; default 30 s
 * @param gap longest silence in a response body while a read is outstanding; default 30 s
 * @param total longest time for the whole call, retries included; default none
 */
public record Timeouts(Duration connect, Duration head, Duration gap, Duration total) {

    private static final Timeouts DEFAULTS =
            new Timeouts(Defaults.CONNECT_TIMEOUT, Defaults.HEAD_TIMEOUT, Defaults.GAP_TIMEOUT, Defaults.TOTAL_TIMEOUT);

    /**
     * Checks the values.
     *
     * @param connect as {@link #connect()}
     * @param head as {@link #head()}
     * @param gap as {@link #gap()}
     * @param total as {@link #total()}
     * @throws IllegalArgumentException if one is out of its range
     */
    public Timeouts {
        check("connect", connect);
        check("head", head);
        check("gap", gap);
        check("total", total);
    }

    /**
     * Connect 10 s, head 30 s, gap 30 s, no total.
     *
     * @return the defaults
     */
    public static Timeouts defaults() {
        return DEFAULTS;
    }

    /**
     * Longest time to open a connection, TLS handshake included.
     *
     * <p>Beyond it the exchange errors with {@link TransportException}; nothing has been sent then.
     *
     * @param connect the limit; zero waits for ever
     * @return new timeouts
     */
    public Timeouts connect(Duration connect) {
        return new Timeouts(connect, head, gap, total);
    }

    /**
     * Longest wait from the request sent to the response head; waiting for a connection does not count.
     *
     * <p>Beyond it the exchange errors with {@link ResponseTimeoutException}.
     *
     * @param head the limit; zero waits for ever
     * @return new timeouts
     */
    public Timeouts head(Duration head) {
        return new Timeouts(connect, head, gap, total);
    }

    /**
     * Longest silence tolerated while a response body is being read. The clock runs only while the reader wants more: a slow
     * reader never times out a healthy remote.
     *
     * <p>Beyond it the body errors with {@link ResponseTimeoutException}.
     *
     * @param gap the limit; zero waits for ever
     * @return new timeouts
     */
    public Timeouts gap(Duration gap) {
        return new Timeouts(connect, head, gap, total);
    }

    /**
     * Longest time for the whole call, from subscription to the last byte, waits and retries included.
     *
     * <p>Beyond it the call errors with {@link ResponseTimeoutException}.
     *
     * @param total the limit; zero, the default, is none
     * @return new timeouts
     */
    public Timeouts total(Duration total) {
        return new Timeouts(connect, head, gap, total);
    }

    private static void check(String name, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException("Timeout " + name + " must not be negative, but is " + value);
        }
    }
}
