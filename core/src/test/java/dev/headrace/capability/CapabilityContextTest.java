package dev.headrace.capability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.http.Secret;
import dev.headrace.json.Json;
import dev.headrace.test.TestServer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.util.context.Context;
import tools.jackson.databind.JsonNode;

/** What a capability has of its caller. */
class CapabilityContextTest {

    record Nothing() {}

    record Text(String text) {}

    private static TestServer echoingAuthorization() {
        return TestServer.builder()
                .route(
                        "/who",
                        (request, response) -> response.header("Content-Type", "application/json")
                                .sendString(Mono.just("{\"text\":\""
                                        + request.requestHeaders().get("Authorization") + "\"}")))
                .start();
    }

    private static Integration whoOf(Connector api) {
        return Integration.builder("acme")
                .credentials(Credentials.Basic.class)
                .capability(
                        "who",
                        Nothing.class,
                        Text.class,
                        (request, context) -> context.connector(api)
                                .fetch(Request.get("/who"), Text.class)
                                .map(CapabilityResponse::of))
                .build();
    }

    private static String auth(String user) {
        return "{\"auth\":{\"username\":\"" + user + "\",\"password\":\"pass-word\"}}";
    }

    @Test
    void signsEachCallByItsOwnCredentialsOnOnePool() { // M11, M20, M54
        try (TestServer server = echoingAuthorization();
                Connector api = Connector.builder(server.url()).build()) {
            Integration acme = whoOf(api);

            List<String> answers = Flux.range(0, 20)
                    .concatMap(i -> acme.dispatch("who", auth("user" + i)))
                    .collectList()
                    .block();

            for (int i = 0; i < 20; i++) {
                String expected = "Basic "
                        + Base64.getEncoder()
                                .encodeToString(("user" + i + ":pass-word").getBytes(StandardCharsets.UTF_8));
                assertThat(Objects.requireNonNull(answers).get(i)).contains(expected);
            }
            assertThat(server.connectionsAccepted()).isEqualTo(1);
        }
    }

    @Test
    void recordsRawDataOnlyForThoseWhoAsk() { // M13
        try (TestServer server = echoingAuthorization();
                Connector api = Connector.builder(server.url()).build()) {
            Integration acme = whoOf(api);
            String with = auth("ada").replaceFirst("\\{", "{\"include_raw_data\":true,");

            JsonNode raw = Json.tree(
                            Objects.requireNonNull(acme.dispatch("who", with).block()))
                    .path("raw_data");

            assertThat(raw.path(0).path("request").stringValue()).isEqualTo("GET " + server.url() + "/who");
            assertThat(raw.path(0).path("status").intValue()).isEqualTo(200);
            assertThat(raw.path(0).path("body").has("text")).isTrue();
            assertThat(raw).hasSize(1);
            assertThat(acme.dispatch("who", auth("ada")).block()).contains("\"raw_data\":null");
        }
    }

    @Test
    void givesNobodyRawDataWhoHasNotAskedForIt() { // M13
        Integration acme = Integration.builder("acme")
                .capability(
                        "own",
                        Nothing.class,
                        Nothing.class,
                        (request, context) ->
                                Mono.just(CapabilityResponse.of(new Nothing()).raw(Json.tree("{\"own\":true}"))))
                .build();

        assertThat(acme.dispatch("own", "{}").block()).contains("\"raw_data\":null");
        assertThat(acme.dispatch("own", "{\"include_raw_data\":true}").block()).contains("\"raw_data\":{\"own\":true}");
    }

    @Test
    void leadsTheCallersContextToTheCapability() { // M53
        Integration acme = Integration.builder("acme")
                .capability(
                        "seen",
                        Nothing.class,
                        Text.class,
                        (request, context) -> Mono.deferContextual(view -> Mono.just(CapabilityResponse.of(
                                new Text(view.get("tenant") + " " + view.get(CapabilityContext.REQUEST_ID) + " "
                                        + context.requestId().orElse(""))))))
                .build();

        StepVerifier.create(acme.dispatch("seen", "{\"request_id\":\"r-1\"}").contextWrite(Context.of("tenant", "t")))
                .assertNext(json -> assertThat(json).contains("\"text\":\"t r-1 r-1\""))
                .verifyComplete();
    }

    @Test
    void blocksWhereBlockingIsAllowed() { // M36
        AtomicReference<String> thread = new AtomicReference<>("");
        Integration acme = Integration.builder("acme")
                .capability(Capability.blocking("slow", Nothing.class, Text.class, (request, context) -> {
                    thread.set(Thread.currentThread().getName());
                    return CapabilityResponse.of(new Text("done"));
                }))
                .build();

        StepVerifier.create(acme.dispatch("slow", "{}").subscribeOn(Schedulers.parallel()))
                .assertNext(json -> assertThat(json).contains("done"))
                .verifyComplete();

        assertThat(thread.get()).startsWith("boundedElastic");
    }

    @Test
    void passesPagesOn() { // M20, M46
        Integration acme = Integration.builder("acme")
                .capability(
                        "list",
                        Nothing.class,
                        Text.class,
                        (request, context) -> Mono.just(CapabilityResponse.of(new Text(request.page()
                                                .continuation()
                                                .cursor("users")
                                                .orElse("first")
                                        + " " + request.page().size()))
                                .next(request.page()
                                        .continuation()
                                        .with("users", "u2")
                                        .with("groups", "g1"))))
                .build();

        JsonNode first = Json.tree(Objects.requireNonNull(
                acme.dispatch("list", "{\"page\":{\"size\":5}}").block()));
        String token = first.at("/page/token").stringValue();
        JsonNode second =
                Json.tree(Objects.requireNonNull(acme.dispatch("list", "{\"page\":{\"token\":\"" + token + "\"}}")
                        .block()));
        JsonNode wrong = Json.tree(Objects.requireNonNull(
                acme.dispatch("list", "{\"page\":{\"token\":\"nonsense\"}}").block()));

        assertThat(first.at("/response/text").stringValue()).isEqualTo("first 5");
        assertThat(second.at("/response/text").stringValue()).isEqualTo("u2 null");
        assertThat(wrong.at("/error/error_code").stringValue()).isEqualTo("acme.bad_request");
    }

    private static CapabilityContext given(Map<String, Credentials> credentials, boolean several) {
        return new CapabilityContext("acme", "x", credentials, several, null, null, null);
    }

    @Test
    void saysWhichCredentialsItDoesNotHave() { // M45
        Credentials a = new Credentials.Basic("a", Secret.of("pass-word"));
        CapabilityContext none = given(Map.of(), false);
        CapabilityContext one = given(Map.of("", a), false);
        CapabilityContext oneOfTwo = given(Map.of("files", a), true);

        assertThatThrownBy(none::credentials)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("acme");
        assertThatThrownBy(() -> none.settings(Text.class)).isInstanceOf(IllegalStateException.class);
        assertThat(one.credentials()).isSameAs(a);
        assertThat(one.credentials(Credentials.Basic.class)).isSameAs(a);
        assertThatThrownBy(() -> one.credentials(Credentials.Token.class)).isInstanceOf(IllegalStateException.class);
        assertThat(oneOfTwo.credentials("files")).containsSame(a);
        assertThat(oneOfTwo.credentials("crm")).isEmpty();
    }

    @Test
    void signsByNoOtherCredentialsThanThoseMeant() { // M45
        Credentials files = new Credentials.Basic("a", Secret.of("pass-word"));
        Credentials key = new Credentials.KeyPair("public", Secret.of("pri-vate"));
        try (Connector api = Connector.builder("http://127.0.0.1:1").build()) {
            CapabilityContext oneOfTwo = given(Map.of("files", files), true);

            assertThatThrownBy(() -> oneOfTwo.connector(api))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("say by their id");
            assertThatThrownBy(() -> oneOfTwo.connector(api, "crm")).isInstanceOf(IllegalStateException.class);
            assertThat(oneOfTwo.connector(api, "files")).isNotSameAs(api);
            assertThatThrownBy(() -> given(Map.of("", key), false).connector(api))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("key_pair");
        }
    }
}
