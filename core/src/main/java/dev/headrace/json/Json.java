package dev.headrace.json;

import tools.jackson.databind.json.JsonMapper;

/** Reads and writes JSON with Jackson. */
public final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    /**
     * Writes a value.
     *
     * @param value the value
     * @return UTF-8 JSON
     */
    public static byte[] write(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }
}
