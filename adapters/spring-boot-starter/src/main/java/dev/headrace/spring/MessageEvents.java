package dev.headrace.spring;

import dev.headrace.json.DecodingException;
import dev.headrace.json.Json;
import dev.headrace.sse.SseEvent;
import dev.headrace.stream.Message;
import java.util.Base64;
import java.util.Optional;
import org.springframework.web.server.ServerWebInputException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Messages of one reading as events, named by their types. The id of each is the state of the last checkpoint before it, in base64url, so
 * that a browser that connects again goes on from there. A state whose id would be too long for a header is none; then more than necessary
 * is read again.
 */
final class MessageEvents {

    /** What browsers and servers take in a header without being asked. */
    static final int LONGEST_ID = 4 * 1024;

    private static final String END = "end";

    private final String stream;
    private String lastId;

    MessageEvents(String stream, String lastEventId) {
        this.stream = stream;
        this.lastId = lastEventId;
    }

    /**
     * The state that a browser sends back.
     *
     * @param lastEventId the header, or nothing
     * @return empty if it begins
     * @throws ServerWebInputException a 400, if it is something else; to begin anew then would be a surprise
     */
    static Optional<JsonNode> state(String lastEventId) {
        if (lastEventId.isEmpty()) {
            return Optional.empty();
        }
        try {
            JsonNode state = Json.tree(Base64.getUrlDecoder().decode(lastEventId));
            if (state.isObject()) {
                return Optional.of(state);
            }
        } catch (IllegalArgumentException | DecodingException e) {
            // Refused below, without showing the header.
        }
        throw new ServerWebInputException(
                "The Last-Event-ID is none of this stream's; connect without it to begin anew");
    }

    SseEvent event(Message<?> message) {
        JsonNode json = message.json();
        JsonNode state = json.get("state");
        if (state != null) {
            String id = Base64.getUrlEncoder().withoutPadding().encodeToString(Json.write(state));
            lastId = id.length() <= LONGEST_ID ? id : lastId;
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
