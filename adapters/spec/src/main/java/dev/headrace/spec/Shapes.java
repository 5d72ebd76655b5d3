package dev.headrace.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The shapes of what has parts but no keys of its own: lists, mappings by any name, JSON. */
final class Shapes {

    private Shapes() {}

    /** A list; what is wrong with its elements is said of all of them. */
    static <T> Shape<List<T>> list(Shape<T> element) {
        return new Shape<>() {
            @Override
            public @Nullable List<T> read(Found found) {
                return found.node() instanceof YamlNode.Sequence sequence
                        ? elements(found, sequence, element)
                        : found.unexpected("a list");
            }

            @Override
            public ObjectNode schema(EditorSchema schema) {
                ObjectNode list = EditorSchema.type("array");
                list.set("items", element.schema(schema));
                return list;
            }
        };
    }

    /** A list, or its only element without one. */
    static <T> Shape<List<T>> oneOrMany(Shape<T> element) {
        Shape<List<T>> list = list(element);
        return new Shape<>() {
            @Override
            public @Nullable List<T> read(Found found) {
                if (found.node() instanceof YamlNode.Sequence) {
                    return list.read(found);
                }
                T only = element.read(found);
                return only == null ? null : List.of(only);
            }

            @Override
            public ObjectNode schema(EditorSchema schema) {
                return EditorSchema.anyOf(List.of(element.schema(schema), list.schema(schema)));
            }
        };
    }

    private static <T> @Nullable List<T> elements(Found found, YamlNode.Sequence sequence, Shape<T> shape) {
        if (sequence.elements().isEmpty()) {
            return found.problem("is empty; it needs at least one element");
        }
        List<T> elements = new ArrayList<>();
        for (int index = 0; index < sequence.elements().size(); index++) {
            T element = shape.read(found.element(index, sequence.elements().get(index)));
            if (element != null) {
                elements.add(element);
            }
        }
        return elements.size() == sequence.elements().size() ? List.copyOf(elements) : null;
    }

    /** Values by names that are the user's. */
    static <T> Shape<Map<String, T>> map(Shape<T> value) {
        return new Shape<>() {
            @Override
            public @Nullable Map<String, T> read(Found found) {
                if (!(found.node() instanceof YamlNode.Mapping mapping)) {
                    return found.unexpected("a mapping");
                }
                Map<String, T> values = new LinkedHashMap<>();
                for (YamlNode.Entry entry : mapping.entries()) {
                    T read = value.read(found.value(entry));
                    if (read != null) {
                        values.put(entry.key(), read);
                    }
                }
                return values.size() == mapping.entries().size() ? values : null;
            }

            @Override
            public ObjectNode schema(EditorSchema schema) {
                ObjectNode map = EditorSchema.type("object");
                map.set("additionalProperties", value.schema(schema));
                return map;
            }
        };
    }

    /**
     * Values by names, each without that in which something is wrong; and what is found, for whoever has to look at it
     * again.
     */
    static <T> Shape<Map<String, Located<T>>> readable(Section<T> value) {
        Shape<Map<String, T>> described = map(value);
        return new Shape<>() {
            @Override
            public @Nullable Map<String, Located<T>> read(Found found) {
                if (!(found.node() instanceof YamlNode.Mapping mapping)
                        || mapping.entries().isEmpty()) {
                    return found.unexpected("a mapping with at least one entry");
                }
                Map<String, Located<T>> values = new LinkedHashMap<>();
                for (YamlNode.Entry entry : mapping.entries()) {
                    Found place = found.value(entry);
                    T read = value.readable(place);
                    if (read != null) {
                        values.put(entry.key(), new Located<>(place, read));
                    }
                }
                return values;
            }

            @Override
            public ObjectNode schema(EditorSchema schema) {
                return described.schema(schema).put("minProperties", 1);
            }
        };
    }

    /** Any JSON value, without expressions. */
    static Shape<JsonNode> json() {
        return new Shape<>() {
            @Override
            public @Nullable JsonNode read(Found found) {
                return isPlain(found, found.node()) ? found.node().json() : null;
            }

            private boolean isPlain(Found found, YamlNode node) {
                if (node instanceof YamlNode.Scalar scalar) {
                    return Scalars.isPlain(found, scalar);
                }
                return node instanceof YamlNode.Sequence sequence
                        ? sequence.elements().stream().allMatch(element -> isPlain(found, element))
                        : ((YamlNode.Mapping) node).entries().stream().allMatch(entry -> isPlain(found, entry.value()));
            }

            @Override
            public ObjectNode schema(EditorSchema schema) {
                return EditorSchema.anything();
            }
        };
    }

    /** The same, with a line for whoever writes it. */
    static <T> Shape<T> described(String description, Shape<T> shape) {
        return new Shape<>() {
            @Override
            public @Nullable T read(Found found) {
                return shape.read(found);
            }

            @Override
            public ObjectNode schema(EditorSchema schema) {
                return EditorSchema.described(shape.schema(schema), description);
            }
        };
    }

    /** What is found, for whoever has to look at it again. */
    static <T> Shape<Located<T>> located(Shape<T> shape) {
        return new Shape<>() {
            @Override
            public @Nullable Located<T> read(Found found) {
                T value = shape.read(found);
                return value == null ? null : new Located<>(found, value);
            }

            @Override
            public ObjectNode schema(EditorSchema schema) {
                return shape.schema(schema);
            }
        };
    }

    /** A shape that is made of itself, or of one that is said later. */
    static <T> Shape<T> lazily(Supplier<Shape<T>> shape) {
        return new Shape<>() {
            @Override
            public @Nullable T read(Found found) {
                return shape.get().read(found);
            }

            @Override
            public ObjectNode schema(EditorSchema schema) {
                return shape.get().schema(schema);
            }
        };
    }
}
