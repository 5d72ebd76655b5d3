package dev.headrace.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes out of a remote's words what it should not have said: the credentials of the request it answers, which error messages like to
 * repeat, and whatever is named or marked as a secret.
 */
final class SaidSecrets {

    private static final JsonNode MASK = JsonNodeFactory.instance.stringNode(Secret.MASK);

    private final List<String> secrets;

    /** What is to be kept out of the answers to a request. */
    SaidSecrets(Request request) {
        Set<String> found = request.secretTexts();
        request.headers().forEach((name, value) -> {
            if (request.headers().isSecret(name)) {
                found.addAll(partsOf(name, value));
            }
        });
        this.secrets = KnownSecrets.longestFirst(found);
    }

    private static List<String> partsOf(String header, String value) {
        List<String> parts = new ArrayList<>();
        parts.add(value);
        if (header.equalsIgnoreCase("Cookie")) {
            for (String pair : value.split(";", -1)) {
                parts.add(pair.substring(pair.indexOf('=') + 1).strip());
            }
        } else {
            String credentials = value.substring(value.indexOf(' ') + 1).strip();
            parts.add(credentials);
            if (value.regionMatches(true, 0, "Basic ", 0, 6)) {
                parts.add(passwordIn(credentials));
            }
        }
        return parts;
    }

    /** RFC 7617 §2; empty if it is none. */
    private static String passwordIn(String credentials) {
        try {
            String pair = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
            return pair.substring(pair.indexOf(':') + 1);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** The words with a mask in place of what is secret. */
    String masked(String words) {
        return Redactor.text(withoutSecrets(words));
    }

    private String withoutSecrets(String words) {
        String without = words;
        for (String secret : secrets) {
            without = without.replace(secret, Secret.MASK);
        }
        return without;
    }

    /** The same of all texts within a document, and of all that stands under a name that speaks of a secret. */
    JsonNode masked(JsonNode node) {
        return mapped(node, UnaryOperator.identity(), this::masked);
    }

    /** The same of a document that goes on as one: control characters stay, for it is not printed. */
    JsonNode without(JsonNode node) {
        return mapped(node, this::withoutSecrets, text -> new TextRedaction(this.withoutSecrets(text)).redacted());
    }

    private JsonNode mapped(JsonNode node, UnaryOperator<String> names, UnaryOperator<String> texts) {
        if (node.isObject()) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            node.forEachEntry((name, member) -> object.set(
                    names.apply(name), Redactor.isSecretName(name) ? hidden(member) : mapped(member, names, texts)));
            return object;
        }
        if (node.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            node.forEach(member -> array.add(mapped(member, names, texts)));
            return array;
        }
        if (node.isString()) {
            return JsonNodeFactory.instance.stringNode(texts.apply(node.stringValue()));
        }
        String number = node.toString();
        return withoutSecrets(number).equals(number) ? node : MASK;
    }

    /** Its form without its texts and numbers; what is true, false or null tells nothing. */
    private static JsonNode hidden(JsonNode node) {
        if (node.isObject()) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            node.forEachEntry((name, member) -> object.set(name, hidden(member)));
            return object;
        }
        if (node.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            node.forEach(member -> array.add(hidden(member)));
            return array;
        }
        return node.isString() || node.isNumber() ? MASK : node;
    }
}
