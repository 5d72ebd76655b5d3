package dev.headrace.sse;

import dev.headrace.state.Positioned;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One event as it is dispatched (WHATWG HTML §9.2.6).
 *
 * @param id the last event id when the event was dispatched: its own, or that of an earlier block, carried over; empty if there
 *     was none
 * @param event the event's name; {@code message} if it has none
 * @param data the lines of data, joined by LF
 * @param loss the events that were dropped just before this one, or null if there were none; see {@link Backpressure#dropOldest}
 * @param truncated whether the data is only the beginning of what came; see {@link EventLimits#truncating()}
 */
public record SseEvent(
        String id, String event, String data, @Nullable Loss loss, boolean truncated)
        implements EventSignal, Positioned {

    /** The name of events that have none. */
    public static final String MESSAGE = "message";

    /**
     * Checks that nothing is null but the loss.
     *
     * @param id as {@link #id()}
     * @param event as {@link #event()}
     * @param data as {@link #data()}
     * @param loss as {@link #loss()}
     * @param truncated as {@link #truncated()}
     */
    public SseEvent {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(event, "event");
        Objects.requireNonNull(data, "data");
    }

    /**
     * A whole event that follows the one before it.
     *
     * @param id the last event id
     * @param event the event's name
     * @param data the lines of data, joined by LF
     */
    public SseEvent(String id, String event, String data) {
        this(id, event, data, null, false);
    }

    /**
     * Where a stream goes on behind this event.
     *
     * @return the id, as {@link EventStream#resumeFrom} takes it; empty if there is none
     */
    @Override
    public Optional<JsonNode> position() {
        return id.isEmpty() ? Optional.empty() : Optional.of(StoredPosition.of(id));
    }

    @Override
    public boolean hasPosition() {
        return !id.isEmpty();
    }

    SseEvent behind(Loss gap) {
        return new SseEvent(id, event, data, gap, truncated);
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
