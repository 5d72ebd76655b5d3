package dev.headrace.transfer;

import static dev.headrace.transfer.Origin.assertIs;
import static dev.headrace.transfer.Origin.assertOnly;
import static dev.headrace.transfer.Origin.failureOf;
import static dev.headrace.transfer.Origin.part;
import static dev.headrace.transfer.Origin.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Request;
import dev.headrace.http.TransportException;
import dev.headrace.test.RangeFile;
import dev.headrace.test.TestServer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** No connection, or none that may be used. */
class UnreachableServerTest {

    private static final int SIZE = 300_000;

    @TempDir
    private Path directory;

    private Path destination;

    private final AtomicInteger attempts = new AtomicInteger();

    @BeforeEach
    void name() {
        destination = directory.resolve("file.bin");
    }

    private Mono<Request> counted() {
        return Mono.fromSupplier(() -> {
            attempts.incrementAndGet();
            return Request.get("/file");
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void triesAsOftenAsItMayWhenTheConnectionIsRefused(int retries) { // 16
        TestServer gone = RangeFile.ofSize(SIZE).start();
        gone.close();
        try (Origin origin = Origin.of(gone)) {
            Throwable failure =
                    failureOf(origin.download(counted(), destination).maxRetries(retries));

            assertThat(failure).isInstanceOf(TransportException.class);
            assertThat(((HeadraceException) failure).kind()).isEqualTo(FailureKind.TRANSIENT);
            assertThat(attempts).hasValue(1 + retries);
            assertOnly(directory);
        }
    }

    @Test
    void goesOnWhenTheServerComesBack() { // 16
        RangeFile file = RangeFile.ofSize(SIZE);
        TestServer first = file.cutting(100_000).start();
        AtomicReference<TestServer> second = new AtomicReference<>();
        Mono<Request> requests = counted()
                .publishOn(Schedulers.boundedElastic())
                .doOnNext(request -> {
                    if (attempts.get() == 2) {
                        first.close();
                    } else if (attempts.get() == 4) {
                        second.set(TestServer.builder()
                                .route("/file", file)
                                .port(first.port())
                                .start());
                    }
                });
        try (Origin origin = Origin.of(first)) {
            Downloaded result = run(origin.download(requests, destination).identity("the file"));

            assertThat(attempts).hasValue(4);
            assertThat(Objects.requireNonNull(second.get()).requests())
                    .singleElement()
                    .satisfies(request -> assertThat(request.header("Range")).contains("bytes=100000-"));
            assertThat(result.restarts()).isZero();
            assertIs(file, destination);
        } finally {
            TestServer started = second.get();
            if (started != null) {
                started.close();
            }
        }
    }

    @Test
    void neverTriesAgainWhereTheCertificateIsNotTrusted() { // 16
        try (TestServer server = TestServer.builder()
                        .tls()
                        .route("/file", RangeFile.ofSize(SIZE))
                        .start();
                Origin origin = Origin.of(server)) {
            Throwable failure = failureOf(origin.download(counted(), destination));

            assertThat(failure).isInstanceOf(TransportException.class).hasMessageContaining("not trusted");
            assertThat(((HeadraceException) failure).kind()).isEqualTo(FailureKind.CONFIGURATION);
            assertThat(attempts).hasValue(1);
            assertThat(server.requests()).isEmpty();
            assertOnly(directory);
        }
    }

    @Test
    void keepsWhatItHasWhenTheCertificateIsNotTrustedAnyMore() { // 16, 26
        RangeFile file = RangeFile.ofSize(SIZE).cutting(100_000);
        try (Origin origin = Origin.of(file);
                TestServer untrusted =
                        TestServer.builder().tls().route("/file", file).start();
                Origin other = Origin.of(untrusted)) {
            failureOf(origin.download(destination).identity("the file").maxRetries(0));

            assertThat(failureOf(other.download(destination).identity("the file")))
                    .isInstanceOf(TransportException.class);
            assertThat(part(destination)).hasSize(100_000);

            assertThat(run(origin.download(destination).identity("the file")).resumedFrom())
                    .isEqualTo(100_000);
            assertIs(file, destination);
        }
    }
}
