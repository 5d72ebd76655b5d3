package dev.headrace.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.headrace.error.FailureKind;
import dev.headrace.test.RangeFile;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.HttpProtocol;
import reactor.test.StepVerifier;

/** Calls that share an HTTP/2 connection, on real sockets. */
class Http2Test {

    private static final Duration SOON = ofSeconds(30);
    private static final TransportSettings HTTP2 =
            TransportSettings.defaults().tls(TlsSettings.trustAll()).http2(true);
    private static final Route OK = Route.fixed(200, "text/plain", "hello");

    private final Transport transport = Transport.over(HTTP2);

    @AfterEach
    void close() {
        transport.close();
    }

    @Test
    void isSpokenWhereTheServerOffersIt() {
        try (TestServer server = serving(OK)) {
            assertThat(read(server.url() + "/").block(SOON)).isEqualTo("HTTP/2 200 hello");
        }
    }

    @Test
    void failsWhenNoHeadComesInTimeAndGoesOnWithTheConnection() {
        try (TestServer server = TestServer.builder()
                .route("/silent", (request, response) -> Mono.never())
                .route("/ok", OK)
                .tls()
                .http2()
                .start()) {
            Request silent = Request.get(server.url() + "/silent")
                    .options(o -> o.timeouts(Timeouts.defaults().head(ofMillis(100))));

            assertThat(catchThrowable(() -> read(transport, silent).block(SOON)))
                    .isInstanceOf(ResponseTimeoutException.class)
                    .hasMessageContaining("no response head within 100 ms");
            assertThat(read(server.url() + "/ok").block(SOON)).isEqualTo("HTTP/2 200 hello");
            assertThat(server.connectionsAccepted()).isEqualTo(1);
        }
    }

    @Test
    void isNotSpokenUnlessAskedFor() {
        try (TestServer server = serving(OK);
                Transport plain = Transport.over(TransportSettings.defaults().tls(TlsSettings.trustAll()))) {
            assertThat(read(plain, Request.get(server.url() + "/")).block(SOON)).isEqualTo("HTTP/1.1 200 hello");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void givesWayToHttp11AndKeepsItsConnections(boolean tls) {
        TestServer.Builder builder = TestServer.builder().route("/**", OK);
        try (TestServer server = (tls ? builder.tls() : builder).start()) {
            for (int i = 0; i < 3; i++) {
                assertThat(read(server.url() + "/").block(SOON)).isEqualTo("HTTP/1.1 200 hello");
            }
            assertThat(server.connectionsAccepted()).isEqualTo(1);
        }
    }

    @Test
    void sendsHeadersAndBodies() {
        Route reading = (request, response) ->
                request.receive().then(response.sendString(Mono.just("hello")).then());
        try (TestServer server = serving(reading)) {
            Request request = Request.post(server.url() + "/things")
                    .body(Body.text("x".repeat(200_000)))
                    .header("X-Name", "ä");

            assertThat(read(transport, request).block(SOON)).isEqualTo("HTTP/2 200 hello");

            RecordedRequest seen = server.awaitRequests(1, SOON).get(0);
            assertThat(seen.method()).isEqualTo("POST");
            assertThat(seen.header("X-Name").map(value -> new String(value.getBytes(ISO_8859_1), UTF_8)))
                    .contains("ä");
            Awaitility.await()
                    .untilAsserted(() ->
                            assertThat(server.requests().get(0).bodyBytes()).isEqualTo(200_000));
        }
    }

    @Test
    void showsNoHeaderThatTheServerDidNotSend() throws Exception {
        try (Http2Server server = Http2Server.answering(
                (path, stream) -> stream.head(200, false, "x-own", "1").data("hello", true))) {
            Set<String> names = transport
                    .exchange(
                            Request.get(server.url() + "/"),
                            response -> response.discard()
                                    .thenReturn(response.headers().names()))
                    .blockFirst(SOON);

            assertThat(names).containsExactly("x-own");
        }
    }

    @Test
    void sharesOneConnectionAmongCallsThatStartTogether() {
        try (TestServer server = serving(OK)) {
            List<String> answers = Flux.range(0, 200)
                    .flatMap(i -> read(server.url() + "/" + i), 90)
                    .collectList()
                    .block(SOON);

            assertThat(answers).hasSize(200).containsOnly("HTTP/2 200 hello");
            assertThat(server.connectionsAccepted()).isEqualTo(1);
        }
    }

    @Test
    void opensMoreConnectionsUpToTheLimitWhereStreamsRunOut() throws Exception {
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (Http2Server server = Http2Server.answering(2, (path, stream) -> {
                    most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                    stream.after(ofMillis(20), () -> {
                        atOnce.decrementAndGet();
                        stream.ok("hello");
                    });
                });
                Transport small =
                        Transport.over(HTTP2.pool(PoolSettings.defaults().maxConnections(3)))) {
            List<String> answers = Flux.range(0, 60)
                    .flatMap(i -> read(small, Request.get(server.url() + "/" + i)), 60)
                    .collectList()
                    .block(SOON);

            assertThat(answers).hasSize(60).containsOnly("HTTP/2 200 hello");
            assertThat(server.connections()).isLessThanOrEqualTo(3);
            assertThat(most).hasValueLessThanOrEqualTo(6);
        }
    }

    @Test
    void cancellingOneStreamLeavesTheOthersAlone() throws Exception {
        try (Http2Server server = Http2Server.answering((path, stream) -> {
            if (path.equals("/slow")) {
                stream.head(200, false).data("begin", false);
            } else if (path.equals("/head")) {
                stream.head(103, false);
            } else {
                stream.head(200, false).data("one ", false);
                stream.after(ofMillis(150), () -> stream.data("two", true));
            }
        })) {
            Mono<String> lasting = read(server.url() + "/lasting").cache();
            Disposable kept = lasting.subscribe();
            StepVerifier.create(transport.exchange(Request.get(server.url() + "/slow"), Response::bytes))
                    .expectNextCount(1)
                    .thenCancel()
                    .verify(SOON);
            StepVerifier.create(transport.exchange(Request.get(server.url() + "/head")))
                    .then(() -> Awaitility.await().until(() -> server.paths().contains("/head")))
                    .thenCancel()
                    .verify(SOON);

            assertThat(lasting.block(SOON)).isEqualTo("HTTP/2 200 one two");
            Awaitility.await().untilAsserted(() -> assertThat(server.resets()).hasSize(2));
            assertThat(server.connections()).isEqualTo(1);
            assertThat(kept.isDisposed()).isTrue();
        }
    }

    @Test
    void aSlowReaderHoldsUpItsOwnStreamOnly() {
        RangeFile file = RangeFile.ofSize(4_000_000);
        try (TestServer server = TestServer.builder()
                .route("/file", file)
                .route("/**", OK)
                .tls()
                .http2()
                .start()) {
            AtomicInteger bytes = new AtomicInteger();
            BaseSubscriber<Integer> reader = new BaseSubscriber<>() {
                @Override
                protected void hookOnSubscribe(Subscription subscription) {
                    subscription.request(1);
                }

                @Override
                protected void hookOnNext(Integer chunk) {
                    bytes.addAndGet(chunk);
                }
            };
            transport
                    .exchange(
                            Request.get(server.url() + "/file"),
                            response -> response.body().map(ByteBuf::readableBytes))
                    .subscribe(reader);
            Awaitility.await().atMost(SOON).until(() -> bytes.get() > 0);

            assertThat(read(server.url() + "/other").block(SOON)).isEqualTo("HTTP/2 200 hello");
            // The window of a stream is 64 KiB, and nobody has read on.
            assertThat(server.bytesSent()).isLessThan(1_000_000);

            reader.requestUnbounded();
            Awaitility.await().atMost(SOON).until(reader::isDisposed);
            assertThat(bytes).hasValue(4_000_000);
            assertThat(server.connectionsAccepted()).isEqualTo(1);
        }
    }

    @Test
    void aBodyThatIsResetFails() throws Exception {
        try (Http2Server server = Http2Server.answering((path, stream) -> {
            stream.head(200, false).data("begin", false);
            stream.after(ofMillis(50), () -> stream.reset(Http2Error.INTERNAL_ERROR));
        })) {
            assertTransient(server.url() + "/");
        }
    }

    @Test
    void aStreamThatIsRefusedFails() throws Exception {
        try (Http2Server server = Http2Server.answering((path, stream) -> stream.reset(Http2Error.REFUSED_STREAM))) {
            assertTransient(server.url() + "/");
        }
    }

    @Test
    void aBodyWhoseConnectionCloses() throws Exception {
        try (Http2Server server = Http2Server.answering((path, stream) -> {
            stream.head(200, false).data("begin", false);
            stream.after(ofMillis(50), stream::closeConnection);
        })) {
            assertTransient(server.url() + "/");
        }
    }

    @Test
    void finishesWhatRunsOnAConnectionThatGoesAwayAndGoesOnOnAnother() throws Exception {
        try (Http2Server server = Http2Server.answering((path, stream) -> {
            if (path.equals("/last")) {
                stream.goAway();
                stream.after(ofMillis(100), () -> stream.ok("finished"));
            } else {
                stream.ok("hello");
            }
        })) {
            assertThat(read(server.url() + "/first").block(SOON)).isEqualTo("HTTP/2 200 hello");
            Mono<String> last = read(server.url() + "/last").cache();
            last.subscribe();
            Awaitility.await().until(() -> server.paths().contains("/last"));
            assertThat(last.block(SOON)).isEqualTo("HTTP/2 200 finished");
            assertThat(read(server.url() + "/next").block(SOON)).isEqualTo("HTTP/2 200 hello");
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ExchangeOptions.Profile.class,
            names = {"EVENTS", "TRANSFER"})
    void eventsAndTransfersKeepAConnectionOfTheirOwn(ExchangeOptions.Profile profile) {
        try (TestServer server = serving(OK)) {
            read(server.url() + "/call").block(SOON);
            for (int i = 0; i < 2; i++) {
                assertThat(read(transport, Request.get(server.url() + "/" + i).options(o -> o.profile(profile)))
                                .block(SOON))
                        .isEqualTo("HTTP/1.1 200 hello");
            }
            assertThat(server.connectionsAccepted()).isEqualTo(profile == ExchangeOptions.Profile.EVENTS ? 3 : 2);
        }
    }

    @Test
    void speaksItInTheClearToWhomeverCustomisesTheClient() {
        try (TestServer server = TestServer.builder().route("/**", OK).http2().start();
                Transport clear = Transport.over(
                        TransportSettings.defaults().customize(client -> client.protocol(HttpProtocol.H2C)))) {
            assertThat(read(clear, Request.get(server.url() + "/")).block(SOON)).isEqualTo("HTTP/2 200 hello");
        }
    }

    @Test
    void endsWhatIsUnderWayWhenItCloses() throws Exception {
        try (Http2Server server =
                Http2Server.answering((path, stream) -> stream.head(200, false).data("begin", false))) {
            StepVerifier.create(transport.exchange(Request.get(server.url() + "/"), Response::bytes))
                    .expectNextCount(1)
                    .then(transport::close)
                    .verifyErrorSatisfies(error -> assertThat(error).isInstanceOf(TransportException.class));
        }
    }

    @Test
    void closesItsConnections() {
        try (TestServer server = serving(OK)) {
            read(server.url() + "/").block(SOON);
            assertThat(server.openConnections()).isEqualTo(1);
            transport.close();
            server.awaitNoOpenConnections(SOON);
        }
    }

    @Test
    void closesIdleConnections() {
        try (TestServer server = serving(OK);
                Transport hasty =
                        Transport.over(HTTP2.pool(PoolSettings.defaults().maxIdle(ofMillis(300))))) {
            assertThat(read(hasty, Request.get(server.url() + "/")).block(SOON)).isEqualTo("HTTP/2 200 hello");
            server.awaitNoOpenConnections(SOON);
            assertThat(read(hasty, Request.get(server.url() + "/")).block(SOON)).isEqualTo("HTTP/2 200 hello");
        }
    }

    @Test
    void cancelsAtRandomMomentsLeaveNoStreamBehind() throws Exception {
        int rounds = Boolean.getBoolean("headrace.soak") ? 10_000 : 1_000;
        try (TestServer server = serving(Route.fixed(200, "text/plain", "x".repeat(100_000)))) {
            read(server.url() + "/warm").block(SOON);
            Flux.range(0, rounds)
                    .flatMap(
                            i -> read(server.url() + "/" + i)
                                    .takeUntilOther(Mono.delay(Duration.ofNanos(
                                            ThreadLocalRandom.current().nextInt(5_000_000))))
                                    .onErrorResume(TransportException.class, error -> Mono.empty()),
                            20)
                    .blockLast(Duration.ofMinutes(2));

            Awaitility.await()
                    .atMost(SOON)
                    .untilAsserted(() -> assertThat(transport.pools())
                            .singleElement()
                            .satisfies(pool -> {
                                assertThat(pool.streams()).isZero();
                                assertThat(pool.pending()).isZero();
                            }));
            assertThat(read(server.url() + "/after").block(SOON)).startsWith("HTTP/2 200");
        }
    }

    private void assertTransient(String uri) {
        assertThat(catchThrowable(() -> read(uri).block(SOON)))
                .isInstanceOfSatisfying(TransportException.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(FailureKind.TRANSIENT);
                    assertThat(failure.requestSent()).isTrue();
                });
    }

    private static TestServer serving(Route route) {
        return TestServer.builder().route("/**", route).tls().http2().start();
    }

    private Mono<String> read(String uri) {
        return read(transport, Request.get(uri));
    }

    private static Mono<String> read(Transport transport, Request request) {
        return transport
                .exchange(
                        request,
                        response -> response.readAll(1_000_000)
                                .map(body ->
                                        response.protocol() + " " + response.status() + " " + new String(body, UTF_8)))
                .next();
    }
}
