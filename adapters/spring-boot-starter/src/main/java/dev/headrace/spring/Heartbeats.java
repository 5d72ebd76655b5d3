package dev.headrace.spring;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Puts something of our own among items, where nothing else has come for a while. */
final class Heartbeats {

    private final long silence;
    private final Scheduler clock;
    private final AtomicLong last;

    private Heartbeats(Duration silence, Scheduler clock) {
        this.silence = silence.toMillis();
        this.clock = clock;
        this.last = new AtomicLong(now(clock));
    }

    /**
     * The items, and beats. One item is asked for ahead of demand; of beats that nobody takes, one is kept at most.
     *
     * @param silence at least 1 ms
     */
    static <T> Flux<T> among(Flux<T> items, Duration silence, T beat) {
        return Flux.defer(() -> new Heartbeats(silence, Schedulers.parallel()).merged(items, beat));
    }

    private <T> Flux<T> merged(Flux<T> items, T beat) {
        Flux<Signal<T>> beats = Mono.defer(() -> Mono.delay(Duration.ofMillis(left()), clock))
                .filter(tick -> left() == 0)
                .map(tick -> Signal.next(beat))
                .repeat();
        // As signals, so that the end of the items is the end of the beats.
        return Flux.merge(1, items.materialize(), beats).<T>dematerialize().doOnNext(any -> last.set(now(clock)));
    }

    /** Milliseconds until something should be said; a clock that was set back must not make us silent. */
    private long left() {
        long silent = now(clock) - last.get();
        return silent < 0 ? 0 : Math.max(0, silence - silent);
    }

    private static long now(Scheduler clock) {
        return clock.now(TimeUnit.MILLISECONDS);
    }
}
