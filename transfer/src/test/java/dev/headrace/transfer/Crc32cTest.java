package dev.headrace.transfer;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Crc32cTest {

    private final Random random = new Random(20_26);

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** The check value of the catalogues of CRCs. */
    @Test
    void isTheCrcOfCastagnoli() {
        assertThat(crc("123456789".getBytes(US_ASCII))).isEqualTo(0xE3069283);
        assertThat(Crc32c.combine(crc("1234".getBytes(US_ASCII)), crc("56789".getBytes(US_ASCII)), 5))
                .isEqualTo(0xE3069283);
    }

    @Test
    void twoPartsMakeTheWhole() {
        for (int i = 0; i < 500; i++) {
            byte[] whole = bytes(random.nextInt(3000));
            int cut = random.nextInt(whole.length + 1);
            byte[] head = Arrays.copyOf(whole, cut);
            byte[] tail = Arrays.copyOfRange(whole, cut, whole.length);

            assertThat(Crc32c.combine(crc(head), crc(tail), tail.length)).isEqualTo(crc(whole));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 7, 8, 9, 255, 256, 257, 65_535, 65_536, 65_537, (1 << 24) + 1})
    void theSecondPartMayHaveAnyLength(int length) {
        byte[] head = bytes(10);
        byte[] tail = bytes(length);
        CRC32C whole = new CRC32C();
        whole.update(head);
        whole.update(tail);

        assertThat(Crc32c.combine(crc(head), crc(tail), length)).isEqualTo((int) whole.getValue());
    }

    /** Beyond 4 GiB by algebra: 8 GiB of zeros are doubled from 1 MiB, and combined from unequal parts. */
    @Test
    void partsBeyondFourGibibytesMakeTheWhole() {
        long length = 1 << 20;
        int zeros = crc(new byte[(int) length]);
        int mebibyte = zeros;
        while (length < 8L << 30) {
            zeros = Crc32c.combine(zeros, zeros, length);
            length *= 2;
        }
        int oneByOne = mebibyte;
        for (int i = 1; i < 8 << 10; i++) {
            oneByOne = Crc32c.combine(oneByOne, mebibyte, 1 << 20);
        }

        assertThat(zeros).isEqualTo(oneByOne);
    }

    @Test
    void itDoesNotMatterWhichPartsAreCombinedFirst() {
        for (int i = 0; i < 500; i++) {
            int a = random.nextInt();
            int b = random.nextInt();
            int c = random.nextInt();
            long lengthB = random.nextLong() >>> 2 + random.nextInt(60);
            long lengthC = random.nextLong() >>> 2 + random.nextInt(60);

            assertThat(Crc32c.combine(a, Crc32c.combine(b, c, lengthC), lengthB + lengthC))
                    .isEqualTo(Crc32c.combine(Crc32c.combine(a, b, lengthB), c, lengthC));
        }
    }

    @Test
    void refusesALengthThatIsNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> Crc32c.combine(1, 2, -1));
    }
}
