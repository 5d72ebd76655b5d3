package dev.headrace;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.http.ExchangeOptions;
import dev.headrace.http.PoolSettings;
import dev.headrace.http.Timeouts;
import dev.headrace.http.TransportSettings;
import dev.headrace.resilience.BulkheadPolicy;
import dev.headrace.resilience.CircuitBreakerPolicy;
import dev.headrace.resilience.RateLimitPolicy;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.state.CommitPolicy;
import org.junit.jupiter.api.Test;

/** The table of defaults, written out again by hand: whoever changes a default changes it in two places, on purpose. */
class DefaultsTest {

    @Test
    void timeouts() {
        assertThat(Timeouts.defaults()).isEqualTo(new Timeouts(ofSeconds(10), ofSeconds(30), ofSeconds(30), ZERO));
        assertThat(TransportSettings.defaults().timeouts()).isEqualTo(Timeouts.defaults());
    }

    @Test
    void retries() {
        RetryPolicy retry = RetryPolicy.defaults();

        assertThat(retry.maxRetries()).isEqualTo(3);
        assertThat(retry.firstDelay()).isEqualTo(ofMillis(500));
        assertThat(Defaults.RETRY_MULTIPLIER).isEqualTo(2.0);
        assertThat(retry.jitter()).isEqualTo(0.5);
        assertThat(retry.maxDelay()).isEqualTo(ofSeconds(30));
        assertThat(retry.statuses()).containsExactlyInAnyOrder(408, 413, 425, 429, 500, 502, 503, 504, 521, 522, 524);
        assertThat(retry.maxRetryAfter()).isEqualTo(ofMinutes(2));
        assertThat(retry.retriesAllMethods()).isFalse();
        assertThat(retry.methods()).containsExactlyInAnyOrder("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE");
        assertThat(retry.obeysRetryAfter()).isTrue();
        assertThat(retry.onExhausted()).isEqualTo(RetryPolicy.OnExhausted.LAST_RESPONSE);
        assertThat(retry.hasBudget()).isTrue();
        assertThat(retry.budgetShare()).isEqualTo(0.1);
        assertThat(retry.budgetFloor()).isEqualTo(10);
        assertThat(Defaults.RETRY_BUDGET_SHARE).isEqualTo(0.1);
        assertThat(Defaults.RETRY_BUDGET_FLOOR).isEqualTo(10);
    }

    @Test
    void permits() {
        assertThat(Defaults.PERMIT_TIMEOUT).isEqualTo(ofSeconds(30));
        assertThat(RateLimitPolicy.perSecond(1).maxWait()).isEqualTo(ofSeconds(30));
        assertThat(BulkheadPolicy.maxConcurrent(1).maxWait()).isEqualTo(ofSeconds(30));
        assertThat(BulkheadPolicy.maxConcurrent(1).maxQueued()).isEqualTo(500);
        assertThat(CircuitBreakerPolicy.consecutiveFailures(1, ofSeconds(1)).halfOpenTrials())
                .isEqualTo(1);
    }

    @Test
    void pool() {
        assertThat(PoolSettings.defaults())
                .isEqualTo(new PoolSettings(50, 500, ofSeconds(10), ofSeconds(30), ofMinutes(5)));
    }

    @Test
    void credentials() {
        assertThat(Defaults.API_KEY_HEADER).isEqualTo("X-API-Key");
        assertThat(Defaults.TOKEN_LIFETIME).isEqualTo(ofHours(1));
        assertThat(Defaults.TOKEN_RENEW_BEFORE).isEqualTo(ofSeconds(30));
        assertThat(Defaults.TOKEN_TIMEOUT).isEqualTo(ofSeconds(30));
        assertThat(Defaults.TOKEN_TENANTS).isEqualTo(1_000);
    }

    @Test
    void progress() {
        assertThat(CommitPolicy.defaults().elements()).isEqualTo(100);
        assertThat(CommitPolicy.defaults().after()).contains(ofSeconds(1));
        assertThat(CommitPolicy.defaults().share()).isEqualTo(0.1);
    }

    @Test
    void redirects() {
        assertThat(Defaults.MAX_REDIRECTS).isEqualTo(5);
    }

    @Test
    void pages() {
        assertThat(Defaults.PREFETCH_PAGES).isZero();
        assertThat(Defaults.MAX_EMPTY_PAGES).isEqualTo(10);
        assertThat(Defaults.MAX_PAGES).isEqualTo(100_000);
    }

    @Test
    void concurrency() {
        assertThat(Defaults.SLICE_CONCURRENCY).isEqualTo(1);
        assertThat(Defaults.BATCH_CONCURRENCY).isEqualTo(5);
        assertThat(Defaults.SEND_CONCURRENCY).isEqualTo(10);
    }

    @Test
    void events() {
        assertThat(Defaults.RECONNECT_DELAY).isEqualTo(ofSeconds(1));
        assertThat(Defaults.RECONNECT_MULTIPLIER).isEqualTo(2.0);
        assertThat(Defaults.RECONNECT_JITTER).isEqualTo(0.5);
        assertThat(Defaults.RECONNECT_MAX_DELAY).isEqualTo(ofSeconds(30));
        assertThat(Defaults.RECONNECT_RESET_AFTER).isEqualTo(ofSeconds(60));
        assertThat(Defaults.DROP_OLDEST_BUFFER).isEqualTo(500);
        assertThat(Defaults.CONSUME_CHUNK).isEqualTo(50);
    }

    @Test
    void limits() {
        assertThat(Defaults.CHUNK_SIZE).isEqualTo(65_536);
        assertThat(Defaults.ERROR_BODY_LIMIT).isEqualTo(65_536);
        assertThat(Defaults.RULE_BODY_LIMIT).isEqualTo(65_536);
        assertThat(Defaults.RECORD_LIMIT).isEqualTo(8_388_608);
        assertThat(Defaults.EVENT_LIMIT).isEqualTo(8_388_608);
        assertThat(Defaults.JSON_DEPTH_LIMIT).isEqualTo(500);
        assertThat(Defaults.DECOMPRESSION_RATIO_LIMIT).isEqualTo(100);
        assertThat(Defaults.DOCUMENT_HEAD).isEqualTo(1_048_576);
    }

    @Test
    void options() {
        ExchangeOptions options = ExchangeOptions.defaults();

        assertThat(options.profile()).isEqualTo(ExchangeOptions.Profile.CALL);
        assertThat(options.timeoutsOver(Timeouts.defaults())).isEqualTo(Timeouts.defaults());
        assertThat(options.profile(ExchangeOptions.Profile.EVENTS).timeoutsOver(Timeouts.defaults()))
                .isEqualTo(Timeouts.defaults().gap(ZERO));
        assertThat(options.retry()).isTrue();
        assertThat(options.decompress()).isFalse();
        assertThat(options.documentHead()).isZero();
    }

    @Test
    void servers() {
        assertThat(Defaults.SERVER_PORT).isEqualTo(8000);
        assertThat(Defaults.SERVER_BODY_LIMIT).isEqualTo(1024 * 1024);
        assertThat(Defaults.SERVER_HEAD_LIMIT).isEqualTo(16 * 1024);
        assertThat(Defaults.SERVER_CONCURRENCY).isEqualTo(1_000);
        assertThat(Defaults.SERVER_REQUEST_TIMEOUT).isEqualTo(ofSeconds(30));
        assertThat(Defaults.SERVER_CALL_TIMEOUT).isEqualTo(ofMinutes(1));
        assertThat(Defaults.SERVER_IDLE).isEqualTo(ofMinutes(1));
        assertThat(Defaults.SERVER_STALL_TIMEOUT).isEqualTo(ofMinutes(5));
    }
}
