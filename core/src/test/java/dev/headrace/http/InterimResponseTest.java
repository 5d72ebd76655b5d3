package dev.headrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.test.RawServer;
import dev.headrace.test.Reply;
import io.netty.handler.ssl.SslContextBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;

/** ARCHITECTURE rule 11: interim responses are not answers, and never shift answers to later requests of the connection. */
class InterimResponseTest {

    static Stream<Arguments> cases() {
        return Stream.of(102, 103, 104)
                .flatMap(status -> Stream.of(1, 2)
                        .flatMap(times -> Stream.of(0, 25)
                                .flatMap(pause ->
                                        Stream.of(false, true).map(tls -> Arguments.of(status, times, pause, tls)))));
    }

    @ParameterizedTest(name = "{0}, {1} times, pause {2} ms, TLS {3}")
    @MethodSource("cases")
    void eachRequestOfAReusedConnectionGetsItsOwnAnswer(int status, int times, int pause, boolean tls) {
        String interim = ("HTTP/1.1 " + status + " Interim\r\nLink: </style.css>; rel=preload\r\n\r\n").repeat(times);
        RawServer.Builder script = RawServer.script(
                request -> Reply.bytes(interim).pause(Duration.ofMillis(pause)).thenOk("body of " + request.path()));
        try (RawServer server = (tls ? script.tls() : script).start();
                Transport transport = Transport.over(trusting(server, tls))) {

            Flux<String> answers = Flux.just("/one", "/two", "/three")
                    .concatMap(path -> transport.exchange(
                            Request.get(server.url() + path),
                            response -> response.readAll(100)
                                    .map(body -> response.status() + " " + new String(body, StandardCharsets.UTF_8))));

            assertThat(answers.collectList().block(Duration.ofSeconds(30)))
                    .containsExactly("200 body of /one", "200 body of /two", "200 body of /three");
            assertThat(server.connectionsAccepted()).isEqualTo(1);
        }
    }

    static TransportSettings trusting(RawServer server, boolean tls) {
        return !tls
                ? TransportSettings.defaults()
                : TransportSettings.defaults()
                        .customize(client -> client.secure(spec -> {
                            try {
                                spec.sslContext(SslContextBuilder.forClient()
                                        .trustManager(server.certificate())
                                        .build());
                            } catch (javax.net.ssl.SSLException e) {
                                throw new IllegalStateException(e);
                            }
                        }));
    }
}
