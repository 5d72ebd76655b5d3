package dev.headrace.stream;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Whether a stream can be read, found out by reading its first record.
 *
 * @param available true if so; a stream without records is available
 * @param reason why not, in words that may be shown; empty if it is
 * @param status the status that the remote answered with; null if that is not the reason
 */
public record Availability(
        boolean available, String reason, @Nullable Integer status) {

    /** It can be read. */
    static final Availability YES = new Availability(true, "", null);

    /**
     * Checks that all is there.
     *
     * @param available whether it can be read
     * @param reason why not
     * @param status the status that the remote answered with
     */
    public Availability {
        Objects.requireNonNull(reason, "reason");
    }

    static Availability no(String reason, @Nullable Integer status) {
        return new Availability(false, reason, status);
    }

    /**
     * The same as programs exchange it: {@code {"available":false,"reason":"…","status_code":403}}. An empty reason is null.
     *
     * @return a new object
     */
    public JsonNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("available", available);
        json.put("reason", reason.isEmpty() ? null : reason);
        json.put("status_code", status);
        return json;
    }
}
