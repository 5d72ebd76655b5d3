package dev.headrace.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.Defaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The tables of the guide to operations say what the code has. */
class DefaultsTableTest {

    private static final Path PAGE =
            Path.of(System.getProperty("basedir", System.getProperty("user.dir")), "../docs/operations.md");

    @Test
    void operationsRepeatsTheDefaults() throws IOException {
        assertThat(Files.readString(PAGE).lines())
                .contains(
                        row("`maxConnections`, for each origin", Defaults.POOL_CONNECTIONS, "the call waits"),
                        row("`maxPending`, calls that wait", Defaults.POOL_PENDING, "`PoolExhaustedException` at once"),
                        row(
                                "`acquireTimeout`, each of them",
                                Defaults.POOL_ACQUIRE_TIMEOUT,
                                "`PoolExhaustedException`"),
                        row("`maxIdle`", Defaults.POOL_IDLE, "closed in the background"),
                        row("`maxLifetime`", Defaults.POOL_LIFETIME, "closed once it is idle"),
                        row("connect, TLS handshake included", Defaults.CONNECT_TIMEOUT),
                        row("head of the response", Defaults.HEAD_TIMEOUT),
                        row(
                                "silence in a body while a read is outstanding",
                                said(Defaults.GAP_TIMEOUT) + "; event streams none"),
                        row("the whole call, retries included", Defaults.TOTAL_TIMEOUT),
                        row(
                                "retries, waits",
                                Defaults.MAX_RETRIES
                                        + "; "
                                        + waits(
                                                Defaults.RETRY_DELAY,
                                                Defaults.RETRY_MULTIPLIER,
                                                Defaults.RETRY_MAX_DELAY,
                                                Defaults.RETRY_JITTER)),
                        row("longest `Retry-After` that is waited for", Defaults.MAX_RETRY_AFTER),
                        row(
                                "retry budget",
                                Defaults.RETRY_BUDGET_SHARE
                                        + " for each call of the last 10 s, and "
                                        + Defaults.RETRY_BUDGET_FLOOR),
                        row("permit of a rate limit, place of a bulkhead", Defaults.PERMIT_TIMEOUT),
                        row("callers that wait for a place of a bulkhead", Defaults.BULKHEAD_QUEUED),
                        row("trials of a half-open circuit", Defaults.HALF_OPEN_TRIALS),
                        row("one request for an access token", Defaults.TOKEN_TIMEOUT),
                        row(
                                "reconnection of an event stream",
                                waits(
                                        Defaults.RECONNECT_DELAY,
                                        Defaults.RECONNECT_MULTIPLIER,
                                        Defaults.RECONNECT_MAX_DELAY,
                                        Defaults.RECONNECT_JITTER)),
                        row("an error's body", bytes(Defaults.ERROR_BODY_LIMIT)),
                        row("what error rules look into", bytes(Defaults.RULE_BODY_LIMIT)),
                        row("one event", bytes(Defaults.EVENT_LIMIT) + "; `EventLimits` says another"),
                        row(
                                "one record, line or CSV row",
                                bytes(Defaults.RECORD_LIMIT) + "; a decoder's limit says another"),
                        row("a chunk of a byte stream", bytes(Defaults.CHUNK_SIZE)),
                        row("redirects of one request", Defaults.MAX_REDIRECTS),
                        row(
                                "pages of one reading; empty ones in a row; ahead of the reader",
                                Defaults.MAX_PAGES,
                                Defaults.MAX_EMPTY_PAGES,
                                Defaults.PREFETCH_PAGES),
                        row(
                                "requests of `batch` at once; of `send`",
                                Defaults.BATCH_CONCURRENCY,
                                Defaults.SEND_CONCURRENCY),
                        row(
                                "slices of a record stream at once; slices whose progress is kept one by one",
                                Defaults.SLICE_CONCURRENCY,
                                Defaults.SLICE_STATES),
                        row(
                                "life of a token whose server does not say; renewed before its end",
                                Defaults.TOKEN_LIFETIME,
                                said(Defaults.TOKEN_RENEW_BEFORE) + ", at most a quarter of its life"),
                        row("tenants whose tokens are kept", Defaults.TOKEN_TENANTS),
                        row("events that `dropOldest` keeps", Defaults.DROP_OLDEST_BUFFER),
                        row(
                                "events handed to a handler at once; longest wait for more",
                                Defaults.CONSUME_CHUNK,
                                Defaults.CONSUME_MAX_WAIT),
                        row(
                                "progress is saved after",
                                Defaults.COMMIT_ELEMENTS + " elements, or " + said(Defaults.COMMIT_AFTER)),
                        row("depth of JSON", Defaults.JSON_DEPTH_LIMIT),
                        row(
                                "growth of a compressed body",
                                Defaults.DECOMPRESSION_RATIO_LIMIT + " times its bytes on the wire"),
                        row(
                                "integrations over HTTP: port; body; head; calls at once",
                                String.valueOf(Defaults.SERVER_PORT),
                                bytes(Defaults.SERVER_BODY_LIMIT),
                                bytes(Defaults.SERVER_HEAD_LIMIT),
                                Defaults.SERVER_CONCURRENCY),
                        row(
                                "the same: body must arrive within; answer; idle connection; taking what was written",
                                Defaults.SERVER_REQUEST_TIMEOUT,
                                Defaults.SERVER_CALL_TIMEOUT,
                                Defaults.SERVER_IDLE,
                                Defaults.SERVER_STALL_TIMEOUT));
    }

    /** A row: what it is, and its values; the pool's table has what happens beyond it as well. */
    private static String row(String what, Object... values) {
        boolean beyond = what.startsWith("`max") || what.startsWith("`acquire");
        return "| " + what + " | "
                + Arrays.stream(values).map(DefaultsTableTest::said).collect(Collectors.joining(beyond ? " | " : "; "))
                + " |";
    }

    private static String said(Object value) {
        if (value instanceof Duration time) {
            return time.isZero()
                    ? "none"
                    : time.toHours() > 0
                            ? time.toHours() + " h"
                            : time.toMinutes() > 0
                                    ? time.toMinutes() + " min"
                                    : time.toSeconds() > 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
        }
        return value instanceof Integer number ? String.format(Locale.ROOT, "%,d", number) : String.valueOf(value);
    }

    private static String waits(Duration first, double growth, Duration most, double chance) {
        assertThat(growth).as("doubling").isEqualTo(2);
        assertThat(chance).as("half by chance").isEqualTo(0.5);
        return "from " + said(first) + ", doubling, to " + said(most) + " at most; half by chance";
    }

    private static String bytes(int count) {
        return count >= 1 << 20 ? (count >> 20) + " MiB" : (count >> 10) + " KiB";
    }
}
