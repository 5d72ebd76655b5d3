package dev.headrace.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.headrace.error.FailureKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Decompression is asked for, limited, and never believed blindly. */
class DecompressionTest {

    private static final Request REQUEST = Request.get("http://h/x").options(o -> o.decompress(true));
    private static final String TEXT = "headrace ".repeat(10_000);

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100, 1_000_000})
    void decompressesHoweverTheBytesAreCut(int size) throws IOException {
        assertThat(read(gzip(TEXT.getBytes(UTF_8)), size)).isEqualTo(TEXT);
    }

    @Test
    void removesTheHeadersThatNoLongerHold() {
        Response response =
                new Decompression().intercept(REQUEST, replying(new byte[0], 1)).block();

        assertThat(response).isNotNull();
        assertThat(response.headers().names()).containsExactly("x-other");
    }

    @Test
    void asksForGzipOnlyWhenTheRequestWantsIt() {
        Exchange echo = request -> Mono.just(Response.of(request, 200, request.headers(), new byte[0]));

        assertThat(new Decompression()
                        .intercept(REQUEST, echo)
                        .map(r -> r.headers().first("Accept-Encoding").orElse(""))
                        .block())
                .isEqualTo("gzip");
        assertThat(new Decompression()
                        .intercept(Request.get("http://h/x"), echo)
                        .map(r -> r.headers().contains("Accept-Encoding"))
                        .block())
                .isFalse();
    }

    @Test
    void failsWhenTheBodyEndsTooEarly() throws IOException {
        byte[] whole = gzip(TEXT.getBytes(UTF_8));

        for (int cut : new int[] {5, 20, whole.length / 2, whole.length - 1}) {
            assertThat(catchThrowable(() -> read(Arrays.copyOf(whole, cut), 16)))
                    .as("cut at %d of %d", cut, whole.length)
                    .isInstanceOf(ContentEncodingException.class);
        }
    }

    @Test
    void failsWhenTheBodyIsNoGzip() {
        assertThat(catchThrowable(() -> read("plain text, no gzip".getBytes(UTF_8), 100)))
                .isInstanceOfSatisfying(
                        ContentEncodingException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(FailureKind.UNTRUSTED_DATA));
    }

    @Test
    void losesNothingThatFollowsTheEnd() throws IOException {
        byte[] one = gzip(TEXT.getBytes(UTF_8));
        byte[] two = Arrays.copyOf(one, one.length * 2);
        System.arraycopy(one, 0, two, one.length, one.length);

        for (int chunk : new int[] {10, one.length, two.length}) {
            assertThat(catchThrowable(() -> read(two, chunk))).isInstanceOf(ContentEncodingException.class);
        }
    }

    @Test
    void failsBeforeABombFillsTheMemory() throws IOException {
        byte[] bomb = gzip(new byte[50_000_000]);

        assertThat(catchThrowable(() -> read(bomb, 1000)))
                .isInstanceOf(ContentEncodingException.class)
                .hasMessageContaining("100 times");
    }

    private static String read(byte[] body, int chunk) {
        byte[] all = new Decompression()
                .intercept(REQUEST, replying(body, chunk))
                .flatMap(response -> response.readAll(100_000_000))
                .block();
        return new String(all == null ? new byte[0] : all, UTF_8);
    }

    private static Exchange replying(byte[] body, int chunk) {
        Headers headers = Headers.of("Content-Encoding", "gzip", "Content-Length", "" + body.length, "X-Other", "1");
        return request -> Mono.just(Response.of(request, 200, headers, new byte[0])
                .replacingBody(
                        Flux.range(0, (body.length + chunk - 1) / chunk)
                                .concatMap(i -> Response.of(
                                                request,
                                                200,
                                                Headers.none(),
                                                Arrays.copyOfRange(
                                                        body, i * chunk, Math.min(body.length, (i + 1) * chunk)))
                                        .body()),
                        () -> {}));
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(plain);
        }
        return packed.toByteArray();
    }
}
