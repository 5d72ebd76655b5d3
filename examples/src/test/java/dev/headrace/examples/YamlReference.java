package dev.headrace.examples;

import dev.headrace.spec.Spec;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Makes of the JSON Schema of specs what the guide says of every key: a heading for each section, a row for each key. */
final class YamlReference {

    /** What stands before the part that is made. */
    static final String MARK = "<!-- Made by YamlReference; what is written below by hand is lost. -->";

    private static final String DEFINITIONS = "#/$defs/";
    private static final Pattern DEFAULT = Pattern.compile("; default (.+?)\\.(?= |$)");
    private static final Pattern WRITTEN =
            Pattern.compile(" ?Written as (?:a|an) (.+?)(?: such as .*?)?(?:, or .*)?\\.$");
    private static final Pattern HOLDS = Pattern.compile(" ?May hold expressions on ([^.]*?)(, and secrets)?\\.$");

    private final JsonNode definitions;
    private final Set<String> sections = new LinkedHashSet<>();

    private YamlReference(JsonNode schema) {
        definitions = schema.path("$defs");
        List<JsonNode> waiting = new ArrayList<>(List.of(schema.path("$ref")));
        while (!waiting.isEmpty()) {
            JsonNode reference = waiting.remove(0);
            String name = reference.asString("");
            if (name.startsWith(DEFINITIONS) && sections.add(name.substring(DEFINITIONS.length()))) {
                waiting.addAll(
                        definitions.path(name.substring(DEFINITIONS.length())).findValues("$ref"));
            }
        }
    }

    /** The part of the page that is made. */
    static String page() {
        YamlReference reference = new YamlReference(Spec.editorSchema());
        return MARK + "\n\n"
                + reference.sections.stream()
                        .map(YamlReference::link)
                        .collect(Collectors.joining(" · ", "All sections: ", "\n"))
                + reference.sections.stream().map(reference::section).collect(Collectors.joining());
    }

    private static String link(String section) {
        return "[" + section + "](#" + section + ")";
    }

    private String section(String name) {
        JsonNode definition = definitions.path(name);
        List<JsonNode> forms = forms(definition);
        StringBuilder text = new StringBuilder("\n### " + name + "\n\n" + sentence(definition) + "\n");
        List<JsonNode> words =
                forms.stream().filter(form -> form.path("const").isString()).toList();
        if (!words.isEmpty()) {
            text.append("\n| a word alone | means |\n|---|---|\n");
            words.forEach(word ->
                    text.append(row(List.of(code(word.path("const").asString("")), sentence(word)))));
        }
        forms.stream()
                .filter(form -> !form.has("const") && !form.has("properties"))
                .forEach(form -> text.append("\nAlone: ")
                        .append(type(form))
                        .append(". ")
                        .append(sentence(form))
                        .append(holds(form).isEmpty() ? "" : " May hold " + holds(form) + ".")
                        .append('\n'));
        forms.stream().filter(form -> form.has("properties")).forEach(form -> text.append(keys(form)));
        return text.toString();
    }

    private static List<JsonNode> forms(JsonNode definition) {
        return definition.has("anyOf") ? elements(definition.path("anyOf")) : List.of(definition);
    }

    private static List<JsonNode> elements(JsonNode list) {
        List<JsonNode> elements = new ArrayList<>();
        list.forEach(elements::add);
        return elements;
    }

    private static String keys(JsonNode mapping) {
        List<String> needed = names(mapping.path("required")).toList();
        List<String> kinds = elements(mapping.path("oneOf")).stream()
                .flatMap(kind -> names(kind.path("required")))
                .toList();
        boolean anyKind = elements(mapping.path("oneOf")).stream().noneMatch(kind -> kind.has("not"));
        StringBuilder text = new StringBuilder();
        if (kinds.size() > 1) {
            text.append(anyKind ? "\nExactly one of " : "\nAt most one of ")
                    .append(kinds.stream().map(YamlReference::code).collect(Collectors.joining(", ")))
                    .append(".\n");
        }
        text.append("\n| key | value | default | what | may hold |\n|---|---|---|---|---|\n");
        mapping.path("properties").properties().forEach(property -> {
            JsonNode value = property.getValue();
            boolean isNeeded = needed.contains(property.getKey())
                    || anyKind && kinds.size() == 1 && kinds.contains(property.getKey());
            text.append(row(List.of(
                    code(property.getKey()),
                    type(value),
                    isNeeded ? "**needed**" : usual(value),
                    sentence(value),
                    holds(value))));
        });
        return text.toString();
    }

    private static Stream<String> names(JsonNode list) {
        return elements(list).stream().map(name -> name.asString(""));
    }

    private static String row(List<String> cells) {
        return cells.stream()
                .map(cell -> cell.replace("|", "\\|"))
                .collect(Collectors.joining(" | ", "| ", " |\n"))
                .replace("|  |", "| |")
                .replace("|  |", "| |");
    }

    private static String code(String text) {
        return "`" + text + "`";
    }

    private static String description(JsonNode schema) {
        return schema.path("description").asString("");
    }

    /** What is said of it, without what has a column of its own. */
    private static String sentence(JsonNode schema) {
        String text = WRITTEN.matcher(description(schema)).replaceFirst("");
        return DEFAULT.matcher(HOLDS.matcher(text).replaceFirst("")).replaceFirst(".");
    }

    private static String usual(JsonNode schema) {
        Matcher said = DEFAULT.matcher(description(schema));
        if (said.find()) {
            return said.group(1);
        }
        return schema.path("default").isBoolean() ? code(schema.path("default").toString()) : "";
    }

    /** Which expressions may stand there, or in what is within it. */
    private static String holds(JsonNode schema) {
        return Stream.concat(
                        Stream.of(description(schema)),
                        schema.findValues("description").stream().map(text -> text.asString("")))
                .map(HOLDS::matcher)
                .filter(Matcher::find)
                .map(holds -> (holds.group(1).split(",").length > 2 ? "any expression" : holds.group(1))
                        + (holds.group(2) == null ? "" : ", secrets"))
                .findFirst()
                .orElse("");
    }

    private static String type(JsonNode schema) {
        Matcher written = WRITTEN.matcher(description(schema));
        if (written.find()) {
            return written.group(1);
        }
        if (schema.has("$ref")) {
            String reference = schema.path("$ref").asString("");
            return reference.startsWith(DEFINITIONS)
                    ? link(reference.substring(DEFINITIONS.length()))
                    : "[JSON Schema](" + reference + ")";
        }
        if (schema.has("const")) {
            return code(schema.path("const").asString(""));
        }
        if (schema.has("enum")) {
            return names(schema.path("enum")).map(YamlReference::code).collect(Collectors.joining(", "));
        }
        if (schema.has("anyOf")) {
            return choice(elements(schema.path("anyOf")));
        }
        if (schema.path("type").isArray()) {
            return "text";
        }
        return switch (schema.path("type").asString("")) {
            case "integer" -> "whole number";
            case "boolean" -> "`true` or `false`";
            case "array" -> "list: " + type(schema.path("items"));
            case "object" -> object(schema);
            case "" -> "any JSON";
            default -> schema.path("type").asString("");
        };
    }

    private static String choice(List<JsonNode> types) {
        return types.size() == 2 && types.get(1).path("items").equals(types.get(0))
                ? type(types.get(0)) + ", or a list of them"
                : types.stream().map(YamlReference::type).collect(Collectors.joining(", or "));
    }

    private static String object(JsonNode schema) {
        if (schema.has("properties")) {
            return schema.path("properties").properties().stream()
                    .map(property -> "`" + property.getKey() + "`: "
                            + sentence(property.getValue()).replace(".", ""))
                    .collect(Collectors.joining(", "));
        }
        return schema.path("additionalProperties").isObject()
                ? "mapping: " + type(schema.path("additionalProperties"))
                : "mapping with one key";
    }
}
