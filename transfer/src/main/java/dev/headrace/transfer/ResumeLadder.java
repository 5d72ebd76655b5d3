package dev.headrace.transfer;

import dev.headrace.error.HeadraceException;
import dev.headrace.http.Headers;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Which request comes next, and what its answer means. Pure: it looks at headers and decides, and touches no byte.
 *
 * <p>The status alone never decides. A 206 is gone on with only if it says which bytes it holds, of how many, of which version, and all
 * of that agrees with what was noted when the first bytes came; servers that ignore {@code If-Range} are why. A 200 is the whole
 * content, whatever was asked for. A 416 may mean that nothing is missing, that the remote has become shorter, or nothing at all.
 *
 * <p>The rungs, from the one that loses least to the one that loses all:
 *
 * <ol>
 *   <li>{@code Range} with {@code If-Range}: a changed content comes whole, in the same answer.
 *   <li>The answer was the whole content, of the same version: once more with {@code If-Match}, for some servers know that condition only.
 *   <li>Still the whole: it is read, and what is held already is compared and skipped.
 *   <li>Another version, or one that cannot be told: what is held is thrown away.
 * </ol>
 *
 * @param expectedSize length of the whole if the user gave one, else -1
 * @param policy what to do where there is no strong validator
 */
record ResumeLadder(long expectedSize, ResumePolicy policy) {

    /** How a request makes sure that its answer fits what is held. */
    enum Rung {
        /** No range: whatever there is. */
        WHOLE,
        /** A range with no condition, for nothing is held yet, or for a condition cannot be had. */
        RANGE,
        /** A range if nothing has changed, else the whole. */
        IF_RANGE,
        /** A range if nothing has changed, else a refusal. */
        IF_MATCH
    }

    /**
     * What to ask for.
     *
     * @param rung how
     * @param from first byte
     * @param to the byte after the last, or -1 for all there are
     */
    record Ask(Rung rung, long from, long to) {}

    /**
     * What is held of the content.
     *
     * @param validator its version
     * @param total its length, or -1
     * @param start where the part begins that is being filled; 0 for the whole
     * @param position the first byte of it that is missing
     * @param proof how many bytes before that one can be compared with what comes
     */
    record Held(Validator validator, long total, long start, long position, long proof) {}

    /** What to do with an answer. */
    sealed interface Verdict
            permits Append, Begin, Finished, NextRung, AskPlainly, StartOver, Unsupported, Refuse, BadStatus {}

    /**
     * The body is of the version that is held, and begins where the bytes held end, or earlier.
     *
     * @param start place of its first byte in the whole
     * @param length number of bytes it has, or -1 if only its end will tell
     * @param total length of the whole, or -1
     * @param whole whether the remote sent all although a part was asked for
     * @param framed whether its end can be told from a broken connection
     */
    record Append(long start, long length, long total, boolean whole, boolean framed) implements Verdict {}

    /**
     * The body is of a version that nothing is held of.
     *
     * @param validator its version
     * @param start place of its first byte in the whole
     * @param length number of bytes it has, or -1
     * @param total length of the whole, or -1
     * @param framed whether its end can be told from a broken connection
     * @param ranged whether the remote has shown that it serves ranges
     * @param coding what the bytes were coded by on the wire
     */
    record Begin(
            Validator validator, long start, long length, long total, boolean framed, boolean ranged, String coding)
            implements Verdict {

        /** The same of a body that was coded by gzip: the trailer tells its end (RFC 1952 §2.3.1). */
        Begin decompressed() {
            return new Begin(validator, start, length, total, true, ranged, "gzip");
        }
    }

    /** Nothing is missing: what is held is all there is. */
    record Finished(long total) implements Verdict {}

    /** The same again on the next rung. */
    record NextRung(Rung rung) implements Verdict {}

    /**
     * The range was not served as asked. What is held may still be right: ask for the whole, without a range.
     *
     * @param reason what is signalled if that does not help
     */
    record AskPlainly(HeadraceException reason) implements Verdict {}

    /**
     * What is held is of another version, or cannot be shown not to be.
     *
     * @param reason what is signalled if starting over does not help
     */
    record StartOver(HeadraceException reason) implements Verdict {}

    /** One of several ranges came whole: the remote does not serve them side by side. */
    record Unsupported(HeadraceException reason) implements Verdict {}

    /** An answer that cannot be used. */
    record Refuse(HeadraceException reason) implements Verdict {}

    /** A status that is a failure by itself. */
    record BadStatus() implements Verdict {}

    /** The best rung for what is held; {@link Rung#WHOLE} if it cannot be gone on with. */
    Rung rungFor(Held held) {
        if (held.validator().ifRange().isPresent()) {
            return Rung.IF_RANGE;
        }
        boolean provable = policy == ResumePolicy.LENGTH_AND_OVERLAP && held.proof() > 0 && held.total() >= 0;
        return provable ? Rung.RANGE : Rung.WHOLE;
    }

    /**
     * The request for what is missing. Each begins with what the user gave, never with where an earlier one was redirected to.
     *
     * @param request what the user gave
     * @param held null for nothing
     */
    static Request request(Request request, Ask ask, @Nullable Held held) {
        // Ranges count coded bytes (RFC 9110 §14), and a coding may differ from one answer to the next.
        Request plain = request.header("Accept-Encoding", "identity");
        if (ask.rung() == Rung.WHOLE) {
            return plain;
        }
        Request range =
                plain.header("Range", "bytes=" + ask.from() + "-" + (ask.to() < 0 ? "" : String.valueOf(ask.to() - 1)));
        if (held == null) {
            return range;
        }
        return switch (ask.rung()) {
            // If-Range, not If-Match: a changed file should start over, not fail (RFC 9110 §13.1.5).
            case IF_RANGE ->
                held.validator()
                        .ifRange()
                        .map(value -> range.header("If-Range", value))
                        .orElse(range);
            case IF_MATCH ->
                held.validator()
                        .strongEtag()
                        .map(etag -> range.header("If-Match", etag))
                        .orElse(range);
            case RANGE, WHOLE -> range;
        };
    }

    /**
     * What an answer means.
     *
     * @param description of the request, for messages
     * @param response status and headers
     * @param held null for nothing
     */
    Verdict judge(String description, Ask ask, Response response, @Nullable Held held) {
        if (response.status() / 100 == 2 && !response.isSuccessful()) {
            // The connector's rules know better than the status what the body is.
            return new BadStatus();
        }
        return new Answer(description, ask, response.headers(), response.protocol(), held).judge(response.status());
    }

    private final class Answer {

        private final String description;
        private final Ask ask;
        private final Headers headers;
        private final String protocol;
        private final @Nullable Held held;
        private final Optional<ContentRange> said;

        Answer(String description, Ask ask, Headers headers, String protocol, @Nullable Held held) {
            this.description = description;
            this.ask = ask;
            this.headers = headers;
            this.protocol = protocol;
            this.held = held;
            this.said = ContentRange.of(headers);
        }

        Verdict judge(int status) {
            return switch (status) {
                // Some servers say 200 and send a part; what Content-Range says counts more.
                case 200 -> said.filter(range -> !range.isWhole()).isPresent() ? partial() : whole();
                case 206 -> partial();
                case 412 ->
                    held == null || ask.rung() == Rung.WHOLE
                            ? new BadStatus()
                            : new StartOver(changed("the remote says that it has another version now"));
                case 416 -> ask.rung() == Rung.WHOLE ? new BadStatus() : unsatisfied();
                default -> new BadStatus();
            };
        }

        private Verdict whole() {
            Optional<String> coding = coding();
            if (coding.isPresent()) {
                return new Refuse(new ContentCodedException(description, coding.get()));
            }
            OptionalLong length = contentLength();
            if (length.isPresent() && expectedSize >= 0 && length.getAsLong() != expectedSize) {
                return new Refuse(new SizeMismatchException(description, expectedSize, length.getAsLong() + " bytes"));
            }
            if (held != null && isSameVersion(held, length)) {
                return sameAgain(held, length);
            }
            return new Begin(
                    Validator.of(headers),
                    0,
                    length.orElse(-1),
                    length.orElse(-1),
                    isFramed(length),
                    false,
                    JournalEntry.IDENTITY);
        }

        /** The whole of what is held in part. */
        private Verdict sameAgain(Held held, OptionalLong length) {
            boolean none = headers.first("Accept-Ranges")
                    .filter(value -> value.strip().equalsIgnoreCase("none"))
                    .isPresent();
            if (ask.rung() == Rung.IF_RANGE && held.validator().strongEtag().isPresent() && !none) {
                return new NextRung(Rung.IF_MATCH);
            }
            if (ask.to() >= 0 || held.start() > 0) {
                return new Unsupported(badRange("the whole content came although a part was asked for"));
            }
            return new Append(0, length.orElse(-1), length.orElse(held.total()), true, isFramed(length));
        }

        private boolean isSameVersion(Held held, OptionalLong length) {
            boolean sameLength = held.total() < 0 || length.isEmpty() || length.getAsLong() == held.total();
            boolean longEnough = length.isEmpty() || length.getAsLong() >= held.position();
            return sameLength && longEnough && held.validator().isConfirmedBy(headers);
        }

        private Verdict partial() {
            if (ask.rung() == Rung.WHOLE) {
                return new Refuse(badRange("a part of the content came although no range was asked for"));
            }
            if (headers.first("Content-Type")
                    .filter(type -> type.toLowerCase(Locale.ROOT).startsWith("multipart/byteranges"))
                    .isPresent()) {
                return new AskPlainly(badRange("several ranges came although one was asked for"));
            }
            Optional<String> coding = coding();
            if (coding.isPresent()) {
                return new AskPlainly(new ContentCodedException(description, coding.get()));
            }
            if (said.filter(ContentRange::isSatisfied).isEmpty()) {
                return new AskPlainly(badRange("a part of the content came without saying which"));
            }
            ContentRange range = said.get();
            OptionalLong length = contentLength();
            if (length.isPresent() && length.getAsLong() != range.length()) {
                return new AskPlainly(
                        badRange("a part of " + range.length() + " bytes came with a length of " + length.getAsLong()));
            }
            long missing = held == null ? ask.from() : held.position();
            if (range.start() > missing) {
                return new AskPlainly(badRange("the part begins at byte " + range.start() + ", behind " + missing));
            }
            return held == null ? firstPart(range) : nextPart(range, held);
        }

        private Verdict firstPart(ContentRange range) {
            if (expectedSize >= 0 && range.total() >= 0 && range.total() != expectedSize) {
                return new Refuse(new SizeMismatchException(description, expectedSize, range.total() + " bytes"));
            }
            long total = range.total() >= 0 ? range.total() : expectedSize;
            return new Begin(
                    Validator.of(headers), range.start(), range.length(), total, true, true, JournalEntry.IDENTITY);
        }

        private Verdict nextPart(ContentRange range, Held held) {
            if (!held.validator().isConfirmedBy(headers) && !isProvable(held, range)) {
                return new StartOver(changed("a part came of another version than was asked for"));
            }
            long total = held.total() >= 0 ? held.total() : expectedSize;
            if (total >= 0 && range.total() >= 0 && range.total() != total) {
                return new StartOver(changed("its length was " + total + " and is " + range.total()));
            }
            if (range.total() >= 0 && range.total() < held.position()) {
                return new StartOver(changed(
                        "its length is " + range.total() + " although " + held.position() + " bytes came before"));
            }
            if (total >= 0 && range.end() >= total) {
                return new AskPlainly(badRange("the part ends at byte " + range.end() + " of " + total));
            }
            return new Append(range.start(), range.length(), range.total() >= 0 ? range.total() : total, false, true);
        }

        /** Whether the bytes themselves may tell, where the headers do not say another version either. */
        private boolean isProvable(Held held, ContentRange range) {
            return policy == ResumePolicy.LENGTH_AND_OVERLAP
                    && held.proof() > 0
                    && range.start() <= held.position() - held.proof()
                    && held.total() >= 0
                    && range.total() == held.total()
                    && !held.validator().isContradictedBy(headers);
        }

        private Verdict unsatisfied() {
            if (said.isEmpty() || said.get().isSatisfied()) {
                return new AskPlainly(badRange("the range was refused without saying how long the content is"));
            }
            long total = said.get().total();
            if (held == null) {
                if (ask.from() == 0) {
                    // Of nothing there is no range, but there may be a whole of nothing.
                    return new AskPlainly(badRange("the range was refused although it begins at byte 0"));
                }
                return total == ask.from()
                        ? new Finished(total)
                        : new Refuse(
                                badRange("it has " + total + " bytes, and was to be read from byte " + ask.from()));
            }
            if (total == held.position()
                    && (held.total() < 0 || held.total() == total)
                    && !held.validator().isContradictedBy(headers)) {
                return new Finished(total);
            }
            String what = "its length is " + total + " although " + held.position() + " bytes came before";
            boolean other = total < held.position() || held.validator().isContradictedBy(headers);
            return other ? new StartOver(changed(what)) : new AskPlainly(badRange(what));
        }

        /** The content coding, if there is one that is not identity. */
        private Optional<String> coding() {
            return headers.first("Content-Encoding")
                    .map(value -> value.strip().toLowerCase(Locale.ROOT))
                    .filter(value -> !value.isEmpty() && !value.equals(JournalEntry.IDENTITY));
        }

        private boolean isFramed(OptionalLong length) {
            boolean chunked = headers.all("Transfer-Encoding").stream()
                    .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("chunked"));
            // Each stream of HTTP/2 is ended by a flag (RFC 9113 §8.1), never by a connection that closes.
            return length.isPresent() || chunked || protocol.equals("HTTP/2");
        }

        private OptionalLong contentLength() {
            // The transport refuses what is no number; with a transfer coding the length would mean nothing (RFC 9112
            // §6.3).
            return headers.contains("Transfer-Encoding")
                    ? OptionalLong.empty()
                    : headers.first("Content-Length")
                            .filter(value -> value.matches("\\d{1,18}"))
                            .map(value -> OptionalLong.of(Long.parseLong(value)))
                            .orElse(OptionalLong.empty());
        }

        private ContentRangeException badRange(String what) {
            return new ContentRangeException(description, what);
        }

        private ContentChangedException changed(String what) {
            return new ContentChangedException(description, what);
        }
    }
}
