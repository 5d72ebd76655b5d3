package dev.headrace.stream;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * How an API writes times: as text of some form, or as a count since 1970-01-01T00:00:00Z.
 *
 * <pre>{@code
 * TimeFormat.iso()                                                       // 2024-01-01T00:00:00Z
 * TimeFormat.date().zone(ZoneId.of("Europe/Berlin"))                     // 2024-01-01, which began at 23:00 in UTC
 * TimeFormat.epochMillis()                                               // 1704067200000
 * TimeFormat.pattern("yyyy/MM/dd HH:mm:ss")                              // 2024/01/01 00:00:00
 * }</pre>
 *
 * <p>Immutable.
 */
public final class TimeFormat {

    private enum Form {
        ISO,
        DATE,
        EPOCH_SECONDS,
        EPOCH_MILLIS,
        PATTERN
    }

    private static final BigInteger MILLIS = BigInteger.valueOf(1000);
    private static final int MILLI_DECIMALS = 3;

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ISO_LOCAL_DATE.withLocale(Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);

    private final Form form;
    private final String name;
    private final DateTimeFormatter formatter;
    private final ZoneId zone;

    private TimeFormat(Form form, String name, DateTimeFormatter formatter, ZoneId zone) {
        this.form = form;
        this.name = name;
        this.formatter = formatter;
        this.zone = zone;
    }

    /**
     * ISO 8601 text, written {@code 2024-01-01T00:00:00Z} with a fraction only if there is one.
     *
     * <p>Reads any offset, fractions up to nanoseconds, a space for the {@code T}, and dates, which are their beginning. Text without an
     * offset is of the {@link #zone zone}, in which times are also written.
     *
     * @return the format, in UTC
     */
    public static TimeFormat iso() {
        return new TimeFormat(Form.ISO, "iso", DateTimeFormatter.ISO_OFFSET_DATE_TIME, ZoneOffset.UTC);
    }

    /**
     * Calendar dates such as {@code 2024-01-01}, and nothing else. Read as the beginning of that day; written without the time of day.
     *
     * @return the format, for days of UTC
     */
    public static TimeFormat date() {
        return new TimeFormat(Form.DATE, "date", DATE, ZoneOffset.UTC);
    }

    /**
     * Seconds since 1970-01-01T00:00:00Z. Read from numbers, also with a fraction, and text that is one; written as a whole number, rounded down.
     *
     * @return the format
     */
    public static TimeFormat epochSeconds() {
        return new TimeFormat(Form.EPOCH_SECONDS, "epochSeconds", DATE, ZoneOffset.UTC);
    }

    /**
     * Milliseconds since 1970-01-01T00:00:00Z. Read from numbers, also with a fraction, and text that is one; written as a whole number, rounded down.
     *
     * @return the format
     */
    public static TimeFormat epochMillis() {
        return new TimeFormat(Form.EPOCH_MILLIS, "epochMillis", DATE, ZoneOffset.UTC);
    }

    /**
     * Text of another form, the same for reading and writing. What the pattern does not say is lost.
     *
     * <p>Names are those of {@link Locale#ROOT} (English abbreviations). Reading is strict: February 30 is no time. Without an offset or zone
     * in the pattern, text is of the {@link #zone zone}.
     *
     * @param pattern letters of {@link DateTimeFormatter}, for example {@code yyyy-MM-dd'T'HH:mm:ssXX}
     * @return the format, in UTC
     * @throws IllegalArgumentException if it is no pattern, or does not say a whole date
     */
    public static TimeFormat pattern(String pattern) {
        DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder();
        try {
            builder.appendPattern(pattern);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("pattern is none of java.time: " + pattern, e);
        }
        // A strict yyyy is a year of an unknown era: without this, the pattern that everybody writes reads nothing.
        if (pattern.indexOf('y') >= 0) {
            builder.parseDefaulting(ChronoField.ERA, 1);
        }
        DateTimeFormatter formatter = builder.toFormatter(Locale.ROOT)
                .withChronology(IsoChronology.INSTANCE)
                .withResolverStyle(ResolverStyle.STRICT);
        TimeFormat format = new TimeFormat(Form.PATTERN, "pattern(" + pattern + ")", formatter, ZoneOffset.UTC);
        if (!format.readsItsOwn()) {
            throw new IllegalArgumentException("pattern must say a whole date, at least: " + pattern);
        }
        return format;
    }

    private boolean readsItsOwn() {
        try {
            return read(write(Instant.EPOCH)).isPresent();
        } catch (DateTimeException e) {
            return false;
        }
    }

    /**
     * Where text without an offset was written, and dates begin. Default UTC. Means nothing for epochs.
     *
     * <p>A local time that a change of clocks leaves out is read as much later; of one that comes twice, the first is meant.
     *
     * @param zone the zone, also of times that are written
     * @return a changed copy
     */
    public TimeFormat zone(ZoneId zone) {
        return new TimeFormat(form, name, formatter, Objects.requireNonNull(zone, "zone"));
    }

    /**
     * Reads a time. White space around text is ignored.
     *
     * @param scalar a text or number
     * @return the time, or empty for whatever is none in this format; never an exception
     */
    public Optional<Instant> read(JsonNode scalar) {
        try {
            return switch (form) {
                case ISO -> text(scalar).map(text -> Timestamps.instant(text, zone));
                case DATE ->
                    text(scalar)
                            .map(text -> LocalDate.parse(text, formatter)
                                    .atStartOfDay(zone)
                                    .toInstant());
                case PATTERN -> text(scalar).map(this::parse);
                case EPOCH_SECONDS -> number(scalar).map(Timestamps::instant);
                case EPOCH_MILLIS ->
                    number(scalar)
                            .map(millis -> millis.scaleByPowerOfTen(-MILLI_DECIMALS))
                            .map(Timestamps::instant);
            };
        } catch (DateTimeException | ArithmeticException | MappingException e) {
            return Optional.empty();
        }
    }

    /**
     * Writes a time, as text or as a whole number.
     *
     * @param time the time
     * @return the scalar
     * @throws DateTimeException if a text cannot say it: a year of ten digits
     */
    public JsonNode write(Instant time) {
        return switch (form) {
            case ISO ->
                // The shorter way, which also knows how to write the ends of time.
                text(zone.equals(ZoneOffset.UTC) ? time.toString() : formatter.format(time.atZone(zone)));
            case DATE, PATTERN -> text(formatter.format(time.atZone(zone)));
            case EPOCH_SECONDS -> Exact.whole(BigInteger.valueOf(time.getEpochSecond()));
            case EPOCH_MILLIS ->
                Exact.whole(BigInteger.valueOf(time.getEpochSecond())
                        .multiply(MILLIS)
                        .add(BigInteger.valueOf(time.getNano() / 1_000_000)));
        };
    }

    private Instant parse(String text) {
        TemporalAccessor parsed = formatter.parseBest(text, ZonedDateTime::from, LocalDateTime::from, LocalDate::from);
        if (parsed instanceof ZonedDateTime exact) {
            return exact.toInstant();
        }
        return parsed instanceof LocalDateTime local
                ? local.atZone(zone).toInstant()
                : LocalDate.from(parsed).atStartOfDay(zone).toInstant();
    }

    private static Optional<String> text(JsonNode scalar) {
        return scalar.isString() ? Optional.of(scalar.stringValue().strip()) : Optional.empty();
    }

    private static JsonNode text(String text) {
        return JsonNodeFactory.instance.stringNode(text);
    }

    private static Optional<BigDecimal> number(JsonNode scalar) {
        return scalar.isBoolean() ? Optional.empty() : Optional.of(Exact.number(scalar));
    }

    /** The name of the format, and its zone. */
    @Override
    public String toString() {
        return zone.equals(ZoneOffset.UTC) ? name : name + " in " + zone;
    }
}
