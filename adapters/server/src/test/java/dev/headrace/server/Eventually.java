package dev.headrace.server;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/** Waits for what the server's event loops still have to do. */
final class Eventually {

    private Eventually() {}

    static void is(Callable<Boolean> condition) {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(20))
                .until(condition);
    }

    /** Nothing is being served, and no connection open. */
    static void isQuiet(RunningServer server) {
        is(() -> server.stats().inFlight() == 0
                && server.stats().openStreams() == 0
                && server.stats().openConnections() == 0);
    }
}
