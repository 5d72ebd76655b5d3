package dev.headrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** {@link Response#readAll}: the whole body as one array, and no more than was allowed. */
class ReadAllTest {

    private static final int LENGTH = 1000;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 499, 500, 501, 999, 1000})
    void isTheSameHoweverTheBodyIsCut(int chunk) {
        StepVerifier.create(response(content(), chunk).readAll(LENGTH))
                .assertNext(all -> assertThat(all).isEqualTo(content()))
                .verifyComplete();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 999, 1000})
    void stopsAtTheFirstByteBeyondTheLimit(int chunk) {
        List<String> signals = new ArrayList<>();
        Response response = response(content(), chunk, signals);

        StepVerifier.create(response.readAll(LENGTH - 1)).verifyError(BodyTooLargeException.class);
        assertThat(signals).containsExactly("cancelled");
    }

    @Test
    void anEmptyBodyIsAnEmptyArray() {
        StepVerifier.create(response(new byte[0], 1).readAll(0))
                .assertNext(all -> assertThat(all).isEmpty())
                .verifyComplete();
        StepVerifier.create(Response.of(Request.get("http://api.test/a"), 200, Headers.none(), Flux.empty())
                        .readAll(10))
                .assertNext(all -> assertThat(all).isEmpty())
                .verifyComplete();
    }

    @Test
    void whatItGivesIsNotTheBuffersMemory() {
        ByteBuf chunk = Unpooled.wrappedBuffer("ab".getBytes(StandardCharsets.US_ASCII));
        Response response = response(Flux.just(chunk));

        StepVerifier.create(response.readAll(10))
                .assertNext(all -> {
                    chunk.setByte(0, 'x');
                    assertThat(new String(all, StandardCharsets.US_ASCII)).isEqualTo("ab");
                })
                .verifyComplete();
        assertThat(chunk.readableBytes()).isEqualTo(2);
    }

    @Test
    void cancellingCancelsTheBody() {
        List<String> signals = new ArrayList<>();
        Response response = response(Flux.<ByteBuf>never().doOnCancel(() -> signals.add("cancelled")));

        StepVerifier.create(response.readAll(10)).thenCancel().verify();
        assertThat(signals).containsExactly("cancelled");
    }

    private static byte[] content() {
        byte[] content = new byte[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            content[i] = (byte) (i * 31);
        }
        return content;
    }

    private static Response response(byte[] content, int chunk) {
        return response(content, chunk, new ArrayList<>());
    }

    private static Response response(byte[] content, int chunk, List<String> signals) {
        return response(Flux.range(0, (content.length + chunk - 1) / chunk)
                .map(i -> Unpooled.wrappedBuffer(
                        Arrays.copyOfRange(content, i * chunk, Math.min(content.length, (i + 1) * chunk))))
                .doOnCancel(() -> signals.add("cancelled")));
    }

    private static Response response(Flux<ByteBuf> body) {
        return new Response(
                Request.get("http://api.test/a"), 200, Headers.none(), body, () -> {}, BodyEnding.past(), null);
    }
}
