package dev.headrace.stream;

import static dev.headrace.stream.Trees.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.time.ZoneId;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeFormatTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "iso          | '2024-05-01T12:30:00Z'         | 2024-05-01T12:30:00Z",
                "iso          | '2024-05-01T14:30:00+02:00'    | 2024-05-01T12:30:00Z",
                "iso          | '2024-05-01T14:30:00.25+0200'  | 2024-05-01T12:30:00.250Z",
                "iso          | '2024-05-01 12:30'             | 2024-05-01T12:30:00Z",
                "iso          | ' 2024-05-01 '                 | 2024-05-01T00:00:00Z",
                "date         | '2024-02-29'                   | 2024-02-29T00:00:00Z",
                "seconds      | 1714566600                     | 2024-05-01T12:30:00Z",
                "seconds      | 1714566600.25                  | 2024-05-01T12:30:00.250Z",
                "seconds      | ' 1714566600 '                 | 2024-05-01T12:30:00Z",
                "seconds      | -0.25                          | 1969-12-31T23:59:59.750Z",
                "seconds      | 1.7145666e9                    | 2024-05-01T12:30:00Z",
                "millis       | 1714566600250                  | 2024-05-01T12:30:00.250Z",
                "millis       | '1714566600250.5'              | 2024-05-01T12:30:00.250500Z",
                "slashes      | '2024/05/01 12:30:00'          | 2024-05-01T12:30:00Z",
                "offset       | '2024-05-01T14:30:00+0200'     | 2024-05-01T12:30:00Z",
                "month        | '01 May 2024'                  | 2024-05-01T00:00:00Z",
                "hour         | '2024050112'                   | 2024-05-01T12:00:00Z",
            })
    void reads(String format, String scalar, Instant expected) {
        assertThat(named(format).read(json(scalar))).hasValue(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "iso     | '2024-02-30'",
                "iso     | 'yesterday'",
                "iso     | ''",
                "iso     | 1714566600",
                "date    | '2024-02-30'",
                "date    | '2024-05-01T00:00:00Z'",
                "date    | 20240501",
                "seconds | true",
                "seconds | 'soon'",
                "seconds | 1e99",
                "seconds | 1e999999999",
                "seconds | [1]",
                "millis  | {'seconds':1}",
                "slashes | '2024/02/30 12:30:00'",
                "slashes | '2024/05/01 12:30'",
                "slashes | '2024/05/01 24:30:00'",
                "offset  | '2024-05-01T14:30:00'",
                "iso     | null",
                "date    | null",
                "millis  | null",
                "slashes | null",
            })
    void readsNothingElse(String format, String scalar) {
        assertThat(named(format).read(json(scalar))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "iso     | 2024-01-01T00:00:00Z     | '2024-01-01T00:00:00Z'",
                "iso     | 2024-01-01T00:00:00.250Z | '2024-01-01T00:00:00.250Z'",
                "date    | 2024-01-01T23:59:59Z     | '2024-01-01'",
                "seconds | 2024-05-01T12:30:00.999Z | 1714566600",
                "seconds | 1969-12-31T23:59:59.750Z | -1",
                "seconds | 1970-01-01T00:00:07Z     | 7",
                "millis  | 2024-05-01T12:30:00.250Z | 1714566600250",
                "millis  | 1969-12-31T23:59:59.750Z | -250",
                "slashes | 2024-05-01T12:30:00.999Z | '2024/05/01 12:30:00'",
                "offset  | 2024-05-01T12:30:00Z     | '2024-05-01T12:30:00Z'",
            })
    void writes(String format, Instant time, String scalar) {
        assertThat(named(format).write(time)).isEqualTo(json(scalar));
    }

    @Test
    void takesTextWithoutAnOffsetForItsZone() {
        TimeFormat iso = TimeFormat.iso().zone(BERLIN);
        assertThat(iso.read(json("'2024-07-01T12:00:00'"))).hasValue(Instant.parse("2024-07-01T10:00:00Z"));
        assertThat(iso.read(json("'2024-07-01'"))).hasValue(Instant.parse("2024-06-30T22:00:00Z"));
        assertThat(iso.read(json("'2024-07-01T12:00:00Z'"))).hasValue(Instant.parse("2024-07-01T12:00:00Z"));
        assertThat(TimeFormat.date().zone(BERLIN).read(json("'2024-01-01'")))
                .hasValue(Instant.parse("2023-12-31T23:00:00Z"));
        assertThat(TimeFormat.pattern("dd.MM.yyyy HH:mm").zone(BERLIN).read(json("'01.07.2024 12:00'")))
                .hasValue(Instant.parse("2024-07-01T10:00:00Z"));
    }

    @Test
    void writesTimesOfItsZone() {
        Instant evening = Instant.parse("2024-07-01T22:30:00Z");
        assertThat(TimeFormat.iso().zone(BERLIN).write(evening)).isEqualTo(json("'2024-07-02T00:30:00+02:00'"));
        assertThat(TimeFormat.date().zone(BERLIN).write(evening)).isEqualTo(json("'2024-07-02'"));
        assertThat(TimeFormat.epochSeconds().zone(BERLIN).write(evening)).isEqualTo(json("1719873000"));
    }

    @Test
    void knowsWhichTimesTheClockLeavesOutOrShowsTwice() {
        TimeFormat local = TimeFormat.pattern("yyyy-MM-dd HH:mm").zone(BERLIN);
        assertThat(local.read(json("'2024-03-31 02:30'"))).hasValue(Instant.parse("2024-03-31T01:30:00Z"));
        assertThat(local.read(json("'2024-10-27 02:30'"))).hasValue(Instant.parse("2024-10-27T00:30:00Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"iso", "seconds", "millis"})
    void readsAndWritesTheEndsOfTime(String format) {
        for (Instant end : new Instant[] {Instant.MIN, Instant.MAX}) {
            assertThat(named(format).write(end).isNull()).isFalse();
        }
        TimeFormat seconds = TimeFormat.epochSeconds();
        assertThat(seconds.read(seconds.write(Instant.MIN))).hasValue(Instant.MIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HH:mm", "yyyy-MM", "yyyy-MM-dd'T", "bogus", "dd MMM"})
    void refusesPatternsThatSayNoDate(String pattern) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TimeFormat.pattern(pattern))
                .withMessageContaining(pattern);
    }

    @Test
    void saysWhatItIs() {
        assertThat(Stream.of(TimeFormat.iso(), TimeFormat.date().zone(BERLIN), TimeFormat.pattern("yyyyMMdd"))
                        .map(TimeFormat::toString))
                .containsExactly("iso", "date in Europe/Berlin", "pattern(yyyyMMdd)");
    }

    private static TimeFormat named(String name) {
        return switch (name) {
            case "iso" -> TimeFormat.iso();
            case "date" -> TimeFormat.date();
            case "seconds" -> TimeFormat.epochSeconds();
            case "millis" -> TimeFormat.epochMillis();
            case "slashes" -> TimeFormat.pattern("yyyy/MM/dd HH:mm:ss");
            case "offset" -> TimeFormat.pattern("uuuu-MM-dd'T'HH:mm:ssXX");
            case "month" -> TimeFormat.pattern("dd MMM yyyy");
            case "hour" -> TimeFormat.pattern("yyyyMMddHH");
            default -> throw new IllegalArgumentException(name);
        };
    }
}
