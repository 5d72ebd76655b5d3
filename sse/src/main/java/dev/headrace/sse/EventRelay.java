package dev.headrace.sse;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.ConnectableFlux;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One stream of events for many readers, such as browsers: a single connection to the source, and for each reader its own
 * {@link Backpressure#dropOldest}, so that a slow one loses events and holds up nobody.
 *
 * <pre>{@code
 * EventRelay relay = EventRelay.builder(EventStream.from(api, Request.get("/events")).events())
 *         .replay(100)
 *         .linger(ofSeconds(30))
 *         .build();
 * Flux<SseEvent> forOneBrowser = relay.events(Backpressure.dropOldest(50), lastEventId);
 * }</pre>
 *
 * <p>The connection is made when the first reader asks for an event and closed when the last has left, or {@linkplain Builder#linger some time}
 * later; the next reader makes another. What comes while there is none is not read, and nobody is told of it. This is the one object that all
 * readers share: make one for each source and keep it. Memory is bounded: what is {@linkplain Builder#replay kept} for readers to come, and for
 * each reader what its policy lets wait.
 *
 * <p>Events come on the thread on which the source emits them, or on that on which the reader asks; a reader that blocks there holds up the
 * others. When the source fails or completes, so does each reader behind what waits for it; whoever subscribes then begins anew.
 */
public final class EventRelay {

    private final ConnectableFlux<Numbered> events;
    private final Flux<Numbered> shared;
    private final @Nullable EventCounters counters;
    private final int keep;
    private final AtomicInteger readers = new AtomicInteger();

    /** The newest of this connection; guards {@link #last} as well. */
    private final Deque<Numbered> kept = new ArrayDeque<>();

    private long last;

    /** An event and its place among all that this relay has seen, whichever connection it came by. */
    private record Numbered(long number, SseEvent event) {}

    private EventRelay(Builder builder) {
        keep = builder.keep;
        counters = builder.counters;
        // One at a time: what is kept must not run ahead of what is sent, or a reader that comes would miss what lies
        // between.
        events = builder.events
                .map(this::number)
                .doOnSubscribe(connection -> begin())
                .publish(1);
        shared = builder.linger.isZero() ? events.refCount(1) : events.refCount(1, builder.linger);
    }

    /** What an earlier connection has brought is old. And somebody has to ask while no reader is there, or the source would be held up. */
    private void begin() {
        synchronized (kept) {
            kept.clear();
        }
        events.subscribe(event -> {}, end -> {});
    }

    /**
     * Begins a relay.
     *
     * @param events what all readers get; subscribed once for all of them, and asked for as fast as it comes. As of
     *     {@link EventStream#events()}, it should reconnect by itself and not drop, which is left to the readers
     * @return a builder with all defaults
     */
    public static Builder builder(Flux<SseEvent> events) {
        return new Builder(events);
    }

    /** Collects what a relay is made from. */
    public static final class Builder {

        private final Flux<SseEvent> events;
        private int keep;
        private Duration linger = Duration.ZERO;
        private @Nullable EventCounters counters;

        private Builder(Flux<SseEvent> events) {
            this.events = Objects.requireNonNull(events, "events");
        }

        /**
         * Keeps the newest events of a connection for readers that come, or come back, while it is there.
         *
         * @param events how many; default 0
         * @return this builder
         * @throws IllegalArgumentException if it is negative
         */
        public Builder replay(int events) {
            if (events < 0) {
                throw new IllegalArgumentException("replay must not be negative, but is " + events);
            }
            keep = events;
            return this;
        }

        /**
         * Keeps the connection, and what is kept of it, for some time after the last reader has left, for one that comes back.
         *
         * @param linger default {@link Duration#ZERO}: it is closed at once
         * @return this builder
         * @throws IllegalArgumentException if it is negative
         */
        public Builder linger(Duration linger) {
            if (linger.isNegative()) {
                throw new IllegalArgumentException("linger must not be negative, but is " + linger);
            }
            this.linger = linger;
            return this;
        }

        /**
         * Counts what readers lose, as {@link EventStats#dropped()}: the sum over all of them.
         *
         * @param counters those of the stream itself, or others; default: not counted
         * @return this builder
         */
        public Builder counters(EventCounters counters) {
            this.counters = Objects.requireNonNull(counters, "counters");
            return this;
        }

        /**
         * Makes the relay. Nothing is connected before its first reader.
         *
         * @return the relay, to be kept and shared
         */
        public EventRelay build() {
            return new EventRelay(this);
        }
    }

    /**
     * The events for one reader: those that are {@linkplain Builder#replay kept}, then each as it comes.
     *
     * @param backpressure a {@link Backpressure#dropOldest}
     * @return the events; each tells what this reader has lost before it ({@link SseEvent#loss()}). Cancelling ends this reader alone
     * @throws IllegalArgumentException if the policy is {@link Backpressure#block()}, by which one reader would hold up all
     */
    public Flux<SseEvent> events(Backpressure backpressure) {
        return events(backpressure, "");
    }

    /**
     * The events for a reader that may have been here before.
     *
     * @param backpressure as for {@link #events(Backpressure)}
     * @param lastEventId id of the last event it has had, as a browser sends it in {@code Last-Event-ID}, decoded from UTF-8; empty for none
     * @return the events behind the first that has that id, if it is still kept; all that are kept otherwise. Everything else is as for
     *     {@link #events(Backpressure)}
     * @throws IllegalArgumentException as {@link #events(Backpressure)}
     */
    public Flux<SseEvent> events(Backpressure backpressure, String lastEventId) {
        Objects.requireNonNull(lastEventId, "lastEventId");
        if (!backpressure.drops()) {
            throw new IllegalArgumentException(
                    "backpressure must be dropOldest, but is block(): one slow reader would hold up all the others");
        }
        return Flux.defer(() -> new NewestEvents<SseEvent>(backpressure.capacity(), lastEventId, counters, () -> {})
                        .of(Flux.defer(() -> new Reader(lastEventId).events())))
                .doOnSubscribe(subscription -> readers.incrementAndGet())
                .doFinally(end -> readers.decrementAndGet());
    }

    /** One reader, which has had all events up to a number. Its signals come one after the other. */
    private final class Reader {

        private final boolean isNew;
        private long had;
        private boolean begun;

        Reader(String lastEventId) {
            isNew = lastEventId.isEmpty();
            had = isNew ? 0 : numberOf(lastEventId);
        }

        /**
         * Kept events, then each as it comes. What comes between a look at those kept and the subscription would be missed, so the look is
         * taken behind the subscription, and what is missing before an event is looked for once more. Nothing waits in the merge: whoever
         * buffers for the reader asks for everything.
         */
        Flux<SseEvent> events() {
            Flux<Optional<Numbered>> live = shared.map(Optional::of);
            return Flux.merge(Integer.MAX_VALUE, live, Mono.just(Optional.<Numbered>empty()))
                    .concatMapIterable(this::upTo)
                    .map(this::noting);
        }

        private List<Numbered> upTo(Optional<Numbered> live) {
            List<Numbered> next = new ArrayList<>();
            long end = live.map(Numbered::number).orElse(Long.MAX_VALUE);
            synchronized (kept) {
                for (Numbered each : kept) {
                    if (each.number() > had && each.number() < end) {
                        next.add(each);
                    }
                }
            }
            live.filter(event -> event.number() > had).ifPresent(next::add);
            if (!next.isEmpty()) {
                had = next.get(next.size() - 1).number();
            }
            return next;
        }

        /** What was lost before somebody came is no loss of theirs. */
        private SseEvent noting(Numbered next) {
            SseEvent event = next.event();
            boolean first = !begun;
            begun = true;
            return first && isNew && event.loss() != null
                    ? new SseEvent(event.id(), event.event(), event.data(), null, event.truncated())
                    : event;
        }
    }

    /**
     * How many readers there are.
     *
     * @return those that have subscribed and not left
     */
    public int readers() {
        return readers.get();
    }

    private Numbered number(SseEvent event) {
        synchronized (kept) {
            Numbered numbered = new Numbered(++last, event);
            if (keep > 0) {
                if (kept.size() == keep) {
                    kept.removeFirst();
                }
                kept.addLast(numbered);
            }
            return numbered;
        }
    }

    /** Of the oldest event with that id, for events without one of their own have that of the one before; 0, before all, if none is kept. */
    private long numberOf(String id) {
        synchronized (kept) {
            for (Numbered each : kept) {
                if (each.event().id().equals(id)) {
                    return each.number();
                }
            }
            return 0;
        }
    }

    @Override
    public String toString() {
        return "EventRelay[" + readers + " readers, " + keep + " events kept]";
    }
}
