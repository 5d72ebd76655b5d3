package dev.headrace.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever reads a time, the formatter or the walk over its text, it is the same time or the same error. */
class IsoTimeTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final String[] DAYS = {
        "2024-02-29",
        "2023-02-29",
        "2023-02-28",
        "1900-02-29",
        "2000-02-29",
        "0000-02-29",
        "0000-01-01",
        "9999-12-31",
        "2024-04-31",
        "2024-13-01",
        "2024-00-10",
        "2024-01-00",
        "2024-01-32",
        "-2024-01-01",
        "+12024-01-01",
        "12024-01-01",
        "2024-1-01",
        "24-01-01",
        "2024/01/01",
        "1969-12-31",
        "2024-03-31",
        "2024-10-27"
    };
    private static final String[] TIMES = {
        "00:00:00",
        "23:59:59",
        "24:00:00",
        "24:00",
        "12:30",
        "12:60:00",
        "12:30:60",
        "23:59:60",
        "2:30:00",
        "02:30:00",
        "12-30-00",
        "12:30:5",
        "12",
        "",
        "١٢:30:00"
    };
    private static final String[] OFFSETS = {
        "Z",
        "z",
        "",
        "+00:00",
        "-00:00",
        "+01:00",
        "-05:30",
        "+17:59",
        "+18:00",
        "-18:00",
        "+18:01",
        "-18:30",
        "+19:00",
        "+01:60",
        "+0100",
        "+01",
        "+1:00",
        "+01:00:30",
        "ZZ",
        "Z ",
        "UTC",
        "[Europe/Berlin]",
        "+01:00[Europe/Berlin]"
    };
    private static final String[] SEPARATORS = {"T", "t", " ", "", "_", "TT"};
    private static final String[] FRACTIONS = {
        "",
        ".",
        ".0",
        ".1",
        ".12",
        ".123",
        ".1234",
        ".12345",
        ".123456",
        ".1234567",
        ".12345678",
        ".123456789",
        ".1234567891",
        ".000000001",
        ".999999999",
        ",5",
        ".5.5",
        ".-5",
        ". 5"
    };

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2024-01-31",
                "2024-01-31T12:30:00Z",
                "2024-01-31T12:30:00.123456789Z",
                "2024-01-31t12:30:00z",
                "2024-01-31 12:30:00.5+02:00",
                "0000-02-29T23:59:59-17:59"
            })
    void readsWhatNearlyAllWriteWithoutAFormatter(String text) {
        assertThat(IsoTime.read(text, ZoneOffset.UTC)).isEqualTo(Timestamps.formatted(text, ZoneOffset.UTC));
    }

    @Test
    void agreesWithTheFormatterOnAllThatCanBeWritten() {
        for (String day : DAYS) {
            assertSame(day);
            for (String separator : SEPARATORS) {
                for (String time : TIMES) {
                    for (String offset : OFFSETS) {
                        assertSame(day + separator + time + offset);
                    }
                }
            }
        }
        for (String fraction : FRACTIONS) {
            for (String offset : OFFSETS) {
                assertSame("2024-03-31T02:30:00" + fraction + offset);
                assertSame("2024-03-31T02:30" + fraction + offset);
            }
        }
    }

    @Test
    void agreesWithTheFormatterOnTimesOfAllYearsAndOnTextsThatAreBroken() {
        Random random = new Random(11);
        for (int round = 0; round < 20_000; round++) {
            LocalDateTime time = LocalDateTime.ofEpochSecond(
                    random.nextLong(-70_000_000_000L, 260_000_000_000L), random.nextInt(1_000_000_000), ZoneOffset.UTC);
            ZoneOffset offset = ZoneOffset.ofTotalSeconds(60 * random.nextInt(-1080, 1081));
            String text = (random.nextBoolean() ? DateTimeFormatter.ISO_OFFSET_DATE_TIME : DateTimeFormatter.ISO_DATE)
                    .format(time.atOffset(offset));
            assertSame(text);

            char[] broken = text.toCharArray();
            broken[random.nextInt(broken.length)] = "0123456789-+:.TZtz x".charAt(random.nextInt(20));
            assertSame(String.valueOf(broken));
            assertSame(text.substring(0, random.nextInt(text.length())));
        }
    }

    private static void assertSame(String text) {
        for (ZoneId zone : new ZoneId[] {ZoneOffset.UTC, BERLIN}) {
            assertThat(outcome(() -> Timestamps.instant(text, zone)))
                    .as(text)
                    .isEqualTo(outcome(() -> Timestamps.formatted(text, zone)));
        }
    }

    private interface Reading {
        Instant read();
    }

    private static String outcome(Reading reading) {
        try {
            return reading.read().toString();
        } catch (DateTimeException e) {
            return e.toString();
        }
    }
}
