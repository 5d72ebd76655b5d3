package dev.headrace.http;

import dev.headrace.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What changed from one request to another that was made from it, as JSON that can be kept and applied again.
 *
 * <p>Only changes are written down, so whatever the original holds stays its own business: when it is built anew with other credentials, so
 * is what is restored from it. A remote's link may repeat a secret of the request; there a placeholder is written.
 */
final class RequestDifference {

    private static final String METHOD = "method";
    private static final String TARGET = "target";
    private static final String VARIABLES = "variables";
    private static final String QUERY = "query";
    private static final String HEADERS = "headers";
    private static final String BODY = "body";

    private final Request original;

    RequestDifference(Request original) {
        this.original = original;
    }

    /** Empty if it cannot be kept: the body can be sent once, or a secret would have to be written down. */
    Optional<JsonNode> to(Request changed) {
        if (!changed.isReplayable()) {
            return Optional.empty();
        }
        ObjectNode difference = JsonNodeFactory.instance.objectNode();
        if (!changed.method().equals(original.method())) {
            difference.put(METHOD, changed.method());
        }
        if (changed.target() == original.target() || changed.target().isSameTemplate(original.target())) {
            query(changed, difference);
        } else {
            difference.put(TARGET, hidden(withoutLaterSecrets(changed)));
        }
        variables(changed, difference);
        headers(changed, difference);
        body(changed, difference);
        return changed.secrets().standIn(Json.writeText(difference)) ? Optional.empty() : Optional.of(difference);
    }

    /**
     * The URI without parameters that hold a secret which the chain puts in, and will put in again: credentials in the query, which a remote's
     * link repeats.
     */
    private String withoutLaterSecrets(Request changed) {
        Request without = changed;
        for (String pair :
                Objects.requireNonNullElse(changed.uri().getRawQuery(), "").split("&", -1)) {
            String[] parameter = pair.split("=", 2);
            if (parameter.length > 1
                    && changed.secrets().standIn(parameter[1])
                    && original.secrets().hidden(parameter[1]).equals(parameter[1])) {
                without = without.withoutQuery(PercentCoding.decode(parameter[0]));
            }
        }
        return without.uri().toString();
    }

    /** Whether a difference holds a link with parameters that are secrets by their names, as signed links have. */
    static boolean showsSecret(JsonNode difference) {
        if (!difference.has(TARGET)) {
            return false;
        }
        // A parameter with a placeholder has lost its secret.
        String target =
                difference.get(TARGET).stringValue().replaceAll("[^?&=]*=[\u0001\u0002][^&]*[\u0001\u0002]", "");
        return Redactor.uri(target).contains(Secret.MASK);
    }

    /** The URI without what the original holds as a secret, be it given as one or called so. */
    private String hidden(String uri) {
        String hidden = original.secrets().hidden(uri);
        for (Map.Entry<String, String> secret : original.secretsByName().entrySet()) {
            hidden = hidden.replace(
                    secret.getKey() + "=" + secret.getValue(), secret.getKey() + "=" + placeholder(secret.getKey()));
        }
        return hidden;
    }

    private String shown(String hidden) {
        String shown = hidden;
        for (Map.Entry<String, String> secret : original.secretsByName().entrySet()) {
            shown = shown.replace(placeholder(secret.getKey()), secret.getValue());
        }
        return original.secrets().shown(shown);
    }

    // No URI has such a character.
    private static String placeholder(String name) {
        return "\u0002" + name + "\u0002";
    }

    private void query(Request changed, ObjectNode difference) {
        Map<String, List<@Nullable String>> before = original.parameters();
        Map<String, List<@Nullable String>> after = changed.parameters();
        Set<String> names = new LinkedHashSet<>(before.keySet());
        names.addAll(after.keySet());
        names.addAll(changed.target().lost());
        for (String name : names) {
            List<@Nullable String> values = after.getOrDefault(name, List.of());
            boolean lost = changed.target().lost().contains(name)
                    && !original.target().lost().contains(name);
            boolean secret = values.stream().anyMatch(Objects::isNull);
            if ((lost || !values.equals(before.getOrDefault(name, List.of()))) && !secret) {
                difference.withObject("/" + QUERY).set(name, Json.toTree(values));
            }
        }
    }

    private void variables(Request changed, ObjectNode difference) {
        changed.variables().forEach((name, value) -> {
            if (!(value instanceof Secret) && !value.equals(original.variables().get(name))) {
                difference.withObject("/" + VARIABLES).set(name, Json.toTree(value));
            }
        });
    }

    private void headers(Request changed, ObjectNode difference) {
        Headers before = original.headers();
        Headers after = changed.headers();
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        before.forEach((name, value) -> names.add(name));
        after.forEach((name, value) -> names.add(name));
        for (String name : names) {
            if (!after.isSecret(name) && !after.all(name).equals(before.all(name))) {
                difference.withObject("/" + HEADERS).set(name, Json.toTree(after.all(name)));
            }
        }
    }

    private void body(Request changed, ObjectNode difference) {
        Body before = original.body().orElse(null);
        Body after = changed.body().orElse(null);
        if (before == after) {
            return;
        }
        JsonNode described =
                after == null ? JsonNodeFactory.instance.nullNode() : Objects.requireNonNull(after.described());
        if (before == null || !described.equals(before.described())) {
            difference.set(BODY, described);
        }
    }

    Request applied(JsonNode difference) {
        if (!difference.isObject()) {
            throw new IllegalArgumentException("The difference between two requests is a JSON object");
        }
        try {
            return changed(difference);
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (RuntimeException e) {
            // Its message would quote what it did not understand.
            throw new IllegalArgumentException(
                    "The difference between two requests is not of the form it was written in");
        }
    }

    private Request changed(JsonNode difference) {
        Request restored = original;
        if (difference.has(METHOD)) {
            restored = restored.withMethod(difference.get(METHOD).stringValue());
        }
        if (difference.has(TARGET)) {
            String target = shown(difference.get(TARGET).stringValue());
            restored = restored.at(UriReference.parse(target));
        }
        for (Map.Entry<String, JsonNode> query : properties(difference, QUERY)) {
            restored = restored.replaceQuery(query.getKey(), texts(query.getValue()));
        }
        if (difference.has(BODY)) {
            JsonNode body = difference.get(BODY);
            Body known = restored.body().orElseGet(() -> Body.text(""));
            restored = body.isNull() ? restored.withoutBody() : restored.body(known.restored(body));
        }
        for (Map.Entry<String, JsonNode> variable : properties(difference, VARIABLES)) {
            restored = restored.with(variable.getKey(), value(variable.getValue()));
        }
        for (Map.Entry<String, JsonNode> header : properties(difference, HEADERS)) {
            Headers headers = restored.headers().without(header.getKey());
            for (String value : texts(header.getValue())) {
                headers = headers.adding(header.getKey(), value);
            }
            restored = restored.headers(headers);
        }
        return restored;
    }

    private static Iterable<Map.Entry<String, JsonNode>> properties(JsonNode difference, String name) {
        JsonNode members = difference.get(name);
        return members == null ? List.of() : members.properties();
    }

    private static List<String> texts(JsonNode values) {
        List<String> texts = new ArrayList<>();
        values.forEach(value -> texts.add(value.stringValue()));
        return texts;
    }

    /** Variables take texts, numbers, lists and maps, whose members a URI template writes as they are. */
    private static Object value(JsonNode json) {
        if (json.isString()) {
            return json.stringValue();
        }
        if (json.isArray()) {
            List<Object> members = new ArrayList<>();
            json.forEach(member -> members.add(value(member)));
            return members;
        }
        if (json.isObject()) {
            Map<String, Object> members = new LinkedHashMap<>();
            json.forEachEntry((name, member) -> members.put(name, value(member)));
            return members;
        }
        return json.isNumber() ? Objects.requireNonNull(json.numberValue()) : json;
    }
}
