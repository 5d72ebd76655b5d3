package dev.headrace.stream;

import dev.headrace.state.Positioned;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * What reading a stream of records gives: a record, a checkpoint to go on from, or a notice.
 *
 * @param <T> the type of the records
 */
public sealed interface Message<T> extends Positioned permits StreamRecord, Checkpoint, Notice {

    /**
     * The stream it belongs to.
     *
     * @return the stream's name
     */
    String stream();

    /**
     * One of three functions, by what this is.
     *
     * @param record for a record
     * @param checkpoint for a checkpoint
     * @param notice for a notice
     * @param <R> the type of the result
     * @return what the function returned
     */
    <R> R fold(
            Function<? super StreamRecord<T>, ? extends R> record,
            Function<? super Checkpoint<T>, ? extends R> checkpoint,
            Function<? super Notice<T>, ? extends R> notice);

    /**
     * The state that a checkpoint carries, so that {@link dev.headrace.state.Checkpoints#committing} saves it.
     *
     * @return empty for records and notices
     */
    @Override
    default Optional<JsonNode> position() {
        return Optional.empty();
    }

    @Override
    default boolean hasPosition() {
        return false;
    }

    /**
     * What this says, as programs exchange it: {@code {"type":"record","stream":"issues","slice":{…},"data":{…}}}, a {@code checkpoint} with
     * its {@code state}, or a {@code notice} with {@code kind} and {@code text}. The slice is left out where there is none.
     *
     * @return a new object; that of a checkpoint takes time as its state does
     * @throws IllegalArgumentException if Jackson cannot write such a record
     */
    default JsonNode json() {
        return fold(MessageLine::of, MessageLine::of, MessageLine::of);
    }
}
