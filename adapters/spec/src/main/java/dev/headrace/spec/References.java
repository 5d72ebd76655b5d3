package dev.headrace.spec;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Says which expressions, places and variables speak of something that there is not: checked when all of a document has
 * been read.
 */
final class References {

    /** A variable that must have a value, and no expression. */
    private static final Pattern VARIABLE = Pattern.compile("(?<!\\{)\\{\\+?([\\w.%]+)(?:\\*|:\\d+)?}(?!})");

    /** What may describe properties that 'properties' does not name. */
    private static final Set<String> OPENING = Set.of(
            "additionalProperties",
            "unevaluatedProperties",
            "patternProperties",
            "$ref",
            "$dynamicRef",
            "allOf",
            "anyOf",
            "oneOf",
            "if",
            "dependentSchemas");

    private final Reading reading;
    private final SpecForm spec;

    References(Reading reading, SpecForm spec) {
        this.reading = reading;
        this.spec = spec;
    }

    void check() {
        boolean configKnown = !reading.problems().isWithin("config");
        List<Template> templates = reading.templates();
        if (configKnown) {
            templates.forEach(this::checkConfig);
        }
        spec.streams().forEach((name, stream) -> check(name, stream, templates));
    }

    private void checkConfig(Template template) {
        template.references()
                .filter(reference -> reference.root() == Root.CONFIG)
                .forEach(reference -> {
                    String problem = configProblem(reference.keys());
                    if (problem != null) {
                        say(template, reference.offset(), problem);
                    }
                });
    }

    private @Nullable String configProblem(List<String> keys) {
        SchemaFormat.Written config = spec.config();
        if (config == null) {
            return "there is no config; say under 'config' what it looks like";
        }
        JsonNode schema = config.tree();
        for (int depth = 0; depth < keys.size(); depth++) {
            JsonNode properties = schema.path("properties");
            String key = keys.get(depth);
            if (properties.has(key)) {
                schema = properties.path(key);
            } else {
                return isClosed(schema)
                        ? unknown("the config" + in(keys.subList(0, depth)), key, names(properties))
                        : null;
            }
        }
        return null;
    }

    /** Whether what it does not name is a mistake: it names some, and says of others nothing, or that there are none. */
    private static boolean isClosed(JsonNode schema) {
        return isFalse(schema, "additionalProperties")
                || isFalse(schema, "unevaluatedProperties")
                || schema.path("properties").size() > 0 && OPENING.stream().noneMatch(schema::has);
    }

    private static boolean isFalse(JsonNode schema, String keyword) {
        return schema.path(keyword).isBoolean() && !schema.path(keyword).booleanValue();
    }

    private static String in(List<String> keys) {
        return keys.isEmpty() ? "" : "'s " + String.join(".", keys);
    }

    private static List<String> names(JsonNode properties) {
        List<String> names = new ArrayList<>();
        properties.properties().forEach(property -> names.add(property.getKey()));
        return names;
    }

    private static String unknown(String whose, String name, Collection<String> known) {
        return whose + " has no " + Suggestion.quoted(name)
                + (known.isEmpty() ? "" : ", only " + String.join(", ", known)) + Suggestion.of(name, known);
    }

    private void check(String name, Located<StreamForm> stream, List<Template> templates) {
        String path = stream.found().path();
        List<Template> own = templates.stream()
                .filter(template -> template.place().path().startsWith(path + "."))
                .toList();
        StreamForm form = stream.value();
        if (form.events != null) {
            own.forEach(template -> checkEvents(template, name));
            return;
        }
        // What slices there are is not known if something is wrong with them.
        if (stream.lacks("events", "slices", "parents", "windows")) {
            return;
        }
        form.sliceNames().ifPresent(names -> {
            // Records are of slices, and windows are only how these are read.
            Set<String> ofRecords = form.ownSliceNames().orElse(names);
            own.forEach(template ->
                    checkSlice(template, template.place().path().startsWith(path + ".map[") ? ofRecords : names));
            checkPlaces(stream, names);
            if (form.request != null && !stream.lacks("cursor", "pagination")) {
                own.stream()
                        .filter(template -> template == form.requested().path())
                        .forEach(template -> checkVariables(template, form, names));
            }
        });
    }

    /** Events come in one connection after the other, and those are no pages. */
    private void checkEvents(Template template, String stream) {
        template.references()
                .filter(reference -> reference.root() == Root.SLICE || reference.root() == Root.PAGE)
                .forEach(reference -> say(
                        template,
                        reference.offset(),
                        "the events of '" + stream + "' have no "
                                + reference.root().word()));
    }

    private void checkSlice(Template template, Set<String> names) {
        template.references()
                .filter(reference -> reference.root() == Root.SLICE)
                .filter(reference -> !reference.keys().isEmpty()
                        && !names.contains(reference.keys().get(0)))
                .forEach(reference -> say(
                        template,
                        reference.offset(),
                        names.isEmpty()
                                ? "the stream has no slices"
                                : unknown("the slice", reference.keys().get(0), names)));
    }

    private static void checkPlaces(Located<StreamForm> stream, Set<String> names) {
        Optional<YamlNode.Entry> places =
                stream.found().node() instanceof YamlNode.Mapping mapping ? mapping.entry("place") : Optional.empty();
        places.ifPresent(entry -> {
            Found place = stream.found().value(entry);
            if (entry.value() instanceof YamlNode.Mapping mapping) {
                for (YamlNode.Entry one : mapping.entries()) {
                    if (!names.contains(one.key())) {
                        place.value(one).<String>problem(one.at(), unknown("the slice", one.key(), names));
                    }
                }
            }
        });
    }

    private void checkVariables(Template path, StreamForm form, Set<String> names) {
        if (!(path.place().node() instanceof YamlNode.Scalar scalar)) {
            return;
        }
        Matcher variable = VARIABLE.matcher(scalar.text());
        while (variable.find()) {
            String name = variable.group(1);
            if (!names.contains(name) && !form.givenVariables().contains(name)) {
                say(
                        path,
                        variable.start(),
                        "nothing gives the variable '" + name + "' a value; a slice or a pagination would"
                                + Suggestion.of(name, names));
            }
        }
    }

    private static void say(Template template, int offset, String problem) {
        if (template.place().node() instanceof YamlNode.Scalar scalar) {
            template.place().<String>problem(scalar.at(offset), problem);
        }
    }
}
