package dev.headrace.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.headrace.error.FailureKind;
import dev.headrace.test.RangeFile;
import dev.headrace.test.RawServer;
import dev.headrace.test.Reply;
import dev.headrace.test.TestServer;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** The transport on a real socket; rows L5, R10 and R19: each phase has a clock of its own, and none is without effect. */
class TransportWireTest {

    private static final Duration SOON = ofSeconds(30);
    private Transport transport = Transport.over(TransportSettings.defaults());

    @AfterEach
    void close() {
        transport.close();
    }

    @Test
    void givesStatusHeadersAndBody() {
        try (RawServer server = replying("HTTP/1.1 418 Teapot\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 3\r\n\r\nabc")) {
            List<Object> seen = transport
                    .<Object>exchange(
                            Request.get(server.url() + "/"),
                            response -> Flux.concat(
                                    Flux.just(
                                            response.status(),
                                            response.headers().all("X-A")),
                                    response.readAll(10).map(body -> new String(body, UTF_8))))
                    .collectList()
                    .block(SOON);

            assertThat(seen).containsExactly(418, List.of("1", "2"), "abc");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel"
            })
    void failsWhenTheBodyIsCutBeforeTheEndThatTheFramingPromised(String cut) {
        try (RawServer server = RawServer.replies(Reply.bytes(cut).close()).start()) {
            Throwable error = catchThrowable(() -> read(server.url() + "/").block(SOON));

            assertThat(error).isInstanceOfSatisfying(TransportException.class, failure -> {
                assertThat(failure.kind()).isEqualTo(FailureKind.TRANSIENT);
                assertThat(failure.requestSent()).isTrue();
                assertThat(failure.request()).isEqualTo("GET " + server.url() + "/");
            });
        }
    }

    @Test
    void failsTheSameWayWhenTheConnectionIsReset() {
        try (RawServer server = RawServer.replies(Reply.bytes("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")
                        .pause(ofMillis(50))
                        .reset())
                .start()) {
            Throwable error = catchThrowable(() -> read(server.url() + "/").block(SOON));

            assertThat(error)
                    .isInstanceOfSatisfying(
                            TransportException.class,
                            failure -> assertThat(failure.kind()).isEqualTo(FailureKind.TRANSIENT));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 2", "HTTP/1.1 200 OK\r\nContent-Le"})
    void failsWhenTheConnectionClosesBeforeTheHeadIsComplete(String cut) {
        try (RawServer server = RawServer.replies(Reply.bytes(cut).close()).start()) {
            assertThat(catchThrowable(() -> read(server.url() + "/").block(SOON)))
                    .isInstanceOfSatisfying(
                            TransportException.class,
                            failure -> assertThat(failure.kind()).isEqualTo(FailureKind.TRANSIENT));
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void saysThatNothingWasSentWhenTheConnectionIsRefused() throws Exception {
        int port;
        try (ServerSocket unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = unused.getLocalPort();
        }

        assertThat(catchThrowable(() -> read("http://127.0.0.1:" + port + "/").block(SOON)))
                .isInstanceOfSatisfying(TransportException.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(FailureKind.TRANSIENT);
                    assertThat(failure.requestSent()).isFalse();
                    assertThat(failure).hasMessageContaining("refused");
                });
    }

    /** What comes before HTTP may be anything, and Netty's message quotes it. */
    @Test
    void escapesAndMasksWhatIsNoHttp() {
        try (RawServer server = replying("FOO\u001b[2J\u0007 token=hunter2 x\r\n\r\n")) {
            StepVerifier.create(transport.exchange(Request.get(server.url() + "/"), response -> response.readAll(100)))
                    .expectErrorSatisfies(failure -> assertThat(failure.getMessage())
                            .doesNotContain("\u001b")
                            .doesNotContain("hunter2"))
                    .verify(Duration.ofSeconds(10));
        }
    }

    @Test
    void doesNotBelieveWhatIsNotHttp() {
        try (RawServer server = RawServer.replies(
                        Reply.bytes("SSH-2.0-OpenSSH_9.2\r\n\r\n").close())
                .start()) {
            assertThat(catchThrowable(() -> read(server.url() + "/").block(SOON)))
                    .isInstanceOfSatisfying(
                            TransportException.class,
                            failure -> assertThat(failure.kind()).isEqualTo(FailureKind.UNTRUSTED_DATA));
        }
    }

    @Test
    void doesNotTrustAnUnknownCertificate() {
        try (RawServer server = RawServer.replies(Reply.ok("secret")).tls().start()) {
            assertThat(catchThrowable(() -> read(server.url() + "/").block(SOON)))
                    .isInstanceOfSatisfying(
                            TransportException.class,
                            failure -> assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION));
        }
    }

    @Test
    void failsWhenNoHeadComesInTime() {
        try (RawServer server = RawServer.replies(Reply.nothing().stall()).start()) {
            Request request = Request.get(server.url() + "/")
                    .options(o -> o.timeouts(Timeouts.defaults().head(ofMillis(100))));

            assertThat(catchThrowable(() -> read(request).block(SOON)))
                    .isInstanceOf(ResponseTimeoutException.class)
                    .hasMessageContaining("no response head within 100 ms");
            server.awaitNoOpenConnections(SOON);
        }
    }

    @Test
    void failsWhenNoHeadComesInTimeOverTls() {
        try (RawServer server = RawServer.replies(Reply.nothing().stall()).tls().start();
                Transport trusting = Transport.over(TransportSettings.defaults().tls(TlsSettings.trustAll()))) {
            Request request = Request.get(server.url() + "/")
                    .options(o -> o.timeouts(Timeouts.defaults().head(ofMillis(100))));

            assertThat(catchThrowable(() -> trusting.exchange(request, response -> response.readAll(10))
                            .blockLast(SOON)))
                    .isInstanceOf(ResponseTimeoutException.class)
                    .hasMessageContaining("no response head within 100 ms");
            server.awaitNoOpenConnections(SOON);
        }
    }

    @Test
    void failsWhenTheBodyFallsSilent() {
        try (RawServer server = RawServer.replies(Reply.bytes("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")
                        .stall())
                .start()) {
            Request request = Request.get(server.url() + "/")
                    .options(o -> o.timeouts(Timeouts.defaults().gap(ofMillis(100))));

            assertThat(catchThrowable(() -> read(request).block(SOON)))
                    .isInstanceOf(ResponseTimeoutException.class)
                    .hasMessageContaining("no more of the response body within 100 ms");
            server.awaitNoOpenConnections(SOON);
        }
    }

    @Test
    void letsAReaderSleepLongerThanTheGap() {
        try (TestServer server =
                TestServer.builder().route("/file", RangeFile.ofSize(4_000_000)).start()) {
            Request request = Request.get(server.url() + "/file")
                    .options(o -> o.timeouts(Timeouts.defaults().gap(ofMillis(300))));
            AtomicLong bytes = new AtomicLong();

            StepVerifier.create(
                            transport.exchange(
                                    request,
                                    response ->
                                            response.body().doOnNext(chunk -> bytes.addAndGet(chunk.readableBytes()))),
                            1)
                    .expectNextCount(1)
                    // Real time, for the wire is real: three gaps in which nothing is asked for.
                    .expectNoEvent(ofSeconds(1))
                    .thenRequest(Long.MAX_VALUE)
                    .thenConsumeWhile(chunk -> true)
                    .expectComplete()
                    .verify(SOON);
            assertThat(bytes).hasValue(4_000_000);
        }
    }

    @Test
    void sendsNothingBeforeDemand() {
        sendsNothingBeforeDemand(request -> transport.exchange(request, response -> response.readAll(10)));
    }

    @Test
    void sendsNothingBeforeAResponseIsAskedFor() {
        sendsNothingBeforeDemand(transport::exchange);
    }

    private static void sendsNothingBeforeDemand(Function<Request, Publisher<?>> exchange) {
        try (RawServer server = RawServer.script(request -> Reply.ok("x")).start()) {
            StepVerifier.create(exchange.apply(Request.get(server.url() + "/")), 0)
                    .expectSubscription()
                    .expectNoEvent(ofMillis(100))
                    .then(() -> assertThat(server.requests()).isEmpty())
                    .thenRequest(1)
                    .expectNextCount(1)
                    .expectComplete()
                    .verify(SOON);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void usesAConnectionAgainWhenTheBodyHasBeenRead() {
        try (RawServer server = RawServer.script(request -> Reply.ok("x")).start()) {
            Flux.range(0, 5).concatMap(i -> read(server.url() + "/" + i)).blockLast(SOON);

            assertThat(server.requests()).hasSize(5);
            assertThat(server.connectionsAccepted()).isEqualTo(1);
        }
    }

    @Test
    void usesAConnectionAgainWhenThereIsNoBodyAndNobodyLooks() {
        try (RawServer server = RawServer.script(request -> Reply.bytes("HTTP/1.1 204 No Content\r\n\r\n"))
                .start()) {
            Flux.range(0, 5)
                    .concatMap(i -> transport.exchange(
                            Request.get(server.url() + "/" + i), response -> Mono.just(response.status())))
                    .blockLast(SOON);

            assertThat(server.connectionsAccepted()).isEqualTo(1);
        }
    }

    @Test
    void givesUpABodyThatNobodyReads() {
        try (TestServer server = TestServer.builder()
                .route("/file", RangeFile.ofSize(100_000_000))
                .start()) {
            Integer status = transport
                    .exchange(Request.get(server.url() + "/file"), response -> Mono.just(response.status()))
                    .blockLast(SOON);

            assertThat(status).isEqualTo(200);
            server.awaitNoOpenConnections(SOON);
        }
    }

    @Test
    void closesTheConnectionWhenCancelledBeforeTheHead() {
        try (RawServer server = RawServer.replies(Reply.nothing().stall()).start()) {
            Disposable call = read(server.url() + "/").subscribe();
            server.awaitRequests(1, SOON);

            call.dispose();

            server.awaitNoOpenConnections(SOON);
        }
    }

    @Test
    void closesTheConnectionWhenCancelledInTheMiddleOfTheBody() {
        try (TestServer server = TestServer.builder()
                .route("/file", RangeFile.ofSize(100_000_000))
                .start()) {
            transport
                    .exchange(Request.get(server.url() + "/file"), Response::body)
                    .map(ByteBuf::readableBytes)
                    .take(3)
                    .blockLast(SOON);

            server.awaitNoOpenConnections(SOON);
        }
    }

    @Test
    void stopsTheServerWhenNobodyAsks() {
        try (TestServer server = TestServer.builder()
                .route("/file", RangeFile.ofSize(1_000_000_000))
                .sendBuffer(64 * 1024)
                .start()) {
            StepVerifier.create(transport.exchange(Request.get(server.url() + "/file"), Response::body), 1)
                    .expectNextCount(1)
                    .expectNoEvent(ofMillis(500))
                    .then(() -> assertThat(server.bytesSent()).isLessThan(30_000_000))
                    .thenCancel()
                    .verify(SOON);
        }
    }

    @ParameterizedTest
    @EnumSource(ExchangeOptions.Profile.class)
    void asksForIdentityCoding(ExchangeOptions.Profile profile) {
        try (RawServer server = RawServer.script(request -> Reply.ok("x")).start()) {
            read(Request.get(server.url() + "/").options(o -> o.profile(profile)))
                    .block(SOON);

            assertThat(server.requests().get(0).header("Accept-Encoding")).contains("identity");
        }
    }

    @Test
    void givesEachEventStreamAConnectionOfItsOwn() {
        try (RawServer server = RawServer.script(request -> Reply.ok("x")).start()) {
            Request events = Request.get(server.url() + "/").options(o -> o.profile(ExchangeOptions.Profile.EVENTS));

            Flux.range(0, 3).concatMap(i -> read(events)).blockLast(SOON);

            assertThat(server.connectionsAccepted()).isEqualTo(3);
            server.awaitNoOpenConnections(SOON);
        }
    }

    @Test
    void sendsHeadersOutsideAsciiAsUtf8() {
        try (RawServer server = RawServer.script(request -> Reply.ok("x")).start()) {
            read(Request.get(server.url() + "/").header("Last-Event-ID", "é☃")).block(SOON);

            byte[] onTheWire = server.requests()
                    .get(0)
                    .header("Last-Event-ID")
                    .orElseThrow()
                    .getBytes(UTF_8);
            String seen = server.requests().get(0).header("Last-Event-ID").orElseThrow();
            assertThat(seen.equals("é☃")
                            || new String(seen.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1), UTF_8)
                                    .equals("é☃"))
                    .as("as read by the server: %s (%d bytes)", seen, onTheWire.length)
                    .isTrue();
        }
    }

    @Test
    void sendsABodyWithLengthAndType() {
        try (RawServer server =
                RawServer.script(request -> Reply.ok(request.body())).start()) {
            String answer = read(Request.post(server.url() + "/").json(java.util.Map.of("a", 1)))
                    .block(SOON);

            assertThat(answer).isEqualTo("{\"a\":1}");
            assertThat(server.requests().get(0).header("Content-Length")).contains("7");
            assertThat(server.requests().get(0).header("Content-Type")).contains("application/json");
        }
    }

    @Test
    void saysThatAPostHasNoBody() {
        try (RawServer server = RawServer.script(request -> Reply.ok("x")).start()) {
            read(Request.post(server.url() + "/")).block(SOON);

            assertThat(server.requests().get(0).header("Content-Length")).contains("0");
        }
    }

    @Test
    void failsAtOnceWhenTooManyCallsWaitForAConnection() {
        try (RawServer server =
                        RawServer.script(request -> Reply.nothing().stall()).start();
                Transport small = Transport.over(TransportSettings.defaults()
                        .pool(PoolSettings.defaults().maxConnections(1).maxPending(1)))) {
            Request request = Request.get(server.url() + "/");
            Disposable first = small.exchange(request, Response::bytes).subscribe();
            server.awaitRequests(1, SOON);
            Disposable waiting = small.exchange(request, Response::bytes).subscribe();

            assertThat(catchThrowable(
                            () -> small.exchange(request, Response::bytes).blockLast(SOON)))
                    .isInstanceOfSatisfying(
                            PoolExhaustedException.class,
                            failure -> assertThat(failure.kind()).isEqualTo(FailureKind.LOCAL));
            first.dispose();
            waiting.dispose();
        }
    }

    @Test
    void failsWhenNoConnectionIsFreeInTime() {
        try (RawServer server =
                        RawServer.script(request -> Reply.nothing().stall()).start();
                Transport small = Transport.over(TransportSettings.defaults()
                        .pool(PoolSettings.defaults().maxConnections(1).acquireTimeout(ofMillis(100))))) {
            Request request = Request.get(server.url() + "/");
            Disposable first = small.exchange(request, Response::bytes).subscribe();
            server.awaitRequests(1, SOON);

            assertThat(catchThrowable(
                            () -> small.exchange(request, Response::bytes).blockLast(SOON)))
                    .isInstanceOf(PoolExhaustedException.class)
                    .hasMessageContaining("100 ms");
            first.dispose();
        }
    }

    @Test
    void closesIdleConnectionsInTheBackground() {
        try (RawServer server = RawServer.script(request -> Reply.ok("x")).start();
                Transport brief = Transport.over(TransportSettings.defaults()
                        .pool(PoolSettings.defaults().maxIdle(ofMillis(90))))) {
            brief.exchange(Request.get(server.url() + "/"), Response::bytes).blockLast(SOON);

            server.awaitNoOpenConnections(SOON);
        }
    }

    @Test
    void endsWhatIsUnderWayWithAnErrorWhenClosed() {
        try (TestServer server = TestServer.builder()
                .route("/file", RangeFile.ofSize(100_000_000))
                .start()) {
            StepVerifier.create(transport.exchange(Request.get(server.url() + "/file"), Response::body), 1)
                    .expectNextCount(1)
                    .then(transport::close)
                    .expectErrorSatisfies(error -> assertThat(error)
                            .isInstanceOf(TransportException.class)
                            .hasMessageContaining("closed meanwhile"))
                    .verify(SOON);
            server.awaitNoOpenConnections(SOON);
            assertThat(catchThrowable(() -> read(server.url() + "/file").block(SOON)))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void endsAWaitForTheHeadWithAnErrorWhenClosed() {
        try (RawServer server = RawServer.replies(Reply.nothing().stall()).start()) {
            StepVerifier.create(read(server.url() + "/"))
                    .then(() -> server.awaitRequests(1, SOON))
                    .then(transport::close)
                    .expectError(TransportException.class)
                    .verify(SOON);
        }
    }

    @Test
    void waitsForWhatIsUnderWayWhenClosedGracefully() { // R54
        try (RawServer server = RawServer.replies(
                        Reply.nothing().pause(ofMillis(300)).thenOk("late"))
                .start()) {
            Mono<String> call = read(server.url() + "/").cache();
            call.subscribe();
            server.awaitRequests(1, SOON);

            transport.closeGracefully(ofSeconds(5)).block(SOON);

            assertThat(call.block(SOON)).isEqualTo("late");
        }
    }

    @Test
    void waitsNoLongerThanTheGraceWhenClosedGracefully() { // R54
        try (RawServer server = RawServer.replies(Reply.nothing().stall()).start()) {
            Mono<String> call = read(server.url() + "/").cache();
            call.subscribe(ignored -> {}, ignored -> {});
            server.awaitRequests(1, SOON);

            transport.closeGracefully(ofMillis(100)).block(SOON);

            assertThat(catchThrowable(() -> call.block(SOON))).isInstanceOf(TransportException.class);
        }
    }

    @Test
    void isNeitherSentNorWaitedForWhenCancelledBeforeItIsAskedFor() {
        try (RawServer server = RawServer.script(request -> Reply.ok("x")).start()) {
            StepVerifier.create(transport.exchange(Request.get(server.url() + "/")), 0)
                    .thenCancel()
                    .verify(SOON);

            transport.closeGracefully(SOON).block(ofSeconds(10));
            assertThat(server.connectionsAccepted()).isZero();
        }
    }

    @Test
    void givesHeaderNamesInTheCaseInWhichTheyCame() {
        String head = "HTTP/1.1 200 OK\r\nContent-Type: a\r\ncontent-length: 0\r\nCACHE-CONTROL: b\r\nX-Own: c\r\n\r\n";
        try (RawServer server = replying(head)) {
            List<String> names = transport
                    .exchange(Request.get(server.url() + "/"), response -> {
                        List<String> found = new ArrayList<>();
                        response.headers().forEach((name, value) -> found.add(name + "=" + value));
                        return Flux.fromIterable(found);
                    })
                    .collectList()
                    .block(SOON);

            assertThat(names).containsExactly("Content-Type=a", "content-length=0", "CACHE-CONTROL=b", "X-Own=c");
        }
    }

    @Test
    void sendsWhatARequestSaysInPlaceOfWhatTheClientHasByItself() {
        transport.close();
        transport = Transport.over(TransportSettings.defaults()
                .customize(client -> client.headers(headers -> headers.set("X-Own", "client's"))));
        try (RawServer server = RawServer.script(request -> Reply.ok("x")).start()) {
            Request plain = Request.get(server.url() + "/");
            read(plain).block(SOON);
            read(plain.header("User-Agent", "me")
                            .header("accept", "a/b")
                            .header("Host", "elsewhere")
                            .header("Accept-Encoding", "gzip")
                            .header("X-Own", "request's"))
                    .block(SOON);

            assertThat(server.requests().get(0)).satisfies(request -> {
                assertThat(request.headers("User-Agent")).containsExactly("Headrace");
                assertThat(request.headers("Accept-Encoding")).containsExactly("identity");
                assertThat(request.headers("X-Own")).containsExactly("client's");
            });
            assertThat(server.requests().get(1)).satisfies(request -> {
                assertThat(request.headers("User-Agent")).containsExactly("me");
                assertThat(request.headers("Accept")).containsExactly("a/b");
                assertThat(request.headers("Host")).containsExactly("elsewhere");
                assertThat(request.headers("Accept-Encoding")).containsExactly("gzip");
                assertThat(request.headers("X-Own")).containsExactly("request's");
            });
        }
    }

    /** The caller's mistake, though it shows only when there is a connection. */
    @Test
    void blamesNobodyElseForATypeThatCannotBeSent() {
        try (RawServer server = RawServer.script(request -> Reply.ok("x")).start()) {
            Request request = Request.post(server.url() + "/").body(Body.bytes(new byte[1], "text/plain\nX: y"));

            Throwable error = catchThrowable(() -> read(request).block(SOON));

            assertThat(error).isInstanceOf(IllegalArgumentException.class);
            assertThat(server.requests()).isEmpty();
            assertThat(read(Request.get(server.url() + "/")).block(SOON)).isEqualTo("x");
            transport.closeGracefully(SOON).block(ofSeconds(10));
        }
    }

    /** RFC 9110 §5.5: they are no part of the value. */
    @Test
    void sendsNoBlanksInFrontOfAValue() {
        try (RawServer server = RawServer.script(request -> Reply.ok("x")).start()) {
            read(Request.get(server.url() + "/").header("Last-Event-ID", " \t7"))
                    .block(SOON);

            assertThat(server.requests().get(0).header("Last-Event-ID")).contains("7");
        }
    }

    @Test
    void sendsSeveralValuesOfAHeader() {
        try (RawServer server = RawServer.script(request -> Reply.ok("x")).start()) {
            Request request = Request.get(server.url() + "/");
            read(request.headers(Headers.of("X-A", "1", "x-a", "2"))).block(SOON);

            assertThat(server.requests().get(0).headers("X-A")).containsExactly("1", "2");
        }
    }

    /** RFC 9112 §6.3: with both, the end of one request may be taken for the beginning of another. */
    @Test
    void neverSendsALengthAndChunks() {
        try (RawServer server =
                RawServer.script(request -> Reply.ok(request.body())).start()) {
            Body content = Body.stream(Flux.just(ByteBuffer.wrap("hello".getBytes(UTF_8))), "text/plain");
            Request request = Request.post(server.url() + "/").body(content).header("Content-Length", "5");

            assertThat(read(request).block(SOON)).isEqualTo("hello");

            assertThat(server.requests().get(0).headers("Content-Length")).containsExactly("5");
            assertThat(server.requests().get(0).header("Transfer-Encoding")).isEmpty();
        }
    }

    private static RawServer replying(String response) {
        return RawServer.script(request -> Reply.bytes(response)).start();
    }

    private Mono<String> read(String url) {
        return read(Request.get(url));
    }

    private Mono<String> read(Request request) {
        return transport
                .exchange(request, response -> response.readAll(1_000_000).map(body -> new String(body, UTF_8)))
                .single();
    }
}
