package dev.headrace.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.resources.ConnectionProvider;

class RawServerTest {

    private static final String GET = "GET /x?y=1 HTTP/1.1\r\nHost: a\r\nX-Mark: one\r\n\r\n";

    @Test
    void answersWithTheBytesOfItsScript() throws Exception {
        try (RawServer server = RawServer.script(request ->
                        Reply.bytes("nonsense for ").then(request.path()).close())
                .start()) {
            assertThat(Client.exchange(server, GET)).isEqualTo("nonsense for /x");

            RecordedRequest request = server.requests().get(0);
            assertThat(request.method()).isEqualTo("GET");
            assertThat(request.query("y")).hasValue("1");
            assertThat(request.header("x-mark")).hasValue("one");
            assertThat(request.connection()).isEqualTo(1);
        }
    }

    @Test
    void answersRequestsOfAConnectionInOrder() throws Exception {
        try (RawServer server =
                RawServer.replies(Reply.ok("1"), Reply.bytes("2").close()).start()) {
            String post = "POST /p HTTP/1.1\r\ncontent-length: 5\r\n\r\nhello";
            assertThat(Client.exchange(server, post + GET)).isEqualTo("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n12");
            assertThat(server.requests()).extracting(RecordedRequest::body).containsExactly("hello", "");
            assertThat(server.connectionsAccepted()).isEqualTo(1);
        }
    }

    @Test
    void pausesBetweenParts() throws Exception {
        try (RawServer server = RawServer.replies(
                        Reply.bytes("a").pause(Duration.ofMillis(100)).then("b").close())
                .start()) {
            long before = System.nanoTime();
            assertThat(Client.exchange(server, GET)).isEqualTo("ab");
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(95));
        }
    }

    @Test
    void resetsAndStalls() throws Exception {
        try (RawServer server = RawServer.replies(
                        Reply.nothing().reset(), Reply.bytes("a").stall().then("b"))
                .start()) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> Client.exchange(server, GET))
                    .withMessageContaining("reset");
            assertThat(Client.exchangeUntilSilence(server, GET + GET)).isEqualTo("a");
            server.awaitNoOpenConnections(Duration.ofSeconds(30));
        }
    }

    @Test
    void speaksTls() throws Exception {
        try (RawServer server = RawServer.replies(Reply.ok("secret")).tls().start()) {
            HttpClient client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .sslContext(server.trustingContext())
                    .build();
            assertThat(client.send(Client.request(server.uri("/")), HttpResponse.BodyHandlers.ofString())
                            .body())
                    .isEqualTo("secret");
        }
    }

    @Test
    void cutsAChunkedBody() throws Exception {
        try (RawServer server = RawServer.replies(
                        Reply.bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
                                .close())
                .start()) {
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> Client.get(server.uri("/")));
        }
    }

    /** The fault of Reactor Netty that interim responses provoke: the next request gets the answer of this one. */
    @ParameterizedTest
    @ValueSource(strings = {"102 Processing", "103 Early Hints", "104 Upload Resumption Supported"})
    void provokesTheConfusionOfInterimResponses(String interim) {
        ConnectionProvider pool = ConnectionProvider.create("interim", 1);
        try (RawServer server = RawServer.script(request -> {
                    Reply head = request.path().equals("/one")
                            ? Reply.bytes("HTTP/1.1 " + interim + "\r\n\r\n").pause(Duration.ofMillis(100))
                            : Reply.nothing();
                    return head.thenOk("body of " + request.path());
                })
                .start()) {
            reactor.netty.http.client.HttpClient client =
                    reactor.netty.http.client.HttpClient.create(pool).baseUrl(server.url());

            List<String> bodies = Mono.just("/one")
                    .concatWith(Mono.just("/two"))
                    .concatMap(path -> client.get()
                            .uri(path)
                            .responseContent()
                            .aggregate()
                            .asString()
                            .defaultIfEmpty(""))
                    .collectList()
                    .block(Duration.ofSeconds(30));

            assertThat(bodies).containsExactly("", "body of /one");
            assertThat(server.connectionsAccepted()).isEqualTo(1);
        } finally {
            pool.dispose();
        }
    }
}
