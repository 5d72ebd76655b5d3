package dev.headrace.resilience;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.http.Request;
import dev.headrace.resilience.RetryPolicy.OnExhausted;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.test.StepVerifier;

/** Rows K5, K6, K8, K18, K19: settings can be read, and changed one by one. */
class RetryPolicyTest {

    /** Row K5: the older set, and 425. */
    @Test
    void retriesTheStatusesThatMayPass() {
        assertThat(RetryPolicy.defaults().statuses())
                .containsExactlyInAnyOrder(408, 413, 425, 429, 500, 502, 503, 504, 521, 522, 524);
    }

    /** Rows K8, K18, K19: what is not named keeps its value, and the policy before is as it was. */
    @Test
    void changesNothingButWhatIsNamed() {
        RetryPolicy before =
                RetryPolicy.linear(ofSeconds(2)).maxRetries(7).jitter(0.1).statuses(Set.of(418));

        RetryPolicy after = before.maxDelay(ofSeconds(9))
                .retryMethods(Set.of("GET", "POST"))
                .onExhausted(OnExhausted.ERROR)
                .maxRetryAfter(ofSeconds(5))
                .ignoreRetryAfter()
                .budget(0.5, 3);

        assertThat(after.maxRetries()).isEqualTo(7);
        assertThat(after.firstDelay()).isEqualTo(ofSeconds(2));
        assertThat(after.maxDelay()).isEqualTo(ofSeconds(9));
        assertThat(after.jitter()).isEqualTo(0.1);
        assertThat(after.statuses()).containsExactly(418);
        assertThat(after.methods()).containsExactlyInAnyOrder("GET", "POST");
        assertThat(after.onExhausted()).isEqualTo(OnExhausted.ERROR);
        assertThat(after.maxRetryAfter()).isEqualTo(ofSeconds(5));
        assertThat(after.obeysRetryAfter()).isFalse();
        assertThat(after.budgetShare()).isEqualTo(0.5);
        assertThat(after.budgetFloor()).isEqualTo(3);
        assertThat(after.withoutBudget().hasBudget()).isFalse();
        assertThat(before.maxDelay()).isEqualTo(ofSeconds(30));
        assertThat(before.obeysRetryAfter()).isTrue();
        assertThat(before.onExhausted()).isEqualTo(OnExhausted.LAST_RESPONSE);
    }

    @Test
    void printsItsSettings() {
        assertThat(RetryPolicy.never()).hasToString("RetryPolicy[never]");
        assertThat(RetryPolicy.defaults().statuses(Set.of(503, 429)))
                .hasToString("RetryPolicy[3 retries, from 500 ms to 30000 ms, jitter 0.5, statuses [429, 503], "
                        + "methods [DELETE, GET, HEAD, OPTIONS, PUT, TRACE]]");
        assertThat(RetryPolicy.fixed(ofSeconds(1))
                        .retryAllMethods()
                        .statuses(Set.of())
                        .withoutBudget()
                        .ignoreRetryAfter()
                        .onExhausted(OnExhausted.ERROR))
                .hasToString("RetryPolicy[3 retries, FIXED from 1000 ms to 30000 ms, jitter 0.5, statuses [], "
                        + "all methods, Retry-After ignored, error when exhausted, no budget]");
    }

    /** Row K6: methods by name in place of the idempotent ones; a key counts whatever they are. */
    @ParameterizedTest
    @CsvSource({"GET, , 1", "POST, , 2", "PUT, , 1", "PUT, key, 2"})
    void retriesTheMethodsItIsTold(String method, @Nullable String key, int sent) {
        Answers server = Answers.ofStatus(503, 200);
        Request request = Request.of(method, "http://api.test/numbers").json(List.of(1));
        Request asked = key == null ? request : request.header("Idempotency-Key", key);

        StepVerifier.withVirtualTime(() -> RetryPolicy.defaults()
                        .retryMethods(Set.of("POST"))
                        .asInterceptor()
                        .around(server)
                        .exchange(asked))
                .thenAwait(ofSeconds(1))
                .expectNextCount(1)
                .verifyComplete();
        assertThat(server.count()).isEqualTo(sent);
    }
}
