package dev.headrace.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FingerprintTest {

    private static final int LONGEST = 150;

    private final byte[] bytes = new byte[LONGEST];

    FingerprintTest() {
        new Random(1).nextBytes(bytes);
    }

    @Test
    void dependsOnEachBitOfAnItem() {
        for (int length = 1; length <= LONGEST; length++) {
            Set<Long> prints = new HashSet<>();
            prints.add(of(bytes, length));
            for (int bit = 0; bit < length * Byte.SIZE; bit++) {
                byte[] changed = bytes.clone();
                changed[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
                prints.add(of(changed, length));
            }

            assertThat(prints).hasSize(length * Byte.SIZE + 1);
        }
    }

    @Test
    void dependsOnTheLengthEvenOfZeros() {
        Set<Long> prints = new HashSet<>();
        for (int length = 0; length <= LONGEST; length++) {
            prints.add(of(new byte[length], length));
        }

        assertThat(prints).hasSize(LONGEST + 1);
    }

    @Test
    void tellsItemsOfTheSameBytesApartByWhereTheyAreCut() {
        Set<Long> prints = new HashSet<>();
        for (int cut = 0; cut <= LONGEST; cut++) {
            long first = Fingerprint.of(Fingerprint.EMPTY, bytes, 0, cut);
            prints.add(Fingerprint.of(first, bytes, cut, LONGEST));
        }

        assertThat(prints).hasSize(LONGEST + 1);
    }

    @Test
    void isTheSameWhereverTheItemLies() {
        for (int length = 0; length <= LONGEST; length++) {
            byte[] elsewhere = new byte[LONGEST + 20];
            Arrays.fill(elsewhere, (byte) 'x');
            System.arraycopy(bytes, 0, elsewhere, 13, length);

            assertThat(Fingerprint.of(7, elsewhere, 13, 13 + length)).isEqualTo(Fingerprint.of(7, bytes, 0, length));
        }
    }

    private static long of(byte[] bytes, int length) {
        return Fingerprint.of(Fingerprint.EMPTY, bytes, 0, length);
    }
}
