package dev.headrace.cli;

import dev.headrace.connector.ConnectorStats;
import dev.headrace.error.FailureKind;
import dev.headrace.json.Json;
import dev.headrace.observe.ExchangeCounts;
import dev.headrace.resilience.CircuitState;
import dev.headrace.resilience.RateLimitState;
import dev.headrace.sse.EventStats;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a run has counted, as one JSON object. Scripts read it: names stay, and further ones may come. */
final class Statistics {

    private Statistics() {}

    static String json(ConnectorStats stats, @Nullable EventStats events) {
        ExchangeCounts counts = stats.exchanges();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("calls", counts.calls());
        json.put("succeeded", counts.succeeded());
        json.put("failed", counts.failed());
        json.put("cancelled", counts.cancelled());
        json.put("inFlight", counts.inFlight());
        json.put("requests", counts.requestsSent());
        json.put("retries", stats.retries().retries());
        json.put("retriesRefused", stats.retries().refused());
        json.put("responses", responses(counts.responses()));
        json.put("failures", failures(counts));
        json.put("timeouts", counts.timeouts());
        json.put("bytes", counts.bytesReceived());
        json.put("latencyMs", counts.meanLatency().toMillis());
        json.put("longestLatencyMs", counts.longestLatency().toMillis());
        json.put(
                "rateLimits",
                stats.rateLimits().stream().map(Statistics::rateLimit).toList());
        json.put("circuits", stats.circuits().stream().map(Statistics::circuit).toList());
        if (events != null) {
            json.put("events", events(events));
        }
        return Json.writeText(json);
    }

    private static Map<String, @Nullable Object> events(EventStats stats) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("connections", stats.connections());
        json.put("reconnects", stats.reconnects());
        json.put("events", stats.events());
        json.put("bytes", stats.bytes());
        json.put("comments", stats.comments());
        json.put("dropped", stats.dropped());
        json.put("oversized", stats.oversized());
        json.put("duplicates", stats.duplicates());
        json.put("anomalies", stats.anomalies());
        json.put("sinceLastEventMs", millis(stats.sinceLastEvent()));
        json.put("timeToFirstByteMs", millis(stats.timeToFirstByte()));
        json.put("timeToFirstEventMs", millis(stats.timeToFirstEvent()));
        return json;
    }

    private static @Nullable Long millis(@Nullable Duration time) {
        return time == null ? null : time.toMillis();
    }

    private static Map<String, Object> responses(ExchangeCounts.Responses counts) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("successful", counts.successful());
        json.put("redirecting", counts.redirecting());
        json.put("clientErrors", counts.clientErrors());
        json.put("serverErrors", counts.serverErrors());
        return json;
    }

    private static Map<String, Object> failures(ExchangeCounts counts) {
        Map<String, Object> json = new LinkedHashMap<>();
        for (FailureKind kind : FailureKind.values()) {
            json.put(kind.name(), counts.failures().getOrDefault(kind, 0L));
        }
        return json;
    }

    private static Map<String, @Nullable Object> rateLimit(RateLimitState state) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("key", state.key());
        json.put("available", state.available());
        json.put("waiting", state.waiting());
        json.put("pausedUntil", moment(state.pausedUntil()));
        return json;
    }

    private static Map<String, @Nullable Object> circuit(CircuitState state) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("key", state.key());
        json.put("position", state.position().name());
        json.put("failures", state.failures());
        json.put("retryAt", moment(state.retryAt()));
        return json;
    }

    private static @Nullable String moment(@Nullable Instant moment) {
        return moment == null ? null : moment.toString();
    }
}
