package dev.headrace.stream;

import dev.headrace.connector.Connector;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.json.Json;
import dev.headrace.json.JsonSchema;
import dev.headrace.json.SchemaViolation;
import dev.headrace.json.SchemaViolationException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Streams of one remote, with the configuration they need: the unit that adapters run. Immutable.
 *
 * <pre>{@code
 * Source github = Source.builder("github")
 *         .config(JsonSchema.resource("/github-config.json"))
 *         .connector(config -> Connector.builder("https://api.github.com").auth(…).build())
 *         .stream(repositories)
 *         .stream(issues)
 *         .build();
 * github.read(config, state)
 * }</pre>
 *
 * <p>Each operation makes a connector and closes it at its end. Streams see the configuration in their hooks, as
 * {@link PageContext#config()}.
 */
public final class Source {

    private static final int VERSION = 1;

    private final String name;
    private final @Nullable JsonSchema schema;
    private final Function<? super JsonNode, Connector> connector;
    private final Function<? super JsonNode, ? extends List<? extends MessageStream<?>>> streams;

    private Source(Builder builder, Function<? super JsonNode, Connector> connector) {
        this.name = builder.name;
        this.schema = builder.schema;
        this.connector = connector;
        List<Function<? super JsonNode, ? extends List<? extends MessageStream<?>>>> all = List.copyOf(builder.streams);
        this.streams = config -> {
            List<MessageStream<?>> made = new ArrayList<>();
            all.forEach(some -> made.addAll(some.apply(config)));
            return made;
        };
    }

    /**
     * Begins a source.
     *
     * @param name its name
     * @return a builder
     */
    public static Builder builder(String name) {
        return new Builder(Objects.requireNonNull(name, "name"));
    }

    /** Puts a {@link Source} together. */
    public static final class Builder {

        private final String name;
        private final List<Function<? super JsonNode, ? extends List<? extends MessageStream<?>>>> streams =
                new ArrayList<>();
        private @Nullable JsonSchema schema;
        private @Nullable Function<? super JsonNode, Connector> connector;

        private Builder(String name) {
            this.name = name;
        }

        /**
         * Says what a configuration looks like. One that does not fit is an error before anything is sent.
         *
         * @param schema default none: any object will do
         * @return this
         */
        public Builder config(JsonSchema schema) {
            this.schema = Objects.requireNonNull(schema, "schema");
            return this;
        }

        /**
         * Says how the connector is made.
         *
         * @param connector from the configuration; called once for each operation, must not block
         * @return this
         */
        public Builder connector(Function<? super JsonNode, Connector> connector) {
            this.connector = Objects.requireNonNull(connector, "connector");
            return this;
        }

        /**
         * Adds a stream.
         *
         * @param stream given the configuration for its hooks
         * @return this
         */
        public Builder stream(RecordStream<?> stream) {
            return streams(config -> List.of(stream.config(config)));
        }

        /**
         * Adds streams that depend on the configuration.
         *
         * @param streams from the configuration; called once for each operation, must not block
         * @return this
         */
        public Builder streams(Function<? super JsonNode, ? extends List<? extends MessageStream<?>>> streams) {
            this.streams.add(Objects.requireNonNull(streams, "streams"));
            return this;
        }

        /**
         * Makes the source.
         *
         * @return the source
         * @throws IllegalArgumentException if it has no connector or no streams
         */
        public Source build() {
            if (connector == null) {
                throw new IllegalArgumentException("Source '" + name + "' needs a connector");
            }
            if (streams.isEmpty()) {
                throw new IllegalArgumentException("Source '" + name + "' needs at least one stream");
            }
            return new Source(this, connector);
        }
    }

    /**
     * The source's name.
     *
     * @return as it was given
     */
    public String name() {
        return name;
    }

    /**
     * What a configuration looks like.
     *
     * @return the schema; empty if any object will do
     */
    public Optional<JsonSchema> configSchema() {
        return Optional.ofNullable(schema);
    }

    /** What an operation works with. */
    private record Opened(Connector connector, Map<String, MessageStream<?>> streams) {}

    private Flux<Map<String, MessageStream<?>>> streamsByName(JsonNode config) {
        return Flux.defer(() -> {
            List<SchemaViolation> violations = schema == null ? List.of() : schema.validate(config);
            if (!violations.isEmpty()) {
                return Flux.error(new SchemaViolationException(
                        FailureKind.CONFIGURATION, "The configuration of source '" + name + "'", violations));
            }
            Map<String, MessageStream<?>> byName = new LinkedHashMap<>();
            for (MessageStream<?> stream : streams.apply(config)) {
                if (byName.put(stream.name(), stream) != null) {
                    return Flux.error(wrong("has two streams of the name '" + stream.name() + "'"));
                }
            }
            return Flux.just(byName);
        });
    }

    private <R> Flux<R> using(JsonNode config, Function<Opened, Flux<R>> use) {
        return streamsByName(config)
                .concatMap(
                        streams -> Connector.using(
                                () -> connector.apply(config), opened -> use.apply(new Opened(opened, streams))),
                        0);
    }

    private HeadraceException wrong(String what) {
        return new HeadraceException(FailureKind.CONFIGURATION, "Source '" + name + "' " + what, null);
    }

    /**
     * Whether every stream can be read: the first record of each is asked for, one stream after the other, up to the first that cannot.
     *
     * @param config the configuration
     * @return available if all are, else why the first is not; errors as {@link RecordStream#check}, and with a
     *     {@link SchemaViolationException} if the configuration is wrong
     */
    public Mono<Availability> check(JsonNode config) {
        return using(
                        config,
                        opened -> Flux.fromIterable(opened.streams().values())
                                .concatMap(stream -> stream.check(opened.connector()), 0)
                                .filter(availability -> !availability.available())
                                .take(1))
                .next()
                .defaultIfEmpty(Availability.YES);
    }

    /**
     * What streams there are.
     *
     * @param config the configuration
     * @return a description of each; nothing is sent, unless a schema has to be asked for
     */
    public Flux<StreamDescription> discover(JsonNode config) {
        return using(
                config, opened -> Flux.fromIterable(opened.streams().values()).concatMap(MessageStream::describe, 0));
    }

    /**
     * Reads all streams.
     *
     * @param config the configuration
     * @param state what a checkpoint of an earlier reading carried; null to begin anew
     * @return as {@link #read(JsonNode, JsonNode, List)}
     */
    public Flux<Message<JsonNode>> read(JsonNode config, @Nullable JsonNode state) {
        return read(config, state, List.of());
    }

    /**
     * Reads streams, one after the other.
     *
     * <p>A checkpoint's state holds the states of all streams, so the last one is enough to go on from:
     * {@code {"version":1,"source":"github","streams":{"issues":{…}}}}. States of streams that are not read now are kept in it.
     *
     * @param config the configuration
     * @param state what a checkpoint of an earlier reading carried; null to begin anew
     * @param selection which streams, in this order; empty for all
     * @return records as trees, checkpoints and notices; each knows its stream. Errors with a {@link HeadraceException} of kind
     *     CONFIGURATION if configuration, state or selection are wrong, and with what the first stream that fails errors with
     */
    public Flux<Message<JsonNode>> read(JsonNode config, @Nullable JsonNode state, List<StreamSelection> selection) {
        return using(config, opened -> {
            Map<String, Supplier<JsonNode>> states = states(state);
            return Flux.fromIterable(selected(opened.streams(), selection))
                    .concatMap(chosen -> messages(chosen, opened, states), 0);
        });
    }

    /**
     * Reads streams, one after the other, on one connector, each by itself: what becomes of one that fails, and of those behind it, is up to the
     * reader.
     *
     * @param config the configuration
     * @param state as for {@link #read(JsonNode, JsonNode, List)}
     * @param selection which streams, in this order
     * @param reader given each stream and its messages, as {@link #read(JsonNode, JsonNode, List)} has them; a stream that the source does not
     *     have is an error among the messages. Called when the stream's turn comes
     * @param <R> the type of the results
     * @return what the reader gives. Errors as it does, and with a {@link HeadraceException} of kind CONFIGURATION before the first stream if
     *     configuration or state are wrong
     */
    public <R> Flux<R> readEach(
            JsonNode config,
            @Nullable JsonNode state,
            List<StreamSelection> selection,
            BiFunction<? super StreamSelection, ? super Flux<Message<JsonNode>>, ? extends Publisher<R>> reader) {
        return using(config, opened -> {
            Map<String, Supplier<JsonNode>> states = states(state);
            return Flux.fromIterable(selection)
                    .concatMap(
                            one -> reader.apply(
                                    one,
                                    Flux.defer(() -> Flux.fromIterable(selected(opened.streams(), List.of(one)))
                                            .concatMap(chosen -> messages(chosen, opened, states), 0))),
                            0);
        });
    }

    private Flux<Message<JsonNode>> messages(Chosen<?> chosen, Opened opened, Map<String, Supplier<JsonNode>> states) {
        return trees(chosen.read(opened.connector(), states)).map(message -> ofAll(message, states));
    }

    private List<Chosen<?>> selected(Map<String, MessageStream<?>> streams, List<StreamSelection> selection) {
        if (selection.isEmpty()) {
            return streams.values().stream()
                    .<Chosen<?>>map(stream -> Chosen.of(stream, SyncMode.INCREMENTAL))
                    .toList();
        }
        Set<String> unknown = new LinkedHashSet<>();
        selection.forEach(one -> unknown.add(one.name()));
        unknown.removeAll(streams.keySet());
        if (!unknown.isEmpty()) {
            throw wrong("has no streams " + unknown + ", but " + streams.keySet());
        }
        Set<String> names = new LinkedHashSet<>();
        for (StreamSelection one : selection) {
            if (!names.add(one.name())) {
                throw wrong("cannot read stream '" + one.name() + "' twice in one reading");
            }
        }
        List<Chosen<?>> selected = new ArrayList<>();
        for (StreamSelection one : selection) {
            selected.add(Chosen.of(Objects.requireNonNull(streams.get(one.name())), one.mode()));
        }
        return selected;
    }

    /** A stream as it is read. */
    private record Chosen<T>(MessageStream<T> stream, boolean whole) {

        static Chosen<?> of(MessageStream<?> stream, SyncMode mode) {
            if (mode == SyncMode.INCREMENTAL) {
                return new Chosen<>(stream, false);
            }
            MessageStream<?> whole = stream instanceof RecordStream<?> records ? records.fullRefresh() : stream;
            return new Chosen<>(whole, true);
        }

        Flux<Message<T>> read(Connector connector, Map<String, Supplier<JsonNode>> states) {
            Supplier<JsonNode> supplier = states.get(stream.name());
            JsonNode state = supplier == null ? null : supplier.get();
            if (stream instanceof RecordStream<T> records) {
                // A whole reading that was cut off goes on; what an incremental one has left says nothing to a whole
                // one.
                boolean foreign =
                        records.syncMode() == SyncMode.FULL_REFRESH && state != null && StreamState.hasPositions(state);
                return records.readFrom(foreign ? null : state, connector);
            }
            return stream.read(connector, whole ? null : state);
        }
    }

    /** States by stream, made when they are asked for: a checkpoint comes with every page, and few of them are saved. */
    private Map<String, Supplier<JsonNode>> states(@Nullable JsonNode state) {
        Map<String, Supplier<JsonNode>> states = new LinkedHashMap<>();
        if (state == null || state.isNull() || state.isObject() && state.isEmpty()) {
            return states;
        }
        int version = state.path("version").intValue(0);
        if (version != VERSION || !state.path("streams").isObject()) {
            throw wrong("was given a state that is none of a source of version " + VERSION
                    + "; give it the state of one of its checkpoints, or none to begin anew");
        }
        String of = state.path("source").stringValue(name);
        if (!of.equals(name)) {
            throw wrong("was given the state of source '" + of + "'; give it one of its own, or none to begin anew");
        }
        state.path("streams").properties().forEach(stream -> {
            JsonNode saved = stream.getValue();
            states.put(stream.getKey(), () -> saved);
        });
        return states;
    }

    private static <T> Flux<Message<JsonNode>> trees(Flux<Message<T>> messages) {
        return messages.map(message -> message.<Message<JsonNode>>fold(
                record -> new StreamRecord<>(record.stream(), Json.node(record.data()), record.slice()),
                checkpoint -> new Checkpoint<>(checkpoint.stream(), checkpoint::state),
                notice -> notice.ofOthers()));
    }

    /** A checkpoint of one stream as one of all. */
    private Message<JsonNode> ofAll(Message<JsonNode> message, Map<String, Supplier<JsonNode>> states) {
        if (!(message instanceof Checkpoint<JsonNode> checkpoint)) {
            return message;
        }
        states.put(checkpoint.stream(), checkpoint::state);
        Map<String, Supplier<JsonNode>> moment = Collections.unmodifiableMap(new LinkedHashMap<>(states));
        return new Checkpoint<>(checkpoint.stream(), () -> json(moment));
    }

    private JsonNode json(Map<String, Supplier<JsonNode>> states) {
        ObjectNode streams = JsonNodeFactory.instance.objectNode();
        states.forEach((stream, state) -> streams.set(stream, state.get()));
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("version", VERSION);
        json.put("source", name);
        json.set("streams", streams);
        return json;
    }

    @Override
    public String toString() {
        return "Source[" + name + "]";
    }
}
