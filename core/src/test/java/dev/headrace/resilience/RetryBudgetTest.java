package dev.headrace.resilience;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.http.Exchange;
import dev.headrace.http.Request;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Issue 3, retry budget: retries are a share of recent calls, so that trouble is not multiplied. */
class RetryBudgetTest {

    private static final Request GET = Request.get("http://api.test/numbers");
    private static final RetryPolicy QUICK =
            RetryPolicy.fixed(ofMillis(1)).jitter(0).maxRetries(3);

    @Test
    void allowsATenthOfRecentCallsAndTen() {
        Answers server = Answers.ofStatus(503);
        RetryInterceptor retry = QUICK.asInterceptor();

        StepVerifier.withVirtualTime(() -> calls(100, retry.around(server)))
                .thenAwait(ofSeconds(1))
                .expectNextCount(100)
                .verifyComplete();

        assertThat(retry.stats().calls()).isEqualTo(100);
        assertThat(retry.stats().retries()).isEqualTo(20);
        assertThat(server.count()).isEqualTo(120);
        assertThat(retry.stats().refused()).isPositive();
    }

    @Test
    void recoversAfterTenSeconds() {
        Answers server = Answers.ofStatus(503);
        RetryInterceptor retry = QUICK.budget(0, 2).asInterceptor();
        Exchange exchange = retry.around(server);

        StepVerifier.withVirtualTime(() -> calls(1, exchange)
                        .concatWith(calls(1, exchange))
                        .concatWith(calls(1, exchange).delaySubscription(ofSeconds(9)))
                        .concatWith(calls(1, exchange).delaySubscription(ofSeconds(2))))
                .thenAwait(ofSeconds(5))
                .then(() -> assertThat(retry.stats()).isEqualTo(new RetryStats(2, 2, 2)))
                .thenAwait(ofMillis(4500))
                .then(() -> assertThat(retry.stats()).isEqualTo(new RetryStats(3, 2, 3)))
                .thenAwait(ofSeconds(3))
                .expectNextCount(4)
                .verifyComplete();
        assertThat(retry.stats()).isEqualTo(new RetryStats(4, 4, 4));
    }

    @Test
    void letsTheLastAnswerOutAtOnceWhenItIsUsedUp() {
        StepVerifier.withVirtualTime(() -> QUICK.budget(0, 0)
                        .asInterceptor()
                        .around(Answers.ofStatus(503))
                        .exchange(GET))
                .expectSubscription()
                .expectNextMatches(response -> response.status() == 503)
                .verifyComplete();
    }

    @Test
    void warnsOnceInTenSeconds() {
        RetryInterceptor retry = QUICK.budget(0, 0).asInterceptor();
        Exchange exchange = retry.around(Answers.ofStatus(503));
        PrintStream console = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setErr(new PrintStream(printed, true, UTF_8));
        try {
            StepVerifier.withVirtualTime(() ->
                            calls(5, exchange).concatWith(calls(5, exchange).delaySubscription(ofSeconds(10))))
                    .thenAwait(ofSeconds(10))
                    .expectNextCount(10)
                    .verifyComplete();
        } finally {
            System.setErr(console);
        }
        assertThat(printed.toString(UTF_8).lines().filter(line -> line.contains("retry budget is used up")))
                .hasSize(2);
        assertThat(retry.stats().refused()).isEqualTo(10);
    }

    @Test
    void neverRefusesWithoutALimit() {
        RetryInterceptor retry = QUICK.withoutBudget().asInterceptor();

        StepVerifier.withVirtualTime(() -> calls(100, retry.around(Answers.ofStatus(503))))
                .thenAwait(ofHours(1))
                .expectNextCount(100)
                .verifyComplete();

        assertThat(retry.stats()).isEqualTo(new RetryStats(100, 300, 0));
    }

    @Test
    void isNotSharedByInterceptorsOfTheSamePolicy() {
        RetryPolicy policy = QUICK.budget(0, 1);

        for (int i = 0; i < 2; i++) {
            RetryInterceptor retry = policy.asInterceptor();
            StepVerifier.withVirtualTime(() -> calls(1, retry.around(Answers.ofStatus(503, 200))))
                    .thenAwait(ofSeconds(1))
                    .expectNext(200)
                    .verifyComplete();
        }
    }

    @Test
    void countsRightUnderManyThreads() {
        int rounds = Boolean.getBoolean("headrace.soak") ? 10_000 : 1_000;
        RetryBudget budget = RetryBudget.of(0, 100);
        AtomicInteger granted = new AtomicInteger();

        Flux.range(0, rounds)
                .parallel(8)
                .runOn(Schedulers.boundedElastic())
                .doOnNext(i -> {
                    budget.call();
                    if (budget.take()) {
                        granted.incrementAndGet();
                    }
                })
                .sequential()
                .blockLast(ofSeconds(60));

        assertThat(budget.stats().calls()).isEqualTo(rounds);
        assertThat(budget.stats().retries()).isEqualTo(granted.get());
        assertThat(granted.get() + budget.stats().refused()).isEqualTo(rounds);
        assertThat(granted).hasValueGreaterThanOrEqualTo(100);
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QUICK.budget(-0.1, 1))
                .withMessageContaining("share");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QUICK.budget(0.1, -1))
                .withMessageContaining("floor");
    }

    private static Flux<Integer> calls(int count, Exchange exchange) {
        return Flux.range(0, count).flatMap(i -> exchange.exchange(GET), count).map(response -> response.status());
    }
}
