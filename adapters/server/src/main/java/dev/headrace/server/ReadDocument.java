package dev.headrace.server;

import dev.headrace.stream.SyncMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What is to be read: {@code {"config": {…}, "state": {…}, "streams": ["a"], "full_refresh": false}}. Members that are not known are refused:
 * who misspells the names of streams would read everything.
 */
record ReadDocument(JsonNode config, @Nullable JsonNode state, List<String> streams, SyncMode mode) {

    private static final Set<String> READING = Set.of("config", "state", "streams", "full_refresh", "request_id");
    private static final Set<String> LOOKING = Set.of("config", "request_id");

    static ReadDocument of(JsonNode document) {
        onlyKnown(document, READING);
        JsonNode state = document.get("state");
        if (state != null && !state.isNull() && !state.isObject()) {
            throw RequestRefusedException.malformed("'state' must be an object, that of a checkpoint, or null");
        }
        JsonNode whole = document.path("full_refresh");
        if (!whole.isMissingNode() && !whole.isNull() && !whole.isBoolean()) {
            throw RequestRefusedException.malformed("'full_refresh' must be true or false");
        }
        return new ReadDocument(
                configOf(document),
                state == null || state.isNull() ? null : state,
                names(document.path("streams")),
                whole.booleanValue(false) ? SyncMode.FULL_REFRESH : SyncMode.INCREMENTAL);
    }

    /** The configuration alone, for those who only look. */
    static JsonNode config(JsonNode document) {
        onlyKnown(document, LOOKING);
        return configOf(document);
    }

    /** The configuration of a document that may be wrong, for what must not be said of it. */
    static JsonNode configIn(JsonNode document) {
        JsonNode config = document.path("config");
        return config.isObject() ? config : JsonNodeFactory.instance.objectNode();
    }

    private static JsonNode configOf(JsonNode document) {
        JsonNode config = document.get("config");
        if (config == null || config.isNull()) {
            return JsonNodeFactory.instance.objectNode();
        }
        if (!config.isObject()) {
            throw RequestRefusedException.malformed("'config' must be an object");
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
            throw RequestRefusedException.malformed("'streams' must be an array of names");
        }
        if (names.isEmpty()) {
            // Who has chosen none does not mean all.
            throw RequestRefusedException.malformed("'streams' must name one stream at least; leave it out for all");
        }
        return names;
    }

    private static void onlyKnown(JsonNode document, Set<String> known) {
        document.propertyNames().forEach(name -> {
            if (!known.contains(name)) {
                throw RequestRefusedException.malformed(
                        "'" + name + "' is none of " + known.stream().sorted().toList());
            }
        });
    }
}
