package dev.headrace.spec;

import dev.headrace.json.DecodingException;
import dev.headrace.json.Json;
import dev.headrace.json.JsonSchema;
import dev.headrace.json.Pointer;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** The part of the format that describes values: a JSON Schema in place, in a file of JSON or YAML, or on the class path. */
final class SchemaFormat {

    private static final Pattern PLACE = Pattern.compile("'((?:/[^']*)+)'");

    /**
     * A schema that can be looked into.
     *
     * @param tree what is written
     * @param schema what checks values
     */
    record Written(JsonNode tree, JsonSchema schema) {}

    static final Shape<Written> SCHEMA = new Shape<>() {
        @Override
        public @Nullable Written read(Found found) {
            if (!(found.node() instanceof YamlNode.Mapping mapping)) {
                return found.unexpected("a JSON Schema, or 'file' or 'resource' with the path of one");
            }
            if (mapping.entries().size() == 1) {
                YamlNode.Entry only = mapping.entries().get(0);
                if (only.key().equals("file")) {
                    return inFile(found.value(only));
                }
                if (only.key().equals("resource")) {
                    return resource(found.value(only));
                }
            }
            return inline(found);
        }

        @Override
        public ObjectNode schema(EditorSchema schema) {
            ObjectNode file = elsewhere("file", "Path of a schema, from the spec's own.");
            ObjectNode resource = elsewhere("resource", "Path of a schema on the class path.");
            ObjectNode inline =
                    JsonNodeFactory.instance.objectNode().put("$ref", "https://json-schema.org/draft/2020-12/schema");
            return EditorSchema.anyOf(List.of(file, resource, inline));
        }
    };

    private SchemaFormat() {}

    private static ObjectNode elsewhere(String key, String description) {
        ObjectNode schema = EditorSchema.type("object");
        schema.putObject("properties").set(key, EditorSchema.described(EditorSchema.type("string"), description));
        schema.putArray("required").add(key);
        return schema.put("additionalProperties", false);
    }

    private static @Nullable Written resource(Found found) {
        String path = Scalars.text().read(found);
        // What is in it stays unknown, so references into it are not checked.
        return path == null
                ? null
                : Shape.accepted(found, () -> new Written(MissingNode.getInstance(), JsonSchema.resource(path)));
    }

    private static @Nullable Written inline(Found found) {
        JsonNode tree = found.node().json();
        try {
            return new Written(tree, JsonSchema.of(tree));
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            return found.problem(placeOf(message, found.node()), message);
        }
    }

    /** The place within that a message names, as far as there is something. */
    private static Position placeOf(String message, YamlNode schema) {
        Matcher named = PLACE.matcher(message);
        YamlNode node = schema;
        for (String key : named.find() ? Pointer.of(named.group(1)).keys() : List.<String>of()) {
            YamlNode below = node instanceof YamlNode.Mapping mapping
                    ? mapping.entry(key).map(YamlNode.Entry::value).orElse(null)
                    : null;
            if (below == null || below.isNull()) {
                break;
            }
            node = below;
        }
        return node.at();
    }

    private static @Nullable Written written(Found found, JsonNode tree) {
        return Shape.accepted(found, () -> new Written(tree, JsonSchema.of(tree)));
    }

    private static @Nullable Written inFile(Found found) {
        String name = Scalars.text().read(found);
        if (name == null) {
            return null;
        }
        Path directory = found.reading().directory().orElse(null);
        if (directory == null) {
            return found.problem("names a file, which only a spec that is itself in a file can do");
        }
        Path file;
        try {
            file = directory.resolve(name);
        } catch (InvalidPathException e) {
            return found.problem("is no path of a file: " + e.getReason());
        }
        try {
            return content(found, file, SpecFile.read(file));
        } catch (SpecFile.Unfit e) {
            return found.problem("the file " + file + " " + e.getMessage());
        } catch (IOException e) {
            return found.problem(
                    "the file " + file + " cannot be read: " + e.getClass().getSimpleName());
        }
    }

    private static @Nullable Written content(Found found, Path file, String text) {
        if (file.toString().endsWith(".yaml") || file.toString().endsWith(".yml")) {
            Problems inside = new Problems();
            Optional<YamlNode> node = YamlReader.read(text, inside);
            return inside.isEmpty() && node.isPresent()
                    ? written(found, node.get().json())
                    : found.problem(
                            "the file " + file + " is no YAML: " + inside.all().get(0));
        }
        try {
            return written(found, Json.tree(text));
        } catch (DecodingException e) {
            return found.problem("the file " + file + " is no JSON: " + e.getMessage());
        }
    }
}
