package dev.headrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.headrace.capability.Integration;
import dev.headrace.json.Json;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class IntegrationRoutesTest {

    private static final Integration ACME = Acme.integration();
    private static final String HELLO = "{\"request\":{\"text\":\"hello\"}}";
    private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    @SuppressWarnings("NullAway.Init")
    private static RunningApplication application;

    @BeforeAll
    static void start() {
        application = RunningApplication.of(Acme.Application.class);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/acme/say_again", "/acme/say-again", "/acme/say_again?x=/1", "/api/say_again"})
    void answersACapabilityWithItsEnvelope(String path) {
        HttpResponse<String> response = Acme.post(application, path, HELLO);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(response.body())
                .isEqualTo("{\"response\":{\"text\":\"hello\"},\"raw_data\":null,\"page\":null,\"error\":null}")
                .isEqualTo(ACME.dispatch("say_again", HELLO).block());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/acme/info", "/api/info"})
    void givesTheInfoAsTheEnvelopeOfDispatch(String path) {
        HttpResponse<String> response = application.get(path);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(ACME.dispatch("info", "{}").block());
        assertThat(Acme.post(application, path, "{}").body()).isEqualTo(response.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/acme", "/api"})
    void givesAnOpenApiDocumentOfThePathsBesideIt(String base) {
        JsonNode document = Json.tree(application.get(base + "/openapi.json").body());

        assertThat(document.at("/servers/0/url").stringValue("")).isEqualTo(base);
        assertThat(document.path("paths").propertyNames())
                .contains("/say_again", "/read", "/info")
                .doesNotContain("/health");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/acme/info", "/acme/openapi.json"})
    void answersHeadWithTheLengthOfGet(String path) {
        HttpResponse<String> head =
                RunningApplication.send(application.request(path).method("HEAD", BodyPublishers.noBody()));

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValueAsLong("Content-Length").orElse(0)).isPositive();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /acme/say_again, POST",
        "OPTIONS, /acme/say_again, POST",
        "DELETE, /acme/read, POST",
        "PUT, /api/check, POST",
        "OPTIONS, /acme/info, 'GET, HEAD, POST'",
        "DELETE, /acme/openapi.json, 'GET, HEAD'"
    })
    void refusesOtherMethodsAndNamesThoseThatAreAllowed(String method, String path, String allowed) {
        HttpResponse<String> response =
                RunningApplication.send(application.request(path).method(method, BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).hasValue(allowed);
        assertThat(Acme.error(response)).isEqualTo("acme.bad_request in acme:server");
        assertThat(Json.tree(response.body()).at("/error/status_code").intValue())
                .isEqualTo(405);
    }

    @ParameterizedTest
    @CsvSource({"/acme/nothing, nothing", "/acme/delete-account, delete_account", "/acme/acme, acme"})
    void answersACallOfWhatIsNotThereAsDispatchDoes(String path, String name) {
        HttpResponse<String> response = Acme.post(application, path, HELLO);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).isEqualTo(ACME.dispatch(name, HELLO).block());
        assertThat(Acme.error(response)).isEqualTo("acme.not_implemented in acme:" + name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/acme/", "/acme/say_again/", "/acme/SAY_AGAIN", "/acme/acme/say_again", "/acme/a--b"})
    void answersACallOfWhatCannotBeThereWithNotFound(String path) {
        HttpResponse<String> response = Acme.post(application, path, HELLO);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(Acme.error(response)).isEqualTo("acme.not_found in acme:server");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/say_again", "/acme", "/api/nothing", "/other/say_again"})
    void leavesOtherPathsToTheApplication(String path) {
        HttpResponse<String> response = Acme.post(application, path, HELLO);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(Json.tree(response.body()).path("path").stringValue("")).isEqualTo(path);
    }

    @ParameterizedTest
    @CsvSource({"conflict, 409", "rate_limit, 429", "not_found, 502", "seat_taken, 422"})
    void hasAStatusByTheCodeOfAFailure(String code, int status) {
        HttpResponse<String> response = Acme.post(application, "/acme/fail", HELLO.replace("hello", code));

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(Acme.error(response)).isEqualTo("acme." + code + " in acme:fail");
        assertThat(response.headers().firstValueAsLong("Retry-After").isPresent())
                .isEqualTo(status == 429);
    }

    @Test
    void cancelsACallThatTakesTooLong() {
        Acme.CANCELLED.set(false);

        HttpResponse<String> response = Acme.post(application, "/api/wait", HELLO);

        assertThat(response.statusCode()).isEqualTo(504);
        assertThat(Acme.error(response)).isEqualTo("acme.timeout in acme:wait");
        assertThat(Acme.CANCELLED).isTrue();
    }

    @Test
    void cancelsACallWhoseCallerHasGone() {
        Acme.CANCELLED.set(false);
        try (RawCaller raw = new RawCaller(application.port())) {
            raw.say("POST /acme/wait HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: "
                    + HELLO.length() + "\r\n\r\n" + HELLO);
            // So that it has been read.
            Acme.post(application, "/acme/say_again", HELLO);
        }

        await().untilTrue(Acme.CANCELLED);
    }

    @Test
    void namesACallAndItsTrace() {
        HttpResponse<String> response = RunningApplication.send(Acme.posting(application, "/acme/say_who", HELLO)
                .header("X-Request-Id", "r-1")
                .header("traceparent", PARENT));

        assertThat(Json.tree(response.body()).at("/response/text").stringValue(""))
                .isEqualTo("r-1 r-1 " + PARENT);
        assertThat(response.headers().firstValue("X-Request-Id")).hasValue("r-1");
    }

    @Test
    void givesTheNameBackWithRefusalsToo() {
        HttpResponse<String> response = application.get("/acme/say_who", "X-Request-Id", "r-1");

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("X-Request-Id")).hasValue("r-1");
    }

    @Test
    void refusesLimitsThatLeaveNothing() {
        IntegrationRoutes routes = IntegrationRoutes.of(ACME);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> routes.bodyLimit(0))
                .withMessageContaining("bodyLimit");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> routes.callTimeout(Duration.ZERO))
                .withMessageContaining("callTimeout");
    }
}
