package dev.headrace.sse;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What has come over the streams of one {@link EventCounters}, at one moment.
 *
 * @param connections accepted by the server
 * @param reconnects that were planned, by what had ended the connection before; reasons that did not occur are left out
 * @param events dispatched, dropped ones included, duplicates and skipped ones not
 * @param bytes of the bodies, as they were parsed
 * @param comments that came
 * @param dropped events that {@link Backpressure#dropOldest} has dropped
 * @param oversized events over the limit that were skipped or truncated
 * @param duplicates events left out by {@link EventStream#deduplicate}
 * @param anomalies lines that are no field, ids with NUL, reconnection times that are no number, fields too long to be kept: the standard
 *     ignores them, but many of them say that something else comes than was meant
 * @param sinceLastEvent time since the bytes of the last event came; null before the first
 * @param timeToFirstByte from the start of the newest connection to the head of its response; null before
 * @param timeToFirstEvent from the start of the newest connection to its first event; null before. Much more than
 *     {@code timeToFirstByte} on a busy stream says that something between holds the events back
 */
public record EventStats(
        long connections,
        Map<EventSignal.Reason, Long> reconnects,
        long events,
        long bytes,
        long comments,
        long dropped,
        long oversized,
        long duplicates,
        long anomalies,
        @Nullable Duration sinceLastEvent,
        @Nullable Duration timeToFirstByte,
        @Nullable Duration timeToFirstEvent) {

    /**
     * Copies the map.
     *
     * @param connections as {@link #connections()}
     * @param reconnects as {@link #reconnects()}
     * @param events as {@link #events()}
     * @param bytes as {@link #bytes()}
     * @param comments as {@link #comments()}
     * @param dropped as {@link #dropped()}
     * @param oversized as {@link #oversized()}
     * @param duplicates as {@link #duplicates()}
     * @param anomalies as {@link #anomalies()}
     * @param sinceLastEvent as {@link #sinceLastEvent()}
     * @param timeToFirstByte as {@link #timeToFirstByte()}
     * @param timeToFirstEvent as {@link #timeToFirstEvent()}
     */
    public EventStats {
        reconnects = Map.copyOf(reconnects);
    }
}
