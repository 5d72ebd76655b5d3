package dev.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestBodyTest {

    private static final int LIMIT = 64 * 1024;
    private static final String HELLO = "{\"request\":{\"text\":\"hello\"}}";

    @SuppressWarnings("NullAway.Init")
    private static RunningServer server;

    @SuppressWarnings("NullAway.Init")
    private static HttpCaller caller;

    @BeforeAll
    static void start() {
        server = Acme.started(Acme.server(Acme.integration()).bodyLimit(LIMIT).requestTimeout(Duration.ofMillis(400)));
        caller = new HttpCaller(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String withText(int bytes) {
        String frame = "{\"request\":{\"text\":\"\"}}";
        return frame.replace("\"\"", "\"" + "x".repeat(bytes - frame.length()) + "\"");
    }

    private static void isRefused(HttpResponse<String> response, int status, String code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(HttpCaller.error(response)).isEqualTo("acme." + code + " in acme:server");
        assertThat(HttpCaller.json(response).at("/error/status_code").intValue())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "application/json; charset=utf-8",
                "Application/JSON;charset=UTF-8",
                "application/json; charset=\"utf-8\""
            })
    void takesJson(String type) {
        assertThat(HttpCaller.send(caller.request("/say_again")
                                .header("Content-Type", type)
                                .POST(BodyPublishers.ofString(HELLO)))
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "application/json; charset=iso-8859-1",
                "application/jsonp",
                "application/json, text/plain"
            })
    void refusesAnyOtherType(String type) {
        isRefused(
                HttpCaller.send(caller.request("/say_again")
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofString(HELLO))),
                415,
                "bad_request");
    }

    @Test
    void refusesABodyWithoutAType() {
        isRefused(
                HttpCaller.send(caller.request("/say_again").POST(BodyPublishers.ofString(HELLO))), 415, "bad_request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "nonsense",
                "[]",
                "\"text\"",
                "1",
                "null",
                "{} {}",
                "{\"a\":1,}",
                "{'request':{}}",
                "\uFFFE{}"
            })
    void refusesWhatIsNoJsonObject(String body) {
        isRefused(caller.post("/say_again", body), 400, "bad_request");
    }

    @Test
    void refusesNestingThatIsTooDeep() {
        isRefused(caller.post("/say_again", "{\"request\":" + "[".repeat(5_000)), 400, "bad_request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"request\":{\"text\":\"\u00ff\"}}",
                "{\"request\":{\"text\":\"\u00c0\u00af\"}}",
                "\u00fe\u00ff\u0000{\u0000}"
            })
    void refusesWhatIsNoUtf8(String latin) {
        byte[] body = latin.getBytes(StandardCharsets.ISO_8859_1);

        isRefused(HttpCaller.send(caller.posting("/say_again", BodyPublishers.ofByteArray(body))), 400, "bad_request");
    }

    @Test
    void showsNothingOfTheBodyThatItRefuses() {
        assertThat(caller.post("/say_again", "{\"auth\":{\"password\":\"hunter22\",")
                        .body())
                .doesNotContain("hunter22");
    }

    @Test
    void answersAWrongInputWithTheEnvelopeOfTheCapability() {
        HttpResponse<String> response = caller.post("/say_again", "{\"request\":{\"text\":[]}}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(HttpCaller.error(response)).isEqualTo("acme.bad_request in acme:say_again");
    }

    @Test
    void takesABodyOfTheLimit() {
        assertThat(caller.post("/say_again", withText(LIMIT)).statusCode()).isEqualTo(200);
    }

    @Test
    void refusesABodyOverTheLimit() {
        isRefused(caller.post("/say_again", withText(LIMIT + 1)), 413, "bad_request");
    }

    @Test
    void refusesABodyOfUnknownLengthOverTheLimit() {
        byte[] body = withText(LIMIT + 1).getBytes(StandardCharsets.UTF_8);

        isRefused(
                HttpCaller.send(caller.posting(
                        "/say_again", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))),
                413,
                "bad_request");
    }

    @Test
    void takesABodyOfUnknownLength() {
        byte[] body = withText(LIMIT).getBytes(StandardCharsets.UTF_8);

        assertThat(HttpCaller.send(caller.posting(
                                "/say_again", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void answersBeforeTheRestOfATooLargeBodyAndThenCloses() {
        try (RawCaller raw = new RawCaller(server)) {
            String answer = raw.say(RawCaller.head(
                            "POST", "/say_again", "Content-Type: application/json", "Content-Length: 1000000000"))
                    .hear();

            assertThat(answer).startsWith("HTTP/1.1 413 ").containsIgnoringCase("connection: close");
        }
    }

    @Test
    void letsACallerThatIsStillSendingReadWhyItIsRefused() {
        try (RawCaller raw = new RawCaller(server)) {
            raw.say(RawCaller.head(
                    "POST", "/say_again", "Content-Type: application/json", "Transfer-Encoding: chunked"));
            byte[] chunk = ("2000\r\n" + "x".repeat(0x2000) + "\r\n").getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 200; i++) {
                raw.trySay(chunk);
            }

            assertThat(raw.hear(heard -> heard.endsWith("}}"))).startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void asksForABodyThatWaitsToBeAskedFor() {
        try (RawCaller raw = new RawCaller(server)) {
            raw.say(RawCaller.head(
                    "POST",
                    "/say_again",
                    "Content-Type: application/json",
                    "Expect: 100-continue",
                    "Connection: close",
                    "Content-Length: " + HELLO.length()));

            assertThat(raw.hear(heard -> heard.endsWith("\r\n\r\n"))).startsWith("HTTP/1.1 100 Continue");
            assertThat(raw.say(HELLO).hear()).startsWith("HTTP/1.1 200 OK").contains("hello");
        }
    }

    @Test
    void doesNotAskForABodyThatItRefuses() {
        try (RawCaller raw = new RawCaller(server)) {
            String answer = raw.say(RawCaller.head(
                            "POST",
                            "/say_again",
                            "Content-Type: application/json",
                            "Expect: 100-continue",
                            "Content-Length: 1000000"))
                    .hear();

            assertThat(answer).startsWith("HTTP/1.1 413 ").doesNotContain("100 Continue");
        }
    }

    @Test
    void refusesABodyThatDoesNotCome() {
        try (RawCaller raw = new RawCaller(server)) {
            String answer = raw.say(RawCaller.head(
                            "POST", "/say_again", "Content-Type: application/json", "Content-Length: 100"))
                    .say("{")
                    .hear();

            assertThat(answer)
                    .startsWith("HTTP/1.1 408 ")
                    .contains("acme.request_timeout")
                    .contains("acme:server")
                    .containsIgnoringCase("connection: close");
        }
    }

    @Test
    void closesBehindABodyThatNobodyReads() {
        try (RawCaller raw = new RawCaller(server)) {
            String answer = raw.say(RawCaller.head("GET", "/info", "Content-Length: 5"))
                    .say("hello")
                    .hear();

            assertThat(answer).startsWith("HTTP/1.1 200 ").containsIgnoringCase("connection: close");
        }
    }

    @Test
    void speaksToCallersOfHttp10() {
        try (RawCaller raw = new RawCaller(server)) {
            assertThat(raw.say("GET /health HTTP/1.0\r\n\r\n").hear()).endsWith("\r\n\r\n{\"status\":\"UP\"}");
        }
    }
}
