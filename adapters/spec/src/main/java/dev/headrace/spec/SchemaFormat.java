package dev.headrace.spec;

import dev.headrace.json.DecodingException;
import dev.headrace.json.Json;
import dev.headrace.json.JsonSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The part of the format that describes values: a JSON Schema in place, or one in a file of JSON or YAML. */
final class SchemaFormat {

    private static final int MOST_BYTES = 4 * 1024 * 1024;

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
                return found.unexpected("a JSON Schema, or 'file' with the path of one");
            }
            Optional<YamlNode.Entry> file = mapping.entry("file");
            return file.isPresent() && mapping.entries().size() == 1
                    ? inFile(found.value(file.get()))
                    : written(found, found.node().json());
        }

        @Override
        public ObjectNode schema(EditorSchema schema) {
            ObjectNode file = EditorSchema.type("object");
            file.putObject("properties")
                    .set(
                            "file",
                            EditorSchema.described(
                                    EditorSchema.type("string"), "Path of a schema, from the spec's own."));
            file.putArray("required").add("file");
            file.put("additionalProperties", false);
            ObjectNode inline =
                    JsonNodeFactory.instance.objectNode().put("$ref", "https://json-schema.org/draft/2020-12/schema");
            return EditorSchema.anyOf(List.of(file, inline));
        }
    };

    private SchemaFormat() {}

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
        Path file = directory.resolve(name);
        try {
            if (Files.size(file) > MOST_BYTES) {
                return found.problem("the file " + file + " is larger than 4 MiB");
            }
            return content(found, file, Files.readString(file));
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
