package dev.headrace.cli;

import dev.headrace.json.Json;
import dev.headrace.stream.Checkpoint;
import dev.headrace.stream.CheckpointPace;
import dev.headrace.stream.Message;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * Writes the messages of one reading as lines, and keeps the state of the checkpoints among them. A checkpoint that comes {@linkplain
 * CheckpointPace too soon} behind a long one is held back until something comes when it is not too soon any more, or until there is a later
 * one, which says all that it says. The last one is always written: before the end, before a failure, and when the command is
 * interrupted.
 */
final class MessageLines {

    private final @Nullable StateFile kept;
    private final CheckpointPace pace = new CheckpointPace();
    private @Nullable Checkpoint<JsonNode> held;

    /** What there is to write; without a message, what is held back. */
    private record Line(
            @Nullable Message<JsonNode> message, @Nullable JsonNode json) {

        static final Line END = new Line(null, null);

        /** Made within the stream: a line that cannot be made must not keep those before it from being written. */
        static Line of(Message<JsonNode> message) {
            // The document of a checkpoint that is held back need not be made.
            return new Line(message, message instanceof Checkpoint<JsonNode> ? null : message.json());
        }
    }

    /**
     * Lines of a reading.
     *
     * @param kept where the state is kept; null for nowhere
     */
    MessageLines(@Nullable StateFile kept) {
        this.kept = kept;
    }

    void write(Flux<Message<JsonNode>> messages, Shell shell) {
        Flux<Line> lines = messages.map(Line::of)
                .concatWith(Mono.just(Line.END))
                .onErrorResume(failure -> Flux.concat(Mono.just(Line.END), Mono.error(failure)));
        try {
            shell.write(lines, this::put, this::left);
        } catch (InterruptedRunException interrupted) {
            put(shell.out(), Line.END);
            shell.out().flush();
            left();
            throw interrupted;
        }
    }

    private void put(Stdout out, Line line) {
        if (line.message() instanceof Checkpoint<JsonNode> checkpoint) {
            held = checkpoint;
        }
        Checkpoint<JsonNode> next = held;
        if (next != null && (line.message() == null || !pace.isTooSoon())) {
            held = null;
            putCheckpoint(out, next);
        }
        JsonNode json = line.json();
        if (json != null) {
            out.writeLine(Json.write(json));
        }
    }

    private void putCheckpoint(Stdout out, Checkpoint<JsonNode> checkpoint) {
        long began = System.nanoTime();
        byte[] line = Json.write(checkpoint.json());
        out.writeLine(line);
        pace.written(line.length, Duration.ofNanos(System.nanoTime() - began));
        if (kept != null) {
            kept.written(checkpoint);
        }
    }

    /** All lines so far have left this process. */
    private void left() {
        if (kept != null) {
            long began = System.nanoTime();
            if (kept.save()) {
                pace.saved(Duration.ofNanos(System.nanoTime() - began));
            }
        }
    }
}
