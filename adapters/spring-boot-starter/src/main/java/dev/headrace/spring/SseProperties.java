package dev.headrace.spring;

import dev.headrace.http.Secret;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code headrace.sse}: events sent to browsers.
 *
 * @param heartbeat Silence after which a comment is sent, so that proxies keep the connection; 0 sends none.
 * @param signingKey Signs the ids by which browsers go on with record streams; at least 16 characters, the same for all instances. Default a
 *     random one of each process.
 */
record SseProperties(
        @DefaultValue("15s") Duration heartbeat, @Nullable Secret signingKey) {

    private static final int SHORTEST_KEY = 16;

    /** Checks the values. */
    SseProperties {
        if (!heartbeat.isZero() && heartbeat.toMillis() < 1) {
            throw new PropertyException(
                    "headrace.sse.heartbeat", "It must be 0, or at least 1 ms, but is " + heartbeat, null);
        }
        if (signingKey != null && signingKey.reveal().length() < SHORTEST_KEY) {
            throw new PropertyException(
                    "headrace.sse.signing-key",
                    "It must have at least " + SHORTEST_KEY + " characters, or somebody could guess it",
                    null);
        }
    }
}
