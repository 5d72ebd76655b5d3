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
 * Which request comes next, and what its answer means. Pure: it looks at headers and decides, and touches no file.
 *
 * <p>The status alone never decides. A 206 is gone on with only if it says which bytes it holds, of how many, of which version, and
 * all of that agrees with what was written down with the bytes on disk; servers that ignore {@code If-Range} are why. A 200 is the
 * whole content, whatever was asked for, and starts over with this very body. A 416 may mean that nothing is missing, that the
 * remote has become shorter, or nothing at all.
 *
 * @param request what the user asks for
 * @param expectedSize length of the whole if the user gave one, else -1
 */
record ResumeLadder(Request request, long expectedSize) {

    /** What to do with an answer. */
    sealed interface Verdict permits Append, Begin, Finished, StartOver, Refuse, BadStatus {}

    /**
     * The body goes on where the bytes on disk end, or earlier.
     *
     * @param start place of its first byte in the whole; at most the number of bytes on disk
     * @param length number of bytes it has
     * @param total length of the whole, or -1
     */
    record Append(long start, long length, long total) implements Verdict {}

    /**
     * The body is the whole content.
     *
     * @param validator its version
     * @param total its length, or -1
     * @param framed whether its end can be told from a broken connection
     */
    record Begin(Validator validator, long total, boolean framed) implements Verdict {}

    /** Nothing is missing: the bytes on disk are all there are. */
    record Finished(long total) implements Verdict {}

    /**
     * The bytes on disk cannot be gone on with: ask for the whole, without a range.
     *
     * @param reason what is signalled if that does not help
     */
    record StartOver(HeadraceException reason) implements Verdict {}

    /** An answer that cannot be used. */
    record Refuse(HeadraceException reason) implements Verdict {}

    /** A status that is a failure by itself. */
    record BadStatus() implements Verdict {}

    /**
     * The request for what is missing. Each begins with what the user gave, never with where an earlier one was redirected to.
     *
     * @param known what is on disk; null for nothing
     * @param position how many bytes are
     * @return with {@code Range} and {@code If-Range} if there is something to go on with and a strong validator to ask with
     */
    Request next(@Nullable JournalEntry known, long position) {
        // Ranges count coded bytes (RFC 9110 §14), and a coding may differ from one answer to the next.
        Request plain = request.header("Accept-Encoding", "identity");
        Optional<String> ifRange = known == null || position == 0
                ? Optional.empty()
                : known.validator().ifRange();
        // If-Range, not If-Match: a changed file should start over, not fail (RFC 9110 §13.1.5).
        return ifRange.map(validator ->
                        plain.header("Range", "bytes=" + position + "-").header("If-Range", validator))
                .orElse(plain);
    }

    /**
     * What an answer means.
     *
     * @param asked as {@link #next} made it
     * @param response its status and headers
     * @param known what is on disk; null for nothing
     * @param position how many bytes are
     */
    Verdict judge(Request asked, Response response, @Nullable JournalEntry known, long position) {
        Headers headers = response.headers();
        if (known == null || !asked.headers().contains("Range")) {
            return switch (response.status()) {
                case 200 -> whole(response);
                case 206 -> new Refuse(badRange("a part of the content came although no range was asked for"));
                default -> new BadStatus();
            };
        }
        return switch (response.status()) {
            case 200 -> whole(response);
            case 206 -> partial(headers, known, position);
            case 412 -> new StartOver(changed("the remote says that it has another version now"));
            case 416 -> unsatisfied(headers, known, position);
            default -> new BadStatus();
        };
    }

    private Verdict whole(Response response) {
        Headers headers = response.headers();
        Optional<String> coding = coding(headers);
        if (coding.isPresent()) {
            return new Refuse(new ContentCodedException(request.describe(), coding.get()));
        }
        OptionalLong length = contentLength(headers);
        if (length.isPresent() && expectedSize >= 0 && length.getAsLong() != expectedSize) {
            return new Refuse(
                    new SizeMismatchException(request.describe(), expectedSize, length.getAsLong() + " bytes"));
        }
        boolean chunked = headers.all("Transfer-Encoding").stream()
                .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("chunked"));
        // Each stream of HTTP/2 is ended by a flag (RFC 9113 §8.1), never by a connection that closes.
        boolean framed = length.isPresent() || chunked || response.protocol().equals("HTTP/2");
        return new Begin(Validator.of(headers), length.orElse(-1), framed);
    }

    private Verdict partial(Headers headers, JournalEntry known, long position) {
        if (headers.first("Content-Type")
                .filter(type -> type.toLowerCase(Locale.ROOT).startsWith("multipart/byteranges"))
                .isPresent()) {
            return new StartOver(badRange("several ranges came although one was asked for"));
        }
        Optional<String> coding = coding(headers);
        if (coding.isPresent()) {
            return new StartOver(new ContentCodedException(request.describe(), coding.get()));
        }
        Optional<ContentRange> said = ContentRange.of(headers).filter(ContentRange::isSatisfied);
        if (said.isEmpty()) {
            return new StartOver(badRange("a part of the content came without saying which"));
        }
        ContentRange range = said.get();
        if (!known.validator().isConfirmedBy(headers)) {
            return new StartOver(changed("a part came of another version than was asked for"));
        }
        long total = known.total() >= 0 ? known.total() : expectedSize;
        if (total >= 0 && range.total() >= 0 && range.total() != total) {
            return new StartOver(changed("its length was " + total + " and is " + range.total()));
        }
        if (range.start() > position) {
            return new StartOver(badRange("the part begins at byte " + range.start() + ", behind " + position));
        }
        if (total >= 0 && range.end() >= total) {
            return new StartOver(badRange("the part ends at byte " + range.end() + " of " + total));
        }
        OptionalLong length = contentLength(headers);
        if (length.isPresent() && length.getAsLong() != range.length()) {
            return new StartOver(
                    badRange("a part of " + range.length() + " bytes came with a length of " + length.getAsLong()));
        }
        return new Append(range.start(), range.length(), range.total() >= 0 ? range.total() : total);
    }

    private Verdict unsatisfied(Headers headers, JournalEntry known, long position) {
        Optional<ContentRange> said = ContentRange.of(headers).filter(range -> !range.isSatisfied());
        if (said.isEmpty()) {
            return new StartOver(badRange("the range was refused without saying how long the content is"));
        }
        long total = said.get().total();
        if (total == position && (known.total() < 0 || known.total() == total)) {
            return new Finished(total);
        }
        return new StartOver(changed("its length is " + total + " although " + position + " bytes came before"));
    }

    /** The content coding, if there is one that is not identity. */
    private static Optional<String> coding(Headers headers) {
        return headers.first("Content-Encoding")
                .map(value -> value.strip().toLowerCase(Locale.ROOT))
                .filter(value -> !value.isEmpty() && !value.equals(JournalEntry.IDENTITY));
    }

    private static OptionalLong contentLength(Headers headers) {
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
        return new ContentRangeException(request.describe(), what);
    }

    private ContentChangedException changed(String what) {
        return new ContentChangedException(request.describe(), what);
    }
}
