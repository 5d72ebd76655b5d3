package dev.headrace.spec;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.json.Json;
import dev.headrace.stream.Slice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A list of slices that is written down or comes from the config.
 *
 * @param found where it stands
 * @param name the name of what is in the list; none if that is mappings of names and values
 * @param values the list
 */
record SliceForm(Found found, @Nullable String name, JsonForm values) {

    /** The names that its slices have; empty if that is known only with the config. */
    Optional<Set<String>> names() {
        if (name != null) {
            return Optional.of(Set.of(name));
        }
        if (!(values instanceof JsonForm.Row row)) {
            return Optional.empty();
        }
        Set<String> names = new LinkedHashSet<>();
        for (JsonForm element : row.elements()) {
            if (!(element instanceof JsonForm.Members members)) {
                return Optional.empty();
            }
            names.addAll(members.members().keySet());
        }
        return Optional.of(names);
    }

    /** The slices of one reading: all combinations of what is in the lists. */
    static List<Slice> in(List<SliceForm> forms, Scope scope) {
        List<Slice> slices = List.of(Slice.EMPTY);
        for (SliceForm form : forms) {
            List<Map<String, JsonNode>> own = form.in(scope);
            slices = slices.stream()
                    .flatMap(slice -> own.stream().map(values -> with(slice, values)))
                    .toList();
        }
        return slices;
    }

    private static Slice with(Slice slice, Map<String, JsonNode> values) {
        Slice more = slice;
        for (Map.Entry<String, JsonNode> value : values.entrySet()) {
            more = more.with(value.getKey(), value.getValue());
        }
        return more;
    }

    private List<Map<String, JsonNode>> in(Scope scope) {
        JsonNode list = values.value(scope).map(Json::node).orElse(null);
        if (list == null || !list.isArray()) {
            throw failure("is no list");
        }
        List<Map<String, JsonNode>> all = new ArrayList<>();
        list.forEach(element -> all.add(values(element)));
        return all;
    }

    private Map<String, JsonNode> values(JsonNode element) {
        if (name != null) {
            return Map.of(name, element);
        }
        if (!element.isObject() || element.isEmpty()) {
            throw failure("has an element that is no object of names and values; give it a 'name'");
        }
        Map<String, JsonNode> values = new LinkedHashMap<>();
        element.properties().forEach(value -> values.put(value.getKey(), value.getValue()));
        return values;
    }

    private HeadraceException failure(String problem) {
        return new HeadraceException(FailureKind.CONFIGURATION, found.described() + " " + problem, null);
    }
}
