package dev.headrace.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.http.ExchangeOptions.Profile;
import dev.headrace.test.RawServer;
import dev.headrace.test.Reply;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;

/** Events that come in a chunk each, on a real socket. */
class EventChunksWireTest {

    private static final int EVENTS = 2000;

    /** The server writes once, so nearly all chunks come with many others. */
    @ParameterizedTest(name = "TLS {0}, interim response {1}")
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void chunksThatComeTogetherAreHandedOnTogether(boolean tls, boolean interim) {
        StringBuilder wire = new StringBuilder(interim ? "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" : "")
                .append("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        StringBuilder events = new StringBuilder();
        for (int i = 0; i < EVENTS; i++) {
            String event = "id: " + i + "\ndata: it happened\n\n";
            events.append(event);
            wire.append(Integer.toHexString(event.length()))
                    .append("\r\n")
                    .append(event)
                    .append("\r\n");
        }
        RawServer.Builder script = RawServer.script(request -> Reply.bytes(wire + "0\r\n\r\n"));
        try (RawServer server = (tls ? script.tls() : script).start();
                Transport transport = Transport.over(InterimResponseTest.trusting(server, tls))) {
            List<String> pieces = pieces(transport, server, Profile.EVENTS);

            assertThat(String.join("", pieces)).isEqualTo(events.toString());
            assertThat(pieces).hasSizeLessThan(EVENTS / 10);
            assertThat(pieces(transport, server, Profile.CALL)).hasSizeGreaterThanOrEqualTo(EVENTS);
        }
    }

    private static List<String> pieces(Transport transport, RawServer server, Profile profile) {
        Request request = Request.get(server.url() + "/").options(options -> options.profile(profile));
        Flux<String> pieces =
                transport.exchange(request, response -> response.body().map(piece -> piece.toString(UTF_8)));
        return pieces.collectList().blockOptional(Duration.ofSeconds(30)).orElseThrow();
    }
}
