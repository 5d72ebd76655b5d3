package dev.headrace.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLHandshakeException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class TestServerTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    @Test
    void theLongestMatchingRouteAnswers() throws Exception {
        try (TestServer server = TestServer.builder()
                .route("/**", Route.fixed(200, "text/plain", "all"))
                .route("/files/**", Route.fixed(200, "text/plain", "files"))
                .route("/files/one", Route.fixed(200, "text/plain", "one"))
                .start()) {
            assertThat(Client.get(server.uri("/")).body()).isEqualTo("all");
            assertThat(Client.get(server.uri("/files")).body()).isEqualTo("files");
            assertThat(Client.get(server.uri("/files/two?x=1")).body()).isEqualTo("files");
            assertThat(Client.get(server.uri("/files/one?x=1")).body()).isEqualTo("one");
        }
    }

    @Test
    void answers404WithoutARoute() throws Exception {
        try (TestServer server = TestServer.builder().start()) {
            assertThat(Client.get(server.uri("/x")).statusCode()).isEqualTo(404);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void remembersWhatWasAsked() throws Exception {
        try (TestServer server = Route.fixed(200, "text/plain", "").start();
                Closing client = new Closing()) {
            client.http.send(
                    HttpRequest.newBuilder(server.uri("/a%20b?q=1&q=%C3%A9"))
                            .header("X-Mark", "one")
                            .POST(HttpRequest.BodyPublishers.ofString("grüße"))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());

            RecordedRequest request = server.awaitRequests(1, SOON).get(0);
            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.path()).isEqualTo("/a b");
            assertThat(request.query("q")).hasValue("1");
            assertThat(request.query().get("q")).containsExactly("1", "é");
            assertThat(request.header("x-mark")).hasValue("one");
            assertThat(request.header("absent")).isEmpty();
            Awaitility.await().until(() -> server.requests().get(0).body().equals("grüße"));
            assertThat(request.connection()).isEqualTo(1);
        }
    }

    @Test
    void keepsOnlyTheBeginningOfALargeBody() throws Exception {
        Route drains = (request, response) ->
                request.receive().then(response.sendHeaders().then());
        try (TestServer server = drains.start();
                Closing client = new Closing()) {
            client.http.send(
                    HttpRequest.newBuilder(server.uri())
                            .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[300_000]))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());

            RecordedRequest request = server.requests().get(0);
            assertThat(request.bodyBytes()).isEqualTo(300_000);
            assertThat(request.body()).hasSize(64 * 1024);
        }
    }

    @Test
    void countsConnections() throws Exception {
        try (TestServer server = Route.fixed(200, "text/plain", "").start()) {
            try (Socket first = new Socket(InetAddress.getLoopbackAddress(), server.port());
                    Socket second = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                Awaitility.await().until(() -> server.openConnections() == 2);
                assertThat(first.isConnected() && second.isConnected()).isTrue();
            }
            server.awaitNoOpenConnections(SOON);
            assertThat(server.connectionsAccepted()).isEqualTo(2);
        }
    }

    @Test
    void countsTheBytesTheSocketTook() throws Exception {
        try (TestServer server = RangeFile.ofSize(1_000_000).start()) {
            Client.bytes(server.uri());
            // The count follows the socket: the reader may have the last bytes a moment before it.
            Awaitility.await()
                    .untilAsserted(() -> assertThat(server.bytesSent()).isBetween(1_000_000L, 1_001_000L));
        }
    }

    @Test
    void aReaderThatStopsStopsTheServer() throws Exception {
        try (TestServer server = TestServer.builder()
                        .route("/**", RangeFile.ofSize(1L << 40))
                        .sendBuffer(64 * 1024)
                        .start();
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(StandsStill.await(server::bytesSent)).isBetween(1L, 16L << 20);
        }
    }

    @Test
    void speaksTlsToThoseWhoTrustIt() throws Exception {
        try (TestServer server = TestServer.builder()
                        .tls()
                        .route("/**", Route.fixed(200, "text/plain", "secret"))
                        .start();
                Closing stranger = new Closing()) {
            HttpClient friend =
                    HttpClient.newBuilder().sslContext(server.trustingContext()).build();

            assertThat(friend.send(Client.request(server.uri("/")), HttpResponse.BodyHandlers.ofString())
                            .body())
                    .isEqualTo("secret");
            assertThat(server.url()).startsWith("https://127.0.0.1:");
            assertThat(server.certificatePem()).startsWith("-----BEGIN CERTIFICATE-----");
            assertThat(server.certificate().getSubjectX500Principal().getName()).contains("localhost");
            assertThatExceptionOfType(SSLHandshakeException.class)
                    .isThrownBy(() ->
                            stranger.http.send(Client.request(server.uri("/")), HttpResponse.BodyHandlers.ofString()));
        }
    }

    @Test
    void closesConnectionsThatAreInUse() throws Exception {
        Route silent = (request, response) -> Mono.never();
        TestServer server = silent.start();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            server.awaitRequests(1, SOON);
            server.close();
            server.close();

            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void refusesSenselessSettings() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestServer.builder().port(-1))
                .withMessageContaining("-1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestServer.builder().route("x", Route.fixed(200, "a", "b")))
                .withMessageContaining("x");
    }

    /** A client whose connections nobody shares. */
    private static final class Closing implements AutoCloseable {
        final HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

        @Override
        public void close() {}
    }
}
