package dev.headrace.stream;

import dev.headrace.json.Pointer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads and changes places of a tree. Never the tree itself: the containers on the way to the place are copied, and everything beside
 * them is shared by the old tree and the new one.
 */
final class Places {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    // RFC 6901 §4: what is behind the last element.
    private static final String BEHIND_THE_LAST = "-";
    private static final int NO_INDEX = -1;

    private Places() {}

    static @Nullable JsonNode find(JsonNode tree, Pointer place) {
        JsonNode node = tree;
        for (String key : place.keys()) {
            // Null for a key that is not there, an index beyond the array, and a value that has no keys.
            JsonNode next = node.isArray() ? node.get(index(key)) : node.get(key);
            if (next == null) {
                return null;
            }
            node = next;
        }
        return node;
    }

    /** RFC 6901 §4: digits without a leading zero. */
    private static int index(String key) {
        return key.matches("0|[1-9][0-9]{0,8}") ? Integer.parseInt(key) : NO_INDEX;
    }

    static JsonNode put(JsonNode tree, Pointer place, JsonNode value) {
        return put(tree, place, 0, value);
    }

    private static JsonNode put(@Nullable JsonNode node, Pointer place, int depth, JsonNode value) {
        if (depth == place.keys().size()) {
            return value;
        }
        String key = place.keys().get(depth);
        if (node == null || node.isNull()) {
            return NODES.objectNode().set(key, put(null, place, depth + 1, value));
        }
        if (node instanceof ObjectNode object) {
            JsonNode old = object.get(key);
            JsonNode changed = put(old, place, depth + 1, value);
            return isSame(changed, old) ? object : copy(object).set(key, changed);
        }
        if (node instanceof ArrayNode array) {
            int index = key.equals(BEHIND_THE_LAST) ? array.size() : index(key);
            if (index < 0 || index > array.size()) {
                throw MappingException.at(
                        place, "there is no place for '" + key + "' in an array of " + array.size() + " elements");
            }
            JsonNode old = array.get(index);
            JsonNode changed = put(old, place, depth + 1, value);
            if (isSame(changed, old)) {
                return array;
            }
            ArrayNode copy = copy(array);
            return old == null ? copy.add(changed) : copy.set(index, changed);
        }
        throw MappingException.at(
                place, "there is " + MappingException.kind(node) + " on the way, where '" + key + "' cannot be");
    }

    static JsonNode remove(JsonNode tree, Pointer place) {
        return remove(tree, place.keys());
    }

    private static JsonNode remove(JsonNode node, List<String> keys) {
        String key = keys.get(0);
        int index = node.isArray() ? index(key) : NO_INDEX;
        JsonNode old = node.isArray() ? node.get(index) : node.get(key);
        if (old == null) {
            return node;
        }
        boolean last = keys.size() == 1;
        JsonNode changed = last ? null : remove(old, keys.subList(1, keys.size()));
        if (isSame(changed, old)) {
            return node;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = copy(array);
            if (changed == null) {
                copy.remove(index);
            } else {
                copy.set(index, changed);
            }
            return copy;
        }
        ObjectNode copy = copy((ObjectNode) node);
        if (changed == null) {
            copy.remove(key);
        } else {
            copy.set(key, changed);
        }
        return copy;
    }

    /** The same object with another name for one of its fields, which keeps its place among the others. */
    static ObjectNode rename(ObjectNode object, String from, String to) {
        ObjectNode renamed = NODES.objectNode();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (field.getKey().equals(from)) {
                renamed.set(to, field.getValue());
            } else if (!field.getKey().equals(to)) {
                renamed.set(field.getKey(), field.getValue());
            }
        }
        return renamed;
    }

    /** The same value without the fields that are null, in all objects that are not in an array. */
    static JsonNode withoutNulls(JsonNode node) {
        if (!(node instanceof ObjectNode object)) {
            return node;
        }
        ObjectNode rest = NODES.objectNode();
        boolean changed = false;
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            JsonNode value = withoutNulls(field.getValue());
            changed |= !isSame(value, field.getValue()) || value.isNull();
            if (!value.isNull()) {
                rest.set(field.getKey(), value);
            }
        }
        return changed ? rest : object;
    }

    /** Whether two trees are one, which is known at once; whether they are equal is not worth asking. */
    @SuppressWarnings("ReferenceEquality")
    static boolean isSame(@Nullable JsonNode one, @Nullable JsonNode other) {
        return one == other;
    }

    private static ObjectNode copy(ObjectNode object) {
        ObjectNode copy = NODES.objectNode();
        copy.setAll(object);
        return copy;
    }

    private static ArrayNode copy(ArrayNode array) {
        return NODES.arrayNode(array.size()).addAll(array);
    }
}
