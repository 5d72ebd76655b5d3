package dev.headrace.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Values that the library refuses are named as they were written. */
class RefusedPropertiesTest {

    static Stream<Arguments> refused() {
        return Stream.of(
                of("base-url", "has no query", "base-url=https://api.github.com?a=b"),
                of("base-url", "absolute http or https URL", "base-url=/relative"),
                of("headers.bad header", "bad header", "headers.[bad header]=x"),
                of("max-redirects", "is -1", "max-redirects=-1"),
                of("timeouts.connect", "connect must not be negative, but is PT-1S", "timeouts.connect=-1s"),
                of("timeouts.head", "PT-1S", "timeouts.head=-1s"),
                of("timeouts.gap", "PT-1S", "timeouts.gap=-1s"),
                of("timeouts.total", "PT-1S", "timeouts.total=-1s"),
                of("pool.max-connections", "at least 1, but is 0", "pool.max-connections=0"),
                of("pool.max-pending", "is -1", "pool.max-pending=-1"),
                of("pool.acquire-timeout", "PT0S", "pool.acquire-timeout=0s"),
                of("pool.max-idle", "PT0S", "pool.max-idle=0s"),
                of("pool.max-lifetime", "PT0S", "pool.max-lifetime=0s"),
                of("retry.first-delay", "PT0S", "retry.first-delay=0s"),
                of("retry.max-retries", "maxRetries must not be negative, but is -1", "retry.max-retries=-1"),
                of("retry.max-delay", "shorter than the first", "retry.first-delay=2s", "retry.max-delay=1s"),
                of("retry.jitter", "is 2.0", "retry.jitter=2"),
                of("retry.max-retry-after", "PT-1S", "retry.max-retry-after=-1s"),
                of(
                        "retry.methods",
                        "cannot be set together with headrace.connectors.github.retry.all-methods",
                        "retry.methods=POST",
                        "retry.all-methods=true"),
                of("retry.budget.share", "is -1.0", "retry.budget.share=-1"),
                of("retry.budget.floor", "is -1", "retry.budget.floor=-1"),
                of("rate-limit.permits", "must be set", "rate-limit.max-wait=1s"),
                of("rate-limit.permits", "is 0", "rate-limit.permits=0"),
                of("rate-limit.period", "PT0S", "rate-limit.permits=1", "rate-limit.period=0s"),
                of(
                        "rate-limit.burst",
                        "belongs to a token bucket",
                        "rate-limit.permits=1",
                        "rate-limit.shape=window",
                        "rate-limit.burst=3"),
                of("rate-limit.burst", "without", "rate-limit.adaptive=true", "rate-limit.burst=3"),
                of("rate-limit.shape", "without", "rate-limit.adaptive=true", "rate-limit.shape=window"),
                of("rate-limit.max-wait", "PT-1S", "rate-limit.permits=1", "rate-limit.max-wait=-1s"),
                of("circuit-breaker.open-for", "must be set", "circuit-breaker.consecutive-failures=1"),
                of("circuit-breaker", "Either", "circuit-breaker.open-for=1s"),
                breaker("open-for", "PT0S", "consecutive-failures=1", "open-for=0s"),
                breaker("consecutive-failures", "is 0", "consecutive-failures=0"),
                breaker("consecutive-failures", "together", "consecutive-failures=1", "failure-rate=1", "calls=1"),
                breaker("calls", "no meaning without", "consecutive-failures=1", "calls=1"),
                breaker("span", "no meaning without", "consecutive-failures=1", "span=1s"),
                breaker("minimum-calls", "no meaning without", "consecutive-failures=2", "minimum-calls=1"),
                breaker("failure-rate", "is 101.0", "failure-rate=101", "calls=1"),
                breaker("failure-rate", "beside it", "failure-rate=50"),
                breaker("calls", "together", "failure-rate=50", "calls=1", "span=1s"),
                breaker("calls", "is 0", "failure-rate=50", "calls=0"),
                breaker("span", "whole seconds", "failure-rate=50", "span=1ms"),
                breaker("minimum-calls", "is 11", "failure-rate=50", "calls=10", "minimum-calls=11"),
                breaker("half-open-trials", "is 0", "consecutive-failures=1", "half-open-trials=0"),
                of("bulkhead.max-concurrent", "must be set", "bulkhead.max-queued=1"),
                of("bulkhead.max-concurrent", "is 0", "bulkhead.max-concurrent=0"),
                of("bulkhead.max-queued", "is -1", "bulkhead.max-concurrent=1", "bulkhead.max-queued=-1"),
                of("bulkhead.max-wait", "PT-1S", "bulkhead.max-concurrent=1", "bulkhead.max-wait=-1s"),
                of("origins.allow[1]", "absolute", "origins.allow=https://a.example.com,cdn"),
                of("ssl.bundle", "no SSL bundle named 'none'", "ssl.bundle=none"),
                of("proxy.host", "must be set", "proxy.port=1"),
                of("proxy.port", "must be set", "proxy.host=proxy"),
                of("proxy.port", "is 0", "proxy.host=proxy", "proxy.port=0"),
                of("proxy.user", "there is a password", "proxy.host=p", "proxy.port=1", "proxy.password=x"),
                of("proxy.password", "must be set", "proxy.host=p", "proxy.port=1", "proxy.user=x"),
                of("proxy.type", "together", "proxy.type=http", "proxy.from-environment=true"),
                of("proxy.host", "together", "proxy.host=p", "proxy.from-environment=true"),
                of("proxy.port", "together", "proxy.port=1", "proxy.from-environment=true"),
                of("proxy.user", "together", "proxy.user=x", "proxy.from-environment=true"),
                of("proxy.password", "together", "proxy.password=x", "proxy.from-environment=true"),
                of("proxy.password-file", "together", "proxy.password-file=x", "proxy.from-environment=true"),
                of("proxy.except[0]", "a*b", "proxy.host=p", "proxy.port=1", "proxy.except=a*b"),
                of("health.probe", "Malformed", "health.probe=/{"),
                of("auth", "bearer and basic", "auth.bearer.token=x", "auth.basic.user=x"),
                of("auth.bearer.token", "together", "auth.bearer.token=x", "auth.bearer.token-file=y"),
                of("auth.basic.user", "must be set", "auth.basic.password=x"),
                of("auth.basic.user", "colon", "auth.basic.user=a:b", "auth.basic.password=x"),
                of("auth.api-key.query", "together", "auth.api-key.query=q", "auth.api-key.cookie=c"),
                of("auth.api-key.header", "together", "auth.api-key.query=q", "auth.api-key.header=h"),
                of("auth.api-key.key", "must be set", "auth.api-key.query=q"),
                of("auth.header.secret", "must be set", "auth.header.prefix=Token"),
                of("auth.oauth2.token-url", "must be set", "auth.oauth2.client-id=c"),
                of("auth.oauth2.client-id", "must be set", "auth.oauth2.token-url=https://a.example.com"),
                oauth2("token-url", "", "token-url=nowhere", "client-id=c"),
                oauth2("renew-before", "PT-1S", "renew-before=-1s"),
                oauth2("timeout", "PT0S", "timeout=0s"),
                oauth2("client-secret", "together", "client-secret=x", "client-secret-file=y"),
                oauth2("refresh-token", "together", "refresh-token=x", "refresh-token-file=y"),
                oauth2("keep-refresh-token", "no refresh token", "keep-refresh-token=true"),
                oauth2("keep-refresh-token", "no StateStore", "keep-refresh-token=true", "refresh-token=x"));
    }

    private static Arguments breaker(String key, String reason, String... properties) {
        return of(
                "circuit-breaker." + key,
                reason,
                Stream.concat(Stream.of("open-for=1s"), Stream.of(properties))
                        .map(property -> "circuit-breaker." + property)
                        .toArray(String[]::new));
    }

    private static Arguments oauth2(String key, String reason, String... properties) {
        return of(
                "auth.oauth2." + key,
                reason,
                Stream.concat(Stream.of("token-url=https://a.example.com", "client-id=c"), Stream.of(properties))
                        .map(property -> "auth.oauth2." + property)
                        .toArray(String[]::new));
    }

    private static Arguments of(String key, String reason, String... properties) {
        return Arguments.of("headrace.connectors.github." + key, reason, properties);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource
    void refused(String property, String reason, String[] properties) {
        Contexts.github("https://api.github.com", properties).run(context -> {
            assertThat(context).hasFailed();
            FailureAnalysis analysis = Analyses.of(Objects.requireNonNull(context.getStartupFailure()));
            assertThat(analysis.getDescription())
                    .startsWith("The property " + property + " cannot be used:\n\n    ")
                    .contains(reason);
        });
    }

    @Test
    void connectorWithoutAnAddress() {
        Contexts.core()
                .withPropertyValues("headrace.connectors.github.cookies=true")
                .run(
                        context -> assertThat(Analyses.of(Objects.requireNonNull(context.getStartupFailure()))
                                        .getDescription())
                                .isEqualTo(
                                        "The property headrace.connectors.github.base-url cannot be used:\n\n    It must be set"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1s", "1ns"})
    void heartbeatBelowOneMillisecond(String heartbeat) {
        Contexts.core()
                .withPropertyValues("headrace.sse.heartbeat=" + heartbeat)
                .run(context -> assertThat(Analyses.of(Objects.requireNonNull(context.getStartupFailure()))
                                .getDescription())
                        .startsWith("The property headrace.sse.heartbeat cannot be used")
                        .contains("at least 1 ms"));
    }

    @Test
    void signingKeyThatSomebodyCouldGuess() {
        Contexts.core()
                .withPropertyValues("headrace.sse.signing-key=short-key")
                .run(context -> assertThat(Analyses.of(Objects.requireNonNull(context.getStartupFailure()))
                                .getDescription())
                        .startsWith("The property headrace.sse.signing-key cannot be used")
                        .contains("at least 16 characters")
                        .doesNotContain("short-key"));
    }

    @Test
    void graceBelowZero() {
        Contexts.core()
                .withPropertyValues("headrace.shutdown-grace=-1s")
                .run(context -> assertThat(Analyses.of(Objects.requireNonNull(context.getStartupFailure()))
                                .getDescription())
                        .startsWith("The property headrace.shutdown-grace cannot be used"));
    }
}
