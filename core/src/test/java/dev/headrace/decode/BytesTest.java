package dev.headrace.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.http.Headers;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class BytesTest {

    @Test
    void givesTheChunksAsTheyComeAndNoneThatIsEmpty() {
        StepVerifier.create(read(Flux.just("ab", "", "c", "").map(Utf8::buffer)).map(BytesTest::text))
                .expectNext("ab", "c")
                .verifyComplete();
    }

    @Test
    void givesBuffersThatAreReadOnlyAndStay() {
        byte[] chunk = {'a', 'b'};
        List<ByteBuffer> kept =
                read(Flux.just(ByteBuffer.wrap(chunk))).collectList().block();
        chunk[0] = 'x';

        assertThat(kept).hasSize(1).allSatisfy(buffer -> {
            assertThat(buffer.isReadOnly()).isTrue();
            assertThat(buffer.isDirect()).isFalse();
        });
        assertThat(text(kept.get(0))).isEqualTo("ab");
    }

    @Test
    void asksForNoMoreChunksThanAreAskedOfIt() {
        TestPublisher<ByteBuffer> source = TestPublisher.create();

        StepVerifier.create(read(source.flux()).map(BytesTest::text), 0)
                .thenRequest(1)
                .then(() -> source.assertMaxRequested(1).next(Utf8.buffer("a")))
                .expectNext("a")
                .then(() -> source.assertMaxRequested(1))
                .thenCancel()
                .verify();
        source.assertCancelled();
    }

    @Test
    void passesAnErrorOnBehindTheBytesBeforeIt() {
        StepVerifier.create(
                        read(Flux.just(Utf8.buffer("a")).concatWith(Flux.error(new IllegalStateException("broken")))))
                .expectNextCount(1)
                .verifyErrorMessage("broken");
    }

    @Test
    void acceptsAnythingAndWaitsForNothing() {
        assertThat(Decoder.bytes().accept()).isEmpty();
        assertThat(Decoder.bytes().documentHead()).isZero();
    }

    private static Flux<ByteBuffer> read(Flux<ByteBuffer> body) {
        return Decoder.bytes().decode(Response.of(Request.get("https://h/x"), 200, Headers.none(), body));
    }

    private static String text(ByteBuffer buffer) {
        return StandardCharsets.UTF_8.decode(buffer.duplicate()).toString();
    }
}
