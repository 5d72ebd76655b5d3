package dev.headrace.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EventFeedTest {

    @Test
    void numbersItsEvents() throws Exception {
        try (TestServer server = EventFeed.of(2).start()) {
            HttpResponse<String> response = Client.get(server.uri());
            assertThat(response.body()).isEqualTo("id: 1\ndata: {\"n\":1}\n\nid: 2\ndata: {\"n\":2}\n\n");
            assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream; charset=utf-8");
        }
    }

    @Test
    void goesOnAfterTheLastEventId() throws Exception {
        EventFeed feed = EventFeed.of(5).hangUpAfter(2);
        try (TestServer server = feed.start()) {
            assertThat(Client.get(server.uri()).body())
                    .contains("id: 1\n", "id: 2\n")
                    .doesNotContain("id: 3\n");
            assertThat(Client.get(server.uri(), "Last-Event-ID", "2").body())
                    .startsWith("id: 3\n")
                    .doesNotContain("id: 5\n");
            assertThat(Client.get(server.uri(), "Last-Event-ID", "4").body()).isEqualTo("id: 5\ndata: {\"n\":5}\n\n");
            assertThat(Client.get(server.uri(), "Last-Event-ID", "5").statusCode())
                    .isEqualTo(204);
            assertThat(Client.get(server.uri(), "Last-Event-ID", "what").statusCode())
                    .isEqualTo(400);
            assertThat(feed.lastEventIds()).containsExactly("", "2", "4", "5", "what");
        }
    }

    @Test
    void repeatsEventsWhenSourcesOverlap() throws Exception {
        try (TestServer server = EventFeed.of(5).overlap(2).start()) {
            assertThat(Client.get(server.uri(), "Last-Event-ID", "4").body()).startsWith("id: 3\n");
        }
    }

    @Test
    void resetsInTheMiddleOfAnEvent() throws Exception {
        try (TestServer server = EventFeed.endless().cutAfter(3).start();
                Socket socket = open(server)) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> socket.getInputStream().readAllBytes())
                    .withMessageContaining("reset");
        }
    }

    @Test
    void staysSilentButForHeartbeats() throws Exception {
        try (TestServer server = EventFeed.endless()
                        .silentAfter(1)
                        .heartbeat(Duration.ofMillis(20))
                        .start();
                Socket socket = open(server)) {
            String read = readUntil(socket.getInputStream(), ":\n\n\r\n3\r\n:\n\n");
            assertThat(read).contains("id: 1\n").doesNotContain("id: 2\n");
        }
    }

    @Test
    void heartbeatsEndWithTheEvents() throws Exception {
        try (TestServer server = EventFeed.of(3)
                .interval(Duration.ofMillis(30))
                .heartbeat(Duration.ofMillis(10))
                .start()) {
            assertThat(Client.get(server.uri()).body()).contains("id: 3\n", ":\n\n");
        }
    }

    @Test
    void writesRetryTypeCommentsAndLines() throws Exception {
        try (TestServer server = EventFeed.of(1)
                .retry(Duration.ofMillis(1500))
                .comments()
                .type("edit")
                .data(n -> "a\nb")
                .contentType("text/event-stream")
                .start()) {
            HttpResponse<String> response = Client.get(server.uri());
            assertThat(response.body())
                    .isEqualTo(":ok\n\nretry: 1500\n\n: 1\nid: 1\nevent: edit\ndata: a\ndata: b\n\n");
            assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
        }
    }

    @Test
    void waitsBetweenEvents() throws Exception {
        try (TestServer server = EventFeed.of(3).interval(Duration.ofMillis(50)).start()) {
            long before = System.nanoTime();
            Client.get(server.uri());
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(95));
        }
    }

    @Test
    void sendsTheSameInFragmentsAndInBatches() throws Exception {
        EventFeed feed = EventFeed.of(25).data(n -> "grüße " + n);
        try (TestServer whole = feed.start();
                TestServer cut = feed.fragments(1).start();
                TestServer batched = feed.batch(10).start()) {
            String body = Client.get(whole.uri()).body();
            assertThat(Client.get(cut.uri()).body()).isEqualTo(body);
            assertThat(Client.get(batched.uri()).body()).isEqualTo(body);
        }
    }

    @Test
    void failsTheConnectionItWasToldTo() throws Exception {
        try (TestServer server = EventFeed.of(1)
                .failing(503)
                .header("Retry-After", "1")
                .onRequest(2)
                .once()
                .start()) {
            assertThat(Client.get(server.uri()).statusCode()).isEqualTo(200);
            HttpResponse<String> refused = Client.get(server.uri());
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(Client.get(server.uri()).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void understandsIdsOfItsOwnMaking() throws Exception {
        EventFeed feed =
                EventFeed.of(3).ids(n -> "[{\"offset\":" + n + "}]", id -> Long.parseLong(id.replaceAll("\\D", "")));
        try (TestServer server = feed.start()) {
            assertThat(Client.get(server.uri(), "Last-Event-ID", "[{\"offset\":2}]")
                            .body())
                    .startsWith("id: [{\"offset\":3}]\n");
        }
    }

    @Test
    void beginsWhereTheRequestSays() throws Exception {
        EventFeed feed = EventFeed.of(3)
                .startingAt(request -> Long.parseLong(request.uri().replaceAll("\\D", "")));
        try (TestServer server = feed.start()) {
            assertThat(Client.get(server.uri("/3")).body()).startsWith("id: 3\n");
            assertThat(Client.get(server.uri("/0")).body()).startsWith("id: 1\n");
            assertThat(Client.get(server.uri("/9")).body()).isEmpty();
            assertThat(Client.get(server.uri("/")).statusCode()).isEqualTo(400);
            assertThat(Client.get(server.uri("/1"), "Last-Event-ID", "2").body())
                    .startsWith("id: 3\n");
        }
    }

    @Test
    void writesAsLaxlyAsTheStandardAllows() throws Exception {
        EventFeed feed = EventFeed.of(2)
                .ids(n -> n == 1 ? "1" : "", Long::parseLong)
                .lineEnd("\r\n")
                .withoutSpaces()
                .withoutLastBlankLine()
                .greeting();
        try (TestServer server = feed.start()) {
            assertThat(Client.get(server.uri()).body())
                    .isEqualTo(":ok\r\n\r\nid:1\r\ndata:{\"n\":1}\r\n\r\ndata:{\"n\":2}\r\n");
        }
    }

    @Test
    void aReaderThatStopsStopsTheSource() throws Exception {
        AtomicLong made = new AtomicLong();
        EventFeed feed = EventFeed.endless().data(n -> {
            made.set(n);
            return "x".repeat(10_000);
        });
        try (TestServer server = TestServer.builder()
                        .route("/**", feed)
                        .sendBuffer(64 * 1024)
                        .start();
                Socket socket = open(server)) {
            assertThat(socket.isConnected()).isTrue();
            long events = StandsStill.await(made::get);
            assertThat(events * 10_000 - server.bytesSent()).isLessThan(100_000);
        }
    }

    @Test
    void noticesThatTheReaderLeft() throws Exception {
        try (TestServer server =
                EventFeed.endless().interval(Duration.ofMillis(10)).start()) {
            try (Socket socket = open(server)) {
                readUntil(socket.getInputStream(), "id: 2\n");
            }
            server.awaitNoOpenConnections(Duration.ofSeconds(5));
        }
    }

    @Test
    void refusesSenselessSettings() {
        assertThatIllegalArgumentException().isThrownBy(() -> EventFeed.of(-1)).withMessageContaining("-1");
        assertThatIllegalArgumentException().isThrownBy(() -> EventFeed.of(1).batch(0));
        assertThatIllegalArgumentException().isThrownBy(() -> EventFeed.of(1).fragments(0));
        assertThatIllegalArgumentException().isThrownBy(() -> EventFeed.of(1).lineEnd("\n\n"));
        assertThatIllegalArgumentException().isThrownBy(() -> EventFeed.of(1).hangUpAfter(-1));
    }

    private static Socket open(TestServer server) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(5_000);
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String readUntil(InputStream in, String end) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(end) < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("ended after: " + read);
            }
            read.append((char) next);
        }
        return read.toString();
    }
}
