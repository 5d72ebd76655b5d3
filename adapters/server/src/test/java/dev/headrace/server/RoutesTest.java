package dev.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.capability.Integration;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

class RoutesTest {

    private static final Integration ACME = Acme.streaming(Flux.just(Acme.record(1)));
    private static final String HELLO = "{\"request\":{\"text\":\"hello\"}}";

    @SuppressWarnings("NullAway.Init")
    private static RunningServer server;

    @SuppressWarnings("NullAway.Init")
    private static HttpCaller caller;

    @BeforeAll
    static void start() {
        server = Acme.serving(ACME);
        caller = new HttpCaller(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/say_again", "/say-again", "/acme/say_again", "/acme/say-again", "/say_again?x=/1"})
    void answersACapabilityWithItsEnvelope(String path) { // M1, M35
        HttpResponse<String> response = caller.post(path, HELLO);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(response.body())
                .isEqualTo("{\"response\":{\"text\":\"hello\"},\"raw_data\":null,\"page\":null,\"error\":null}");
    }

    @Test
    void answersTheSameWhetherCalledOrServed() { // M1
        assertThat(caller.post("/say_again", HELLO).body())
                .isEqualTo(ACME.dispatch("say_again", HELLO).block());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/info", "/acme/info"})
    void givesTheInfoAsTheEnvelopeOfDispatch(String path) {
        HttpResponse<String> response = caller.get(path);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(ACME.dispatch("info", "{}").block());
        assertThat(caller.post(path, "{}").body()).isEqualTo(response.body());
    }

    @Test
    void givesTheOpenApiDocumentAsItIs() {
        assertThat(HttpCaller.json(caller.get("/openapi.json"))).isEqualTo(ACME.openApi());
    }

    @Test
    void saysThatItIsUpToAnyone() {
        HttpResponse<String> response = HttpCaller.send(caller.anonymous("/health"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"status\":\"UP\"}");
    }

    @Test
    void tellsWhatItHasDone() {
        long before = server.stats().answered();

        caller.post("/say_again", HELLO);

        Eventually.is(() -> server.stats().answered() == before + 1);
        assertThat(HttpCaller.json(caller.get("/stats")).propertyNames())
                .containsExactly(
                        "requests",
                        "in_flight",
                        "answered",
                        "refused",
                        "failed",
                        "cancelled",
                        "open_connections",
                        "open_streams",
                        "messages_sent");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/info", "/openapi.json", "/health", "/stats"})
    void answersHeadWithTheLengthOfGet(String path) {
        HttpResponse<String> head = HttpCaller.send(caller.request(path).method("HEAD", BodyPublishers.noBody()));

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValueAsLong("Content-Length").orElse(0)).isPositive();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /say_again, POST",
        "OPTIONS, /say_again, POST",
        "DELETE, /read, POST",
        "PUT, /check, POST",
        "OPTIONS, /info, 'GET, HEAD, POST'",
        "DELETE, /openapi.json, 'GET, HEAD'",
        "POST, /health, 'GET, HEAD'",
        "PATCH, /acme/stats, 'GET, HEAD'"
    })
    void refusesOtherMethodsAndNamesThoseThatAreAllowed(String method, String path, String allowed) { // M35
        HttpResponse<String> response = HttpCaller.send(caller.request(path).method(method, BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).hasValue(allowed);
        assertThat(HttpCaller.error(response)).isEqualTo("acme.bad_request in acme:server");
        assertThat(HttpCaller.json(response).at("/error/status_code").intValue())
                .isEqualTo(405);
    }

    @ParameterizedTest
    @CsvSource({"/nothing, nothing", "/acme/nothing, nothing", "/delete-account, delete_account", "/acme, acme"})
    void answersACallOfWhatIsNotThereAsDispatchDoes(String path, String name) { // M1, M7, M35
        HttpResponse<String> response = caller.post(path, HELLO);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).isEqualTo(ACME.dispatch(name, HELLO).block());
        assertThat(HttpCaller.error(response)).isEqualTo("acme.not_implemented in acme:" + name);
        assertThat(HttpCaller.json(response).at("/error/status_code").intValue())
                .isEqualTo(501);
    }

    @Test
    void answersSoAlsoIfTheIntegrationDoesNotHandleErrors() {
        try (RunningServer plain =
                Acme.serving(Acme.builder().handleErrors(false).build())) {
            HttpResponse<String> response = new HttpCaller(plain).post("/not-there", HELLO);

            assertThat(response.statusCode()).isEqualTo(404);
            assertThat(HttpCaller.error(response)).isEqualTo("acme.not_implemented in acme:not_there");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/other/say_again", "/say_again/", "/SAY_AGAIN", "/acme/acme/say_again", "/a--b", "/a1"})
    void answersACallOfWhatCannotBeThereWithNotFound(String path) {
        HttpResponse<String> response = caller.post(path, HELLO);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(HttpCaller.error(response)).isEqualTo("acme.not_found in acme:server");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/nothing", "/acme", "/favicon.ico", "/%7Einfo"})
    void answersAQuestionForWhatIsNotThereWithNotFound(String path) {
        HttpResponse<String> response = caller.get(path);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(HttpCaller.error(response)).isEqualTo("acme.not_found in acme:server");
    }

    @Test
    void hasNoStreamsWhereTheIntegrationHasNone() {
        try (RunningServer plain = Acme.serving(Acme.integration())) {
            assertThat(new HttpCaller(plain).post("/read", "{}").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void canBeWithoutThePrefix() { // M35
        try (RunningServer plain = Acme.started(Acme.server(ACME).withoutIdPrefix())) {
            HttpCaller other = new HttpCaller(plain);

            assertThat(other.post("/say-again", HELLO).statusCode()).isEqualTo(200);
            assertThat(other.post("/acme/say-again", HELLO).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void understandsTheFormThatProxiesUse() {
        assertThat(Routes.path("http://h:8000/info?x")).isEqualTo("/info");
        assertThat(Routes.path("http://h")).isEqualTo("/");
        assertThat(Routes.path("*")).isEqualTo("/*");
    }

    @Test
    void keepsTheConnectionForTheNextRequest() {
        try (RawCaller raw = new RawCaller(server)) {
            String both = raw.say(RawCaller.post("/say_again", HELLO))
                    .say(RawCaller.head("GET", "/health", "Connection: close"))
                    .hear();

            assertThat(both).containsSubsequence("200 OK", "hello", "200 OK", "UP");
        }
    }
}
