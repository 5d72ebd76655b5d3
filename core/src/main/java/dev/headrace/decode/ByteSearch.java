package dev.headrace.decode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds a byte by looking at eight of them at a time. */
final class ByteSearch {

    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long TOP_BITS = ONES << 7;

    private ByteSearch() {}

    /** Index of the first such byte in a range, or -1. */
    static int indexOf(byte wanted, byte[] bytes, int from, int to) {
        long eightWanted = ONES * (wanted & 0xFF);
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            long difference = (long) EIGHT_BYTES.get(bytes, i) ^ eightWanted;
            // Only a zero byte borrows into its own top bit, and no byte below the lowest hit is flagged wrongly.
            long hits = difference - ONES & ~difference & TOP_BITS;
            if (hits != 0) {
                return i + (Long.numberOfTrailingZeros(hits) >>> 3);
            }
        }
        while (i < to && bytes[i] != wanted) {
            i++;
        }
        return i < to ? i : -1;
    }
}
