package dev.headrace.test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes that can be asked for anywhere, so that large ones need no memory. */
interface Content {

    long length();

    /** A fresh array of {@code count} bytes, which must lie inside the content. */
    byte[] bytes(long from, int count);

    static Content text(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** These bytes, which must not change any more. */
    static Content of(byte[] all) {
        return new Content() {
            @Override
            public long length() {
                return all.length;
            }

            @Override
            public byte[] bytes(long from, int count) {
                return Arrays.copyOfRange(all, (int) from, (int) from + count);
            }
        };
    }

    /** Bytes that look random and are the same for the same seed: word i is the i-th output of SplitMix64. */
    static Content pseudoRandom(long length, long seed) {
        return new Content() {
            @Override
            public long length() {
                return length;
            }

            @Override
            public byte[] bytes(long from, int count) {
                long firstWord = from >>> 3;
                int skip = (int) (from & 7);
                int words = (skip + count + 7) >>> 3;
                byte[] block = new byte[words << 3];
                ByteBuffer view = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
                for (int i = 0; i < words; i++) {
                    view.putLong(i << 3, splitMix(seed, firstWord + i));
                }
                return skip == 0 && count == block.length ? block : Arrays.copyOfRange(block, skip, skip + count);
            }

            private static long splitMix(long seed, long index) {
                long z = seed + (index + 1) * 0x9E3779B97F4A7C15L;
                z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
                z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
                return z ^ (z >>> 31);
            }
        };
    }

    /** The part of this content from one position up to, not including, another. */
    default Content part(long from, long to) {
        Content whole = this;
        return new Content() {
            @Override
            public long length() {
                return to - from;
            }

            @Override
            public byte[] bytes(long start, int count) {
                return whole.bytes(from + start, count);
            }
        };
    }
}
