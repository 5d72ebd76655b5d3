package dev.headrace.airbyte;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.json.Json;
import dev.headrace.stream.Checkpoint;
import dev.headrace.stream.CheckpointPace;
import dev.headrace.stream.Message;
import dev.headrace.stream.Notice;
import dev.headrace.stream.StreamRecord;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** One reading of one stream, for one subscriber: its status before, between and behind what was read. */
final class StreamReading {

    private final StreamDescriptor stream;
    private final Consumer<Throwable> failed;
    private final CheckpointPace pace = new CheckpointPace();
    private boolean running;
    private long records;
    private @Nullable Checkpoint<JsonNode> held;

    private StreamReading(StreamDescriptor stream, Consumer<Throwable> failed) {
        this.stream = stream;
        this.failed = failed;
    }

    /**
     * The messages of a stream. They end without an error, whatever happens; a failure is one of them, and the consumer is told.
     */
    static Flux<JsonNode> of(StreamDescriptor stream, Flux<Message<JsonNode>> messages, Consumer<Throwable> failed) {
        return Flux.defer(() -> new StreamReading(stream, failed).all(messages));
    }

    private Flux<JsonNode> all(Flux<Message<JsonNode>> messages) {
        Flux<JsonNode> read = messages.map(this::said)
                .concatMapDelayError(StreamReading::oneByOne, 0)
                .concatWith(Flux.defer(this::rest))
                .concatWith(status("COMPLETE"))
                .onErrorResume(this::incomplete);
        return Flux.concat(status("STARTED"), read);
    }

    private Mono<JsonNode> status(String status) {
        return Mono.fromSupplier(() -> ProtocolMessage.streamStatus(stream, status));
    }

    private Publisher<JsonNode> incomplete(Throwable failure) {
        failed.accept(failure);
        return Flux.concat(
                // What is wrong with a state besides is no news any more.
                Flux.defer(this::rest).onErrorComplete(),
                status("INCOMPLETE"),
                Mono.fromSupplier(() -> ProtocolMessage.error(stream, Failure.of(failure))));
    }

    /** The state that was held back, when nothing will come behind it. */
    private Flux<JsonNode> rest() {
        Checkpoint<JsonNode> last = held;
        return last == null ? Flux.empty() : Flux.just(state(last));
    }

    /**
     * Each when it is asked for, and the end when more than all of them is: concatMap asks for the next message as soon as it hears the end of
     * this one, and that may be a request to the remote that nobody wants.
     */
    private static Flux<JsonNode> oneByOne(List<JsonNode> said) {
        return Flux.fromIterable(said).filter(message -> !message.isMissingNode());
    }

    /** The protocol's messages for one of ours, and a missing one behind them. */
    private List<JsonNode> said(Message<JsonNode> message) {
        return message.fold(this::said, this::said, this::said);
    }

    private List<JsonNode> said(StreamRecord<JsonNode> record) {
        JsonNode data = record.data();
        // What is to be written as it is cannot be looked into.
        if (!data.isObject() && !data.isPojo()) {
            throw new HeadraceException(
                    FailureKind.PERMANENT,
                    "A record of stream '" + stream.name()
                            + "' is no JSON object, as the Airbyte protocol needs it; map records to objects",
                    null);
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("stream", stream.name());
        if (stream.namespace() != null) {
            json.put("namespace", stream.namespace());
        }
        json.set("data", data);
        json.put("emitted_at", ProtocolMessage.emittedAt());
        JsonNode said = ProtocolMessage.of("RECORD", "record", json);
        records++;
        if (running) {
            return List.of(said, MissingNode.getInstance());
        }
        running = true;
        return List.of(ProtocolMessage.streamStatus(stream, "RUNNING"), said, MissingNode.getInstance());
    }

    private List<JsonNode> said(Checkpoint<JsonNode> checkpoint) {
        if (pace.isTooSoon()) {
            // A later one says all that it says.
            held = checkpoint;
            return List.of(MissingNode.getInstance());
        }
        return List.of(state(checkpoint), MissingNode.getInstance());
    }

    private JsonNode state(Checkpoint<JsonNode> checkpoint) {
        held = null;
        long began = now();
        JsonNode state = AirbyteState.message(stream, checkpoint, records);
        int bytes = Json.write(state).length;
        pace.written(bytes, Duration.ofNanos(now() - began));
        records = 0;
        return state;
    }

    /** By the clock of the pace, which is virtual in tests. */
    private static long now() {
        return Schedulers.parallel().now(TimeUnit.NANOSECONDS);
    }

    private List<JsonNode> said(Notice<JsonNode> notice) {
        String level = switch (notice.kind()) {
            case SCHEMA_DRIFT, INVALID_RECORD, SLICE_FAILED, RESYNC, CURSOR_MISSING -> "WARN";
            case SLICE_RESTARTED, SLICE_SPLIT, STATE_SHORTENED -> "INFO";
        };
        return List.of(ProtocolMessage.log(level, notice.text()), MissingNode.getInstance());
    }
}
