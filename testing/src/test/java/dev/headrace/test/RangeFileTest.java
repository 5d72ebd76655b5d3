package dev.headrace.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RangeFileTest {

    private static final int SIZE = 200_001;
    private static final RangeFile FILE = RangeFile.ofSize(SIZE);
    private static final String TAG = FILE.etag();

    @Test
    void servesTheWholeFile() throws Exception {
        try (TestServer server = FILE.start()) {
            HttpResponse<byte[]> response = Client.bytes(server.uri());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(header(response, "Content-Length")).isEqualTo("200001");
            assertThat(header(response, "Accept-Ranges")).isEqualTo("bytes");
            assertThat(header(response, "ETag")).isEqualTo(TAG);
            assertThat(header(response, "Last-Modified")).isEqualTo("Mon, 01 Jan 2024 00:00:00 GMT");
            assertThat(sha256(response.body())).isEqualTo(FILE.sha256());
        }
    }

    @Test
    void bytesDependOnSeedAndPositionOnly() {
        byte[] all = FILE.bytes(0, SIZE);
        for (int from : new int[] {0, 1, 7, 8, 9, 65_535, SIZE - 3}) {
            assertThat(FILE.bytes(from, Math.min(SIZE, from + 11)))
                    .containsExactly(Arrays.copyOfRange(all, from, Math.min(SIZE, from + 11)));
        }
        assertThat(FILE.seed(2).sha256()).isNotEqualTo(FILE.sha256());
        assertThat(RangeFile.ofSize(SIZE).sha256()).isEqualTo(FILE.sha256());
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 1",
        "bytes=100-199, 100, 200",
        "bytes=200000-, 200000, 200001",
        "bytes=5-999999999999999999999, 5, 200001",
        "bytes=-10, 199991, 200001",
        "bytes=-999999, 0, 200001",
    })
    void servesRanges(String range, int from, int to) throws Exception {
        try (TestServer server = FILE.start()) {
            HttpResponse<byte[]> response = Client.bytes(server.uri(), "Range", range);
            assertThat(response.statusCode()).isEqualTo(206);
            assertThat(header(response, "Content-Range")).isEqualTo("bytes " + from + "-" + (to - 1) + "/" + SIZE);
            assertThat(response.body()).isEqualTo(FILE.bytes(from, to));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Range: bytes=200001- | 416",
                "Range: bytes=-0 | 416",
                "Range: bytes=5-4 | 200",
                "Range: bytes=0-1,3-4 | 200",
                "Range: pages=1-2 | 200",
                "If-Match: \"200001-1\" | 200",
                "If-Match: \"x\" | 412",
                "If-Match: * | 200",
                "If-None-Match: \"x\", \"200001-1\" | 304",
                "Range: bytes=1-; If-Range: \"200001-1\" | 206",
                "Range: bytes=1-; If-Range: \"x\" | 200",
                "Range: bytes=1-; If-Range: Mon, 01 Jan 2024 00:00:00 GMT | 206",
                "Range: bytes=1-; If-Range: Mon, 01 Jan 2024 00:00:01 GMT | 200",
            })
    void honoursConditions(String headers, int status) throws Exception {
        try (TestServer server = FILE.start()) {
            String request = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + headers.replace("; ", "\r\n");
            assertThat(Client.exchange(server, request + "\r\n\r\n")).startsWith("HTTP/1.1 " + status + " ");
        }
    }

    @Test
    void takesAnyConditionForMetWhenToldTo() throws Exception {
        try (TestServer server = FILE.ignoringIfMatch().onRequest(1).once().start()) {
            for (int status : new int[] {206, 412}) {
                assertThat(Client.bytes(server.uri(), "Range", "bytes=1-", "If-Match", "\"x\"")
                                .statusCode())
                        .isEqualTo(status);
            }
        }
    }

    @Test
    void tellsTheSizeWithAnUnsatisfiableRange() throws Exception {
        try (TestServer server = FILE.unsatisfiable(7).onRequest(2).once().start()) {
            assertThat(header(Client.bytes(server.uri(), "Range", "bytes=300000-"), "Content-Range"))
                    .isEqualTo("bytes */200001");
            assertThat(header(Client.bytes(server.uri(), "Range", "bytes=1-"), "Content-Range"))
                    .isEqualTo("bytes */7");
        }
    }

    @Test
    void answersHeadWithoutABody() throws Exception {
        try (TestServer server = FILE.start()) {
            String response = Client.exchange(server, "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assertThat(response.toLowerCase(Locale.ROOT)).contains("content-length: 200001");
            assertThat(response).endsWith("\r\n\r\n");
        }
    }

    @Test
    void cutsResponsesOneAfterTheOther() throws Exception {
        try (TestServer server = FILE.cutting(100_000, 0).start()) {
            String request = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
            assertThat(server.bytesSent()).isZero();
            Client.exchange(server, request);
            assertThat(server.bytesSent()).isBetween(100_000L, 101_000L);
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> Client.bytes(server.uri()));
            assertThat(server.bytesSent()).isBetween(100_000L, 102_000L);
            assertThat(sha256(Client.bytes(server.uri()).body())).isEqualTo(FILE.sha256());
        }
    }

    @Test
    void resetsAndStalls() throws Exception {
        try (TestServer server = FILE.resetAfter(1000)
                .onRequest(1)
                .once()
                .stallAfter(10)
                .onRequest(2)
                .once()
                .start()) {
            String request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> Client.exchange(server, request))
                    .withMessageContaining("reset");
            assertThat(Client.exchangeUntilSilence(server, request)).doesNotEndWith("<closed>");
            assertThat(server.bytesSent()).isLessThan(3_000);
        }
    }

    @Test
    void resetsAlsoUnderTls() throws Exception {
        try (TestServer server = TestServer.builder()
                .tls()
                .route("/**", FILE.resetAfter(1000).always())
                .start()) {
            HttpClient client =
                    HttpClient.newBuilder().sslContext(server.trustingContext()).build();
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(
                            () -> client.send(Client.request(server.uri("/")), HttpResponse.BodyHandlers.ofByteArray()))
                    .withStackTraceContaining("reset");
        }
    }

    @Test
    void liesAboutRanges() throws Exception {
        try (TestServer server = FILE.ignoringRange()
                .onRequest(1)
                .once()
                .shiftingStart(5)
                .onRequest(2)
                .once()
                .shiftingStart(-5)
                .onRequest(3)
                .once()
                .omittingContentRange()
                .onRequest(4)
                .once()
                .claimingTotal(9)
                .onRequest(5)
                .once()
                .hidingTotal()
                .onRequest(6)
                .once()
                .shorteningRanges(3)
                .onRequest(7)
                .once()
                .rangingUnasked()
                .onRequest(8)
                .once()
                .claimingMultipart()
                .onRequest(9)
                .once()
                .start()) {
            assertThat(Client.bytes(server.uri(), "Range", "bytes=100-").statusCode())
                    .isEqualTo(200);
            HttpResponse<byte[]> late = Client.bytes(server.uri(), "Range", "bytes=100-");
            assertThat(header(late, "Content-Range")).isEqualTo("bytes 105-200000/200001");
            assertThat(late.body()).isEqualTo(FILE.bytes(105, SIZE));
            assertThat(contentRange(server)).isEqualTo("bytes 95-200000/200001");
            assertThat(contentRange(server)).isEmpty();
            assertThat(contentRange(server)).isEqualTo("bytes 100-200000/9");
            assertThat(contentRange(server)).isEqualTo("bytes 100-200000/*");
            assertThat(contentRange(server)).isEqualTo("bytes 100-102/200001");
            assertThat(Client.bytes(server.uri()).statusCode()).isEqualTo(206);
            assertThat(header(Client.bytes(server.uri(), "Range", "bytes=100-"), "Content-Type"))
                    .startsWith("multipart/byteranges");
        }
    }

    @Test
    void liesAboutTheVersion() throws Exception {
        try (TestServer server = FILE.claimingEtag("\"v2\"")
                .onRequest(1)
                .once()
                .weakeningEtag()
                .onRequest(2, 3)
                .always()
                .omittingValidators()
                .onRequest(4)
                .once()
                .ignoringIfRange()
                .onRequest(5)
                .once()
                .sendingBytesOf(9)
                .onRequest(6)
                .once()
                .claimingEncoding("gzip")
                .onRequest(7)
                .once()
                .start()) {
            assertThat(header(Client.bytes(server.uri()), "ETag")).isEqualTo("\"v2\"");
            assertThat(header(Client.bytes(server.uri()), "ETag")).isEqualTo("W/" + TAG);
            assertThat(Client.bytes(server.uri(), "Range", "bytes=1-", "If-Range", "W/" + TAG)
                            .statusCode())
                    .isEqualTo(200);
            assertThat(Client.bytes(server.uri()).headers().map()).doesNotContainKeys("etag", "last-modified");
            assertThat(Client.bytes(server.uri(), "Range", "bytes=1-", "If-Range", "\"x\"")
                            .statusCode())
                    .isEqualTo(206);
            assertThat(sha256(Client.bytes(server.uri()).body()))
                    .isEqualTo(FILE.seed(9).sha256());
            assertThat(header(Client.bytes(server.uri()), "Content-Encoding")).isEqualTo("gzip");
        }
    }

    @Test
    void framesTheBodyAsTold() throws Exception {
        try (TestServer server = FILE.chunked()
                .onRequest(1)
                .once()
                .closeDelimited()
                .onRequest(2)
                .once()
                .claimingLength(300_000)
                .onRequest(3)
                .once()
                .claimingLength(1_000)
                .onRequest(4)
                .once()
                .start()) {
            HttpResponse<byte[]> chunked = Client.bytes(server.uri());
            assertThat(header(chunked, "Transfer-Encoding")).isEqualTo("chunked");
            assertThat(header(chunked, "Content-Length")).isEmpty();
            assertThat(chunked.body()).hasSize(SIZE);
            HttpResponse<byte[]> unframed = Client.bytes(server.uri());
            assertThat(header(unframed, "Transfer-Encoding")).isEmpty();
            assertThat(unframed.body()).hasSize(SIZE);
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> Client.bytes(server.uri()));
            assertThat(Client.bytes(server.uri()).body()).hasSize(1_000);
        }
    }

    @Test
    void failsTheRequestsItWasToldTo() throws Exception {
        try (TestServer server = FILE.failing(429)
                .header("Retry-After", "3")
                .when(request -> request.requestHeaders().contains("Range"))
                .once()
                .start()) {
            assertThat(Client.bytes(server.uri()).statusCode()).isEqualTo(200);
            HttpResponse<byte[]> refused = Client.bytes(server.uri(), "Range", "bytes=1-");
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(header(refused, "Retry-After")).isEqualTo("3");
        }
    }

    @Test
    void changesWhileItIsServed() throws Exception {
        RangeFile file = RangeFile.ofSize(10);
        try (TestServer server = file.start()) {
            String before = file.etag();
            file.replaceWith(20, 7);
            HttpResponse<byte[]> response = Client.bytes(server.uri(), "Range", "bytes=5-", "If-Range", before);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo(RangeFile.ofSize(20).seed(7).bytes(0, 20));
            assertThat(header(response, "Last-Modified")).isEqualTo("Mon, 01 Jan 2024 01:00:00 GMT");
        }
    }

    @Test
    void throttlesToTheRateAskedFor() throws Exception {
        try (TestServer server =
                RangeFile.ofSize(60_000).throttledTo(200_000).always().start()) {
            long before = System.nanoTime();
            assertThat(Client.bytes(server.uri()).body()).hasSize(60_000);
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isBetween(Duration.ofMillis(240), Duration.ofMillis(1_500));
        }
    }

    @Test
    void refusesSenselessSettings() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RangeFile.ofSize(-1))
                .withMessageContaining("-1");
        assertThatIllegalArgumentException().isThrownBy(() -> FILE.bytes(0, SIZE + 1L));
        assertThatIllegalArgumentException().isThrownBy(() -> FILE.throttledTo(0));
        assertThatIllegalArgumentException().isThrownBy(() -> FILE.shorteningRanges(0));
    }

    private static String contentRange(TestServer server) throws Exception {
        return header(Client.bytes(server.uri(), "Range", "bytes=100-"), "Content-Range");
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
