package dev.headrace.airbyte;

import dev.headrace.stream.Availability;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The envelope of every message ({@code AirbyteMessage}), and the messages that hold little more than that. */
final class ProtocolMessage {

    private ProtocolMessage() {}

    /** {@code {"type": "STATE", "state": {…}}}. */
    static JsonNode of(String type, String member, JsonNode content) {
        ObjectNode message = object();
        message.put("type", type);
        message.set(member, content);
        return message;
    }

    static JsonNode log(String level, String text) {
        ObjectNode log = object();
        log.put("level", level);
        log.put("message", text);
        return of("LOG", "log", log);
    }

    static JsonNode status(Availability availability) {
        return availability.available() ? status("SUCCEEDED", null) : status("FAILED", availability.reason());
    }

    static JsonNode status(Failure failure) {
        return status("FAILED", failure.answer());
    }

    private static JsonNode status(String status, @Nullable String text) {
        ObjectNode json = object();
        json.put("status", status);
        if (text != null) {
            json.put("message", text);
        }
        return of("CONNECTION_STATUS", "connectionStatus", json);
    }

    /** How far a stream is: {@code STARTED}, {@code RUNNING}, {@code COMPLETE}, {@code INCOMPLETE}. */
    static JsonNode streamStatus(StreamDescriptor stream, String status) {
        ObjectNode json = object();
        json.set("stream_descriptor", stream.json());
        json.put("status", status);
        return trace("STREAM_STATUS", "stream_status", json);
    }

    /** What failed; the stream is null if none of them did. */
    static JsonNode error(@Nullable StreamDescriptor stream, Failure failure) {
        ObjectNode json = object();
        json.put("message", failure.message());
        json.put("internal_message", failure.internal());
        json.put("failure_type", failure.type());
        if (stream != null) {
            json.set("stream_descriptor", stream.json());
        }
        return trace("ERROR", "error", json);
    }

    private static JsonNode trace(String type, String member, JsonNode content) {
        ObjectNode trace = object();
        trace.put("type", type);
        trace.put("emitted_at", emittedAt());
        trace.set(member, content);
        return of("TRACE", "trace", trace);
    }

    /** Milliseconds since 1970, by the clock of schedulers, which is virtual in tests. */
    static long emittedAt() {
        return Schedulers.parallel().now(TimeUnit.MILLISECONDS);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
