package dev.headrace.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.http.Body;
import dev.headrace.http.Exchange;
import dev.headrace.http.ExchangeOptions;
import dev.headrace.http.Headers;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.Secret;
import dev.headrace.http.Transport;
import dev.headrace.http.TransportSettings;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.junit5.StartStop;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Rows R64, R65, R66, A54 and A56: requests, responses and failures in a log, without secrets and without reading anything. */
class WireLogTest {

    private static final String SECRET = "hunter2";

    @StartStop
    private final MockWebServer server = new MockWebServer();

    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Test
    void showsARequestAndItsResponse() {
        Request request = Request.post("http://h/login")
                .header("Accept", "application/json")
                .json(Map.of("user", "ann"));

        read(request, json("{\"id\":1}"));

        assertThat(plain())
                .containsExactly(
                        "> POST http://h/login",
                        "> Accept: application/json",
                        "> {\"user\":\"ann\"} (14 bytes)",
                        "< 200 after 0 ms",
                        "< Content-Type: application/json",
                        "< {\"id\":1} (8 bytes)");
        assertThat(lines.stream().map(line -> line.split(" ", 2)[0]).distinct()).hasSize(1);
    }

    @Test
    void showsNoSecret() {
        Request request = Request.post("http://u:hunter2@h/x?api_key=hunter2&code=hunter2")
                .query("q", Secret.of(SECRET))
                .header("Authorization", "Bearer " + SECRET)
                .header("Cookie", "a=" + SECRET)
                .header("X-API-Key", SECRET)
                .header("Referer", "http://h/?token=" + SECRET)
                .body(Body.form(Map.of("password", SECRET)));
        Headers headers = Headers.of(
                "Content-Type",
                "application/json",
                "Set-Cookie",
                "sid=" + SECRET,
                "Location",
                "http://u:hunter2@h/?access_token=" + SECRET);

        read(
                request,
                asked -> Mono.just(
                        Response.of(
                                asked,
                                200,
                                headers,
                                bytes(
                                        "{\"access_token\":\"hunter2\",\"more\":[{\"secret\":\"hunter2\"}],\"text\":\"Bearer hunter2\"}"))));

        assertThat(lines).hasSizeGreaterThan(8).noneMatch(line -> line.contains(SECRET));
        assertThat(String.join("\n", lines)).contains("password=•••", "{\"access_token\":\"•••\"", "Set-Cookie: •••");
    }

    @Test
    void showsNoSecretOfAFailure() {
        read(
                Request.get("http://h/x"),
                asked -> Mono.error(new IllegalStateException("refused http://u:hunter2@h/?sig=hunter2\r\nforged")));

        assertThat(plain())
                .containsExactly(
                        "> GET http://h/x",
                        "! failed: IllegalStateException: refused http://•••@h/?sig=•••\\r\\nforged after 0 ms");
    }

    @Test
    void escapesWhatWouldForgeALine() {
        read(Request.get("http://h/x"), json("{\"a\":\"\u001b[2J\n#1 < 200\"}"));

        assertThat(lines).noneMatch(line -> line.contains("\n") || line.contains("\u001b"));
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, 999, true",
        "application/json, 1000, false",
        "application/problem+json, 10, true",
        "text/plain; charset=iso-8859-1, 10, true",
        "image/png, 10, false",
        "'', 10, false",
        "text/event-stream, 10, false"
    })
    void showsABodyOnlyIfItIsShortText(String contentType, int length, boolean shown) {
        read(
                Request.get("http://h/x"),
                asked -> Mono.just(
                        Response.of(asked, 200, Headers.of("Content-Type", contentType), bytes("x".repeat(length)))));

        assertThat(last())
                .isEqualTo("< " + (shown ? "x".repeat(length) + " (" + length + " bytes)" : length + " bytes"));
    }

    @Test
    void showsNoBytesThatAreNoText() {
        byte[] hidden = "{\"password\":\"hunter2\"}".getBytes(StandardCharsets.UTF_16LE);

        read(
                Request.get("http://h/x"),
                asked -> Mono.just(Response.of(asked, 200, Headers.of("Content-Type", "application/json"), hidden)));

        assertThat(last()).isEqualTo("< " + hidden.length + " bytes");
    }

    @ParameterizedTest
    @CsvSource({"EVENTS", "TRANSFER"})
    void neverCopiesStreams(ExchangeOptions.Profile profile) {
        read(Request.get("http://h/x").options(options -> options.profile(profile)), json("{}"));

        assertThat(last()).isEqualTo("< 2 bytes");
    }

    @Test
    void neverReadsARequestsStream() {
        Request request =
                Request.put("http://h/x").body(Body.stream(Flux.error(new AssertionError("read")), "text/plain"));

        read(request, json("{}"));

        assertThat(plain()).contains("> a stream");
    }

    @Test
    void tellsOfACancel() {
        StepVerifier.create(logged(asked -> Mono.never()).exchange(Request.get("http://h/x")))
                .thenCancel()
                .verify();

        assertThat(last()).matches("! cancelled after \\d+ ms");
    }

    @Test
    void tellsOfABodyThatBreaksOrIsGivenUp() {
        Flux<ByteBuffer> cut =
                Flux.just(ByteBuffer.wrap(bytes("{\"a\""))).concatWith(Mono.error(new IllegalStateException("cut")));
        Exchange broken = logged(asked -> Mono.just(Response.of(asked, 200, Headers.none(), cut)));

        StepVerifier.create(broken.exchange(Request.get("http://h/x")).flatMapMany(Response::bytes))
                .expectNextCount(1)
                .verifyError();
        assertThat(last()).matches("! failed: IllegalStateException: cut after \\d+ ms and 4 bytes");

        StepVerifier.create(broken.exchange(Request.get("http://h/x")).flatMapMany(Response::bytes), 1)
                .expectNextCount(1)
                .thenCancel()
                .verify();
        assertThat(last()).isEqualTo("< given up after 4 bytes");
        assertThat(plain()).noneMatch(line -> line.contains("cancelled"));
    }

    @Test
    void buildsNothingWhileTheLevelIsOff() {
        Response response = Response.of(Request.get("http://h/x"), 200, Headers.none(), new byte[0]);

        StepVerifier.create(WireLog.debug().around(asked -> Mono.just(response)).exchange(Request.get("http://h/x")))
                .expectNext(response)
                .verifyComplete();
    }

    @Test
    void logsOverASocketWhatIsReadAndNothingMore() {
        server.enqueue(new MockResponse.Builder()
                .addHeader("Content-Type", "application/json")
                .addHeader("Set-Cookie", "sid=" + SECRET)
                .body("{\"refresh_token\":\"hunter2\",\"a\":1}")
                .build());
        server.enqueue(new MockResponse.Builder().body("unread").build());
        Request request = Request.get(server.url("/x").toString()).header("X-Auth-Token", SECRET);
        try (Transport transport = Transport.over(TransportSettings.defaults())) {
            Exchange calls = logged(transport);

            StepVerifier.create(calls.exchange(request, response -> response.readAll(100)))
                    .expectNextCount(1)
                    .verifyComplete();
            assertThat(last()).isEqualTo("< {\"refresh_token\":\"•••\",\"a\":1} (33 bytes)");

            StepVerifier.create(calls.exchange(request, response -> Mono.just(response.status())))
                    .expectNext(200)
                    .verifyComplete();
            assertThat(last()).isEqualTo("< given up after 0 bytes");
        }
        assertThat(lines).noneMatch(line -> line.contains(SECRET));
    }

    @Test
    void alsoWritesToWhomTheSubscriberNamesOnceEach() {
        List<String> subscribers = new CopyOnWriteArrayList<>();
        Consumer<String> told = subscribers::add;
        Exchange server = json("{}");
        Request request = Request.get("http://h/?api_key=" + SECRET);

        for (WireLog log : List.of(WireLog.to(lines::add), WireLog.debug(), WireLog.to(told))) {
            lines.clear();
            subscribers.clear();
            StepVerifier.create(log.around(server)
                            .exchange(request)
                            .flatMap(response -> response.readAll(100))
                            .contextWrite(context -> context.put(WireLog.LINES, told)))
                    .expectNextCount(1)
                    .verifyComplete();

            assertThat(subscribers).hasSize(4).first().asString().endsWith("> GET http://h/?api_key=•••");
        }

        StepVerifier.create(WireLog.to(lines::add).around(server).exchange(request))
                .expectNextCount(1)
                .verifyComplete();
        assertThat(subscribers).hasSize(4);
        assertThat(lines).isNotEmpty();
    }

    private Exchange logged(Exchange server) {
        return WireLog.to(lines::add).around(server);
    }

    private void read(Request request, Exchange server) {
        StepVerifier.withVirtualTime(() -> logged(server)
                        .exchange(request)
                        .flatMap(response -> response.readAll(10_000))
                        .onErrorComplete()
                        .then())
                .verifyComplete();
    }

    private List<String> plain() {
        return lines.stream().map(line -> line.split(" ", 2)[1]).toList();
    }

    private String last() {
        List<String> plain = plain();
        return plain.get(plain.size() - 1);
    }

    private static Exchange json(String body) {
        return asked -> Mono.just(Response.of(asked, 200, Headers.of("Content-Type", "application/json"), bytes(body)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
