package dev.headrace.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeWindowsTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    // Boundaries are local times of the zone.
    @ParameterizedTest(name = "{0} clamped to {1} in {2}")
    @CsvSource({
        // Exact time, and a ragged last window.
        "PT6H, , UTC,           2024-01-01T00:00 2024-01-01T06:00 2024-01-01T12:00",
        "PT6H, , UTC,           2024-01-01T00:00 2024-01-01T06:00 2024-01-01T09:00",
        "PT6H, , UTC,           2024-01-01T00:00 2024-01-01T05:00",
        // 24 hours are not the day of a change of clocks, a period of a day is.
        "PT24H, , Europe/Berlin, 2024-03-30T00:00 2024-03-31T00:00 2024-04-01T01:00 2024-04-02T00:00",
        "P1D, , Europe/Berlin,   2024-03-30T00:00 2024-03-31T00:00 2024-04-01T00:00 2024-04-02T00:00",
        "PT24H, , Europe/Berlin, 2024-10-26T00:00 2024-10-27T00:00 2024-10-27T23:00 2024-10-28T12:00",
        "P1D, , Europe/Berlin,   2024-10-26T00:00 2024-10-27T00:00 2024-10-28T00:00 2024-10-28T12:00",
        // A day of 02:30 that the clock leaves out.
        "P1D, , Europe/Berlin,   2024-03-30T02:30 2024-03-31T03:30 2024-04-01T02:30 2024-04-01T12:00",
        // Months end when they end, and come back to their day.
        "P1M, , UTC,            2024-01-31T00:00 2024-02-29T00:00 2024-03-31T00:00 2024-04-30T00:00 2024-05-31T00:00",
        "P1M, , UTC,            2023-01-31T00:00 2023-02-28T00:00 2023-03-31T00:00",
        "P1Y, , UTC,            2020-02-29T00:00 2021-02-28T00:00 2022-02-28T00:00 2023-02-28T00:00 2024-02-29T00:00 2024-03-01T00:00",
        "P1M1D, , UTC,          2024-01-31T00:00 2024-03-01T00:00 2024-04-02T00:00 2024-04-03T00:00",
        // Clamped: the first and the last are shorter.
        "P1D, DAYS, UTC,        2024-01-01T10:00 2024-01-02T00:00 2024-01-03T00:00 2024-01-03T10:00",
        "P1D, DAYS, UTC,        2024-01-01T00:00 2024-01-02T00:00 2024-01-03T00:00",
        "P7D, WEEKS, UTC,       2024-01-03T10:00 2024-01-08T00:00 2024-01-15T00:00 2024-01-17T00:00",
        "P1M, MONTHS, UTC,      2024-01-15T10:00 2024-02-01T00:00 2024-03-01T00:00 2024-04-01T00:00 2024-04-02T00:00",
        "P3M, MONTHS, UTC,      2024-01-15T10:00 2024-04-01T00:00 2024-07-01T00:00 2024-07-02T00:00",
        "P1Y, YEARS, UTC,       2022-06-01T00:00 2023-01-01T00:00 2024-01-01T00:00 2024-02-29T00:00",
        "P1M, DAYS, UTC,        2024-01-31T10:00 2024-02-29T00:00 2024-03-31T00:00 2024-04-30T00:00 2024-05-01T00:00",
        "P1M, WEEKS, UTC,       2024-01-31T00:00 2024-02-26T00:00 2024-03-25T00:00 2024-03-26T00:00",
        // No longer than the step, unless there is no such unit.
        "P40D, MONTHS, UTC,     2024-01-15T00:00 2024-02-01T00:00 2024-03-01T00:00 2024-04-01T00:00 2024-04-02T00:00",
        "P10D, MONTHS, UTC,     2024-01-15T00:00 2024-02-01T00:00 2024-03-01T00:00 2024-03-02T00:00",
        "P18M, YEARS, UTC,      2020-01-01T00:00 2021-01-01T00:00 2022-01-01T00:00 2022-01-02T00:00",
        "PT36H, DAYS, UTC,      2024-01-01T10:00 2024-01-02T00:00 2024-01-03T00:00 2024-01-04T00:00",
        "PT1S, DAYS, UTC,       2024-01-01T10:00 2024-01-02T00:00 2024-01-02T01:00",
        // Days of 23 and 25 hours.
        "PT24H, DAYS, Europe/Berlin, 2024-03-30T00:00 2024-03-31T00:00 2024-04-01T00:00 2024-04-02T00:00",
        "PT24H, DAYS, Europe/Berlin, 2024-10-26T12:00 2024-10-27T00:00 2024-10-28T00:00 2024-10-29T00:00",
        "P1M, MONTHS, Europe/Berlin, 2024-03-15T00:00 2024-04-01T00:00 2024-05-01T00:00 2024-05-02T00:00",
        // A zone whose day begins at one o'clock when clocks change.
        "P1D, DAYS, America/Havana, 2024-03-09T12:00 2024-03-10T01:00 2024-03-11T00:00 2024-03-11T12:00",
        // A zone that has left out a day.
        "P1D, , Pacific/Apia,     2011-12-28T10:00 2011-12-29T10:00 2011-12-31T10:00 2012-01-01T10:00 2012-01-01T12:00",
        "P1D, DAYS, Pacific/Apia, 2011-12-28T10:00 2011-12-29T00:00 2011-12-31T00:00 2012-01-01T00:00 2012-01-01T12:00",
    })
    void putsBoundariesWhereTheyBelong(String step, @Nullable ChronoUnit clamp, ZoneId zone, String boundaries) {
        List<Instant> expected = Arrays.stream(boundaries.split(" ", -1))
                .map(local -> LocalDateTime.parse(local).atZone(zone).toInstant())
                .toList();
        TimeWindows windows = TimeWindows.of(amount(step)).zone(zone);

        List<Window> made = all(
                clamp == null ? windows : windows.clampTo(clamp), expected.get(0), expected.get(expected.size() - 1));

        assertThat(made).isEqualTo(windowsBetween(expected));
    }

    @Test
    void coversAnySpanWithoutGapsOrOverlaps() {
        Random random = new Random(7);
        ZoneId[] zones = {
            ZoneOffset.UTC,
            BERLIN,
            ZoneId.of("America/Havana"),
            ZoneId.of("Pacific/Apia"),
            ZoneId.of("America/St_Johns")
        };
        ChronoUnit[] clamps = {ChronoUnit.DAYS, ChronoUnit.WEEKS, ChronoUnit.MONTHS, ChronoUnit.YEARS};
        for (int i = 0; i < 3000; i++) {
            TemporalAmount step = random.nextBoolean()
                    ? Duration.ofSeconds(1 + random.nextInt(90 * 86_400), random.nextInt(1_000_000_000))
                    : Period.of(random.nextInt(2), random.nextInt(5), 1 + random.nextInt(50));
            ZoneId zone = zones[random.nextInt(zones.length)];
            TimeWindows windows = TimeWindows.of(step).zone(zone);
            ChronoUnit clamp = random.nextBoolean() ? clamps[random.nextInt(clamps.length)] : null;
            if (clamp != null) {
                windows = windows.clampTo(clamp);
            }
            Instant from = Instant.parse("1985-01-01T00:00:00Z").plusSeconds(random.nextInt(1_200_000_000));
            Instant to = step instanceof Duration exact
                    ? from.plus(exact.multipliedBy(random.nextInt(300))).plusNanos(random.nextInt(1000))
                    : from.plusSeconds(random.nextInt(300_000_000));

            List<Window> made = all(windows, from, to);

            String what = step + " clamped to " + clamp + " in " + zone + " from " + from + " to " + to;
            Instant reached = from;
            for (Window window : made) {
                assertThat(window.from()).as(what).isEqualTo(reached);
                assertThat(window.to()).as(what).isAfter(window.from());
                reached = window.to();
                if (clamp != null && !reached.equals(to)) {
                    assertThat(begins(reached.atZone(zone), clamp)).as(what).isTrue();
                }
                if (step instanceof Duration exact && clamp == null) {
                    assertThat(Duration.between(window.from(), window.to()))
                            .as(what)
                            .isLessThanOrEqualTo(exact);
                }
            }
            assertThat(reached).as(what).isEqualTo(to);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 86_400})
    void makesNoneForNoTime(long secondsBefore) {
        Instant from = Instant.parse("2024-01-01T00:00:00Z");
        for (TimeWindows windows : List.of(
                TimeWindows.of(Duration.ofSeconds(1)),
                TimeWindows.of(Period.ofDays(1)),
                TimeWindows.of(Period.ofDays(1)).clampTo(ChronoUnit.WEEKS))) {
            Iterator<Window> none = windows.between(from, from.minusSeconds(secondsBefore));
            assertThat(none.hasNext()).isFalse();
            assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(none::next);
        }
    }

    @Test
    void makesWindowsOneByOne() {
        Instant from = Instant.parse("0000-01-01T00:00:00Z");
        Iterator<Window> windows =
                TimeWindows.of(Duration.ofNanos(1)).between(from, Instant.parse("9999-01-01T00:00:00Z"));
        assertThat(windows.next()).isEqualTo(new Window(from, from.plusNanos(1)));
        assertThat(windows.next()).isEqualTo(new Window(from.plusNanos(1), from.plusNanos(2)));
    }

    @Test
    void makesOneOfAStepBeyondAnyCalendar() {
        Instant from = Instant.parse("2024-01-01T00:00:00Z");
        Instant to = Instant.parse("2034-01-01T00:00:00Z");
        for (TemporalAmount step : List.of(
                Duration.ofSeconds(Long.MAX_VALUE),
                Period.ofYears(Integer.MAX_VALUE),
                Period.ofMonths(2_000_000_000))) {
            assertThat(all(TimeWindows.of(step), from, to)).containsExactly(new Window(from, to));
            assertThat(all(TimeWindows.of(step).clampTo(ChronoUnit.MONTHS), from, to))
                    .containsExactly(new Window(from, to));
        }
    }

    // Local times; the granularity of a day is a day of the calendar.
    @ParameterizedTest
    @CsvSource({
        "PT1S,     UTC,           2024-01-01T00:00, 2024-02-01T00:00,         2024-01-31T23:59:59",
        "PT0.001S, UTC,           2024-01-01T00:00, 2024-02-01T00:00,         2024-01-31T23:59:59.999",
        "PT1S,     UTC,           2024-01-01T00:00, 2024-01-01T10:00:00.250,  2024-01-01T10:00:00",
        "PT24H,    UTC,           2024-01-01T00:00, 2024-02-01T00:00,         2024-01-31T00:00",
        // Now is ten o'clock: records of this day have been asked for.
        "PT24H,    UTC,           2024-01-01T00:00, 2024-02-01T10:00,         2024-02-01T00:00",
        "PT24H,    Europe/Berlin, 2024-03-01T00:00, 2024-04-01T00:00,         2024-03-31T00:00",
        "PT24H,    Europe/Berlin, 2024-10-01T00:00, 2024-10-28T00:00,         2024-10-27T00:00",
        "PT1H,     Europe/Berlin, 2024-03-31T00:00, 2024-03-31T04:00,         2024-03-31T03:00",
        // Never before the start.
        "PT24H,    UTC,           2024-01-01T08:00, 2024-01-01T10:00,         2024-01-01T08:00",
    })
    void showsTheLastMomentToWhoTakesEndsIn(
            Duration granularity, ZoneId zone, LocalDateTime from, LocalDateTime to, LocalDateTime shown) {
        TimeWindows windows = TimeWindows.of(Period.ofMonths(1)).zone(zone).inclusiveEnd(granularity);
        Window window =
                new Window(from.atZone(zone).toInstant(), to.atZone(zone).toInstant());
        assertThat(windows.shownEnd(window)).isEqualTo(shown.atZone(zone).toInstant());
    }

    @Test
    void showsTheEndItselfByDefault() {
        Window window = new Window(Instant.parse("2024-01-01T00:00:00Z"), Instant.parse("2024-01-01T00:00:00.5Z"));
        assertThat(TimeWindows.of(Duration.ofDays(1)).shownEnd(window)).isEqualTo(window.to());
    }

    @Test
    void keepsItsSettings() {
        TimeWindows plain = TimeWindows.of(Period.ofMonths(1));
        TimeWindows named =
                plain.as("from", "to").clampTo(ChronoUnit.MONTHS).zone(BERLIN).inclusiveEnd(Duration.ofSeconds(1));
        assertThat(plain.startName()).isNull();
        assertThat(plain.endName()).isNull();
        assertThat(named.startName()).isEqualTo("from");
        assertThat(named.endName()).isEqualTo("to");
        assertThat(all(named, Instant.parse("2024-06-15T00:00:00Z"), Instant.parse("2024-07-15T00:00:00Z")))
                .extracting(Window::to)
                .first()
                .isEqualTo(Instant.parse("2024-06-30T22:00:00Z"));
    }

    @Test
    void refusesSenselessSettings() {
        for (TemporalAmount step :
                List.of(Duration.ZERO, Duration.ofSeconds(-1), Period.ZERO, Period.ofDays(-1), Period.of(0, 1, -1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> TimeWindows.of(step))
                    .withMessageContaining("step")
                    .withMessageContaining(step.toString());
        }
        TimeWindows windows = TimeWindows.of(Duration.ofDays(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> windows.clampTo(ChronoUnit.HOURS))
                .withMessageContaining("HOURS");
        for (Duration granularity : List.of(Duration.ZERO, Duration.ofNanos(-1), Duration.ofHours(25))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> windows.inclusiveEnd(granularity))
                    .withMessageContaining(granularity.toString());
        }
        assertThatIllegalArgumentException().isThrownBy(() -> windows.as("from", "from"));
        assertThatIllegalArgumentException().isThrownBy(() -> windows.as("from", " "));
        assertThatIllegalArgumentException().isThrownBy(() -> new Window(Instant.EPOCH, Instant.EPOCH));
    }

    private static TemporalAmount amount(String text) {
        return text.startsWith("PT") ? Duration.parse(text) : Period.parse(text);
    }

    private static boolean begins(ZonedDateTime time, ChronoUnit unit) {
        // Not midnight, which is not there when clocks change.
        boolean day = time.equals(time.toLocalDate().atStartOfDay(time.getZone()));
        return switch (unit) {
            case DAYS -> day;
            case WEEKS -> day && time.getDayOfWeek().getValue() == 1;
            case MONTHS -> day && time.getDayOfMonth() == 1;
            default -> day && time.getDayOfYear() == 1;
        };
    }

    private static List<Window> windowsBetween(List<Instant> boundaries) {
        List<Window> windows = new ArrayList<>();
        for (int i = 1; i < boundaries.size(); i++) {
            windows.add(new Window(boundaries.get(i - 1), boundaries.get(i)));
        }
        return windows;
    }

    private static List<Window> all(TimeWindows windows, Instant from, Instant to) {
        List<Window> all = new ArrayList<>();
        windows.between(from, to).forEachRemaining(all::add);
        return all;
    }
}
