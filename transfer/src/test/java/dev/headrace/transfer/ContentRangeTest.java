package dev.headrace.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.http.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContentRangeTest {

    @ParameterizedTest
    @CsvSource({
        "bytes 0-0/1, 0, 0, 1",
        "bytes 5-9/10, 5, 9, 10",
        "BYTES 5-9/10, 5, 9, 10",
        "'  bytes  5-9/* ', 5, 9, -1",
        "bytes */47, -1, -1, 47",
        "bytes */0, -1, -1, 0",
        "bytes 0-999999999999999998/999999999999999999, 0, 999999999999999998, 999999999999999999"
    })
    void understandsRangesAndRefusals(String value, long start, long end, long total) {
        assertThat(ContentRange.parse(value)).contains(new ContentRange(start, end, total));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes",
                "bytes ",
                "0-9/10",
                "bytes=0-9/10",
                "bytes 9-5/10",
                "bytes 0-10/10",
                "bytes 0-9/9",
                "bytes -9/10",
                "bytes 0-/10",
                "bytes 0-9",
                "bytes 0-9/",
                "bytes 0-9/-1",
                "bytes */*",
                "items 0-9/10",
                "bytes 0-9/10, bytes 20-29/30",
                "bytes 0x0-9/10",
                "bytes 0-9/9999999999999999999999",
                "bytes ٠-٩/١٠"
            })
    void takesNothingElse(String value) {
        assertThat(ContentRange.parse(value)).isEmpty();
    }

    @Test
    void believesNoneOfSeveral() {
        assertThat(ContentRange.of(Headers.of("Content-Range", "bytes 0-4/10", "content-range", "bytes 5-9/10")))
                .isEmpty();
    }
}
