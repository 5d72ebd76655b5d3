package dev.headrace.capability;

import dev.headrace.stream.Message;
import dev.headrace.stream.Source;
import dev.headrace.stream.StreamDescription;
import dev.headrace.stream.StreamSelection;
import dev.headrace.stream.SyncMode;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The streams of an integration as JSON, for adapters that serve them: what {@link Integration#dispatch(String, JsonNode)} is to capabilities.
 *
 * <p>Nothing happens before subscription, and each subscription looks or reads anew. Cancelling stops all that is under way. The Reactor
 * {@code Context} of the subscriber is that of the streams. Immutable and safe for use by several threads.
 */
public final class StreamCalls {

    /** The {@code type} of the last message of a reading that has failed. */
    public static final String ERROR = "error";

    private static final String READ = "read";

    private final Integration integration;
    private final Source source;

    private StreamCalls(Integration integration, Source source) {
        this.integration = integration;
        this.source = source;
    }

    /**
     * The streams of an integration.
     *
     * @param integration whose streams, and whose way to describe failures
     * @return empty if it has none
     */
    public static Optional<StreamCalls> of(Integration integration) {
        Objects.requireNonNull(integration, "integration");
        return integration.source().map(source -> new StreamCalls(integration, source));
    }

    /**
     * Whether every stream can be read, see {@link Source#check}.
     *
     * @param document the configuration
     * @return the envelope, whose answer is an {@link dev.headrace.stream.Availability}; a failure is in it
     */
    public Mono<Envelope<JsonNode>> check(StreamDocument document) {
        return enveloped(
                Mono.defer(() -> source.check(document.config())).map(availability -> availability.json()),
                "check",
                document);
    }

    /**
     * What streams there are, see {@link Source#discover}.
     *
     * @param document the configuration
     * @return the envelope, whose answer is {@code {"streams": […]}}; a failure is in it
     */
    public Mono<Envelope<JsonNode>> discover(StreamDocument document) {
        return enveloped(
                Flux.defer(() -> source.discover(document.config()))
                        .collectList()
                        .map(StreamCalls::json),
                "discover",
                document);
    }

    private Mono<Envelope<JsonNode>> enveloped(Mono<JsonNode> answer, String in, StreamDocument document) {
        return answer.map(json -> Envelope.of(CapabilityResponse.of(json)))
                .onErrorResume(failure ->
                        integration.errorOf(failure, in, document.config()).map(Envelope::failed));
    }

    /**
     * Reads streams, see {@link Source#read(JsonNode, JsonNode, List)}. No message is made before it is asked for.
     *
     * @param document what is to be read
     * @return messages as {@link Message#json()}. A failure behind the first of them is the last message,
     *     {@code {"type": "error", "error": {…}}}; a reading without it is complete. One before the first is the publisher's error, as it
     *     was, so that an answer can still have a status: {@link Integration#errorOf(Throwable, String, JsonNode)} describes it
     */
    public Flux<JsonNode> read(StreamDocument document) {
        return Flux.defer(() -> {
            AtomicBoolean begun = new AtomicBoolean();
            return selection(document)
                    .flatMapMany(streams -> source.read(document.config(), document.state(), streams))
                    .map(Message::json)
                    .doOnNext(message -> begun.set(true))
                    .onErrorResume(failure -> begun.get() ? last(failure, document) : Mono.error(failure));
        });
    }

    private Mono<List<StreamSelection>> selection(StreamDocument asked) {
        Mono<List<String>> names = asked.streams().isEmpty() && asked.mode() == SyncMode.FULL_REFRESH
                ? source.discover(asked.config()).map(StreamDescription::name).collectList()
                : Mono.just(asked.streams());
        return names.map(all -> all.stream()
                .map(name -> new StreamSelection(name, asked.mode()))
                .toList());
    }

    private Mono<JsonNode> last(Throwable failure, StreamDocument asked) {
        return integration.errorOf(failure, READ, asked.config()).map(error -> {
            ObjectNode message = JsonNodeFactory.instance.objectNode();
            message.put("type", ERROR);
            message.set("error", error.json());
            return message;
        });
    }

    private static JsonNode json(List<StreamDescription> streams) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode all = json.putArray("streams");
        streams.forEach(stream -> all.add(stream.json()));
        return json;
    }

    @Override
    public String toString() {
        return "StreamCalls[" + source + "]";
    }
}
