package dev.headrace.spring;

import dev.headrace.sse.SseEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ReactiveHttpOutputMessage;
import org.springframework.http.codec.HttpMessageWriter;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Writes events as {@code text/event-stream} (WHATWG HTML §9.2), so that a controller may return a {@code Flux<SseEvent>}. Spring Boot
 * registers it; by hand it is one of {@code CodecConfigurer.customCodecs()}. A value: every change gives a new one.
 *
 * <pre>{@code
 * @GetMapping(path = "/prices", produces = "text/event-stream")
 * Flux<SseEvent> prices() {
 *     return EventStream.from(connector, Request.get("/prices")).events();
 * }
 * }</pre>
 *
 * <p>On the wire, an event has its {@code id} where that is another than the event's before it on this connection, an empty one if there is
 * none any more; its name, unless that is {@code message}; and a {@code data} field for each line of its data, however the lines end. Events
 * that were lost before it, and that its data was cut off, are comments: {@code : 12 events lost}. An id or name with a line break, and an id
 * with a NUL character, error with {@link IllegalArgumentException}.
 *
 * <p>While nothing else is written, a comment is, as often as {@link #heartbeat} says. An answer begins with the first event or heartbeat, so
 * that a failure before has a status of its own; one behind it breaks the connection off, and a browser connects again with a
 * {@code Last-Event-ID}. Answers of a server have {@code Cache-Control: no-cache}, unless it is set already, and
 * {@code X-Accel-Buffering: no} for proxies that would keep what comes slowly.
 *
 * <p>Each event is flushed. Demand reaches the events: with Reactor Netty, 130 small ones at most or 1 MiB and two of large ones are asked for
 * beyond what the system's socket buffers have taken for the reader. A reader that goes cancels the events.
 */
public final class SseEventWriter implements HttpMessageWriter<SseEvent> {

    private static final SseEventWriter DEFAULTS = new SseEventWriter(Duration.ofSeconds(15));

    private static final List<MediaType> TYPES = List.of(MediaType.TEXT_EVENT_STREAM);

    private final Duration heartbeat;

    private SseEventWriter(Duration heartbeat) {
        this.heartbeat = heartbeat;
    }

    /**
     * A writer with a heartbeat every 15 seconds.
     *
     * @return the writer
     */
    public static SseEventWriter create() {
        return DEFAULTS;
    }

    /**
     * Sets how long nothing is written before a comment is, so that proxies do not take the connection for dead, and a reader that has gone
     * is noticed.
     *
     * @param silence at least 1 ms; {@link Duration#ZERO} for no heartbeats; default 15 seconds
     * @return another writer
     * @throws IllegalArgumentException if it is less than 1 ms, but not zero
     */
    public SseEventWriter heartbeat(Duration silence) {
        Objects.requireNonNull(silence, "silence");
        if (!silence.isZero() && silence.toMillis() < 1) {
            throw new IllegalArgumentException("heartbeat must be 0, or at least 1 ms, but is " + silence);
        }
        return new SseEventWriter(silence);
    }

    @Override
    public List<MediaType> getWritableMediaTypes() {
        return TYPES;
    }

    /** Events, as {@code text/event-stream} or whatever is wished. */
    @Override
    public boolean canWrite(ResolvableType type, @Nullable MediaType mediaType) {
        return type.resolve() == SseEvent.class
                && (mediaType == null || MediaType.TEXT_EVENT_STREAM.isCompatibleWith(mediaType));
    }

    /** Writes them as the answer of a server, with its headers. */
    @Override
    public Mono<Void> write(
            Publisher<? extends SseEvent> events,
            ResolvableType actualType,
            ResolvableType elementType,
            @Nullable MediaType mediaType,
            ServerHttpRequest request,
            ServerHttpResponse response,
            Map<String, Object> hints) {
        return write(events, response);
    }

    Mono<Void> write(Publisher<? extends SseEvent> events, ServerHttpResponse response) {
        HttpHeaders headers = response.getHeaders();
        if (headers.getCacheControl() == null) {
            headers.setCacheControl("no-cache");
        }
        headers.set("X-Accel-Buffering", "no");
        return written(events, response);
    }

    /** Writes them as any message's body. */
    @Override
    public Mono<Void> write(
            Publisher<? extends SseEvent> events,
            ResolvableType type,
            @Nullable MediaType mediaType,
            ReactiveHttpOutputMessage message,
            Map<String, Object> hints) {
        return written(events, message);
    }

    private Mono<Void> written(Publisher<? extends SseEvent> events, ReactiveHttpOutputMessage message) {
        // Without a charset: it is always UTF-8.
        message.getHeaders().setContentType(MediaType.TEXT_EVENT_STREAM);
        return PacedBody.write(bytes(events), message);
    }

    private Flux<byte[]> bytes(Publisher<? extends SseEvent> events) {
        Flux<byte[]> bytes = Flux.defer(() -> {
            String[] lastId = {""};
            return Flux.from(events).map(event -> {
                byte[] text = EventText.bytes(event, lastId[0]);
                lastId[0] = event.id();
                return text;
            });
        });
        return heartbeat.isZero() ? bytes : Heartbeats.among(bytes, heartbeat, EventText.HEARTBEAT);
    }

    @Override
    public String toString() {
        return "SseEventWriter[" + (heartbeat.isZero() ? "no heartbeat" : "a heartbeat every " + heartbeat) + "]";
    }
}
