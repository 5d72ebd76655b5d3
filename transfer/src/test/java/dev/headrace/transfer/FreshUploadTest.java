package dev.headrace.transfer;

import static dev.headrace.transfer.TusSite.content;
import static dev.headrace.transfer.TusSite.failureOf;
import static dev.headrace.transfer.TusSite.file;
import static dev.headrace.transfer.TusSite.journal;
import static dev.headrace.transfer.TusSite.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import dev.headrace.test.FakeTusServer;
import dev.headrace.test.RecordedRequest;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

/** Uploads that nothing disturbs: what is sent, in which order, and what the server says about it. */
class FreshUploadTest {

    private static final int SIZE = 3_000_000;

    @TempDir
    private Path directory;

    @Test
    void createsAnUploadAndSendsEverythingInOneRequest() {
        byte[] content = content(SIZE);
        Path file = file(directory, content);
        try (TusSite site = TusSite.of(FakeTusServer.create())) {
            Uploaded result =
                    run(site.upload(file).metadata("filename", "dïsk.iso").metadata("empty", ""));

            site.assertHas(content);
            assertThat(site.steps()).containsExactly("OPTIONS", "POST", "PATCH 0");
            assertThat(site.tus().onlyUpload().metadata()).isEqualTo(Map.of("filename", "dïsk.iso", "empty", ""));
            assertThat(result.url()).isEqualTo(site.server().uri("/files/uploads/1"));
            assertThat(result.bytes()).isEqualTo(SIZE);
            assertThat(result.totalBytes()).isEqualTo(SIZE);
            assertThat(result.resumed()).isFalse();
            assertThat(result.restarts()).isZero();
            assertThat(result.requests()).isEqualTo(3);
            assertThat(journal(file)).doesNotExist();
        }
    }

    @Test
    void speaksTusOnAllRequestsButOptions() {
        Path file = file(directory, content(SIZE));
        try (TusSite site = TusSite.of(FakeTusServer.create())) {
            run(site.upload(file));

            assertThat(site.requests("OPTIONS").get(0).headers("Tus-Resumable")).isEmpty();
            for (String method : List.of("POST", "PATCH")) {
                assertThat(site.requests(method).get(0).headers("Tus-Resumable"))
                        .containsExactly("1.0.0");
            }
            RecordedRequest patch = site.requests("PATCH").get(0);
            assertThat(patch.headers("Content-Type")).containsExactly("application/offset+octet-stream");
            assertThat(patch.headers("Content-Length")).containsExactly(Integer.toString(SIZE));
            assertThat(site.requests("POST").get(0).headers("Upload-Length")).containsExactly(Integer.toString(SIZE));
        }
    }

    @Test
    void sendsASmallSourceAlongWithTheCreation() {
        byte[] content = content(1 << 20);
        Path file = file(directory, content);
        try (TusSite site = TusSite.of(FakeTusServer.create())) {
            assertThat(run(site.upload(file)).requests()).isEqualTo(2);

            site.assertHas(content);
            assertThat(site.steps()).containsExactly("OPTIONS", "POST");
        }
    }

    @Test
    void sendsASmallSourceAfterTheCreationWhereThatIsNotOffered() {
        byte[] content = content(1000);
        Path file = file(directory, content);
        try (TusSite site = TusSite.of(FakeTusServer.create().extensions("creation"))) {
            run(site.upload(file));

            site.assertHas(content);
            assertThat(site.steps()).containsExactly("OPTIONS", "POST", "PATCH 0");
        }
    }

    @Test
    void createsAnEmptyUpload() {
        Path file = file(directory, new byte[0]);
        try (TusSite site = TusSite.of(FakeTusServer.create())) {
            assertThat(run(site.upload(file)).totalBytes()).isZero();

            site.assertHas(new byte[0]);
            assertThat(site.steps()).containsExactly("OPTIONS", "POST");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404, 405, 501})
    void takesARefusedOptionsForTheCoreProtocolWithCreation(int status) {
        byte[] content = content(1000);
        Path file = file(directory, content);
        try (TusSite site =
                TusSite.of(FakeTusServer.create().failingOptions(status).always())) {
            run(site.upload(file));

            site.assertHas(content);
            assertThat(site.steps()).containsExactly("OPTIONS", "POST", "PATCH 0");
        }
    }

    @Test
    void refusesWhatIsTooLongBeforeSendingIt() {
        Path file = file(directory, content(1001));
        try (TusSite site = TusSite.of(FakeTusServer.create().maxSize(1000))) {
            Throwable failure = failureOf(site.upload(file));

            assertThat(failure).isInstanceOf(UploadRefusedException.class).hasMessageContaining("at most 1000 bytes");
            assertThat(((HeadraceException) failure).kind()).isEqualTo(FailureKind.CONFIGURATION);
            assertThat(site.steps()).containsExactly("OPTIONS");
            assertThat(journal(file)).doesNotExist();
        }
    }

    @Test
    void doesNotTryAgainWhatIsTooLarge() {
        Path file = file(directory, content(1001));
        try (TusSite site =
                TusSite.of(FakeTusServer.create().failingCreation(413).always())) {
            assertThat(failureOf(site.upload(file)))
                    .isInstanceOfSatisfying(
                            HttpStatusException.class,
                            e -> assertThat(e.status()).isEqualTo(413));
            assertThat(site.requests("POST")).hasSize(1);
        }
    }

    @Test
    void needsAServerThatCreatesUploads() {
        Path file = file(directory, content(1000));
        try (TusSite site = TusSite.of(FakeTusServer.create().extensions("termination"))) {
            assertThat(failureOf(site.upload(file)))
                    .isInstanceOf(UploadRefusedException.class)
                    .hasMessageContaining("does not create uploads");
        }
    }

    @Test
    void needsAServerOfItsVersion() {
        Path file = file(directory, content(1000));
        FakeTusServer old = FakeTusServer.create()
                .failingOptions(200)
                .header("Tus-Version", "0.2.2")
                .always();
        try (TusSite site = TusSite.of(old)) {
            assertThat(failureOf(site.upload(file)))
                    .isInstanceOf(UploadRefusedException.class)
                    .hasMessageContaining("tus 0.2.2");
        }
        FakeTusServer refusing = FakeTusServer.create()
                .failingCreation(412)
                .header("Tus-Version", "0.2.2")
                .always();
        try (TusSite site = TusSite.of(refusing)) {
            assertThat(failureOf(site.upload(file)))
                    .isInstanceOf(UploadRefusedException.class)
                    .hasMessageContaining("0.2.2");
            assertThat(site.requests("POST")).hasSize(1);
        }
    }

    @Test
    void sendsChunksOfTheSizeAskedForWithTheirChecksums() {
        byte[] content = content(250_000);
        Path file = file(directory, content);
        try (TusSite site = TusSite.of(FakeTusServer.create())) {
            run(site.upload(file).chunkSize(100_000));

            site.assertHas(content);
            assertThat(site.steps()).containsExactly("OPTIONS", "POST", "PATCH 0", "PATCH 100000", "PATCH 200000");
            assertThat(site.requests("PATCH"))
                    .allSatisfy(patch -> assertThat(patch.header("Upload-Checksum"))
                            .hasValueSatisfying(checksum -> assertThat(checksum).startsWith("sha256 ")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"md5", "sha1", "sha512"})
    void makesTheChecksumThatTheServerKnows(String algorithm) {
        byte[] content = content(250_000);
        Path file = file(directory, content);
        try (TusSite site = TusSite.of(FakeTusServer.create().checksums("crc32", algorithm))) {
            run(site.upload(file).chunkSize(100_000));

            site.assertHas(content);
            assertThat(site.requests("PATCH").get(0).header("Upload-Checksum"))
                    .hasValueSatisfying(checksum -> assertThat(checksum).startsWith(algorithm + " "));
        }
    }

    @Test
    void sendsAPublisherInWhateverPieces() {
        byte[] content = content(SIZE);
        for (int piece : new int[] {1000, 70_000, SIZE}) {
            try (TusSite site = TusSite.of(FakeTusServer.create())) {
                run(publisher(site, pieces(content, piece), SIZE));

                site.assertHas(content);
            }
        }
    }

    @Test
    void sendsChunksOfAPublisher() {
        byte[] content = content(250_000);
        try (TusSite site = TusSite.of(FakeTusServer.create())) {
            run(publisher(site, pieces(content, 30_000), 250_000).chunkSize(100_000));

            site.assertHas(content);
            assertThat(site.steps()).containsExactly("OPTIONS", "POST", "PATCH 0", "PATCH 100000", "PATCH 200000");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1000, 250_000, 300_000})
    void saysTheLengthOfAPublisherAtItsEnd(int size) {
        byte[] content = content(size);
        try (TusSite site = TusSite.of(FakeTusServer.create())) {
            Uploaded result = run(publisher(site, pieces(content, 30_000), -1).chunkSize(100_000));

            site.assertHas(content);
            assertThat(result.totalBytes()).isEqualTo(size);
            assertThat(site.requests("POST").get(0).headers("Upload-Defer-Length"))
                    .containsExactly("1");
            List<RecordedRequest> patches = site.requests("PATCH");
            assertThat(patches.get(patches.size() - 1).headers("Upload-Length"))
                    .containsExactly(Integer.toString(size));
        }
    }

    @Test
    void aRequestThatOnlySaysTheLengthIsNoFruitlessAttempt() {
        try (TusSite site = TusSite.of(FakeTusServer.create().extensions("creation", "creation-defer-length"))) {
            run(publisher(site, Flux.empty(), -1).maxRetries(0));

            site.assertHas(new byte[0]);
            assertThat(site.steps()).containsExactly("OPTIONS", "POST", "PATCH 0", "PATCH 0");
        }
    }

    @Test
    void needsALengthWhereItCannotBeDeferred() {
        try (TusSite site = TusSite.of(FakeTusServer.create().extensions("creation"))) {
            assertThat(failureOf(publisher(site, pieces(content(1000), 100), -1)))
                    .isInstanceOf(UploadRefusedException.class)
                    .hasMessageContaining("length");
            assertThat(site.steps()).containsExactly("OPTIONS");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {999, 1001, 500_000})
    void refusesAPublisherOfAnotherLength(int actual) {
        try (TusSite site = TusSite.of(FakeTusServer.create().extensions("creation"))) {
            assertThat(failureOf(publisher(site, pieces(content(actual), 100), 1000)))
                    .isInstanceOf(SourceChangedException.class);
            assertThat(site.requests("PATCH")).hasSizeLessThanOrEqualTo(1);
        }
    }

    @Test
    void tellsHowFarItIs() {
        int size = 24_000_000;
        byte[] content = content(size);
        Path file = file(directory, content);
        try (TusSite site =
                TusSite.of(FakeTusServer.create().throttlingPatch(20_000_000).always())) {
            List<TransferProgress> seen = new ArrayList<>();
            List<TransferProgress> heard = new ArrayList<>();

            site.upload(file)
                    .listener(heard::add)
                    .progress()
                    .doOnNext(seen::add)
                    .blockLast(TusSite.LONG);

            TransferProgress last = seen.get(seen.size() - 1);
            assertThat(last.done()).isTrue();
            assertThat(last.bytesDone()).isEqualTo(size);
            assertThat(last.requests()).isEqualTo(3);
            assertThat(last.trouble()).isNull();
            assertThat(heard).containsAll(seen);
            assertThat(seen)
                    .allSatisfy(progress -> assertThat(progress.totalBytes()).isIn(-1L, (long) size));
            assertThat(seen).extracting(TransferProgress::bytesDone).isSorted();
            assertThat(seen)
                    .filteredOn(progress -> progress.phase() == TransferProgress.Phase.TRANSFERRING
                            && progress.bytesDone() > 0
                            && progress.bytesDone() < size)
                    .isNotEmpty();
        }
    }

    @Test
    void doesNothingBeforeItIsAskedFor() {
        Path file = file(directory, content(1000));
        try (TusSite site = TusSite.of(FakeTusServer.create())) {
            site.upload(file).result();
            site.upload(file).progress();
            site.upload(file).terminate();

            assertThat(site.server().connectionsAccepted()).isZero();
            assertThat(journal(file)).doesNotExist();
        }
    }

    @Test
    void refusesWhatCannotBeMeantAtOnce() {
        try (TusSite site = TusSite.of(FakeTusServer.create())) {
            Upload upload = Upload.from(site.connector(), Request.post("/files"));
            assertThatIllegalArgumentException().isThrownBy(() -> Upload.from(site.connector(), Request.get("/files")));
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            Upload.from(site.connector(), Request.post("/files").json(1)));
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            Upload.from(site.connector(), Request.put("/files")).tus());
            assertThatIllegalArgumentException().isThrownBy(() -> upload.chunkSize(0));
            assertThatIllegalArgumentException().isThrownBy(() -> upload.maxRetries(-1));
            assertThatIllegalArgumentException().isThrownBy(() -> upload.metadata("a b", "x"));
            assertThatIllegalArgumentException().isThrownBy(() -> upload.metadata("a,b", "x"));
            assertThatIllegalArgumentException().isThrownBy(() -> upload.metadata("", "x"));
            assertThatIllegalArgumentException().isThrownBy(() -> upload.source(Flux.empty(), -2));
            assertThat(failureOf(upload)).isInstanceOf(IllegalStateException.class);
        }
    }

    static Upload publisher(TusSite site, Flux<ByteBuffer> content, long length) {
        return TusSite.quick(Upload.from(site.connector(), Request.post("/files"))
                .source(content, length)
                .tus());
    }

    static Flux<ByteBuffer> pieces(byte[] content, int size) {
        return Flux.fromStream(() -> IntStream.iterate(0, start -> start < content.length, start -> start + size)
                .mapToObj(start -> ByteBuffer.wrap(content, start, Math.min(size, content.length - start))));
    }
}
