package dev.headrace.spec;

import dev.headrace.connector.Connector;
import dev.headrace.decode.OnInvalid;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.HttpStatusException;
import dev.headrace.json.JsonSchema;
import dev.headrace.json.SchemaViolation;
import dev.headrace.json.SchemaViolationException;
import dev.headrace.sse.DecodedEvent;
import dev.headrace.sse.EventSignal;
import dev.headrace.sse.EventStream;
import dev.headrace.sse.SseEvent;
import dev.headrace.stream.Availability;
import dev.headrace.stream.Checkpoint;
import dev.headrace.stream.FieldMapping;
import dev.headrace.stream.Message;
import dev.headrace.stream.MessageStream;
import dev.headrace.stream.Notice;
import dev.headrace.stream.Slice;
import dev.headrace.stream.StreamDescription;
import dev.headrace.stream.StreamRecord;
import dev.headrace.stream.SyncMode;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A stream of server-sent events as messages: records are the data of the events, and checkpoints carry the id of the
 * last, by which a later reading goes on ({@code Last-Event-ID}). It reconnects and resumes by itself, and ends when
 * the server says so, or never.
 *
 * <p>A checkpoint comes after so many events, at the end, and before an error. Events whose data is no JSON are left out, with a notice.
 */
final class EventsReading implements MessageStream<JsonNode> {

    private static final int VERSION = 1;
    private static final int MOST_NOTICES = 1_000;

    private static final int FORBIDDEN = 403;
    private static final String REFUSED =
            "the credentials may not read it; ask for the permission, or leave the stream out";
    private static final Availability AVAILABLE = new Availability(true, "", null);

    private final String name;
    private final StreamForm form;
    private final EventsForm events;
    private final RequestForm request;
    private final Predicate<URI> trusted;
    private final Scope scope;

    EventsReading(
            String name, StreamForm form, EventsForm events, RequestForm request, Predicate<URI> trusted, Scope scope) {
        this.name = name;
        this.form = form;
        this.events = events;
        this.request = request;
        this.trusted = trusted;
        this.scope = scope;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Mono<StreamDescription> describe() {
        return Mono.fromSupplier(() -> new StreamDescription(
                name,
                Optional.ofNullable(form.namespace),
                form.key,
                Optional.empty(),
                Set.of(SyncMode.INCREMENTAL),
                Optional.ofNullable(form.schema).map(SchemaFormat.Written::schema)));
    }

    @Override
    public Flux<Message<JsonNode>> read(Connector connector, @Nullable JsonNode state) {
        return Flux.defer(() -> {
            Progress progress = new Progress(lastEventId(state));
            EventStream stream = resumed(stream(connector, state), progress.lastEventId);
            return elements(stream)
                    // An error waits for what has come before it, so that a checkpoint never speaks of more than was
                    // given.
                    .concatMapDelayError(element -> Flux.fromIterable(progress.messages(element)), 1)
                    .concatWith(Flux.defer(progress::rest))
                    .onErrorResume(failure -> progress.unsaid().concatWith(Flux.error(failure)));
        });
    }

    /** A connection is enough: there may be no event for a long time. */
    @Override
    public Mono<Availability> check(Connector connector) {
        return Flux.defer(() -> stream(connector, null).signals())
                .next()
                .flatMap(EventsReading::connected)
                .defaultIfEmpty(AVAILABLE)
                .onErrorResume(
                        HttpStatusException.class,
                        refused -> reason(refused.status())
                                .<Mono<Availability>>map(
                                        reason -> Mono.just(new Availability(false, reason, refused.status())))
                                .orElseGet(() -> Mono.error(refused)));
    }

    private static Mono<Availability> connected(EventSignal signal) {
        Throwable failure = signal instanceof EventSignal.Disconnected end ? end.failure() : null;
        return failure == null ? Mono.just(AVAILABLE) : Mono.error(failure);
    }

    private Optional<String> reason(int status) {
        String reason = form.unavailableReasons.get(status);
        return reason == null && status == FORBIDDEN ? Optional.of(REFUSED) : Optional.ofNullable(reason);
    }

    private EventStream stream(Connector connector, @Nullable JsonNode state) {
        JsonNode seen = state == null ? MissingNode.getInstance() : state;
        return events.stream(connector, request.whole(scope.state(seen), trusted));
    }

    private Flux<Element> elements(EventStream stream) {
        return events.data() == EventsForm.Data.JSON
                ? stream.decoded(JsonNode.class).map(Element::of)
                : stream.events().map(event -> new Element(event, shown(event), null));
    }

    private JsonNode shown(SseEvent event) {
        if (events.data() == EventsForm.Data.TEXT) {
            return JsonNodeFactory.instance.stringNode(event.data());
        }
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        whole.put("id", event.id()).put("event", event.event()).put("data", event.data());
        return event.truncated() ? whole.put("truncated", true) : whole;
    }

    /** An event with its record, or why there is none. */
    private record Element(
            SseEvent event,
            @Nullable JsonNode record,
            @Nullable Throwable failure) {

        static Element of(DecodedEvent<JsonNode> decoded) {
            return new Element(
                    decoded.event(),
                    decoded.value().orElse(null),
                    decoded.failure().orElse(null));
        }
    }

    private EventStream resumed(EventStream stream, String lastEventId) {
        try {
            return stream.lastEventId(lastEventId);
        } catch (IllegalArgumentException e) {
            throw new HeadraceException(
                    FailureKind.CONFIGURATION,
                    "The state given to stream '" + name + "' has an id that no event can have: " + e.getMessage(),
                    e);
        }
    }

    private String lastEventId(@Nullable JsonNode state) {
        if (state == null || state.isNull() || state.isObject() && state.isEmpty()) {
            return "";
        }
        JsonNode id = state.path("last_event_id");
        if (state.path("version").intValue(0) != VERSION
                || !state.path("stream").asString("").equals(name)
                || !id.isString()) {
            throw new HeadraceException(
                    FailureKind.CONFIGURATION,
                    "The state given to stream '" + name + "' is none of its own, of version " + VERSION
                            + "; give it the state of one of its checkpoints, or none to begin anew",
                    null);
        }
        return id.stringValue();
    }

    /** How far one subscription has come. */
    private final class Progress {

        private final @Nullable FieldMapping mapping = form.mapping == null ? null : form.mapping.in(scope);
        private final Set<String> said = new HashSet<>();
        private String lastEventId;
        private int sinceCheckpoint;
        private boolean anyCheckpoint;

        Progress(String lastEventId) {
            this.lastEventId = lastEventId;
        }

        List<Message<JsonNode>> messages(Element element) {
            List<Message<JsonNode>> messages = new ArrayList<>();
            JsonNode record = element.record();
            if (record == null) {
                unreadable(element, messages);
            } else {
                checked(record, messages);
            }
            if (element.event().truncated()) {
                notice(
                        messages,
                        "truncated",
                        "An event was too large; only the beginning of its data was kept",
                        Optional.empty());
            }
            lastEventId = element.event().id();
            if (++sinceCheckpoint >= events.checkpointEvery()) {
                messages.add(checkpoint());
            }
            return messages;
        }

        private void unreadable(Element element, List<Message<JsonNode>> messages) {
            Throwable failure = element.failure();
            String text = "An event's data is no JSON" + (failure == null ? "" : ": " + failure.getMessage());
            if (form.onInvalid == OnInvalid.FAIL) {
                throw new HeadraceException(FailureKind.UNTRUSTED_DATA, "Stream '" + name + "': " + text, failure);
            }
            notice(messages, "data", text, Optional.ofNullable(failure));
        }

        private void checked(JsonNode record, List<Message<JsonNode>> messages) {
            JsonSchema schema = form.schema == null ? null : form.schema.schema();
            List<SchemaViolation> violations = schema == null ? List.of() : schema.validate(record);
            if (!violations.isEmpty() && form.onInvalid == OnInvalid.FAIL) {
                throw new SchemaViolationException(
                        FailureKind.UNTRUSTED_DATA, "An event of stream '" + name + "'", violations);
            }
            for (SchemaViolation violation : violations) {
                notice(
                        messages,
                        violation.pointer() + " " + violation.keyword(),
                        "An event does not fit the schema: " + violation,
                        Optional.empty());
            }
            boolean fits = violations.isEmpty() || form.onInvalid == OnInvalid.WARN;
            if (fits && (form.filter == null || form.filter.test(record))) {
                JsonNode mapped = mapping == null ? record : mapping.apply(record);
                messages.add(new StreamRecord<>(name, mapped, Slice.EMPTY));
            }
        }

        /** Each kind of thing is said once. */
        private void notice(List<Message<JsonNode>> messages, String kind, String text, Optional<Throwable> failure) {
            if (said.size() < MOST_NOTICES && said.add(kind)) {
                messages.add(new Notice<>(name, Notice.Kind.INVALID_RECORD, text, Slice.EMPTY, failure));
            }
        }

        /** The last checkpoint of a reading that has ended: there is always one, even without events. */
        Flux<Message<JsonNode>> rest() {
            return anyCheckpoint ? unsaid() : Flux.just(checkpoint());
        }

        /** A checkpoint, if there were events since the last. */
        Flux<Message<JsonNode>> unsaid() {
            return sinceCheckpoint == 0 ? Flux.empty() : Flux.just(checkpoint());
        }

        private Message<JsonNode> checkpoint() {
            sinceCheckpoint = 0;
            anyCheckpoint = true;
            ObjectNode state = JsonNodeFactory.instance.objectNode();
            state.put("version", VERSION).put("stream", name).put("last_event_id", lastEventId);
            return Checkpoint.of(name, state);
        }
    }

    @Override
    public String toString() {
        return "EventsReading[" + name + "]";
    }
}
