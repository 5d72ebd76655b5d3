package dev.headrace.stream;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The state of a stream, between JSON and what reading works with.
 *
 * <pre>{@code
 * {"version": 1, "stream": "issues", "by": "/updated_at",       // the cursor's place, if there is one
 *  "cursor": "2024-05-01T00:00:00Z",                            // for slices without one of their own, if there are too many
 *  "begun": "2024-06-01T00:00:00Z",                             // when the run began that has not ended
 *  "slices": [
 *    {"slice": {"owner": "o", "repo": "r"}, "cursor": "2024-05-01T00:00:00Z", "recent": ["1f", …], "done": true,
 *     "mark": "2e", "reading": {"edge": …, "until": …, "begun": …, "high": …,
 *                 "parts": [{"from": …, "to": …, "page": "…", "high": …}, {"from": …, "to": …, "done": true}]}}],
 *  "parents": {"repositories": {…}}}
 * }</pre>
 *
 * @param cursor where slices begin that have no position of their own; null if nowhere in particular
 * @param begun when the first of those runs began that have been cut off one after the other; null for a cursor that is not of times
 * @param slices in their order
 * @param parents states of parents that are read incrementally, by name
 */
record StreamState(
        @Nullable Position cursor,
        @Nullable Position begun,
        List<SliceProgress> slices,
        Map<String, JsonNode> parents) {

    private static final int VERSION = 1;
    private static final StreamState NONE = new StreamState(null, null, List.of(), Map.of());

    /** Whether a reading with a cursor has made it. */
    static boolean hasPositions(JsonNode state) {
        if (state.has("cursor") || state.has("begun") || state.has("parents")) {
            return true;
        }
        for (JsonNode slice : state.path("slices")) {
            JsonNode reading = slice.path("reading");
            boolean ofSlice = slice.has("cursor") || reading.has("edge") || reading.has("high");
            if (ofSlice || reading.path("parts").valueStream().anyMatch(part -> part.has("from") || part.has("high"))) {
                return true;
            }
        }
        return false;
    }

    /** Makes and reads states of one stream. */
    record Format(String stream, @Nullable Cursor cursor) {

        StreamState read(@Nullable JsonNode state) {
            if (state == null || state.isNull() || state.isObject() && state.isEmpty()) {
                return NONE;
            }
            int version = state.path("version").intValue(0);
            if (version != VERSION) {
                throw wrong("it is no state of version " + VERSION
                        + (version == 0 ? "" : ", but of version " + version + ", which a later release has made"));
            }
            String of = state.path("stream").stringValue("");
            if (!of.equals(stream)) {
                throw wrong("it is the state of stream '" + of + "'");
            }
            String by = state.path("by").stringValue("");
            if (cursor != null && !by.isEmpty() && !by.equals(cursor.pointer())) {
                throw wrong("it was made by a cursor at '" + by + "', and this one is at '" + cursor.pointer() + "'");
            }
            List<SliceProgress> slices = new ArrayList<>();
            state.path("slices").valueStream().map(this::slice).forEach(slices::add);
            Map<String, JsonNode> parents = new LinkedHashMap<>();
            state.path("parents").properties().forEach(parent -> parents.put(parent.getKey(), parent.getValue()));
            return new StreamState(position(state.get("cursor")), position(state.get("begun")), slices, parents);
        }

        private SliceProgress slice(JsonNode json) {
            JsonNode values = json.get("slice");
            if (values == null || !values.isObject()) {
                throw wrong("one of its slices has no values");
            }
            List<Long> recent = new ArrayList<>();
            for (JsonNode fingerprint : json.path("recent")) {
                recent.add(hexadecimal("recent", fingerprint));
            }
            JsonNode mark = json.get("mark");
            JsonNode reading = json.get("reading");
            return new SliceProgress(
                    Slice.of(values),
                    position(json.get("cursor")),
                    reading == null ? null : reading(reading),
                    json.path("done").booleanValue(false),
                    List.copyOf(recent),
                    mark == null ? null : hexadecimal("mark", mark));
        }

        private long hexadecimal(String name, JsonNode number) {
            try {
                return Long.parseUnsignedLong(number.stringValue(""), 16);
            } catch (NumberFormatException e) {
                throw wrong("'" + name + "' holds something that is no hexadecimal number");
            }
        }

        private SliceProgress.Reading reading(JsonNode json) {
            List<SliceProgress.Part> parts = new ArrayList<>();
            for (JsonNode part : json.path("parts")) {
                parts.add(new SliceProgress.Part(
                        position(part.get("from")),
                        position(part.get("to")),
                        part.path("done").booleanValue(false),
                        text(part.get("page")),
                        text(part.get("after")),
                        text(part.get("last")),
                        position(part.get("high"))));
            }
            return new SliceProgress.Reading(
                    position(json.get("edge")),
                    position(json.get("until")),
                    position(json.get("begun")),
                    position(json.get("high")),
                    parts);
        }

        private static @Nullable String text(@Nullable JsonNode json) {
            return json == null || !json.isString() ? null : json.stringValue();
        }

        private @Nullable Position position(@Nullable JsonNode json) {
            if (json == null || json.isNull()) {
                return null;
            }
            if (cursor instanceof RecordCursor ordered) {
                Optional<Position> position = ordered.parse(json);
                return position.orElseThrow(() ->
                        wrong("it holds something that is no position of " + cursor + "; was the cursor another one?"));
            }
            if (cursor == null) {
                throw wrong("it has positions, but the stream has no cursor");
            }
            return new Position.Token(json);
        }

        private HeadraceException wrong(String what) {
            return new HeadraceException(
                    FailureKind.CONFIGURATION,
                    "The state given to stream '" + stream + "' cannot be used: " + what
                            + "; give it the state that this stream made, or none to begin anew",
                    null);
        }

        /** The state with nothing in it: the next run begins anew. */
        ObjectNode blank() {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("version", VERSION);
            json.put("stream", stream);
            if (cursor != null) {
                json.put("by", cursor.pointer());
            }
            return json;
        }

        /** A document that the format reads again. */
        JsonNode write(
                @Nullable Position fallback,
                @Nullable Position begun,
                Iterable<SliceProgress> slices,
                Map<String, JsonNode> parents) {
            ObjectNode json = blank();
            put(json, "cursor", fallback);
            put(json, "begun", begun);
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            slices.forEach(slice -> {
                if (slice.isWorthKeeping()) {
                    array.add(json(slice));
                }
            });
            if (!array.isEmpty()) {
                json.set("slices", array);
            }
            if (!parents.isEmpty()) {
                ObjectNode states = JsonNodeFactory.instance.objectNode();
                parents.forEach(states::set);
                json.set("parents", states);
            }
            return json;
        }

        private static ObjectNode json(SliceProgress progress) {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.set("slice", progress.slice().json());
            put(json, "cursor", progress.cursor());
            if (!progress.recent().isEmpty()) {
                ArrayNode recent = JsonNodeFactory.instance.arrayNode();
                progress.recent().forEach(fingerprint -> recent.add(Long.toHexString(fingerprint)));
                json.set("recent", recent);
            }
            if (progress.done()) {
                json.put("done", true);
            }
            Long mark = progress.mark();
            if (mark != null) {
                json.put("mark", Long.toHexString(mark));
            }
            SliceProgress.Reading reading = progress.reading();
            if (reading != null) {
                json.set("reading", json(reading));
            }
            return json;
        }

        private static ObjectNode json(SliceProgress.Reading reading) {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            put(json, "edge", reading.edge());
            put(json, "until", reading.until());
            put(json, "begun", reading.begun());
            put(json, "high", reading.high());
            ArrayNode parts = JsonNodeFactory.instance.arrayNode();
            reading.parts().forEach(part -> parts.add(json(part)));
            json.set("parts", parts);
            return json;
        }

        private static ObjectNode json(SliceProgress.Part part) {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            put(json, "from", part.from());
            put(json, "to", part.to());
            put(json, "high", part.high());
            if (part.done()) {
                json.put("done", true);
            }
            put(json, "page", part.page());
            put(json, "after", part.after());
            put(json, "last", part.last());
            return json;
        }

        private static void put(ObjectNode json, String name, @Nullable Position position) {
            if (position != null) {
                json.set(name, position.json());
            }
        }

        private static void put(ObjectNode json, String name, @Nullable String text) {
            if (text != null) {
                json.put(name, text);
            }
        }
    }
}
