package dev.headrace.spring;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code headrace.sse}: events sent to browsers.
 *
 * @param heartbeat Silence after which a comment is sent, so that proxies keep the connection; 0 sends none.
 */
record SseProperties(@DefaultValue("15s") Duration heartbeat) {

    /** Checks the value. */
    SseProperties {
        if (!heartbeat.isZero() && heartbeat.toMillis() < 1) {
            throw new PropertyException(
                    "headrace.sse.heartbeat", "It must be 0, or at least 1 ms, but is " + heartbeat, null);
        }
    }
}
