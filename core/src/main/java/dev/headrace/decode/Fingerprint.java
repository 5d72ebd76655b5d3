package dev.headrace.decode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A rolling hash of the items of a body: one number that goes on from item to item, eight bytes at a time. It tells different items apart
 * by 64 bits of chance, which is enough against a remote that errs, and nothing against one that means harm.
 *
 * <p>The JDK's checksums have 32 bits, and its digests cost more than reading the items does.
 */
final class Fingerprint {

    static final long EMPTY = 0;

    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    // The fraction of the golden ratio, and an odd number with bits all over.
    private static final long STEP = 0x9E3779B97F4A7C15L;
    private static final long SPREAD = 0xD6E8FEB86659FD93L;

    private Fingerprint() {}

    /** The hash of what had a hash, and one item more. */
    static long of(long before, byte[] bytes, int from, int to) {
        // The length goes in first, so that two items and one that looks like both differ. Two hashes side by side, for
        // a multiplication takes as long as two others that do not wait for it.
        long hash = mixed(before + STEP, to - from);
        long other = before ^ STEP;
        int i = from;
        for (; i <= to - 2 * Long.BYTES; i += 2 * Long.BYTES) {
            hash = mixed(hash, (long) EIGHT_BYTES.get(bytes, i));
            other = mixed(other, (long) EIGHT_BYTES.get(bytes, i + Long.BYTES));
        }
        if (i <= to - Long.BYTES) {
            hash = mixed(hash, (long) EIGHT_BYTES.get(bytes, i));
            i += Long.BYTES;
        }
        long rest = 0;
        for (; i < to; i++) {
            rest = rest << Byte.SIZE | bytes[i] & 0xFF;
        }
        return mixed(mixed(hash, rest), other);
    }

    private static long mixed(long hash, long word) {
        long mixed = (hash ^ word) * SPREAD;
        return mixed ^ mixed >>> 32;
    }
}
