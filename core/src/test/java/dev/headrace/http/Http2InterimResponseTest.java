package dev.headrace.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;

/** ARCHITECTURE rule 11 on the streams of an HTTP/2 connection, one after the other and at the same time. */
class Http2InterimResponseTest {

    private static final TransportSettings HTTP2 =
            TransportSettings.defaults().tls(TlsSettings.trustAll()).http2(true);

    static Stream<Arguments> cases() {
        return Stream.of(100, 102, 103, 104)
                .flatMap(status -> Stream.of(1, 2)
                        .flatMap(times -> Stream.of(0, 25).map(pause -> Arguments.of(status, times, pause))));
    }

    @ParameterizedTest(name = "{0}, {1} times, pause {2} ms")
    @MethodSource("cases")
    void eachStreamGetsItsOwnAnswer(int status, int times, int pause) throws Exception {
        try (Http2Server server = Http2Server.answering((path, stream) -> {
                    for (int i = 0; i < times; i++) {
                        stream.head(status, false, "link", "</style.css>; rel=preload");
                    }
                    stream.after(Duration.ofMillis(pause), () -> answer(path, stream));
                });
                Transport transport = Transport.over(HTTP2)) {
            for (int concurrency : new int[] {1, 4}) {
                Flux<String> answers = Flux.just("/one", "/two", "/three", "/empty")
                        .flatMapSequential(
                                path -> transport.exchange(
                                        Request.get(server.url() + path),
                                        response -> response.readAll(100)
                                                .map(body -> response.protocol() + " " + response.status() + " "
                                                        + new String(body, UTF_8))),
                                concurrency);

                assertThat(answers.collectList().block(ofSeconds(30)))
                        .containsExactly(
                                "HTTP/2 200 body of /one",
                                "HTTP/2 200 body of /two",
                                "HTTP/2 200 body of /three",
                                "HTTP/2 204 ");
            }
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    private static void answer(String path, Http2Server.Stream stream) {
        if (path.equals("/empty")) {
            stream.head(204, true);
        } else {
            stream.ok("body of " + path);
        }
    }
}
