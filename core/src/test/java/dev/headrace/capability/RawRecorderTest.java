package dev.headrace.capability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Exchange;
import dev.headrace.http.ExchangeOptions;
import dev.headrace.http.Headers;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.Secret;
import dev.headrace.json.Json;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.test.RawServer;
import dev.headrace.test.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** What the remote answered, for those who asked for raw data. M13 */
class RawRecorderTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String SECRET = "hunter2-hunter2";
    private static final Request GET = Request.get("http://h/x");

    private final RawRecorder recorder = new RawRecorder();

    @Test
    void recordsWhatIsRead() { // M13
        try (RawServer server = RawServer.replies(
                                json(200, "OK", "{\"id\":1.50}"),
                                reply("text/plain", "line 1\nline 2"),
                                json(204, "No", ""))
                        .start();
                Connector api = Connector.builder(server.url()).build();
                Connector recorded = api.mutate().callInterceptor(recorder).build()) {
            assertThat(read(recorded, "/a?page=2")).isEqualTo("{\"id\":1.50}");
            assertThat(read(recorded, "/b")).isEqualTo("line 1\nline 2");
            read(recorded, "/c");
            read(api, "/d");

            String at = "GET " + server.url();
            assertThat(recorder.recorded())
                    .isEqualTo(tree("[{'request':'" + at + "/a?page=2','status':200,'body':{'id':1.50}},"
                            + "{'request':'" + at + "/b','status':200,'body':'line 1\\nline 2'},"
                            + "{'request':'" + at + "/c','status':204,'body':null}]"));
        }
    }

    @Test
    void recordsOnlyTheLastAttempt() { // M13
        try (RawServer server = RawServer.replies(
                                json(503, "Unavailable", "{\"busy\":true}"), json(200, "OK", "{\"id\":1}"))
                        .start();
                Connector api = Connector.builder(server.url())
                        .retry(RetryPolicy.fixed(Duration.ofMillis(1)))
                        .callInterceptor(recorder)
                        .build()) {
            read(api, "/a");

            assertThat(server.requests()).hasSize(2);
            assertThat(recorder.recorded()).singleElement().satisfies(entry -> {
                assertThat(entry.get("status").intValue()).isEqualTo(200);
                assertThat(entry.get("body")).isEqualTo(tree("{'id':1}"));
            });
        }
    }

    @Test
    void recordsWhyARequestWasRefused() {
        try (RawServer server = RawServer.replies(json(404, "No", "{\"message\":\"no such user\"}"))
                        .start();
                Connector api = Connector.builder(server.url())
                        .callInterceptor(recorder)
                        .build()) {
            StepVerifier.create(api.fetch(Request.get("/a"), JsonNode.class))
                    .expectError(HttpStatusException.class)
                    .verify(SOON);

            assertThat(recorder.recorded().get(0).get("status").intValue()).isEqualTo(404);
            assertThat(recorder.recorded().get(0).get("body")).isEqualTo(tree("{'message':'no such user'}"));
        }
    }

    @Test
    void recordsAsTextWhatCameOfABodyThatBroke() {
        try (RawServer server = RawServer.replies(Reply.bytes("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                                        + "Content-Length: 100\r\n\r\n{\"name\":\"Jörg\",\"more\":\"Jö")
                                .close())
                        .start();
                Connector api = Connector.builder(server.url())
                        .retry(RetryPolicy.never())
                        .callInterceptor(recorder)
                        .build()) {
            StepVerifier.create(api.exchange(Request.get("/a"), Response::bytes).then())
                    .expectError(HeadraceException.class)
                    .verify(SOON);

            assertThat(recorder.recorded().get(0).get("body").stringValue())
                    .isEqualTo("{\"name\":\"Jörg\",\"more\":\"");
            assertThat(recorder.recorded().get(0).get("truncated").booleanValue())
                    .isTrue();
        }
    }

    @Test
    void recordsWhatCameBeforeItsReaderLeft() {
        try (RawServer server = RawServer.replies(Reply.bytes("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
                                        + "Content-Length: 100\r\n\r\none,two,thr")
                                .stall())
                        .start();
                Connector api = Connector.builder(server.url())
                        .callInterceptor(recorder)
                        .build()) {
            StepVerifier.create(api.exchange(Request.get("/a"), Response::bytes))
                    .expectNextCount(1)
                    .thenCancel()
                    .verify(SOON);

            assertThat(recorder.recorded().get(0).get("body").stringValue()).isEqualTo("one,two,");
            assertThat(recorder.recorded().get(0).get("truncated").booleanValue())
                    .isTrue();
        }
    }

    @Test
    void showsNoSecret() {
        Request request = Request.get("http://h/x")
                .query("q", Secret.of(SECRET))
                .query("n", Secret.of("87654321"))
                .header("Authorization", "Bearer abcdef-abcdef");
        String body =
                "{\"link\":\"http://h/x?q=hunter2-hunter2\\nand more\",\"hunter2-hunter2\":[true,null,87654321,5],"
                        + "\"access_token\":\"new\",\"session\":{\"id\":7,\"ok\":true},\"pin\":8765432,\"echo\":\"abcdef-abcdef\","
                        + "\"text\":\"password=other\",\"api_key\":17}";

        read(request, asked -> answer(asked, "application/json", body));

        assertThat(recorder.recorded())
                .isEqualTo(tree("[{'request':'GET http://h/x?q=•••&n=•••','status':200,'body':{"
                        + "'link':'http://h/x?q=•••\\nand more','•••':[true,null,'•••',5],"
                        + "'access_token':'•••','session':{'id':'•••','ok':true},'pin':8765432,'echo':'•••',"
                        + "'text':'password=•••','api_key':'•••'}}]"));
    }

    @Test
    void showsNoHalfOfASecret() {
        Request request = Request.get("http://h/x").query("q", Secret.of(SECRET));
        String filler = "x ".repeat(RawRecorder.BODY_LIMIT / 2 - 4);

        read(request, asked -> answer(asked, "text/plain", filler + "hunter2-hunter2 and more"));

        assertThat(recorder.recorded().get(0).get("body").stringValue()).isEqualTo(filler);
        assertThat(recorder.recorded().get(0).get("truncated").booleanValue()).isTrue();
    }

    @Test
    void keepsAtMostSoMuchOfAllBodies() {
        String body = "x,".repeat(RawRecorder.BODY_LIMIT / 2);
        for (int i = 0; i < 9; i++) {
            read(GET, asked -> answer(asked, "text/plain", body));
        }

        JsonNode recorded = recorder.recorded();
        for (int i = 0; i < 8; i++) {
            assertThat(recorded.get(i).get("body").stringValue()).isEqualTo(body);
            assertThat(recorded.get(i).has("truncated")).isFalse();
        }
        assertThat(recorded.get(8).get("body").isNull()).isTrue();
        assertThat(recorded.get(8).get("truncated").booleanValue()).isTrue();
    }

    @Test
    void keepsAtMostSoManyAnswers() {
        for (int i = 0; i < RawRecorder.MOST_ANSWERS + 3; i++) {
            read(GET, asked -> answer(asked, "application/json", "1"));
        }

        JsonNode recorded = recorder.recorded();
        assertThat(recorded).hasSize(RawRecorder.MOST_ANSWERS + 1);
        assertThat(recorded.get(RawRecorder.MOST_ANSWERS)
                        .get("requests_left_out")
                        .intValue())
                .isEqualTo(3);
    }

    @Test
    void isInTheOrderInWhichRequestsWereSent() { // M13
        Sinks.One<Response> first = Sinks.one();
        Sinks.One<Response> second = Sinks.one();
        Request one = Request.get("http://h/1");
        Request two = Request.get("http://h/2");
        StepVerifier both = StepVerifier.create(Flux.merge(
                        recorder.intercept(one, asked -> first.asMono()).flatMap(Response::discard),
                        recorder.intercept(two, asked -> second.asMono()).flatMap(Response::discard)))
                .expectComplete()
                .verifyLater();

        second.tryEmitValue(response(two, "application/json", "2"));
        assertThat(recorder.recorded()).hasSize(1);
        first.tryEmitValue(response(one, "application/json", "1"));
        both.verify(SOON);

        assertThat(recorder.recorded())
                .isEqualTo(tree("[{'request':'GET http://h/1','status':200,'body':1},"
                        + "{'request':'GET http://h/2','status':200,'body':2}]"));
    }

    @Test
    void waitsForNothing() {
        Response response = recorder.intercept(GET, asked -> answer(asked, "application/json", "{}"))
                .block();

        assertThat(recorder.recorded()).isEqualTo(tree("[{'request':'GET http://h/x','status':200,'body':null}]"));
        assertThat(response).isNotNull();
        response.discard().block();
        assertThat(recorder.recorded().get(0).get("body")).isEqualTo(tree("{}"));
    }

    @Test
    void recordsNothingOfAFailureWithoutAnAnswer() {
        StepVerifier.create(recorder.intercept(GET, asked -> Mono.error(new IllegalStateException("down"))))
                .verifyErrorMessage("down");

        assertThat(recorder.recorded()).isEmpty();
    }

    @Test
    void doesNotCopyWhatIsConfidential() {
        read(
                GET.options(options -> options.confidential(true)),
                asked -> answer(asked, "application/json", "{\"a\":1}"));

        assertThat(recorder.recorded()).isEqualTo(tree("[{'request':'GET http://h/x','status':200,'body':null}]"));
    }

    @ParameterizedTest
    @EnumSource(
            value = ExchangeOptions.Profile.class,
            names = {"EVENTS", "TRANSFER"})
    void doesNotCopyStreams(ExchangeOptions.Profile profile) {
        read(GET.options(options -> options.profile(profile)), asked -> answer(asked, "application/json", "{\"a\":1}"));

        assertThat(recorder.recorded().get(0).get("body").isNull()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, '', true",
        "application/problem+json, '', true",
        "'', '', true",
        "application/json, gzip, false",
        "image/png, '', false",
        "text/event-stream, '', false"
    })
    void copiesOnlyText(String contentType, String coding, boolean copied) {
        Headers headers = coding.isEmpty() ? Headers.none() : Headers.of("Content-Encoding", coding);
        Headers all = contentType.isEmpty() ? headers : headers.with("Content-Type", contentType);

        read(GET, asked -> Mono.just(Response.of(asked, 200, all, "{\"a\":1}".getBytes(StandardCharsets.UTF_8))));

        assertThat(recorder.recorded().get(0).get("body").isNull()).isEqualTo(!copied);
    }

    @Test
    void showsNoBytesThatAreNoText() {
        byte[] hidden = "password: hunter2".getBytes(StandardCharsets.UTF_16LE);
        byte[] latin = "Jörg".getBytes(StandardCharsets.ISO_8859_1);

        read(GET, asked -> Mono.just(Response.of(asked, 200, Headers.of("Content-Type", "text/plain"), hidden)));
        read(GET, asked -> Mono.just(Response.of(asked, 200, Headers.of("Content-Type", "text/plain"), latin)));
        read(
                GET,
                asked -> Mono.just(Response.of(
                        asked, 200, Headers.of("Content-Type", "text/plain; charset=\"iso-8859-1\""), latin)));

        JsonNode recorded = recorder.recorded();
        assertThat(List.of(recorded.get(0).get("body"), recorded.get(1).get("body")))
                .allMatch(JsonNode::isNull);
        assertThat(recorded.get(2).get("body").stringValue()).isEqualTo("Jörg");
    }

    private void read(Request request, Exchange remote) {
        StepVerifier.create(recorder.intercept(request, remote)
                        .flatMapMany(Response::bytes)
                        .then())
                .expectComplete()
                .verify(SOON);
    }

    private static String read(Connector api, String path) {
        byte[] body = api.exchange(Request.get(path), response -> response.readAll(1_000))
                .next()
                .block(SOON);
        return body == null ? "" : new String(body, StandardCharsets.UTF_8);
    }

    private static Mono<Response> answer(Request asked, String contentType, String body) {
        return Mono.just(response(asked, contentType, body));
    }

    private static Response response(Request asked, String contentType, String body) {
        return Response.of(asked, 200, Headers.of("Content-Type", contentType), body.getBytes(StandardCharsets.UTF_8));
    }

    private static Reply json(int status, String reason, String body) {
        return Reply.bytes("HTTP/1.1 " + status + " " + reason + "\r\n"
                + (status == 204
                        ? "\r\n"
                        : "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body));
    }

    private static Reply reply(String contentType, String body) {
        return Reply.bytes("HTTP/1.1 200 OK\r\nContent-Type: " + contentType + "\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body);
    }

    private static JsonNode tree(String json) {
        return Json.tree(json.replace('\'', '"'));
    }
}
