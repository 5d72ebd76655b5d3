package dev.headrace.spring;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code headrace.sse}: events sent to browsers.
 *
 * @param heartbeat Silence after which a comment is sent, so that proxies keep the connection; 0 sends none.
 */
record SseProperties(@DefaultValue("15s") Duration heartbeat) {}
