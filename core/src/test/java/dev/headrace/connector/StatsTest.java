package dev.headrace.connector;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.headrace.auth.Auth;
import dev.headrace.http.ExchangeEnd;
import dev.headrace.http.ExchangeListener;
import dev.headrace.http.PoolState;
import dev.headrace.http.Request;
import dev.headrace.http.Secret;
import dev.headrace.http.Timeouts;
import dev.headrace.observe.Observations;
import dev.headrace.observe.TraceContext;
import dev.headrace.observe.WireLog;
import dev.headrace.resilience.BulkheadPolicy;
import dev.headrace.resilience.CircuitBreakerPolicy;
import dev.headrace.resilience.CircuitOpenException;
import dev.headrace.resilience.CircuitState;
import dev.headrace.resilience.RateLimitPolicy;
import dev.headrace.resilience.RateLimitState;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.test.RawServer;
import dev.headrace.test.Reply;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Row R52, L93: what a connector tells of itself, with the whole chain in place. */
class StatsTest {

    private static final Duration SOON = ofSeconds(30);
    private static final Reply BUSY = Reply.bytes("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
    private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    @Test
    void countsCallsRequestsAndRetries() {
        try (RawServer server =
                        RawServer.replies(BUSY, Reply.ok("abc"), Reply.ok("d")).start();
                Connector connector = Connector.builder(server.url())
                        .retry(RetryPolicy.exponential(ofMillis(1)))
                        .build()) {
            call(connector);
            call(connector.mutate().header("X-Variant", "1").build());

            ConnectorStats stats = connector.stats();
            assertThat(stats.exchanges().calls()).isEqualTo(2);
            assertThat(stats.exchanges().succeeded()).isEqualTo(2);
            assertThat(stats.exchanges().requestsSent()).isEqualTo(3);
            assertThat(stats.exchanges().retries()).isEqualTo(1);
            assertThat(stats.exchanges().bytesReceived()).isEqualTo(4);
            assertThat(stats.exchanges().inFlight()).isZero();
            assertThat(stats.exchanges().responses().serverErrors()).isEqualTo(1);
            assertThat(stats.retries().retries()).isEqualTo(1);
            assertThat(stats.pools()).extracting(PoolState::active).containsExactly(0);
        }
    }

    @Test
    void tellsHowLimitBreakerAndBulkheadStand() {
        try (RawServer server = RawServer.script(request -> BUSY).start();
                Connector connector = Connector.builder(server.url())
                        .retry(RetryPolicy.never())
                        .rateLimit(RateLimitPolicy.window(100, ofMinutes(1)))
                        .circuitBreaker(CircuitBreakerPolicy.consecutiveFailures(2, ofMinutes(1)))
                        .bulkhead(BulkheadPolicy.maxConcurrent(7))
                        .timeouts(Timeouts.defaults().head(ofSeconds(9)))
                        .when("slow", RequestMatcher.path("/slow"), o -> o.maxRedirects(0))
                        .hook(Hook.before("stamp", Mono::just))
                        .build()) {
            call(connector);
            assertThat(connector.stats().circuits())
                    .extracting(CircuitState::position, CircuitState::failures)
                    .containsExactly(tuple(CircuitState.Position.CLOSED, 1));

            call(connector);
            assertThatThrownBy(() -> call(connector)).isInstanceOf(CircuitOpenException.class);

            ConnectorStats stats = connector.stats();
            assertThat(stats.circuits()).extracting(CircuitState::position).containsExactly(CircuitState.Position.OPEN);
            // The call that was refused took no permit.
            assertThat(stats.rateLimits()).singleElement().satisfies(limit -> {
                assertThat(limit.available()).isEqualTo(98);
                assertThat(limit.waiting()).isZero();
            });
            assertThat(stats.bulkhead())
                    .hasValueSatisfying(places -> assertThat(places.running()).isZero());
            assertThat(stats.timeouts().head()).isEqualTo(ofSeconds(9));
            assertThat(stats.rules())
                    .extracting(ConnectorSettings.RuleEntry::name)
                    .containsExactly("slow");
            assertThat(stats.hooks())
                    .extracting(ConnectorSettings.HookEntry::name)
                    .containsExactly("stamp");
        }
    }

    @Test
    void tellsHowWhatRulesHaveOfTheirOwnStands() {
        try (RawServer server = RawServer.script(request -> BUSY).start();
                Connector connector = Connector.builder(server.url())
                        .retry(RetryPolicy.never())
                        .circuitBreaker(CircuitBreakerPolicy.consecutiveFailures(9, ofMinutes(1)))
                        .when("none", RequestMatcher.path("/none"), o -> o.maxRedirects(0))
                        .when(
                                "own",
                                RequestMatcher.path("/**"),
                                o -> o.rateLimit(RateLimitPolicy.window(100, ofMinutes(1)))
                                        .circuitBreaker(CircuitBreakerPolicy.consecutiveFailures(1, ofMinutes(1)))
                                        .bulkhead(BulkheadPolicy.maxConcurrent(7))
                                        .retry(RetryPolicy.fixed(ofMillis(1)).maxRetries(1)))
                        .build()) {
            assertThatThrownBy(() -> call(connector)).isInstanceOf(CircuitOpenException.class);

            ConnectorStats stats = connector.stats();
            assertThat(stats.circuits()).isEmpty();
            assertThat(stats.ruleStats()).singleElement().satisfies(own -> {
                assertThat(own.name()).isEqualTo("own");
                assertThat(own.circuits())
                        .extracting(CircuitState::position)
                        .containsExactly(CircuitState.Position.OPEN);
                assertThat(own.rateLimits())
                        .extracting(RateLimitState::available)
                        .containsExactly(99L);
                assertThat(own.bulkhead())
                        .hasValueSatisfying(
                                places -> assertThat(places.running()).isZero());
                assertThat(own.retries())
                        .hasValueSatisfying(
                                retries -> assertThat(retries.retries()).isEqualTo(1));
            });
        }
    }

    @Test
    void tellsListenersOfEachAttemptWithItsNumber() {
        List<String> heard = new CopyOnWriteArrayList<>();
        ExchangeListener listener = new ExchangeListener() {
            @Override
            public void callStarted(Request request) {
                heard.add("call " + request.template().orElse(""));
            }

            @Override
            public void attemptEnded(Request request, ExchangeEnd end) {
                heard.add("attempt " + request.attempt() + ": " + end.status());
            }

            @Override
            public void callEnded(Request request, ExchangeEnd end) {
                heard.add("end " + end.successful());
            }
        };
        try (RawServer server = RawServer.replies(BUSY, Reply.ok("x")).start();
                Connector connector = Connector.builder(server.url())
                        .retry(RetryPolicy.exponential(ofMillis(1)))
                        .listener(listener)
                        .build()) {
            connector.exchange(Request.get("/items/{id}", 7)).block(SOON);

            assertThat(heard).containsExactly("call /items/{id}", "attempt 1: 503", "attempt 2: 200", "end true");
        }
    }

    @Test
    void observesCallsAndAttemptsByTemplateAndPassesTheTraceOn() {
        TestObservationRegistry registry = TestObservationRegistry.create();
        try (RawServer server = RawServer.replies(BUSY, Reply.ok("x")).start();
                Connector connector = Connector.builder(server.url())
                        .retry(RetryPolicy.exponential(ofMillis(1)))
                        .observations(Observations.in(registry).named("api"))
                        .build()) {
            connector
                    .exchange(Request.get("/items/{id}", 7).query("q", "x"))
                    .contextWrite(context -> context.put(TraceContext.TRACEPARENT, PARENT))
                    .block(SOON);

            TestObservationRegistryAssert.assertThat(registry)
                    .hasNumberOfObservationsWithNameEqualTo("headrace.call", 1)
                    .hasNumberOfObservationsWithNameEqualTo("headrace.attempt", 2)
                    .doesNotHaveAnyRemainingCurrentObservation();
            assertThat(server.requests())
                    .hasSize(2)
                    .allSatisfy(
                            request -> assertThat(request.header("traceparent")).contains(PARENT));
        }
    }

    @Test
    void logsTheWireWithoutSecrets() {
        List<String> lines = new CopyOnWriteArrayList<>();
        try (RawServer server = RawServer.script(request -> Reply.ok("{\"access_token\":\"s3cret-answer\"}"))
                        .start();
                Connector connector = Connector.builder(server.url())
                        .auth(Auth.bearer(Secret.of("s3cret-token")))
                        .wireLog(WireLog.to(lines::add))
                        .build()) {
            connector.exchange(Request.get("/x").query("api_key", "s3cret-key")).block(SOON);

            assertThat(String.join("\n", lines))
                    .contains("GET " + server.url() + "/x", "200", "Authorization")
                    .doesNotContain("s3cret");
        }
    }

    private static void call(Connector connector) {
        connector.exchange(Request.get("/")).block(SOON);
    }
}
