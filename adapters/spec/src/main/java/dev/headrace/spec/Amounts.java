package dev.headrace.spec;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Period;
import java.time.format.DateTimeParseException;
import java.time.temporal.TemporalAmount;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times and rates as they are written in a spec: {@code 500ms}, {@code 2s}, {@code 1d}, {@code PT1M}, {@code 10/s}. */
final class Amounts {

    private static final Pattern AMOUNT = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(ms|s|m|h|d|w)");
    private static final Pattern RATE = Pattern.compile("(\\d+)\\s*/\\s*(?:(ms|s|m|h|d|w)|(\\d.*|P.*))");
    private static final Map<String, Duration> UNITS = Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1),
            "w", Duration.ofDays(7));

    /**
     * So many in a time.
     *
     * @param permits how many
     * @param period in what time
     */
    record Rate(long permits, Duration period) {}

    private Amounts() {}

    static Duration duration(String text) {
        Matcher amount = AMOUNT.matcher(text);
        if (amount.matches()) {
            BigDecimal nanos = new BigDecimal(amount.group(1))
                    .multiply(BigDecimal.valueOf(unit(amount.group(2)).toNanos()));
            return Duration.ofNanos(nanos.longValueExact());
        }
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no duration such as 500ms, 2s, 1m, 1h, 1d or PT1M30S", e);
        }
    }

    /** A step on the calendar, which days, weeks, months and years are, or on the clock. */
    static TemporalAmount step(String text) {
        try {
            if (text.matches("\\d+\\s*[dw]")) {
                int count = Integer.parseInt(text.replaceAll("\\D", ""));
                return text.endsWith("d") ? Period.ofDays(count) : Period.ofWeeks(count);
            }
            return text.matches("P[^T]*") ? Period.parse(text) : duration(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("'" + text + "' is no step such as 1h, 1d, P1D, P1M or PT6H", e);
        }
    }

    static Rate rate(String text) {
        Matcher rate = RATE.matcher(text);
        if (!rate.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no rate such as 10/s, 100/10s or 5000/1h");
        }
        Duration period = rate.group(2) == null ? duration(rate.group(3)) : unit(rate.group(2));
        return new Rate(Long.parseLong(rate.group(1)), period);
    }

    private static Duration unit(String name) {
        Duration unit = UNITS.get(name);
        if (unit == null) {
            throw new IllegalArgumentException("there is no unit of time '" + name + "'");
        }
        return unit;
    }
}
