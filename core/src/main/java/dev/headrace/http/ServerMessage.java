package dev.headrace.http;

import dev.headrace.json.DecodingException;
import dev.headrace.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a server says in the body of an error, found where servers put it: a member of JSON, an element of XML, the title of an HTML page,
 * or a short text.
 *
 * @param text the words themselves; null if none were found
 * @param isPage whether the body is a page of HTML, of a proxy more often than of the API
 */
record ServerMessage(@Nullable String text, boolean isPage) {

    /** Most characters that are passed on. */
    static final int LIMIT = 300;

    private static final int DEPTH = 6;
    private static final int MEMBERS = 10;

    // In this order; in small letters and without '_' and '-'. The last ones are looked for within the others only.
    private static final List<String> NAMES = List.of(
            "message",
            "messages",
            "error",
            "errors",
            "failures",
            "failure",
            "detail",
            "details",
            "title",
            "errordescription",
            "errormessage",
            "errormessages",
            "faultstring",
            "fault",
            "msg",
            "reason",
            "description");
    private static final List<String> INNER_NAMES = List.of("value", "text", "code");

    private static final Pattern TITLE = Pattern.compile("<title[^>]*>([^<]*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern ELEMENT = Pattern.compile(
            "<(?:\\w+:)?(message|detail|faultstring|description|reason|error)(?:\\s[^>]*)?>([^<]+)</",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{C}\\p{Z}\\s]+");

    static ServerMessage of(Headers headers, byte[] body) {
        String type = headers.first("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        String text = new String(body, StandardCharsets.UTF_8).strip();
        if (text.startsWith("<")) {
            String head = text.substring(0, Math.min(text.length(), LIMIT)).toLowerCase(Locale.ROOT);
            boolean page = type.contains("html") || head.startsWith("<!doctype html") || head.contains("<html");
            return new ServerMessage(first(page ? TITLE : ELEMENT, text), page);
        }
        Optional<JsonNode> tree = tree(body);
        if (tree.isPresent()) {
            return new ServerMessage(words(find(tree.get(), 0)), false);
        }
        boolean plain = type.isEmpty() || type.startsWith("text/");
        boolean isWords =
                text.length() <= LIMIT && text.indexOf('\uFFFD') < 0 && !text.startsWith("{") && !text.startsWith("[");
        return new ServerMessage(plain && isWords ? words(text) : null, false);
    }

    /** The body as JSON, if it is some. */
    static Optional<JsonNode> tree(byte[] body) {
        try {
            return body.length == 0 ? Optional.empty() : Optional.of(Json.tree(body));
        } catch (DecodingException e) {
            return Optional.empty();
        }
    }

    /** The end of a sentence about the response; empty if the server says nothing. */
    String told(String words) {
        if (isPage) {
            return "; the server sent an HTML page" + (words.isEmpty() ? "" : ", \"" + words + "\"");
        }
        return words.isEmpty() ? "" : "; the server says \"" + words + "\"";
    }

    private static @Nullable String find(JsonNode node, int depth) {
        if (node.isString()) {
            return node.stringValue().isBlank() ? null : node.stringValue().strip();
        }
        if (depth > DEPTH) {
            return null;
        }
        if (node.isArray()) {
            return joined(node, depth);
        }
        Map<String, JsonNode> members = new HashMap<>();
        node.forEachEntry((name, member) -> members.putIfAbsent(letters(name), member));
        String described = described(members);
        if (described != null) {
            return described;
        }
        for (String name : NAMES) {
            JsonNode member = members.get(name);
            String found = member == null ? null : find(member, depth + 1);
            if (found == null && member != null && member.isObject()) {
                found = fields(member, depth + 1);
            }
            if (found != null) {
                return found;
            }
        }
        for (String name : depth == 0 ? List.<String>of() : INNER_NAMES) {
            JsonNode member = members.get(name);
            if (member != null && member.isString() && !member.stringValue().isBlank()) {
                return member.stringValue().strip();
            }
        }
        return null;
    }

    /** RFC 6749 §5.2: {@code error} is a code there, and what a person can use comes beside it. */
    private static @Nullable String described(Map<String, JsonNode> members) {
        JsonNode code = members.get("error");
        JsonNode description = members.get("errordescription");
        return code != null
                        && code.isString()
                        && description != null
                        && description.isString()
                        && !members.containsKey("message")
                ? code.stringValue() + ": " + description.stringValue()
                : null;
    }

    private static @Nullable String joined(JsonNode array, int depth) {
        List<String> found = new ArrayList<>();
        for (JsonNode member : array) {
            String text = found.size() == MEMBERS ? null : find(member, depth + 1);
            if (text != null && !found.contains(text)) {
                found.add(text);
            }
        }
        return found.isEmpty() ? null : String.join(", ", found);
    }

    /** What is said of each field of a form, under names of the API's own: {@code {"email": ["is taken"]}}. */
    private static @Nullable String fields(JsonNode object, int depth) {
        List<String> found = new ArrayList<>();
        object.forEachEntry((name, member) -> {
            String text = member.isString() || member.isArray() ? find(member, depth + 1) : null;
            if (text != null && found.size() < MEMBERS) {
                found.add(name + ": " + text);
            }
        });
        return found.isEmpty() ? null : String.join(", ", found);
    }

    private static String letters(String name) {
        return name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    private static @Nullable String first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        String found = null;
        while (found == null && matcher.find()) {
            found = words(unescaped(matcher.group(matcher.groupCount())));
        }
        return found;
    }

    private static String unescaped(String text) {
        return text.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&apos;", "'")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
    }

    /** One line of printable characters; what is not one could forge a line of a log or hide one. */
    private static @Nullable String words(@Nullable String text) {
        String line =
                text == null ? "" : UNPRINTABLE.matcher(text).replaceAll(" ").strip();
        return line.isEmpty() ? null : line;
    }

    /** At most {@value #LIMIT} characters of the words, without splitting one. */
    static String cut(String words) {
        return words.codePointCount(0, words.length()) <= LIMIT
                ? words
                : words.substring(0, words.offsetByCodePoints(0, LIMIT - 1)) + "…";
    }
}
