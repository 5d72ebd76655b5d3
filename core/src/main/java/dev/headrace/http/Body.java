package dev.headrace.http;

import dev.headrace.error.FailureKind;
import dev.headrace.json.DecodingException;
import dev.headrace.json.Json;
import dev.headrace.json.JsonSchema;
import dev.headrace.json.Pointer;
import dev.headrace.json.SchemaViolation;
import dev.headrace.json.SchemaViolationException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The content of a request: bytes with their type, length and the knowledge whether they can be sent again. */
public final class Body {

    private static final String JSON = "application/json";

    private final Flux<ByteBuffer> bytes;
    private final String contentType;
    private final @Nullable ByteBuffer inMemory;
    private final OptionalLong length;
    private final @Nullable BodyTemplate template;
    private final @Nullable JsonSchema schema;
    private final KnownSecrets secrets;

    private Body(
            Flux<ByteBuffer> bytes,
            String contentType,
            @Nullable ByteBuffer inMemory,
            OptionalLong length,
            @Nullable BodyTemplate template,
            @Nullable JsonSchema schema,
            KnownSecrets secrets) {
        this.bytes = bytes;
        this.contentType = Objects.requireNonNull(contentType, "contentType");
        this.inMemory = inMemory;
        this.length = length;
        this.template = template;
        this.schema = schema;
        this.secrets = secrets;
    }

    private Body(JsonNode json, @Nullable JsonSchema schema, KnownSecrets secrets) {
        this(new BodyTemplate(json), schema, secrets);
    }

    private Body(BodyTemplate template, @Nullable JsonSchema schema, KnownSecrets secrets) {
        this(
                Flux.defer(
                        () -> Flux.just(ByteBuffer.wrap(template.fill(Map.of())).asReadOnlyBuffer())),
                JSON,
                null,
                OptionalLong.empty(),
                template,
                schema,
                secrets);
    }

    /**
     * Bytes at hand. The array is copied.
     *
     * @param content the bytes
     * @param contentType their media type
     * @return the body
     */
    public static Body bytes(byte[] content, String contentType) {
        return atHand(content.clone(), contentType, KnownSecrets.NONE);
    }

    private static Body atHand(byte[] content, String contentType, KnownSecrets secrets) {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        return new Body(
                Flux.defer(() -> Flux.just(bytes.asReadOnlyBuffer())),
                contentType,
                bytes,
                OptionalLong.of(content.length),
                null,
                null,
                secrets);
    }

    /**
     * Text in UTF-8, {@code text/plain}.
     *
     * @param text the text
     * @return the body
     */
    public static Body text(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8), "text/plain; charset=utf-8");
    }

    /**
     * JSON, written now by Jackson.
     *
     * @param value a record, map, list, tree or other value that Jackson can write; a {@link Secret} in maps and lists is written as the
     *     value it hides
     * @return the body, {@code application/json}
     * @throws IllegalArgumentException if Jackson cannot write such a value
     */
    public static Body json(Object value) {
        return atHand(Json.write(revealed(value)), JSON, KnownSecrets.NONE.and(value));
    }

    /**
     * JSON with variables, filled in when the request is sent; their values come from {@link Request#with(String, Object)}.
     *
     * <p>A text that is exactly <code>"{name}"</code> becomes the variable's value as JSON: a number stays a number, a list a list, and a
     * {@link tools.jackson.databind.node.NullNode} is {@code null}. Within a longer text, the value is inserted as text.
     * <code>"{{name}}"</code> stands for <code>"{name}"</code> itself; other braces are left alone, and so are the names of properties. A
     * variable without a value fails the request before anything is sent.
     *
     * @param json the template
     * @return the body, {@code application/json}
     */
    public static Body template(JsonNode json) {
        return new Body(json, null, KnownSecrets.NONE);
    }

    /**
     * JSON with variables, as {@link #template(JsonNode)}.
     *
     * @param json the template as text
     * @return the body, {@code application/json}
     * @throws IllegalArgumentException if that is no JSON
     */
    public static Body template(String json) {
        try {
            return template(Json.tree(json.getBytes(StandardCharsets.UTF_8)));
        } catch (DecodingException e) {
            throw new IllegalArgumentException("The template of a body is no JSON: " + e.getMessage(), e);
        }
    }

    /**
     * A form, {@code application/x-www-form-urlencoded}.
     *
     * @param fields names and values in the map's order, as {@link String#valueOf(Object)} gives them; a {@link Secret} is written as the
     *     value it hides
     * @return the body
     */
    public static Body form(Map<String, ?> fields) {
        String form = fields.entrySet().stream()
                .map(field -> PercentCoding.encodeValue(field.getKey()) + "="
                        + PercentCoding.encodeValue(String.valueOf(revealed(field.getValue()))))
                .collect(Collectors.joining("&"));
        return atHand(
                form.getBytes(StandardCharsets.US_ASCII),
                "application/x-www-form-urlencoded",
                KnownSecrets.NONE.and(fields));
    }

    /**
     * A stream that can be read once: a request with such a body is never sent again.
     *
     * @param content the bytes; subscribed to when the request is sent
     * @param contentType their media type
     * @return the body
     */
    public static Body stream(Flux<ByteBuffer> content, String contentType) {
        return streamed(Objects.requireNonNull(content, "content"), OptionalLong.empty(), contentType);
    }

    /**
     * A stream of known length that can be read once. It is sent with {@code Content-Length} instead of in chunks, which some servers
     * insist on (RFC 9112 §6).
     *
     * <p>If there are fewer bytes than announced, the connection is closed before the server could take them for the whole. If there are
     * more, what is too much is not sent. Either is a {@link BodyLengthException}.
     *
     * @param content the bytes; subscribed to when the request is sent
     * @param length how many bytes there are; 0 or more
     * @param contentType their media type
     * @return the body
     * @throws IllegalArgumentException if the length is negative
     */
    public static Body stream(Flux<ByteBuffer> content, long length, String contentType) {
        if (length < 0) {
            throw new IllegalArgumentException("The length of a body must not be negative, but is " + length);
        }
        return streamed(BodyLength.enforced(content, length), OptionalLong.of(length), contentType);
    }

    private static Body streamed(Flux<ByteBuffer> content, OptionalLong length, String contentType) {
        return new Body(content, contentType, null, length, null, null, KnownSecrets.NONE);
    }

    /** What was given for it as a secret. */
    KnownSecrets secrets() {
        return secrets;
    }

    /** The names of the variables that it waits for. */
    Set<String> variables() {
        return template == null ? Set.of() : template.variables();
    }

    /** The same body, checked before it is sent. */
    Body validated(JsonSchema schema) {
        if (!contentType.contains("json") || template == null && inMemory == null) {
            throw new IllegalArgumentException("Only a body of JSON at hand can be validated, not " + this);
        }
        return new Body(
                bytes, contentType, inMemory, length, template, Objects.requireNonNull(schema, "schema"), secrets);
    }

    /** The bytes as they are sent: variables have their values, and the schema is satisfied. */
    Body filled(Map<String, Object> values, Request request) {
        if (template == null && schema == null) {
            return this;
        }
        byte[] json = template != null ? template.fill(values) : written();
        if (schema != null) {
            List<SchemaViolation> violations = schema.validate(Json.tree(json));
            if (!violations.isEmpty()) {
                throw new SchemaViolationException(
                        FailureKind.CONFIGURATION, request.describe() + ": the body to send", violations);
            }
        }
        return atHand(json, contentType, secrets);
    }

    /** The same JSON with another value at a place, which is no template. */
    Body with(Pointer place, Object value) {
        KnownSecrets all = secrets.and(value);
        JsonNode node = Json.node(revealed(value));
        if (template != null) {
            return new Body(place.put(template.json(), BodyTemplate.literally(Json.toTree(node))), schema, all);
        }
        if (inMemory == null || !contentType.contains("json")) {
            throw new IllegalArgumentException("Only a body of JSON at hand has a place '" + place + "', not " + this);
        }
        Body changed = atHand(Json.write(place.put(Json.tree(written()), node)), contentType, all);
        return schema == null ? changed : changed.validated(schema);
    }

    /** What distinguishes this body from others, without what its secrets hide; null for a stream. */
    @Nullable
    JsonNode described() {
        ObjectNode described = JsonNodeFactory.instance.objectNode();
        if (template != null) {
            described.put("template", secrets.hidden(Json.writeText(template.json())));
        } else if (inMemory != null) {
            byte[] content = written();
            String text = new String(content, StandardCharsets.UTF_8);
            boolean isText = Arrays.equals(content, text.getBytes(StandardCharsets.UTF_8));
            described.put("type", contentType);
            described.put(
                    isText ? "text" : "bytes",
                    isText ? secrets.hidden(text) : Base64.getEncoder().encodeToString(content));
        } else {
            return null;
        }
        return described;
    }

    /** The body that was described, with what this one has beside its content. */
    Body restored(JsonNode described) {
        if (described.has("template")) {
            return new Body(Json.tree(secrets.shown(described.get("template").stringValue())), schema, secrets);
        }
        byte[] content = described.has("text")
                ? secrets.shown(described.get("text").stringValue()).getBytes(StandardCharsets.UTF_8)
                : Base64.getDecoder().decode(described.get("bytes").stringValue());
        Body restored = atHand(content, described.get("type").stringValue(), secrets);
        return schema == null ? restored : restored.validated(schema);
    }

    private byte[] written() {
        ByteBuffer content = Objects.requireNonNull(inMemory).duplicate();
        byte[] written = new byte[content.remaining()];
        content.get(written);
        return written;
    }

    /** The value with what its secrets hide, for the wire. */
    static Object revealed(Object value) {
        if (value instanceof Secret secret) {
            return secret.reveal();
        }
        if (value instanceof JsonNode) {
            return value;
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, @Nullable Object> revealed = new LinkedHashMap<>();
            map.forEach((name, member) -> revealed.put(name, member == null ? null : revealed(member)));
            return revealed;
        }
        if (value instanceof Collection<?> members) {
            List<@Nullable Object> revealed = new ArrayList<>();
            members.forEach(member -> revealed.add(member == null ? null : revealed(member)));
            return revealed;
        }
        return value;
    }

    /**
     * The bytes, a new stream each time.
     *
     * @return the content; that of a {@linkplain #template(JsonNode) template} errors with {@link IllegalArgumentException} until the request
     *     has been made {@linkplain Request#against absolute}
     */
    public Flux<ByteBuffer> content() {
        return bytes;
    }

    /**
     * The bytes if they are at hand.
     *
     * @return a read-only view, or empty for a stream and a template
     */
    public Optional<ByteBuffer> inMemory() {
        return Optional.ofNullable(inMemory).map(ByteBuffer::asReadOnlyBuffer);
    }

    /**
     * The media type.
     *
     * @return the value for {@code Content-Type}
     */
    public String contentType() {
        return contentType;
    }

    /**
     * The length in bytes.
     *
     * @return the value for {@code Content-Length}, if known
     */
    public OptionalLong length() {
        return length;
    }

    /**
     * Whether the bytes can be sent more than once.
     *
     * @return false for a stream
     */
    public boolean isReplayable() {
        return inMemory != null || template != null;
    }

    @Override
    public String toString() {
        String content = template != null
                ? "a template of " + template.variables()
                : inMemory != null
                        ? inMemory.remaining() + " bytes"
                        : length.isPresent() ? "a stream of " + length.getAsLong() + " bytes" : "a stream";
        return "Body[" + contentType + ", " + content + "]";
    }
}
