package dev.headrace.stream;

import java.util.Objects;
import tools.jackson.databind.JsonNode;

/**
 * What the request for one page of one slice is made from: the one context of every hook. Immutable.
 *
 * @param slice the slice, with the bounds of its time window under their names if it has one
 * @param state the state that reading began with; an empty object at first
 * @param page the number of the page within the slice, from 1
 * @param config the stream's configuration; an empty object unless it was set
 */
public record PageContext(Slice slice, JsonNode state, int page, JsonNode config) {

    /**
     * Checks that all is there.
     *
     * @param slice the slice
     * @param state the state that reading began with
     * @param page the number of the page within the slice
     * @param config the stream's configuration
     */
    public PageContext {
        Objects.requireNonNull(slice, "slice");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(config, "config");
    }
}
