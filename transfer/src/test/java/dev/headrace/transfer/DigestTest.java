package dev.headrace.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigestTest {

    private static final String EMPTY = "d41d8cd98f00b204e9800998ecf8427e";

    @Test
    void readsWhatItPrints() {
        Digest digest = Digest.md5(EMPTY.toUpperCase(Locale.ROOT));

        assertThat(digest).hasToString("md5:" + EMPTY).isEqualTo(Digest.parse("MD5:" + EMPTY));
        assertThat(digest.ofSameKind(digest.newMessageDigest().digest())).isEqualTo(digest);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                "sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                        + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
                "md5:900150983cd24fb0d6963f7d28e17f72",
                "crc32c:364b3fb7"
            })
    void computesFromBuffersOfEitherKind(String text) {
        Digest digest = Digest.parse(text);
        ByteBuffer abc = ByteBuffer.wrap("abc".getBytes(StandardCharsets.US_ASCII));
        ByteBuffer direct = ByteBuffer.allocateDirect(2).put(abc.slice(1, 2)).flip();
        DigestState state = digest.newState();

        state.update(abc.slice(0, 1));
        state.update(direct);

        assertThat(direct.hasRemaining()).isFalse();
        assertThat(state.finish()).isEqualTo(digest).hasToString(text);
        state.update(abc);
        assertThat(state.finish()).as("it begins anew").isEqualTo(digest);
    }

    @Test
    void aCrcIsWrittenHighestByteFirst() {
        assertThat(Digest.crc32c("E3069283")).hasToString("crc32c:e3069283");
        assertThat(Digest.crc32c("00000000").newMessageDigest().digest("123456789".getBytes(StandardCharsets.US_ASCII)))
                .containsExactly(0xE3, 0x06, 0x92, 0x83);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sha256",
                "sha256:",
                "sha256:00",
                "crc32:00000000",
                "crc32c:0000000",
                "md5:" + EMPTY + "0",
                "md5:zz1d8cd98f00b204e9800998ecf8427e"
            })
    void refusesAnythingElse(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Digest.parse(text))
                .withMessageContaining("digest");
    }
}
