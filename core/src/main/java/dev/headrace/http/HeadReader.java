package dev.headrace.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * The one subscriber of the body: first it collects, then it is the body that replays what it collected and lets the rest through.
 *
 * <p>An operator of our own because one subscription must first decide a {@code Mono} and then go on as a {@code Flux}; no
 * composition hands a half-read stream over. Whoever waits for the head holds a {@link Waiting}: a cancel of it is one of the body only
 * until the head is there. While the collected chunks are replayed, nothing is asked of upstream, so the only
 * signal that can come meanwhile is the end; it waits in {@code done} until the replay is over.
 */
final class HeadReader extends Flux<ByteBuf> implements CoreSubscriber<ByteBuf>, Subscription {

    private static final AtomicLongFieldUpdater<HeadReader> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(HeadReader.class, "requested");
    private static final AtomicIntegerFieldUpdater<HeadReader> WIP =
            AtomicIntegerFieldUpdater.newUpdater(HeadReader.class, "wip");

    private final Response response;
    private final int limit;
    private final Waiting<?> waiting;
    /** The head is all there is, so all is asked for at once: then nobody queues it on its way here. */
    private final boolean fits;

    private final @Nullable ByteArrayOutputStream copy;
    private final Chunks head = new Chunks();
    private int headBytes;
    private boolean overLimit;
    private boolean handedOver;
    private boolean ended;
    private @Nullable Throwable error;
    private @Nullable Response replayed;
    // Volatile, as is `cancelled`: a cancel that does not see the subscription must be seen by whoever sets it.
    private volatile @Nullable Subscription upstream;
    private volatile @Nullable CoreSubscriber<? super ByteBuf> actual;
    private volatile @Nullable Throwable refused;

    @SuppressWarnings("UnusedVariable") // Read through WIP.
    private volatile int wip;

    private volatile boolean done;
    private volatile boolean cancelled;
    private volatile long requested;

    private HeadReader(Response response, int limit, @Nullable ByteArrayOutputStream copy, Waiting<?> waiting) {
        this.response = response;
        this.limit = limit;
        this.copy = copy;
        this.waiting = waiting;
        // Only where the transport sees to it that no more comes than was said.
        this.fits = response.body() instanceof ResponseBody
                && response.headers()
                        .first("Content-Length")
                        .filter(length -> isBelow(limit, length))
                        .isPresent();
    }

    /** The response again, once that many bytes of its body, or all of it, have come. */
    static Mono<Response> read(Response response, int limit) {
        return new Head<>(response, limit, false, HeadReader::replayed);
    }

    /** The same, with a copy of those bytes. */
    static Mono<Peeked> peek(Response response, int limit) {
        return new Head<>(
                response,
                limit,
                true,
                reader -> new Peeked(reader.replayed(), reader.copied().toByteArray(), !reader.overLimit));
    }

    /** Of a few digits only, so that no number is too large and none negative. */
    private static boolean isBelow(int limit, String length) {
        try {
            return length.length() < 10 && Integer.parseUnsignedInt(length) < limit;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    @Override
    public Context currentContext() {
        CoreSubscriber<? super ByteBuf> reader = actual;
        return reader == null ? waiting.actual.currentContext() : reader.currentContext();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        upstream = subscription;
        if (cancelled) {
            subscription.cancel();
        } else {
            subscription.request(fits ? Long.MAX_VALUE : 1);
        }
    }

    @Override
    public void onNext(ByteBuf chunk) {
        if (handedOver) {
            CoreSubscriber<? super ByteBuf> reader = actual;
            if (reader != null) {
                reader.onNext(chunk);
            }
            return;
        }
        if (copy != null) {
            // Here and not later: once it is in the queue, a cancel from another thread may release it.
            int length = Math.min(chunk.readableBytes(), Math.max(0, limit - headBytes));
            copy.writeBytes(ByteBufUtil.getBytes(chunk, chunk.readerIndex(), length));
        }
        head.add(chunk.retain());
        headBytes += chunk.readableBytes();
        if (cancelled) {
            drain();
        } else if (fits) {
            // More comes by itself. Should it be more than was said, it is kept all the same.
            overLimit = headBytes > limit;
        } else if (headBytes >= limit) {
            overLimit = true;
            handOver();
        } else {
            Objects.requireNonNull(upstream).request(1);
        }
    }

    @Override
    public void onError(Throwable failure) {
        error = failure;
        done = true;
        if (handedOver) {
            drain();
        } else {
            cancelled = true;
            drain();
            waiting.fail(failure);
        }
    }

    @Override
    public void onComplete() {
        done = true;
        if (handedOver) {
            drain();
        } else {
            handOver();
        }
    }

    private void handOver() {
        handedOver = true;
        Response replaying = overLimit
                ? response.replacingBody(this, this::abort)
                : response.replayingBody(this, this::abort, headBytes);
        replayed = replaying;
        // Before the success: a cancel at this moment may drop it.
        ExchangeScope.replace(waiting.actual.currentContext(), response, replaying);
        waiting.succeed(this);
    }

    private Response replayed() {
        return Objects.requireNonNull(replayed);
    }

    private ByteArrayOutputStream copied() {
        return Objects.requireNonNull(copy);
    }

    /** Nobody has begun to read: what was collected goes, and the rest is not wanted. */
    private void abort() {
        if (actual == null) {
            cancel();
        }
    }

    @Override
    public void subscribe(CoreSubscriber<? super ByteBuf> reader) {
        if (actual != null || cancelled) {
            Operators.error(reader, new IllegalStateException("A response body can be read only once"));
            return;
        }
        actual = reader;
        reader.onSubscribe(this);
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            refused = new IllegalArgumentException("§3.9: demand must be positive, but is " + n);
        } else {
            Operators.addCap(REQUESTED, this, n);
        }
        drain();
    }

    @Override
    public void cancel() {
        cancelled = true;
        // §3.13: whoever keeps the body need not keep its reader.
        actual = null;
        Subscription subscription = upstream;
        if (subscription != null && !done) {
            subscription.cancel();
        }
        drain();
    }

    private void drain() {
        if (WIP.getAndIncrement(this) != 0) {
            return;
        }
        int missed = 1;
        do {
            if (cancelled) {
                release();
            } else {
                emit();
            }
            missed = WIP.addAndGet(this, -missed);
        } while (missed != 0);
    }

    private void emit() {
        CoreSubscriber<? super ByteBuf> reader = actual;
        if (reader == null || ended) {
            return;
        }
        Throwable refusal = refused;
        if (refusal != null) {
            ended = true;
            Objects.requireNonNull(upstream).cancel();
            release();
            reader.onError(refusal);
            return;
        }
        while (!head.isEmpty() && requested > 0 && !cancelled) {
            Operators.produced(REQUESTED, this, 1);
            ByteBuf chunk = Objects.requireNonNull(head.poll());
            try {
                reader.onNext(chunk);
            } finally {
                chunk.release();
            }
        }
        if (cancelled) {
            release();
        } else if (head.isEmpty() && done) {
            ended = true;
            if (error == null) {
                reader.onComplete();
            } else {
                reader.onError(error);
            }
        } else if (head.isEmpty()) {
            long wanted = REQUESTED.getAndSet(this, 0);
            if (wanted > 0) {
                Objects.requireNonNull(upstream).request(wanted);
            }
        }
    }

    private void release() {
        for (ByteBuf chunk = head.poll(); chunk != null; chunk = head.poll()) {
            chunk.release();
        }
    }

    private static final class Head<T> extends Mono<T> {

        private final Response response;
        private final int limit;
        private final boolean withCopy;
        private final Function<? super HeadReader, ? extends T> result;

        Head(Response response, int limit, boolean withCopy, Function<? super HeadReader, ? extends T> result) {
            this.response = response;
            this.limit = limit;
            this.withCopy = withCopy;
            this.result = result;
        }

        @Override
        public void subscribe(CoreSubscriber<? super T> actual) {
            actual.onSubscribe(new Waiting<>(this, actual));
        }
    }

    /** Of whoever waits for the head: reading begins when it is asked for. */
    private static final class Waiting<T> implements Subscription {

        private static final int NEW = 0;
        private static final int READING = 1;
        private static final int OVER = 2;

        @SuppressWarnings("rawtypes")
        private static final AtomicIntegerFieldUpdater<Waiting> STAGE =
                AtomicIntegerFieldUpdater.newUpdater(Waiting.class, "stage");

        private final Head<T> head;
        private final CoreSubscriber<? super T> actual;
        private final HeadReader reader;
        private volatile int stage = NEW;

        Waiting(Head<T> head, CoreSubscriber<? super T> actual) {
            this.head = head;
            this.actual = actual;
            this.reader =
                    new HeadReader(head.response, head.limit, head.withCopy ? new ByteArrayOutputStream() : null, this);
        }

        @Override
        public void request(long n) {
            if (n <= 0) {
                if (giveUp()) {
                    actual.onError(new IllegalArgumentException("§3.9: demand must be positive, but is " + n));
                }
            } else if (stage == NEW && STAGE.compareAndSet(this, NEW, READING)) {
                head.response.body().subscribe(reader);
            }
        }

        @Override
        public void cancel() {
            var unused = giveUp();
        }

        /** True if it was not over yet. */
        private boolean giveUp() {
            int before = STAGE.getAndSet(this, OVER);
            if (before == READING) {
                reader.cancel();
            } else if (before == NEW) {
                head.response.abort();
            }
            return before != OVER;
        }

        void succeed(HeadReader reader) {
            if (STAGE.compareAndSet(this, READING, OVER)) {
                actual.onNext(head.result.apply(reader));
                actual.onComplete();
            }
        }

        void fail(Throwable failure) {
            if (STAGE.compareAndSet(this, READING, OVER)) {
                actual.onError(failure);
            } else {
                Operators.onErrorDropped(failure, actual.currentContext());
            }
        }
    }

    /** Chunks in order, which one thread adds and another takes: a cancel may come from anywhere while the head is still being collected. */
    private static final class Chunks {

        private static final AtomicReferenceFieldUpdater<Chunks, @Nullable ByteBuf> FIRST =
                AtomicReferenceFieldUpdater.newUpdater(Chunks.class, ByteBuf.class, "first");

        /** Nearly always the only one. */
        private volatile @Nullable ByteBuf first;

        private volatile @Nullable Queue<ByteBuf> others;

        void add(ByteBuf chunk) {
            Queue<ByteBuf> queue = others;
            if (queue == null && FIRST.compareAndSet(this, null, chunk)) {
                return;
            }
            if (queue == null) {
                queue = new ConcurrentLinkedQueue<>();
                others = queue;
            }
            queue.add(chunk);
        }

        @Nullable
        ByteBuf poll() {
            ByteBuf chunk = FIRST.getAndSet(this, null);
            Queue<ByteBuf> queue = others;
            return chunk != null || queue == null ? chunk : queue.poll();
        }

        boolean isEmpty() {
            Queue<ByteBuf> queue = others;
            return first == null && (queue == null || queue.isEmpty());
        }
    }
}
