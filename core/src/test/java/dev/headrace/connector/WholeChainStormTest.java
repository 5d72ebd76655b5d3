package dev.headrace.connector;

import static dev.headrace.resilience.ErrorCondition.bodyAt;
import static dev.headrace.resilience.ErrorCondition.bodyContains;
import static dev.headrace.resilience.ErrorRule.when;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.auth.OAuth2;
import dev.headrace.auth.OAuth2Client;
import dev.headrace.decode.Decoder;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.ExchangeEnd;
import dev.headrace.http.ExchangeListener;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.Secret;
import dev.headrace.json.Codec;
import dev.headrace.observe.WireLog;
import dev.headrace.resilience.BulkheadPolicy;
import dev.headrace.resilience.BulkheadState;
import dev.headrace.resilience.CircuitBreakerPolicy;
import dev.headrace.resilience.CircuitOpenException;
import dev.headrace.resilience.CircuitState;
import dev.headrace.resilience.ErrorRules;
import dev.headrace.resilience.RateLimitPolicy;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.test.CountingAllocator;
import dev.headrace.test.FakeTokenEndpoint;
import dev.headrace.test.RawServer;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.Reply;
import dev.headrace.test.TestServer;
import io.netty.channel.ChannelOption;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/**
 * With every behaviour of the chain on, calls that are cancelled at random moments (in line, while a token is renewed, before a retry, between
 * head and body, within the body) leave no connection, buffer, permit, place, trial or timer behind, and the connector as usable as before.
 * Rounds: 1,000, under {@code -Psoak} 10,000.
 */
class WholeChainStormTest {

    private static final int ROUNDS = Boolean.getBoolean("headrace.soak") ? 10_000 : 1_000;
    private static final String ITEM = "{\"id\":1,\"name\":\"" + "x".repeat(80) + "\"}";
    private static final String PAGE = "[" + (ITEM + ",").repeat(200) + ITEM + "]";
    // Handed on as they come, unlike a document.
    private static final String LINES = (ITEM + "\n").repeat(1_000);

    private final CountingAllocator buffers = new CountingAllocator();
    private final Map<String, AtomicInteger> ends = new ConcurrentHashMap<>();
    private final AtomicInteger callsInFlight = new AtomicInteger();
    private final AtomicInteger attemptsInFlight = new AtomicInteger();
    private final AtomicInteger logged = new AtomicInteger();
    private final Queue<ScheduledThreadPoolExecutor> timers = new ConcurrentLinkedQueue<>();
    private final FakeTokenEndpoint tokens = FakeTokenEndpoint.issuing()
            .rotating("r1")
            .expiresIn("1")
            .delaying(ofMillis(4))
            .always();

    /** New threads for Reactor's timers, whose queues can be looked into. */
    @BeforeEach
    void watchTimers() {
        Schedulers.shutdownNow();
        Schedulers.addExecutorServiceDecorator("storm", (scheduler, service) -> {
            // What waits for the end of the storm has a timer of its own.
            boolean mine = Scannable.from(scheduler).name().contains("single");
            if (service instanceof ScheduledThreadPoolExecutor executor && !mine) {
                timers.add(executor);
            }
            return service;
        });
    }

    @AfterEach
    void watchTimersNoMore() {
        Schedulers.removeExecutorServiceDecorator("storm");
        Schedulers.shutdownNow();
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void leavesNothingBehindWhenCancelledAtRandomMoments() {
        Random random = new Random(23);
        try (TestServer id = tokens.start();
                RawServer api = RawServer.script(new Remote()::answer).start()) {
            try (Connector connector = connector(id, api)) {
                assertIsUsable(connector);
                Flux.range(0, ROUNDS)
                        .flatMap(round -> finishing(call(connector, round), random), 32)
                        .blockLast(ofMinutes(5));

                assertThat(timers).as("watched timers").isNotEmpty();
                assertNothingIsHeld(connector);
                assertIsUsable(connector);
                assertThat(connector.stats().exchanges().requestsSent()).isGreaterThan(ROUNDS / 10);
                assertThat(logged.get()).isGreaterThan(ROUNDS / 10);
            }

            api.awaitNoOpenConnections(ofSeconds(10));
            id.awaitNoOpenConnections(ofSeconds(10));
            buffers.assertAllReleased(ofSeconds(10));
            awaits(
                    "no timer is left",
                    () -> timers.stream()
                            .allMatch(executor -> executor.getQueue().isEmpty()));
        }

        // Else the storm has not been where it was to be.
        assertThat(ends.keySet()).contains("done", "cancelled", "CircuitOpenException");
        assertThat(tokens.issued()).isGreaterThan(1);
        assertThat(tokens.mostAtOnce()).isEqualTo(1);
    }

    private Connector connector(TestServer id, RawServer api) {
        OAuth2Client client = OAuth2Client.of("id", Secret.of("s3cret")).with(Secret.of("r1"));
        return Connector.builder(api.url())
                .auth(OAuth2.refreshToken(id.url() + "/token", client))
                .retry(RetryPolicy.exponential(ofMillis(2)).maxDelay(ofMillis(10)))
                .errors(ErrorRules.of(
                        when(bodyAt("/ok", false)).retry(),
                        when(bodyContains("too fast")).rateLimited(ofMillis(3)),
                        when(bodyAt("/error/code", "gone")).fail(FailureKind.PERMANENT)))
                .rateLimit(RateLimitPolicy.perSecond(1_000).burst(4).and(RateLimitPolicy.adaptive()))
                .circuitBreaker(CircuitBreakerPolicy.slidingWindow(50, 10, ofMillis(12))
                        .minimumCalls(4)
                        .halfOpenTrials(2))
                .bulkhead(BulkheadPolicy.maxConcurrent(8).maxQueued(ROUNDS))
                .cookies()
                .listener(new Watching())
                .wireLog(WireLog.to(line -> logged.incrementAndGet()))
                .transport(settings -> settings.customize(http -> http.option(ChannelOption.ALLOCATOR, buffers)))
                .build();
    }

    private static Flux<?> call(Connector connector, int round) {
        return switch (round % 5) {
            case 0 -> connector.fetch(Request.get("/page"), JsonNode.class).flux();
            case 1 -> connector.records(Endpoint.get("/lines").decode(Decoder.ndjson(Codec.tree())));
            case 2 -> connector.exchange(Request.get("/there"), Response::bytes);
            case 3 -> connector.exchange(Request.get("/lines"), response -> Mono.delay(ofMillis(2)));
            default ->
                connector
                        .exchange(Request.post("/page").json(Map.of("a", round)))
                        .flux();
        };
    }

    private Mono<Void> finishing(Flux<?> call, Random random) {
        Duration patience = Duration.of(1 << (8 + random.nextInt(11)), ChronoUnit.MICROS);
        return call.then(Mono.just("done"))
                .onErrorResume(failure -> Mono.just(failure.getClass().getSimpleName())
                        // Else most of the storm would pass within a moment in which the circuit is open.
                        .delayElement(failure instanceof CircuitOpenException ? ofMillis(25) : Duration.ZERO))
                .takeUntilOther(Mono.delay(patience))
                .defaultIfEmpty("cancelled")
                .doOnNext(end ->
                        ends.computeIfAbsent(end, first -> new AtomicInteger()).incrementAndGet())
                .then();
    }

    private void assertNothingIsHeld(Connector connector) {
        awaits("no call is under way", () -> callsInFlight.get() == 0 && attemptsInFlight.get() == 0);
        awaits("none is counted", () -> connector.stats().exchanges().inFlight() == 0);
        awaits(
                "the line is empty",
                () -> connector.stats().rateLimits().stream().allMatch(one -> one.waiting() == 0));
        awaits(
                "every place is free",
                () -> connector.stats().bulkhead().orElseThrow().equals(new BulkheadState(0, 0)));
        awaits(
                "no connection is used",
                () -> connector.stats().pools().stream().allMatch(pool -> pool.active() == 0 && pool.pending() == 0));
    }

    /** A lost trial would keep the circuit half open for good, and a lost refresh token would end the authorization. */
    private static void assertIsUsable(Connector connector) {
        Mono<Boolean> works = connector
                .exchange(Request.get("/page"))
                .map(response -> response.status() == 200
                        && connector.stats().circuits().stream()
                                .allMatch(circuit -> circuit.position() == CircuitState.Position.CLOSED))
                .onErrorReturn(HeadraceException.class, false);
        awaits("calls get through", works);
    }

    private static void awaits(String what, BooleanSupplier condition) {
        awaits(what, Mono.fromCallable(condition::getAsBoolean));
    }

    private static void awaits(String what, Mono<Boolean> condition) {
        assertThat(condition
                        .repeatWhen(times -> times.delayElements(ofMillis(5), Schedulers.single()))
                        .takeUntil(done -> done)
                        .then(Mono.just(true))
                        .timeout(ofSeconds(10), Mono.just(false), Schedulers.single())
                        .block())
                .as(what)
                .isTrue();
    }

    /** Delays, statuses of all kinds, redirects, cookies, errors in 200s, cut bodies; bad times at which the circuit opens; revoked tokens. */
    private static final class Remote {

        private final AtomicInteger requests = new AtomicInteger();
        private volatile String revoked = "";

        Reply answer(RecordedRequest request) {
            int number = requests.incrementAndGet();
            String authorization = request.header("Authorization").orElse("");
            if (number % 150 == 0) {
                revoked = authorization;
            }
            if (authorization.equals(revoked)) {
                return status("401 Unauthorized", "WWW-Authenticate: Bearer error=\"invalid_token\"\r\n", "");
            }
            if (number % 100 >= 90) {
                return status("503 Service Unavailable", "", "{\"message\":\"busy\"}");
            }
            if (request.path().equals("/there")) {
                return status("302 Found", "Location: /page\r\nSet-Cookie: c=" + number + "\r\n", "");
            }
            String body = request.path().equals("/lines") ? LINES : PAGE;
            return switch (number % 24) {
                case 0 -> status("429 Too Many Requests", "Retry-After: 0.004\r\n", "{}");
                case 1 -> status("200 OK", "", "{\"ok\":false}");
                case 2 -> status("400 Bad Request", "", "{\"message\":\"too fast\"}");
                case 3 ->
                    Reply.bytes(head("200 OK", "", body.length()))
                            .then(body.substring(0, body.length() / 2))
                            .close();
                case 4 -> Reply.nothing().reset();
                case 5 -> Reply.nothing().pause(ofMillis(3)).then(head("200 OK", "", body.length()) + body);
                case 6 ->
                    Reply.bytes(head("200 OK", "", body.length()))
                            .pause(ofMillis(3))
                            .then(body.substring(0, body.length() - 10))
                            .pause(ofMillis(3))
                            .then(body.substring(body.length() - 10));
                default -> status("200 OK", "X-RateLimit-Limit: 9000\r\nX-RateLimit-Remaining: 8000\r\n", body);
            };
        }

        private static Reply status(String status, String headers, String body) {
            return Reply.bytes((head(status, headers, body.length()) + body).getBytes(US_ASCII));
        }

        private static String head(String status, String headers, int length) {
            return "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: " + length + "\r\n"
                    + headers + "\r\n";
        }
    }

    private final class Watching implements ExchangeListener {

        @Override
        public void callStarted(Request request) {
            callsInFlight.incrementAndGet();
        }

        @Override
        public void callEnded(Request request, ExchangeEnd end) {
            callsInFlight.decrementAndGet();
        }

        @Override
        public void attemptStarted(Request request) {
            attemptsInFlight.incrementAndGet();
        }

        @Override
        public void attemptEnded(Request request, ExchangeEnd end) {
            attemptsInFlight.decrementAndGet();
        }
    }
}
