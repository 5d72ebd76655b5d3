package dev.headrace.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON with templates for its texts. A member or an element that is exactly one expression without a value is left out.
 * What is the same for all requests of a reading is told from what is not, so that the one can stand in the request
 * from the beginning and the other be put into each.
 */
sealed interface JsonForm {

    /** A value, or a secret, or nothing. */
    record Leaf(Template template) implements JsonForm {}

    /** Elements in a row. */
    record Row(List<JsonForm> elements) implements JsonForm {}

    /** Members by name. */
    record Members(Map<String, JsonForm> members) implements JsonForm {}

    /** A place within, and what goes there. */
    record Moving(String pointer, JsonForm form) {}

    /**
     * All of it as maps, lists, JSON values and secrets, as {@link dev.headrace.http.Body#json} takes them; empty if
     * nothing is left.
     */
    default Optional<Object> value(Scope scope) {
        if (this instanceof Leaf leaf) {
            return leaf.template().sent(scope);
        }
        if (this instanceof Row row) {
            return Optional.of(row.elements().stream()
                    .flatMap(element -> element.value(scope).stream())
                    .toList());
        }
        Map<String, Object> values = new LinkedHashMap<>();
        ((Members) this)
                .members()
                .forEach((name, member) -> member.value(scope).ifPresent(value -> values.put(name, value)));
        return Optional.of(values);
    }

    /** Whether all of it is the same for all requests of a reading. */
    default boolean isSettled() {
        if (this instanceof Leaf leaf) {
            return leaf.template().isSettled();
        }
        return this instanceof Row row
                ? row.elements().stream().allMatch(JsonForm::isSettled)
                : ((Members) this).members().values().stream().allMatch(JsonForm::isSettled);
    }

    /** Whether there is a secret in it. */
    default boolean hasSecret() {
        if (this instanceof Leaf leaf) {
            return leaf.template().hasSecret();
        }
        return this instanceof Row row
                ? row.elements().stream().anyMatch(JsonForm::hasSecret)
                : ((Members) this).members().values().stream().anyMatch(JsonForm::hasSecret);
    }

    /** What of it is the same for all requests of a reading; a list is that as a whole or not at all. */
    default JsonForm settled() {
        if (!(this instanceof Members object)) {
            return isSettled() ? this : new Members(Map.of());
        }
        Map<String, JsonForm> settled = new LinkedHashMap<>();
        object.members().forEach((name, member) -> {
            if (member.isSettled() || member instanceof Members) {
                settled.put(name, member.settled());
            }
        });
        return new Members(settled);
    }

    /** The rest of it, by place. */
    default List<Moving> moving(String pointer) {
        if (isSettled()) {
            return List.of();
        }
        if (!(this instanceof Members object)) {
            return List.of(new Moving(pointer, this));
        }
        List<Moving> moving = new ArrayList<>();
        object.members()
                .forEach((name, member) -> moving.addAll(
                        member.moving(pointer + "/" + name.replace("~", "~0").replace("/", "~1"))));
        return List.copyOf(moving);
    }

    /** JSON whose texts may hold expressions and secrets. */
    static Shape<JsonForm> secret(Root... roots) {
        return shape(Scalars.value(true, roots));
    }

    /** JSON whose texts may hold expressions. */
    static Shape<JsonForm> open(Root... roots) {
        return shape(Scalars.value(false, roots));
    }

    private static Shape<JsonForm> shape(Shape<Template> leaf) {
        return new Shape<>() {
            @Override
            public @Nullable JsonForm read(Found found) {
                if (found.node() instanceof YamlNode.Mapping) {
                    Map<String, JsonForm> members = Shapes.map(this).read(found);
                    return members == null ? null : new Members(members);
                }
                if (found.node() instanceof YamlNode.Sequence sequence) {
                    List<JsonForm> elements = sequence.elements().isEmpty()
                            ? List.of()
                            : Shapes.list(this).read(found);
                    return elements == null ? null : new Row(elements);
                }
                Template template = found.node().isNull() ? Template.nothing(found) : leaf.read(found);
                return template == null ? null : new Leaf(template);
            }

            @Override
            public ObjectNode schema(EditorSchema schema) {
                return EditorSchema.described(
                        EditorSchema.anything(),
                        leaf.schema(schema).path("description").asString(""));
            }
        };
    }
}
