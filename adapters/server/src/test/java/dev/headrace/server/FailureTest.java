package dev.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.capability.CapabilityError;
import dev.headrace.capability.CapabilityException;
import dev.headrace.capability.ErrorCode;
import dev.headrace.capability.Integration;
import dev.headrace.error.FailureKind;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;

class FailureTest {

    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");
    private static final String WORK = "{\"request\":{\"text\":\"x\"}}";

    private static CapabilityError error(String code, FailureKind kind, @Nullable Instant retryAt) {
        return new CapabilityError("m", null, "acme." + code, "X", "acme:work", kind, retryAt);
    }

    private static HttpResponse<String> answer(Integration integration) {
        try (RunningServer server = Acme.serving(integration)) {
            return new HttpCaller(server).post("/work", WORK);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "bad_request, 400",
        "unknown_parameter, 400",
        "unknown_value, 400",
        "invalid_value, 400",
        "invalid_value.too_long, 400",
        "conflict, 409",
        "conflict.login_taken, 409",
        "rate_limit, 429",
        "internal_error, 500",
        "unexpected_error, 500",
        "not_implemented, 501",
        "unauthorized, 502",
        "permission_denied, 502",
        "not_found, 502",
        "api_error, 502",
        "bad_gateway, 502",
        "request_timeout, 502",
        "unsupported_operation, 502",
        "service_error, 503",
        "timeout, 504"
    })
    void hasAStatusByItsCode(String code, int status) {
        for (FailureKind kind : FailureKind.values()) {
            assertThat(error(code, kind, null).httpStatus()).isEqualTo(status);
        }
    }

    @ParameterizedTest
    @CsvSource({"PERMANENT, 422", "CONFIGURATION, 422", "LOCAL, 500", "UNTRUSTED_DATA, 502", "TRANSIENT, 503"})
    void hasAStatusByItsKindIfTheCodeIsTheIntegrationsOwn(FailureKind kind, int status) {
        assertThat(error("seat_taken", kind, null).httpStatus()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "rate_limit, 1500, 2",
        "rate_limit, 1, 1",
        "service_error, 30000, 30",
        "service_error, -5000, 1",
        "timeout, 5000, ",
        "bad_request, 5000, "
    })
    void saysWhenToTryAgain(String code, long millis, @Nullable Long seconds) {
        assertThat(error(code, FailureKind.TRANSIENT, NOW.plusMillis(millis)).retryAfter(NOW))
                .isEqualTo(seconds == null ? OptionalLong.empty() : OptionalLong.of(seconds));
        assertThat(error(code, FailureKind.TRANSIENT, null).retryAfter(NOW)).isEmpty();
    }

    @Test
    void answersWithTheEnvelopeOfTheCapability() {
        HttpResponse<String> response = answer(Acme.doing(Mono.error(CapabilityException.of(
                        ErrorCode.CONFLICT.detail("login_taken"), "The login 'ada' is taken; choose another")
                .status(409))));

        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(response.body())
                .isEqualTo("{\"response\":null,\"raw_data\":null,\"page\":null,\"error\":{"
                        + "\"message\":\"The login 'ada' is taken; choose another\",\"status_code\":409,"
                        + "\"error_code\":\"acme.conflict.login_taken\",\"raised_by\":\"CapabilityException\","
                        + "\"raised_in\":\"acme:work\",\"kind\":\"permanent\",\"retryable\":false,\"retry_at\":null}}");
    }

    @Test
    void saysRetryAfterInTheHead() {
        HttpResponse<String> response =
                answer(Acme.doing(Mono.error(CapabilityException.of(ErrorCode.RATE_LIMIT, "Slow down")
                        .retryAt(Instant.now().plusSeconds(600)))));

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(300L, 600L);
    }

    @Test
    void isAnEnvelopeAlsoIfTheIntegrationDoesNotHandleErrors() {
        Integration integration = Integration.builder("acme")
                .handleErrors(false)
                .capability(
                        "work",
                        Acme.Say.class,
                        Acme.Said.class,
                        (request, context) -> Mono.error(new UnsupportedOperationException()))
                .build();

        HttpResponse<String> response = answer(integration);

        assertThat(response.statusCode()).isEqualTo(501);
        assertThat(HttpCaller.error(response)).isEqualTo("acme.not_implemented in acme:work");
    }

    @Test
    void showsNothingOfWhatNobodyForesaw() {
        HttpResponse<String> response = answer(Acme.doing(Mono.error(new IllegalStateException("password=hunter22"))));

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(HttpCaller.error(response)).isEqualTo("acme.unexpected_error in acme:work");
        assertThat(response.body()).doesNotContain("hunter22");
    }

    @Test
    void cancelsACallThatTakesTooLong() {
        AtomicBoolean cancelled = new AtomicBoolean();
        Integration never = Acme.doing(Mono.<Acme.Said>never().doOnCancel(() -> cancelled.set(true)));
        try (RunningServer server = Acme.started(Acme.server(never).callTimeout(Duration.ofMillis(100)))) {
            HttpResponse<String> response = new HttpCaller(server).post("/work", WORK);

            assertThat(response.statusCode()).isEqualTo(504);
            assertThat(HttpCaller.error(response)).isEqualTo("acme.timeout in acme:work");
            assertThat(HttpCaller.json(response).at("/error/retryable").booleanValue())
                    .isTrue();
            assertThat(cancelled).isTrue();
        }
    }

    @Test
    void takesOnlyABrokenConnectionForACallerThatHasGone() {
        IllegalStateException mistake = new IllegalStateException();

        assertThat(CallerGoneException.orElse(new IOException())).isInstanceOf(CallerGoneException.class);
        assertThat(CallerGoneException.orElse(new ClosedChannelException())).isInstanceOf(CallerGoneException.class);
        assertThat(CallerGoneException.orElse(AbortedException.beforeSend())).isInstanceOf(CallerGoneException.class);
        assertThat(CallerGoneException.orElse(mistake)).isSameAs(mistake);
    }

    @Test
    void countsFailuresApartFromRefusals() {
        try (RunningServer server = Acme.serving(Acme.doing(Mono.error(new IllegalStateException())))) {
            HttpCaller caller = new HttpCaller(server);
            caller.post("/work", WORK);
            caller.post("/nothing", WORK);
            caller.get("/info");

            Eventually.is(() -> server.stats().failed() == 1
                    && server.stats().refused() == 1
                    && server.stats().answered() == 1);
            assertThat(server.stats().requests()).isEqualTo(3);
        }
    }
}
