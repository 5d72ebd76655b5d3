package dev.headrace.test;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reactivestreams.Publisher;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * A file served in ranges (RFC 9110 §14), with bytes computed from a seed: a terabyte takes no memory.
 *
 * <pre>{@code
 * RangeFile file = RangeFile.ofSize(1_000_000).cutAfter(400_000).onRequest(1).once();
 * try (TestServer server = file.start()) {
 *     …
 *     assertThat(sha256(downloaded)).isEqualTo(file.sha256());
 * }
 * }</pre>
 *
 * <p>Understands {@code GET} and {@code HEAD}, a single {@code Range} ({@code a-b}, {@code a-}, {@code -n}; several at
 * once are ignored), {@code If-Range} with a strong {@code ETag} or a date, {@code If-Match} and
 * {@code If-None-Match}; answers 206, 416 with {@code Content-Range: bytes *}{@code /N}, 412 and 304. The body is
 * written in blocks of 64 KiB, each when the socket has taken the one before.
 *
 * <p>Settings and faults return a changed copy; faults of each copy count from the beginning, and servers that share a
 * copy share its counts. Only {@link #replaceWith} changes the file itself.
 */
public final class RangeFile implements Route {

    private static final Pattern RANGE = Pattern.compile("bytes=(\\d*)-(\\d*)", Pattern.CASE_INSENSITIVE);
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final int DIGEST_BLOCK = 1 << 20;

    /** One state of the file. */
    private record Version(long size, long seed, String etag, Instant lastModified) {

        Content content() {
            return Content.pseudoRandom(size, seed);
        }
    }

    private volatile Version version;
    private final Faults<RangeAnswer> faults;
    private final AtomicInteger requests = new AtomicInteger();

    private RangeFile(Version version, Faults<RangeAnswer> faults) {
        this.version = version;
        this.faults = faults;
    }

    /**
     * A file with seed 1, a strong {@code ETag}, and {@code Last-Modified} 2024-01-01T00:00:00Z.
     *
     * @param bytes its size; at least 0
     * @return well-behaved
     */
    public static RangeFile ofSize(long bytes) {
        return new RangeFile(version(bytes, 1, Instant.parse("2024-01-01T00:00:00Z")), Faults.none());
    }

    /**
     * The same size with other bytes and another {@code ETag}.
     *
     * @param seed any number
     * @return a changed copy
     */
    public RangeFile seed(long seed) {
        Version now = version;
        return new RangeFile(version(now.size(), seed, now.lastModified()), faults.restarted());
    }

    /**
     * Another {@code ETag}. Default: made of size and seed.
     *
     * @param etag with its quotes, for example {@code "v1"} or {@code W/"v1"}
     * @return a changed copy
     */
    public RangeFile etag(String etag) {
        Version now = version;
        return new RangeFile(new Version(now.size(), now.seed(), etag, now.lastModified()), faults.restarted());
    }

    /**
     * Another {@code Last-Modified}.
     *
     * @param at cut to the second
     * @return a changed copy
     */
    public RangeFile lastModified(Instant at) {
        Version now = version;
        return new RangeFile(
                new Version(now.size(), now.seed(), now.etag(), at.truncatedTo(ChronoUnit.SECONDS)),
                faults.restarted());
    }

    /**
     * Changes the file while it is served: size, bytes, {@code ETag}, and {@code Last-Modified}, an hour later.
     *
     * <p>Responses under way go on with the old bytes.
     *
     * @param bytes its new size
     * @param seed of its new bytes
     */
    public void replaceWith(long bytes, long seed) {
        version = version(bytes, seed, version.lastModified().plus(1, ChronoUnit.HOURS));
    }

    /**
     * Changes the bytes and keeps size, {@code ETag} and {@code Last-Modified}: a change nobody is told of.
     *
     * @param seed of its new bytes
     */
    public void replaceSilentlyWith(long seed) {
        Version now = version;
        version = new Version(now.size(), seed, now.etag(), now.lastModified());
    }

    /**
     * How long the file is now.
     *
     * @return bytes
     */
    public long size() {
        return version.size();
    }

    /**
     * The file's {@code ETag} now.
     *
     * @return with its quotes
     */
    public String etag() {
        return version.etag();
    }

    /**
     * A part of the file as it is now.
     *
     * @param from first byte
     * @param to the byte after the last; at most 2 GiB later
     * @return a new array
     */
    public byte[] bytes(long from, long to) {
        Version now = version;
        if (from < 0 || to < from || to > now.size()) {
            throw new IllegalArgumentException("not inside " + now.size() + " bytes: " + from + " to " + to);
        }
        return now.content().bytes(from, Math.toIntExact(to - from));
    }

    /**
     * The digest of the file as it is now; takes about a second for each gigabyte.
     *
     * @return SHA-256 in lower-case hexadecimal
     */
    public String sha256() {
        Content content = version.content();
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (long from = 0; from < content.length(); from += DIGEST_BLOCK) {
                digest.update(content.bytes(from, (int) Math.min(DIGEST_BLOCK, content.length() - from)));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Cuts the first responses one after the other: the k-th after the k-th number of bytes of its own body.
     *
     * @param bytes a number for each response
     * @return a changed copy
     */
    public RangeFile cutting(long... bytes) {
        RangeFile file = this;
        for (int i = 0; i < bytes.length; i++) {
            file = file.cutAfter(bytes[i]).onRequest(i + 1).once();
        }
        return file;
    }

    /**
     * Closes the connection after some bytes of a body, with a FIN.
     *
     * @param bytes of this response
     * @return when to do so
     */
    public Fault<RangeFile> cutAfter(long bytes) {
        return fault(answer -> answer.cutAfter = bytes);
    }

    /**
     * Resets the connection after some bytes of a body; the client may lose some it had not read.
     *
     * @param bytes of this response
     * @return when to do so
     */
    public Fault<RangeFile> resetAfter(long bytes) {
        return fault(answer -> {
            answer.cutAfter = bytes;
            answer.reset = true;
        });
    }

    /**
     * Sends nothing more after some bytes of a body, and keeps the connection open.
     *
     * @param bytes of this response
     * @return when to do so
     */
    public Fault<RangeFile> stallAfter(long bytes) {
        return fault(answer -> answer.stallAfter = bytes);
    }

    /**
     * Sends the body slowly, in about 20 steps a second.
     *
     * @param bytesPerSecond at least 1
     * @return when to do so
     */
    public Fault<RangeFile> throttledTo(long bytesPerSecond) {
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("throttledTo must be at least 1 byte a second: " + bytesPerSecond);
        }
        return fault(answer -> answer.bytesPerSecond = bytesPerSecond);
    }

    /**
     * Waits before answering.
     *
     * @param delay how long, to the millisecond
     * @return when to do so
     */
    public Fault<RangeFile> delaying(Duration delay) {
        return fault(answer -> answer.delay = delay);
    }

    /**
     * Closes the connection without an answer, with a FIN.
     *
     * @return when to do so
     */
    public Fault<RangeFile> dropping() {
        return fault(answer -> {
            answer.failed = true;
            answer.dropped = true;
        });
    }

    /**
     * Answers a status and a short text instead of the file; 416 comes without {@code Content-Range}.
     *
     * @param status for example 403 or 503
     * @return when to do so
     */
    public Fault<RangeFile> failing(int status) {
        return fault(answer -> answer.fail(status, "status " + status));
    }

    /**
     * Answers 416, claiming a size.
     *
     * @param total said in {@code Content-Range: bytes *}{@code /total}
     * @return when to do so
     */
    public Fault<RangeFile> unsatisfiable(long total) {
        return fault(answer -> {
            answer.fail(416, "");
            answer.headers.set("Content-Range", "bytes */" + total);
        });
    }

    /**
     * Answers 200 with the whole file although a range was asked for.
     *
     * @return when to do so
     */
    public Fault<RangeFile> ignoringRange() {
        return fault(answer -> answer.ignoresRange = true);
    }

    /**
     * Answers 206 although {@code If-Range} names another version.
     *
     * @return when to do so
     */
    public Fault<RangeFile> ignoringIfRange() {
        return fault(answer -> answer.ignoresIfRange = true);
    }

    /**
     * Answers although {@code If-Match} names another version.
     *
     * @return when to do so
     */
    public Fault<RangeFile> ignoringIfMatch() {
        return fault(answer -> answer.ignoresIfMatch = true);
    }

    /**
     * Answers 206 with the whole file although no range was asked for.
     *
     * @return when to do so
     */
    public Fault<RangeFile> rangingUnasked() {
        return fault(answer -> answer.rangesUnasked = true);
    }

    /**
     * Begins ranges elsewhere, and says so.
     *
     * @param bytes after the byte asked for; negative for before it. Never outside the file
     * @return when to do so
     */
    public Fault<RangeFile> shiftingStart(long bytes) {
        return fault(answer -> answer.shift = bytes);
    }

    /**
     * Sends shorter ranges than asked for, and says so.
     *
     * @param bytes the longest range sent; at least 1
     * @return when to do so
     */
    public Fault<RangeFile> shorteningRanges(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("shorteningRanges must leave at least 1 byte: " + bytes);
        }
        return fault(answer -> answer.longestRange = bytes);
    }

    /**
     * Answers 206 without {@code Content-Range}.
     *
     * @return when to do so
     */
    public Fault<RangeFile> omittingContentRange() {
        return fault(answer -> answer.omitsContentRange = true);
    }

    /**
     * Claims another size of the whole file in {@code Content-Range}.
     *
     * @param total bytes
     * @return when to do so
     */
    public Fault<RangeFile> claimingTotal(long total) {
        return fault(answer -> answer.total = Long.toString(total));
    }

    /**
     * Gives the size of the whole file as {@code *} in {@code Content-Range}.
     *
     * @return when to do so
     */
    public Fault<RangeFile> hidingTotal() {
        return fault(answer -> answer.total = RangeAnswer.UNKNOWN);
    }

    /**
     * Claims another {@code Content-Length} than the body has, then closes the connection.
     *
     * @param bytes more or fewer than are sent
     * @return when to do so
     */
    public Fault<RangeFile> claimingLength(long bytes) {
        return fault(answer -> answer.claimedLength = bytes);
    }

    /**
     * Claims another {@code ETag}, with the same bytes.
     *
     * @param etag with its quotes
     * @return when to do so
     */
    public Fault<RangeFile> claimingEtag(String etag) {
        return fault(answer -> answer.etag = etag);
    }

    /**
     * Claims a {@code Content-Encoding}; the bytes stay as they are.
     *
     * @param coding for example {@code gzip}
     * @return when to do so
     */
    public Fault<RangeFile> claimingEncoding(String coding) {
        return fault(answer -> answer.overriding.set("Content-Encoding", coding));
    }

    /**
     * Claims that a range is {@code multipart/byteranges}; the bytes stay as they are.
     *
     * @return when to do so
     */
    public Fault<RangeFile> claimingMultipart() {
        return fault(answer -> {
            answer.omitsContentRange = true;
            answer.overriding.set("Content-Type", "multipart/byteranges; boundary=headrace");
        });
    }

    /**
     * Makes the {@code ETag} weak ({@code W/}), so that {@code If-Range} never matches it.
     *
     * @return when to do so
     */
    public Fault<RangeFile> weakeningEtag() {
        return fault(answer -> answer.weak = true);
    }

    /**
     * Leaves out {@code ETag} and {@code Last-Modified}.
     *
     * @return when to do so
     */
    public Fault<RangeFile> omittingValidators() {
        return fault(answer -> answer.omitsValidators = true);
    }

    /**
     * Sends the body in chunks, without {@code Content-Length}.
     *
     * @return when to do so
     */
    public Fault<RangeFile> chunked() {
        return fault(answer -> answer.framing = Answer.Framing.CHUNKED);
    }

    /**
     * Sends the body without any framing; it ends with the connection.
     *
     * @return when to do so
     */
    public Fault<RangeFile> closeDelimited() {
        return fault(answer -> answer.framing = Answer.Framing.CLOSE);
    }

    /**
     * Sends the bytes of another file under the headers of this one, as a stale mirror does.
     *
     * @param seed of those bytes
     * @return when to do so
     */
    public Fault<RangeFile> sendingBytesOf(long seed) {
        return fault(answer -> answer.contentSeed = seed);
    }

    @Override
    public Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        RangeAnswer answer = new RangeAnswer();
        faults.spoil(answer, request, requests.incrementAndGet());
        if (!answer.failed) {
            if (request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD)) {
                fill(answer, request.requestHeaders());
            } else {
                answer.fail(405, "");
            }
        }
        if (answer.claimedLength >= 0 && answer.cutAfter == Long.MAX_VALUE) {
            answer.cutAfter = answer.body.length();
        }
        return answer.sendTo(request, response);
    }

    private void fill(RangeAnswer answer, HttpHeaders asked) {
        Version now = version;
        String etag = answer.etag != null ? answer.etag : answer.weak ? "W/" + now.etag() : now.etag();
        String date = HTTP_DATE.format(now.lastModified());
        answer.headers.set("Accept-Ranges", "bytes");
        if (!answer.omitsValidators) {
            answer.headers.set("ETag", etag).set("Last-Modified", date);
        }
        String ifMatch = asked.get("If-Match");
        if (ifMatch != null
                && !answer.ignoresIfMatch
                && !ifMatch.equals("*")
                && !(strong(etag) && names(ifMatch, etag))) {
            answer.fail(412, "");
            return;
        }
        String ifNoneMatch = asked.get("If-None-Match");
        if (ifNoneMatch != null && names(ifNoneMatch, etag)) {
            answer.status = 304;
            return;
        }
        answer.headers.set("Content-Type", "application/octet-stream");
        Content content =
                answer.contentSeed == null ? now.content() : Content.pseudoRandom(now.size(), answer.contentSeed);
        Optional<long[]> range = range(answer, asked, now, strong(etag) ? etag : "", date);
        if (range.isEmpty()) {
            answer.body = content;
            return;
        }
        String total = answer.total != null ? answer.total : Long.toString(now.size());
        long from = range.get()[0];
        long to = range.get()[1];
        if (from >= to) {
            answer.fail(416, "");
            answer.headers.set("Content-Range", "bytes */" + total);
            return;
        }
        from = Math.max(0, Math.min(to - 1, from + answer.shift));
        to = answer.longestRange < to - from ? from + answer.longestRange : to;
        answer.status = 206;
        answer.body = content.part(from, to);
        if (!answer.omitsContentRange) {
            answer.headers.set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + total);
        }
    }

    /** First byte and the one after the last; empty when the whole file is to be sent. */
    private static Optional<long[]> range(
            RangeAnswer answer, HttpHeaders asked, Version now, String strongEtag, String date) {
        if (answer.ignoresRange) {
            return Optional.empty();
        }
        String ifRange = asked.get("If-Range");
        if (ifRange != null && !answer.ignoresIfRange && !ifRange.equals(strongEtag) && !ifRange.equals(date)) {
            return Optional.empty();
        }
        Matcher range = RANGE.matcher(asked.get("Range", ""));
        if (!range.matches() || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
            return answer.rangesUnasked ? Optional.of(new long[] {0, now.size()}) : Optional.empty();
        }
        long size = now.size();
        if (range.group(1).isEmpty()) {
            return Optional.of(new long[] {Math.max(0, size - position(range.group(2))), size});
        }
        long from = position(range.group(1));
        long last = range.group(2).isEmpty() ? Long.MAX_VALUE - 1 : position(range.group(2));
        // Backwards is not unsatisfiable but invalid, and what is invalid is ignored (RFC 9110 §14.1.1).
        return last < from ? Optional.empty() : Optional.of(new long[] {from, Math.min(size, last + 1)});
    }

    /** Positions beyond any file are as good as each other. */
    private static long position(String digits) {
        return digits.length() > 18 ? Long.MAX_VALUE / 2 : Long.parseLong(digits);
    }

    private static boolean strong(String etag) {
        return !etag.startsWith("W/");
    }

    private static boolean names(String list, String etag) {
        return Arrays.stream(list.split(",")).map(String::trim).anyMatch(etag::equals);
    }

    private static Version version(long size, long seed, Instant lastModified) {
        if (size < 0) {
            throw new IllegalArgumentException("size must not be negative: " + size);
        }
        return new Version(size, seed, "\"" + size + "-" + seed + "\"", lastModified);
    }

    private Fault<RangeFile> fault(Consumer<RangeAnswer> effect) {
        return Fault.of((occasion, extra) -> new RangeFile(version, faults.with(occasion, extra, effect)));
    }
}
