package dev.headrace.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LineEndsTest {

    @Test
    void agreesWithAPlainSearchOnBytesThatLookAlike() {
        Random random = new Random(7);
        byte[] lookalikes = {'\n', '\r', '\t', 0, 0x0B, 0x0C, 0x0E, 'a', 'a', 'a', 'a', (byte) 0x8A, (byte) 0x8D, -1};
        byte[] array = new byte[100];

        for (int round = 0; round < 20_000; round++) {
            int share = 2 + random.nextInt(lookalikes.length - 1);
            for (int i = 0; i < array.length; i++) {
                array[i] = random.nextInt(4) == 0 ? lookalikes[random.nextInt(share)] : (byte) 'x';
            }
            int from = random.nextInt(50);
            int to = from + random.nextInt(50);

            assertThat(LineEnds.find(array, from, to)).isEqualTo(plain(array, from, to));
        }
    }

    private static int plain(byte[] array, int from, int to) {
        for (int i = from; i < to; i++) {
            if (array[i] == '\n' || array[i] == '\r') {
                return i;
            }
        }
        return -1;
    }
}
