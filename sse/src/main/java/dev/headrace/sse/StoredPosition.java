package dev.headrace.sse;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.state.StateStore;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** How the position of an event stream is kept in a {@link StateStore}: {@code {"lastEventId":"…"}}. */
final class StoredPosition {

    private static final String LAST_EVENT_ID = "lastEventId";

    private StoredPosition() {}

    static JsonNode of(String lastEventId) {
        return JsonNodeFactory.instance.objectNode().put(LAST_EVENT_ID, lastEventId);
    }

    static Mono<String> load(StateStore store, String key) {
        return store.load(key).map(state -> read(state, key));
    }

    private static String read(JsonNode state, String key) {
        JsonNode id = state.get(LAST_EVENT_ID);
        if (id == null || !id.isString()) {
            throw new HeadraceException(
                    FailureKind.UNTRUSTED_DATA,
                    "What is saved under '" + key + "' is no position of an event stream; use another key, or delete it"
                            + " to begin anew",
                    null);
        }
        return id.stringValue();
    }
}
