package dev.headrace.server;

import dev.headrace.capability.CapabilityResponse;
import dev.headrace.capability.Envelope;
import dev.headrace.capability.Integration;
import dev.headrace.stream.Message;
import dev.headrace.stream.Source;
import dev.headrace.stream.StreamDescription;
import dev.headrace.stream.StreamSelection;
import dev.headrace.stream.SyncMode;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Looks at the streams of an integration, and reads them. */
final class StreamRequests {

    private final Integration integration;
    private final Source source;
    private final Scheduler readers;

    StreamRequests(Integration integration, Source source, Scheduler readers) {
        this.integration = integration;
        this.source = source;
        this.readers = readers;
    }

    Mono<Envelope<JsonNode>> check(JsonNode document) {
        return Mono.defer(() -> source.check(ReadDocument.config(document)))
                .map(availability -> envelope(availability.json()));
    }

    Mono<Envelope<JsonNode>> discover(JsonNode document) {
        return Mono.defer(() -> source.discover(ReadDocument.config(document)).collectList())
                .map(streams -> envelope(json(streams)));
    }

    /**
     * Writes messages as they come. The head is written with the first of them, so that a failure before has a status; one behind it is the
     * last line.
     *
     * @return errors with what failed before the head
     */
    Mono<Void> read(JsonNode document, LineForm form, Reply reply) {
        return Mono.defer(() -> {
            ReadDocument asked = ReadDocument.of(document);
            Flux<byte[]> lines = selection(asked)
                    .flatMapMany(streams -> source.read(asked.config(), asked.state(), streams))
                    .map(Message::json)
                    .map(form::bytes)
                    // A source that has much at hand must not hold up the event loop, which has other callers.
                    .subscribeOn(readers);
            return lines.switchOnFirst((first, all) -> {
                        Throwable failure = first.getThrowable();
                        return failure == null
                                ? reply.lines(
                                        form, all.onErrorResume(later -> lastLine(later, asked.config(), form, reply)))
                                : Mono.<Void>error(failure);
                    })
                    .then();
        });
    }

    private Mono<List<StreamSelection>> selection(ReadDocument asked) {
        Mono<List<String>> names = asked.streams().isEmpty() && asked.mode() == SyncMode.FULL_REFRESH
                ? source.discover(asked.config()).map(StreamDescription::name).collectList()
                : Mono.just(asked.streams());
        return names.map(all -> all.stream()
                .map(name -> new StreamSelection(name, asked.mode()))
                .toList());
    }

    private Mono<byte[]> lastLine(Throwable failure, JsonNode config, LineForm form, Reply reply) {
        reply.visit().failed();
        return integration.errorOf(failure, "read", config).map(error -> {
            ObjectNode line = JsonNodeFactory.instance.objectNode();
            line.put("type", "error");
            line.set("error", error.json());
            return form.bytes(line);
        });
    }

    private static Envelope<JsonNode> envelope(JsonNode json) {
        return Envelope.of(CapabilityResponse.of(json));
    }

    private static JsonNode json(List<StreamDescription> streams) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode all = json.putArray("streams");
        streams.forEach(stream -> all.add(stream.json()));
        return json;
    }
}
