package dev.headrace.server;

import dev.headrace.Defaults;
import java.time.Duration;
import java.util.Objects;

/** How much, how many and how long. */
record ServerLimits(
        int body, int head, int concurrency, Duration request, Duration call, Duration idle, Duration stall) {

    static final ServerLimits DEFAULTS = new ServerLimits(
            Defaults.SERVER_BODY_LIMIT,
            Defaults.SERVER_HEAD_LIMIT,
            Defaults.SERVER_CONCURRENCY,
            Defaults.SERVER_REQUEST_TIMEOUT,
            Defaults.SERVER_CALL_TIMEOUT,
            Defaults.SERVER_IDLE,
            Defaults.SERVER_STALL_TIMEOUT);

    ServerLimits {
        positive("bodyLimit", body);
        positive("headLimit", head);
        positive("maxConcurrent", concurrency);
        positive("requestTimeout", request);
        positive("callTimeout", call);
        positive("idleTimeout", idle);
        positive("stallTimeout", stall);
    }

    ServerLimits body(int bytes) {
        return new ServerLimits(bytes, head, concurrency, request, call, idle, stall);
    }

    ServerLimits head(int bytes) {
        return new ServerLimits(body, bytes, concurrency, request, call, idle, stall);
    }

    ServerLimits concurrency(int calls) {
        return new ServerLimits(body, head, calls, request, call, idle, stall);
    }

    ServerLimits request(Duration timeout) {
        return new ServerLimits(body, head, concurrency, timeout, call, idle, stall);
    }

    ServerLimits call(Duration timeout) {
        return new ServerLimits(body, head, concurrency, request, timeout, idle, stall);
    }

    ServerLimits idle(Duration timeout) {
        return new ServerLimits(body, head, concurrency, request, call, timeout, stall);
    }

    ServerLimits stall(Duration timeout) {
        return new ServerLimits(body, head, concurrency, request, call, idle, timeout);
    }

    private static void positive(String setting, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(setting + " must be at least 1, but is " + value);
        }
    }

    private static void positive(String setting, Duration value) {
        Objects.requireNonNull(value, setting);
        if (value.toMillis() < 1) {
            throw new IllegalArgumentException(setting + " must be at least 1 ms, but is " + value);
        }
    }
}
