package dev.headrace.spring;

import dev.headrace.json.Json;
import dev.headrace.sse.SseEvent;
import dev.headrace.stream.Message;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Messages of one reading as events, named by their types. The id of each stands for the state of the last checkpoint before it
 * ({@link StateIds}), so that a browser that connects again goes on from there. A state whose id would be too long for a header has none;
 * then more than necessary is read again.
 */
final class MessageEvents {

    private static final String END = "end";

    private final String stream;
    private final StateIds ids;
    private String lastId;

    MessageEvents(String stream, StateIds ids, String lastEventId) {
        this.stream = stream;
        this.ids = ids;
        this.lastId = lastEventId;
    }

    SseEvent event(Message<?> message) {
        JsonNode json = message.json();
        JsonNode state = json.get("state");
        if (state != null) {
            lastId = ids.id(stream, state).orElse(lastId);
        }
        return event(json);
    }

    /** That all has been read. */
    SseEvent end() {
        return event(JsonNodeFactory.instance.objectNode().put("type", END).put("stream", stream));
    }

    private SseEvent event(JsonNode json) {
        return new SseEvent(lastId, json.path("type").stringValue(SseEvent.MESSAGE), Json.writeText(json));
    }
}
