package dev.headrace.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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
                "",
                "sha256",
                "sha256:",
                "sha256:00",
                "crc32:00000000",
                "md5:" + EMPTY + "0",
                "md5:zz1d8cd98f00b204e9800998ecf8427e"
            })
    void refusesAnythingElse(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Digest.parse(text))
                .withMessageContaining("digest");
    }
}
