package dev.headrace.airbyte;

import dev.headrace.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/** JSON in tests, and what can be seen in it. */
final class Trees {

    private Trees() {}

    /** JSON with single quotes. */
    static JsonNode json(String text) {
        return Json.tree(text.replace('\'', '"'));
    }

    /** A configured catalog of streams, each as {@code NAME:SYNC_MODE}. */
    static JsonNode catalog(String... streams) {
        List<String> all = List.of(streams).stream()
                .map(stream -> stream.split(":"))
                .map(stream -> "{'stream':{'name':'" + stream[0] + "','json_schema':{},'supported_sync_modes':['"
                        + stream[1] + "']},'sync_mode':'" + stream[1] + "','destination_sync_mode':'append'}")
                .toList();
        return json("{'streams':[" + String.join(",", all) + "]}");
    }

    /** All messages, though there may be a failure behind them. */
    static List<JsonNode> all(Flux<JsonNode> messages) {
        return Objects.requireNonNull(messages.onErrorComplete().collectList().block(Duration.ofSeconds(20)));
    }

    /** What a message is, in short: {@code RECORD issues}, {@code STARTED issues}, {@code ERROR}. */
    static String shape(JsonNode message) {
        String type = message.path("type").stringValue("");
        JsonNode trace = message.path("trace");
        String shape = switch (type) {
            case "RECORD" -> type + " " + message.at("/record/stream").stringValue("");
            case "STATE" ->
                type + " " + message.at("/state/stream/stream_descriptor/name").stringValue("");
            case "TRACE" ->
                trace.at("/stream_status/status").stringValue("ERROR") + " "
                        + trace.at("/stream_status/stream_descriptor/name")
                                .stringValue(trace.at("/error/stream_descriptor/name")
                                        .stringValue(""));
            default -> type;
        };
        return shape.strip();
    }

    static List<String> shapes(List<JsonNode> messages) {
        return messages.stream().map(Trees::shape).toList();
    }

    /** The records of a stream. */
    static List<JsonNode> records(List<JsonNode> messages, String stream) {
        return messages.stream()
                .filter(message -> shape(message).equals("RECORD " + stream))
                .map(message -> message.at("/record/data"))
                .toList();
    }
}
