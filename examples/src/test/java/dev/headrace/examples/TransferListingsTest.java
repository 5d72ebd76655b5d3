package dev.headrace.examples;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.resilience.BandwidthLimit;
import dev.headrace.test.FakeTusServer;
import dev.headrace.test.RangeFile;
import dev.headrace.test.TestServer;
import dev.headrace.transfer.Digest;
import dev.headrace.transfer.Download;
import dev.headrace.transfer.Downloaded;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class TransferListingsTest {

    private static final Duration SOON = ofSeconds(20);

    private final RangeFile file = RangeFile.ofSize(3_000_000);

    @Test
    void manyShareALimit(@TempDir Path folder) {
        try (TestServer server = file.start();
                Connector storage = Connector.builder(server.url()).build()) {
            BandwidthLimit limit = BandwidthLimit.of(100_000_000);
            StepVerifier.create(TransferListings.many(storage, List.of("a", "b", "c"), folder, limit))
                    .expectNextCount(3)
                    .expectComplete()
                    .verify(SOON);

            assertThat(folder).isDirectoryContaining("glob:**/c").isDirectoryNotContaining("glob:**.hr");
        }
    }

    @Test
    void aSignedRequestIsMadeForEachAttempt(@TempDir Path folder) {
        try (TestServer server = file.cutAfter(1_000_000).onRequest(1).once().start();
                Connector storage = Connector.builder(server.url()).build()) {
            TransferListings.Signer signer = object ->
                    server.uri("/" + object + "?signature=" + server.requests().size());
            Downloaded done = TransferListings.signed(storage, signer, folder.resolve("a"))
                    .retryDelay(ofMillis(1), ofMillis(1))
                    .expect(Digest.sha256(file.sha256()))
                    .result()
                    .blockOptional(SOON)
                    .orElseThrow();

            assertThat(done.requests()).isEqualTo(2);
            assertThat(server.requests())
                    .extracting(request -> request.query("signature").orElse(""))
                    .containsExactly("0", "1");
        }
    }

    @Test
    void whereThereIsNoValidatorTheLastBytesProve(@TempDir Path folder) {
        try (TestServer server = file.omittingValidators()
                        .always()
                        .cutAfter(2_000_000)
                        .onRequest(1)
                        .once()
                        .start();
                Connector storage = Connector.builder(server.url()).build()) {
            Download download = Download.from(storage, Request.get("/a")).to(folder.resolve("a"));
            Downloaded done = TransferListings.withoutValidators(
                            download.retryDelay(ofMillis(1), ofMillis(1)), Digest.sha256(file.sha256()))
                    .result()
                    .blockOptional(SOON)
                    .orElseThrow();

            assertThat(done.restarts()).isZero();
            assertThat(server.requests().get(1).header("Range")).isPresent();
        }
    }

    @Test
    void theProgressIsShown(@TempDir Path folder) {
        try (TestServer server = file.start();
                Connector storage = Connector.builder(server.url()).build()) {
            StepVerifier.create(TransferListings.shown(
                                    Download.from(storage, Request.get("/a")).to(folder.resolve("a")))
                            .last())
                    .assertNext(line -> assertThat(line).startsWith("DONE 100"))
                    .expectComplete()
                    .verify(SOON);
        }
    }

    @Test
    void bytesBehindThoseOneHas() {
        try (TestServer server = file.start();
                Connector storage = Connector.builder(server.url()).build()) {
            StepVerifier.create(TransferListings.tail(storage, 900_000).map(ByteBuffer::remaining))
                    .expectNext(1_048_576, 1_048_576, 2_848)
                    .expectComplete()
                    .verify(SOON);
        }
    }

    @Test
    void rowsAreSentFromAPublisher() {
        FakeTusServer tus = FakeTusServer.create();
        Path journal = Path.of("rows.upload.hr");
        try (TestServer server = tus.start();
                Connector storage = Connector.builder(server.url()).build()) {
            Flux<ByteBuffer> rows = Flux.range(0, 100).map(row -> ByteBuffer.allocate(100));
            assertThat(TransferListings.generated(storage, rows, 10_000).block(SOON))
                    .isNotNull();

            assertThat(tus.onlyUpload().isComplete()).isTrue();
            assertThat(Files.exists(journal)).isFalse();
        }
    }
}
