package dev.headrace.cli;

import dev.headrace.http.Secret;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import tools.jackson.databind.JsonNode;

/** What standard error must not show: credentials that came with a document, wherever a message may have them from. */
final class Mask {

    /** Shorter ones are found in harmless words. */
    private static final int SHORTEST = 4;

    /** What credentials say besides secrets. */
    private static final Set<String> HARMLESS =
            Set.of("id", "model", "username", "scope", "scopes", "client_id", "public_key");

    private final Set<String> secrets = new CopyOnWriteArraySet<>();

    /** Hides the credentials of a document: {@code auth} and {@code credentials}. */
    void hide(JsonNode document) {
        collect(document.path("auth"));
        collect(document.path("credentials"));
    }

    private void collect(JsonNode value) {
        if (value.isString() && value.stringValue().length() >= SHORTEST) {
            secrets.add(value.stringValue());
        }
        for (JsonNode item : value.isArray() ? value.values() : List.<JsonNode>of()) {
            collect(item);
        }
        if (value.isObject()) {
            value.properties().forEach(member -> {
                if (!HARMLESS.contains(member.getKey())) {
                    collect(member.getValue());
                }
            });
        }
    }

    String hidden(String text) {
        // The longest first: one may be a part of another.
        List<String> all = secrets.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
        String masked = text;
        for (String secret : all) {
            masked = masked.replace(secret, Secret.MASK);
        }
        return masked;
    }
}
