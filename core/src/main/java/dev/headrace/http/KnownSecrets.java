package dev.headrace.http;

import dev.headrace.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The secrets that were put into a request, whatever the names of the places they went to: APIs repeat a request's query and body in links,
 * redirects and error messages, and there nothing but the value tells.
 */
final class KnownSecrets {

    static final KnownSecrets NONE = new KnownSecrets(Set.of());

    // Shorter ones are found in harmless words.
    private static final int SHORTEST = 4;

    private final Set<Secret> secrets;

    private KnownSecrets(Set<Secret> secrets) {
        this.secrets = secrets;
    }

    boolean isEmpty() {
        return secrets.isEmpty();
    }

    /** These and all that are in a value: a secret, or a list, array or map of them. */
    KnownSecrets and(@Nullable Object value) {
        // Most requests hold none, and this runs for all of them.
        if (!holdsOne(value)) {
            return this;
        }
        Set<Secret> all = new LinkedHashSet<>(secrets);
        collect(value, all);
        return all.size() == secrets.size() ? this : new KnownSecrets(all);
    }

    KnownSecrets and(KnownSecrets more) {
        return isEmpty() ? more : more.isEmpty() ? this : and(more.secrets);
    }

    private static boolean holdsOne(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return holdsOne(map.values());
        }
        if (value instanceof Iterable<?> members && !(value instanceof JsonNode)) {
            for (Object member : members) {
                if (holdsOne(member)) {
                    return true;
                }
            }
        } else if (value instanceof Object[] members) {
            for (Object member : members) {
                if (holdsOne(member)) {
                    return true;
                }
            }
        }
        return value instanceof Secret;
    }

    private static void collect(@Nullable Object value, Set<Secret> all) {
        if (value instanceof Secret secret) {
            all.add(secret);
        } else if (value instanceof Map<?, ?> map) {
            map.values().forEach(member -> collect(member, all));
        } else if (value instanceof Iterable<?> members && !(value instanceof JsonNode)) {
            members.forEach(member -> collect(member, all));
        } else if (value instanceof Object[] members) {
            for (Object member : members) {
                collect(member, all);
            }
        }
    }

    /** A target without them. */
    String masked(String uri) {
        String masked = uri;
        if (!secrets.isEmpty()) {
            for (String spelling : longestFirst(spellings())) {
                masked = masked.replace(spelling, Secret.MASK);
            }
        }
        return masked;
    }

    /** In this order none is masked in part only. */
    static List<String> longestFirst(Set<String> spellings) {
        return spellings.stream()
                .filter(spelling -> spelling.length() >= SHORTEST)
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /** A text with placeholders where one of these stands, in whatever spelling; {@link #shown} puts them back. */
    String hidden(String text) {
        String hidden = text;
        Map<String, String> placeholders = placeholders();
        for (String spelling : longestFirst(placeholders.keySet())) {
            hidden = hidden.replace(spelling, placeholders.get(spelling));
        }
        return hidden;
    }

    /** A text with these in place of the placeholders. */
    String shown(String hidden) {
        String shown = hidden;
        int i = 0;
        for (Secret secret : secrets) {
            List<String> spellings = spellings(secret);
            for (int j = 0; j < spellings.size(); j++) {
                shown = shown.replace(placeholder(i, j), spellings.get(j));
            }
            i++;
        }
        return shown;
    }

    private Map<String, String> placeholders() {
        Map<String, String> placeholders = new LinkedHashMap<>();
        int i = 0;
        for (Secret secret : secrets) {
            List<String> spellings = spellings(secret);
            for (int j = 0; j < spellings.size(); j++) {
                placeholders.putIfAbsent(spellings.get(j), placeholder(i, j));
            }
            i++;
        }
        return placeholders;
    }

    /** Whether any of these stands in a text, in whatever spelling. */
    boolean standIn(String text) {
        return longestFirst(spellings()).stream().anyMatch(text::contains);
    }

    // Neither a URI nor JSON has such a character.
    private static String placeholder(int secret, int spelling) {
        return "\u0001" + secret + "." + spelling + "\u0001";
    }

    /** How one may be written; encoded first, for where both look the same the text is more often a URI. */
    private static List<String> spellings(Secret secret) {
        String value = secret.reveal();
        String json = Json.writeText(value);
        return List.of(
                PercentCoding.encodeValue(value),
                URLEncoder.encode(value, StandardCharsets.UTF_8),
                PercentCoding.encodeLiteral(value),
                value,
                json.substring(1, json.length() - 1));
    }

    /** How they may be written: as they are, in a path or query, in a form, in JSON. */
    Set<String> spellings() {
        Set<String> spellings = new LinkedHashSet<>();
        for (Secret secret : secrets) {
            spellings.addAll(spellings(secret));
        }
        return spellings;
    }
}
