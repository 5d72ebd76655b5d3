package dev.headrace.sse;

import dev.headrace.decode.Decoder;
import dev.headrace.decode.PullParser;
import dev.headrace.http.Response;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/**
 * Events from bytes alone, to the letter of WHATWG HTML §9.2.6: for bytes that another client, a file or a test brings. It neither
 * connects nor reconnects; {@link EventStream} does. A value: every change gives a new one.
 *
 * <pre>{@code
 * Flux<ByteBuffer> body = webClient.get().uri("/events").retrieve().bodyToFlux(ByteBuffer.class);
 * Flux<SseEvent> events = SseDecoder.create().decode(body);
 * }</pre>
 */
public final class SseDecoder implements Decoder<SseEvent> {

    private static final SseDecoder DEFAULTS = new SseDecoder("", EventLimits.defaults());

    private final String lastEventId;
    private final EventLimits limits;

    private SseDecoder(String lastEventId, EventLimits limits) {
        this.lastEventId = lastEventId;
        this.limits = limits;
    }

    /**
     * A decoder that begins without an id and takes events of up to 8 MiB.
     *
     * @return the decoder
     */
    public static SseDecoder create() {
        return DEFAULTS;
    }

    /**
     * Sets the id that events have until the bytes bring one: the one that was sent as {@code Last-Event-ID}.
     *
     * @param id default empty, for none
     * @return a new decoder
     */
    public SseDecoder lastEventId(String id) {
        return new SseDecoder(Objects.requireNonNull(id, "id"), limits);
    }

    /**
     * Sets how large an event may be, and what becomes of one that is larger.
     *
     * @param limits default {@link EventLimits#defaults()}: 8 MiB, and {@link EventTooLargeException} beyond
     * @return a new decoder
     */
    public SseDecoder limits(EventLimits limits) {
        return new SseDecoder(lastEventId, Objects.requireNonNull(limits, "limits"));
    }

    /**
     * The events of a stream of bytes, however they are cut. An event that the end cuts short is dropped.
     *
     * <p>No event is parsed before it is asked for, and no more bytes are asked for before those that came are used up. Cancelling cancels
     * the bytes.
     *
     * @param bytes the stream; each buffer is copied before {@code onNext} returns
     * @return the events
     */
    public Flux<SseEvent> decode(Publisher<ByteBuffer> bytes) {
        return Decoder.parse(bytes, this::parser);
    }

    /**
     * The events of a response's body, whatever its content type; as {@link #decode(Publisher)} in everything else.
     *
     * @param response what came
     * @return the events
     */
    @Override
    public Flux<SseEvent> decode(Response response) {
        return Decoder.pulling(this::parser).decode(response);
    }

    /** {@code text/event-stream}. */
    @Override
    public Optional<String> accept() {
        return Optional.of("text/event-stream");
    }

    private PullParser<SseEvent> parser() {
        return new EventParser<>(
                new EventFinder(new ResumePoint(lastEventId), limits, false, null, null), EventShape.events());
    }

    @Override
    public String toString() {
        return "SseDecoder[" + limits + "]";
    }
}
