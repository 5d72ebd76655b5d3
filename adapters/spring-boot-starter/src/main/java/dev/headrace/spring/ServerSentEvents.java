package dev.headrace.spring;

import dev.headrace.sse.SseEvent;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.http.codec.ServerSentEvent;
import reactor.core.publisher.Flux;

/**
 * Events between the library and Spring's {@link ServerSentEvent}, for code that has that already. Others let {@link SseEventWriter} and
 * {@link SseEventReader} do it.
 */
public final class ServerSentEvents {

    private ServerSentEvents() {}

    /**
     * An event for Spring. Events that were lost before it, and that its data was cut off, are its comment.
     *
     * @param event the event
     * @return the same; without an id if that is empty, and without a name if that is {@code message}
     */
    public static ServerSentEvent<String> of(SseEvent event) {
        ServerSentEvent.Builder<String> built = ServerSentEvent.builder(event.data());
        if (!event.id().isEmpty()) {
            built.id(event.id());
        }
        if (!event.event().equals(SseEvent.MESSAGE)) {
            built.event(event.event());
        }
        String comment = EventText.comment(event);
        if (comment != null) {
            built.comment(comment);
        }
        return built.build();
    }

    /**
     * One event of Spring's by itself. Its id is its own; {@link #from(Publisher)} knows those of the events before it.
     *
     * @param event the event
     * @return the same; empty if it has no data, as a comment has, for then it is no event (WHATWG HTML §9.2.6)
     */
    public static Optional<SseEvent> from(ServerSentEvent<String> event) {
        return Optional.ofNullable(event(event, ""));
    }

    /**
     * Events of Spring's: what has no data is left out, and ids are carried over, as WHATWG HTML §9.2.6 has it. Demand and cancel pass through.
     *
     * @param events the events, from the beginning of a connection
     * @return the same
     */
    public static Flux<SseEvent> from(Publisher<ServerSentEvent<String>> events) {
        Objects.requireNonNull(events, "events");
        return Flux.defer(() -> {
            String[] lastId = {""};
            return Flux.from(events).handle((event, sink) -> {
                SseEvent dispatched = event(event, lastId[0]);
                lastId[0] = event.id() == null ? lastId[0] : event.id();
                if (dispatched != null) {
                    sink.next(dispatched);
                }
            });
        });
    }

    private static @Nullable SseEvent event(ServerSentEvent<String> event, String lastId) {
        String data = event.data();
        if (data == null) {
            return null;
        }
        String id = event.id();
        String name = event.event();
        return new SseEvent(id == null ? lastId : id, name == null || name.isEmpty() ? SseEvent.MESSAGE : name, data);
    }
}
