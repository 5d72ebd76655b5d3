package dev.headrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows A46, A47, L33, L70, L71, M51, R57: what a refused request tells. */
class HttpStatusExceptionTest {

    private static final Request REQUEST = Request.get("https://h/x");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // One line for each of the names, in their order.
                "{\"message\":\"m\",\"error\":\"e\",\"detail\":\"d\"} | m",
                "{\"messages\":[\"m\",\"n\"],\"error\":\"e\"} | m, n",
                "{\"error\":\"e\",\"errors\":[\"f\"]} | e",
                "{\"errors\":[\"f\",\"g\"],\"failures\":[\"h\"]} | f, g",
                "{\"failures\":[\"h\"],\"failure\":\"i\"} | h",
                "{\"failure\":\"i\",\"detail\":\"d\"} | i",
                "{\"detail\":\"d\",\"title\":\"t\"} | d",
                "{\"type\":\"about:blank\",\"title\":\"t\",\"status\":404} | t",
                "{\"error_message\":\"m\"} | m",
                "{\"errorMessage\":\"m\"} | m",
                "{\"Message\":\"m\",\"__type\":\"x\"} | m",
                "{\"faultstring\":\"m\"} | m",
                "{\"msg\":\"m\"} | m",
                "{\"reason\":\"m\"} | m",
                // As real APIs say it.
                "{\"error\":{\"type\":\"invalid_request_error\",\"message\":\"No such customer: 'cus_x'\"}} | No such customer: 'cus_x'",
                "{\"error\":{\"code\":404,\"message\":\"Not found\",\"errors\":[{\"message\":\"x\"}]}} | Not found",
                "{\"message\":\"Validation Failed\",\"errors\":[{\"field\":\"title\"}]} | Validation Failed",
                "[{\"message\":\"Session expired\",\"errorCode\":\"INVALID_SESSION_ID\"}] | Session expired",
                "{\"ok\":false,\"error\":\"channel_not_found\"} | channel_not_found",
                "{\"data\":null,\"errors\":[{\"message\":\"a\",\"path\":[\"x\"]},{\"message\":\"b\"},{\"message\":\"a\"}]} | a, b",
                "{\"errorMessages\":[\"Issue does not exist\"],\"errors\":{}} | Issue does not exist",
                "{\"errorMessages\":[],\"errors\":{\"summary\":\"is required\"}} | summary: is required",
                "{\"errors\":{\"email\":[\"is taken\",\"is short\"]}} | email: is taken, is short",
                "{\"error\":{\"message\":{\"lang\":\"en\",\"value\":\"Bad filter\"}}} | Bad filter",
                "{\"error\":\"invalid_grant\",\"error_description\":\"Refresh is over\"} | invalid_grant: Refresh is over",
                "{\"status\":404,\"error\":\"Not Found\",\"message\":\"No handler\",\"path\":\"/x\"} | No handler",
                "{\"errors\":[{\"status\":\"422\",\"title\":\"Invalid\",\"detail\":\"Name is short\"}]} | Name is short",
                "{\"fault\":{\"faultstring\":\"Quota violated\"}} | Quota violated",
                "{\"error\":{\"code\":\"InvalidRange\"}} | InvalidRange",
                "\"Not found\" | Not found",
                "[\"a\",\"b\"] | a, b",
                // Nothing to say.
                "{} | ``",
                "{\"message\":\"  \"} | ``",
                "{\"message\":null,\"error\":true} | ``",
                "{\"value\":[{\"value\":\"x\"}]} | ``",
                "404 | ``",
                "null | ``",
                "{\"message\": | ``"
            })
    void findsWhatTheServerSays(String body, String words) {
        HttpStatusException failure = failure(404, "application/json", body);

        assertThat(failure.serverMessage()).isEqualTo(Optional.of(words).filter(w -> !w.isEmpty()));
        assertThat(failure)
                .hasMessage("GET https://h/x: status 404; check the path"
                        + (words.isEmpty() ? "" : "; the server says \"" + words + "\""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "text/html | <html><head><title>502 Bad Gateway</title></head> | 502 Bad Gateway | ; the server sent an HTML page, \"502 Bad Gateway\"",
                "text/html | <!DOCTYPE html><h1>x</h1> | `` | ; the server sent an HTML page",
                "application/json | <html><title>A &amp; B</title> | A & B | ; the server sent an HTML page, \"A & B\"",
                "application/xml | <?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code><Message>No key</Message></Error> | No key | ; the server says \"No key\"",
                "text/xml | <e:Envelope><e:error> <faultstring>Bad</faultstring></e:error></e:Envelope> | Bad | ; the server says \"Bad\"",
                "text/xml | <a/> | `` | ``",
                "text/plain | upstream connect error | upstream connect error | ; the server says \"upstream connect error\"",
                "`` | busy | busy | ; the server says \"busy\"",
                "application/octet-stream | busy | `` | ``",
                "text/plain | {broken | `` | ``",
                "text/plain | `` | `` | ``"
            })
    void readsOtherBodiesThanJson(String type, String body, String words, String told) {
        HttpStatusException failure = failure(500, type, body);

        assertThat(failure.serverMessage().orElse("")).isEqualTo(words);
        assertThat(failure).hasMessage("GET https://h/x: status 500" + told);
    }

    @Test
    void keepsItShort() {
        HttpStatusException failure =
                failure(500, "application/json", "{\"message\":\"" + "\uD83D\uDE00".repeat(400) + "\"}");

        String words = failure.serverMessage().orElseThrow();
        assertThat(words.codePointCount(0, words.length())).isEqualTo(300);
        assertThat(words).endsWith("\uD83D\uDE00…");
        assertThat(failure(500, "text/plain", "x".repeat(301)).serverMessage()).isEmpty();
        String many = "{\"errors\":[" + "[[[[[[[[\"deep\"]]]]]]]],".repeat(3) + "\"x\"]}";
        assertThat(failure(500, "application/json", many).serverMessage()).contains("x");
    }

    @Test
    void keepsItOnOneLineThatCannotForgeAnother() {
        HttpStatusException failure = failure(
                500, "application/json", "{\"message\":\"a\\r\\n\\u001b[31mINFO\\u2028b\\u202e c\\u0000\\t d\"}");

        assertThat(failure.serverMessage()).contains("a [31mINFO b c d");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Incorrect API key provided: hunter2key",
                "Bearer hunter2key is expired",
                "token=hunter2key",
                "bad password: 'x', password: hunter2key",
                "no user for hunter2query or hunter2path or hunter 2/x",
                "cookie hunter2cookie",
                "bearer abc.hunter2 is foreign"
            })
    void neverRepeatsASecretThatTheServerRepeats(String words) {
        Request request = Request.get("https://h/{p}/x", Secret.of("hunter2path"))
                .query("q", Secret.of("hunter2query"))
                .query("r", Secret.of("hunter 2/x"))
                .header("Authorization", "Bearer hunter2key")
                .header("Cookie", "a=b; sid=hunter2cookie")
                .against(URI.create("https://h"));
        Response response = Response.of(
                request,
                401,
                Headers.of("Content-Type", "application/problem+json"),
                ("{\"title\":\"" + words + "\",\"detail\":\"" + words + "\",\"more\":[\"" + words
                                + "\"],\"api_key\":\"hunter2\"}")
                        .getBytes(StandardCharsets.UTF_8));

        HttpStatusException failure = from(request, response);

        assertThat(failure.getMessage()).doesNotContain("hunter").contains("•••");
        assertThat(failure.serverMessage().orElseThrow()).doesNotContain("hunter");
        assertThat(Problem.of(failure).toJson().toString()).doesNotContain("hunter");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic authentication required", "Bearer token expected", "the session ended at 10:30"})
    void keepsWordsThatAreNoSecrets(String words) {
        assertThat(failure(401, "text/plain", words).serverMessage()).contains(words);
    }

    @Test
    void givesTheBodyAsATree() {
        assertThat(failure(400, "application/json", "{\"a\":[1]}")
                        .bodyTree()
                        .orElseThrow()
                        .at("/a/0")
                        .intValue())
                .isEqualTo(1);
        assertThat(failure(400, "text/plain", "x").bodyTree()).isEmpty();
        assertThat(failure(400, "application/json", "").bodyTree()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "200, PERMANENT, 'status 200, but no such channel; the server says \"m\"'",
        "400, CONFIGURATION, 'status 400; no such channel; the server says \"m\"'"
    })
    void takesKindAndReasonOfAVerdict(int status, FailureKind kind, String message) {
        HttpStatusException failure =
                from(REQUEST, response(status).withVerdict(new Verdict.Fail(kind, "no such channel")));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.status()).isEqualTo(status);
        assertThat(failure).hasMessage("GET https://h/x: " + message);
    }

    @Test
    void saysWhatOtherVerdictsMean() {
        assertThat(from(REQUEST, response(200).withVerdict(new Verdict.RenewCredentials())))
                .hasMessageContaining("status 200, but the credentials were refused")
                .extracting(HeadraceException::kind)
                .isEqualTo(FailureKind.CONFIGURATION);
        assertThat(from(REQUEST, response(401).withVerdict(new Verdict.CredentialsRenewed())))
                .hasMessageContaining("status 401; the credentials were refused")
                .extracting(HeadraceException::kind)
                .isEqualTo(FailureKind.CONFIGURATION);
        assertThat(from(
                        REQUEST,
                        response(403).withVerdict(new Verdict.RateLimited(Optional.of(Duration.ofSeconds(1))))))
                .hasMessageContaining("slow down")
                .extracting(HeadraceException::kind)
                .isEqualTo(FailureKind.TRANSIENT);
        assertThat(from(REQUEST, response(200).withVerdict(new Verdict.Retry(Optional.empty()))))
                .hasMessageContaining("status 200, but it is a failure that may pass")
                .extracting(HeadraceException::kind)
                .isEqualTo(FailureKind.TRANSIENT);
        assertThat(from(REQUEST, response(404).withVerdict(new Verdict.Accept()))
                        .kind())
                .isEqualTo(FailureKind.CONFIGURATION);
    }

    private static Response response(int status) {
        return Response.of(REQUEST, status, Headers.none(), "{\"message\":\"m\"}".getBytes(StandardCharsets.UTF_8));
    }

    private static HttpStatusException failure(int status, String type, String body) {
        Headers headers = type.isEmpty() ? Headers.none() : Headers.of("Content-Type", type);
        return from(REQUEST, Response.of(REQUEST, status, headers, body.getBytes(StandardCharsets.UTF_8)));
    }

    private static HttpStatusException from(Request request, Response response) {
        return Objects.requireNonNull(
                HttpStatusException.from(request, response).block());
    }
}
