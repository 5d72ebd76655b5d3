package dev.headrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Row L71: a failure as an RFC 9457 document. */
class ProblemTest {

    private static final Request REQUEST =
            Request.post("https://h/x?token=hunter2").withAttempt(3);

    @Test
    void takesTheMembersThatTheServerSent() {
        Problem problem = Problem.of(
                refused(
                        403,
                        "application/problem+json; charset=utf-8",
                        "{\"type\":\"https://example.com/probs/out-of-credit\",\"title\":\"You do not have enough credit.\","
                                + "\"status\":403,\"detail\":\"Your current balance is 30, but that costs 50.\","
                                + "\"instance\":\"/account/12345/msgs/abc\",\"balance\":30,\"accounts\":[\"/account/12345\"]}"));

        assertThat(problem.type()).isEqualTo("https://example.com/probs/out-of-credit");
        assertThat(problem.instance()).isEqualTo("/account/12345/msgs/abc");
        assertThat(problem.toJson())
                .isEqualTo(Json.tree(("{\"type\":\"https://example.com/probs/out-of-credit\","
                                + "\"title\":\"You do not have enough credit.\",\"status\":403,"
                                + "\"detail\":\"Your current balance is 30, but that costs 50.\","
                                + "\"instance\":\"/account/12345/msgs/abc\",\"balance\":30,\"accounts\":[\"/account/12345\"],"
                                + "\"kind\":\"CONFIGURATION\",\"method\":\"POST\",\"uri\":\"https://h/x?token=•••\",\"attempt\":3}")
                        .getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void leavesOutMembersOfTheWrongType() {
        Problem problem = Problem.of(
                refused(400, "application/problem+json", "{\"type\":7,\"title\":[],\"status\":\"x\",\"detail\":{}}"));

        assertThat(problem.type()).isEqualTo("about:blank");
        assertThat(problem.title()).isEqualTo("Bad Request");
        assertThat(problem.status()).isEqualTo(400);
        assertThat(problem.detail()).isNull();
    }

    @Test
    void isMadeFromAnyOtherAnswer() {
        Problem problem = Problem.of(refused(404, "application/json", "{\"message\":\"No such thing\"}"));

        assertThat(problem.type()).isEqualTo("about:blank");
        assertThat(problem.title()).isEqualTo("Not Found");
        assertThat(problem.status()).isEqualTo(404);
        assertThat(problem.detail())
                .isEqualTo("POST https://h/x?token=•••: status 404; check the path; the server says \"No such thing\"");
        assertThat(problem.toJson().has("instance")).isFalse();
        assertThat(problem.toJson().toString()).doesNotContain("hunter2");
    }

    @Test
    void isMadeFromAnyOtherFailure() {
        Problem timeout = Problem.of(new ResponseTimeoutException(REQUEST, "no answer", Duration.ofSeconds(30)));
        Instant moment = Instant.parse("2026-01-01T00:00:00Z");
        Problem plain = Problem.of(new HeadraceException(FailureKind.LOCAL, "no space", null) {
            private static final long serialVersionUID = 1L;

            @Override
            public Optional<Instant> retryAt() {
                return Optional.of(moment);
            }
        });

        assertThat(timeout.title()).isEqualTo("Response timeout");
        assertThat(timeout.toJson().has("status")).isFalse();
        assertThat(timeout.toJson().get("attempt").intValue()).isEqualTo(3);
        assertThat(plain.title()).isEqualTo("Failure");
        assertThat(plain.toJson().get("retryAt").stringValue()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(plain.toJson().get("kind").stringValue()).isEqualTo("LOCAL");
        assertThat(plain.toJson().get("detail").stringValue()).isEqualTo("no space");
    }

    private static HttpStatusException refused(int status, String type, String body) {
        Response response =
                Response.of(REQUEST, status, Headers.of("Content-Type", type), body.getBytes(StandardCharsets.UTF_8));
        return Objects.requireNonNull(
                HttpStatusException.from(REQUEST, response).block());
    }
}
