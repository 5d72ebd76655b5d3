package dev.headrace.stream;

import java.time.Instant;
import java.time.LocalDate;
import java.time.Month;
import java.time.ZoneId;
import java.time.chrono.IsoChronology;
import org.jspecify.annotations.Nullable;

/**
 * Dates and times as nearly all remotes write them, {@code 2024-01-31} and {@code 2024-01-31T12:30:00.5Z}, read in one walk over the text.
 * A formatter takes 3 KB for one such time, and a stream with a cursor reads one for each record.
 *
 * <p>What is written in any other way, or is wrong, is left to a formatter: this one knows no errors.
 */
final class IsoTime {

    private static final int DATE_END = 10;
    private static final int TIME_END = 19;
    private static final int OFFSET_LENGTH = 6;
    private static final int NANO_DIGITS = 9;
    private static final int NO_OFFSET = Integer.MIN_VALUE;

    private IsoTime() {}

    /** Null if the text is to be read by a formatter. */
    static @Nullable Instant read(String text, ZoneId zone) {
        LocalDate date = date(text);
        if (date == null) {
            return null;
        }
        if (text.length() == DATE_END) {
            return date.atStartOfDay(zone).toInstant();
        }
        int second = secondOfDay(text);
        if (second < 0) {
            return null;
        }
        int end = endOfFraction(text);
        int nanos = nanos(text, TIME_END + 1, end);
        int offset = offset(text, end);
        return nanos < 0 || offset == NO_OFFSET
                ? null
                : Instant.ofEpochSecond(date.toEpochDay() * 86_400 + second - offset, nanos);
    }

    private static @Nullable LocalDate date(String text) {
        if (text.length() < DATE_END || text.charAt(4) != '-' || text.charAt(7) != '-') {
            return null;
        }
        int year = number(text, 0, 4);
        int month = number(text, 5, 7);
        int day = number(text, 8, DATE_END);
        boolean exists = year >= 0
                && month >= 1
                && month <= 12
                && day >= 1
                && day <= Month.of(month).length(IsoChronology.INSTANCE.isLeapYear(year));
        return exists ? LocalDate.of(year, month, day) : null;
    }

    /** Negative if it is no time with seconds. */
    private static int secondOfDay(String text) {
        if (text.length() <= TIME_END
                || "Tt ".indexOf(text.charAt(DATE_END)) < 0
                || text.charAt(13) != ':'
                || text.charAt(16) != ':') {
            return -1;
        }
        int hour = number(text, 11, 13);
        int minute = number(text, 14, 16);
        int second = number(text, 17, TIME_END);
        return hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59
                ? -1
                : hour * 3600 + minute * 60 + second;
    }

    private static int endOfFraction(String text) {
        int end = TIME_END;
        if (text.charAt(end) == '.') {
            end++;
            while (end < text.length() && isDigit(text.charAt(end))) {
                end++;
            }
        }
        return end;
    }

    /** Zero if there is no fraction, negative if it has no digits or too many. */
    private static int nanos(String text, int from, int end) {
        if (end < from) {
            return 0;
        }
        int digits = end - from;
        if (digits == 0 || digits > NANO_DIGITS) {
            return -1;
        }
        int nanos = number(text, from, end);
        for (int i = digits; i < NANO_DIGITS; i++) {
            nanos *= 10;
        }
        return nanos;
    }

    /** Seconds east of Greenwich, up to where an offset ends the text. */
    private static int offset(String text, int from) {
        if (from == text.length()) {
            return NO_OFFSET;
        }
        char sign = text.charAt(from);
        if (sign == 'Z' || sign == 'z') {
            return from + 1 == text.length() ? 0 : NO_OFFSET;
        }
        if (sign != '+' && sign != '-' || text.length() - from != OFFSET_LENGTH || text.charAt(from + 3) != ':') {
            return NO_OFFSET;
        }
        int hours = number(text, from + 1, from + 3);
        int minutes = number(text, from + 4, from + OFFSET_LENGTH);
        // 18:00 is the last one; whether it may be is the formatter's to say.
        if (hours < 0 || hours > 17 || minutes < 0 || minutes > 59) {
            return NO_OFFSET;
        }
        int seconds = hours * 3600 + minutes * 60;
        return sign == '-' ? -seconds : seconds;
    }

    /** A number of at most nine digits; negative if they are not digits only. */
    private static int number(String text, int from, int end) {
        int number = 0;
        for (int i = from; i < end; i++) {
            char digit = text.charAt(i);
            if (!isDigit(digit)) {
                return -1;
            }
            number = number * 10 + digit - '0';
        }
        return number;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
