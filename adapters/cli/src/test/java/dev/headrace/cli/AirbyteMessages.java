package dev.headrace.cli;

import dev.headrace.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What a platform makes of a source's output. Anything that is no message of the protocol is an error.
 *
 * @param all the messages, in their order
 */
record AirbyteMessages(List<JsonNode> all) {

    private static final Set<String> TYPES =
            Set.of("SPEC", "CONNECTION_STATUS", "CATALOG", "RECORD", "STATE", "TRACE", "LOG");

    /** Of lines; what stands behind the last line break was not written to its end. */
    static AirbyteMessages in(String output) {
        List<JsonNode> all = new ArrayList<>();
        output.substring(0, output.lastIndexOf('\n') + 1)
                .lines()
                .map(Json::tree)
                .forEach(message -> {
                    String type = message.path("type").stringValue("");
                    if (!TYPES.contains(type)) {
                        throw new AssertionError("No message of the protocol: " + message);
                    }
                    all.add(message);
                });
        return new AirbyteMessages(all);
    }

    List<String> types() {
        return all.stream().map(message -> message.path("type").stringValue("")).toList();
    }

    List<JsonNode> errors() {
        return all.stream()
                .map(message -> message.at("/trace/error"))
                .filter(JsonNode::isObject)
                .toList();
    }

    List<String> statuses(String stream) {
        return all.stream()
                .map(message -> message.at("/trace/stream_status"))
                .filter(status ->
                        status.at("/stream_descriptor/name").stringValue("").equals(stream))
                .map(status -> status.path("status").stringValue(""))
                .toList();
    }

    List<JsonNode> records(String stream) {
        return all.stream()
                .map(message -> message.path("record"))
                .filter(record -> record.path("stream").stringValue("").equals(stream))
                .map(record -> record.path("data"))
                .toList();
    }

    /** The records before the stream's last state: those behind it come again, and a platform may throw them away. */
    List<JsonNode> committed(String stream) {
        List<JsonNode> committed = new ArrayList<>();
        List<JsonNode> pending = new ArrayList<>();
        for (JsonNode message : all) {
            if (message.at("/record/stream").stringValue("").equals(stream)) {
                pending.add(message.at("/record/data"));
            } else if (stateOf(message).path("name").stringValue("").equals(stream)) {
                committed.addAll(pending);
                pending.clear();
            }
        }
        return committed;
    }

    /** A state file: the last state of each stream, those of an earlier file included. */
    ArrayNode states(ArrayNode earlier) {
        Map<JsonNode, JsonNode> last = new LinkedHashMap<>();
        earlier.forEach(state -> last.put(state.at("/stream/stream_descriptor"), state));
        all.stream()
                .filter(message -> stateOf(message).isObject())
                .forEach(message -> last.put(stateOf(message), message.path("state")));
        ArrayNode states = JsonNodeFactory.instance.arrayNode();
        last.values().forEach(states::add);
        return states;
    }

    private static JsonNode stateOf(JsonNode message) {
        return message.at("/state/stream/stream_descriptor");
    }

    /** A catalog of streams, each as {@code NAME:SYNC_MODE}. */
    static String catalog(List<String> streams) {
        List<String> all = streams.stream()
                .map(stream -> stream.split(":"))
                .map(stream -> ("{'stream':{'name':'" + stream[0] + "'},'sync_mode':'" + stream[1]
                                + "','destination_sync_mode':'append'}")
                        .replace('\'', '"'))
                .toList();
        return "{\"streams\":[" + String.join(",", all) + "]}";
    }
}
