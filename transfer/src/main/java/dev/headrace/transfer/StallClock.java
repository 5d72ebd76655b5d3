package dev.headrace.transfer;

import dev.headrace.http.Request;
import dev.headrace.http.ResponseTimeoutException;
import dev.headrace.http.Timeouts;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Ends a request whose body a connection takes no more of. Nobody else does: the clocks of an exchange begin when the body is sent.
 *
 * <p>It runs only while the connection does not ask for more: a slow source or a limit on the speed is not the remote's fault. The connection
 * asks again when half a MiB has gone, so it has four times the gap timeout for that.
 */
final class StallClock {

    private static final int GAPS = 4;
    private static final int LOOKS = 4;

    private long wanted;
    /** Before the connection is there it asks for nothing, and has other limits. */
    private boolean begun;

    private boolean ended;
    private boolean answered;
    private long at = now();

    /** Listens to the traffic between a body and its connection. */
    Flux<ByteBuffer> watch(Flux<ByteBuffer> items) {
        return items.doOnRequest(this::asked).doOnNext(item -> gave()).doOnComplete(this::complete);
    }

    /** Errors when the connection has stood still for too long, with {@link ResponseTimeoutException}. */
    Mono<Void> over(Mono<Void> exchange, Request asked, Timeouts defaults) {
        Timeouts timeouts = asked.options().timeoutsOver(defaults);
        if (timeouts.gap().isZero()) {
            return exchange;
        }
        Duration limit = timeouts.gap().multipliedBy(GAPS);
        // One delay after the other, not an interval: to cancel that on an event loop may wait for a lock of the
        // scheduler. BlockHound breaks such a wait off, and what it leaves in the lock's queue stops later timers.
        Mono<Long> stalled = Mono.delay(limit.dividedBy(LOOKS))
                .repeat()
                .filter(look -> isStalled(limit.toNanos(), timeouts.head().toNanos()))
                .next();
        return exchange.timeout(
                stalled,
                Mono.error(
                        () -> new ResponseTimeoutException(asked, "the connection took no more of the body", limit)));
    }

    /** The head of the answer has come: its body has a clock of its own. */
    synchronized void answered() {
        answered = true;
    }

    /** Whether the whole body was handed to the connection. */
    synchronized boolean isBodyComplete() {
        return ended;
    }

    private synchronized void asked(long items) {
        begun = true;
        wanted = wanted + items < 0 ? Long.MAX_VALUE : wanted + items;
        at = now();
    }

    private synchronized void gave() {
        wanted--;
        at = now();
    }

    private synchronized void complete() {
        ended = true;
        at = now();
    }

    private synchronized boolean isStalled(long limit, long head) {
        if (answered) {
            return false;
        }
        long silence = now() - at;
        // What is left of the body goes out first, and then the answer has its own time; without a limit it has all.
        return ended ? head > 0 && silence > limit + head : begun && wanted <= 0 && silence > limit;
    }

    private static long now() {
        return Schedulers.parallel().now(TimeUnit.NANOSECONDS);
    }
}
