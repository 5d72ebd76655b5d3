package dev.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.resilience.RateLimitPolicy;
import dev.headrace.transfer.MinimumSpeed;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ConverterTest {

    @ParameterizedTest
    @CsvSource({"4096, 4096", "64k, 65536", "8M, 8388608", "2g, 2147483648", "0, 0"})
    void readsSizes(String text, long bytes) {
        assertThat(new SizeConverter().convert(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "k", "1.5m", "-1", "8mb", "99999999999999999g"})
    void refusesOtherSizes(String text) {
        assertThatThrownBy(() -> new SizeConverter().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("write 4096, 64k");
    }

    @Test
    void readsRates() {
        RateConverter converter = new RateConverter();

        assertThat(converter.convert("10/s")).hasToString(rate(RateLimitPolicy.of(10, Duration.ofSeconds(1))));
        assertThat(converter.convert("100/m")).hasToString(rate(RateLimitPolicy.of(100, Duration.ofMinutes(1))));
        assertThat(converter.convert("5/h")).hasToString(rate(RateLimitPolicy.of(5, Duration.ofHours(1))));
    }

    private static String rate(RateLimitPolicy policy) {
        return policy.maxWait(Duration.ofDays(1)).toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "0/s", "-1/s", "1.5/s", "10/d", "10/2s", "10 / s", "9999999999/s"})
    void refusesOtherRates(String text) {
        assertThatThrownBy(() -> new RateConverter().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("write 10/s");
    }

    @Test
    void readsDurations() {
        DurationConverter converter = new DurationConverter();

        assertThat(converter.convert("500ms")).isEqualTo(Duration.ofMillis(500));
        assertThat(converter.convert("2s")).isEqualTo(Duration.ofSeconds(2));
        assertThat(converter.convert("1m")).isEqualTo(Duration.ofMinutes(1));
        assertThat(converter.convert("1h")).isEqualTo(Duration.ofHours(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "-1s", "1.5s", "2 s", "9999999999999h"})
    void refusesOtherDurations(String text) {
        assertThatThrownBy(() -> new DurationConverter().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("write 500ms");
    }

    @ParameterizedTest
    @CsvSource({"block, block()", "drop-oldest, dropOldest(500)", "drop-oldest:3, dropOldest(3)"})
    void readsBackpressure(String text, String policy) {
        assertThat(new BackpressureConverter().convert(text)).hasToString(policy);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "drop", "drop-oldest:", "drop-oldest:0", "drop-oldest:-1", "drop-oldest:99999999999", "Block"
            })
    void refusesOtherBackpressure(String text) {
        assertThatThrownBy(() -> new BackpressureConverter().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("neither block nor drop-oldest:N");
    }

    @Test
    void readsLeastSpeeds() {
        assertThat(new MinimumSpeedConverter().convert("1k/30s"))
                .isEqualTo(new MinimumSpeed(1024, Duration.ofSeconds(30)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1k", "1k/", "/30s", "0/30s", "1k/0s", "1k/30s/2", "1k/30"})
    void refusesOtherLeastSpeeds(String text) {
        assertThatThrownBy(() -> new MinimumSpeedConverter().convert(text)).isInstanceOf(TypeConversionException.class);
    }
}
