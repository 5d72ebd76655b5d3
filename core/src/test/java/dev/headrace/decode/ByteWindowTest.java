package dev.headrace.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteWindowTest {

    private static final int SPARE_SIZE = 64 * 1024;

    private final ByteWindow window = new ByteWindow();

    @Test
    void holdsNoArrayUntilBytesCome() {
        assertThat(window.array()).isEmpty();
        assertThat(window.length()).isZero();

        window.append(ByteBuffer.allocate(0));

        assertThat(window.array()).isEmpty();
    }

    @Test
    void putsBytesBehindThoseAlreadyThere() {
        window.append(Utf8.buffer("abc"));
        window.startAt(window.start() + 1);
        window.append(Utf8.buffer("de"));

        assertThat(content()).isEqualTo("bcde");
    }

    @Test
    void leavesTheBuffersAsTheyWere() {
        ByteBuffer nio = Utf8.buffer("abcd").position(1);
        ByteBuf netty = Unpooled.copiedBuffer("efgh", StandardCharsets.US_ASCII).skipBytes(2);
        try {
            window.append(nio);
            window.append(netty);

            assertThat(content()).isEqualTo("bcdgh");
            assertThat(nio.position()).isEqualTo(1);
            assertThat(netty.readerIndex()).isEqualTo(2);
            assertThat(netty.refCnt()).isEqualTo(1);
        } finally {
            netty.release();
        }
    }

    @Test
    void movesItsBytesToTheFrontBeforeItGrows() {
        window.append(ByteBuffer.allocate(SPARE_SIZE - 2));
        byte[] array = window.array();
        window.startAt(window.end() - 3);
        window.append(Utf8.buffer("abcd"));

        assertThat(window.array()).isSameAs(array);
        assertThat(window.start()).isZero();
        assertThat(content()).isEqualTo("\0\0\0abcd");
    }

    @Test
    void growsToTheLargestItem() {
        byte[] large = new byte[3_000_000];
        new Random(1).nextBytes(large);
        for (int from = 0; from < large.length; from += 1000) {
            window.append(ByteBuffer.wrap(large, from, 1000));
        }

        assertThat(Arrays.copyOfRange(window.array(), window.start(), window.end()))
                .isEqualTo(large);
        assertThat(window.array().length).isLessThanOrEqualTo(2 * large.length);
    }

    @Test
    void shrinksOnceALargeItemHasGoneBy() {
        window.append(ByteBuffer.allocate(1_000_000));
        window.startAt(window.end() - 3);
        window.append(Utf8.buffer("x".repeat(60_000)));

        assertThat(window.array()).hasSize(SPARE_SIZE);
        assertThat(content()).isEqualTo("\0\0\0" + "x".repeat(60_000));
    }

    @Test
    void givesTheArrayBackWhenDrainedAndTakesTheSameOneAgain() {
        window.append(Utf8.buffer("abc"));
        byte[] array = window.array();
        window.releaseIfDrained();
        assertThat(window.array()).as("bytes are left").isSameAs(array);

        window.startAt(window.end());
        window.releaseIfDrained();
        assertThat(window.array()).isEmpty();

        ByteWindow another = new ByteWindow();
        another.append(Utf8.buffer("d"));
        assertThat(another.array()).isSameAs(array);
        another.release();
    }

    @Test
    void neverSharesAnArrayBetweenTwoWindows() {
        ByteWindow another = new ByteWindow();
        window.append(Utf8.buffer("a"));
        another.append(Utf8.buffer("b"));

        assertThat(window.array()).isNotSameAs(another.array());
        window.release();
        window.release();
        ByteWindow third = new ByteWindow();
        ByteWindow fourth = new ByteWindow();
        third.append(Utf8.buffer("c"));
        fourth.append(Utf8.buffer("d"));
        assertThat(third.array()).isNotSameAs(fourth.array());
    }

    @Test
    void refusesAnIndexOutsideItsBytes() {
        window.append(Utf8.buffer("abc"));
        window.startAt(window.start() + 1);

        assertThatIllegalArgumentException().isThrownBy(() -> window.startAt(window.start() - 1));
        assertThatIllegalArgumentException().isThrownBy(() -> window.startAt(window.end() + 1));
    }

    @Test
    void findsAByteWhereverItStands() {
        byte[] bytes = new byte[40];
        Arrays.fill(bytes, (byte) 0x8A); // the wanted byte with its top bit set
        for (int place = 0; place < bytes.length; place++) {
            bytes[place] = '\n';
            for (int from = 0; from <= place; from++) {
                assertThat(ByteSearch.indexOf((byte) '\n', bytes, from, bytes.length))
                        .isEqualTo(place);
            }
            assertThat(ByteSearch.indexOf((byte) '\n', bytes, place + 1, bytes.length))
                    .isEqualTo(-1);
            bytes[place] = (byte) 0x8A;
        }
        assertThat(ByteSearch.indexOf((byte) '\n', bytes, 0, 0)).isEqualTo(-1);
    }

    @Test
    void remembersHowLargeTheLastLargeItemWas() {
        fill(1_000_000);
        window.startAt(window.end());
        window.releaseIfDrained();
        assertThat(window.array()).isEmpty();

        fill(300_000);

        assertThat(window.array()).hasSize(1_000_000);
    }

    @Test
    void takesNoLargeArrayForWhatIsMuchSmaller() {
        fill(1_000_000);
        window.startAt(window.end());
        window.releaseIfDrained();

        fill(100_000);

        assertThat(window.array()).hasSizeLessThan(250_000);
    }

    private void fill(int length) {
        for (int filled = 0; filled < length; filled += 10_000) {
            window.append(ByteBuffer.allocate(10_000));
        }
    }

    private String content() {
        return new String(window.array(), window.start(), window.length(), StandardCharsets.US_ASCII);
    }
}
