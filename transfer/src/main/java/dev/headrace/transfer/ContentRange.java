package dev.headrace.transfer;

import dev.headrace.http.Headers;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code Content-Range} says (RFC 9110 §14.4): which bytes of the whole a 206 holds, or how long the whole is that a 416
 * refused.
 *
 * @param start first byte; {@link #UNKNOWN} in a 416
 * @param end last byte, inclusive; {@link #UNKNOWN} in a 416
 * @param total length of the whole; {@link #UNKNOWN} for {@code *}
 */
record ContentRange(long start, long end, long total) {

    static final long UNKNOWN = -1;

    // No more than 18 digits, so that nothing overflows; nobody has an exabyte.
    private static final Pattern SATISFIED = Pattern.compile("(?i:bytes) +(\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");
    private static final Pattern UNSATISFIED = Pattern.compile("(?i:bytes) +\\*/(\\d{1,18})");

    /** The range of a response, if there is exactly one and it makes sense. */
    static Optional<ContentRange> of(Headers headers) {
        List<String> values = headers.all("Content-Range");
        return values.size() == 1 ? parse(values.get(0)) : Optional.empty();
    }

    static Optional<ContentRange> parse(String value) {
        Matcher satisfied = SATISFIED.matcher(value.strip());
        if (satisfied.matches()) {
            long start = Long.parseLong(satisfied.group(1));
            long end = Long.parseLong(satisfied.group(2));
            long total = satisfied.group(3).equals("*") ? UNKNOWN : Long.parseLong(satisfied.group(3));
            return start <= end && (total == UNKNOWN || end < total)
                    ? Optional.of(new ContentRange(start, end, total))
                    : Optional.empty();
        }
        Matcher unsatisfied = UNSATISFIED.matcher(value.strip());
        return unsatisfied.matches()
                ? Optional.of(new ContentRange(UNKNOWN, UNKNOWN, Long.parseLong(unsatisfied.group(1))))
                : Optional.empty();
    }

    boolean isSatisfied() {
        return start != UNKNOWN;
    }

    /** Whether it is about all bytes there are. */
    boolean isWhole() {
        return start == 0 && end == total - 1;
    }

    /** Number of bytes from start to end. */
    long length() {
        return end - start + 1;
    }
}
