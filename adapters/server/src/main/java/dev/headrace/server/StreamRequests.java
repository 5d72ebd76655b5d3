package dev.headrace.server;

import dev.headrace.capability.CapabilityException;
import dev.headrace.capability.Envelope;
import dev.headrace.capability.StreamCalls;
import dev.headrace.capability.StreamDocument;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.JsonNode;

/** Looks at the streams of an integration, and reads them. */
final class StreamRequests {

    private final StreamCalls streams;
    private final Scheduler readers;

    StreamRequests(StreamCalls streams, Scheduler readers) {
        this.streams = streams;
        this.readers = readers;
    }

    Mono<Envelope<JsonNode>> check(JsonNode document) {
        return Mono.defer(() -> streams.check(understood(document, StreamDocument::toLook)));
    }

    Mono<Envelope<JsonNode>> discover(JsonNode document) {
        return Mono.defer(() -> streams.discover(understood(document, StreamDocument::toLook)));
    }

    /**
     * Writes messages as they come. The head is written with the first of them, so that a failure before has a status; one behind it is the
     * last line.
     *
     * @return errors with what failed before the head
     */
    Mono<Void> read(JsonNode document, LineForm form, Reply reply) {
        return Mono.defer(() -> {
            Flux<byte[]> lines = streams.read(understood(document, StreamDocument::toRead))
                    .doOnNext(message -> countFailure(message, reply))
                    .map(form::bytes)
                    // A source that has much at hand must not hold up the event loop, which has other callers.
                    .subscribeOn(readers);
            return lines.switchOnFirst((first, all) -> {
                        Throwable failure = first.getThrowable();
                        return failure == null ? reply.lines(form, all) : Mono.<Void>error(failure);
                    })
                    .then();
        });
    }

    private static void countFailure(JsonNode message, Reply reply) {
        if (message.path("type").stringValue("").equals(StreamCalls.ERROR)) {
            reply.visit().failed();
        }
    }

    /** A document that makes no sense is refused by the server itself, before anything is done. */
    private static StreamDocument understood(JsonNode document, Function<JsonNode, StreamDocument> reading) {
        try {
            return reading.apply(document);
        } catch (CapabilityException e) {
            throw RequestRefusedException.malformed(e);
        }
    }
}
