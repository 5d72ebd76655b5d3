package dev.headrace.http;

import io.netty.handler.codec.DateFormatter;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * How long a server asks to be left alone: {@code Retry-After} (RFC 9110 §10.2.3) as seconds, as decimals (some send {@code 2.0}), or as a
 * date; and the same in headers of other names.
 */
public final class RetryAfter {

    private static final Duration LONGEST = Duration.ofDays(365);
    // Seconds since 1970 reach this number in the year 5138; milliseconds passed it in 1973.
    private static final double FIRST_MILLIS = 1e11;

    private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+)?");

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

    /**
     * Reads a number of seconds from a header of another name.
     *
     * @param header its name; a number with or without decimals, anything else is as if absent
     * @return from a response's headers to the wait they ask for
     */
    public static Function<Headers, Optional<Duration>> secondsIn(String header) {
        return headers -> headers.first(header).map(String::trim).flatMap(RetryAfter::seconds);
    }

    /**
     * Finds a number of seconds in the text of a header.
     *
     * @param header its name
     * @param regex where the number is: its first group, or all of it if it has none
     * @return from a response's headers to the wait they ask for; empty if nothing is found
     * @throws java.util.regex.PatternSyntaxException if the expression is malformed
     */
    public static Function<Headers, Optional<Duration>> secondsIn(String header, String regex) {
        Pattern pattern = Pattern.compile(regex);
        return headers -> headers.first(header)
                .flatMap(text -> pattern.matcher(text).results().findFirst())
                .flatMap(RetryAfter::found)
                .flatMap(RetryAfter::seconds);
    }

    /**
     * Reads the moment until which to wait from a header of another name: seconds or milliseconds since 1970, or an HTTP date. It is
     * measured against the response's own {@code Date}, as in {@link #from}.
     *
     * @param header its name
     * @return from a response's headers to the wait they ask for; zero if the moment has passed
     */
    public static Function<Headers, Optional<Duration>> untilIn(String header) {
        return headers -> headers.first(header)
                .map(String::trim)
                .flatMap(value -> epoch(value).or(() -> date(value)))
                .map(until -> notNegative(Duration.between(sentAt(headers), until)));
    }

    private static Optional<String> found(MatchResult match) {
        return Optional.ofNullable(match.groupCount() == 0 ? match.group() : match.group(1));
    }

    private static Optional<Instant> epoch(String value) {
        if (!isNumber(value)) {
            return Optional.empty();
        }
        double number = Double.parseDouble(value);
        return Optional.of(Instant.ofEpochMilli((long) (number < FIRST_MILLIS ? number * 1000 : number)));
    }

    private static boolean isNumber(String value) {
        return value.length() <= 18 && NUMBER.matcher(value).matches();
    }

    private static Optional<Duration> seconds(String value) {
        if (!isNumber(value)) {
            return Optional.empty();
        }
        double seconds = Math.min(Double.parseDouble(value), (double) LONGEST.toSeconds());
        return Optional.of(Duration.ofNanos((long) (seconds * 1e9)));
    }

    private static Instant sentAt(Headers headers) {
        return headers.first("Date").flatMap(RetryAfter::date).orElseGet(Instant::now);
    }

    private static Optional<Instant> date(String value) {
        // All three forms of RFC 9110 §5.6.7, two of them obsolete and still to be understood.
        return Optional.ofNullable(DateFormatter.parseHttpDate(value)).map(Date::toInstant);
    }

    private static Duration notNegative(Duration wait) {
        return wait.isNegative() ? Duration.ZERO : wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
