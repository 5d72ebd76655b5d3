package dev.headrace.transfer;

import static dev.headrace.transfer.FreshUploadTest.pieces;
import static dev.headrace.transfer.TusSite.content;
import static dev.headrace.transfer.TusSite.failureOf;
import static dev.headrace.transfer.TusSite.file;
import static dev.headrace.transfer.TusSite.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.http.HttpException;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import dev.headrace.http.Timeouts;
import dev.headrace.resilience.BandwidthLimit;
import dev.headrace.test.RawServer;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.Reply;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** Uploads as the body of one request. */
class PlainUploadTest {

    private static final int SIZE = 3_000_000;

    @TempDir
    private Path directory;

    private final byte[] content = content(SIZE);

    /** What came, body by body, and what was answered to each: the statuses in turn, then 201. */
    private static final class Store implements Route {

        private final List<byte[]> bodies = new CopyOnWriteArrayList<>();
        private final AtomicInteger count = new AtomicInteger();
        private final int[] statuses;

        Store(int... statuses) {
            this.statuses = statuses;
        }

        @Override
        public Mono<Void> handle(HttpServerRequest request, HttpServerResponse response) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            return request.receive().asByteArray().doOnNext(body::writeBytes).then(Mono.defer(() -> {
                bodies.add(body.toByteArray());
                int index = count.getAndIncrement();
                return response.status(index < statuses.length ? statuses[index] : 201)
                        .header("ETag", "\"v1\"")
                        .header("Content-Length", "0")
                        .send()
                        .then();
            }));
        }
    }

    private static Upload put(Connector connector, Path file) {
        return TusSite.quick(
                Upload.from(connector, Request.put("/files/{name}", "disk.iso")).source(file));
    }

    @Test
    void sendsAFileAsTheBodyOfOneRequest() {
        Store store = new Store();
        Path file = file(directory, content);
        try (TestServer server = store.start();
                Connector connector = Connector.builder(server.url()).build()) {
            Uploaded result = run(put(connector, file));

            assertThat(store.bodies).hasSize(1);
            assertThat(store.bodies.get(0)).isEqualTo(content);
            RecordedRequest request = server.requests().get(0);
            assertThat(request.headers("Content-Length")).containsExactly(Integer.toString(SIZE));
            assertThat(request.headers("Content-Type")).containsExactly("application/octet-stream");
            assertThat(result)
                    .isEqualTo(new Uploaded(server.uri("/files/disk.iso"), SIZE, SIZE, false, 0, 0, 1, "\"v1\""));
            assertThat(directory).isDirectoryNotContaining("glob:**.hr");
        }
    }

    @Test
    void keepsTheContentTypeOfTheRequest() {
        Path file = file(directory, content);
        try (TestServer server = new Store().start();
                Connector connector = Connector.builder(server.url()).build()) {
            run(Upload.from(connector, Request.put("/x").header("Content-Type", "video/mp4"))
                    .source(file));

            assertThat(server.requests().get(0).headers("Content-Type")).containsExactly("video/mp4");
        }
    }

    @Test
    void sendsAnEmptyFile() {
        Store store = new Store();
        Path file = file(directory, new byte[0]);
        try (TestServer server = store.start();
                Connector connector = Connector.builder(server.url()).build()) {
            assertThat(run(put(connector, file)).totalBytes()).isZero();

            assertThat(server.requests().get(0).headers("Content-Length")).containsExactly("0");
        }
    }

    @Test
    void sendsAPublisherOfUnknownLengthInChunks() {
        Store store = new Store();
        try (TestServer server = store.start();
                Connector connector = Connector.builder(server.url()).build()) {
            Uploaded result = run(Upload.from(connector, Request.post("/x")).source(pieces(content, 70_000), -1));

            assertThat(store.bodies.get(0)).isEqualTo(content);
            assertThat(result.totalBytes()).isEqualTo(SIZE);
            assertThat(server.requests().get(0).headers("Transfer-Encoding")).containsExactly("chunked");
        }
    }

    @Test
    void sendsAPutAnewAfterATroubleThatMayPass() {
        Store store = new Store(503, 502);
        Path file = file(directory, content);
        List<TransferProgress> seen = new ArrayList<>();
        try (TestServer server = store.start();
                Connector connector = Connector.builder(server.url()).build()) {
            Uploaded result = run(put(connector, file).listener(seen::add));

            assertThat(store.bodies)
                    .hasSize(3)
                    .allSatisfy(body -> assertThat(body).isEqualTo(content));
            assertThat(result.restarts()).isEqualTo(2);
            assertThat(result.bytes()).isEqualTo(3L * SIZE);
            assertThat(seen.get(seen.size() - 1).done()).isTrue();
            assertThat(seen.get(seen.size() - 1).trouble()).contains("502");
        }
    }

    @Test
    void sendsAPublisherAnew() {
        Store store = new Store(503);
        try (TestServer server = store.start();
                Connector connector = Connector.builder(server.url()).build()) {
            run(TusSite.quick(Upload.from(connector, Request.put("/x")).source(pieces(content, 70_000), SIZE)));

            assertThat(store.bodies)
                    .hasSize(2)
                    .allSatisfy(body -> assertThat(body).isEqualTo(content));
        }
    }

    @Test
    void sendsNoOtherBytesTheSecondTime() {
        byte[] others = content.clone();
        others[SIZE - 1]++;
        AtomicInteger subscriptions = new AtomicInteger();
        Store store = new Store(503);
        try (TestServer server = store.start();
                Connector connector = Connector.builder(server.url()).build()) {
            Flux<ByteBuffer> changing =
                    Flux.defer(() -> pieces(subscriptions.getAndIncrement() == 0 ? content : others, 70_000));

            assertThat(failureOf(TusSite.quick(
                            Upload.from(connector, Request.put("/x")).source(changing, SIZE))))
                    .isInstanceOf(SourceChangedException.class);
            assertThat(store.bodies).hasSize(1);
        }
    }

    @Test
    void sendsAPostOnceUnlessItHasAnIdempotencyKey() {
        Path file = file(directory, content);
        Store once = new Store(503);
        try (TestServer server = once.start();
                Connector connector = Connector.builder(server.url()).build()) {
            Upload post =
                    TusSite.quick(Upload.from(connector, Request.post("/x")).source(file));

            assertThat(failureOf(post)).isInstanceOf(HttpStatusException.class);
            assertThat(once.bodies).hasSize(1);
        }
        Store twice = new Store(503);
        try (TestServer server = twice.start();
                Connector connector = Connector.builder(server.url()).build()) {
            run(TusSite.quick(Upload.from(connector, Request.post("/x").header("Idempotency-Key", "7"))
                    .source(file)));

            assertThat(twice.bodies).hasSize(2);
        }
    }

    @Test
    void sendsAPostAnewThatSurelyWasNotSent() throws Exception {
        Path file = file(directory, content);
        int port;
        try (TestServer gone = new Store().start()) {
            port = gone.port();
        }
        Store store = new Store();
        try (Connector connector = Connector.builder("http://127.0.0.1:" + port).build()) {
            Mono<Uploaded> post = Upload.from(connector, Request.post("/x"))
                    .source(file)
                    .retryDelay(Duration.ofMillis(300), Duration.ofSeconds(1))
                    .result();
            CompletableFuture<Uploaded> result = post.toFuture();
            try (TestServer server =
                    TestServer.builder().port(port).route("/**", store).start()) {
                assertThat(result.get(20, TimeUnit.SECONDS).totalBytes()).isEqualTo(SIZE);
                assertThat(server.requests()).hasSize(1);
            }
        }
    }

    @Test
    void givesUpInTheEnd() {
        Path file = file(directory, content);
        Store store = new Store(503, 503, 503, 503);
        try (TestServer server = store.start();
                Connector connector = Connector.builder(server.url()).build()) {
            assertThat(failureOf(put(connector, file).maxRetries(1))).isInstanceOf(HttpStatusException.class);
            assertThat(store.bodies).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404, 409, 413})
    void doesNotSendAgainWhatWasRefused(int status) {
        Path file = file(directory, content);
        Store store = new Store(status);
        try (TestServer server = store.start();
                Connector connector = Connector.builder(server.url()).build()) {
            assertThat(failureOf(put(connector, file)))
                    .isInstanceOfSatisfying(
                            HttpStatusException.class,
                            e -> assertThat(e.status()).isEqualTo(status));
            assertThat(store.bodies).hasSize(1);
        }
    }

    @Test
    void goesOnAfterABrokenConnection() {
        Path file = file(directory, content(1000));
        try (RawServer server = RawServer.replies(
                                Reply.bytes("").close(),
                                Reply.bytes("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"))
                        .start();
                Connector connector = Connector.builder(server.url()).build()) {
            assertThat(run(put(connector, file)).requests()).isEqualTo(2);
        }
    }

    @Test
    void neverCompletesAFileThatChangesWhileItIsSent() {
        Path file = file(directory, content(12 << 20));
        WatchedDisk disk = new WatchedDisk((path, position) -> {
            if (position == 20L * UploadSource.BLOCK) {
                Files.setLastModifiedTime(path, FileTime.from(Instant.now().plusSeconds(7)));
            }
        });
        Store store = new Store();
        try (TestServer server = store.start();
                Connector connector = Connector.builder(server.url()).build()) {
            assertThat(failureOf(put(connector, file).disk(disk))).isInstanceOf(SourceChangedException.class);
            assertThat(store.bodies).isEmpty();
            assertThat(disk.openFiles()).isZero();
        }
    }

    @Test
    void neverCompletesAPublisherOfAnotherLength() {
        Store store = new Store();
        try (TestServer server = store.start();
                Connector connector = Connector.builder(server.url()).build()) {
            assertThat(failureOf(Upload.from(connector, Request.put("/x")).source(pieces(content, 70_000), SIZE + 1)))
                    .isInstanceOf(SourceChangedException.class);
            assertThat(store.bodies).isEmpty();
        }
    }

    @Test
    void passesOnWhatThePublisherFailsWith() {
        try (TestServer server = new Store().start();
                Connector connector = Connector.builder(server.url()).build()) {
            Upload upload = Upload.from(connector, Request.put("/x"))
                    .source(
                            pieces(content, 70_000)
                                    .take(3)
                                    // A call that is given up before the server has its head was none.
                                    .concatWith(Mono.fromCallable(() -> server.awaitRequests(1, Duration.ofSeconds(30)))
                                            .subscribeOn(Schedulers.boundedElastic())
                                            .then(Mono.error(new IllegalStateException("no more")))),
                            SIZE);

            assertThat(failureOf(upload))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("no more");
            assertThat(server.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {SIZE, -1})
    void believesNoSuccessThatComesBeforeTheBytesWereSent(long length) {
        Route early = (request, response) -> response.status(201).send();
        try (TestServer server = early.start();
                Connector connector = Connector.builder(server.url()).build()) {
            Upload upload = Upload.from(connector, Request.put("/x"))
                    .source(pieces(content, 70_000), length)
                    .rateLimit(BandwidthLimit.of(1_000_000));

            assertThat(failureOf(upload))
                    .isInstanceOf(UploadOffsetException.class)
                    .hasMessageContaining("status 201 came when only");
        }
    }

    @Test
    void leavesTheTimeForAnAnswerToItsReader() {
        Path file = file(directory, content(1000));
        Route slow = (request, response) -> request.receive()
                .then(response.sendString(
                                Flux.interval(Duration.ofMillis(20)).take(60).map(tick -> "x"))
                        .then());
        try (TestServer server = slow.start();
                Connector connector = Connector.builder(server.url())
                        .timeouts(
                                Timeouts.defaults().gap(Duration.ofMillis(100)).head(Duration.ofMillis(300)))
                        .build()) {
            assertThat(run(put(connector, file).maxRetries(0)).requests()).isOne();
        }
    }

    @Test
    void anUnreadableLocationIsNone() {
        Path file = file(directory, content(1000));
        Route odd = (request, response) -> request.receive()
                .then(response.status(201)
                        .header("Location", "http://[bad")
                        .send()
                        .then());
        try (TestServer server = odd.start();
                Connector connector = Connector.builder(server.url()).build()) {
            assertThat(run(put(connector, file)).url()).isEqualTo(server.uri("/files/disk.iso"));
        }
    }

    @Test
    void aSourceThatWasNotReachedDoesNotMeanThatNothingWasSent() {
        AtomicInteger subscriptions = new AtomicInteger();
        try (TestServer server = new Store().start();
                Connector connector = Connector.builder(server.url()).build();
                Connector nobody = Connector.builder("http://127.0.0.1:1").build()) {
            Flux<ByteBuffer> failing = pieces(content, 70_000)
                    .take(3)
                    .concatWith(nobody.exchange(Request.get("/x").options(options -> options.retry(false)))
                            .then(Mono.empty()))
                    .doOnSubscribe(subscription -> subscriptions.incrementAndGet());

            assertThat(failureOf(TusSite.quick(
                            Upload.from(connector, Request.post("/x")).source(failing, SIZE))))
                    .isInstanceOf(HttpException.class);
            assertThat(subscriptions).hasValue(1);
        }
    }

    @Test
    void readsNoSourceForAServerThatIsNotThere() {
        Path file = file(directory, content);
        try (Connector connector = Connector.builder("http://127.0.0.1:1").build()) {
            AtomicInteger reads = new AtomicInteger();

            assertThat(failureOf(put(connector, file)
                            .maxRetries(0)
                            .disk(new WatchedDisk((path, position) -> reads.incrementAndGet()))))
                    .isInstanceOf(HttpException.class);
            assertThat(reads).hasValue(0);
        }
    }

    @Test
    void sendsNoFasterThanAllowed() {
        Path file = file(directory, content(1_000_000));
        try (TestServer server = new Store().start();
                Connector connector = Connector.builder(server.url()).build()) {
            long began = System.nanoTime();

            run(put(connector, file).rateLimit(BandwidthLimit.of(1_000_000)));

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(750));
        }
    }
}
