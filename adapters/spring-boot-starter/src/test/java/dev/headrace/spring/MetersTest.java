package dev.headrace.spring;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.connector.RequestMatcher;
import dev.headrace.http.Request;
import dev.headrace.resilience.BulkheadPolicy;
import dev.headrace.resilience.CircuitBreakerPolicy;
import dev.headrace.resilience.RateLimitPolicy;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.sse.EventCounters;
import dev.headrace.sse.EventStream;
import dev.headrace.test.EventFeed;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/** What connectors say of themselves in numbers. */
class MetersTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    private static ApplicationContextRunner metered(ApplicationContextRunner runner) {
        return runner.withConfiguration(AutoConfigurations.of(
                MetricsAutoConfiguration.class,
                CompositeMeterRegistryAutoConfiguration.class,
                SimpleMetricsExportAutoConfiguration.class,
                HeadraceMetricsAutoConfiguration.class));
    }

    @Test
    void allMetersHaveTheConnectorsNameAndNoOtherTag() {
        metered(Contexts.github("https://api.github.com"))
                .withPropertyValues("headrace.connectors.gitlab.base-url=https://gitlab.com")
                .run(context -> assertThat(context.getBean(MeterRegistry.class).getMeters())
                        .extracting(Meter::getId)
                        .filteredOn(id -> id.getName().startsWith("headrace."))
                        .hasSize(2 * 13)
                        .allSatisfy(id -> assertThat(id.getTags())
                                .singleElement()
                                .extracting(Tag::getKey)
                                .isEqualTo("connector"))
                        .allSatisfy(id -> assertThat(id.getDescription()).isNotBlank()));
    }

    @Test
    void callsUnderWayAreSeen() {
        try (TestServer server = TestServer.builder()
                .route("/never", (request, response) -> Mono.never())
                .start()) {
            metered(Contexts.github(
                            server.url(),
                            "pool.max-connections=1",
                            "bulkhead.max-concurrent=2",
                            "bulkhead.max-queued=5",
                            "rate-limit.permits=3",
                            "rate-limit.period=1h",
                            "rate-limit.burst=3",
                            "rate-limit.max-wait=10h"))
                    .run(context -> {
                        MeterRegistry registry = context.getBean(MeterRegistry.class);
                        Disposable.Composite calls = Disposables.composite();
                        for (int i = 0; i < 4; i++) {
                            calls.add(context.getBean(Connector.class)
                                    .exchange(Request.get("/never"))
                                    .subscribe());
                        }

                        await(registry, "headrace.pool.active", 1);
                        await(registry, "headrace.pool.pending", 1);
                        await(registry, "headrace.bulkhead.running", 2);
                        await(registry, "headrace.bulkhead.waiting", 1);
                        await(registry, "headrace.rate.limit.waiting", 1);
                        await(registry, "headrace.calls.in.flight", 4);
                        calls.dispose();
                        await(registry, "headrace.calls.in.flight", 0);
                    });
        }
    }

    @Test
    void failuresAreCounted() {
        try (TestServer server = TestServer.builder()
                .route("/broken", Route.fixed(503, "text/plain", "broken"))
                .route("/fine", Route.fixed(200, "text/plain", "fine"))
                .start()) {
            metered(Contexts.github(
                            server.url(),
                            "retry.first-delay=1ms",
                            "retry.max-retries=2",
                            "circuit-breaker.consecutive-failures=3",
                            "circuit-breaker.open-for=1h"))
                    .run(context -> {
                        MeterRegistry registry = context.getBean(MeterRegistry.class);
                        Connector connector = context.getBean(Connector.class);

                        assertThat(connector.exchange(Request.get("/fine")).block(SOON))
                                .isNotNull();
                        await(registry, "headrace.pool.idle", 1);
                        assertThat(value(registry, "headrace.received")).isEqualTo(4);
                        assertThat(connector.exchange(Request.get("/broken")).block(SOON))
                                .isNotNull();

                        assertThat(value(registry, "headrace.retries")).isEqualTo(2);
                        assertThat(value(registry, "headrace.circuits.open")).isEqualTo(1);
                    });
        }
    }

    @Test
    void retriesThatTheBudgetRefusesAreCounted() {
        afterOneCall(
                "headrace.retries.refused",
                1,
                TestServer.builder().route("/**", Route.fixed(503, "text/plain", "broken")),
                "retry.first-delay=1ms",
                "retry.budget.share=0",
                "retry.budget.floor=0");
    }

    @Test
    void timeoutsAreCounted() {
        afterOneCall(
                "headrace.timeouts",
                1,
                TestServer.builder().route("/**", (request, response) -> Mono.never()),
                "retry.backoff=never",
                "timeouts.head=50ms");
    }

    @Test
    void rateLimitThatTheServerHasPausedIsSeen() {
        afterOneCall(
                "headrace.rate.limit.paused",
                1,
                TestServer.builder()
                        .route(
                                "/**",
                                (request, response) -> response.status(429)
                                        .header("Retry-After", "3600")
                                        .send()),
                "retry.backoff=never",
                "rate-limit.adaptive=true");
    }

    @Test
    void whatRulesHaveOfTheirOwnCountsToo() {
        try (TestServer server = TestServer.builder()
                .route("/broken", Route.fixed(503, "text/plain", "broken"))
                .route("/never", (request, response) -> Mono.never())
                .start()) {
            metered(Contexts.github(server.url(), "retry.backoff=never"))
                    .withBean(
                            ConnectorCustomizer.class,
                            () -> (name, builder) -> builder.when(
                                            "broken",
                                            RequestMatcher.path("/broken"),
                                            own -> own.retry(RetryPolicy.fixed(ofMillis(1))
                                                            .maxRetries(1))
                                                    .circuitBreaker(
                                                            CircuitBreakerPolicy.consecutiveFailures(2, ofHours(1))))
                                    .when(
                                            "never",
                                            RequestMatcher.path("/never"),
                                            own -> own.bulkhead(BulkheadPolicy.maxConcurrent(1))
                                                    .rateLimit(RateLimitPolicy.window(2, ofHours(1))
                                                            .maxWait(ofHours(2)))))
                    .run(context -> {
                        MeterRegistry registry = context.getBean(MeterRegistry.class);
                        Connector connector = context.getBean(Connector.class);
                        assertThat(value(registry, "headrace.circuits.open")).isZero();

                        var unused = connector
                                .exchange(Request.get("/broken"))
                                .onErrorComplete()
                                .block(SOON);
                        Disposable.Composite calls = Disposables.composite();
                        for (int i = 0; i < 3; i++) {
                            calls.add(connector.exchange(Request.get("/never")).subscribe());
                        }

                        await(registry, "headrace.circuits.open", 1);
                        await(registry, "headrace.retries", 1);
                        await(registry, "headrace.bulkhead.running", 1);
                        await(registry, "headrace.bulkhead.waiting", 1);
                        await(registry, "headrace.rate.limit.waiting", 1);
                        calls.dispose();
                        await(registry, "headrace.bulkhead.running", 0);
                    });
        }
    }

    @Test
    void eventsAreCountedUnderTheNameOfTheirCounters() {
        EventCounters counters = EventCounters.create();
        try (TestServer server = EventFeed.of(5).start()) {
            metered(Contexts.github(server.url()))
                    .withBean("ticks", EventCounters.class, () -> counters)
                    .run(context -> {
                        MeterRegistry registry = context.getBean(MeterRegistry.class);
                        assertThat(ofTicks(registry, "headrace.events.age")).isNaN();

                        var unused = EventStream.from(context.getBean(Connector.class), Request.get("/"))
                                .counters(counters)
                                .events()
                                .take(5)
                                .blockLast(SOON);

                        assertThat(ofTicks(registry, "headrace.events")).isEqualTo(5);
                        assertThat(ofTicks(registry, "headrace.events.received"))
                                .isPositive();
                        assertThat(ofTicks(registry, "headrace.events.connections"))
                                .isEqualTo(1);
                        assertThat(ofTicks(registry, "headrace.events.reconnects"))
                                .isZero();
                        assertThat(ofTicks(registry, "headrace.events.age")).isBetween(0.0, 60_000.0);
                        assertThat(registry.getMeters())
                                .extracting(Meter::getId)
                                .filteredOn(id -> id.getTag("stream") != null)
                                .hasSize(9)
                                .allSatisfy(
                                        id -> assertThat(id.getDescription()).isNotBlank());
                    });
        }
    }

    private static double ofTicks(MeterRegistry registry, String meter) {
        return value(registry, meter, "stream", "ticks");
    }

    private static void afterOneCall(String meter, double expected, TestServer.Builder remote, String... properties) {
        try (TestServer server = remote.start()) {
            metered(Contexts.github(server.url(), properties)).run(context -> {
                MeterRegistry registry = context.getBean(MeterRegistry.class);
                assertThat(value(registry, meter)).isZero();

                var unused = context.getBean(Connector.class)
                        .exchange(Request.get("/"))
                        .onErrorComplete()
                        .block(SOON);

                await(registry, meter, expected);
            });
        }
    }

    private static void await(MeterRegistry registry, String meter, double expected) {
        Awaitility.await(meter).atMost(10, TimeUnit.SECONDS).until(() -> value(registry, meter) == expected);
    }

    private static double value(MeterRegistry registry, String meter) {
        return value(registry, meter, "connector", "github");
    }

    private static double value(MeterRegistry registry, String meter, String tag, String name) {
        return registry.get(meter)
                .tag(tag, name)
                .meter()
                .measure()
                .iterator()
                .next()
                .getValue();
    }

    @Test
    void nothingWithoutARegistry() {
        Contexts.github("https://api.github.com")
                .withConfiguration(AutoConfigurations.of(HeadraceMetricsAutoConfiguration.class))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean("headraceMeters")
                        .doesNotHaveBean("headraceEventMeters"));
    }

    @Test
    void nothingWithoutTheLibrary() {
        Contexts.github("https://api.github.com")
                .withConfiguration(AutoConfigurations.of(HeadraceMetricsAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader(MeterRegistry.class))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean("headraceMeters")
                        .doesNotHaveBean("headraceEventMeters"));
    }
}
