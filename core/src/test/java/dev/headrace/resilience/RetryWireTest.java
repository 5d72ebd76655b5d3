package dev.headrace.resilience;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.http.Exchange;
import dev.headrace.http.Interceptor;
import dev.headrace.http.Request;
import dev.headrace.http.Transport;
import dev.headrace.http.TransportException;
import dev.headrace.http.TransportSettings;
import dev.headrace.test.CountingAllocator;
import dev.headrace.test.RawServer;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.Reply;
import io.netty.channel.ChannelOption;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Issue 3, connection faults on a real socket: premature close and reset are two classes with one meaning. */
class RetryWireTest {

    private static final Duration SOON = ofSeconds(10);
    private static final RetryPolicy QUICK = RetryPolicy.exponential(ofMillis(1));

    private final Transport transport = Transport.over(TransportSettings.defaults());

    @AfterEach
    void close() {
        transport.close();
    }

    static List<Reply> faults() {
        return List.of(
                Reply.nothing().close(),
                Reply.nothing().reset(),
                Reply.bytes("HTTP/1.1 200 OK\r\nContent-Le").close(),
                Reply.bytes("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal").close(),
                Reply.bytes("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal")
                        .pause(ofMillis(20))
                        .reset());
    }

    @ParameterizedTest
    @MethodSource("faults")
    void sendsAGetAgainAfterAFault(Reply fault) {
        try (RawServer server = RawServer.replies(fault, Reply.ok("whole")).start()) {
            Request get = Request.get(server.url() + "/").options(o -> o.documentHead(100));

            StepVerifier.create(read(QUICK, get))
                    .expectNext("whole")
                    .expectComplete()
                    .verify(SOON);
            assertThat(server.requests()).hasSize(2);
        }
    }

    @ParameterizedTest
    @MethodSource("faults")
    void sendsAPostOnceOnly(Reply fault) {
        try (RawServer server = RawServer.replies(fault, Reply.ok("whole")).start()) {
            Request post = Request.post(server.url() + "/").json(1).options(o -> o.documentHead(100));

            StepVerifier.create(read(QUICK, post))
                    .expectErrorSatisfies(error -> assertThat(error)
                            .isInstanceOfSatisfying(
                                    TransportException.class,
                                    failure -> assertThat(failure.requestSent()).isTrue()))
                    .verify(SOON);
            assertThat(server.requests()).hasSize(1);
        }
    }

    /** A pooled connection that the remote closes when the next request comes, as one does that was about to close it for being idle. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sendsAGetAgainWhenAPooledConnectionHasGoneStale(boolean reset) {
        AtomicInteger requests = new AtomicInteger();
        Reply gone = reset ? Reply.nothing().reset() : Reply.nothing().close();
        try (RawServer server = RawServer.script(request -> requests.incrementAndGet() == 2 ? gone : Reply.ok("answer"))
                .start()) {
            Request get = Request.get(server.url() + "/");

            StepVerifier.create(read(QUICK, get))
                    .expectNext("answer")
                    .expectComplete()
                    .verify(SOON);
            StepVerifier.create(read(QUICK, get))
                    .expectNext("answer")
                    .expectComplete()
                    .verify(SOON);

            assertThat(server.requests())
                    .extracting(RecordedRequest::connection)
                    .containsExactly(1, 1, 2);
        }
    }

    @Test
    void givesTheConnectionBackBeforeItWaits() {
        try (RawServer server = RawServer.replies(
                        Reply.bytes("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy"), Reply.ok("answer"))
                .start()) {
            StepVerifier.create(read(QUICK, Request.get(server.url() + "/")))
                    .expectNext("answer")
                    .expectComplete()
                    .verify(SOON);

            assertThat(server.connectionsAccepted()).isEqualTo(1);
        }
    }

    @Test
    void looksIntoAnErrorInA200AndKeepsTheConnection() {
        String limited = "{\"ok\": false, \"error\": \"ratelimited\"}";
        try (RawServer server =
                RawServer.replies(Reply.ok(limited), Reply.ok("{\"ok\": true}")).start()) {
            Exchange exchange = QUICK.asInterceptor()
                    .around(Interceptor.documentHead()
                            .around(ErrorRules.slack().asInterceptor().around(transport)));
            Request post = Request.post(server.url() + "/").json(1).options(o -> o.documentHead(1000));

            StepVerifier.create(text(exchange, post))
                    .expectNext("{\"ok\": true}")
                    .expectComplete()
                    .verify(SOON);
            assertThat(server.requests())
                    .extracting(RecordedRequest::connection)
                    .containsExactly(1, 1);
        }
    }

    /** Retry, rules and a document's head, cancelled at random moments. */
    @Test
    void leavesNoConnectionAndNoBufferBehindWhenCancelled() {
        int rounds = Boolean.getBoolean("headrace.soak") ? 10_000 : 1_000;
        CountingAllocator buffers = new CountingAllocator();
        AtomicInteger requests = new AtomicInteger();
        String large = "{\"ok\": true, \"rest\": \"" + "x".repeat(100_000) + "\"}";
        List<Reply> replies = List.of(
                Reply.ok(large),
                Reply.bytes("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy"),
                Reply.ok("{\"ok\": false, \"error\": \"ratelimited\"}"),
                Reply.bytes("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"ok\"")
                        .close());
        Random random = new Random(7);
        try (RawServer server = RawServer.script(request -> replies.get(requests.getAndIncrement() % replies.size()))
                .start()) {
            try (Transport counted = Transport.over(TransportSettings.defaults()
                    .customize(client -> client.option(ChannelOption.ALLOCATOR, buffers)))) {
                Exchange exchange = QUICK.withoutBudget()
                        .asInterceptor()
                        .around(Interceptor.documentHead()
                                .around(ErrorRules.slack().asInterceptor().around(counted)));
                Request get = Request.get(server.url() + "/").options(o -> o.documentHead(80_000));

                Flux.range(0, rounds)
                        .flatMap(
                                round -> exchange.exchange(get, response -> response.readAll(1_000_000))
                                        .takeUntilOther(
                                                Mono.delay(Duration.of(random.nextInt(8_000), ChronoUnit.MICROS)))
                                        .then()
                                        .onErrorComplete(),
                                8)
                        .blockLast(Duration.ofMinutes(5));
            }

            server.awaitNoOpenConnections(SOON);
            buffers.assertAllReleased(SOON);
        }
    }

    private Mono<String> read(RetryPolicy policy, Request request) {
        return text(policy.asInterceptor().around(Interceptor.documentHead().around(transport)), request);
    }

    private static Mono<String> text(Exchange exchange, Request request) {
        return exchange.exchange(request, response -> response.readAll(1000))
                .single()
                .map(body -> new String(body, UTF_8));
    }
}
