package dev.headrace.sse;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds the end of a line, eight bytes at a time. */
final class LineEnds {

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long EACH_BYTE = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long ABOVE_CR = EACH_BYTE * ('\r' + 1);

    private LineEnds() {}

    /**
     * Index of the first CR or LF.
     *
     * @return the index, or -1 if there is none
     */
    static int find(byte[] array, int from, int to) {
        int at = from;
        for (; at <= to - Long.BYTES; at += Long.BYTES) {
            long word = (long) WORD.get(array, at);
            // Marks bytes up to CR: subtraction borrows into their high bit. The borrow may mark a neighbour too, and
            // TAB is marked
            // as well, so each mark is looked at.
            for (long marks = word - ABOVE_CR & ~word & HIGH_BITS; marks != 0; marks &= marks - 1) {
                int marked = at + (Long.numberOfTrailingZeros(marks) >>> 3);
                if (isLineEnd(array[marked])) {
                    return marked;
                }
            }
        }
        for (; at < to; at++) {
            if (isLineEnd(array[at])) {
                return at;
            }
        }
        return -1;
    }

    private static boolean isLineEnd(byte value) {
        return value == '\n' || value == '\r';
    }
}
