package dev.headrace.transfer;

import dev.headrace.http.Headers;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What tells one version of a remote file from another (RFC 9110 §8.8), to the letter as it came with the first bytes.
 *
 * @param etag the entity tag with its quotes and its {@code W/}
 * @param lastModified the date of the last change
 * @param date when the response that carried it was made
 */
record Validator(
        @Nullable String etag,
        @Nullable String lastModified,
        @Nullable String date) {

    static final Validator NONE = new Validator(null, null, null);

    // RFC 9110 §8.8.2.2 asks for a second if both clocks are one, and for more if that is unknown; RFC 7232 said sixty.
    private static final Duration DATE_MARGIN = Duration.ofSeconds(60);
    private static final int LONGEST_ETAG = 1024;
    private static final int LONGEST_DATE = 64;

    /** What a response says of its version. A tag too long for the journal counts as none. */
    static Validator of(Headers headers) {
        return new Validator(
                bounded(headers, "ETag", LONGEST_ETAG),
                bounded(headers, "Last-Modified", LONGEST_DATE),
                bounded(headers, "Date", LONGEST_DATE));
    }

    private static @Nullable String bounded(Headers headers, String name, int longest) {
        return headers.first(name)
                .map(String::strip)
                .filter(value -> value.getBytes(StandardCharsets.UTF_8).length <= longest)
                .orElse(null);
    }

    /** The tag, if it is a strong one. */
    Optional<String> strongEtag() {
        return hasStrongEtag() ? Optional.ofNullable(etag) : Optional.empty();
    }

    /** Whether a response names another version for sure: another tag, or another date where there are no tags. */
    boolean isContradictedBy(Headers headers) {
        Validator other = of(headers);
        if (etag != null && other.etag != null) {
            return !etag.equals(other.etag);
        }
        return lastModified != null && other.lastModified != null && !lastModified.equals(other.lastModified);
    }

    boolean hasStrongEtag() {
        return etag != null && etag.length() >= 2 && etag.startsWith("\"") && etag.indexOf('"', 1) == etag.length() - 1;
    }

    /**
     * The value for {@code If-Range}: the strong tag, else the date if it is a strong one, else nothing, for a weak tag must not be
     * sent (RFC 9110 §13.1.5). Beside a weak tag the date is used too, where the RFC would have no condition at all: the alternative
     * is to load everything again.
     */
    Optional<String> ifRange() {
        if (hasStrongEtag()) {
            return Optional.ofNullable(etag);
        }
        return hasStrongDate() ? Optional.ofNullable(lastModified) : Optional.empty();
    }

    /** Whether the file was old enough when it was sent that a change within the same second is ruled out. */
    boolean hasStrongDate() {
        Instant changed = instant(lastModified);
        Instant sent = instant(date);
        return changed != null && sent != null && !changed.plus(DATE_MARGIN).isAfter(sent);
    }

    /**
     * Whether a partial answer names the very version that {@link #ifRange()} asked for. Servers that ignore {@code If-Range} and
     * send a range of a new file are why this is checked (RFC 9110 §15.3.7.3).
     */
    boolean isConfirmedBy(Headers partial) {
        Validator other = of(partial);
        if (hasStrongEtag()) {
            return etag != null && etag.equals(other.etag);
        }
        boolean sameTag = etag == null || other.etag == null || etag.equals(other.etag);
        return hasStrongDate() && lastModified != null && lastModified.equals(other.lastModified) && sameTag;
    }

    private static @Nullable Instant instant(@Nullable String httpDate) {
        try {
            return httpDate == null ? null : DateTimeFormatter.RFC_1123_DATE_TIME.parse(httpDate, Instant::from);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
