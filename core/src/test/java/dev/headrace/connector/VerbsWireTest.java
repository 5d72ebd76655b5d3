package dev.headrace.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import dev.headrace.error.FailureKind;
import dev.headrace.http.Body;
import dev.headrace.http.Request;
import dev.headrace.http.Secret;
import dev.headrace.json.JsonSchema;
import dev.headrace.json.SchemaViolation;
import dev.headrace.json.SchemaViolationException;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.test.RawServer;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** Rows R21 to R28, R74, A21, A22, K9, L57, L61: what arrives at a server. */
class VerbsWireTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    static Stream<Arguments> verbs() {
        return Stream.of(
                Arguments.of("GET", Request.get("/x"), true),
                Arguments.of("POST", Request.post("/x"), true),
                Arguments.of("PUT", Request.put("/x"), true),
                Arguments.of("DELETE", Request.delete("/x"), true),
                Arguments.of("PATCH", Request.patch("/x"), true),
                Arguments.of("HEAD", Request.head("/x"), false),
                Arguments.of("OPTIONS", Request.options("/{p}", "x"), true),
                Arguments.of("TRACE", Request.of("TRACE", "/x"), false),
                Arguments.of("PURGE", Request.of("purge", "/x"), true));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("verbs")
    void arrivesAsItWasMade(String method, Request request, boolean takesBody) {
        try (RawServer server = RawServer.script(VerbsWireTest::echo).start();
                Connector connector = connector(server)) {
            assertThat(answer(connector, request)).isEqualTo(method.equals("HEAD") ? "" : method + " ");
            if (takesBody) {
                Request sending = request.query("q", "ö").json(Map.of("a", "ü"));
                assertThat(answer(connector, sending)).isEqualTo(method + " {\"a\":\"ü\"}");
                RecordedRequest last = server.requests().get(1);
                assertThat(last.uri()).isEqualTo("/x?q=%C3%B6");
                assertThat(last.headers("Content-Type")).containsExactly("application/json");
                assertThat(last.headers("Content-Length")).containsExactly("10");
            }
            assertThat(server.connectionsAccepted()).isEqualTo(1);
        }
    }

    /** Row A21: exactly one body, of the kind that was set last. */
    @Test
    void sendsFormsAndText() {
        try (RawServer server = RawServer.script(VerbsWireTest::echo).start();
                Connector connector = connector(server)) {
            Request request = Request.post("/x").json(1);

            assertThat(answer(connector, request.body(Body.form(Map.of("p", Secret.of("hunter 2"))))))
                    .isEqualTo("POST p=hunter%202");
            assertThat(answer(connector, request.body(Body.text("ä")))).isEqualTo("POST ä");
            assertThat(server.requests())
                    .extracting(r -> r.header("Content-Type").orElse(""))
                    .containsExactly("application/x-www-form-urlencoded", "text/plain; charset=utf-8");
        }
    }

    /** Row L57: and the same again for each retry. */
    @Test
    void sendsAFilledTemplateAgainAsItWas() {
        try (RawServer server = RawServer.replies(
                                Reply.bytes("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"),
                                Reply.ok("{\"done\":true}"))
                        .start();
                Connector connector = Connector.builder(server.url())
                        .retry(RetryPolicy.exponential(Duration.ofMillis(1)))
                        .build()) {
            Request request = Request.put("/x/{id}")
                    .body(Body.template("{\"id\":\"{id}\",\"token\":\"{token}\"}"))
                    .with("id", 7)
                    .with("token", Secret.of("hunter2"));

            assertThat(connector.fetch(request, JsonNode.class).block(SOON)).isNotNull();
            assertThat(server.requests())
                    .extracting(RecordedRequest::uri, RecordedRequest::body)
                    .containsExactly(
                            tuple("/x/7", "{\"id\":7,\"token\":\"hunter2\"}"),
                            tuple("/x/7", "{\"id\":7,\"token\":\"hunter2\"}"));
        }
    }

    /** Row L61: a body that does not fit is never sent. */
    @Test
    void sendsNothingThatDoesNotFitItsSchema() {
        JsonSchema schema = JsonSchema.of("{\"properties\":{\"id\":{\"type\":\"integer\"}}}");
        try (RawServer server = RawServer.script(VerbsWireTest::echo).start();
                Connector connector = connector(server)) {
            Request template =
                    Request.post("/x").body(Body.template("{\"id\":\"{id}\"}")).validated(schema);

            StepVerifier.create(connector.fetch(template.with("id", "hunter2"), JsonNode.class))
                    .verifyErrorSatisfies(error -> assertThat(error)
                            .isInstanceOfSatisfying(SchemaViolationException.class, failure -> {
                                assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION);
                                assertThat(failure.violations())
                                        .extracting(SchemaViolation::pointer)
                                        .containsExactly("/id");
                            })
                            .hasMessageStartingWith("POST /x: the body to send does not fit its schema: '/id'")
                            .hasMessageNotContaining("hunter2"));
            assertThat(server.requests()).isEmpty();

            assertThat(answer(connector, template.with("id", 7))).isEqualTo("POST {\"id\":7}");
            assertThat(answer(
                            connector, Request.post("/x").json(Map.of("id", 8)).validated(schema)))
                    .isEqualTo("POST {\"id\":8}");
        }
    }

    @Test
    void refusesASchemaForWhatIsNoJson() {
        JsonSchema schema = JsonSchema.of("true");
        for (Request request : List.of(
                Request.post("/x"),
                Request.post("/x").body(Body.text("x")),
                Request.post("/x").body(Body.stream(Flux.empty(), "application/json")))) {
            assertThatIllegalArgumentException().isThrownBy(() -> request.validated(schema));
        }
    }

    private static Connector connector(RawServer server) {
        return Connector.builder(server.url()).retry(RetryPolicy.never()).build();
    }

    private static String answer(Connector connector, Request request) {
        return connector
                .exchange(
                        request,
                        response -> response.readAll(10_000).map(bytes -> new String(bytes, StandardCharsets.UTF_8)))
                .next()
                .switchIfEmpty(Mono.just("nothing"))
                .blockOptional(SOON)
                .orElseThrow();
    }

    private static Reply echo(RecordedRequest request) {
        return request.method().equals("HEAD")
                ? Reply.bytes("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
                : Reply.ok(request.method() + " " + request.body());
    }
}
