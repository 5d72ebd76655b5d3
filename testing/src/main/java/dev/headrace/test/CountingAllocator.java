package dev.headrace.test;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * An allocator that knows whether it got everything back.
 *
 * <p>Give it to a client as {@code ChannelOption.ALLOCATOR}, let the client do its work, cancel included, and call
 * {@link #assertAllReleased}. It counts memory, not views: slices and duplicates belong to the buffer they show, and a
 * composite to its components. Unpooled, hence slower than Netty's own; safe to use from any thread.
 */
public final class CountingAllocator extends AbstractByteBufAllocator {

    private final LongAdder allocated = new LongAdder();
    private final LongAdder released = new LongAdder();

    /** An allocator that has given out nothing yet; it prefers direct memory. */
    public CountingAllocator() {
        super(true);
    }

    /**
     * How many buffers were given out.
     *
     * @return since the start
     */
    public long allocated() {
        return allocated.sum();
    }

    /**
     * How many of them were released for good.
     *
     * @return since the start
     */
    public long released() {
        return released.sum();
    }

    /**
     * Waits until every buffer is back.
     *
     * @param atMost how long to wait, for releases that event loops still have to do
     * @throws AssertionError naming the counts, if some are still out then
     */
    public void assertAllReleased(Duration atMost) {
        if (released() == allocated()) {
            return;
        }
        try {
            Awaitility.await()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(2))
                    .atMost(atMost)
                    .until(() -> released() == allocated());
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    "%d of %d buffers were not released within %s"
                            .formatted(allocated() - released(), allocated(), atMost),
                    e);
        }
    }

    @Override
    public boolean isDirectBufferPooled() {
        return false;
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        allocated.increment();
        return toLeakAwareBuffer(new Heap(this, initialCapacity, maxCapacity));
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        allocated.increment();
        return toLeakAwareBuffer(new Direct(this, initialCapacity, maxCapacity));
    }

    private static final class Heap extends UnpooledHeapByteBuf {

        private final CountingAllocator owner;

        Heap(CountingAllocator owner, int initialCapacity, int maxCapacity) {
            super(owner, initialCapacity, maxCapacity);
            this.owner = owner;
        }

        @Override
        protected void deallocate() {
            super.deallocate();
            owner.released.increment();
        }
    }

    private static final class Direct extends UnpooledDirectByteBuf {

        private final CountingAllocator owner;

        Direct(CountingAllocator owner, int initialCapacity, int maxCapacity) {
            super(owner, initialCapacity, maxCapacity);
            this.owner = owner;
        }

        @Override
        protected void deallocate() {
            super.deallocate();
            owner.released.increment();
        }
    }
}
