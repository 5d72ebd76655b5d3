package dev.headrace.sse;

import java.util.Objects;
import java.util.function.Predicate;

/**
 * One event as it is dispatched (WHATWG HTML §9.2.6).
 *
 * @param id the last event id when the event was dispatched: its own, or that of an earlier block, carried over; empty if there
 *     was none
 * @param event the event's name; {@code message} if it has none
 * @param data the lines of data, joined by LF
 */
public record SseEvent(String id, String event, String data) {

    /** The name of events that have none. */
    public static final String MESSAGE = "message";

    /**
     * Checks that nothing is null.
     *
     * @param id as {@link #id()}
     * @param event as {@link #event()}
     * @param data as {@link #data()}
     */
    public SseEvent {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(event, "event");
        Objects.requireNonNull(data, "data");
    }

    /**
     * Finds events by their data, such as the {@code [DONE]} at the end of an answer.
     *
     * @param data all of the data, to the letter
     * @return true for events with that data
     */
    public static Predicate<SseEvent> dataEquals(String data) {
        Objects.requireNonNull(data, "data");
        return event -> event.data().equals(data);
    }

    /**
     * Finds events by their name, such as {@code response.completed}.
     *
     * @param name the whole name, to the letter
     * @return true for events with that name
     */
    public static Predicate<SseEvent> named(String name) {
        Objects.requireNonNull(name, "name");
        return event -> event.event().equals(name);
    }
}
