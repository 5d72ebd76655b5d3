package dev.headrace.stream;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Between ISO 8601 text and seconds since 1970-01-01T00:00:00Z. */
final class Timestamps {

    private static final int NANO_DECIMALS = 9;
    private static final BigDecimal EARLIEST = BigDecimal.valueOf(Instant.MIN.getEpochSecond());
    private static final BigDecimal LATEST = BigDecimal.valueOf(Instant.MAX.getEpochSecond());

    // RFC 3339 §5.6 allows lower case and a space for the T; ISO 8601 also offsets without a colon or without minutes.
    private static final DateTimeFormatter DATE_TIME = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendOptional(timeAfter('T'))
            .appendOptional(timeAfter(' '))
            .toFormatter(Locale.ROOT)
            .withChronology(IsoChronology.INSTANCE)
            // Or February 30 would be the last of that month.
            .withResolverStyle(ResolverStyle.STRICT);

    private Timestamps() {}

    private static DateTimeFormatter timeAfter(char separator) {
        return new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendLiteral(separator)
                .append(DateTimeFormatter.ISO_LOCAL_TIME)
                .appendPattern("[XXX][XX][X]")
                .toFormatter(Locale.ROOT);
    }

    static JsonNode seconds(JsonNode value) {
        if (!value.isString()) {
            throw MappingException.unexpected("an ISO 8601 time", value);
        }
        Instant instant = parse(value.stringValue().strip());
        if (instant.getNano() == 0) {
            return Exact.whole(BigInteger.valueOf(instant.getEpochSecond()));
        }
        BigDecimal fraction = BigDecimal.valueOf(instant.getNano(), NANO_DECIMALS);
        return JsonNodeFactory.instance.numberNode(
                BigDecimal.valueOf(instant.getEpochSecond()).add(fraction).stripTrailingZeros());
    }

    private static Instant parse(String text) {
        try {
            return instant(text, ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw new MappingException("expected an ISO 8601 time but found other text");
        }
    }

    /**
     * Reads a date or a time.
     *
     * @param zone where text without an offset was written
     * @throws DateTimeException if it is neither
     */
    static Instant instant(String text, ZoneId zone) {
        Instant plain = IsoTime.read(text, zone);
        return plain != null ? plain : formatted(text, zone);
    }

    /** Every form there is, for what {@link IsoTime} does not read. */
    static Instant formatted(String text, ZoneId zone) {
        TemporalAccessor parsed = DATE_TIME.parseBest(text, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
        if (parsed instanceof OffsetDateTime exact) {
            return exact.toInstant();
        }
        return parsed instanceof LocalDateTime local
                ? local.atZone(zone).toInstant()
                : LocalDate.from(parsed).atStartOfDay(zone).toInstant();
    }

    static JsonNode text(JsonNode value) {
        if (value.isBoolean()) {
            throw MappingException.unexpected("seconds", value);
        }
        return JsonNodeFactory.instance.stringNode(instant(Exact.number(value)).toString());
    }

    /**
     * Cuts what is below a nanosecond.
     *
     * @throws MappingException if no calendar goes so far
     */
    static Instant instant(BigDecimal seconds) {
        if (seconds.compareTo(EARLIEST) < 0 || seconds.compareTo(LATEST) > 0) {
            throw new MappingException("expected seconds since 1970 but found a number beyond any calendar");
        }
        BigDecimal exact = Exact.cut(seconds, NANO_DECIMALS);
        BigDecimal whole = exact.setScale(0, RoundingMode.FLOOR);
        long nanos = exact.subtract(whole).movePointRight(NANO_DECIMALS).longValueExact();
        return Instant.ofEpochSecond(whole.longValueExact(), nanos);
    }
}
