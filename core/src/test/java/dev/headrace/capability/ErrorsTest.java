package dev.headrace.capability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.connector.Connector;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import dev.headrace.json.Json;
import dev.headrace.resilience.ErrorCondition;
import dev.headrace.resilience.ErrorRule;
import dev.headrace.resilience.ErrorRules;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.test.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** What callers get to see of failures. */
class ErrorsTest {

    record Nothing() {}

    private static Integration failing(Throwable failure, UnaryOperator<Integration.Builder> settings) {
        return settings.apply(Integration.builder("acme")
                        .capability(
                                "list_accounts",
                                Nothing.class,
                                Nothing.class,
                                (request, context) -> Mono.error(failure)))
                .build();
    }

    private static JsonNode errorOf(Integration integration) {
        JsonNode envelope = Json.tree(Objects.requireNonNull(
                integration.dispatch("list_accounts", "{}").block()));
        assertThat(envelope.path("response").isNull()).isTrue();
        assertThat(envelope.path("raw_data").isNull()).isTrue();
        return envelope.path("error");
    }

    private static JsonNode errorOf(Throwable failure) {
        return errorOf(failing(failure, UnaryOperator.identity()));
    }

    private static <R> R refused(int status, String contentType, String body, Function<Connector, R> use) {
        TestServer.Builder server = TestServer.builder()
                .route(
                        "/users",
                        (request, response) -> response.status(status)
                                .header("Content-Type", contentType)
                                .sendString(Mono.just(body)));
        try (TestServer api = server.start();
                Connector connector =
                        Connector.builder(api.url()).retry(RetryPolicy.never()).build()) {
            return use.apply(connector);
        }
    }

    private static JsonNode errorOfStatus(int status, String contentType, String body) {
        return refused(
                status,
                contentType,
                body,
                connector -> errorOf(Integration.builder("acme")
                        .capability(
                                "list_accounts",
                                Nothing.class,
                                Nothing.class,
                                (request, context) -> connector
                                        .fetch(Request.get("/users"), Nothing.class)
                                        .map(CapabilityResponse::of))
                        .build()));
    }

    @ParameterizedTest
    @CsvSource({
        "400, bad_request",
        "413, bad_request",
        "415, bad_request",
        "422, bad_request",
        "401, unauthorized",
        "403, permission_denied",
        "404, not_found",
        "410, not_found",
        "405, unsupported_operation",
        "406, unsupported_operation",
        "501, unsupported_operation",
        "408, request_timeout",
        "409, conflict",
        "429, rate_limit",
        "503, service_error",
        "500, bad_gateway",
        "502, bad_gateway",
        "504, bad_gateway",
        "418, api_error",
        "302, api_error"
    })
    void givesTheStatusOfAnAnswerACode(int status, String code) { // M16, M27, M29
        JsonNode error = errorOfStatus(status, "application/json", "{\"message\": \"No.\"}");

        assertThat(error.path("status_code").intValue()).isEqualTo(status);
        assertThat(error.path("error_code").stringValue()).isEqualTo("acme." + code);
    }

    @Test
    void hasTheMembersThatAreDocumented() { // M30, M31, M52
        JsonNode error = errorOfStatus(403, "application/json", "{\"message\": \"No.\"}");

        assertThat(error.propertyNames())
                .containsExactly(
                        "message",
                        "status_code",
                        "error_code",
                        "raised_by",
                        "raised_in",
                        "kind",
                        "retryable",
                        "retry_at");
        assertThat(error.path("message").stringValue()).contains("status 403").contains("No.");
        assertThat(error.path("raised_by").stringValue()).isEqualTo("HttpStatusException");
        assertThat(error.path("raised_in").stringValue()).isEqualTo("acme:list_accounts");
        assertThat(error.path("kind").stringValue()).isEqualTo("configuration");
        assertThat(error.path("retryable").booleanValue()).isFalse();
        assertThat(error.path("retry_at").isNull()).isTrue();
    }

    @Test
    void saysWhenToTryAgain() { // M52
        TestServer.Builder server = TestServer.builder()
                .route(
                        "/users",
                        (request, response) ->
                                response.status(429).header("Retry-After", "3").send());
        try (TestServer api = server.start();
                Connector connector =
                        Connector.builder(api.url()).retry(RetryPolicy.never()).build()) {
            JsonNode error = errorOf(Integration.builder("acme")
                    .capability(
                            "list_accounts",
                            Nothing.class,
                            Nothing.class,
                            (request, context) -> connector
                                    .fetch(Request.get("/users"), Nothing.class)
                                    .map(CapabilityResponse::of))
                    .build());

            assertThat(error.path("retryable").booleanValue()).isTrue();
            assertThat(Instant.parse(error.path("retry_at").stringValue())).isAfter(Instant.now());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "TRANSIENT, bad_gateway, true",
        "CONFIGURATION, bad_request, false",
        "PERMANENT, api_error, false",
        "UNTRUSTED_DATA, api_error, false",
        "LOCAL, internal_error, false"
    })
    void givesOtherFailuresACodeByTheirKind(FailureKind kind, String code, boolean retryable) {
        JsonNode error = errorOf(new HeadraceException(kind, "It broke; mend it", null));

        assertThat(error.path("error_code").stringValue()).isEqualTo("acme." + code);
        assertThat(error.path("message").stringValue()).isEqualTo("It broke; mend it");
        assertThat(error.path("status_code").isNull()).isTrue();
        assertThat(error.path("retryable").booleanValue()).isEqualTo(retryable);
    }

    @Test
    void showsNothingOfWhatNobodyForesaw() {
        JsonNode error = errorOf(new IllegalStateException("jdbc:db://root:hunter2@host"));

        assertThat(error.toString())
                .doesNotContain("hunter2")
                .doesNotContain("jdbc")
                .doesNotContain(".java");
        assertThat(error.path("error_code").stringValue()).isEqualTo("acme.unexpected_error");
        assertThat(error.path("raised_by").stringValue()).isEqualTo("IllegalStateException");
        assertThat(errorOf(new TimeoutException("x")).path("error_code").stringValue())
                .isEqualTo("acme.timeout");
        assertThat(errorOf(new UnsupportedOperationException("x"))
                        .path("error_code")
                        .stringValue())
                .isEqualTo("acme.not_implemented"); // M7
    }

    @Test
    void describesWhatAHandlerThrowsOrForgets() {
        CapabilityHandler<Nothing, Nothing> throwing = (request, context) -> {
            throw CapabilityException.of(ErrorCode.CONFLICT, "Taken").status(409);
        };
        Integration acme = Integration.builder("acme")
                .capability("list_accounts", Nothing.class, Nothing.class, throwing)
                .capability("empty", Nothing.class, Nothing.class, (request, context) -> Mono.empty())
                .build();

        assertThat(errorOf(acme).path("error_code").stringValue()).isEqualTo("acme.conflict");
        assertThat(Json.tree(Objects.requireNonNull(acme.dispatch("empty", "{}").block()))
                        .at("/error/error_code")
                        .stringValue())
                .isEqualTo("acme.internal_error");
    }

    @Test
    void writesWhatCannotBeWrittenAsAFailure() {
        record Unwritable(Object self) {}
        Integration acme = Integration.builder("acme")
                .capability("list_accounts", Nothing.class, Unwritable.class, (request, context) -> {
                    List<Object> circle = new ArrayList<>();
                    circle.add(circle);
                    return Mono.just(CapabilityResponse.of(new Unwritable(circle)));
                })
                .build();

        assertThat(errorOf(acme).path("error_code").stringValue()).isEqualTo("acme.unexpected_error");
    }

    @Test
    void letsAllMappersThatFitRunInTheirOrderBehindTheDefault() { // M15, M22, M23, M24, M25
        Integration acme = failing(
                new IllegalStateException("x"),
                builder -> builder.onError(
                                IllegalStateException.class, (failure, error) -> Mono.just(error.message("first")))
                        .onError(IllegalArgumentException.class, (failure, error) -> Mono.just(error.message("never")))
                        .onError(
                                RuntimeException.class,
                                (failure, error) -> Mono.just(
                                                error.message(error.message() + ", second of " + error.raisedBy()))
                                        .hide())
                        .onError(Exception.class, ErrorCode.custom("seat_taken")));

        JsonNode error = errorOf(acme);

        assertThat(error.path("message").stringValue()).isEqualTo("first, second of IllegalStateException");
        assertThat(error.path("error_code").stringValue()).isEqualTo("acme.seat_taken"); // M28, M29
    }

    @Test
    void setsAFixedCodeWhateverTheMapperSays() { // M15
        Integration acme = failing(
                new IllegalStateException("x"),
                builder -> builder.onError(
                        IllegalStateException.class,
                        (failure, error) -> Mono.just(error.code(ErrorCode.NOT_FOUND)),
                        ErrorCode.CONFLICT.detail("login_taken")));

        assertThat(errorOf(acme).path("error_code").stringValue()).isEqualTo("acme.conflict.login_taken"); // M29
    }

    @Test
    void leavesWhatACapabilitySaysItselfAlone() { // M26
        Integration acme = failing(
                CapabilityException.of(ErrorCode.INVALID_VALUE, "No such seat"),
                builder -> builder.onError(Throwable.class, (failure, error) -> Mono.just(error.message("mapped"))));

        assertThat(errorOf(acme).path("message").stringValue()).isEqualTo("No such seat");
        assertThat(errorOf(acme).path("error_code").stringValue()).isEqualTo("acme.invalid_value");
    }

    @Test
    void keepsTheDescriptionWhenAMapperFailsOrSaysNothing() {
        Integration acme = failing(
                new HeadraceException(FailureKind.LOCAL, "Disk full", null),
                builder -> builder.onError(HeadraceException.class, (failure, error) -> {
                            throw new IllegalStateException("mistake");
                        })
                        .onError(HeadraceException.class, (failure, error) -> Mono.empty())
                        .onError(HeadraceException.class, (failure, error) -> Mono.just(error.statusCode(507))));

        JsonNode error = errorOf(acme);

        assertThat(error.path("message").stringValue()).isEqualTo("Disk full");
        assertThat(error.path("status_code").intValue()).isEqualTo(507);
    }

    @Test
    void letsFailuresThroughIfItDoesNotHandleThem() { // M17
        HeadraceException failure = new HeadraceException(FailureKind.LOCAL, "Disk full", null);
        Integration acme = failing(failure, builder -> builder.handleErrors(false));

        StepVerifier.create(acme.dispatch("list_accounts", "{}"))
                .verifyErrorSatisfies(seen -> assertThat(seen).isSameAs(failure));
        StepVerifier.create(acme.dispatch("delete_account", "{}"))
                .verifyErrorSatisfies(seen -> assertThat(seen)
                        .isInstanceOfSatisfying(
                                CapabilityException.class,
                                said -> assertThat(said.code()).isEqualTo(ErrorCode.NOT_IMPLEMENTED)));
        CapabilityError error =
                Objects.requireNonNull(acme.errorOf(failure, "read").block());
        assertThat(error.raisedIn()).isEqualTo("acme:read");
    }

    @Test
    void showsNoHtmlAndNoMoreThan800Characters() { // M51
        String page =
                "<!DOCTYPE html><html><head><title>Sign in</title></head><body>" + "x".repeat(5_000) + "</body></html>";

        assertThat(errorOfStatus(502, "text/html", page).path("message").stringValue())
                .contains("Sign in")
                .doesNotContain("<");
        assertThat(errorOf(new HeadraceException(FailureKind.PERMANENT, "It said " + page, null))
                        .path("message")
                        .stringValue())
                .isEqualTo("It said an HTML page: Sign in");
        assertThat(errorOf(new HeadraceException(FailureKind.PERMANENT, "y".repeat(5_000), null))
                        .path("message")
                        .stringValue())
                .hasSize(800)
                .endsWith("…");
        assertThat(errorOf(new HeadraceException(FailureKind.PERMANENT, "a\u0000b\nc", null))
                        .path("message")
                        .stringValue())
                .isEqualTo("a\\u0000b\\nc");
    }

    @Test
    void showsTheAddressWithoutSecretsOfItsQuery() { // M51
        JsonNode error = refused(
                500,
                "text/plain",
                "",
                connector -> errorOf(Integration.builder("acme")
                        .capability(
                                "list_accounts",
                                Nothing.class,
                                Nothing.class,
                                (request, context) -> connector
                                        .fetch(Request.get("/users").query("api_key", "hunter2"), Nothing.class)
                                        .map(CapabilityResponse::of))
                        .build()));

        assertThat(error.toString()).contains("/users").doesNotContain("hunter2");
    }

    @Test
    void saysInWordsThatTheRemoteCannotBeReached() { // M51
        try (Connector nowhere = Connector.builder("http://127.0.0.1:1")
                .retry(RetryPolicy.never())
                .build()) {
            Integration acme = Integration.builder("acme")
                    .capability(
                            "list_accounts",
                            Nothing.class,
                            Nothing.class,
                            (request, context) -> nowhere.fetch(Request.get("/users"), Nothing.class)
                                    .map(CapabilityResponse::of))
                    .build();

            JsonNode error = errorOf(acme);

            assertThat(error.path("error_code").stringValue()).isEqualTo("acme.bad_gateway");
            assertThat(error.path("message").stringValue()).contains("127.0.0.1:1");
            assertThat(error.path("retryable").booleanValue()).isTrue();
        }
    }

    @Test
    void refusesCodesThatAreNone() { // M28
        assertThatThrownBy(() -> ErrorCode.custom("Not A Code")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ErrorCode.CONFLICT.detail("a").detail("b"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(ErrorCode.custom("seat_taken")).isEqualTo(ErrorCode.custom("seat_taken"));
    }

    @Test
    void namesTheStatusOfTheLastFailureWhenRetriesAreUsedUp() {
        JsonNode error = refused(503, "text/plain", "", connector -> {
            try (Connector erring = connector
                    .mutate()
                    .retry(RetryPolicy.fixed(Duration.ofMillis(1))
                            .maxRetries(1)
                            .onExhausted(RetryPolicy.OnExhausted.ERROR))
                    .build()) {
                return errorOf(Integration.builder("acme")
                        .capability(
                                "list_accounts",
                                Nothing.class,
                                Nothing.class,
                                (request, context) -> erring.fetch(Request.get("/users"), Nothing.class)
                                        .map(CapabilityResponse::of))
                        .build());
            }
        });

        assertThat(error.path("status_code").intValue()).isEqualTo(503);
        assertThat(error.path("error_code").stringValue()).isEqualTo("acme.service_error");
        assertThat(error.path("raised_by").stringValue()).isNotEqualTo(HttpStatusException.class.getSimpleName());
    }

    @Test
    void tellsAHostWhatAFailureWasBeforeItIsAnEnvelope() {
        IllegalStateException failure = new IllegalStateException("what nobody else sees");
        List<Throwable> told = new ArrayList<>();
        Consumer<Throwable> host = told::add;

        String envelope = failing(failure, UnaryOperator.identity())
                .dispatch("list_accounts", "{}")
                .contextWrite(context -> context.put(Integration.FAILURES, host))
                .block();

        assertThat(told).containsExactly(failure);
        assertThat(envelope).doesNotContain("nobody");
    }

    private static JsonNode errorOfJudged(ErrorRule rule) {
        return refused(200, "application/json", "{\"ok\":false}", connector -> {
            try (Connector judging =
                    connector.mutate().errors(ErrorRules.of(rule)).build()) {
                return errorOf(Integration.builder("acme")
                        .capability(
                                "list_accounts",
                                Nothing.class,
                                Nothing.class,
                                (request, context) -> judging.fetch(Request.get("/users"), Nothing.class)
                                        .map(CapabilityResponse::of))
                        .build());
            }
        });
    }

    @Test
    void goesByWhatTheRulesMakeOfAnAnswer() {
        assertThat(errorOfJudged(ErrorRule.when(ErrorCondition.status(200)).rateLimited())
                        .path("error_code")
                        .stringValue())
                .isEqualTo("acme.rate_limit");
        assertThat(errorOfJudged(ErrorRule.when(ErrorCondition.status(200)).fail(FailureKind.CONFIGURATION))
                        .path("error_code")
                        .stringValue())
                .isEqualTo("acme.bad_request");
    }
}
