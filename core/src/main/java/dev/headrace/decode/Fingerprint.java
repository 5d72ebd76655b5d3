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
    // The fraction of the golden ratio, and two odd numbers with bits all over.
    private static final long STEP = 0x9E3779B97F4A7C15L;
    private static final long SPREAD = 0xD6E8FEB86659FD93L;
    private static final long OTHER_SPREAD = 0xC2B2AE3D27D4EB4FL;

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
            other = otherMixed(other, (long) EIGHT_BYTES.get(bytes, i + Long.BYTES));
        }
        if (i <= to - Long.BYTES) {
            hash = mixed(hash, (long) EIGHT_BYTES.get(bytes, i));
            i += Long.BYTES;
        }
        long rest = 0;
        for (; i < to; i++) {
            rest = rest << Byte.SIZE | bytes[i] & 0xFF;
        }
        // The two are unlike in how they mix, and this one does so once more: else the high bits of one word would do
        // to the
        // whole what those of another do, and two items that differ in a bit of each would be taken for the same.
        return mixed(mixed(hash, rest), otherMixed(other, STEP));
    }

    private static long mixed(long hash, long word) {
        long mixed = (hash ^ word) * SPREAD;
        return mixed ^ mixed >>> 32;
    }

    private static long otherMixed(long hash, long word) {
        long mixed = (hash ^ word) * OTHER_SPREAD;
        return mixed ^ mixed >>> 29;
    }
}
