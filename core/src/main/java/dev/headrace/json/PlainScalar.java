package dev.headrace.json;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What a place in a document nearly always holds, a string without escapes or a whole number, read without a parser: making one takes
 * a kilobyte.
 */
final class PlainScalar {

    // What always fits into a long.
    private static final int MOST_DIGITS = 18;

    private PlainScalar() {}

    /** Null if the text takes a parser, or is no JSON. */
    static @Nullable JsonNode read(String json) {
        if (json.isEmpty()) {
            return null;
        }
        return json.charAt(0) == '"' ? string(json) : number(json);
    }

    private static @Nullable JsonNode string(String json) {
        int last = json.length() - 1;
        if (last == 0 || json.charAt(last) != '"') {
            return null;
        }
        for (int i = 1; i < last; i++) {
            char c = json.charAt(i);
            // Half a pair would not survive being written as UTF-8.
            if (c < ' ' || c == '"' || c == '\\' || Character.isSurrogate(c)) {
                return null;
            }
        }
        return JsonNodeFactory.instance.stringNode(json.substring(1, last));
    }

    private static @Nullable JsonNode number(String json) {
        int from = json.charAt(0) == '-' ? 1 : 0;
        int digits = json.length() - from;
        if (digits == 0 || digits > MOST_DIGITS || json.charAt(from) == '0' && json.length() > 1) {
            return null;
        }
        long number = 0;
        for (int i = from; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c < '0' || c > '9') {
                return null;
            }
            number = number * 10 + c - '0';
        }
        long signed = from == 0 ? number : -number;
        return signed == (int) signed
                ? JsonNodeFactory.instance.numberNode((int) signed)
                : JsonNodeFactory.instance.numberNode(signed);
    }
}
