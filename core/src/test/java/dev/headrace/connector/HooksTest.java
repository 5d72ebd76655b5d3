package dev.headrace.connector;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.http.Headers;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.TransportException;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.test.RawServer;
import dev.headrace.test.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Rows R47 to R51, R59 to R63: named hooks around each call. */
class HooksTest {

    private static final Reply BUSY = Reply.bytes("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");

    private final List<String> order = new ArrayList<>();

    @Test
    void changeTheRequestInTheOrderInWhichTheyWereAdded() {
        try (RawServer server = RawServer.script(request -> Reply.ok("x")).start();
                Connector connector = Connector.builder(server.url())
                        .hook(Hook.before("first", request -> Mono.just(request.header("X-Trail", "1"))))
                        .hook(Hook.before(
                                "second",
                                request -> Mono.just(request.header(
                                        "X-Trail",
                                        request.headers().first("X-Trail").orElse("") + "2"))))
                        .build()) {
            call(connector, Request.get("/"));

            assertThat(server.requests().get(0).header("X-Trail")).contains("12");
        }
    }

    @Test
    void runOnceForACallHoweverOftenItIsTried() {
        try (RawServer server = RawServer.replies(BUSY, BUSY, Reply.ok("x")).start();
                Connector connector = Connector.builder(server.url())
                        .retry(RetryPolicy.exponential(ofMillis(1)))
                        .hook(noting("a"))
                        .build()) {
            call(connector, Request.get("/"));

            assertThat(server.requests()).hasSize(3);
            assertThat(order).containsExactly("a");
        }
    }

    @Test
    void changeTheResponse() {
        try (RawServer server = RawServer.script(request -> Reply.ok("x")).start();
                Connector connector = Connector.builder(server.url())
                        .hook(Hook.after(
                                "stamp",
                                (request, response) -> Mono.just(
                                        response.withHeaders(response.headers().with("X-Stamp", request.method())))))
                        .build()) {
            assertThat(connector
                            .exchange(Request.get("/"))
                            .map(response -> response.headers().first("X-Stamp").orElse(""))
                            .block(ofSeconds(30)))
                    .isEqualTo("GET");
        }
    }

    @Test
    void replaceAResponseWithoutLosingItsConnection() {
        try (RawServer server = RawServer.script(request -> Reply.ok("remote")).start();
                Connector connector = Connector.builder(server.url())
                        .hook(Hook.after(
                                "replace",
                                (request, response) -> response.discard().thenReturn(local(request, "local"))))
                        .build()) {
            assertThat(call(connector, Request.get("/"))).isEqualTo("local");
            assertThat(call(connector, Request.get("/"))).isEqualTo("local");
            assertThat(server.connectionsAccepted()).isEqualTo(1);
        }
    }

    @Test
    void answerInPlaceOfAFailureAndTheFirstAnswerEndsTheMatter() {
        try (Connector connector = Connector.builder("http://127.0.0.1:1")
                .retry(RetryPolicy.never())
                .hook(Hook.onError("notHandled", (request, failure) -> {
                    order.add("notHandled");
                    return Mono.empty();
                }))
                .hook(Hook.onError("fallback", (request, failure) -> {
                    order.add("fallback");
                    return Mono.just(local(request, ""));
                }))
                .hook(Hook.onError("tooLate", (request, failure) -> {
                    order.add("tooLate");
                    return Mono.empty();
                }))
                .build()) {
            // An empty fallback is a fallback: R61's original ignored it.
            assertThat(call(connector, Request.get("/"))).isEmpty();
            assertThat(order).containsExactly("notHandled", "fallback");
        }
    }

    @Test
    void leaveAFailureThatNobodyHandlesAsItIs() {
        try (Connector connector = Connector.builder("http://127.0.0.1:1")
                .retry(RetryPolicy.never())
                .hook(Hook.onError("notHandled", (request, failure) -> Mono.empty()))
                .build()) {
            assertThatThrownBy(() -> call(connector, Request.get("/"))).isInstanceOf(TransportException.class);
        }
    }

    @Test
    void failTheCallWhenTheyFailUnlessTheyAreLenient() {
        Hook broken = Hook.before("broken", request -> {
            throw new IllegalStateException("hook is broken");
        });
        try (RawServer server = RawServer.script(request -> Reply.ok("x")).start();
                Connector strict = Connector.builder(server.url()).hook(broken).build();
                Connector lenient = strict.mutate().hook(broken.lenient()).build()) {
            assertThatThrownBy(() -> call(strict, Request.get("/"))).hasMessage("hook is broken");
            assertThat(server.requests()).isEmpty();

            assertThat(call(lenient, Request.get("/"))).isEqualTo("x");
        }
    }

    @Test
    void failTheCallWhenTheyGiveNothing() {
        try (Connector connector = Connector.builder("http://127.0.0.1:1")
                .hook(Hook.before("nothing", request -> Mono.empty()))
                .build()) {
            assertThatThrownBy(() -> call(connector, Request.get("/"))).hasMessageContaining("nothing gave nothing");
        }
    }

    @Test
    void areListedReplacedAndRemoved() {
        Connector connector = Connector.builder("http://api.test")
                .hook(noting("a"))
                .hook(noting("b"))
                .hook(Hook.after("a", (request, response) -> Mono.just(response)))
                .hook(noting("a"))
                .build();

        assertThat(connector.settings().hooks())
                .extracting(entry -> entry.kind() + " " + entry.name())
                .containsExactly("BEFORE a", "BEFORE b", "AFTER a");
        assertThat(connector
                        .mutate()
                        .withoutHook(Hook.Kind.BEFORE, "a")
                        .withoutHook(Hook.Kind.BEFORE, "never there")
                        .build()
                        .settings()
                        .hooks())
                .extracting(ConnectorSettings.HookEntry::name)
                .containsExactly("b", "a");
        assertThat(connector.settings().hooks()).hasSize(3);
    }

    private Hook noting(String name) {
        return Hook.before(name, request -> {
            order.add(name);
            return Mono.just(request);
        });
    }

    private static Response local(Request request, String body) {
        return Response.of(request, 200, Headers.none(), body.getBytes(StandardCharsets.UTF_8));
    }

    private static String call(Connector connector, Request request) {
        return connector
                .exchange(request)
                .map(response -> response.text())
                .blockOptional(ofSeconds(5))
                .orElseThrow();
    }
}
