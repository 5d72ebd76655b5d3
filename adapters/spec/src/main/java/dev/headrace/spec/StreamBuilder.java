package dev.headrace.spec;

import dev.headrace.error.HeadraceException;
import dev.headrace.stream.Cursor;
import dev.headrace.stream.MessageStream;
import dev.headrace.stream.ParentStream;
import dev.headrace.stream.RecordStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/** Makes the streams of a spec for one config: parents before children, a parent that is kept only once. */
final class StreamBuilder {

    private final SpecForm spec;
    private final Scope scope;
    private final Map<String, RecordStream<JsonNode>> made = new HashMap<>();
    private final Map<String, RecordStream<JsonNode>> kept = new HashMap<>();

    StreamBuilder(SpecForm spec, Scope scope) {
        this.spec = spec;
        this.scope = scope;
    }

    /** All streams, in the order they are written. */
    List<MessageStream<JsonNode>> streams() {
        Map<String, MessageStream<JsonNode>> all = new LinkedHashMap<>();
        spec.streams().forEach((name, stream) -> {
            EventsForm events = stream.value().events;
            all.put(name, events == null ? recordsOrFailure(name) : events(name, stream.value(), events));
        });
        // What children have made of their parents in the meantime is read itself, too, where that is whole as well.
        kept.forEach((name, stream) -> all.computeIfPresent(
                name, (any, plain) -> form(name).isWhole() && !(plain instanceof FailedStream) ? stream : plain));
        return List.copyOf(all.values());
    }

    private MessageStream<JsonNode> events(String name, StreamForm form, EventsForm events) {
        return new EventsReading(
                name, form, events, completed(form), spec.connector().trusted(scope), scope);
    }

    /** What the config lacks for one stream is no matter to whoever reads others. */
    private MessageStream<JsonNode> recordsOrFailure(String name) {
        try {
            return records(name);
        } catch (HeadraceException e) {
            return new FailedStream(name, e);
        }
    }

    private RequestForm completed(StreamForm form) {
        return spec.connector().completed(form.requested());
    }

    private StreamForm form(String name) {
        return Objects.requireNonNull(spec.streams().get(name)).value();
    }

    private RecordStream<JsonNode> records(String name) {
        RecordStream<JsonNode> known = made.get(name);
        if (known != null) {
            return known;
        }
        Found found = Objects.requireNonNull(spec.streams().get(name)).found();
        RecordStream<JsonNode> settled = found.made(() -> settled(name));
        made.put(name, settled);
        return settled;
    }

    private RecordStream<JsonNode> settled(String name) {
        StreamForm form = form(name);
        RequestForm requested = completed(form);
        RecordStream<JsonNode> stream =
                RecordStream.of(name, form.reading(requested.settled(scope))).config(scope.config());
        if (requested.moves()) {
            Predicate<URI> trusted = spec.connector().trusted(scope);
            stream = stream.request((request, page) ->
                    requested.moved(request, scope.page(page.slice().json(), page.state(), page.page()), trusted));
        }
        Cursor cursor = form.cursor == null ? null : form.cursor.in(scope);
        return settled(form, described(form, cursor == null ? stream : stream.cursor(cursor)));
    }

    private RecordStream<JsonNode> described(StreamForm form, RecordStream<JsonNode> begun) {
        RecordStream<JsonNode> stream = begun.key(form.key.toArray(String[]::new))
                .onInvalid(form.onInvalid)
                .unavailableReasons(form.unavailableReasons);
        if (form.namespace != null) {
            stream = stream.namespace(form.namespace);
        }
        if (form.schema != null) {
            stream = stream.schema(form.schema.schema());
        }
        List<SliceForm> slices = form.slices;
        if (!slices.isEmpty()) {
            stream = stream.slicesFrom(
                    state -> Flux.defer(() -> Flux.fromIterable(SliceForm.in(slices, scope.state(state)))));
        }
        if (!form.parents.isEmpty()) {
            List<ParentStream<?>> parents = new ArrayList<>();
            form.parents.forEach(parent -> parents.add(parent.of(parent(parent))));
            stream = stream.parent(parents.toArray(ParentStream<?>[]::new));
        }
        for (Map.Entry<String, PaginationFormat.Place> place : form.places.entrySet()) {
            stream = stream.place(place.getKey(), place.getValue().placement());
        }
        return stream;
    }

    private RecordStream<JsonNode> parent(ParentForm parent) {
        String name = parent.named().value();
        RecordStream<JsonNode> stream = records(name);
        if (parent.cached() == null) {
            return stream;
        }
        ParentForm.Cached cached = parent.cached();
        return kept.computeIfAbsent(name, any -> stream.fullRefresh().cached(cached.of(name)));
    }

    private RecordStream<JsonNode> settled(StreamForm form, RecordStream<JsonNode> described) {
        RecordStream<JsonNode> stream = described;
        for (Located<UnaryOperator<RecordStream<JsonNode>>> setting : form.settings) {
            RecordStream<JsonNode> before = stream;
            stream = setting.found().made(() -> setting.value().apply(before));
        }
        if (form.filter != null) {
            stream = stream.filter(form.filter);
        }
        return form.mapping == null ? stream : mapped(form.mapping, stream);
    }

    private RecordStream<JsonNode> mapped(MappingForm mapping, RecordStream<JsonNode> stream) {
        return mapping.isSettled() ? stream.map(mapping.in(scope)) : stream.mapWithSlice(mapping.bySlice(scope));
    }
}
