package dev.headrace.decode;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * The bytes of a stream that a parser has not yet used up, in one heap array: parsing is plain array code.
 *
 * <p>The array grows to what the largest unfinished item needs and is given back whenever everything has been used up, so that
 * an idle stream holds no memory. Not for use by several threads at once.
 */
public final class ByteWindow {

    private static final byte[] NONE = {};
    private static final int SPARE_SIZE = 64 * 1024;
    // One array per thread is kept for the next stream that has bytes: most chunks are used up before the next one
    // comes.
    private static final ThreadLocal<byte[]> SPARE = new ThreadLocal<>();

    private byte[] array = NONE;
    private int start;
    private int end;

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
        end += length;
    }

    void append(ByteBuf bytes) {
        int length = bytes.readableBytes();
        reserve(length);
        bytes.getBytes(bytes.readerIndex(), array, end, length);
        end += length;
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
            SPARE.set(array);
        }
        array = NONE;
        start = 0;
        end = 0;
    }

    private void reserve(int more) {
        int length = end - start;
        if (more <= array.length - end) {
            return;
        }
        int needed = Math.addExact(length, more);
        if (needed <= array.length) {
            System.arraycopy(array, start, array, 0, length);
        } else {
            byte[] larger = allocate(needed);
            System.arraycopy(array, start, larger, 0, length);
            array = larger;
        }
        start = 0;
        end = length;
    }

    private byte[] allocate(int needed) {
        if (needed > SPARE_SIZE) {
            // Doubling keeps the cost of copying linear in the size of the largest item.
            int doubled = (int) Math.min(Integer.MAX_VALUE - 8L, 2L * Integer.highestOneBit(needed));
            return new byte[Math.max(needed, doubled)];
        }
        byte[] spare = SPARE.get();
        if (spare == null) {
            return new byte[SPARE_SIZE];
        }
        SPARE.remove();
        return spare;
    }

    @Override
    public String toString() {
        return "ByteWindow[" + length() + " bytes]";
    }
}
