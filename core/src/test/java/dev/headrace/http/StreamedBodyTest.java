package dev.headrace.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.test.RawServer;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.Reply;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** Streams of known length as bodies. */
class StreamedBodyTest {

    private static final Duration SOON = ofSeconds(30);

    private final Transport transport = Transport.over(TransportSettings.defaults());

    @AfterEach
    void close() {
        transport.close();
    }

    @Test
    void announcesItsLength() {
        try (TestServer server = Route.fixed(200, "text/plain", "ok").start()) {
            StepVerifier.create(put(server.url(), Body.stream(pieces("ab", "cde"), 5, "text/plain")))
                    .expectNext(200)
                    .expectComplete()
                    .verify(SOON);

            RecordedRequest request = server.requests().get(0);
            assertThat(request.headers("Content-Length")).containsExactly("5");
            assertThat(request.headers("Transfer-Encoding")).isEmpty();
            assertThat(request.body()).isEqualTo("abcde");
        }
    }

    @Test
    void announcesThatItIsEmpty() {
        try (TestServer server = Route.fixed(200, "text/plain", "ok").start()) {
            StepVerifier.create(put(server.url(), Body.stream(Flux.empty(), 0, "text/plain")))
                    .expectNext(200)
                    .expectComplete()
                    .verify(SOON);

            assertThat(server.requests().get(0).headers("Content-Length")).containsExactly("0");
        }
    }

    @Test
    void isSentInChunksWithoutALength() {
        try (TestServer server = Route.fixed(200, "text/plain", "ok").start()) {
            StepVerifier.create(put(server.url(), Body.stream(pieces("ab", "cde"), "text/plain")))
                    .expectNext(200)
                    .expectComplete()
                    .verify(SOON);

            assertThat(server.requests().get(0).headers("Transfer-Encoding")).containsExactly("chunked");
        }
    }

    @Test
    void breaksOffRatherThanSendLessThanAnnounced() {
        try (RawServer server = RawServer.replies(Reply.ok("taken")).start()) {
            StepVerifier.create(put(server.url(), Body.stream(pieces("ab", "cd"), 5, "text/plain")))
                    .expectErrorSatisfies(error -> assertThat(error)
                            .isInstanceOf(BodyLengthException.class)
                            .hasMessageContaining("5 bytes")
                            .hasMessageContaining("ended after 4"))
                    .verify(SOON);

            server.awaitNoOpenConnections(SOON);
        }
    }

    @Test
    void neverSendsMoreThanAnnounced() {
        try (RawServer server = RawServer.replies(Reply.ok("taken")).start()) {
            StepVerifier.create(put(server.url(), Body.stream(pieces("ab", "cde"), 4, "text/plain")))
                    .expectError(BodyLengthException.class)
                    .verify(SOON);

            assertThat(server.requests())
                    .allSatisfy(request -> assertThat(request.body()).isIn("", "ab"));
        }
    }

    @Test
    void isReadOnceAndSaysHowLongItIs() {
        Body body = Body.stream(pieces("ab"), 2, "text/plain");

        assertThat(body.length()).hasValue(2);
        assertThat(body.isReplayable()).isFalse();
        assertThat(body.inMemory()).isEmpty();
        assertThat(body).hasToString("Body[text/plain, a stream of 2 bytes]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Body.stream(Flux.empty(), -1, "text/plain"))
                .withMessageContaining("-1");
    }

    private static Flux<ByteBuffer> pieces(String... pieces) {
        return Flux.fromArray(pieces).map(piece -> ByteBuffer.wrap(piece.getBytes(UTF_8)));
    }

    private Flux<Integer> put(String url, Body body) {
        Request request = Request.put(url + "/x").body(body);
        return transport.exchange(request, response -> response.discard().thenReturn(response.status()));
    }
}
