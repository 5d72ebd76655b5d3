package dev.headrace.transfer;

import dev.headrace.resilience.BandwidthLimit;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * Bytes cut anywhere in, chunks of one size out; the last one may be shorter.
 *
 * <p>Why it exists: the pull parser of core would do it, at the price of copying each byte twice, into its window and out of it, and of
 * asking for one buffer at a time. Here a byte is copied once, from the transport's buffer into the chunk, and as many buffers are asked
 * for as the chunks asked for must take: never one that might have to wait, except the single one without which nothing comes. A
 * {@link BandwidthLimit} slows down by asking later, so that TCP holds the remote back.
 *
 * <p>How it works. Whatever happens increments {@code wip}; whoever raised it from zero drains alone, and all plain fields belong to the
 * one who drains. A buffer usually comes while nobody drains, and is cut up before {@code onNext} returns, when its owner releases it;
 * what cannot be used up then, for want of demand or because another thread drains, is retained and released when it has been. A chunk is
 * filled only under demand, so a full one never waits. What is left over at the end, or before an error, is emitted as a last chunk, so
 * that whoever counts the bytes knows where to go on.
 *
 * <p>Upstream goes on behind the bytes it has handed over, emitted or not. If those belong to a content that is gone and none was emitted
 * yet, it says so by {@link #FORGET}.
 */
final class ExactChunks extends Flux<ByteBuffer> implements Scannable {

    /** In place of bytes: those that came before are not to be emitted. */
    static final ByteBuf FORGET = Unpooled.unreleasableBuffer(Unpooled.buffer(0, 0));

    private static final int FIRST_ROOM = 64 * 1024;
    private static final byte[] NONE = {};

    private final Flux<ByteBuf> source;
    private final int size;
    private final boolean reuse;
    private final @Nullable BandwidthLimit limit;

    private ExactChunks(Flux<ByteBuf> source, int size, boolean reuse, @Nullable BandwidthLimit limit) {
        this.source = source;
        this.size = size;
        this.reuse = reuse;
        this.limit = limit;
    }

    /**
     * Cuts bytes into chunks.
     *
     * @param source buffers that are released by their owner after {@code onNext}
     * @param size bytes of each chunk
     * @param reuse whether all chunks are views of one array, each valid until {@code onNext} returns
     * @param limit what is passed before more is asked for; null for none
     */
    static Flux<ByteBuffer> of(Flux<ByteBuf> source, int size, boolean reuse, @Nullable BandwidthLimit limit) {
        return onAssembly(new ExactChunks(source, size, reuse, limit));
    }

    @Override
    public void subscribe(CoreSubscriber<? super ByteBuffer> actual) {
        source.subscribe(new Cutting(actual, size, reuse, limit));
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PARENT) {
            return source;
        }
        return key == Attr.PREFETCH ? 0 : null;
    }

    private static final class Cutting implements CoreSubscriber<ByteBuf>, Subscription {

        private static final AtomicIntegerFieldUpdater<Cutting> WIP =
                AtomicIntegerFieldUpdater.newUpdater(Cutting.class, "wip");
        private static final AtomicLongFieldUpdater<Cutting> REQUESTED =
                AtomicLongFieldUpdater.newUpdater(Cutting.class, "requested");
        // Far more than anybody asks for at once, and few enough to be reckoned with.
        private static final long MOST_CHUNKS = 1 << 20;

        private final CoreSubscriber<? super ByteBuffer> actual;
        private final int size;
        private final boolean reuse;
        private final @Nullable BandwidthLimit limit;
        private final Queue<ByteBuf> waiting = Queues.<ByteBuf>unbounded(32).get();
        private final Disposable.Swap pause = Disposables.swap();

        @SuppressWarnings("UnusedVariable") // Read through WIP.
        private volatile int wip;

        private volatile long requested;
        private volatile boolean ended;
        private volatile boolean cancelled;
        private volatile boolean pausing;
        private volatile @Nullable RuntimeException broken;
        // Written before `ended`, read after it.
        private @Nullable Throwable failure;

        @SuppressWarnings("NullAway.Init") // Downstream hears of this subscriber after it was set.
        private Subscription upstream;

        // Belong to the one who drains.
        private @Nullable ByteBuf item;
        private boolean borrowed;
        private int at;
        private byte[] chunk = NONE;
        private int filled;
        private boolean emitted;
        private long outstanding;
        private long unpaid;
        private boolean over;

        Cutting(CoreSubscriber<? super ByteBuffer> actual, int size, boolean reuse, @Nullable BandwidthLimit limit) {
            this.actual = actual;
            this.size = size;
            this.reuse = reuse;
            this.limit = limit;
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
            }
        }

        @Override
        public void request(long n) {
            if (n <= 0) {
                broken = new IllegalArgumentException(
                        "Rule 3.9: a request must be for a positive number of chunks, not " + n);
            } else {
                Operators.addCap(REQUESTED, this, n);
            }
            drain();
        }

        @Override
        public void cancel() {
            cancelled = true;
            upstream.cancel();
            pause.dispose();
            drain();
        }

        @Override
        public void onNext(ByteBuf bytes) {
            if (!WIP.compareAndSet(this, 0, 1)) {
                waiting.offer(bytes.retain());
                drain();
                return;
            }
            if (item == null && waiting.isEmpty() && !over) {
                take(bytes);
                borrowed = item != null;
            } else {
                waiting.offer(bytes.retain());
            }
            drainLoop();
        }

        @Override
        public void onError(Throwable error) {
            failure = Objects.requireNonNull(error, "error");
            ended = true;
            drain();
        }

        @Override
        public void onComplete() {
            ended = true;
            drain();
        }

        private void drain() {
            if (WIP.getAndIncrement(this) == 0) {
                drainLoop();
            }
        }

        private void drainLoop() {
            int missed = 1;
            do {
                long wanted = drainOnce();
                keep();
                missed = WIP.addAndGet(this, -missed);
                if (wanted > 0) {
                    // A source that answers at once is drained by the next round, or by its own call.
                    upstream.request(wanted);
                }
            } while (missed != 0);
        }

        /** What is left of a buffer whose owner is about to release it. */
        private void keep() {
            if (borrowed && item != null) {
                item.retain();
            }
            borrowed = false;
        }

        /** Returns how many buffers to ask for. */
        private long drainOnce() {
            if (over || cancelled) {
                stop();
                return 0;
            }
            while (true) {
                RuntimeException rule = broken;
                if (rule != null) {
                    upstream.cancel();
                    stop();
                    actual.onError(rule);
                    return 0;
                }
                // Read before the queue: what came before the end is seen.
                boolean all = ended;
                if (item == null) {
                    takeWaiting();
                    if (broken != null) {
                        continue;
                    }
                }
                if (item != null) {
                    if (requested == 0) {
                        return 0;
                    }
                    copy();
                    if (filled == size && !emit()) {
                        return 0;
                    }
                } else if (!all) {
                    return ask();
                } else if (filled == 0) {
                    terminate();
                    return 0;
                } else if (requested == 0 || !emit()) {
                    return 0;
                }
            }
        }

        private void takeWaiting() {
            ByteBuf next = waiting.poll();
            if (next != null) {
                take(next);
            }
        }

        @SuppressWarnings("ReferenceEquality") // Another buffer without bytes is equal to it, and says nothing.
        private void take(ByteBuf bytes) {
            if (outstanding != Long.MAX_VALUE) {
                outstanding--;
            }
            if (bytes == FORGET) {
                if (emitted) {
                    broken = new IllegalStateException("What was emitted cannot be forgotten");
                }
                filled = 0;
                return;
            }
            unpaid += bytes.readableBytes();
            item = bytes;
            at = bytes.readerIndex();
        }

        private void copy() {
            ByteBuf bytes = Objects.requireNonNull(item);
            int length = Math.min(bytes.writerIndex() - at, size - filled);
            makeRoom(filled + length);
            bytes.getBytes(at, chunk, filled, length);
            at += length;
            filled += length;
            if (at == bytes.writerIndex()) {
                release();
            }
        }

        /** The whole chunk at once where chunks are known to get full; else as much as comes, for a large chunk may be a small content's. */
        private void makeRoom(int needed) {
            if (needed > chunk.length) {
                long grown = emitted ? size : Math.max(needed, Math.max(FIRST_ROOM, 2L * chunk.length));
                chunk = Arrays.copyOf(chunk, (int) Math.min(size, grown));
            }
        }

        /** False if that was the end. */
        private boolean emit() {
            byte[] bytes = reuse || filled == chunk.length ? chunk : Arrays.copyOf(chunk, filled);
            ByteBuffer view = ByteBuffer.wrap(bytes).slice(0, filled).asReadOnlyBuffer();
            if (!reuse) {
                chunk = NONE;
            }
            filled = 0;
            emitted = true;
            Operators.produced(REQUESTED, this, 1);
            actual.onNext(view);
            if (cancelled) {
                stop();
                return false;
            }
            return true;
        }

        /** As many as the chunks asked for must take; all the same one, for nothing comes without. */
        private long ask() {
            long chunks = requested;
            if (chunks == 0 || outstanding > 0 || pausing || mustPause()) {
                return 0;
            }
            if (limit != null) {
                outstanding = 1;
            } else if (chunks == Long.MAX_VALUE) {
                outstanding = Long.MAX_VALUE;
            } else {
                long bytes = Math.min(chunks, MOST_CHUNKS) * size - filled;
                outstanding = Math.max(1, bytes / BodyWriter.ITEM_BYTES);
            }
            return outstanding;
        }

        /** Begins to wait if what has come must be paid for first. */
        private boolean mustPause() {
            long owed = unpaid;
            unpaid = 0;
            if (limit == null || owed == 0) {
                return false;
            }
            pausing = true;
            pause.update(
                    limit.pass(owed).contextWrite(currentContext()).subscribe(none -> {}, this::onError, this::goOn));
            return true;
        }

        private void goOn() {
            pausing = false;
            drain();
        }

        private void terminate() {
            Throwable reason = failure;
            stop();
            if (reason != null) {
                actual.onError(reason);
            } else {
                actual.onComplete();
            }
        }

        private void stop() {
            over = true;
            pause.dispose();
            chunk = NONE;
            release();
            for (ByteBuf bytes = waiting.poll(); bytes != null; bytes = waiting.poll()) {
                bytes.release();
            }
        }

        private void release() {
            if (item != null && !borrowed) {
                item.release();
            }
            item = null;
            borrowed = false;
        }
    }
}
