package dev.headrace.decode;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * The bytes of a stream that a parser has not yet used up, in one heap array: parsing is plain array code.
 *
 * <p>The array grows to what the largest unfinished item needs, shrinks again once that has gone by, and is given back whenever
 * everything has been used up, so that an idle stream holds no memory. Not for use by several threads at once.
 */
public final class ByteWindow {

    private static final byte[] NONE = {};
    private static final int SPARE_SIZE = 64 * 1024;
    // One array per thread is kept for the next stream that has bytes: most chunks are used up before the next one
    // comes. The holder
    // stays, so that taking and giving back are plain array accesses.
    private static final ThreadLocal<byte[][]> SPARE = ThreadLocal.withInitial(() -> new byte[][] {NONE});

    private byte[] array = NONE;
    private int start;
    private int end;

    /** How far the array at hand has been filled, and how far the last one was that was larger than a spare one. */
    private int filled;

    private int lastLarge;

    /** An empty window. */
    public ByteWindow() {}

    /**
     * The array that holds the bytes; only {@link #start()} to {@link #end()} is of meaning. A parser may overwrite what lies
     * within, as it is the only reader.
     *
     * @return the array itself, until the next bytes come
     */
    public byte[] array() {
        return array;
    }

    /**
     * Index of the first byte not used up.
     *
     * @return an index of {@link #array()}
     */
    public int start() {
        return start;
    }

    /**
     * Index behind the last byte.
     *
     * @return an index of {@link #array()}
     */
    public int end() {
        return end;
    }

    /**
     * Number of bytes not used up.
     *
     * @return {@code end() - start()}
     */
    public int length() {
        return end - start;
    }

    /**
     * Gives back all bytes before an index.
     *
     * @param index from {@link #start()} to {@link #end()}
     * @throws IllegalArgumentException if the index lies outside
     */
    public void startAt(int index) {
        if (index < start || index > end) {
            throw new IllegalArgumentException("Index " + index + " lies outside of " + start + " to " + end);
        }
        start = index;
    }

    /**
     * Puts bytes behind those already here. The buffer's own position stays.
     *
     * @param bytes the bytes; copied
     */
    public void append(ByteBuffer bytes) {
        int length = bytes.remaining();
        reserve(length);
        bytes.get(bytes.position(), array, end, length);
        fill(length);
    }

    void append(ByteBuf bytes) {
        int length = bytes.readableBytes();
        reserve(length);
        bytes.getBytes(bytes.readerIndex(), array, end, length);
        fill(length);
    }

    private void fill(int length) {
        end += length;
        filled = Math.max(filled, end);
    }

    /** Gives the array back if nothing is left in it. */
    void releaseIfDrained() {
        if (start == end) {
            release();
        }
    }

    /** Gives the array back with all that is in it. */
    void release() {
        if (array.length == SPARE_SIZE) {
            SPARE.get()[0] = array;
        }
        replace(NONE);
        start = 0;
        end = 0;
    }

    /** Makes room for bytes that are known to come, so that the array need not grow under them. */
    void expect(int more) {
        reserve(more);
    }

    private void reserve(int more) {
        if (more <= array.length - end) {
            return;
        }
        int length = end - start;
        int needed = Math.addExact(length, more);
        boolean outgrown = array.length > SPARE_SIZE && needed <= SPARE_SIZE;
        byte[] target = needed <= array.length && !outgrown ? array : allocate(needed);
        System.arraycopy(array, start, target, 0, length);
        replace(target);
        start = 0;
        end = length;
    }

    private byte[] allocate(int needed) {
        if (needed > SPARE_SIZE) {
            if (needed <= lastLarge && needed > lastLarge / 4) {
                // Large items come in a row, mostly, and are of a size.
                return new byte[lastLarge];
            }
            // At least doubling keeps the cost of copying linear in the size of the largest item.
            long doubled = Math.max(needed, 2L * array.length);
            return new byte[(int) Math.min(doubled, Integer.MAX_VALUE - 8L)];
        }
        byte[][] holder = SPARE.get();
        byte[] spare = holder[0];
        holder[0] = NONE;
        return spare == NONE ? new byte[SPARE_SIZE] : spare;
    }

    private void replace(byte[] target) {
        if (target != array) {
            // Not while it grows on.
            if (array.length > SPARE_SIZE && target.length <= SPARE_SIZE) {
                lastLarge = filled;
            }
            array = target;
            filled = 0;
        }
    }

    @Override
    public String toString() {
        return "ByteWindow[" + length() + " bytes]";
    }
}
