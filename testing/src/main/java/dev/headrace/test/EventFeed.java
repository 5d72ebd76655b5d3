package dev.headrace.test;

import io.netty.channel.Channel;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * A source of server-sent events (WHATWG HTML §9.2), numbered from 1, that goes on after {@code Last-Event-ID}.
 *
 * <pre>{@code
 * EventFeed feed = EventFeed.of(1_000).retry(ofMillis(10)).cutAfter(100);   // every connection dies after 100 events
 * try (TestServer server = feed.start()) {
 *     …
 *     assertThat(feed.lastEventIds()).startsWith("", "100", "200");
 * }
 * }</pre>
 *
 * <p>Each event has an {@code id} and one {@code data} of JSON, {@code {"n":17}}, and is written and flushed by itself;
 * the next is made when the socket has taken it, so a slow reader slows the source. Settings return a changed copy;
 * faults of each copy count from the beginning, and servers that share a copy share its counts.
 */
public final class EventFeed implements Route {

    private enum End {
        CLEAN,
        CUT,
        SILENT
    }

    private static final class Settings {
        long total;
        long perConnection = Long.MAX_VALUE;
        End end = End.CLEAN;
        Duration interval = Duration.ZERO;
        Duration heartbeat = Duration.ZERO;

        @Nullable
        Duration retry;

        boolean greeting;
        boolean comments;
        boolean staysOpen;
        boolean unfinished;
        String lineEnd = "\n";
        String colon = ": ";
        int batch = 1;
        int fragment = Integer.MAX_VALUE;
        long overlap;
        String contentType = "text/event-stream; charset=utf-8";

        @Nullable
        String type;

        LongFunction<String> data = n -> "{\"n\":" + n + "}";
        LongFunction<String> id = Long::toString;
        ToLongFunction<String> number = Long::parseLong;
        ToLongFunction<HttpServerRequest> start = request -> 1;

        Settings(long total) {
            this.total = total;
        }

        Settings copy() {
            Settings copy = new Settings(total);
            copy.perConnection = perConnection;
            copy.end = end;
            copy.interval = interval;
            copy.heartbeat = heartbeat;
            copy.retry = retry;
            copy.greeting = greeting;
            copy.comments = comments;
            copy.staysOpen = staysOpen;
            copy.unfinished = unfinished;
            copy.lineEnd = lineEnd;
            copy.colon = colon;
            copy.batch = batch;
            copy.fragment = fragment;
            copy.overlap = overlap;
            copy.contentType = contentType;
            copy.type = type;
            copy.data = data;
            copy.id = id;
            copy.number = number;
            copy.start = start;
            return copy;
        }
    }

    private final Settings settings; // never changed once it is here
    private final Faults<Answer> faults;
    private final AtomicInteger connections = new AtomicInteger();
    private final List<String> lastEventIds = new CopyOnWriteArrayList<>();

    private EventFeed(Settings settings, Faults<Answer> faults) {
        this.settings = settings;
        this.faults = faults;
    }

    /**
     * A feed with an end. After the last event the response ends, and who asks for more is answered 204.
     *
     * @param total how many events; at least 0
     * @return as fast as the reader, no faults
     */
    public static EventFeed of(long total) {
        if (total < 0) {
            throw new IllegalArgumentException("total must not be negative: " + total);
        }
        return new EventFeed(new Settings(total), Faults.none());
    }

    /**
     * A feed without end.
     *
     * @return as fast as the reader, no faults
     */
    public static EventFeed endless() {
        return of(Long.MAX_VALUE);
    }

    /**
     * Ends each response, cleanly, after some events. Default: only after the last event.
     *
     * @param events on each connection
     * @return a changed copy
     */
    public EventFeed hangUpAfter(long events) {
        return ending(events, End.CLEAN);
    }

    /**
     * Resets each connection in the middle of the event that follows, with its id line already out.
     *
     * @param events complete ones on each connection
     * @return a changed copy
     */
    public EventFeed cutAfter(long events) {
        return ending(events, End.CUT);
    }

    /**
     * Says nothing more after some events, except heartbeats, and keeps the connection open.
     *
     * @param events on each connection
     * @return a changed copy
     */
    public EventFeed silentAfter(long events) {
        return ending(events, End.SILENT);
    }

    /**
     * Keeps the connection open after the last event of all. Default: the response ends.
     *
     * @return a changed copy
     */
    public EventFeed stayingOpen() {
        return with(copy -> copy.staysOpen = true);
    }

    /**
     * Begins each response with a {@code retry} field. Default: none.
     *
     * @param delay whole milliseconds
     * @return a changed copy
     */
    public EventFeed retry(Duration delay) {
        return with(copy -> copy.retry = delay);
    }

    /**
     * Time between two events. Default {@link Duration#ZERO}: as fast as the reader takes them.
     *
     * @param interval resolution about 1 ms
     * @return a changed copy
     */
    public EventFeed interval(Duration interval) {
        return with(copy -> copy.interval = interval);
    }

    /**
     * Begins each response with the comment {@code :ok}. Default: none.
     *
     * @return a changed copy
     */
    public EventFeed greeting() {
        return with(copy -> copy.greeting = true);
    }

    /**
     * Begins each response with the comment {@code :ok} and puts one before each event. Default: none.
     *
     * @return a changed copy
     */
    public EventFeed comments() {
        return with(copy -> {
            copy.greeting = true;
            copy.comments = true;
        });
    }

    /**
     * What ends each line. Default LF.
     *
     * @param lineEnd CR LF, LF or CR
     * @return a changed copy
     */
    public EventFeed lineEnd(String lineEnd) {
        if (!List.of("\r\n", "\n", "\r").contains(lineEnd)) {
            throw new IllegalArgumentException("lineEnd must be CR LF, LF or CR");
        }
        return with(copy -> copy.lineEnd = lineEnd);
    }

    /**
     * Puts no space behind the colon of a field, as the standard allows: {@code data:{"n":17}}.
     *
     * @return a changed copy
     */
    public EventFeed withoutSpaces() {
        return with(copy -> copy.colon = ":");
    }

    /**
     * Leaves out the blank line behind the last event of all, without which the event does not count (WHATWG HTML §9.2.6).
     *
     * @return a changed copy
     */
    public EventFeed withoutLastBlankLine() {
        return with(copy -> copy.unfinished = true);
    }

    /**
     * Where a client begins that sends no {@code Last-Event-ID}. Default: at the first event.
     *
     * @param first the number of an event, from the request; an exception is answered 400
     * @return a changed copy
     */
    public EventFeed startingAt(ToLongFunction<? super HttpServerRequest> first) {
        return with(copy -> copy.start = first::applyAsLong);
    }

    /**
     * Sends a comment at fixed times, also when no event is due. Default: none.
     *
     * @param period time between two comments
     * @return a changed copy
     */
    public EventFeed heartbeat(Duration period) {
        return with(copy -> copy.heartbeat = period);
    }

    /**
     * Writes several events at once, for speed. Default 1.
     *
     * @param events in one write and flush; at least 1
     * @return a changed copy
     */
    public EventFeed batch(int events) {
        if (events < 1) {
            throw new IllegalArgumentException("batch must be at least 1: " + events);
        }
        return with(copy -> copy.batch = events);
    }

    /**
     * Writes in small pieces, cut anywhere: inside a line, a line end, a UTF-8 character. Default: whole events.
     *
     * @param bytes in one write and flush; at least 1
     * @return a changed copy
     */
    public EventFeed fragments(int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("fragments must be at least 1 byte: " + bytes);
        }
        return with(copy -> copy.fragment = bytes);
    }

    /**
     * Repeats events after a resume, as sources do whose ids are times. Default 0.
     *
     * @param events how many of those already sent come again
     * @return a changed copy
     */
    public EventFeed overlap(long events) {
        return with(copy -> copy.overlap = events);
    }

    /**
     * What each event says. Default {@code {"n":17}}.
     *
     * @param data from the event's number; each of its lines becomes a {@code data} field
     * @return a changed copy
     */
    public EventFeed data(LongFunction<String> data) {
        return with(copy -> copy.data = data);
    }

    /**
     * The {@code event} field of all events. Default: none.
     *
     * @param type for example {@code message}
     * @return a changed copy
     */
    public EventFeed type(String type) {
        return with(copy -> copy.type = type);
    }

    /**
     * What ids look like. Default: the number itself.
     *
     * @param id from the event's number; empty for an event without an id
     * @param number back from the id; an exception is answered 400
     * @return a changed copy
     */
    public EventFeed ids(LongFunction<String> id, ToLongFunction<String> number) {
        return with(copy -> {
            copy.id = id;
            copy.number = number;
        });
    }

    /**
     * The {@code Content-Type}. Default {@code text/event-stream; charset=utf-8}.
     *
     * @param contentType empty to send none
     * @return a changed copy
     */
    public EventFeed contentType(String contentType) {
        return with(copy -> copy.contentType = contentType);
    }

    /**
     * Answers a status without events.
     *
     * @param status for example 503
     * @return when to do so; its {@link Fault#onRequest} counts connections of this feed
     */
    public Fault<EventFeed> failing(int status) {
        return fault(answer -> answer.fail(status, status == 204 ? "" : "status " + status));
    }

    /**
     * Closes the connection without an answer, with a FIN.
     *
     * @return when to do so
     */
    public Fault<EventFeed> dropping() {
        return fault(answer -> {
            answer.failed = true;
            answer.dropped = true;
        });
    }

    /**
     * Waits before answering.
     *
     * @param delay how long, to the millisecond
     * @return when to do so
     */
    public Fault<EventFeed> delaying(Duration delay) {
        return fault(answer -> answer.delay = delay);
    }

    /**
     * The {@code Last-Event-ID} of each request so far, in order; empty text where there was none.
     *
     * @return a snapshot, decoded as UTF-8
     */
    public List<String> lastEventIds() {
        return List.copyOf(lastEventIds);
    }

    @Override
    public Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        // Netty hands header bytes over as Latin-1; the standard says UTF-8 (WHATWG HTML §9.2.3).
        byte[] raw = request.requestHeaders().get("Last-Event-ID", "").getBytes(StandardCharsets.ISO_8859_1);
        String lastEventId = new String(raw, StandardCharsets.UTF_8);
        lastEventIds.add(lastEventId);
        Answer answer = new Answer();
        faults.spoil(answer, request, connections.incrementAndGet());
        long first = 1;
        if (!answer.failed) {
            try {
                if (lastEventId.isEmpty()) {
                    first = Math.max(1, settings.start.applyAsLong(request));
                } else {
                    long last = settings.number.applyAsLong(lastEventId);
                    first = Math.max(1, last + 1 - settings.overlap);
                    if (last >= settings.total && !settings.staysOpen) {
                        answer.fail(204, "");
                    }
                }
            } catch (RuntimeException unknown) {
                answer.fail(400, lastEventId.isEmpty() ? "unknown start" : "unknown id");
            }
        }
        if (answer.failed) {
            return answer.sendTo(request, response);
        }
        if (!settings.contentType.isEmpty()) {
            response.header("Content-Type", settings.contentType);
        }
        response.header("Cache-Control", "no-store");
        response.responseHeaders().setAll(answer.overriding);
        long start = first;
        Mono<Void> sending = Mono.defer(() -> response.sendHeaders().then())
                .then(stream(start, Wire.channel(response::withConnection)));
        return answer.delay.isZero() ? sending : Mono.delay(answer.delay).then(sending);
    }

    private Mono<Void> stream(long first, Channel channel) {
        long available = settings.total - first + 1;
        boolean over = available <= settings.perConnection;
        End end = over ? settings.staysOpen ? End.SILENT : End.CLEAN : settings.end;
        Flux<byte[]> bytes = Flux.concat(prelude(), events(first, Math.min(available, settings.perConnection)));
        if (end == End.CUT) {
            byte[] next = event(first + settings.perConnection);
            bytes = bytes.concatWith(
                    Mono.fromSupplier(() -> Arrays.copyOf(next, next.length - 2 * settings.lineEnd.length())));
        } else if (end == End.SILENT) {
            bytes = bytes.concatWith(Mono.never());
        }
        if (!settings.heartbeat.isZero()) {
            bytes = withHeartbeat(bytes);
        }
        if (settings.fragment != Integer.MAX_VALUE) {
            bytes = bytes.concatMapIterable(EventFeed.this::fragments, 1);
        }
        Mono<Void> sent =
                bytes.concatMap(chunk -> Wire.write(channel, chunk), 1).then();
        return end == End.CUT ? sent.then(Mono.defer(() -> Wire.reset(channel))) : sent;
    }

    private Flux<byte[]> prelude() {
        String text = (settings.greeting ? ":ok\n\n" : "")
                + (settings.retry == null ? "" : "retry" + settings.colon + settings.retry.toMillis() + "\n\n");
        return text.isEmpty() ? Flux.empty() : Flux.just(bytes(text));
    }

    private Flux<byte[]> events(long first, long count) {
        Flux<byte[]> events = Flux.generate(() -> 0L, (sent, sink) -> {
            if (sent >= count) {
                sink.complete();
                return sent;
            }
            int batch = (int) Math.min(settings.batch, count - sent);
            sink.next(batch == 1 ? event(first + sent) : batch(first + sent, batch));
            return sent + batch;
        });
        return settings.interval.isZero()
                ? events
                : events.index()
                        .concatMap(
                                event -> event.getT1() == 0
                                        ? Mono.just(event.getT2())
                                        : Mono.just(event.getT2()).delayElement(settings.interval),
                                1);
    }

    private Flux<byte[]> withHeartbeat(Flux<byte[]> events) {
        return Flux.defer(() -> {
            Sinks.Empty<Void> over = Sinks.empty();
            Flux<byte[]> comments = Flux.interval(settings.heartbeat)
                    .onBackpressureDrop()
                    .map(tick -> bytes(":\n\n"))
                    .takeUntilOther(over.asMono());
            return Flux.merge(1, events.doOnTerminate(over::tryEmitEmpty), comments);
        });
    }

    private byte[] batch(long first, int count) {
        ByteArrayOutputStream all = new ByteArrayOutputStream(count * 32);
        for (int i = 0; i < count; i++) {
            all.writeBytes(event(first + i));
        }
        return all.toByteArray();
    }

    private byte[] event(long number) {
        StringBuilder text = new StringBuilder(64);
        if (settings.comments) {
            text.append(": ").append(number).append('\n');
        }
        String id = settings.id.apply(number);
        if (!id.isEmpty()) {
            text.append("id").append(settings.colon).append(id).append('\n');
        }
        if (settings.type != null) {
            text.append("event").append(settings.colon).append(settings.type).append('\n');
        }
        settings.data
                .apply(number)
                .lines()
                .forEach(line ->
                        text.append("data").append(settings.colon).append(line).append('\n'));
        return bytes((settings.unfinished && number == settings.total ? text : text.append('\n')).toString());
    }

    private byte[] bytes(String lines) {
        return lines.replace("\n", settings.lineEnd).getBytes(StandardCharsets.UTF_8);
    }

    private List<byte[]> fragments(byte[] bytes) {
        List<byte[]> pieces = new ArrayList<>();
        for (int from = 0; from < bytes.length; from += settings.fragment) {
            pieces.add(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + settings.fragment)));
        }
        return pieces;
    }

    private EventFeed ending(long events, End end) {
        if (events < 0) {
            throw new IllegalArgumentException("events of a connection must not be negative: " + events);
        }
        return with(copy -> {
            copy.perConnection = events;
            copy.end = end;
        });
    }

    private EventFeed with(Consumer<Settings> change) {
        Settings copy = settings.copy();
        change.accept(copy);
        return new EventFeed(copy, faults.restarted());
    }

    private Fault<EventFeed> fault(Consumer<Answer> effect) {
        return Fault.of((occasion, extra) -> new EventFeed(settings, faults.with(occasion, extra, effect)));
    }
}
