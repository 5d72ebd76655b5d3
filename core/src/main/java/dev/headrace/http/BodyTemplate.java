package dev.headrace.http;

import dev.headrace.json.Json;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON whose texts name variables in braces. */
final class BodyTemplate {

    // {name} is a variable, {{name}} an escaped one; a brace before anything else is a brace, as in GraphQL.
    private static final Pattern VARIABLE = Pattern.compile("\\{\\{([\\w.]+)}}|\\{([\\w.]+)}");
    private static final int NAME = 2;

    private final JsonNode json;
    private final Set<String> variables = new LinkedHashSet<>();

    BodyTemplate(JsonNode json) {
        // A tree can be changed by whoever made it.
        this.json = json.deepCopy();
        collect(this.json);
    }

    private void collect(JsonNode node) {
        if (node.isString()) {
            Matcher matcher = VARIABLE.matcher(node.stringValue());
            while (matcher.find()) {
                if (matcher.group(NAME) != null) {
                    variables.add(matcher.group(NAME));
                }
            }
        } else {
            node.forEach(this::collect);
        }
    }

    /** The names of its variables, in the order of their first appearance. */
    Set<String> variables() {
        return Collections.unmodifiableSet(variables);
    }

    /** The JSON as it was given. */
    JsonNode json() {
        return json;
    }

    /** The JSON with values in place of the variables. */
    byte[] fill(Map<String, Object> values) {
        List<String> missing =
                variables.stream().filter(name -> values.get(name) == null).toList();
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("No value for the variable " + String.join(", ", missing)
                    + " of the body's template; give it by Request.with(name, value)");
        }
        return Json.write(filled(json, values));
    }

    /** A value that stays as it is when the template is filled in. */
    static JsonNode literally(JsonNode value) {
        if (value.isObject()) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            value.forEachEntry((name, member) -> object.set(name, literally(member)));
            return object;
        }
        if (value.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            value.forEach(member -> array.add(literally(member)));
            return array;
        }
        // One more pair of braces escapes a variable, and an escaped one too.
        return value.isString()
                ? JsonNodeFactory.instance.stringNode(VARIABLE.matcher(value.stringValue())
                        .replaceAll(braces -> Matcher.quoteReplacement("{" + braces.group() + "}")))
                : value;
    }

    private static JsonNode filled(JsonNode node, Map<String, Object> values) {
        if (node.isObject()) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            node.forEachEntry((name, member) -> object.set(name, filled(member, values)));
            return object;
        }
        if (node.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            node.forEach(member -> array.add(filled(member, values)));
            return array;
        }
        return node.isString() ? filled(node.stringValue(), values) : node;
    }

    private static JsonNode filled(String text, Map<String, Object> values) {
        Matcher matcher = VARIABLE.matcher(text);
        if (matcher.matches() && matcher.group(NAME) != null) {
            return Json.toTree(value(matcher, values));
        }
        return JsonNodeFactory.instance.stringNode(
                matcher.replaceAll(variable -> Matcher.quoteReplacement(inserted(variable, values))));
    }

    private static String inserted(MatchResult variable, Map<String, Object> values) {
        if (variable.group(NAME) == null) {
            return "{" + variable.group(1) + "}";
        }
        Object value = value(variable, values);
        boolean composite = value instanceof Map || value instanceof Iterable;
        return composite ? Json.writeText(value) : String.valueOf(value);
    }

    private static Object value(MatchResult variable, Map<String, Object> values) {
        return Body.revealed(Objects.requireNonNull(values.get(variable.group(NAME))));
    }
}
