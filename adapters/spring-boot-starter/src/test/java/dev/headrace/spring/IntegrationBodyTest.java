package dev.headrace.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.json.Json;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntegrationBodyTest {

    private static final String PATH = "/acme/say_again";
    private static final String HELLO = "{\"request\":{\"text\":\"hello\"}}";

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

    private static String withText(int bytes) {
        String frame = "{\"request\":{\"text\":\"\"}}";
        return frame.replace("\"\"", "\"" + "x".repeat(bytes - frame.length()) + "\"");
    }

    private static HttpResponse<String> sent(String type, String body) {
        return RunningApplication.send(
                application.request(PATH).header("Content-Type", type).POST(BodyPublishers.ofString(body)));
    }

    /** Without saying how long it is. */
    private static HttpResponse<String> streamed(String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return RunningApplication.send(application
                .request(PATH)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes))));
    }

    private static void isRefused(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(Acme.error(response)).isEqualTo("acme.bad_request in acme:server");
        assertThat(Json.tree(response.body()).at("/error/status_code").intValue())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/json", "Application/JSON;charset=UTF-8", "application/json; charset=\"utf-8\""})
    void takesJson(String type) {
        assertThat(sent(type, HELLO).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "application/json; charset=iso-8859-1",
                "application/jsonp"
            })
    void refusesAnyOtherType(String type) {
        isRefused(sent(type, HELLO), 415);
    }

    @Test
    void refusesABodyWithoutAType() {
        isRefused(RunningApplication.send(application.request(PATH).POST(BodyPublishers.ofString(HELLO))), 415);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "{", "nonsense", "[]", "\"text\"", "null", "{} {}", "{\"a\":1,}", "{'request':{}}"})
    void refusesWhatIsNoJsonObject(String body) {
        isRefused(Acme.post(application, PATH, body), 400);
    }

    @Test
    void refusesWhatIsNoUtf8() {
        byte[] latin = "{\"request\":{\"text\":\"\u00ff\"}}".getBytes(StandardCharsets.ISO_8859_1);

        isRefused(
                RunningApplication.send(application
                        .request(PATH)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(latin))),
                400);
    }

    @Test
    void showsNothingOfTheBodyThatItRefuses() {
        assertThat(Acme.post(application, PATH, "{\"auth\":{\"password\":\"hunter22\",")
                        .body())
                .doesNotContain("hunter22");
    }

    @Test
    void answersAWrongInputWithTheEnvelopeOfTheCapability() {
        HttpResponse<String> response = Acme.post(application, PATH, "{\"request\":{\"text\":[]}}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Acme.error(response)).isEqualTo("acme.bad_request in acme:say_again");
    }

    @Test
    void takesABodyOfTheLimit() {
        assertThat(Acme.post(application, PATH, withText(Acme.BODY_LIMIT)).statusCode())
                .isEqualTo(200);
        assertThat(streamed(withText(Acme.BODY_LIMIT)).statusCode()).isEqualTo(200);
    }

    @Test
    void refusesABodyOverTheLimit() {
        isRefused(Acme.post(application, PATH, withText(Acme.BODY_LIMIT + 1)), 413);
        isRefused(streamed(withText(Acme.BODY_LIMIT + 1)), 413);
    }
}
