package dev.headrace.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.connector.ConnectorSettings;
import dev.headrace.http.OriginPolicy;
import dev.headrace.http.PoolSettings;
import dev.headrace.http.Timeouts;
import dev.headrace.resilience.BulkheadPolicy;
import dev.headrace.resilience.CircuitBreakerPolicy;
import dev.headrace.resilience.RateLimitPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What properties without credentials make of a connector. */
class SettingPropertiesTest {

    @Test
    void nothingIsTheLibrarysDefaults() {
        settings(settings -> {
            ConnectorSettings defaults = Connector.builder("https://api.github.com")
                    .name("github")
                    .build()
                    .settings();

            assertThat(settings).hasToString(defaults.toString());
            assertThat(settings.tls()).isEqualTo(defaults.tls());
            assertThat(settings.proxy()).isEqualTo(defaults.proxy());
            assertThat(settings.http2()).isFalse();
            assertThat(settings.keepsCookies()).isFalse();
            assertThat(settings.maxRedirects()).isEqualTo(defaults.maxRedirects());
            assertThat(settings.rateLimit()).isEmpty();
            assertThat(settings.circuitBreaker()).isEmpty();
            assertThat(settings.bulkhead()).isEmpty();
        });
    }

    @Test
    void ofTheConnectorItself() {
        settings(
                settings -> {
                    assertThat(settings.baseUrl()).isEqualTo(URI.create("https://api.github.com"));
                    assertThat(settings.headers().all("X-Tenant")).containsExactly("blue");
                    assertThat(settings.headers().all("Accept-Language")).containsExactly("en");
                    assertThat(settings.maxRedirects()).isEqualTo(7);
                    assertThat(settings.keepsCookies()).isTrue();
                    assertThat(settings.http2()).isTrue();
                },
                "headers.X-Tenant=blue",
                "headers.[Accept-Language]=en",
                "max-redirects=7",
                "cookies=true",
                "http2=true");
    }

    @Test
    void timeouts() {
        settings(
                settings -> assertThat(settings.timeouts())
                        .isEqualTo(new Timeouts(
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(2),
                                Duration.ofMillis(300),
                                Duration.ofMinutes(4))),
                "timeouts.connect=1s",
                "timeouts.head=2s",
                "timeouts.gap=300",
                "timeouts.total=4m");
    }

    @Test
    void oneTimeoutLeavesTheOthers() {
        settings(
                settings -> assertThat(settings.timeouts())
                        .isEqualTo(Timeouts.defaults().gap(Duration.ZERO)),
                "timeouts.gap=0s");
    }

    @Test
    void pool() {
        settings(
                settings -> assertThat(settings.pool())
                        .isEqualTo(new PoolSettings(
                                7, 8, Duration.ofSeconds(9), Duration.ofSeconds(10), Duration.ofSeconds(11))),
                "pool.max-connections=7",
                "pool.max-pending=8",
                "pool.acquire-timeout=9s",
                "pool.max-idle=10s",
                "pool.max-lifetime=11s");
    }

    @Test
    void rateLimits() {
        rateLimit(RateLimitPolicy.of(10, Duration.ofSeconds(1)), "rate-limit.permits=10");
        rateLimit(
                RateLimitPolicy.of(10, Duration.ofMinutes(1)).burst(3).maxWait(Duration.ofSeconds(5)),
                "rate-limit.permits=10",
                "rate-limit.period=1m",
                "rate-limit.shape=bucket",
                "rate-limit.burst=3",
                "rate-limit.max-wait=5s");
        rateLimit(
                RateLimitPolicy.window(10, Duration.ofSeconds(1)), "rate-limit.permits=10", "rate-limit.shape=window");
        rateLimit(
                RateLimitPolicy.evenly(10, Duration.ofSeconds(1)), "rate-limit.permits=10", "rate-limit.shape=evenly");
        rateLimit(RateLimitPolicy.adaptive(), "rate-limit.adaptive=true");
        rateLimit(
                RateLimitPolicy.of(10, Duration.ofSeconds(1)).and(RateLimitPolicy.adaptive()),
                "rate-limit.permits=10",
                "rate-limit.adaptive=true");
    }

    private static void rateLimit(RateLimitPolicy expected, String... properties) {
        settings(settings -> assertThat(settings.rateLimit()).get().hasToString(expected.toString()), properties);
    }

    @Test
    void circuitBreakers() {
        Duration open = Duration.ofSeconds(30);
        circuitBreaker(
                CircuitBreakerPolicy.consecutiveFailures(5, open).halfOpenTrials(2),
                "circuit-breaker.consecutive-failures=5",
                "circuit-breaker.open-for=30s",
                "circuit-breaker.half-open-trials=2");
        circuitBreaker(
                CircuitBreakerPolicy.slidingWindow(12.5f, 40, open).minimumCalls(8),
                "circuit-breaker.failure-rate=12.5",
                "circuit-breaker.calls=40",
                "circuit-breaker.open-for=30s",
                "circuit-breaker.minimum-calls=8");
        circuitBreaker(
                CircuitBreakerPolicy.slidingWindow(50, Duration.ofMinutes(1), open),
                "circuit-breaker.failure-rate=50",
                "circuit-breaker.span=1m",
                "circuit-breaker.open-for=30s");
    }

    private static void circuitBreaker(CircuitBreakerPolicy expected, String... properties) {
        settings(settings -> assertThat(settings.circuitBreaker()).get().hasToString(expected.toString()), properties);
    }

    @Test
    void bulkhead() {
        settings(
                settings -> assertThat(settings.bulkhead())
                        .get()
                        .hasToString(BulkheadPolicy.maxConcurrent(3)
                                .maxQueued(4)
                                .maxWait(Duration.ofSeconds(5))
                                .toString()),
                "bulkhead.max-concurrent=3",
                "bulkhead.max-queued=4",
                "bulkhead.max-wait=5s");
    }

    @Test
    void origins() {
        settings(
                settings -> assertThat(settings.origins())
                        .hasToString(OriginPolicy.sameOrigin()
                                .allow("https://cdn.example.com")
                                .strip()
                                .toString()),
                "origins.allow=https://cdn.example.com",
                "origins.others=strip");
        settings(
                settings -> assertThat(settings.origins())
                        .hasToString(OriginPolicy.sameOrigin()
                                .allow("https://a.example.com")
                                .allow("https://b.example.com")
                                .toString()),
                "origins.allow[0]=https://a.example.com",
                "origins.allow[1]=https://b.example.com");
    }

    @Test
    void graceHasADefault() {
        Contexts.core()
                .run(context -> assertThat(
                                context.getBean(HeadraceProperties.class).shutdownGrace())
                        .hasSeconds(10));
    }

    private static void settings(Consumer<ConnectorSettings> asserted, String... properties) {
        Contexts.github("https://api.github.com", properties).run(context -> {
            assertThat(context).hasNotFailed();
            asserted.accept(context.getBean(Connectors.class).get("github").settings());
        });
    }
}
