package dev.headrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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

    /** RFC 9110 §5.6.7: a recipient must accept all three forms. */
    @ParameterizedTest
    @ValueSource(
            strings = {"Sun, 06 Nov 1994 08:50:07 GMT", "Sunday, 06-Nov-94 08:50:07 GMT", "Sun Nov  6 08:50:07 1994"})
    void readsDatesOfAllForms(String date) {
        assertThat(RetryAfter.from(Headers.of("Date", "Sunday, 06-Nov-94 08:49:37 GMT", "Retry-After", date)))
                .contains(Duration.ofSeconds(30));
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

    /** Rows A26, A27: waits from headers of other names. */
    @ParameterizedTest
    @CsvSource({
        "X-Wait, 7, 7000",
        "X-Wait, 0.5, 500",
        "X-Wait, soon, ",
        "X-Other, 7, ",
    })
    void readsSecondsFromAnotherHeader(String name, String value, @Nullable Long millis) {
        assertThat(RetryAfter.secondsIn("X-Wait").apply(Headers.of(name, value)))
                .isEqualTo(Optional.ofNullable(millis).map(Duration::ofMillis));
    }

    @ParameterizedTest
    @CsvSource({
        "'\\d+', wait 12 seconds, 12000",
        "'(\\d+)s', wait 12s, 12000",
        "'(\\d+)s|never', never, ",
        "'(\\d+)s', soon, ",
    })
    void findsSecondsInTheTextOfAHeader(String regex, String value, @Nullable Long millis) {
        assertThat(RetryAfter.secondsIn("X-Limit", regex).apply(Headers.of("X-Limit", value)))
                .isEqualTo(Optional.ofNullable(millis).map(Duration::ofMillis));
    }

    @ParameterizedTest
    @CsvSource({
        "784111807, 30000",
        "784111807.5, 30500",
        "784111807500, 30500",
        "784111000, 0",
        "'Sun, 06 Nov 1994 08:50:07 GMT', 30000",
        "tomorrow, ",
    })
    void measuresAMomentInAnotherHeaderAgainstTheResponsesOwnDate(String value, @Nullable Long millis) {
        Headers headers = Headers.of("Date", "Sun, 06 Nov 1994 08:49:37 GMT", "X-Reset", value);

        assertThat(RetryAfter.untilIn("X-Reset").apply(headers))
                .isEqualTo(Optional.ofNullable(millis).map(Duration::ofMillis));
    }
}
