package dev.headrace.transfer;

import static dev.headrace.transfer.TusSite.content;
import static dev.headrace.transfer.TusSite.failureOf;
import static dev.headrace.transfer.TusSite.file;
import static dev.headrace.transfer.TusSite.journal;
import static dev.headrace.transfer.TusSite.run;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headrace.error.HeadraceException;
import dev.headrace.http.HttpException;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import dev.headrace.http.Secret;
import dev.headrace.resilience.BandwidthLimit;
import dev.headrace.test.CountingAllocator;
import dev.headrace.test.FakeTusServer;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/** Cancelling, deleting, holding back, and what goes wrong on this machine. */
class UploadCancelTest {

    private static final int SIZE = 20 << 20;

    @TempDir
    private Path directory;

    @Test
    void keepsWhatALaterRunGoesOnWith() {
        byte[] content = content(SIZE);
        Path file = file(directory, content);
        WatchedDisk disk = new WatchedDisk((path, position) -> {});
        FakeTusServer tus =
                FakeTusServer.create().stallingPatch(2 << 20).onRequest(1).once();
        try (TusSite site = TusSite.of(tus)) {
            Disposable first = site.upload(file).disk(disk).result().subscribe();
            await().until(() -> !tus.uploads().isEmpty() && tus.onlyUpload().offset() == 2 << 20);

            first.dispose();

            await().until(() -> disk.openFiles() == 0);
            Uploaded result = run(site.upload(file));
            site.assertHas(content);
            assertThat(result.resumedFrom()).isBetween(2L << 20, (long) SIZE - 1);
            assertThat(site.requests("PATCH")).hasSize(2);
            assertThat(site.requests("PATCH").get(1).header("Upload-Offset"))
                    .hasValue(Long.toString(result.resumedFrom()));
        }
    }

    @Test
    void aRunThatIsJustCancelledIsWaitedFor() {
        byte[] content = content(SIZE);
        Path file = file(directory, content);
        try (TusSite site = TusSite.of(
                FakeTusServer.create().throttlingPatch(20 << 20).onRequest(1).once())) {
            Disposable first = site.upload(file).result().subscribe();
            await().until(() -> !site.requests("PATCH").isEmpty());

            first.dispose();
            run(site.upload(file));

            site.assertHas(content);
            assertThat(site.tus().uploads()).hasSize(1);
        }
    }

    @Test
    void twoRunsDoNotShareAJournal() {
        Path file = file(directory, content(SIZE));
        try (TusSite site = TusSite.of(FakeTusServer.create().stallingPatch(0).always())) {
            Disposable first = site.upload(file).result().subscribe();
            await().until(() -> !site.requests("PATCH").isEmpty());

            assertThat(failureOf(site.upload(file)))
                    .isInstanceOf(UploadBusyException.class)
                    .hasMessageContaining("upload.hr");

            assertThat(journal(file)).exists();
            first.dispose();
        }
    }

    @Test
    void aJournalThatIsClaimedAfterTheCancelIsWaitedForToo() {
        Path path = directory.resolve("journal.hr");
        UploadJournal cancelled = new UploadJournal(path, DiskAccess.REAL);
        UploadJournal next = new UploadJournal(path, DiskAccess.REAL);
        cancelled.leave();
        assertThat(cancelled.claim()).isEmpty();

        assertThat(next.claim()).isPresent();

        cancelled.close();
        assertThat(next.claim()).isEmpty();
        next.close();
    }

    @RepeatedTest(10)
    void losesNoBufferAtAnyMoment() {
        CountingAllocator allocator = new CountingAllocator();
        Path file = file(directory, content(4 << 20));
        AtomicLong until = new AtomicLong((long) (Math.random() * (4 << 20)));
        try (TusSite site = TusSite.of(
                FakeTusServer.create(),
                builder -> builder.transport(transport ->
                        transport.customize(client -> client.option(ChannelOption.ALLOCATOR, allocator))))) {
            Disposable.Swap upload = Disposables.swap();
            AtomicLong read = new AtomicLong();
            WatchedDisk disk = new WatchedDisk((path, position) -> {
                read.set(position);
                if (position >= until.get()) {
                    upload.dispose();
                }
            });

            upload.update(site.upload(file).disk(disk).result().subscribe());
            await().pollInterval(Duration.ofMillis(2)).until(() -> upload.isDisposed() || disk.openFiles() == 0);
            upload.dispose();

            await().until(() -> disk.openFiles() == 0);
            // A cancel between two requests rightly leaves an idle connection; one in use would be waited for.
            site.connector().closeGracefully(Duration.ofMinutes(1)).block(TusSite.LONG);
            site.server().awaitNoOpenConnections(TusSite.LONG);
            allocator.assertAllReleased(TusSite.LONG);
        }
    }

    @Test
    void stopsSendingWhenTheServerHasRefused() {
        Path file = file(directory, content(64 << 20));
        AtomicLong furthest = new AtomicLong();
        WatchedDisk disk = new WatchedDisk((path, position) -> furthest.accumulateAndGet(position, Math::max));
        try (TusSite site = TusSite.of(FakeTusServer.create().failingPatch(400).always())) {
            assertThat(failureOf(site.upload(file).disk(disk))).isInstanceOf(HttpException.class);

            site.server().awaitNoOpenConnections(TusSite.LONG);
            assertThat(furthest.get()).isLessThan(32 << 20);
            assertThat(disk.openFiles()).isZero();
        }
    }

    @Test
    void readsNoMoreThanTheConnectionTakes() {
        Path file = file(directory, content(64 << 20));
        AtomicLong furthest = new AtomicLong();
        WatchedDisk disk = new WatchedDisk((path, position) -> furthest.accumulateAndGet(position, Math::max));
        try (TusSite site = TusSite.of(
                FakeTusServer.create().stallingPatch(0).always(),
                builder -> builder.transport(transport ->
                        transport.customize(client -> client.option(ChannelOption.SO_SNDBUF, 64 * 1024))))) {
            Disposable upload = site.upload(file).disk(disk).result().subscribe();
            await().until(() -> furthest.get() > 500_000);

            // What the sockets of both sides hold, and a window of 1 MiB.
            await().during(Duration.ofMillis(500))
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> furthest.get() < 16 << 20);
            upload.dispose();
        }
    }

    @Test
    void sendsNoFasterThanAllowed() {
        Path file = file(directory, content(1_000_000));
        try (TusSite site = TusSite.of(FakeTusServer.create().extensions("creation"))) {
            long began = System.nanoTime();

            run(site.upload(file).rateLimit(BandwidthLimit.of(1_000_000)));

            // A tenth of a second's worth may go at once.
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(750));
            site.assertHas(content(1_000_000));
        }
    }

    @Test
    void deletesAnUnfinishedUpload() {
        Path file = file(directory, content(SIZE));
        FakeTusServer tus =
                FakeTusServer.create().cuttingPatch(1_000_000).onRequest(1).once();
        try (TusSite site = TusSite.of(tus)) {
            assertThat(failureOf(site.upload(file).maxRetries(0))).isInstanceOf(HttpException.class);

            site.upload(file).terminate().block(TusSite.LONG);

            assertThat(site.tus().onlyUpload().isGone()).isTrue();
            assertThat(site.requests("DELETE").get(0).header("Tus-Resumable")).hasValue("1.0.0");
            assertThat(journal(file)).doesNotExist();

            site.upload(file).terminate().block(TusSite.LONG);
            assertThat(site.requests("DELETE")).hasSize(1);
            assertThat(journal(file)).doesNotExist();
        }
    }

    @Test
    void takesAnUploadThatIsGoneForDeleted() {
        Path file = file(directory, content(SIZE));
        FakeTusServer tus = FakeTusServer.create()
                .cuttingPatch(1_000_000)
                .onRequest(1)
                .once()
                .expiringOnHead(410)
                .always();
        try (TusSite site = TusSite.of(tus)) {
            assertThat(failureOf(site.upload(file).maxRetries(0))).isInstanceOf(HttpException.class);
            site.connector()
                    .exchange(Request.head("/files/uploads/1").header("Tus-Resumable", "1.0.0"))
                    .block(TusSite.LONG);

            site.upload(file).terminate().block(TusSite.LONG);

            assertThat(journal(file)).doesNotExist();
        }
    }

    @Test
    void keepsTheJournalOfAnUploadThatTheServerDoesNotDelete() {
        Path file = file(directory, content(SIZE));
        FakeTusServer tus = FakeTusServer.create()
                .extensions("creation")
                .cuttingPatch(1_000_000)
                .onRequest(1)
                .once();
        try (TusSite site = TusSite.of(tus)) {
            assertThat(failureOf(site.upload(file).maxRetries(0))).isInstanceOf(HttpException.class);

            try {
                site.upload(file).terminate().block(TusSite.LONG);
                throw new AssertionError("it did not fail");
            } catch (HttpStatusException e) {
                assertThat(e.status()).isEqualTo(405);
            }
            assertThat(journal(file)).exists();
        }
    }

    @Test
    void deletesNoUploadOfAnotherRequest() {
        Path file = file(directory, content(SIZE));
        FakeTusServer tus =
                FakeTusServer.create().cuttingPatch(1_000_000).onRequest(1).once();
        try (TusSite site = TusSite.of(tus)) {
            assertThat(failureOf(site.upload(file).maxRetries(0))).isInstanceOf(HttpException.class);

            Throwable failure = Upload.from(site.connector(), Request.post("/others"))
                    .source(file)
                    .tus()
                    .terminate()
                    .then(Mono.<Throwable>empty())
                    .onErrorResume(Mono::just)
                    .blockOptional(TusSite.LONG)
                    .orElseThrow();

            assertThat(failure).isInstanceOf(UploadRefusedException.class).hasMessageContaining("another request");
            assertThat(site.requests("DELETE")).isEmpty();
            assertThat(journal(file)).exists();
        }
    }

    @Test
    void saysWhichSourceCannotBeRead() {
        try (TusSite site = TusSite.of(FakeTusServer.create())) {
            assertThat(failureOf(site.upload(directory.resolve("missing"))))
                    .isInstanceOf(DiskException.class)
                    .hasMessageContaining("missing");
            assertThat(failureOf(site.upload(directory))).isInstanceOf(DiskException.class);
            assertThat(site.server().connectionsAccepted()).isZero();
            assertThat(journal(directory.resolve("missing"))).doesNotExist();
        }
    }

    @Test
    void failsAtOnceWhenTheDiskFails() {
        Path file = file(directory, content(SIZE));
        WatchedDisk disk = new WatchedDisk((path, position) -> {
            if (position == 100L * UploadSource.BLOCK) {
                throw new IOException("Input/output error");
            }
        });
        try (TusSite site = TusSite.of(FakeTusServer.create())) {
            assertThat(failureOf(site.upload(file).disk(disk)))
                    .isInstanceOf(DiskException.class)
                    .hasMessageContaining("Input/output error");
            assertThat(site.requests("PATCH")).hasSize(1);
            assertThat(disk.openFiles()).isZero();
            assertThat(journal(file)).exists();
        }
    }

    @Test
    void saysThatAJournalCannotBeKeptBeforeAnythingIsSent() {
        Path file = file(directory, content(1000));
        Path nowhere = directory.resolve("no-such-folder").resolve("journal");
        try (TusSite site = TusSite.of(FakeTusServer.create())) {
            Throwable failure = failureOf(site.upload(file).journal(nowhere));

            assertThat(failure).isInstanceOf(DiskException.class).hasMessageContaining("withoutJournal()");
            assertThat(((HeadraceException) failure).isTransient()).isFalse();
            assertThat(site.server().connectionsAccepted()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "rubbish", "half"})
    void beginsAnewWithATornJournal(String what) throws IOException {
        byte[] content = content(3_000_000);
        Path file = file(directory, content);
        FakeTusServer tus =
                FakeTusServer.create().cuttingPatch(1_000_000).onRequest(1).once();
        try (TusSite site = TusSite.of(tus)) {
            assertThat(failureOf(site.upload(file).maxRetries(0))).isInstanceOf(HttpException.class);
            byte[] journal = Files.readAllBytes(journal(file));
            Files.write(
                    journal(file),
                    what.equals("half") ? Arrays.copyOf(journal, journal.length / 2 - 9_000) : what.getBytes(UTF_8));

            run(site.upload(file));

            site.assertHas(content);
            assertThat(journal(file)).doesNotExist();
        }
    }

    @Test
    void showsNoSecretInItsMessages() {
        Path file = file(directory, content(3_000_000));
        FakeTusServer tus = FakeTusServer.create()
                .locatingBelow("/files?token=geheim&x=")
                .always()
                .failingPatch(503)
                .always();
        try (TusSite site = TusSite.of(tus)) {
            StringBuilder told = new StringBuilder();
            Upload upload = TusSite.quick(
                    Upload.from(site.connector(), Request.post("/files").query("api_key", "geheim"))
                            .source(file)
                            .tus()
                            .listener(progress -> told.append(progress)));

            assertThat(failureOf(upload).toString()).contains("503").doesNotContain("geheim");
            assertThat(told.toString()).contains("503").doesNotContain("geheim");
            assertThat(upload.toString()).doesNotContain("geheim");
        }
    }

    /** Often all that is needed to write to it. */
    @Test
    void showsNoUrlOfAnUpload() {
        Path file = file(directory, content(3_000_000));
        FakeTusServer tus = FakeTusServer.create()
                .locatingBelow("/files/geheim%20wie-nichts?x=")
                .always()
                .failingPatch(503)
                .always();
        try (TusSite site = TusSite.of(tus)) {
            StringBuilder told = new StringBuilder();
            Upload upload = site.upload(file).listener(progress -> told.append(progress));

            assertThat(failureOf(upload).toString())
                    .contains("503")
                    .contains("/files/" + Secret.MASK)
                    .doesNotContain("geheim");
            assertThat(told.toString()).contains("503").doesNotContain("geheim");
        }
        try (TusSite site = TusSite.of(
                FakeTusServer.create().locatingBelow("/files/geheim?x=").always())) {
            Uploaded result = run(site.upload(file));

            assertThat(result.url()).hasPath("/files/geheim");
            assertThat(result.toString()).contains("/files/" + Secret.MASK).doesNotContain("geheim");
        }
        try (TusSite site = TusSite.of(FakeTusServer.create()
                .locatingBelow("https://other.example/files/geheim?x=")
                .always())) {
            assertThat(failureOf(site.upload(file).resume(false)))
                    .hasMessageContaining("https://other.example/files/" + Secret.MASK)
                    .hasMessageNotContaining("geheim");
        }
    }

    @Test
    void showsNoSecretInItsResult() {
        Path file = file(directory, content(1000));
        FakeTusServer tus =
                FakeTusServer.create().locatingBelow("/files?token=geheim&x=").always();
        try (TusSite site = TusSite.of(tus)) {
            Uploaded result = run(site.upload(file));

            assertThat(result.url()).hasQuery("token=geheim&x=/uploads/1");
            assertThat(result.toString()).doesNotContain("geheim");
        }
    }
}
