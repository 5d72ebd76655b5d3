package dev.headrace.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** The content of a request: bytes with their type, length and the knowledge whether they can be sent again. */
public final class Body {

    private final Flux<ByteBuffer> bytes;
    private final String contentType;
    private final @Nullable ByteBuffer inMemory;

    private Body(Flux<ByteBuffer> bytes, String contentType, @Nullable ByteBuffer inMemory) {
        this.bytes = bytes;
        this.contentType = Objects.requireNonNull(contentType, "contentType");
        this.inMemory = inMemory;
    }

    /**
     * Bytes at hand. The array is copied.
     *
     * @param content the bytes
     * @param contentType their media type
     * @return the body
     */
    public static Body bytes(byte[] content, String contentType) {
        ByteBuffer copy = ByteBuffer.wrap(content.clone());
        return new Body(Flux.defer(() -> Flux.just(copy.asReadOnlyBuffer())), contentType, copy);
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
     * A form, {@code application/x-www-form-urlencoded}.
     *
     * @param fields names and values, in the map's order
     * @return the body
     */
    public static Body form(Map<String, String> fields) {
        String form = fields.entrySet().stream()
                .map(field ->
                        PercentCoding.encodeValue(field.getKey()) + "=" + PercentCoding.encodeValue(field.getValue()))
                .collect(Collectors.joining("&"));
        return bytes(form.getBytes(StandardCharsets.US_ASCII), "application/x-www-form-urlencoded");
    }

    /**
     * A stream that can be read once: a request with such a body is never sent again.
     *
     * @param content the bytes; subscribed to when the request is sent
     * @param contentType their media type
     * @return the body
     */
    public static Body stream(Flux<ByteBuffer> content, String contentType) {
        return new Body(Objects.requireNonNull(content, "content"), contentType, null);
    }

    /**
     * The bytes, a new stream each time.
     *
     * @return the content
     */
    public Flux<ByteBuffer> content() {
        return bytes;
    }

    /**
     * The bytes if they are at hand.
     *
     * @return a read-only view, or empty for a stream
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
        return inMemory == null ? OptionalLong.empty() : OptionalLong.of(inMemory.remaining());
    }

    /**
     * Whether the bytes can be sent more than once.
     *
     * @return false for a stream
     */
    public boolean isReplayable() {
        return inMemory != null;
    }

    @Override
    public String toString() {
        return "Body[" + contentType + ", " + (inMemory == null ? "a stream" : inMemory.remaining() + " bytes") + "]";
    }
}
