package dev.headrace.airbyte;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.json.JsonSchema;
import dev.headrace.json.SchemaViolation;
import dev.headrace.json.SchemaViolationException;
import dev.headrace.stream.Source;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A {@link Source} that speaks the Airbyte protocol, version 0 ({@code airbyte_protocol.yaml}): each of its operations gives the protocol's
 * messages, one JSON object each, to be written as lines. Immutable.
 *
 * <pre>{@code
 * AirbyteSource github = AirbyteSource.of(source);
 * github.read(config, configuredCatalog, state).map(Json::writeText)   // one line each
 * }</pre>
 *
 * <p>Nothing is done before messages are asked for, and nothing more than they need; cancelling stops what is under way. Messages come on the
 * threads of the source. Times in them are those of {@link reactor.core.scheduler.Schedulers#parallel()}. No message holds a secret: of
 * failures that are no {@link HeadraceException}, only the class is named.
 */
public final class AirbyteSource {

    /** What a platform assumes of those that say nothing; all that is newer may be left out or overlooked. */
    private static final String PROTOCOL_VERSION = "0.2.0";

    private final Source source;
    private final @Nullable URI documentation;

    private AirbyteSource(Source source, @Nullable URI documentation) {
        this.source = source;
        this.documentation = documentation;
    }

    /**
     * A source as Airbyte sees it.
     *
     * @param source what is read
     * @return the source, without documentation
     */
    public static AirbyteSource of(Source source) {
        return new AirbyteSource(Objects.requireNonNull(source, "source"), null);
    }

    /**
     * The message for what failed before a source could be asked: a file that cannot be read, a document that is no JSON.
     *
     * @param failure what failed
     * @return {@code TRACE} of type {@code ERROR} ({@code AirbyteErrorTraceMessage}), without a stream
     */
    public static JsonNode error(Throwable failure) {
        return ProtocolMessage.error(null, Failure.of(failure));
    }

    /**
     * Says where people can read about the source.
     *
     * @param documentationUrl {@code documentationUrl} of the specification; default none
     * @return a new source
     */
    public AirbyteSource documentationUrl(URI documentationUrl) {
        return new AirbyteSource(source, Objects.requireNonNull(documentationUrl, "documentationUrl"));
    }

    /**
     * What a configuration looks like ({@code ConnectorSpecification}): the source's schema, with {@code airbyte_secret} where it says
     * {@code writeOnly}, {@code format: password} or {@code x-field_type: SECRET}, or says so itself. Any object will do where there is no
     * schema.
     *
     * @return one message of type {@code SPEC}
     */
    public Mono<JsonNode> spec() {
        return Mono.fromSupplier(() -> {
            ObjectNode spec = JsonNodeFactory.instance.objectNode();
            spec.put("protocol_version", PROTOCOL_VERSION);
            if (documentation != null) {
                spec.put("documentationUrl", documentation.toString());
            }
            spec.set("connectionSpecification", ConnectionSpecification.of(source.configSchema()));
            return ProtocolMessage.of("SPEC", "spec", spec);
        });
    }

    /**
     * Whether every stream can be read ({@code AirbyteConnectionStatus}), as {@link Source#check}. A failure is an answer too, whatever its
     * kind, and so is a configuration that does not fit.
     *
     * @param config the configuration
     * @return one message of type {@code CONNECTION_STATUS}: {@code SUCCEEDED}, or {@code FAILED} with the reason; never an error
     */
    public Flux<JsonNode> check(JsonNode config) {
        return Mono.defer(() -> {
                    checkFits(config);
                    return source.check(config);
                })
                .map(ProtocolMessage::status)
                .onErrorResume(failure -> Mono.fromSupplier(() -> ProtocolMessage.status(Failure.of(failure))))
                .flux();
    }

    /**
     * What streams there are ({@code AirbyteCatalog}), as {@link Source#discover}. Cursors and keys are the source's own; every stream is
     * resumable, in either mode.
     *
     * @param config the configuration
     * @return one message of type {@code CATALOG}; if that fails, a {@code TRACE} of type {@code ERROR}, and then the failure
     */
    public Flux<JsonNode> discover(JsonNode config) {
        return Flux.defer(() -> {
                    checkFits(config);
                    return source.discover(config);
                })
                .collectList()
                .map(Catalog::of)
                .flux()
                .onErrorResume(AirbyteSource::failed);
    }

    /**
     * Reads the streams of a configured catalog ({@code ConfiguredAirbyteCatalog}), one after the other, in its order.
     *
     * <p>Each begins with a {@code TRACE} of type {@code STREAM_STATUS}, {@code STARTED}, and another, {@code RUNNING}, stands before its first
     * {@code RECORD}. Every checkpoint is a {@code STATE} of type {@code STREAM}, in either mode: all records before it have been emitted, and
     * the {@code recordCount} says how many came since the one before. A checkpoint that comes too soon behind a {@code STATE} of more than
     * 16 KiB, as streams with many slices have them, is held back: until making them takes no more than a tenth of the time, with a second
     * for each megabyte at least, but for its length alone no more than a minute; then the next one is emitted, and the last one always is,
     * before the end and before a failure. Notices are {@code LOG}. {@code COMPLETE} ends a stream, or
     * {@code INCOMPLETE} and a {@code TRACE} of type {@code ERROR}; the streams behind it are read all the same. A stream that the source does
     * not have fails like any other. Streams are called as the catalog calls them, namespaces included.
     *
     * <p>Messages are exact in demand: a page is requested when a message is asked for that only it can give.
     *
     * @param config the configuration
     * @param configuredCatalog which streams; {@code cursor_field} and {@code primary_key} are not looked at
     * @param state a list of the last {@code STATE} of each stream, with or without the message around it; states of streams that are not read
     *     are not looked at; null, an empty list or an empty object to begin anew
     * @return the messages. In the end it errors with the failure of the first stream that failed. If configuration, catalog or state are
     *     wrong, nothing is read: a {@code TRACE} of type {@code ERROR}, and then a {@link HeadraceException} of kind CONFIGURATION
     */
    public Flux<JsonNode> read(JsonNode config, JsonNode configuredCatalog, @Nullable JsonNode state) {
        return Flux.defer(() -> {
            List<ConfiguredCatalog.Stream> streams;
            AirbyteState states;
            try {
                checkFits(config);
                streams = ConfiguredCatalog.read(configuredCatalog);
                states = AirbyteState.read(state);
            } catch (HeadraceException wrong) {
                return failed(wrong);
            }
            AtomicReference<@Nullable Throwable> first = new AtomicReference<>();
            Map<String, StreamDescriptor> descriptors = new HashMap<>();
            streams.forEach(stream -> descriptors.put(stream.descriptor().name(), stream.descriptor()));
            return source.readEach(
                            config,
                            states.of(descriptors.values(), source.name()),
                            streams.stream()
                                    .map(ConfiguredCatalog.Stream::selection)
                                    .toList(),
                            (stream, messages) -> StreamReading.of(
                                    Objects.requireNonNull(descriptors.get(stream.name())),
                                    messages,
                                    failure -> first.compareAndSet(null, failure)))
                    // What streams fail with is among the messages, so this came before the first of them.
                    .onErrorResume(AirbyteSource::failed)
                    .concatWith(Mono.defer(() -> {
                        Throwable failure = first.get();
                        return failure == null ? Mono.empty() : Mono.error(failure);
                    }));
        });
    }

    /** Here and not only in the source, which would say it once for each stream. */
    private void checkFits(JsonNode config) {
        if (!config.isObject()) {
            throw new HeadraceException(
                    FailureKind.CONFIGURATION,
                    "The configuration of source '" + source.name() + "' must be a JSON object",
                    null);
        }
        JsonSchema schema = source.configSchema().orElse(null);
        List<SchemaViolation> violations = schema == null ? List.of() : schema.validate(config);
        if (!violations.isEmpty()) {
            throw new SchemaViolationException(
                    FailureKind.CONFIGURATION, "The configuration of source '" + source.name() + "'", violations);
        }
    }

    private static Flux<JsonNode> failed(Throwable failure) {
        return Flux.concat(Mono.fromSupplier(() -> error(failure)), Mono.error(failure));
    }

    @Override
    public String toString() {
        return "AirbyteSource[" + source + "]";
    }
}
