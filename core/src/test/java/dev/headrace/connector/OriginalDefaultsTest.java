package dev.headrace.connector;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.Defaults;
import dev.headrace.auth.Auth;
import dev.headrace.http.PoolSettings;
import dev.headrace.http.Request;
import dev.headrace.http.Secret;
import dev.headrace.http.Timeouts;
import dev.headrace.resilience.CircuitBreakerPolicy;
import dev.headrace.resilience.RateLimitPolicy;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.test.RawServer;
import dev.headrace.test.Reply;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Rows R2 to R10, R12, R69: the constants of requests-connection-manager, said in Headrace's terms; K3 to K6 and K12: those of api_toolkit.
 * Whoever comes from there copies one of these and has what was there.
 */
class OriginalDefaultsTest {

    @Test
    void ofRequestsConnectionManager() {
        try (RawServer server = RawServer.script(request -> Reply.ok("x")).start();
                Connector connector = Connector.builder(server.url())
                        .pool(PoolSettings.defaults().maxConnections(10))
                        .retry(RetryPolicy.exponential(ofMillis(300))
                                .firstRetryImmediate()
                                .maxRetries(3)
                                .statuses(Set.of(429, 500, 502, 503, 504)))
                        .rateLimit(RateLimitPolicy.window(100, ofMinutes(1)))
                        .circuitBreaker(CircuitBreakerPolicy.consecutiveFailures(5, ofMinutes(1)))
                        .timeouts(Timeouts.defaults()
                                .connect(ofSeconds(30))
                                .head(ofSeconds(30))
                                .gap(ofSeconds(30)))
                        .auth(Auth.apiKey(Secret.of("k")))
                        .build()) {
            connector.exchange(Request.get("/")).block(ofSeconds(30));

            ConnectorSettings settings = connector.settings();
            assertThat(settings.pool().maxConnections()).isEqualTo(10);
            assertThat(settings.retry().maxRetries()).isEqualTo(3);
            assertThat(settings.timeouts().head()).isEqualTo(ofSeconds(30));
            assertThat(connector.stats().rateLimits())
                    .singleElement()
                    .satisfies(limit -> assertThat(limit.available()).isEqualTo(99));
            assertThat(connector.stats().circuits()).hasSize(1);
            assertThat(server.requests().get(0).header(Defaults.API_KEY_HEADER)).contains("k");
            assertThat(Defaults.API_KEY_HEADER).isEqualTo("X-API-Key");
        }
    }

    @Test
    void ofApiToolkit() {
        RetryPolicy original = RetryPolicy.exponential(ofSeconds(1))
                .firstRetryImmediate()
                .maxDelay(ofMinutes(2))
                .jitter(0)
                .maxRetries(0)
                .retryAllMethods()
                .statuses(Set.of(408, 413, 429, 500, 502, 503, 504, 521, 522, 524));

        assertThat(original.maxRetries()).isZero();
        assertThat(Defaults.RETRY_STATUSES).containsAll(original.statuses());
        assertThat(Defaults.RETRY_STATUSES)
                .hasSize(original.statuses().size() + 1)
                .contains(425);
    }
}
