package dev.headrace.http;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * How long a server asks to be left alone: {@code Retry-After} (RFC 9110 §10.2.3) as seconds, as decimals (some send {@code 2.0}), or as a
 * date.
 */
public final class RetryAfter {

    private static final Duration LONGEST = Duration.ofDays(365);

    private RetryAfter() {}

    /**
     * The wait that a response asks for.
     *
     * <p>A date is measured against the response's own {@code Date}, so that clocks that differ do no harm; without one, against this
     * machine's clock. What is malformed is as if absent; a date in the past is no wait; more than a year is a year.
     *
     * @param headers the response's headers
     * @return the wait, zero or more, or empty if none is asked for
     */
    public static Optional<Duration> from(Headers headers) {
        return headers.first("Retry-After")
                .map(String::trim)
                .flatMap(value -> seconds(value)
                        .or(() -> date(value).map(until -> notNegative(Duration.between(sentAt(headers), until)))));
    }

    private static Optional<Duration> seconds(String value) {
        if (value.isEmpty() || value.length() > 18 || !value.matches("\\d+(\\.\\d+)?")) {
            return Optional.empty();
        }
        double seconds = Math.min(Double.parseDouble(value), (double) LONGEST.toSeconds());
        return Optional.of(Duration.ofNanos((long) (seconds * 1e9)));
    }

    private static Instant sentAt(Headers headers) {
        return headers.first("Date").flatMap(RetryAfter::date).orElseGet(Instant::now);
    }

    private static Optional<Instant> date(String value) {
        try {
            return Optional.of(ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Duration notNegative(Duration wait) {
        return wait.isNegative() ? Duration.ZERO : wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
