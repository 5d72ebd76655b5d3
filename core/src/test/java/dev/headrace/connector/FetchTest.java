package dev.headrace.connector;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.BodyTooLargeException;
import dev.headrace.http.Headers;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Interceptor;
import dev.headrace.http.PoolSettings;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.ResponseTimeoutException;
import dev.headrace.http.Timeouts;
import dev.headrace.http.TransportException;
import dev.headrace.json.DecodingException;
import dev.headrace.json.TypeRef;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.test.RawServer;
import dev.headrace.test.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** Rows K9, K22, L1, L32: one value from one request; and a connector's life. */
class FetchTest {

    private static final Duration SOON = ofSeconds(30);

    record Issue(long number, String title) {}

    @Test
    void readsARecord() {
        try (Connector connector = answering(200, "{\"number\":7,\"title\":\"x\",\"unknown\":true}")) {
            assertThat(connector.fetch(Request.get("/issues/7"), Issue.class).block(SOON))
                    .isEqualTo(new Issue(7, "x"));
        }
    }

    @Test
    void readsAGenericType() {
        try (Connector connector = answering(200, "[{\"number\":7,\"title\":\"x\"}]")) {
            assertThat(connector
                            .fetch(Request.get("/issues"), new TypeRef<List<Issue>>() {})
                            .block(SOON))
                    .containsExactly(new Issue(7, "x"));
        }
    }

    @Test
    void readsATreeWithoutLosingDigits() {
        try (Connector connector = answering(200, "{\"id\":9007199254740993,\"price\":0.1000000000000000000001}")) {
            JsonNode tree = connector.fetch(Request.get("/x"), JsonNode.class).block(SOON);

            assertThat(tree).isNotNull();
            assertThat(tree.get("id").asLong()).isEqualTo(9007199254740993L);
            assertThat(tree.get("price").decimalValue()).isEqualByComparingTo("0.1000000000000000000001");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204})
    void isEmptyWithoutContent(int status) {
        try (Connector connector = answering(status, "")) {
            StepVerifier.create(connector.fetch(Request.get("/x"), JsonNode.class))
                    .verifyComplete();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, PERMANENT",
        "401, CONFIGURATION",
        "403, CONFIGURATION",
        "404, CONFIGURATION",
        "410, CONFIGURATION",
        "301, CONFIGURATION",
        "408, TRANSIENT",
        "429, TRANSIENT",
        "500, TRANSIENT",
        "503, TRANSIENT",
        "501, PERMANENT"
    })
    void errorsWithStatusHeadersAndBody(int status, FailureKind kind) {
        try (Connector connector = answering(status, "{\"message\":\"why\"}")) {
            assertThat(catchThrowable(() ->
                            connector.fetch(Request.get("/x"), Issue.class).block(SOON)))
                    .isInstanceOfSatisfying(HttpStatusException.class, failure -> {
                        assertThat(failure.status()).isEqualTo(status);
                        assertThat(failure.kind()).isEqualTo(kind);
                        assertThat(failure.body()).isEqualTo("{\"message\":\"why\"}");
                        assertThat(failure.headers().first("X-Test")).contains("1");
                        assertThat(failure)
                                .hasMessageContaining("GET http://api.test/x")
                                .hasMessageContaining("" + status);
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"number\":", "<html>", "{\"number\":\"seven\"}", "{} {}", "null"})
    void errorsWhenTheBodyIsNotWhatWasAskedFor(String body) {
        try (Connector connector = answering(200, body)) {
            assertThat(catchThrowable(() ->
                            connector.fetch(Request.get("/x"), Issue.class).block(SOON)))
                    .isInstanceOf(DecodingException.class)
                    .hasMessageStartingWith("GET http://api.test/x: ");
        }
    }

    @Test
    void errorsWhenTheBodyIsLargerThanARecordMayBe() {
        try (Connector connector = answering(200, "[" + " ".repeat(8 * 1024 * 1024) + "]")) {
            assertThat(catchThrowable(() ->
                            connector.fetch(Request.get("/x"), JsonNode.class).block(SOON)))
                    .isInstanceOf(BodyTooLargeException.class)
                    .hasMessageContaining("8388608");
        }
    }

    @Test
    void asksForJsonUnlessTheRequestAsksForSomethingElse() {
        List<Request> seen = new ArrayList<>();
        try (Connector connector = Connector.builder("http://api.test")
                .interceptor(recording(seen))
                .header("X-Default", "d")
                .build()) {
            connector.fetch(Request.get("/x"), JsonNode.class).block(SOON);
            connector
                    .fetch(Request.get("/x").header("Accept", "application/vnd.api+json"), JsonNode.class)
                    .block(SOON);
        }

        assertThat(seen)
                .extracting(r -> r.headers().first("Accept").orElse(""))
                .containsExactly("application/json", "application/vnd.api+json");
        assertThat(seen)
                .allSatisfy(r -> assertThat(r.headers().first("X-Default")).contains("d"));
    }

    @Test
    void retriesABodyThatBreaks() {
        try (RawServer server = RawServer.replies(
                                Reply.bytes("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{\"number\":")
                                        .close(),
                                Reply.ok("{\"number\":7}"))
                        .start();
                Connector connector = Connector.builder(server.url())
                        .retry(RetryPolicy.exponential(ofMillis(1)))
                        .build()) {
            assertThat(connector
                            .fetch(Request.get("/x"), Issue.class)
                            .map(Issue::number)
                            .block(SOON))
                    .isEqualTo(7);
        }
    }

    @Test
    void endsTheWholeCallAtItsDeadline() {
        try (RawServer server = RawServer.script(
                                request -> Reply.bytes("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"))
                        .start();
                Connector connector = Connector.builder(server.url())
                        .timeouts(Timeouts.defaults().total(ofMillis(300)))
                        .retry(RetryPolicy.exponential(ofSeconds(60)))
                        .build()) {
            assertThat(catchThrowable(() ->
                            connector.fetch(Request.get("/x"), Issue.class).block(SOON)))
                    .isInstanceOf(ResponseTimeoutException.class)
                    .hasMessageContaining("300 ms");
        }
    }

    @Test
    void sharesItsPoolWithItsVariants() {
        try (RawServer server =
                        RawServer.script(request -> Reply.ok("{\"number\":1}")).start();
                Connector root = Connector.builder(server.url()).build()) {
            Connector variant = root.mutate()
                    .header("X-V", "1")
                    .timeouts(Timeouts.defaults().head(ofSeconds(3)))
                    .build();

            root.fetch(Request.get("/a"), Issue.class).block(SOON);
            variant.fetch(Request.get("/b"), Issue.class).block(SOON);
            variant.close();
            root.fetch(Request.get("/c"), Issue.class).block(SOON);

            assertThat(server.requests()).hasSize(3);
            assertThat(server.connectionsAccepted()).isEqualTo(1);
            assertThat(server.requests().get(1).header("X-V")).contains("1");
        }
    }

    @Test
    void refusesRequestsOfItsVariantsOnceClosed() {
        Connector root = answering(200, "{}");
        Connector variant = Connector.builder("http://127.0.0.1:1").build();
        Connector child = variant.mutate().build();
        root.close();
        variant.close();

        assertThat(catchThrowable(
                        () -> child.fetch(Request.get("/x"), JsonNode.class).block(SOON)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closesThePoolOfAVariantThatSetItsOwn() {
        try (RawServer server = RawServer.script(request -> Reply.ok("{}")).start();
                Connector root = Connector.builder(server.url()).build()) {
            Connector own = root.mutate()
                    .pool(PoolSettings.defaults().maxConnections(1))
                    .build();
            own.fetch(Request.get("/x"), JsonNode.class).block(SOON);

            own.close();

            server.awaitNoOpenConnections(SOON);
            assertThat(root.fetch(Request.get("/x"), JsonNode.class).block(SOON))
                    .isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "api.test", "/x", "ftp://h", "http://h?a=1", "http://h#f", "http://u:p@h", "http://"})
    void refusesABaseThatIsNone(String base) {
        assertThatIllegalArgumentException().isThrownBy(() -> Connector.builder(base));
    }

    @Test
    void signalsAMistakeInARequestAsAnErrorAndDoesNotThrow() {
        try (Connector connector = answering(200, "{}")) {
            StepVerifier.create(connector.fetch(Request.get("/{missing}"), JsonNode.class))
                    .verifyErrorSatisfies(error -> assertThat(error)
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("missing"));
        }
    }

    @Test
    void readsInTheContextOfItsSubscriber() {
        List<String> tenants = new ArrayList<>();
        Interceptor tenant = (request, next) -> Mono.deferContextual(context -> {
            tenants.add(context.get("tenant"));
            return next.exchange(request);
        });
        try (Connector connector = Connector.builder("http://api.test")
                .interceptor(tenant)
                .interceptor(recording(new ArrayList<>()))
                .build()) {
            connector
                    .fetch(Request.get("/x"), JsonNode.class)
                    .contextWrite(context -> context.put("tenant", "acme"))
                    .block(SOON);
        }

        assertThat(tenants).containsExactly("acme");
    }

    @Test
    void isTransientWhenTheConnectionIsRefused() {
        try (Connector connector = Connector.builder("http://127.0.0.1:1")
                .retry(RetryPolicy.never())
                .build()) {
            assertThat(catchThrowable(() ->
                            connector.fetch(Request.get("/x"), Issue.class).block(SOON)))
                    .isInstanceOf(TransportException.class)
                    .isInstanceOfSatisfying(
                            HeadraceException.class,
                            e -> assertThat(e.isTransient()).isTrue());
        }
    }

    private static Interceptor recording(List<Request> seen) {
        return (request, next) -> {
            seen.add(request);
            return Mono.just(response(request, 200, "{}"));
        };
    }

    private static Connector answering(int status, String body) {
        Interceptor answer = (request, next) -> Mono.just(response(request, status, body));
        return Connector.builder("http://api.test")
                .retry(RetryPolicy.never())
                .interceptor(answer)
                .build();
    }

    private static Response response(Request request, int status, String body) {
        return Response.of(request, status, Headers.of("X-Test", "1"), body.getBytes(StandardCharsets.UTF_8));
    }
}
