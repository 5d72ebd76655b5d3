package dev.headrace.server;

import java.io.ByteArrayOutputStream;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * Joins the lines that come while the caller's socket is busy, and waits for none: what is at hand when the next batch is asked for is the
 * batch, be it one line. {@link #AHEAD} lines are asked for and kept at most, beside those of the batch that is being written; a batch ends
 * behind the line with which it has {@link #ENOUGH} bytes.
 *
 * <p>Lines that are kept when the source fails are emitted before the failure.
 */
final class LineBatches extends Flux<LineBatch> {

    static final int AHEAD = 16;
    static final int ENOUGH = 64 * 1024;

    private final Flux<byte[]> lines;

    LineBatches(Flux<byte[]> lines) {
        this.lines = lines;
    }

    @Override
    public void subscribe(CoreSubscriber<? super LineBatch> actual) {
        lines.subscribe(new Joining(actual));
    }

    private static final class Joining implements CoreSubscriber<byte[]>, Subscription {

        private final CoreSubscriber<? super LineBatch> actual;
        private final Queue<byte[]> queue = Queues.<byte[]>get(AHEAD).get();
        private final AtomicInteger work = new AtomicInteger();
        private final AtomicLong demand = new AtomicLong();
        private @Nullable Subscription upstream;
        private @Nullable Throwable failure;
        private volatile boolean done;
        private volatile boolean cancelled;

        Joining(CoreSubscriber<? super LineBatch> actual) {
            this.actual = actual;
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            if (Operators.validate(upstream, subscription)) {
                upstream = subscription;
                actual.onSubscribe(this);
                subscription.request(AHEAD);
            }
        }

        @Override
        public void onNext(byte[] line) {
            if (!queue.offer(line)) {
                subscription().cancel();
                onError(new IllegalStateException("More lines have come than were asked for"));
                return;
            }
            drain();
        }

        @Override
        public void onError(Throwable error) {
            if (done) {
                Operators.onErrorDropped(error, currentContext());
                return;
            }
            failure = error;
            done = true;
            drain();
        }

        @Override
        public void onComplete() {
            done = true;
            drain();
        }

        @Override
        public void request(long batches) {
            if (batches <= 0) {
                subscription().cancel();
                onError(new IllegalArgumentException("At least one must be asked for (§3.9), not " + batches));
                return;
            }
            demand.accumulateAndGet(batches, Operators::addCap);
            drain();
        }

        @Override
        public void cancel() {
            if (!cancelled) {
                cancelled = true;
                subscription().cancel();
                drain();
            }
        }

        private Subscription subscription() {
            return Objects.requireNonNull(upstream);
        }

        /** Whoever comes while somebody else is in here leaves the work to it. */
        private void drain() {
            if (work.getAndIncrement() != 0) {
                return;
            }
            int missed = 1;
            do {
                while (emitOne()) {
                    // And the next.
                }
                missed = work.addAndGet(-missed);
            } while (missed != 0);
        }

        private boolean emitOne() {
            if (cancelled) {
                queue.clear();
                return false;
            }
            boolean ended = done;
            if (queue.isEmpty()) {
                if (ended) {
                    cancelled = true;
                    end();
                }
                return false;
            }
            if (demand.get() == 0) {
                return false;
            }
            demand.updateAndGet(asked -> asked == Long.MAX_VALUE ? asked : asked - 1);
            LineBatch batch = join();
            actual.onNext(batch);
            if (!ended) {
                subscription().request(batch.lines());
            }
            return true;
        }

        private void end() {
            if (failure == null) {
                actual.onComplete();
            } else {
                actual.onError(failure);
            }
        }

        private LineBatch join() {
            byte[] first = Objects.requireNonNull(queue.poll());
            if (first.length >= ENOUGH || queue.isEmpty()) {
                return new LineBatch(first, 1);
            }
            ByteArrayOutputStream joined = new ByteArrayOutputStream();
            joined.writeBytes(first);
            int lines = 1;
            while (joined.size() < ENOUGH) {
                byte[] next = queue.poll();
                if (next == null) {
                    break;
                }
                joined.writeBytes(next);
                lines++;
            }
            return new LineBatch(joined.toByteArray(), lines);
        }
    }
}
