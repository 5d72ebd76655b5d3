package dev.headrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.error.FailureKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Rows A43, A44, L70: what a status, or the verdict on it, means to a caller. */
class HttpStatusMeaningTest {

    private static final Request GET = Request.get("http://api.test/numbers");

    /** Row A44: the default table, but that an unknown 4xx is never sent again. */
    @ParameterizedTest
    @CsvSource({
        "400, PERMANENT", "401, CONFIGURATION", "403, CONFIGURATION", "404, CONFIGURATION", "405, PERMANENT",
        "408, TRANSIENT", "418, PERMANENT", "422, PERMANENT", "429, TRANSIENT", "500, TRANSIENT",
        "501, PERMANENT", "502, TRANSIENT", "503, TRANSIENT", "504, TRANSIENT", "599, TRANSIENT"
    })
    void hasAKindForEachStatus(int status, FailureKind kind) {
        assertThat(failure(response(status, Headers.none())).kind()).isEqualTo(kind);
    }

    @Test
    void takesItsKindAndReasonFromAVerdict() {
        Response marked =
                response(200, Headers.none()).withVerdict(new Verdict.Fail(FailureKind.PERMANENT, "channel_not_found"));

        assertThat(failure(marked).kind()).isEqualTo(FailureKind.PERMANENT);
        assertThat(failure(marked)).hasMessage("GET http://api.test/numbers: status 200, but channel_not_found");
        assertThat(failure(response(200, Headers.none()).withVerdict(new Verdict.RenewCredentials()))
                        .kind())
                .isEqualTo(FailureKind.CONFIGURATION);
        assertThat(failure(response(403, Headers.none()).withVerdict(new Verdict.RateLimited(Optional.empty())))
                        .kind())
                .isEqualTo(FailureKind.TRANSIENT);
    }

    @Test
    void knowsWhichAttemptItWas() {
        Response third = Response.of(GET.withAttempt(3), 503, Headers.none(), new byte[0]);

        assertThat(failure(third).attempt()).isEqualTo(3);
    }

    @Test
    void knowsWhenTheRemoteMayBeAskedAgain() {
        StepVerifier.withVirtualTime(
                        () -> HttpStatusException.from(GET, response(503, Headers.of("Retry-After", "300"))))
                .assertNext(failure -> assertThat(failure.retryAt()).contains(Instant.ofEpochSecond(300)))
                .verifyComplete();
        StepVerifier.withVirtualTime(() -> HttpStatusException.from(
                        GET,
                        response(403, Headers.of("Retry-After", "300"))
                                .withVerdict(new Verdict.RateLimited(Optional.of(Duration.ofSeconds(9))))))
                .assertNext(failure -> assertThat(failure.retryAt()).contains(Instant.ofEpochSecond(9)))
                .verifyComplete();
        assertThat(failure(response(503, Headers.none())).retryAt()).isEmpty();
    }

    private static HttpStatusException failure(Response response) {
        Mono<HttpStatusException> failure = HttpStatusException.from(GET, response);
        return failure.blockOptional().orElseThrow();
    }

    private static Response response(int status, Headers headers) {
        return Response.of(GET, status, headers, new byte[0]);
    }
}
