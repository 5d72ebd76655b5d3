package dev.headrace.sse;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.ConnectableFlux;
import reactor.core.publisher.Flux;
import reactor.util.concurrent.Queues;

/**
 * One stream of events for many readers, such as browsers: a single connection to the source, and for each reader its own
 * {@link Backpressure#dropOldest}, so that a slow one loses events and holds up nobody.
 *
 * <pre>{@code
 * EventRelay relay = EventRelay.builder(EventStream.from(api, Request.get("/events")).events()).replay(100).build();
 * Flux<SseEvent> forOneBrowser = relay.events(Backpressure.dropOldest(50), lastEventId);
 * }</pre>
 *
 * <p>The connection is made when the first reader asks for an event and closed when the last has left; the next reader makes another. It is the
 * one object that all readers share: make one for each source and keep it. An event that all have lost is not read twice. Memory is bounded:
 * what is {@linkplain Builder#replay kept} for readers to come, and for each reader what its policy lets wait.
 *
 * <p>Events come on the thread on which the source emits them, or on that on which the reader asks; a reader that blocks there holds up the
 * others. When the source fails or completes, so does each reader behind what waits for it; whoever subscribes then begins anew.
 */
public final class EventRelay {

    private final Flux<Numbered> shared;
    private final @Nullable EventCounters counters;
    private final Deque<Numbered> kept = new ArrayDeque<>();
    private final int keep;
    private final AtomicInteger readers = new AtomicInteger();
    private long last;

    /** An event and its place among all that this relay has seen, whichever connection it came by. */
    private record Numbered(long number, SseEvent event) {}

    private EventRelay(Builder builder) {
        keep = builder.keep;
        counters = builder.counters;
        Flux<Numbered> numbered = builder.events.map(this::number);
        ConnectableFlux<Numbered> events =
                keep == 0 ? numbered.publish(Queues.SMALL_BUFFER_SIZE) : numbered.replay(keep);
        shared = builder.linger.isZero() ? events.refCount(1) : events.refCount(1, builder.linger);
    }

    /**
     * Begins a relay.
     *
     * @param events what all readers get; subscribed once for all of them, with demand for all that comes. As of
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
         * Keeps the newest events for readers that come, or come back, later.
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
         * Keeps the connection for some time after the last reader has left, for one that comes back.
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
     * @param lastEventId id of the last event it has had, as a browser sends it in {@code Last-Event-ID}; empty for none
     * @return the events behind that one, if it is still kept; all that are kept otherwise. Everything else is as for
     *     {@link #events(Backpressure)}
     * @throws IllegalArgumentException as {@link #events(Backpressure)}
     */
    public Flux<SseEvent> events(Backpressure backpressure, String lastEventId) {
        Objects.requireNonNull(lastEventId, "lastEventId");
        if (!backpressure.drops()) {
            throw new IllegalArgumentException(
                    "backpressure must be dropOldest, but is block(): one slow reader would hold up all the others");
        }
        return Flux.defer(() -> {
                    Flux<SseEvent> events = Flux.defer(() -> {
                        long had = numberOf(lastEventId);
                        return shared.filter(each -> each.number() > had).map(Numbered::event);
                    });
                    return new NewestEvents<SseEvent>(backpressure.capacity(), lastEventId, counters, () -> {})
                            .of(events);
                })
                .doOnSubscribe(subscription -> readers.incrementAndGet())
                .doFinally(end -> readers.decrementAndGet());
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
        Numbered numbered = new Numbered(++last, event);
        if (keep > 0) {
            synchronized (kept) {
                if (kept.size() == keep) {
                    kept.removeFirst();
                }
                kept.addLast(numbered);
            }
        }
        return numbered;
    }

    /** Of the newest event with that id; 0, before all, if none is kept. */
    private long numberOf(String id) {
        if (keep == 0 || id.isEmpty()) {
            return 0;
        }
        synchronized (kept) {
            for (Iterator<Numbered> newest = kept.descendingIterator(); newest.hasNext(); ) {
                Numbered each = newest.next();
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
