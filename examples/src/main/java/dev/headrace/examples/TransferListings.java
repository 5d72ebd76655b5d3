package dev.headrace.examples;

import static java.time.Duration.ofSeconds;

import dev.headrace.connector.Connector;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Request;
import dev.headrace.resilience.BandwidthLimit;
import dev.headrace.transfer.ByteBudget;
import dev.headrace.transfer.ByteStream;
import dev.headrace.transfer.Digest;
import dev.headrace.transfer.Download;
import dev.headrace.transfer.Downloaded;
import dev.headrace.transfer.Durability;
import dev.headrace.transfer.ExistingFile;
import dev.headrace.transfer.MinimumSpeed;
import dev.headrace.transfer.ResumePolicy;
import dev.headrace.transfer.TransferProgress;
import dev.headrace.transfer.Upload;
import dev.headrace.transfer.Uploaded;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The listings of the guide to transfers. */
public final class TransferListings {

    private TransferListings() {}

    /**
     * Loads a large file.
     *
     * @param args none
     */
    public static void main(String[] args) {
        try (Connector storage =
                Connector.builder("https://storage.example.com").build()) {
            Download.from(storage, Request.get("/images/{name}", "disk.iso"))
                    .to(Path.of("disk.iso"))
                    .progress()
                    .doOnNext(progress -> System.out.println(progress.phase() + " " + progress.bytesDone()))
                    .blockLast(); // kill it here, run it again: it goes on where it was
        }
    }

    static Mono<Downloaded> verified(Connector storage, String sha256) {
        return Download.from(storage, Request.get("/images/disk.iso"))
                .to(Path.of("disk.iso"))
                .expect(Digest.sha256(sha256))
                .onExisting(ExistingFile.SKIP_IF_DIGEST_MATCHES)
                .result();
    }

    static Download withoutValidators(Download download, Digest digest) {
        return download.resumePolicy(ResumePolicy.LENGTH_AND_OVERLAP)
                .overlap(1024 * 1024)
                .expect(digest);
    }

    static Download throughPowerCuts(Download download) {
        return download.durability(Durability.POWER_LOSS);
    }

    static Download bySegments(Download download) {
        return download.segments(8);
    }

    static Flux<Downloaded> many(Connector storage, List<String> names, Path folder, BandwidthLimit limit) {
        ByteBudget budget = ByteBudget.of(64 * 1024 * 1024);
        return Flux.fromIterable(names)
                .flatMap(
                        name -> Download.from(storage, Request.get("/files/{name}", name))
                                .to(folder.resolve(name))
                                .rateLimit(limit) // all of them together; limit.change(…) while they run
                                .budget(budget)
                                .minimumSpeed(MinimumSpeed.of(10 * 1024, ofSeconds(30)))
                                .result(),
                        8);
    }

    /** Whatever makes the URLs. */
    interface Signer {
        URI sign(String object) throws IOException;
    }

    static Download signed(Connector storage, Signer signer, Path target) {
        Mono<Request> signed = Mono.fromCallable(() -> Request.of("GET", signer.sign("backups/disk.iso")))
                .subscribeOn(Schedulers.boundedElastic()); // for each attempt; the URI is absolute
        return Download.from(storage, signed)
                .identity("backup-2026-11-30") // if more than the signature differs
                .to(target);
    }

    static Download named(Connector storage, Path folder) {
        return Download.from(storage, Request.get("/export/latest")).toDirectory(folder, "export");
    }

    static Flux<String> shown(Download download) {
        return download.progress()
                .map(progress -> "%s %.1f %% at %d KiB/s%s"
                        .formatted(
                                progress.phase(),
                                progress.percent().orElse(0),
                                progress.bytesPerSecond() / 1024,
                                progress.trouble() == null ? "" : ", after " + progress.trouble()));
    }

    static Mono<Downloaded> judged(Download download) {
        return download.result().doOnError(HeadraceException.class, failure -> {
            if (failure.kind() == FailureKind.LOCAL) {
                System.err.println("Make room, then run it again: " + failure.getMessage());
            }
        });
    }

    static Mono<Long> checksum(Connector storage) {
        return ByteStream.from(storage, Request.get("/dump.bin"))
                .reuseBuffers() // each chunk is valid until onNext returns
                .bytes()
                .reduceWith(CRC32C::new, (sum, chunk) -> {
                    sum.update(chunk);
                    return sum;
                })
                .map(CRC32C::getValue);
    }

    static Flux<ByteBuffer> tail(Connector storage, long have) {
        return ByteStream.from(storage, Request.get("/dump.bin"))
                .chunkSize(1024 * 1024) // exact, but for the last
                .startAt(have)
                .bytes();
    }

    static Mono<Uploaded> plain(Connector storage) {
        return Upload.from(storage, Request.put("/files/{name}", "disk.iso"))
                .source(Path.of("disk.iso"))
                .result();
    }

    static Flux<TransferProgress> resumable(Connector storage) {
        return Upload.from(storage, Request.post("/files"))
                .source(Path.of("disk.iso"))
                .metadata("filename", "disk.iso")
                .tus()
                .progress(); // kill it, run it again: it goes on where the server is
    }

    static Mono<Void> givenUp(Connector storage) {
        return Upload.from(storage, Request.post("/files"))
                .source(Path.of("disk.iso"))
                .tus()
                .terminate(); // deletes it at the server, and the journal
    }

    static Mono<Uploaded> generated(Connector storage, Flux<ByteBuffer> rows, long length) {
        return Upload.from(storage, Request.post("/files"))
                .source(rows, length) // the same bytes each time it is subscribed to
                .tus()
                .journal(Path.of("rows.upload.hr"))
                .result();
    }
}
