package dev.headrace.http;

import dev.headrace.error.HeadraceException;
import dev.headrace.json.Json;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A failure as a document that other systems understand (RFC 9457). It shows no secret and no stack trace.
 *
 * @param type a URI reference that names the kind of problem; {@code about:blank} if the title says it all
 * @param title what happened, the same for all problems of a type; null if nobody said
 * @param status the remote's status; 0 if there is none
 * @param detail what happened this time; null if nobody said
 * @param instance a URI reference that names this occurrence; null if there is none
 * @param extensions what else is known, by name: of the remote, and {@code kind}, {@code method}, {@code uri}, {@code attempt} and
 *     {@code retryAt} of ours
 */
public record Problem(
        String type,
        @Nullable String title,
        int status,
        @Nullable String detail,
        @Nullable String instance,
        Map<String, JsonNode> extensions) {

    private static final String MEDIA_TYPE = "application/problem+json";
    private static final String BLANK = "about:blank";

    /**
     * Copies the extensions.
     *
     * @param type as {@link #type()}
     * @param title as {@link #title()}
     * @param status as {@link #status()}
     * @param detail as {@link #detail()}
     * @param instance as {@link #instance()}
     * @param extensions as {@link #extensions()}
     */
    public Problem {
        Objects.requireNonNull(type, "type");
        extensions = Collections.unmodifiableMap(new LinkedHashMap<>(extensions));
    }

    /**
     * The view of a failure. If the remote sent a problem itself ({@code application/problem+json}), its members are taken, those of the
     * wrong type left out (RFC 9457 §3.1); what is missing comes from the failure.
     *
     * @param failure any failure
     * @return its view
     */
    public static Problem of(HeadraceException failure) {
        Map<String, JsonNode> ours = extensionsOf(failure);
        if (!(failure instanceof HttpStatusException refused)) {
            return new Problem(BLANK, titleOf(failure), 0, failure.getMessage(), null, ours);
        }
        return refused.problem()
                .map(document -> sent(document, refused, ours))
                .orElseGet(() -> new Problem(
                        BLANK, reasonOf(refused.status()), refused.status(), refused.getMessage(), null, ours));
    }

    /** The document in a response's body, if it is one. */
    static Optional<JsonNode> documentIn(Headers headers, byte[] body) {
        return headers.first("Content-Type")
                .filter(type -> type.toLowerCase(Locale.ROOT).startsWith(MEDIA_TYPE))
                .flatMap(type -> ServerMessage.tree(body))
                .filter(JsonNode::isObject);
    }

    private static Problem sent(JsonNode document, HttpStatusException failure, Map<String, JsonNode> ours) {
        Map<String, JsonNode> extensions = new LinkedHashMap<>();
        document.forEachEntry((name, value) -> {
            if (!isOfTheStandard(name)) {
                extensions.put(name, value);
            }
        });
        ours.forEach(extensions::putIfAbsent);
        String type = text(document, "type");
        String title = text(document, "title");
        return new Problem(
                type == null ? BLANK : type,
                title == null && type == null ? reasonOf(failure.status()) : title,
                failure.status(),
                text(document, "detail"),
                text(document, "instance"),
                extensions);
    }

    private static boolean isOfTheStandard(String name) {
        return switch (name) {
            case "type", "title", "status", "detail", "instance" -> true;
            default -> false;
        };
    }

    private static @Nullable String text(JsonNode document, String name) {
        JsonNode value = document.path(name);
        return value.isString() ? value.stringValue() : null;
    }

    private static Map<String, JsonNode> extensionsOf(HeadraceException failure) {
        Map<String, JsonNode> extensions = new LinkedHashMap<>();
        extensions.put("kind", Json.toTree(failure.kind().name()));
        if (failure instanceof HttpException exchange) {
            extensions.put("method", Json.toTree(exchange.method()));
            extensions.put("uri", Json.toTree(exchange.uri()));
            extensions.put("attempt", Json.toTree(exchange.attempt()));
        }
        failure.retryAt().ifPresent(moment -> extensions.put("retryAt", Json.toTree(moment.toString())));
        return extensions;
    }

    private static String reasonOf(int status) {
        return HttpResponseStatus.valueOf(status).reasonPhrase();
    }

    /** The name of the class in words: {@code Response timeout}. */
    private static String titleOf(HeadraceException failure) {
        String name = failure.getClass().getSimpleName().replaceFirst("Exception$", "");
        String words = name.replaceAll("(?<=\\p{Lower})(?=\\p{Upper})", " ").toLowerCase(Locale.ROOT);
        return words.equals("headrace") || words.isEmpty()
                ? "Failure"
                : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    /**
     * The document itself.
     *
     * @return the members that are known, the extensions last
     */
    public JsonNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("type", type);
        put(json, "title", title);
        if (status != 0) {
            json.put("status", status);
        }
        put(json, "detail", detail);
        put(json, "instance", instance);
        extensions.forEach((name, value) -> {
            if (!json.has(name)) {
                json.set(name, value);
            }
        });
        return json;
    }

    private static void put(ObjectNode json, String name, @Nullable String value) {
        if (value != null) {
            json.put(name, value);
        }
    }
}
