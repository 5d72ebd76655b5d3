package dev.headrace.transfer;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.zip.CRC32C;

/**
 * CRC-32C (RFC 9260, appendix A) in the shape of the JDK's digests, four bytes with the highest first; and the CRC of two parts put
 * together from theirs.
 */
final class Crc32c extends MessageDigest {

    static final String NAME = "CRC32C";

    // The Castagnoli polynomial. As in all that follows, the highest bit is the coefficient of x^0.
    private static final int POLYNOMIAL = 0x82F63B78;
    private static final int ONE = 1 << 31;
    private static final int X_TO_THE_8TH = ONE >>> 8;

    private final CRC32C crc = new CRC32C();

    Crc32c() {
        super(NAME);
    }

    /**
     * The CRC of two parts, one after the other, from the CRC of each: the first is carried over as many zero bytes as the second has. The
     * idea is that of {@code crc32_combine} in Mark Adler's zlib: a zero byte multiplies by x^8, and powers are found by squaring.
     *
     * @param first the CRC of the first part
     * @param second the CRC of the second part
     * @param secondLength the length of the second part in bytes
     * @return the CRC of both
     */
    static int combine(int first, int second, long secondLength) {
        if (secondLength < 0) {
            throw new IllegalArgumentException("secondLength must be 0 or more, but is " + secondLength);
        }
        int carried = first;
        int power = X_TO_THE_8TH;
        for (long left = secondLength; left != 0; left >>>= 1) {
            if ((left & 1) != 0) {
                carried = product(carried, power);
            }
            power = product(power, power);
        }
        return carried ^ second;
    }

    private static int product(int a, int b) {
        int sum = 0;
        int shifted = b;
        for (int term = ONE; term != 0; term >>>= 1) {
            if ((a & term) != 0) {
                sum ^= shifted;
            }
            shifted = (shifted & 1) == 0 ? shifted >>> 1 : shifted >>> 1 ^ POLYNOMIAL;
        }
        return sum;
    }

    @Override
    protected int engineGetDigestLength() {
        return Integer.BYTES;
    }

    @Override
    protected void engineUpdate(byte input) {
        crc.update(input);
    }

    @Override
    protected void engineUpdate(byte[] input, int offset, int length) {
        crc.update(input, offset, length);
    }

    @Override
    protected void engineUpdate(ByteBuffer input) {
        crc.update(input);
    }

    @Override
    protected byte[] engineDigest() {
        byte[] bytes =
                ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
        crc.reset();
        return bytes;
    }

    @Override
    protected void engineReset() {
        crc.reset();
    }
}
