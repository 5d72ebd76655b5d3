package dev.headrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LineFeedsTest {

    @Test
    void countsWhatALoopCounts() {
        Random random = new Random(1);
        for (int length = 0; length < 200; length++) {
            byte[] bytes = new byte[length + 1];
            random.nextBytes(bytes);
            for (int i = 0; i < length; i++) {
                // Neighbours of the line feed, with and without the high bit.
                bytes[i] = (byte) (random.nextInt(8, 13) | (random.nextInt(4) == 0 ? 0x80 : 0));
            }
            bytes[length] = '\n';

            int count = 0;
            for (int i = 0; i < length; i++) {
                count += bytes[i] == '\n' ? 1 : 0;
            }

            assertThat(LineFeeds.in(bytes, length)).isEqualTo(count);
        }
    }
}
