package dev.headrace.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.resilience.RetryPolicy;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What {@code retry} makes of a policy. */
class RetryPropertiesTest {

    @Test
    void allOfThem() {
        retry(
                policy -> {
                    assertThat(policy.maxRetries()).isEqualTo(5);
                    assertThat(policy.firstDelay()).hasMillis(100);
                    assertThat(policy.maxDelay()).hasSeconds(20);
                    assertThat(policy.jitter()).isEqualTo(0.25);
                    assertThat(policy.statuses()).containsExactlyInAnyOrder(503, 504);
                    assertThat(policy.methods()).containsExactlyInAnyOrder("GET", "POST");
                    assertThat(policy.maxRetryAfter()).hasSeconds(60);
                    assertThat(policy.obeysRetryAfter()).isFalse();
                    assertThat(policy.onExhausted()).isEqualTo(RetryPolicy.OnExhausted.ERROR);
                    assertThat(policy.hasBudget()).isTrue();
                    assertThat(policy.budgetShare()).isEqualTo(0.5);
                    assertThat(policy.budgetFloor()).isEqualTo(3);
                },
                "retry.backoff=exponential",
                "retry.first-delay=100ms",
                "retry.max-retries=5",
                "retry.max-delay=20s",
                "retry.jitter=0.25",
                "retry.statuses=503,504",
                "retry.methods=GET,POST",
                "retry.max-retry-after=1m",
                "retry.ignore-retry-after=true",
                "retry.on-exhausted=error",
                "retry.budget.share=0.5",
                "retry.budget.floor=3");
    }

    @Test
    void shapes() {
        Duration second = Duration.ofSeconds(1);
        same(RetryPolicy.exponential(second), "retry.first-delay=1s");
        same(RetryPolicy.linear(second), "retry.first-delay=1s", "retry.backoff=linear");
        same(RetryPolicy.fixed(second), "retry.first-delay=1s", "retry.backoff=fixed");
        same(RetryPolicy.linear(RetryPolicy.defaults().firstDelay()), "retry.backoff=linear");
        same(RetryPolicy.defaults().firstRetryImmediate(), "retry.first-retry-immediate=true");
    }

    @Test
    void neverWinsOverWhatAnotherProfileHasSet() {
        same(RetryPolicy.never(), "retry.backoff=never", "retry.max-retries=5");
    }

    @Test
    void allMethods() {
        retry(policy -> assertThat(policy.retriesAllMethods()).isTrue(), "retry.all-methods=true");
    }

    @Test
    void withoutBudget() {
        retry(policy -> assertThat(policy.hasBudget()).isFalse(), "retry.budget.enabled=false");
    }

    @Test
    void oneNumberOfTheBudgetLeavesTheOther() {
        retry(
                policy -> {
                    assertThat(policy.budgetShare())
                            .isEqualTo(RetryPolicy.defaults().budgetShare());
                    assertThat(policy.budgetFloor()).isEqualTo(1);
                },
                "retry.budget.floor=1");
        retry(
                policy -> {
                    assertThat(policy.budgetShare()).isEqualTo(0.9);
                    assertThat(policy.budgetFloor())
                            .isEqualTo(RetryPolicy.defaults().budgetFloor());
                },
                "retry.budget.share=0.9");
    }

    private static void same(RetryPolicy expected, String... properties) {
        retry(policy -> assertThat(policy).hasToString(expected.toString()), properties);
    }

    private static void retry(Consumer<RetryPolicy> asserted, String... properties) {
        Contexts.github("https://api.github.com", properties).run(context -> {
            assertThat(context).hasNotFailed();
            asserted.accept(
                    context.getBean(Connectors.class).get("github").settings().retry());
        });
    }
}
