package dev.headrace.stream;

import dev.headrace.json.Json;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/** Trees of JSON as tests write it, with single quotes. */
final class Trees {

    private Trees() {}

    static JsonNode json(String text) {
        return Json.tree(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
