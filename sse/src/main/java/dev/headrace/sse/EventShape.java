package dev.headrace.sse;

import dev.headrace.json.Codec;
import dev.headrace.json.DecodingException;
import dev.headrace.json.Json;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a reader gets of a stream: events, values of a type, events with their values, or events and signals.
 *
 * @param <T> the type of the elements
 */
interface EventShape<T> {

    /** The element that an event makes; its data lies in the array and is gone after this. */
    T of(EventFinder found, byte[] array);

    /** The same where the event has been made already. */
    default T of(SseEvent event, EventFinder found, byte[] array) {
        return of(found, array);
    }

    /** What happens between events, as an element; null if the reader does not want to know. */
    default @Nullable T signal(EventSignal signal) {
        return null;
    }

    /** Whether the reader gets signals and comments. */
    default boolean showsSignals() {
        return false;
    }

    static EventShape<SseEvent> events() {
        return new EventShape<>() {
            @Override
            public SseEvent of(EventFinder found, byte[] array) {
                return event(found, array);
            }

            @Override
            public SseEvent of(SseEvent event, EventFinder found, byte[] array) {
                return event;
            }
        };
    }

    static EventShape<EventSignal> signals() {
        return new EventShape<>() {
            @Override
            public EventSignal of(EventFinder found, byte[] array) {
                return found.isComment()
                        ? new EventSignal.Comment(Utf8.decode(array, found.from(), found.to()))
                        : event(found, array);
            }

            @Override
            public EventSignal of(SseEvent event, EventFinder found, byte[] array) {
                return event;
            }

            @Override
            public EventSignal signal(EventSignal signal) {
                return signal;
            }

            @Override
            public boolean showsSignals() {
                return true;
            }
        };
    }

    static <T> EventShape<DecodedEvent<T>> decoded(Codec<T> codec) {
        return new EventShape<>() {
            @Override
            public DecodedEvent<T> of(EventFinder found, byte[] array) {
                return DecodedEvent.of(event(found, array), codec, array, found.from(), found.to());
            }
        };
    }

    static SseEvent event(EventFinder found, byte[] array) {
        String data = Utf8.decode(array, found.from(), found.to());
        return new SseEvent(found.id(), found.name(), data, null, found.isTruncated());
    }

    static boolean isJson(String data) {
        try {
            Json.tree(data.getBytes(StandardCharsets.UTF_8));
            return true;
        } catch (DecodingException e) {
            return false;
        }
    }
}
