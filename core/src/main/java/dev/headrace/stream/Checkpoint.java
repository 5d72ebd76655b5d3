package dev.headrace.stream;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * A place to go on from: once everything before it has been handled, its state may be saved, and a later run that is given it reads on from
 * there. {@link dev.headrace.state.Checkpoints#committing} at the end of a pipeline does that.
 *
 * <p>It claims only what has been emitted before it, also where slices are read side by side. Its state is a plain JSON document with a
 * version in it; it is made when it is asked for, always the same.
 *
 * @param <T> the type of the stream's records
 */
public final class Checkpoint<T> implements Message<T> {

    private final String stream;
    private final Supplier<JsonNode> state;

    Checkpoint(String stream, Supplier<JsonNode> state) {
        this.stream = stream;
        this.state = state;
    }

    /**
     * A checkpoint, for streams of one's own.
     *
     * @param stream the stream's name
     * @param state the document to go on from; nobody may change it any more
     * @param <T> the type of the stream's records
     * @return the checkpoint
     */
    public static <T> Checkpoint<T> of(String stream, JsonNode state) {
        Objects.requireNonNull(state, "state");
        return new Checkpoint<>(Objects.requireNonNull(stream, "stream"), () -> state);
    }

    @Override
    public String stream() {
        return stream;
    }

    /**
     * The document to save, and to give to a later {@code read}.
     *
     * @return the state; takes time by the number of slices that are in it
     */
    public JsonNode state() {
        return state.get();
    }

    @Override
    public Optional<JsonNode> position() {
        return Optional.of(state());
    }

    @Override
    public boolean hasPosition() {
        return true;
    }

    @Override
    public <R> R fold(
            Function<? super StreamRecord<T>, ? extends R> record,
            Function<? super Checkpoint<T>, ? extends R> checkpoint,
            Function<? super Notice<T>, ? extends R> notice) {
        return checkpoint.apply(this);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Checkpoint<?> checkpoint
                && checkpoint.stream.equals(stream)
                && checkpoint.state().equals(state());
    }

    @Override
    public int hashCode() {
        return Objects.hash(stream, state());
    }

    @Override
    public String toString() {
        return "Checkpoint[" + stream + "]";
    }
}
