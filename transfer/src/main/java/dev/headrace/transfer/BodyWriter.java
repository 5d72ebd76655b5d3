package dev.headrace.transfer;

import dev.headrace.resilience.BandwidthLimit;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * From the event loop to the disk: one body into one extent of a part file.
 *
 * <p>The event loop only retains a buffer, puts it into the queue and counts; the disk worker takes as many as there are, writes them
 * in one call, releases them and asks for as many again. Large writes are what makes a transfer fast, so the worker is woken only
 * when 256 KiB wait, or half of the window of items (small items may never fill 256 KiB, and waiting for more than was asked for
 * would be waiting for ever), or 100 ms after something was left waiting (slow links, progress), or at the end.
 *
 * <p>At most a window of items of at most 64 KiB is asked for and not yet written. Under a {@link BandwidthLimit} what was written is
 * asked for again only when the limit lets as much pass; the remote is slowed down by TCP.
 *
 * <p>A body that goes on behind the end of its extent is given up there.
 *
 * <p>Bytes have one owner: from {@code retain} to {@code release} it is the queue or the batch being written. Whatever ends the
 * body, the worker releases what is left: after an error of the remote it first writes it, for it can be resumed from; after a
 * cancel it finishes the write it is in and drops the rest.
 */
final class BodyWriter implements CoreSubscriber<ByteBuf> {

    /** The longest item the transport delivers in a transfer. */
    static final int ITEM_BYTES = 64 * 1024;

    private static final int WAKE_BYTES = 256 * 1024;
    private static final int BATCH_BYTES = 512 * 1024;
    private static final int BATCH_BUFFERS = 512;
    private static final Duration LINGER = Duration.ofMillis(100);

    private final Extent extent;
    private final DiskWorker worker;
    private final int window;
    private final BandwidthLimit limit;
    private final Runnable written;
    private final MonoSink<Void> sink;

    private final Queue<ByteBuf> queue = Queues.<ByteBuf>unbounded(32).get();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final AtomicInteger waitingItems = new AtomicInteger();
    private final AtomicInteger owed = new AtomicInteger();
    private final AtomicInteger wakeUps = new AtomicInteger();
    private final AtomicBoolean lingering = new AtomicBoolean();
    private final List<ByteBuf> batch = new ArrayList<>();
    private final Disposable.Swap pause = Disposables.swap();

    private volatile boolean overdue;
    private volatile boolean stopped;
    private volatile boolean ended;
    private @Nullable Throwable failure;
    private volatile @Nullable Subscription upstream;

    private BodyWriter(
            Extent extent, DiskWorker worker, int window, BandwidthLimit limit, Runnable written, MonoSink<Void> sink) {
        this.extent = extent;
        this.worker = worker;
        this.window = window;
        this.limit = limit;
        this.written = written;
        this.sink = sink;
    }

    /**
     * Writes a body as it comes.
     *
     * @param window how many items may be asked for and not yet written
     * @param written called by the disk worker after each write
     * @return completes, on the disk worker, when the body has ended and all of it is written, or the extent is full; errors with the body's error when all
     *     that came before it is written, or with the disk's. Cancelling cancels the body
     */
    static Mono<Void> write(
            Flux<ByteBuf> body, Extent extent, DiskWorker worker, int window, BandwidthLimit limit, Runnable written) {
        return Mono.create(sink -> {
            BodyWriter writer = new BodyWriter(extent, worker, window, limit, written, sink);
            sink.onCancel(writer::stop);
            body.subscribe(writer);
        });
    }

    @Override
    public Context currentContext() {
        return Context.of(sink.contextView());
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        if (Operators.validate(upstream, subscription)) {
            upstream = subscription;
            if (stopped) {
                subscription.cancel();
            } else {
                subscription.request(window);
            }
        }
    }

    @Override
    public void onNext(ByteBuf bytes) {
        waitingBytes.addAndGet(bytes.readableBytes());
        waitingItems.incrementAndGet();
        queue.add(bytes.retain());
        if (isDue()) {
            wake();
        } else {
            linger();
        }
    }

    @Override
    public void onError(Throwable error) {
        failure = error;
        ended = true;
        wake();
    }

    @Override
    public void onComplete() {
        ended = true;
        wake();
    }

    /** The subscriber has gone: no write begins any more, and what waits is released. */
    private void stop() {
        stopped = true;
        cancelUpstream();
        pause.dispose();
        wake();
    }

    private void linger() {
        if (lingering.compareAndSet(false, true)) {
            Schedulers.parallel().schedule(this::lingered, LINGER.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void lingered() {
        lingering.set(false);
        overdue = true;
        wake();
    }

    private boolean isDue() {
        return waitingBytes.get() >= WAKE_BYTES
                || waitingItems.get() >= (window + 1) / 2
                || overdue
                || ended
                || stopped;
    }

    private void wake() {
        if (wakeUps.getAndIncrement() == 0) {
            worker.execute(this::drain);
        }
    }

    private void drain() {
        int missed = 1;
        do {
            while (!stopped && isDue() && nextBatch()) {
                // As long as it is worth it.
            }
            if (stopped) {
                release(queue);
            } else if (ended && queue.isEmpty()) {
                stopped = true;
                finish();
            } else if (!queue.isEmpty()) {
                linger();
            }
            missed = wakeUps.addAndGet(-missed);
        } while (missed != 0);
    }

    private void finish() {
        pause.dispose();
        Throwable error = failure;
        if (error == null) {
            sink.success();
        } else {
            sink.error(error);
        }
    }

    /** Writes what waits, up to a batch; false if nothing did, or nothing will be written any more. */
    private boolean nextBatch() {
        boolean cancelled = stopped;
        try {
            return writeBatch();
        } catch (Throwable e) {
            // An error of the virtual machine as well: whoever waits for the end would wait for ever.
            cancelled = cancelled || stopped;
            stopped = true;
            cancelUpstream();
            if (!cancelled) {
                sink.error(e);
            }
            return false;
        } finally {
            batch.forEach(ByteBuf::release);
            batch.clear();
        }
    }

    private boolean writeBatch() {
        // Before looking into the queue: what comes later lingers anew.
        overdue = false;
        int bytes = 0;
        List<ByteBuffer> buffers = new ArrayList<>();
        while (bytes < BATCH_BYTES && buffers.size() < BATCH_BUFFERS) {
            ByteBuf next = queue.poll();
            if (next == null) {
                break;
            }
            batch.add(next);
            bytes += next.readableBytes();
            if (next.nioBufferCount() == 1) {
                buffers.add(next.nioBuffer());
            } else {
                buffers.addAll(List.of(next.nioBuffers()));
            }
        }
        if (batch.isEmpty()) {
            return false;
        }
        int items = batch.size();
        extent.append(buffers.toArray(ByteBuffer[]::new), buffers.size());
        // Before more is asked for: what is asked for must find room.
        batch.forEach(ByteBuf::release);
        batch.clear();
        waitingBytes.addAndGet(-bytes);
        waitingItems.addAndGet(-items);
        written.run();
        if (extent.isFull() && extent.isPromisedMore() && !ended) {
            // The rest belongs to somebody else.
            stopped = true;
            cancelUpstream();
            pause.dispose();
            sink.success();
            return false;
        }
        owed.addAndGet(items);
        if (limit.bytesPerSecond() < 0) {
            requestOwed();
        } else {
            // A pause takes the place of the one before: what that one has charged is part of what this one waits for.
            pause.update(limit.pass(bytes)
                    .contextWrite(currentContext())
                    .subscribe(none -> {}, this::onError, this::requestOwed));
        }
        return true;
    }

    private void requestOwed() {
        Subscription source = upstream;
        int items = owed.getAndSet(0);
        if (source != null && items > 0 && !ended && !stopped) {
            source.request(items);
        }
    }

    private void cancelUpstream() {
        Subscription source = upstream;
        if (source != null) {
            source.cancel();
        }
    }

    private static void release(Queue<ByteBuf> queue) {
        for (ByteBuf bytes = queue.poll(); bytes != null; bytes = queue.poll()) {
            bytes.release();
        }
    }
}
