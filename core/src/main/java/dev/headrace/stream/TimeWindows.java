package dev.headrace.stream;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.time.temporal.TemporalAmount;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Windows of time in which a long history is read, one after another: half open, without gaps or overlaps.
 *
 * <pre>{@code
 * TimeWindows.of(Duration.ofDays(30))                                    // 30 × 24 hours each, the last one shorter
 * TimeWindows.of(Period.ofMonths(1)).clampTo(ChronoUnit.MONTHS)          // calendar months, the first and the last one cut
 *         .zone(ZoneId.of("Europe/Berlin"))
 *         .inclusiveEnd(Duration.ofSeconds(1))                           // … to 31 January, 23:59:59
 *         .as("from", "to")
 * }</pre>
 *
 * <p>A {@link Duration} is exact time; a {@link Period} is counted in the calendar of the {@link #zone zone}, where a day may have 23 or 25 hours
 * and months end when they end: from January 31 in steps of a month come the last day of February, then March 31. Windows are made one by one as
 * they are read. Immutable.
 */
public final class TimeWindows {

    private static final Set<ChronoUnit> CLAMPS =
            EnumSet.of(ChronoUnit.DAYS, ChronoUnit.WEEKS, ChronoUnit.MONTHS, ChronoUnit.YEARS);

    private final TemporalAmount step;
    private final @Nullable ChronoUnit clamp;
    private final ZoneId zone;
    private final @Nullable Duration granularity;
    private final @Nullable String startName;
    private final @Nullable String endName;

    private TimeWindows(
            TemporalAmount step,
            @Nullable ChronoUnit clamp,
            ZoneId zone,
            @Nullable Duration granularity,
            @Nullable String startName,
            @Nullable String endName) {
        this.step = step;
        this.clamp = clamp;
        this.zone = zone;
        this.granularity = granularity;
        this.startName = startName;
        this.endName = endName;
    }

    /**
     * Windows of one length; the last ends where the reading ends and may be shorter.
     *
     * @param step a {@link Duration} or {@link Period} of more than zero
     * @return the windows, not clamped, in UTC, with exclusive ends
     */
    public static TimeWindows of(TemporalAmount step) {
        boolean positive = step instanceof Duration exact
                ? !exact.isZero() && !exact.isNegative()
                : step instanceof Period calendar && !calendar.isZero() && !calendar.isNegative();
        if (!positive) {
            throw new IllegalArgumentException("step must be a Duration or Period of more than zero: " + step);
        }
        return new TimeWindows(step, null, ZoneOffset.UTC, null, null, null);
    }

    /**
     * Puts all boundaries but the first start and the last end where days, weeks, months or years of the calendar begin.
     *
     * <p>Each window ends with the last such unit that the step reaches; one that reaches none ends with the unit under way, and so is longer than the step.
     *
     * @param unit {@link ChronoUnit#DAYS}, {@link ChronoUnit#WEEKS} (from Monday), {@link ChronoUnit#MONTHS} or {@link ChronoUnit#YEARS}
     * @return a changed copy
     */
    public TimeWindows clampTo(ChronoUnit unit) {
        if (!CLAMPS.contains(unit)) {
            throw new IllegalArgumentException("clampTo must be DAYS, WEEKS, MONTHS or YEARS: " + unit.name());
        }
        return new TimeWindows(step, unit, zone, granularity, startName, endName);
    }

    /**
     * Whose calendar counts. Default UTC. Means nothing for a {@link Duration} that is not clamped.
     *
     * @param zone the zone
     * @return a changed copy
     */
    public TimeWindows zone(ZoneId zone) {
        return new TimeWindows(step, clamp, Objects.requireNonNull(zone, "zone"), granularity, startName, endName);
    }

    /**
     * For APIs whose end belongs to what is asked for: the end that is shown is the last second, or whatever the API counts in, that the window
     * touches. Default: the end itself, which does not belong to the window.
     *
     * <p>Of a window that ends in the middle of such a second (now, as a rule) it is this second, so that nothing is left out.
     *
     * @param granularity the step in which the API's times count: more than zero, at most a day, which then is a day of the calendar
     * @return a changed copy
     */
    public TimeWindows inclusiveEnd(Duration granularity) {
        if (granularity.isZero() || granularity.isNegative() || granularity.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("inclusiveEnd must be more than zero and at most a day: " + granularity);
        }
        return new TimeWindows(step, clamp, zone, granularity, startName, endName);
    }

    /**
     * Makes the bounds values of the slice, which a URI template or a placement may then name. Default: they are none.
     *
     * @param startName of the start
     * @param endName of the end as it is shown
     * @return a changed copy
     */
    public TimeWindows as(String startName, String endName) {
        if (startName.isBlank() || endName.isBlank() || startName.equals(endName)) {
            throw new IllegalArgumentException("as must be two names: '" + startName + "', '" + endName + "'");
        }
        return new TimeWindows(step, clamp, zone, granularity, startName, endName);
    }

    @Nullable
    String startName() {
        return startName;
    }

    @Nullable
    String endName() {
        return endName;
    }

    /** The end to be asked for: that of the window, or the last moment that an API with inclusive ends has to be told. */
    Instant shownEnd(Window window) {
        if (granularity == null) {
            return window.to();
        }
        // Minus the granularity would leave out today if now is noon and the API counts in days.
        ZonedDateTime last = window.to().minusNanos(1).atZone(zone);
        Instant day = last.toLocalDate().atStartOfDay(zone).toInstant();
        Instant shown = day;
        if (granularity.compareTo(Duration.ofDays(1)) < 0) {
            shown = day.plus(granularity.multipliedBy(
                    Duration.between(day, last.toInstant()).dividedBy(granularity)));
        }
        return shown.isBefore(window.from()) ? window.from() : shown;
    }

    /**
     * The windows that cover a span, each made when it is asked for.
     *
     * @param from where the first begins
     * @param to where the last ends; nothing comes if it is not after the start
     */
    Iterator<Window> between(Instant from, Instant to) {
        return new Windows(from, to);
    }

    private final class Windows implements Iterator<Window> {

        private final Instant to;
        private Instant start;
        private long steps;

        /** Where periods are counted from: from one window to the next, a month would shrink to its shortest. */
        private final Instant anchor;

        Windows(Instant from, Instant to) {
            this.start = from;
            this.to = to;
            this.anchor = clamp == null || !from.isBefore(to) ? from : startOf(date(from));
        }

        @Override
        public boolean hasNext() {
            return start.isBefore(to);
        }

        @Override
        public Window next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Window window = new Window(start, end());
            start = window.to();
            return window;
        }

        private Instant end() {
            try {
                Instant end = boundary();
                return end.isBefore(to) ? end : to;
            } catch (DateTimeException | ArithmeticException e) {
                // Beyond any calendar, so beyond the end.
                return to;
            }
        }

        private Instant boundary() {
            Instant boundary;
            do {
                boundary = stepped();
                // Once only, except where a zone has left out a whole day: Apia had no 30 December 2011.
            } while (clamp == null && !boundary.isAfter(start));
            if (clamp == null) {
                return boundary;
            }
            LocalDate date = date(boundary);
            while (!startOf(date).isAfter(start)) {
                date = date.plus(1, clamp);
            }
            return startOf(date);
        }

        private Instant stepped() {
            if (!(step instanceof Period period)) {
                return start.plus(step);
            }
            steps++;
            boolean counted = clamp == null || clamp == ChronoUnit.DAYS;
            long times = counted ? steps : 1;
            return (counted ? anchor : start)
                    .atZone(zone)
                    .plusMonths(Math.multiplyExact(period.toTotalMonths(), times))
                    .plusDays(Math.multiplyExact(period.get(ChronoUnit.DAYS), times))
                    .toInstant();
        }

        /** The day on which the unit began that a moment lies in. */
        private LocalDate date(Instant moment) {
            LocalDate date = moment.atZone(zone).toLocalDate();
            return switch (Objects.requireNonNullElse(clamp, ChronoUnit.DAYS)) {
                case WEEKS -> date.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
                case MONTHS -> date.withDayOfMonth(1);
                case YEARS -> date.withDayOfYear(1);
                default -> date;
            };
        }

        private Instant startOf(LocalDate date) {
            return date.atStartOfDay(zone).toInstant();
        }
    }
}
