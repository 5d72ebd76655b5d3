package dev.headrace.sse;

import dev.headrace.json.Codec;
import dev.headrace.json.DecodingException;
import dev.headrace.state.Positioned;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An event whose data was read as JSON, or was to be: what could not be read is kept as it came, and the stream goes on.
 *
 * @param <T> the type of the value
 */
public final class DecodedEvent<T> implements Positioned {

    private final SseEvent event;
    private final @Nullable T value;
    private final @Nullable DecodingException failure;

    private DecodedEvent(SseEvent event, @Nullable T value, @Nullable DecodingException failure) {
        this.event = event;
        this.value = value;
        this.failure = failure;
    }

    static <T> DecodedEvent<T> of(SseEvent event, Codec<T> codec, byte[] array, int from, int to) {
        try {
            return new DecodedEvent<>(event, Objects.requireNonNull(codec.decode(array, from, to)), null);
        } catch (DecodingException e) {
            return new DecodedEvent<>(event, null, e);
        } catch (RuntimeException e) {
            return new DecodedEvent<>(
                    event,
                    null,
                    new DecodingException(
                            "the codec failed: " + e.getClass().getName(),
                            DecodingException.UNKNOWN,
                            DecodingException.UNKNOWN,
                            e));
        }
    }

    DecodedEvent<T> behind(Loss gap) {
        return new DecodedEvent<>(event.behind(gap), value, failure);
    }

    /**
     * The event as it came.
     *
     * @return id, name and the raw text
     */
    public SseEvent event() {
        return event;
    }

    /**
     * Where a stream goes on behind this event, read or not.
     *
     * @return as {@link SseEvent#position()}
     */
    @Override
    public Optional<JsonNode> position() {
        return event.position();
    }

    @Override
    public boolean hasPosition() {
        return event.hasPosition();
    }

    /**
     * What the data says.
     *
     * @return the value; empty if the data could not be read
     */
    public Optional<T> value() {
        return Optional.ofNullable(value);
    }

    /**
     * Why the data could not be read.
     *
     * @return the failure, with its place in the data; empty if there is a value
     */
    public Optional<DecodingException> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public String toString() {
        return "DecodedEvent[" + event + ", " + (failure == null ? value : failure.getMessage()) + "]";
    }
}
