package dev.headrace.state;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** An element of a stream that knows where the stream goes on behind it: an event with its id, a record with its checkpoint. */
@FunctionalInterface
public interface Positioned {

    /**
     * Where the stream goes on once this element has been handled. It is asked for when a save begins, of the last element that was handled
     * by then and on any thread, and must neither block nor fail. Until then the element is kept. {@link #hasPosition()} asks for it as well,
     * unless it is overridden.
     *
     * @return what a later run needs to go on behind this element, as a document that nobody changes any more; empty if nothing can
     *     go on here, and then nothing is saved for this element
     */
    Optional<JsonNode> position();

    /**
     * Whether there is a position. It is asked for once for each element, so one that has to make its position should say so without.
     *
     * @return by default, whether {@link #position()} gives one
     */
    default boolean hasPosition() {
        return position().isPresent();
    }
}
