package dev.headrace.capability;

import dev.headrace.stream.SyncMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What a caller says who wants to read streams, or to look at them: {@code {"config": {…}, "state": {…}, "streams": ["a"],
 * "full_refresh": false, "request_id": "…"}}, all of which may be missing or null. Members that are not known are refused: who misspells the
 * names of streams would read everything.
 *
 * @param config the configuration; an empty object if there is none
 * @param state what a checkpoint of an earlier reading carried; null to begin anew
 * @param streams the names of the streams; empty for all
 * @param mode how they are read
 */
public record StreamDocument(JsonNode config, @Nullable JsonNode state, List<String> streams, SyncMode mode) {

    private static final Set<String> READING = Set.of("config", "state", "streams", "full_refresh", "request_id");
    private static final Set<String> LOOKING = Set.of("config", "request_id");

    /**
     * Checks that only the state may be missing.
     *
     * @param config the configuration
     * @param state what a checkpoint carried
     * @param streams the names of the streams
     * @param mode how they are read
     */
    public StreamDocument {
        Objects.requireNonNull(config, "config");
        streams = List.copyOf(streams);
        Objects.requireNonNull(mode, "mode");
    }

    /**
     * Reads the document of a reading.
     *
     * @param document a JSON object
     * @return what is to be read: incrementally, unless {@code full_refresh} is true
     * @throws CapabilityException with {@link ErrorCode#BAD_REQUEST} and status 400 if it makes no sense
     */
    public static StreamDocument toRead(JsonNode document) {
        onlyKnown(document, READING);
        JsonNode state = document.get("state");
        if (state != null && !state.isNull() && !state.isObject()) {
            throw BadRequest.because("'state' must be an object, that of a checkpoint, or null");
        }
        JsonNode whole = document.path("full_refresh");
        if (!whole.isMissingNode() && !whole.isNull() && !whole.isBoolean()) {
            throw BadRequest.because("'full_refresh' must be true or false");
        }
        return new StreamDocument(
                configOf(document),
                state == null || state.isNull() ? null : state,
                names(document.path("streams")),
                whole.booleanValue(false) ? SyncMode.FULL_REFRESH : SyncMode.INCREMENTAL);
    }

    /**
     * Reads the document of those who only look: {@code {"config": {…}, "request_id": "…"}}.
     *
     * @param document a JSON object
     * @return the configuration
     * @throws CapabilityException as {@link #toRead}
     */
    public static StreamDocument toLook(JsonNode document) {
        onlyKnown(document, LOOKING);
        return new StreamDocument(configOf(document), null, List.of(), SyncMode.INCREMENTAL);
    }

    /** Without configuration and state, which may hold anything. */
    @Override
    public String toString() {
        return "StreamDocument[" + (streams.isEmpty() ? "all streams" : streams) + ", " + mode + "]";
    }

    private static JsonNode configOf(JsonNode document) {
        JsonNode config = document.get("config");
        if (config == null || config.isNull()) {
            return JsonNodeFactory.instance.objectNode();
        }
        if (!config.isObject()) {
            throw BadRequest.because("'config' must be an object");
        }
        return config;
    }

    private static List<String> names(JsonNode streams) {
        if (streams.isMissingNode() || streams.isNull()) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        streams.forEach(name -> names.add(name.stringValue("")));
        if (!streams.isArray() || names.contains("")) {
            throw BadRequest.because("'streams' must be an array of names");
        }
        if (names.isEmpty()) {
            // Who has chosen none does not mean all.
            throw BadRequest.because("'streams' must name one stream at least; leave it out for all");
        }
        return names;
    }

    private static void onlyKnown(JsonNode document, Set<String> known) {
        document.propertyNames().forEach(name -> {
            if (!known.contains(name)) {
                throw BadRequest.because(
                        "'" + name + "' is none of " + known.stream().sorted().toList());
            }
        });
    }
}
