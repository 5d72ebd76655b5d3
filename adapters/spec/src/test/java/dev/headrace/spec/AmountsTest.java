package dev.headrace.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Period;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AmountsTest {

    @ParameterizedTest
    @CsvSource({
        "500ms, PT0.5S",
        "2s, PT2S",
        "1.5s, PT1.5S",
        "1 m, PT1M",
        "1h, PT1H",
        "1d, PT24H",
        "2w, PT336H",
        "0, PT0S",
        "PT1M30S, PT1M30S"
    })
    void readsDurations(String text, Duration duration) {
        assertThat(Amounts.duration(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "5 minutes", "-1s", "s", "1h30m"})
    void refusesWhatIsNoDuration(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Amounts.duration(text))
                .withMessage("'" + text + "' is no duration such as 500ms, 2s, 1m, 1h, 1d or PT1M30S");
    }

    @Test
    void stepsOfDaysAreOfTheCalendar() {
        assertThat(Amounts.step("1d")).isEqualTo(Period.ofDays(1));
        assertThat(Amounts.step("2w")).isEqualTo(Period.ofWeeks(2));
        assertThat(Amounts.step("P1M")).isEqualTo(Period.ofMonths(1));
        assertThat(Amounts.step("6h")).isEqualTo(Duration.ofHours(6));
        assertThat(Amounts.step("PT24H")).isEqualTo(Duration.ofHours(24));
    }

    @ParameterizedTest
    @CsvSource({"10/s, 10, PT1S", "100/10s, 100, PT10S", "5000 / h, 5000, PT1H", "1/PT5M, 1, PT5M"})
    void readsRates(String text, long permits, Duration period) {
        assertThat(Amounts.rate(text)).isEqualTo(new Amounts.Rate(permits, period));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10", "/s", "10/", "ten/s", "10/x"})
    void refusesWhatIsNoRate(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Amounts.rate(text));
    }
}
