package dev.headrace.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import reactor.core.observability.DefaultSignalListener;
import reactor.core.observability.SignalListener;

/** Copies the head of a body that somebody else reads, and hands it over once when that reading ends. */
final class BodyCopy extends DefaultSignalListener<ByteBuf> {

    private final int limit;
    private final BiConsumer<byte[], BodyEnd> action;
    private final AtomicBoolean handedOver = new AtomicBoolean();
    // Guarded by itself: a cancel may come while a chunk is being copied.
    private final ByteArrayOutputStream copied = new ByteArrayOutputStream(0);
    private long bytes;
    private final AtomicBoolean reading = new AtomicBoolean();

    BodyCopy(int limit, BiConsumer<byte[], BodyEnd> action) {
        this.limit = limit;
        this.action = action;
    }

    /** A body that nobody reads ends with its connection; one that is read ends for its reader, which may be later. */
    void watch(BodyEnding ending) {
        if (!ending.isPast()) {
            ending.whenEnded(end -> {
                if (!reading.get()) {
                    handOver(end.how(), end.failure());
                }
            });
        }
    }

    /** For the one reader that the body has; whoever comes later is refused by the body and is of no interest. */
    SignalListener<ByteBuf> forReader() {
        return reading.compareAndSet(false, true) ? this : new DefaultSignalListener<>() {};
    }

    @Override
    public void doOnNext(ByteBuf chunk) {
        synchronized (copied) {
            bytes += chunk.readableBytes();
            int length = Math.min(chunk.readableBytes(), limit - copied.size());
            if (length > 0) {
                copied.writeBytes(ByteBufUtil.getBytes(chunk, chunk.readerIndex(), length));
            }
        }
    }

    @Override
    public void doOnComplete() {
        handOver(BodyEnd.How.READ, null);
    }

    @Override
    public void doOnError(Throwable failure) {
        handOver(BodyEnd.How.FAILED, failure);
    }

    @Override
    public void doOnCancel() {
        handOver(BodyEnd.How.GIVEN_UP, null);
    }

    private void handOver(BodyEnd.How how, @Nullable Throwable failure) {
        if (handedOver.compareAndSet(false, true)) {
            byte[] head;
            long total;
            synchronized (copied) {
                head = copied.toByteArray();
                total = bytes;
            }
            action.accept(head, new BodyEnd(how, total, failure));
        }
    }
}
