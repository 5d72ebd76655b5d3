package dev.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.json.Json;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

class MalformedRequestTest {

    private static final AtomicInteger CALLS = new AtomicInteger();

    @SuppressWarnings("NullAway.Init")
    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = Acme.serving(Acme.doing(Mono.fromSupplier(() -> new Acme.Said("call " + CALLS.incrementAndGet()))));
    }

    @AfterAll
    static void stop() {
        Eventually.isQuiet(server);
        server.close();
    }

    private static void isRefused(String answer, int status) {
        assertThat(answer)
                .startsWith("HTTP/1.1 " + status + " ")
                .containsIgnoringCase("connection: close")
                .containsIgnoringCase("content-type: application/json");
        JsonNode envelope = Json.tree(answer.substring(answer.indexOf("\r\n\r\n") + 4));
        assertThat(envelope.propertyNames()).containsExactly("response", "raw_data", "page", "error");
        assertThat(envelope.at("/error/error_code").stringValue()).isEqualTo("acme.bad_request");
        assertThat(envelope.at("/error/raised_in").stringValue()).isEqualTo("acme:server");
        assertThat(envelope.at("/error/status_code").intValue()).isEqualTo(status);
    }

    private static String answerTo(String said) {
        try (RawCaller raw = new RawCaller(server)) {
            return raw.say(said).hear();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\r\n\r\n",
                "GET\r\n\r\n",
                "GET /health HTTP/9\r\n\r\n",
                "\u0016\u0003\u0001\r\n\r\n",
                "POST /work HTTP/1.1\r\nContent-Length: many\r\n\r\n",
                "POST /work HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                "POST /work HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
                "GET /health HTTP/1.1\r\nNo Name: x\r\n\r\n",
            })
    void answersWhatIsNoHttpWithAnEnvelope(String said) {
        isRefused(answerTo(said), 400);
    }

    @Test
    void answersALineThatIsTooLong() {
        isRefused(answerTo("GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: h\r\n\r\n"), 414);
    }

    @Test
    void answersAHeadThatIsTooLarge() {
        isRefused(answerTo(RawCaller.head("GET", "/info", "X: " + "x".repeat(20_000))), 431);
    }

    @Test
    void answersAHeadThatIsMuchTooLargeBeforeItIsRead() {
        isRefused(answerTo(RawCaller.head("GET", "/info", "X: " + "x".repeat(500_000))), 431);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/%zz", "/work%", "/[", "/a b", "//", "/work/../info", "\\", "http://", "http:///work", "/\u00e4"
            })
    void answersAnyPathWithAnEnvelope(String path) {
        String answer = answerTo(RawCaller.head("GET", path, "Connection: close"));

        assertThat(answer).matches("(?s)HTTP/1.1 40[045] .*\"error_code\":\"acme\\.[a-z_]+\".*");
    }

    @Test
    void doesNothingOfABodyThatBreaksOff() {
        String head = RawCaller.head("POST", "/work", "Content-Type: application/json", "Transfer-Encoding: chunked");
        String whole = "{\"request\":{\"text\":\"x\"}}";
        int before = CALLS.get();

        isRefused(answerTo(head + Integer.toHexString(whole.length()) + "\r\n" + whole + "\r\nnonsense\r\n\r\n"), 400);

        Eventually.isQuiet(server);
        assertThat(CALLS).hasValue(before);
    }

    @Test
    void countsThem() {
        Eventually.isQuiet(server);
        long refused = server.stats().refused();
        long requests = server.stats().requests();

        answerTo("nonsense\r\n\r\n");

        Eventually.isQuiet(server);
        assertThat(server.stats().refused()).isEqualTo(refused + 1);
        assertThat(server.stats().requests()).isEqualTo(requests + 1);
    }
}
