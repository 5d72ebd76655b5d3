package dev.headrace.server;

import dev.headrace.json.Json;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** How messages are written. */
enum LineForm {

    /** One JSON object a line. */
    LINES("application/x-ndjson") {
        @Override
        byte[] bytes(JsonNode message) {
            return (Json.writeText(message) + "\n").getBytes(StandardCharsets.UTF_8);
        }
    },

    /** Server-sent events (WHATWG HTML §9.2), each with the message's type as its name. */
    EVENTS("text/event-stream") {
        @Override
        byte[] bytes(JsonNode message) {
            String event = message.path("type").stringValue("message");
            return ("event: " + event + "\ndata: " + Json.writeText(message) + "\n\n").getBytes(StandardCharsets.UTF_8);
        }
    };

    private static final Pattern REFUSED = Pattern.compile(".*;\\s*q\\s*=\\s*0(\\.0*)?\\s*");

    private final String type;

    LineForm(String type) {
        this.type = type;
    }

    /** Lines, unless events are asked for by their name (RFC 9110 §12.5.1). */
    static LineForm accepted(HttpHeaders headers) {
        boolean events = headers.getAll(HttpHeaderNames.ACCEPT).stream()
                .flatMap(accept -> Arrays.stream(accept.toLowerCase(Locale.ROOT).split(",")))
                .map(String::strip)
                .anyMatch(range -> range.split(";", 2)[0].strip().equals(EVENTS.type)
                        && !REFUSED.matcher(range).matches());
        return events ? EVENTS : LINES;
    }

    String type() {
        return type;
    }

    abstract byte[] bytes(JsonNode message);
}
