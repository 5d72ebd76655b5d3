package dev.headrace.transfer;

import static dev.headrace.transfer.Origin.assertOnly;
import static dev.headrace.transfer.Origin.failureOf;
import static dev.headrace.transfer.Origin.journal;
import static dev.headrace.transfer.Origin.part;
import static dev.headrace.transfer.Origin.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.http.ContentEncodingException;
import dev.headrace.http.TransportException;
import dev.headrace.test.RangeFile;
import dev.headrace.test.RawServer;
import dev.headrace.test.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that come coded although they were to come as they are, and bodies that only the connection ends. */
class CodedDownloadTest {

    /** Half of it can be compressed. */
    private static final byte[] PLAIN = plain();

    private static final byte[] CODED = gzip(PLAIN);

    @TempDir
    private Path directory;

    private Path destination;

    @BeforeEach
    void name() {
        destination = directory.resolve("file.bin");
    }

    private static byte[] plain() {
        byte[] bytes = new byte[400_000];
        byte[] random = RangeFile.ofSize(200_000).bytes(0, 200_000);
        System.arraycopy(random, 0, bytes, 100_000, random.length);
        return bytes;
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream coded = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(coded)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return coded.toByteArray();
    }

    private static Reply reply(byte[] body, String... fields) {
        return head(body.length, fields).then(body);
    }

    private static Reply head(int length, String... fields) {
        return Reply.bytes("HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Encoding: gzip\r\nContent-Length: " + length
                + "\r\n"
                + String.join(
                        "", Arrays.stream(fields).map(field -> field + "\r\n").toList()) + "\r\n");
    }

    private static byte[] broken() {
        byte[] broken = CODED.clone();
        // Of the checksum at the end: all bytes have come by then.
        broken[broken.length - 6] ^= 1;
        return broken;
    }

    private static byte[] truncated() {
        return Arrays.copyOf(CODED, CODED.length / 2);
    }

    @Test
    void storesWhatItMeansWhenToldTo() { // 9
        try (Origin origin = Origin.of(RawServer.replies(reply(CODED)).start())) {
            Downloaded result = run(origin.comparing(destination)
                    .decompress()
                    .expectSize(PLAIN.length)
                    .expect(Digest.sha256(sha256(PLAIN))));

            assertThat(result.totalBytes()).isEqualTo(PLAIN.length);
            assertThat(destination).hasBinaryContent(PLAIN);
            assertThat(origin.server().requests().get(0).header("Accept-Encoding"))
                    .contains("identity");
            assertOnly(directory, "file.bin");
        }
    }

    private static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(Digest.sha256Of(bytes));
    }

    @Test
    void storesWhatItMeansOfAChunkedBody() { // 9, 3
        Reply chunked = Reply.bytes("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + Integer.toHexString(CODED.length) + "\r\n")
                .then(CODED)
                .then("\r\n0\r\n\r\n");
        try (Origin origin = Origin.of(RawServer.replies(chunked).start())) {
            run(origin.comparing(destination).decompress());

            assertThat(destination).hasBinaryContent(PLAIN);
        }
    }

    @Test
    void doesNotCheckAnnouncedDigestsThen() { // 9, 64
        String ofCoded = "Repr-Digest: sha-256=:" + Base64.getEncoder().encodeToString(Digest.sha256Of(CODED)) + ":";
        try (Origin origin = Origin.of(RawServer.replies(reply(CODED, ofCoded)).start())) {
            assertThat(run(origin.comparing(destination).decompress()).digest()).isNull();
            assertThat(destination).hasBinaryContent(PLAIN);
        }
    }

    @Test
    void refusesAnotherSizeThanThatOfTheDecompressedFile() { // 9, 8
        try (Origin origin = Origin.of(RawServer.replies(reply(CODED)).start())) {
            assertThat(failureOf(origin.comparing(destination).decompress().expectSize(CODED.length)))
                    .isInstanceOf(SizeMismatchException.class);
            assertOnly(directory);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void neverMakesAFileOfABrokenBody(boolean truncated) { // 9
        byte[] body = truncated ? truncated() : broken();
        try (Origin origin = Origin.of(RawServer.replies(reply(body)).start())) {
            assertThat(failureOf(origin.comparing(destination).decompress()))
                    .isInstanceOf(ContentEncodingException.class);

            assertThat(destination).doesNotExist();
            assertThat(origin.server().requests()).hasSize(1);
        }
    }

    @Test
    void beginsAnewWhenTheLineBreaks() { // 9, 5
        Reply cut = head(CODED.length).then(truncated()).close();
        try (Origin origin = Origin.of(RawServer.replies(cut, reply(CODED)).start())) {
            Downloaded result = run(origin.comparing(destination).decompress());

            assertThat(destination).hasBinaryContent(PLAIN);
            assertThat(origin.ranges()).containsExactly("", "");
            assertThat(result.restarts()).isOne();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLaterRunBeginsAnew(boolean decompressing) { // 9
        Reply cut = head(CODED.length).then(truncated()).close();
        Reply plain = Reply.bytes("HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: " + PLAIN.length + "\r\n\r\n")
                .then(PLAIN);
        try (Origin origin = Origin.of(
                RawServer.replies(cut, decompressing ? reply(CODED) : plain).start())) {
            assertThat(failureOf(origin.comparing(destination).decompress().maxRetries(0)))
                    .isInstanceOf(TransportException.class);

            Download later = origin.comparing(destination);
            Downloaded result = run(decompressing ? later.decompress() : later);

            assertThat(origin.ranges()).containsExactly("", "");
            assertThat(result.resumed()).isFalse();
            assertThat(destination).hasBinaryContent(PLAIN);
            assertOnly(directory, "file.bin");
        }
    }

    @Test
    void aLaterRunTakesOverPlainBytesAllTheSame() { // 9, 17
        RangeFile file = RangeFile.ofSize(300_000).cutting(100_000);
        try (Origin origin = Origin.of(file)) {
            failureOf(origin.download(destination).decompress().maxRetries(0));

            assertThat(run(origin.download(destination).decompress()).resumedFrom())
                    .isEqualTo(100_000);
            Origin.assertIs(file, destination);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "deflate", "gzip, gzip", "aws-chunked"})
    void refusesCodingsThatItDoesNotKnow(String coding) { // 9
        RangeFile file = RangeFile.ofSize(1000).claimingEncoding(coding).always();
        try (Origin origin = Origin.of(file)) {
            assertThat(failureOf(origin.download(destination).decompress()))
                    .isInstanceOf(ContentCodedException.class)
                    .hasMessageContaining(coding);
            assertOnly(directory);
        }
    }

    @Test
    void takesABodyThatEndsWithTheConnectionForCompleteWhenToldTo() { // 4
        RangeFile file = RangeFile.ofSize(300_000).closeDelimited().always();
        try (Origin origin = Origin.of(file)) {
            Downloaded result = run(origin.comparing(destination).allowUnframed());

            assertThat(result.totalBytes()).isEqualTo(300_000);
            Origin.assertIs(file, destination);
            assertOnly(directory, "file.bin");
        }
    }

    @Test
    void takesSuchABodyForCompleteThatHttp10Sends() { // 4
        Reply old = Reply.bytes("HTTP/1.0 200 OK\r\n\r\nall there is").close();
        try (Origin origin = Origin.of(RawServer.replies(old).start())) {
            run(origin.comparing(destination).allowUnframed());

            assertThat(destination).hasContent("all there is");
        }
    }

    @Test
    void asksForMoreOfSuchABodyWhereTheSizeSaysThatMoreMustCome() { // 4
        RangeFile file = RangeFile.ofSize(300_000).closeDelimited().always().cutting(100_000);
        try (Origin origin = Origin.of(file)) {
            run(origin.download(destination).allowUnframed().expectSize(300_000));

            assertThat(origin.ranges()).containsExactly("", "bytes=100000-");
            Origin.assertIs(file, destination);
        }
    }

    @Test
    void keepsTheBytesOfABodyThatItDoesNotBelieve() { // 4
        RangeFile file = RangeFile.ofSize(300_000).closeDelimited().onRequest(1).once();
        try (Origin origin = Origin.of(file)) {
            assertThat(failureOf(origin.comparing(destination))).isInstanceOf(UnverifiableLengthException.class);
            assertThat(part(destination)).hasSize(300_000);
            assertThat(journal(destination)).exists();

            Downloaded result = run(origin.comparing(destination));

            assertThat(result.bytes()).isZero();
            Origin.assertIs(file, destination);
        }
    }

    @Test
    void isStoredByOneConnectionWhereSeveralWereAskedFor() { // 9
        try (Origin origin = Origin.of(RawServer.replies(reply(CODED)).start())) {
            run(origin.comparing(destination).segments(4).decompress());

            assertThat(destination).hasBinaryContent(PLAIN);
        }
    }
}
