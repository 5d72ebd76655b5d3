package dev.headrace.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** The content of a request: bytes with their type, length and the knowledge whether they can be sent again. */
public final class Body {

    private final Supplier<Flux<ByteBuffer>> bytes;
    private final @Nullable String contentType;
    private final long length;
    private final boolean replayable;

    private Body(Supplier<Flux<ByteBuffer>> bytes, @Nullable String contentType, long length, boolean replayable) {
        this.bytes = bytes;
        this.contentType = contentType;
        this.length = length;
        this.replayable = replayable;
    }

    /**
     * Bytes at hand. The array is copied.
     *
     * @param content the bytes
     * @param contentType their media type
     * @return the body
     */
    public static Body bytes(byte[] content, String contentType) {
        byte[] copy = content.clone();
        return new Body(
                () -> Flux.just(ByteBuffer.wrap(copy).asReadOnlyBuffer()),
                Objects.requireNonNull(contentType, "contentType"),
                copy.length,
                true);
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
                .map(field -> PercentCoding.encodeValue(field.getKey()) + "=" + PercentCoding.encodeValue(field.getValue()))
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
        Objects.requireNonNull(content, "content");
        return new Body(() -> content, Objects.requireNonNull(contentType, "contentType"), -1, false);
    }

    /**
     * The bytes, a new stream each time.
     *
     * @return the content
     */
    public Flux<ByteBuffer> content() {
        return Flux.defer(bytes);
    }

    /**
     * The media type.
     *
     * @return the value for {@code Content-Type}, if known
     */
    public Optional<String> contentType() {
        return Optional.ofNullable(contentType);
    }

    /**
     * The length in bytes.
     *
     * @return the value for {@code Content-Length}, if known
     */
    public OptionalLong length() {
        return length < 0 ? OptionalLong.empty() : OptionalLong.of(length);
    }

    /**
     * Whether the bytes can be sent more than once.
     *
     * @return false for a stream
     */
    public boolean isReplayable() {
        return replayable;
    }

    @Override
    public String toString() {
        return "Body[" + (contentType == null ? "no type" : contentType) + ", "
                + (length < 0 ? "unknown length" : length + " bytes") + "]";
    }
}
