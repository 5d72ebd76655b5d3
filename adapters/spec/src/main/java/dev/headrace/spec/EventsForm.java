package dev.headrace.spec;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.sse.EventStream;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * How a stream of server-sent events is read.
 *
 * @param data what of an event is the record
 * @param checkpointEvery after how many events there is a checkpoint
 * @param settings what is set of the stream, in this order
 */
record EventsForm(Data data, int checkpointEvery, List<UnaryOperator<EventStream>> settings) {

    /** What of an event is the record. */
    enum Data {
        /** Its data, read as JSON. */
        JSON,
        /** Its data, as text. */
        TEXT,
        /** All of it: an object with id, event and data, and truncated if not all of the data came. */
        EVENT
    }

    static final EventsForm DEFAULTS = new EventsForm(Data.JSON, 1, List.of());

    EventsForm data(Data data) {
        return new EventsForm(data, checkpointEvery, settings);
    }

    EventsForm checkpointEvery(int events) {
        if (events < 1) {
            throw new IllegalArgumentException("checkpoint_every must be at least 1, but is " + events);
        }
        return new EventsForm(data, events, settings);
    }

    /** Refused at once if the library refuses it. */
    EventsForm with(UnaryOperator<EventStream> setting) {
        EventsForm form = new EventsForm(
                data,
                checkpointEvery,
                Stream.concat(settings.stream(), Stream.of(setting)).toList());
        try (Connector nowhere = Connector.builder("https://headrace.invalid").build()) {
            form.stream(nowhere, Request.get("/"));
        } catch (IllegalStateException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return form;
    }

    EventStream stream(Connector connector, Request request) {
        EventStream stream = EventStream.from(connector, request);
        for (UnaryOperator<EventStream> setting : settings) {
            stream = setting.apply(stream);
        }
        return stream;
    }
}
