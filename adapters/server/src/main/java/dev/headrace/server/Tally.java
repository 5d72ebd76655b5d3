package dev.headrace.server;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.core.publisher.Sinks;

/** Counts requests and how they end, and knows when none is left. One for each running server. */
final class Tally {

    private final LongAdder requests = new LongAdder();
    private final LongAdder answered = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder cancelled = new LongAdder();
    private final LongAdder messages = new LongAdder();
    private final AtomicInteger streams = new AtomicInteger();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Sinks.Empty<Void> drained = Sinks.empty();
    private volatile boolean draining;

    /** One request, from its head to its last byte. Written by one thread at a time. */
    final class Visit {

        private LongAdder outcome = answered;
        private boolean handedOver;

        private Visit() {}

        void refused() {
            outcome = refused;
        }

        void failed() {
            outcome = failed;
        }

        void gone() {
            outcome = cancelled;
        }

        /** All of the answer is Reactor Netty's, which may cancel now what it waits for no more. */
        void handedOver() {
            handedOver = true;
        }

        void wrote(int lines) {
            messages.add(lines);
        }

        void streamBegins() {
            streams.incrementAndGet();
        }

        void streamEnds() {
            streams.decrementAndGet();
        }

        void end(SignalType signal) {
            (signal == SignalType.CANCEL && !handedOver ? cancelled : outcome).increment();
            if (inFlight.decrementAndGet() == 0 && draining) {
                drained.tryEmitEmpty();
            }
        }
    }

    Visit begin() {
        requests.increment();
        inFlight.incrementAndGet();
        return new Visit();
    }

    /** A request that could not even be read. */
    void malformed() {
        requests.increment();
        refused.increment();
    }

    /** Completes when no request is being served; those that come while it waits count as well. */
    Mono<Void> drained() {
        return Mono.defer(() -> {
            draining = true;
            if (inFlight.get() == 0) {
                drained.tryEmitEmpty();
            }
            return drained.asMono();
        });
    }

    ServerStats stats(int openConnections) {
        return new ServerStats(
                requests.sum(),
                inFlight.get(),
                answered.sum(),
                refused.sum(),
                failed.sum(),
                cancelled.sum(),
                openConnections,
                streams.get(),
                messages.sum());
    }
}
