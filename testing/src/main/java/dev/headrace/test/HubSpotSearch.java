package dev.headrace.test;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** What a search of a {@link FakeHubSpot} finds, and in which order: by properties that are times or whole numbers. */
record HubSpotSearch(Predicate<JsonNode> filter, Optional<Comparator<JsonNode>> order) {

    /**
     * Reads {@code filterGroups}, each an alternative whose {@code filters} all hold, and the first of {@code sorts}.
     *
     * @throws IllegalArgumentException for an operator or a value that is unknown here
     */
    static HubSpotSearch of(JsonNode body) {
        Predicate<JsonNode> any = object -> body.path("filterGroups").isEmpty();
        for (JsonNode group : body.path("filterGroups")) {
            Predicate<JsonNode> all = object -> true;
            for (JsonNode filter : group.path("filters")) {
                all = all.and(condition(filter));
            }
            any = any.or(all);
        }
        return new HubSpotSearch(any, order(body.path("sorts").path(0)));
    }

    List<String> in(List<String> objects) {
        if (order.isEmpty()) {
            return objects.stream()
                    .filter(object -> filter.test(JsonText.read(object)))
                    .toList();
        }
        record Found(String text, JsonNode tree) {}
        List<Found> found = new ArrayList<>();
        for (String object : objects) {
            JsonNode tree = JsonText.read(object);
            if (filter.test(tree)) {
                found.add(new Found(object, tree));
            }
        }
        found.sort(Comparator.comparing(Found::tree, order.get()));
        return found.stream().map(Found::text).toList();
    }

    private static Predicate<JsonNode> condition(JsonNode filter) {
        String property = filter.path("propertyName").asString("");
        String operator = filter.path("operator").asString("");
        long value = number(filter.path("value").asString(""))
                .orElseThrow(() -> new IllegalArgumentException("value is neither a number nor a time"));
        Predicate<Integer> holds = switch (operator) {
            case "GTE" -> sign -> sign >= 0;
            case "GT" -> sign -> sign > 0;
            case "LTE" -> sign -> sign <= 0;
            case "LT" -> sign -> sign < 0;
            case "EQ" -> sign -> sign == 0;
            default -> throw new IllegalArgumentException("operator is not known here: " + operator);
        };
        return object -> property(object, property)
                .filter(actual -> holds.test(actual.compareTo(value)))
                .isPresent();
    }

    private static Optional<Comparator<JsonNode>> order(JsonNode sort) {
        String said = sort.path("propertyName").asString(sort.asString(""));
        boolean descending =
                said.startsWith("-") || sort.path("direction").asString("").equals("DESCENDING");
        String property = said.startsWith("-") ? said.substring(1) : said;
        // Objects without the property come first, as if it were before all times.
        Comparator<JsonNode> ascending =
                Comparator.comparing(object -> property(object, property).orElse(Long.MIN_VALUE));
        return property.isEmpty() ? Optional.empty() : Optional.of(descending ? ascending.reversed() : ascending);
    }

    private static Optional<Long> property(JsonNode object, String name) {
        return number(object.path("properties").path(name).asString(""));
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(text.contains("T") ? Instant.parse(text).toEpochMilli() : Long.parseLong(text));
        } catch (NumberFormatException | DateTimeException e) {
            return Optional.empty();
        }
    }
}
