package dev.headrace.sse;

import static dev.headrace.sse.SocketStreams.HEAD;
import static dev.headrace.sse.SocketStreams.LIMIT;
import static dev.headrace.sse.SocketStreams.STOP;
import static dev.headrace.sse.SocketStreams.connector;
import static dev.headrace.sse.SocketStreams.ids;
import static dev.headrace.sse.SocketStreams.stream;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.error.FailureKind;
import dev.headrace.http.Request;
import dev.headrace.http.TlsSettings;
import dev.headrace.http.TransportException;
import dev.headrace.test.EventFeed;
import dev.headrace.test.LocalServer;
import dev.headrace.test.RawServer;
import dev.headrace.test.Reply;
import dev.headrace.test.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;

/** Events come whole out of a body, however it is framed, cut, encrypted or compressed. */
class EventBodyTest {

    private static final String CHUNKED = HEAD.replace("\r\n\r\n", "\r\nTransfer-Encoding: chunked\r\n\r\n");

    @Test
    void readsABodyOfKnownLengthAndComesBackAtItsEnd() { // L50
        String events = "id: 1\ndata: a\n\nid: 2\ndata: b\n\n";
        try (RawServer server = RawServer.replies(Reply.bytes(withLength(events.length()) + events), Reply.bytes(STOP))
                        .start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).events().map(SseEvent::data))
                    .expectNext("a", "b")
                    .expectComplete()
                    .verify(LIMIT);

            assertThat(server.requests().get(1).header("Last-Event-ID")).contains("2");
        }
    }

    @Test
    void takesABodyShorterThanItsLengthForABreak() {
        assertBreaks(withLength(1000) + "data: a\n\n");
    }

    @Test
    void takesAChunkedBodyWithoutItsEndForABreak() {
        assertBreaks(CHUNKED + "9\r\ndata: a\n\n\r\n");
    }

    private static void assertBreaks(String bytes) {
        try (RawServer server = RawServer.replies(Reply.bytes(bytes).close()).start();
                Connector connector = connector(server)) {
            StepVerifier.create(
                            stream(connector).reconnect(ReconnectPolicy.never()).events())
                    .expectNextCount(1)
                    .expectError(TransportException.class)
                    .verify(LIMIT);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 0\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"})
    void comesBackAfterAnEmptyBody(String framing) { // L50
        try (RawServer server = RawServer.replies(
                                Reply.bytes("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n" + framing),
                                Reply.bytes(STOP))
                        .start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).events()).expectComplete().verify(LIMIT);

            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void dropsTheEventThatTheEndCutInTwo() { // L51
        try (RawServer server = RawServer.replies(
                                Reply.bytes(HEAD + "id: 1\ndata: a\n\nid: 2\ndata: b\n")
                                        .close(),
                                Reply.bytes(STOP))
                        .start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).events())
                    .expectNext(new SseEvent("1", "message", "a"))
                    .expectComplete()
                    .verify(LIMIT);

            assertThat(server.requests().get(1).header("Last-Event-ID")).contains("1");
        }
    }

    @Test
    void readsEventsCutIntoSingleBytes() { // L48
        EventFeed feed = EventFeed.of(12).fragments(1).comments().data(n -> "line one \u00e9\nline two \u4e2d " + n);
        try (TestServer server = feed.start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).completeOnCleanEnd().events().map(SseEvent::data))
                    .expectNextSequence(IntStream.rangeClosed(1, 12)
                            .mapToObj(n -> "line one \u00e9\nline two \u4e2d " + n)
                            .toList())
                    .expectComplete()
                    .verify(LIMIT);
        }
    }

    /** Framing and TLS records have edges of their own, none of which is an edge of events. */
    @ParameterizedTest(name = "chunks {0}, pieces {1}, TLS {2}")
    @CsvSource({
        "one per event, whole, false",
        "one per event, whole, true",
        "one per event, anywhere, false",
        "one per event, anywhere, true",
        "anywhere, whole, false",
        "anywhere, whole, true",
        "anywhere, anywhere, false",
        "anywhere, anywhere, true"
    })
    void readsEveryEventOfAChunkedBody(String chunks, String pieces, boolean tls) {
        List<String> events = IntStream.rangeClosed(1, 600)
                .mapToObj(n -> n % 3 == 0
                        ? "id: " + n + "\r\ndata: \u4e2d" + n + "\r\n\r\n"
                        : n % 3 == 1
                                ? "id: " + n + "\ndata: x\u00e9" + n + "\n\n"
                                : "id: " + n + "\rdata: " + n + "\r\r")
                .toList();
        Random random = new Random(7);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(CHUNKED.getBytes(UTF_8));
        List<byte[]> cut = chunks.equals("one per event")
                ? events.stream().map(event -> event.getBytes(UTF_8)).toList()
                : cut(String.join("", events).getBytes(UTF_8), () -> 1 + random.nextInt(60));
        for (byte[] chunk : cut) {
            body.writeBytes((Integer.toHexString(chunk.length) + "\r\n").getBytes(UTF_8));
            body.writeBytes(chunk);
            body.writeBytes("\r\n".getBytes(UTF_8));
        }
        body.writeBytes("0\r\n\r\n".getBytes(UTF_8));
        Reply reply = Reply.nothing();
        for (byte[] piece : pieces.equals("whole")
                ? List.of(body.toByteArray())
                : cut(body.toByteArray(), () -> 1 + random.nextInt(300))) {
            reply = reply.then(piece);
        }

        RawServer.Builder builder = RawServer.replies(reply);
        try (RawServer server = (tls ? builder.tls() : builder).start();
                Connector connector = tls ? trusting(server) : connector(server)) {
            List<SseEvent> received = stream(connector)
                    .completeOnCleanEnd()
                    .events()
                    .collectList()
                    .block(LIMIT);

            assertThat(received).extracting(SseEvent::id).isEqualTo(ids(1, 600));
            assertThat(received)
                    .extracting(SseEvent::data)
                    .isEqualTo(IntStream.rangeClosed(1, 600)
                            .mapToObj(n -> (n % 3 == 0 ? "\u4e2d" : n % 3 == 1 ? "x\u00e9" : "") + n)
                            .toList());
        }
    }

    @Test
    void emitsAnEventThatEndsWithCarriageReturnsAtOnce() {
        try (RawServer server = RawServer.replies(
                                Reply.bytes(HEAD + "data: a\r\r").stall())
                        .start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).events())
                    .expectNext(new SseEvent("", "message", "a"))
                    .thenCancel()
                    .verify(ofSeconds(10));
        }
    }

    @Test
    void emitsCompressedEventsAsSoonAsTheServerFlushes() throws IOException {
        List<String> events = List.of("id: 1\ndata: a\n\n", "id: 2\ndata: " + "b".repeat(5000) + "\n\n", "data: c\n\n");
        List<byte[]> flushed = gzip(events);
        Reply reply = Reply.bytes(HEAD.replace("\r\n\r\n", "\r\nContent-Encoding: gzip\r\n\r\n"));
        for (byte[] part : flushed.subList(0, events.size())) {
            reply = reply.then(part).pause(ofMillis(20));
        }
        try (RawServer server = RawServer.replies(reply.stall()).start();
                Connector connector = connector(server)) {
            // The end never comes.
            StepVerifier.create(
                            EventStream.from(connector, Request.get("/events").options(o -> o.decompress(true)))
                                    .events()
                                    .map(SseEvent::data))
                    .expectNext("a", "b".repeat(5000), "c")
                    .thenCancel()
                    .verify(ofSeconds(10));

            assertThat(server.requests().get(0).headers("Accept-Encoding")).containsExactly("gzip");
            server.awaitNoOpenConnections(ofSeconds(5));
        }
    }

    @Test
    void readsACompressedBodyToItsEndInPiecesOfOneByteAndComesBack() throws IOException { // L50
        Reply reply = Reply.bytes(HEAD.replace("\r\n\r\n", "\r\nContent-Encoding: gzip\r\n\r\n"));
        for (byte[] part : gzip(List.of("id: 1\ndata: a\n\n", "id: 2\ndata: b\n\n"))) {
            for (byte[] piece : cut(part, () -> 1)) {
                reply = reply.then(piece);
            }
        }
        try (RawServer server =
                        RawServer.replies(reply.close(), Reply.bytes(STOP)).start();
                Connector connector = connector(server)) {
            StepVerifier.create(
                            EventStream.from(connector, Request.get("/events").options(o -> o.decompress(true)))
                                    .reconnect(SocketStreams.QUICK)
                                    .events()
                                    .map(SseEvent::data))
                    .expectNext("a", "b")
                    .expectComplete()
                    .verify(LIMIT);

            assertThat(server.requests().get(1).header("Last-Event-ID")).contains("2");
        }
    }

    @Test
    void comesBackOverTlsWhenAConnectionIsReset() { // L47
        EventFeed feed = EventFeed.of(60).cutAfter(25);
        try (TestServer server = TestServer.builder().route("/**", feed).tls().start();
                Connector connector = trusting(server)) {
            StepVerifier.create(stream(connector).events().map(SseEvent::id))
                    .expectNextSequence(ids(1, 60))
                    .expectComplete()
                    .verify(LIMIT);
            // A reset may overtake what was sent before it.
            assertThat(feed.lastEventIds()).hasSizeGreaterThan(3).startsWith("").endsWith("60");
        }
    }

    @Test
    void failsAtAServerThatIsNotTrustedFromTheBeginning() {
        try (TestServer server = TestServer.builder()
                        .route("/**", EventFeed.endless())
                        .tls()
                        .start();
                Connector connector = connector(server)) {
            StepVerifier.create(stream(connector).events())
                    .expectErrorSatisfies(failure -> assertThat(failure)
                            .isInstanceOfSatisfying(
                                    TransportException.class,
                                    untrusted -> assertThat(untrusted.kind()).isEqualTo(FailureKind.CONFIGURATION)))
                    .verify(LIMIT);
            assertThat(server.requests()).isEmpty();
        }
    }

    private static Connector trusting(LocalServer server) {
        return Connector.builder(server.url())
                .tls(TlsSettings.context(server.trustingContext()))
                .build();
    }

    private static String withLength(int length) {
        return HEAD.replace("\r\n\r\n", "\r\nContent-Length: " + length + "\r\n\r\n");
    }

    private static List<byte[]> cut(byte[] bytes, IntSupplier sizes) {
        List<byte[]> pieces = new ArrayList<>();
        for (int from = 0; from < bytes.length; ) {
            int to = Math.min(bytes.length, from + sizes.getAsInt());
            pieces.add(Arrays.copyOfRange(bytes, from, to));
            from = to;
        }
        return pieces;
    }

    /** What a server has for its socket after each event that it flushes, and at the end. */
    private static List<byte[]> gzip(List<String> events) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        List<byte[]> parts = new ArrayList<>();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed, true)) {
            for (String event : events) {
                gzip.write(event.getBytes(UTF_8));
                gzip.flush();
                parts.add(packed.toByteArray());
                packed.reset();
            }
        }
        parts.add(packed.toByteArray());
        return parts;
    }
}
