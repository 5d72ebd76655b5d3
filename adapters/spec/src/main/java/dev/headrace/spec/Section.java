package dev.headrace.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A mapping with keys that are known, and the value that grows as they are read: the table of the format is made of
 * these, a line for each key that says its name, what it is for, what may stand there and what of the Java value it
 * becomes. The order of the lines is the order in which they are put into the value, whatever the order in the
 * document.
 *
 * <p>A section may have <em>kinds</em>, keys of which there is exactly one and which begin the value; <em>words</em>,
 * which stand alone for a whole value; and a <em>short form</em>, a value in place of the mapping. Immutable: every
 * line gives a new section.
 *
 * @param <T> the value
 */
final class Section<T> implements Shape<T> {

    private final String name;
    private final String description;
    private final @Nullable T beginning;
    private final List<Line<T, ?>> lines;
    private final Map<String, Word<T>> words;
    private final @Nullable Shape<T> shortForm;

    private enum Need {
        KIND,
        REQUIRED,
        OPTIONAL
    }

    /** A key. */
    private record Line<T, V>(
            String key, String description, Shape<V> shape, Need need, BiFunction<@Nullable T, V, T> put) {}

    /** A word for a whole value. */
    private record Word<T>(String description, Supplier<T> value) {}

    private Section(
            String name,
            String description,
            @Nullable T beginning,
            List<Line<T, ?>> lines,
            Map<String, Word<T>> words,
            @Nullable Shape<T> shortForm) {
        this.name = name;
        this.description = description;
        this.beginning = beginning;
        this.lines = lines;
        this.words = words;
        this.shortForm = shortForm;
    }

    /** A section whose value begins as something. */
    static <T> Section<T> of(String name, String description, T beginning) {
        return new Section<>(name, description, Objects.requireNonNull(beginning), List.of(), Map.of(), null);
    }

    /** A section whose value begins with one of its kinds. */
    static <T> Section<T> ofKinds(String name, String description) {
        return new Section<>(name, description, null, List.of(), Map.of(), null);
    }

    /** A key that begins the value; there is only one of these. */
    <V> Section<T> kind(String key, String description, Shape<V> shape, Function<? super V, ? extends T> begin) {
        return with(new Line<>(key, description, shape, Need.KIND, (value, given) -> begin.apply(given)));
    }

    /** A key that may be left out. */
    <V> Section<T> key(
            String key, String description, Shape<V> shape, BiFunction<? super T, ? super V, ? extends T> put) {
        return with(new Line<>(key, description, shape, Need.OPTIONAL, putting(put)));
    }

    /** A key that there must be. */
    <V> Section<T> required(
            String key, String description, Shape<V> shape, BiFunction<? super T, ? super V, ? extends T> put) {
        return with(new Line<>(key, description, shape, Need.REQUIRED, putting(put)));
    }

    /** A key that says yes to something; {@code false} is as good as leaving it out. */
    Section<T> flag(String key, String description, Function<? super T, ? extends T> put) {
        return key(key, description, Scalars.truth(), (value, on) -> on ? put.apply(value) : value);
    }

    private static <T, V> BiFunction<@Nullable T, V, T> putting(BiFunction<? super T, ? super V, ? extends T> put) {
        return (value, given) -> put.apply(Objects.requireNonNull(value), given);
    }

    private Section<T> with(Line<T, ?> line) {
        return new Section<>(
                name,
                description,
                beginning,
                Stream.concat(lines.stream(), Stream.of(line)).toList(),
                words,
                shortForm);
    }

    /** A word that stands for a whole value; as a key with {@code true} it begins one. */
    Section<T> word(String word, String description, Supplier<T> value) {
        Map<String, Word<T>> more = new LinkedHashMap<>(words);
        more.put(word, new Word<>(description, value));
        return new Section<>(name, this.description, beginning, lines, more, shortForm);
    }

    /** What may stand in place of the mapping. */
    Section<T> shortForm(String description, Shape<T> shape) {
        return new Section<>(name, this.description, beginning, lines, words, Shapes.described(description, shape));
    }

    @Override
    public @Nullable T read(Found found) {
        if (found.node() instanceof YamlNode.Mapping mapping) {
            return new Filling(found, mapping).value();
        }
        Word<T> word = found.node() instanceof YamlNode.Scalar scalar ? words.get(scalar.text()) : null;
        if (word != null) {
            return word.value().get();
        }
        boolean isShort = shortForm != null
                && found.node() instanceof YamlNode.Scalar
                && !found.node().isNull();
        return isShort ? Objects.requireNonNull(shortForm).read(found) : found.unexpected(expected());
    }

    /** What could be read of it, whatever is wrong with the rest. */
    @Nullable
    T readable(Found found) {
        return found.node() instanceof YamlNode.Mapping mapping ? new Filling(found, mapping).filled() : read(found);
    }

    /** The keys and words of which there is only one. */
    private List<String> kinds() {
        return Stream.concat(
                        lines.stream().filter(line -> line.need() == Need.KIND).map(Line::key), words.keySet().stream())
                .distinct()
                .toList();
    }

    private String expected() {
        List<String> all = new ArrayList<>(words.keySet());
        List<String> keys = lines.stream().map(Line::key).toList();
        all.add("a mapping with "
                + (keys.size() > 8 ? String.join(", ", keys.subList(0, 8)) + ", …" : Scalars.oneOf(keys)));
        return Scalars.oneOf(all);
    }

    /** One mapping on its way into a value. */
    private final class Filling {

        private final Found found;
        private final YamlNode.Mapping mapping;
        private boolean failed;

        Filling(Found found, YamlNode.Mapping mapping) {
            this.found = found;
            this.mapping = mapping;
        }

        @Nullable
        T value() {
            T value = filled();
            return failed ? null : value;
        }

        @Nullable
        T filled() {
            refuseUnknownKeys();
            T value = begin();
            for (Line<T, ?> line : lines) {
                if (line.need() != Need.KIND) {
                    value = put(line, value);
                }
            }
            return value;
        }

        private void refuseUnknownKeys() {
            List<String> known = Stream.concat(lines.stream().map(Line::key), words.keySet().stream())
                    .toList();
            for (YamlNode.Entry entry : mapping.entries()) {
                if (!known.contains(entry.key())) {
                    failed = true;
                    found.value(entry)
                            .<T>problem(
                                    entry.at(),
                                    "there is no key " + Suggestion.quoted(entry.key()) + " here"
                                            + Suggestion.of(entry.key(), known));
                }
            }
        }

        /** The value that the one kind begins. */
        private @Nullable T begin() {
            List<String> kinds = kinds();
            List<YamlNode.Entry> chosen = mapping.entries().stream()
                    .filter(entry -> kinds.contains(entry.key()))
                    .toList();
            for (YamlNode.Entry entry : chosen.stream().skip(1).toList()) {
                fail(
                        found.value(entry),
                        entry.at(),
                        "there is '" + chosen.get(0).key() + "' already; only one of " + Scalars.oneOf(kinds)
                                + " can be said");
            }
            if (!chosen.isEmpty()) {
                return begun(chosen.get(0));
            }
            if (beginning == null) {
                fail(
                        found,
                        found.holder(),
                        "needs " + (kinds.size() == 1 ? "'" + kinds.get(0) + "'" : "one of " + Scalars.oneOf(kinds)));
            }
            return beginning;
        }

        private @Nullable T begun(YamlNode.Entry entry) {
            Line<T, ?> line = lines.stream()
                    .filter(one -> one.key().equals(entry.key()))
                    .findFirst()
                    .orElse(null);
            Word<T> word = words.get(entry.key());
            if (line != null || word == null) {
                return line == null ? null : put(line, null);
            }
            if (!entry.value().json().asString("").equals("true")) {
                fail(found.value(entry), entry.value().at(), "expected true, as in '" + entry.key() + ": true'");
                return null;
            }
            return word.value().get();
        }

        private <V> @Nullable T put(Line<T, V> line, @Nullable T value) {
            YamlNode.Entry entry = mapping.entry(line.key()).orElse(null);
            if (entry == null) {
                if (line.need() == Need.REQUIRED) {
                    fail(found, found.holder(), "lacks the key '" + line.key() + "'");
                }
                return value;
            }
            Found place = found.value(entry);
            V given = line.shape().read(place);
            // What cannot be put anywhere any more has been looked at for its own problems all the same.
            T next = given == null || value == null && line.need() != Need.KIND
                    ? null
                    : Shape.accepted(place, () -> line.put().apply(value, given));
            failed |= next == null;
            return next == null ? value : next;
        }

        private void fail(Found place, Position at, String message) {
            failed = true;
            place.problem(at, message);
        }
    }

    @Override
    public ObjectNode schema(EditorSchema schema) {
        return schema.defined(name, () -> definition(schema));
    }

    private ObjectNode definition(EditorSchema schema) {
        List<ObjectNode> forms = new ArrayList<>();
        words.forEach((word, meaning) ->
                forms.add(constant(JsonNodeFactory.instance.stringNode(word), meaning.description())));
        if (shortForm != null) {
            forms.add(shortForm.schema(schema));
        }
        if (!lines.isEmpty()) {
            forms.add(mapping(schema));
        }
        return EditorSchema.described(EditorSchema.anyOf(forms), description);
    }

    private static ObjectNode constant(JsonNode value, String description) {
        ObjectNode constant = JsonNodeFactory.instance.objectNode();
        constant.set("const", value);
        return EditorSchema.described(constant, description);
    }

    private ObjectNode mapping(EditorSchema schema) {
        ObjectNode mapping = EditorSchema.type("object");
        ObjectNode properties = mapping.putObject("properties");
        for (Line<T, ?> line : lines) {
            properties.set(line.key(), EditorSchema.described(line.shape().schema(schema), line.description()));
        }
        words.forEach((word, meaning) -> {
            if (!properties.has(word)) {
                properties.set(word, constant(JsonNodeFactory.instance.booleanNode(true), meaning.description()));
            }
        });
        ArrayNode required = mapping.arrayNode();
        lines.stream()
                .filter(line -> line.need() == Need.REQUIRED)
                .map(Line::key)
                .forEach(required::add);
        if (!required.isEmpty()) {
            mapping.set("required", required);
        }
        if (lines.stream().anyMatch(line -> line.need() == Need.KIND)) {
            ArrayNode oneOf = mapping.putArray("oneOf");
            kinds().forEach(kind -> oneOf.addObject().putArray("required").add(kind));
            if (beginning != null) {
                // None of them is fine too.
                ArrayNode any = oneOf.addObject().putObject("not").putArray("anyOf");
                kinds().forEach(kind -> any.addObject().putArray("required").add(kind));
            }
        }
        mapping.put("additionalProperties", false);
        return mapping;
    }
}
