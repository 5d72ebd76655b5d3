package dev.headrace.server;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import reactor.core.publisher.Mono;
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

    /** One request, from its head until its answer has left. Written by one thread at a time, and ended by its connection. */
    final class Visit {

        private volatile LongAdder outcome = answered;
        private volatile Runnable release = () -> {};
        private volatile boolean ended;

        private Visit() {}

        void refused() {
            outcome = refused;
        }

        void failed() {
            outcome = failed;
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

        /** What is given back at its end. Called by the connection's event loop, as the end is. */
        void holds(Runnable release) {
            if (ended) {
                release.run();
            } else {
                this.release = release;
            }
        }

        /** All of the answer has left. */
        void ended() {
            end(outcome);
        }

        /** The connection is closed, and something of the answer has not left. */
        void brokenOff() {
            end(cancelled);
        }

        private void end(LongAdder how) {
            if (ended) {
                return;
            }
            ended = true;
            how.increment();
            release.run();
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
