package dev.headrace.airbyte;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.stream.Checkpoint;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * States of streams ({@code AirbyteStateMessage} of type {@code STREAM}). A source keeps those of all its streams in one document, the
 * protocol has a message for each.
 */
final class AirbyteState {

    /** Of the document that a source's checkpoint carries. */
    private static final int VERSION = 1;

    private final Map<StreamDescriptor, JsonNode> states;

    private AirbyteState(Map<StreamDescriptor, JsonNode> states) {
        this.states = states;
    }

    /**
     * What the platform has kept: a list of state messages, each by itself or as the protocol's messages carry them. Of several for one
     * stream the last one counts. Errors with a {@link HeadraceException} of kind CONFIGURATION.
     */
    static AirbyteState read(@Nullable JsonNode kept) {
        Map<StreamDescriptor, JsonNode> states = new HashMap<>();
        if (kept == null || kept.isNull() || kept.isObject() && kept.isEmpty()) {
            return new AirbyteState(states);
        }
        if (!kept.isArray()) {
            throw wrong("must be a list of STATE messages, one for each stream");
        }
        int position = 0;
        for (JsonNode item : kept) {
            String place = "/" + position++;
            boolean wrapped = item.path("type").stringValue("").equals("STATE");
            JsonNode message = wrapped ? item.path("state") : item;
            String type = message.path("type").stringValue("LEGACY");
            if (!type.equals("STREAM")) {
                throw wrong("has one of type " + type + " at " + place + ", and sources have one of type STREAM for"
                        + " each stream; clear it to begin anew");
            }
            StreamDescriptor stream = StreamDescriptor.of(message.path("stream").path("stream_descriptor"));
            if (stream == null) {
                throw wrong("does not say at " + place + " which stream it is of");
            }
            states.put(stream, message.path("stream").path("stream_state"));
        }
        return new AirbyteState(states);
    }

    private static HeadraceException wrong(String what) {
        return new HeadraceException(FailureKind.CONFIGURATION, "The state " + what, null);
    }

    /** What a source takes to read streams; null to begin all of them anew. */
    @Nullable
    JsonNode of(Collection<StreamDescriptor> streams, String source) {
        ObjectNode ofStreams = JsonNodeFactory.instance.objectNode();
        for (StreamDescriptor stream : streams) {
            JsonNode state = states.get(stream);
            if (state != null && !state.isMissingNode() && !state.isNull()) {
                ofStreams.set(stream.name(), state);
            }
        }
        if (ofStreams.isEmpty()) {
            return null;
        }
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("version", VERSION);
        document.put("source", source);
        document.set("streams", ofStreams);
        return document;
    }

    /**
     * The message for a source's checkpoint.
     *
     * @param records how many there were since the message before
     */
    static JsonNode message(StreamDescriptor stream, Checkpoint<JsonNode> checkpoint, long records) {
        JsonNode state = checkpoint.state().path("streams").path(stream.name());
        if (!state.isObject()) {
            throw new HeadraceException(
                    FailureKind.PERMANENT,
                    "The state of stream '" + stream.name() + "' is no JSON object, as the Airbyte protocol needs it",
                    null);
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("type", "STREAM");
        ObjectNode ofStream = json.putObject("stream");
        ofStream.set("stream_descriptor", stream.json());
        ofStream.set("stream_state", state);
        // With a decimal point, says the protocol.
        json.putObject("sourceStats").put("recordCount", (double) records);
        return ProtocolMessage.of("STATE", "state", json);
    }
}
