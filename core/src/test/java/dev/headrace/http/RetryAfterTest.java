package dev.headrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Row K20; RFC 9110 §10.2.3. */
class RetryAfterTest {

    @ParameterizedTest
    @CsvSource({"0, 0", "2, 2000", "2.0, 2000", "1.5, 1500", "' 3 ', 3000", "999999999999, 31536000000"})
    void readsSeconds(String value, long millis) {
        assertThat(RetryAfter.from(Headers.of("Retry-After", value))).contains(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "2abc", "+5", "٣", "tomorrow", "1e9", "99999999999999999999"})
    void takesWhatIsMalformedForAbsent(String value) {
        assertThat(RetryAfter.from(Headers.of("Retry-After", value))).isEmpty();
    }

    @Test
    void measuresADateAgainstTheResponsesOwnDate() {
        Headers headers =
                Headers.of("Date", "Sun, 06 Nov 1994 08:49:37 GMT", "Retry-After", "Sun, 06 Nov 1994 08:50:07 GMT");

        assertThat(RetryAfter.from(headers)).contains(Duration.ofSeconds(30));
    }

    @Test
    void waitsNotAtAllForADateInThePast() {
        assertThat(RetryAfter.from(Headers.of("Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT")))
                .contains(Duration.ZERO);
    }

    @Test
    void isEmptyWithoutTheHeader() {
        assertThat(RetryAfter.from(Headers.none())).isEmpty();
    }
}
