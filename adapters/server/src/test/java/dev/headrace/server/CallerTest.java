package dev.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.capability.Caller;
import dev.headrace.capability.CapabilityContext;
import dev.headrace.capability.CapabilityResponse;
import dev.headrace.capability.Integration;
import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.observe.TraceContext;
import dev.headrace.stream.Message;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** What a request says about whom it belongs to reaches the remote (M53). */
class CallerTest {

    private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final String WORK = "{\"request\":{\"text\":\"x\"}}";

    private static final Integration SAYING_ITS_ID = Integration.builder("acme")
            .capability(
                    "work",
                    Acme.Say.class,
                    Acme.Said.class,
                    (request, context) -> Mono.deferContextual(reactor -> Mono.just(CapabilityResponse.of(
                            new Acme.Said(context.requestId().orElse("none")
                                    + " "
                                    + reactor.<String>getOrDefault(CapabilityContext.REQUEST_ID, "none"))))))
            .build();

    private static HttpRequest.Builder call(RunningServer server, String json) {
        return new HttpCaller(server).posting("/work", BodyPublishers.ofString(json));
    }

    private static @Nullable String said(HttpResponse<String> response) {
        return HttpCaller.json(response).at("/response/text").stringValue(null);
    }

    @Test
    void passesTheTraceOnToTheRemote() { // M53
        try (TestServer remote = TestServer.builder()
                        .route("/users", Route.fixed(200, "application/json", "{\"text\":\"from afar\"}"))
                        .start();
                Connector api = Connector.builder(remote.url())
                        .interceptor(TraceContext.fromContext())
                        .build();
                RunningServer server = Acme.serving(Acme.doing(api.fetch(Request.get("/users"), Acme.Said.class)))) {
            HttpResponse<String> response = HttpCaller.send(call(server, WORK)
                    .header("traceparent", PARENT)
                    .header("tracestate", "a=1")
                    .header("tracestate", "b=2"));

            assertThat(said(response)).isEqualTo("from afar");
            RecordedRequest sent = remote.requests().get(0);
            assertThat(sent.header("traceparent")).hasValue(PARENT);
            assertThat(sent.header("tracestate")).hasValue("a=1,b=2");
        }
    }

    @Test
    void passesTheTraceOnToStreams() { // M53
        List<String> seen = new ArrayList<>();
        Flux<Message<JsonNode>> stream = Flux.deferContextual(context -> {
            seen.add(context.get(TraceContext.TRACEPARENT));
            seen.add(context.get(CapabilityContext.REQUEST_ID));
            return Flux.just(Acme.record(1));
        });
        try (RunningServer server = Acme.serving(Acme.streaming(stream))) {
            HttpCaller.send(new HttpCaller(server)
                    .posting("/read", BodyPublishers.ofString("{}"))
                    .header("traceparent", PARENT)
                    .header("X-Request-Id", "r-1"));

            assertThat(seen).containsExactly(PARENT, "r-1");
        }
    }

    @Test
    void doesNotBelieveOneOfSeveralTraces() {
        DefaultHttpHeaders headers = new DefaultHttpHeaders();
        headers.add("traceparent", PARENT);
        headers.add("traceparent", PARENT);

        assertThat(Caller.of(headers::getAll).traceparent()).isNull();
    }

    @Test
    void namesACallThatDoesNotNameItself() { // M53
        try (RunningServer server = Acme.serving(SAYING_ITS_ID)) {
            HttpResponse<String> response = HttpCaller.send(call(server, WORK).header("X-Request-Id", "r-1"));

            assertThat(said(response)).isEqualTo("r-1 r-1");
            assertThat(response.headers().firstValue("X-Request-Id")).hasValue("r-1");
        }
    }

    @Test
    void leavesTheNameThatTheDocumentGives() {
        try (RunningServer server = Acme.serving(SAYING_ITS_ID)) {
            HttpResponse<String> response =
                    HttpCaller.send(call(server, "{\"request\":{\"text\":\"x\"},\"request_id\":\"own\"}")
                            .header("X-Request-Id", "r-1"));

            assertThat(said(response)).isEqualTo("own own");
            assertThat(response.headers().firstValue("X-Request-Id")).hasValue("r-1");
        }
    }

    @Test
    void givesTheNameBackWithRefusalsToo() {
        try (RunningServer server = Acme.serving(SAYING_ITS_ID)) {
            HttpResponse<String> response =
                    HttpCaller.send(new HttpCaller(server).anonymous("/info").header("X-Request-Id", "r-1"));

            assertThat(response.statusCode()).isEqualTo(401);
            assertThat(response.headers().firstValue("X-Request-Id")).hasValue("r-1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\tb", "r\u00e4", "LONG"})
    void ignoresNamesThatAreNone(String id) {
        DefaultHttpHeaders headers = new DefaultHttpHeaders();
        headers.add("X-Request-Id", id.equals("LONG") ? "x".repeat(201) : id);

        assertThat(Caller.of(headers::getAll).requestId()).isNull();
    }

    @Test
    void takesNamesOf200Characters() {
        DefaultHttpHeaders headers = new DefaultHttpHeaders();
        headers.add("X-Request-Id", "x".repeat(200));

        assertThat(Caller.of(headers::getAll).requestId()).hasSize(200);
    }
}
