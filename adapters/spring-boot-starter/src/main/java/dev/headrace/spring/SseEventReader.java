package dev.headrace.spring;

import dev.headrace.sse.SseDecoder;
import dev.headrace.sse.SseEvent;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.http.MediaType;
import org.springframework.http.ReactiveHttpInputMessage;
import org.springframework.http.codec.HttpMessageReader;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Reads {@code text/event-stream} to the letter of WHATWG HTML §9.2.6, with an {@link SseDecoder}. Spring Boot registers it for
 * {@code WebClient} and for the bodies of requests; by hand it is one of {@code CodecConfigurer.customCodecs()}.
 *
 * <pre>{@code
 * Flux<SseEvent> events = webClient.get().uri("/events").retrieve().bodyToFlux(SseEvent.class);
 * }</pre>
 *
 * <p>It does not reconnect; {@link dev.headrace.sse.EventStream} does. No more is read than events are asked for; cancelling cancels the body.
 * An event over the decoder's limit errors with {@link dev.headrace.sse.EventTooLargeException}.
 */
public final class SseEventReader implements HttpMessageReader<SseEvent> {

    private static final SseEventReader DEFAULTS = new SseEventReader(SseDecoder.create());

    private static final List<MediaType> TYPES = List.of(MediaType.TEXT_EVENT_STREAM);

    private final SseDecoder decoder;

    private SseEventReader(SseDecoder decoder) {
        this.decoder = decoder;
    }

    /**
     * A reader for streams from their beginning, and events of up to 8 MiB.
     *
     * @return the reader
     */
    public static SseEventReader create() {
        return DEFAULTS;
    }

    /**
     * A reader with other limits, or for a request with a {@code Last-Event-ID}, which its first events have then.
     *
     * @param decoder what reads the bytes
     * @return the reader
     */
    public static SseEventReader of(SseDecoder decoder) {
        return new SseEventReader(Objects.requireNonNull(decoder, "decoder"));
    }

    @Override
    public List<MediaType> getReadableMediaTypes() {
        return TYPES;
    }

    /** Events, from {@code text/event-stream} or from a body without a type. */
    @Override
    public boolean canRead(ResolvableType type, @Nullable MediaType mediaType) {
        return type.resolve() == SseEvent.class
                && (mediaType == null || MediaType.TEXT_EVENT_STREAM.isCompatibleWith(mediaType));
    }

    @Override
    public Flux<SseEvent> read(ResolvableType type, ReactiveHttpInputMessage message, Map<String, Object> hints) {
        return decoder.decode(DataBuffers.bytes(message.getBody()));
    }

    /** The first event. */
    @Override
    public Mono<SseEvent> readMono(ResolvableType type, ReactiveHttpInputMessage message, Map<String, Object> hints) {
        return read(type, message, hints).next();
    }

    @Override
    public String toString() {
        return "SseEventReader[" + decoder + "]";
    }
}
