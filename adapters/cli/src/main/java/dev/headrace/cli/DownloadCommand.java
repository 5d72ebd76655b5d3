package dev.headrace.cli;

import dev.headrace.connector.Connector;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Request;
import dev.headrace.json.Json;
import dev.headrace.resilience.BandwidthLimit;
import dev.headrace.transfer.Digest;
import dev.headrace.transfer.Download;
import dev.headrace.transfer.Downloaded;
import dev.headrace.transfer.Durability;
import dev.headrace.transfer.ExistingFile;
import dev.headrace.transfer.MinimumSpeed;
import dev.headrace.transfer.SafeFileName;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A file on disk, through broken lines and killed processes. */
@Command(
        name = "download",
        description = "Loads a file to disk. Killed or interrupted, the same command goes on where it was.",
        mixinStandardHelpOptions = true,
        versionProvider = HeadraceCli.Version.class)
final class DownloadCommand implements Callable<Integer> {

    /** What the library needs to bring its journal up to date; it does not say when it has. */
    private static final long JOURNAL_MILLIS = 300;

    private final Shell shell;

    @Mixin
    private final RequestOptions target = new RequestOptions();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to. Default: the last part of the URL's path, made safe, in the current directory.")
    private @Nullable Path output;

    @Option(
            names = "--identity",
            paramLabel = "NAME",
            description =
                    "A name for the content, without secrets, for URLs of which more than the signature differs from one run"
                            + " to the next. Default the URL.")
    private @Nullable String identity;

    @Option(names = "--no-resume", description = "Begins anew, whatever an earlier run has left.")
    private boolean noResume;

    @Option(
            names = "--digest",
            paramLabel = "ALGORITHM:HEX",
            description =
                    "What the file must have: sha256:HEX, sha512:HEX, md5:HEX or crc32c:HEX. Default what the remote announces.")
    private @Nullable String digest;

    @Option(
            names = "--expect-size",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description = "What length the file must have.")
    private @Nullable Long size;

    @Option(
            names = "--segments",
            paramLabel = "N",
            description = "Loads by so many connections at once, 1 to 32. Default 1.")
    private int segments = 1;

    @Option(
            names = "--limit-rate",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description = "Most bytes a second, such as 1m. Default no limit.")
    private @Nullable Long limit;

    @Option(
            names = "--min-speed",
            paramLabel = "SIZE/TIME",
            converter = MinimumSpeedConverter.class,
            description = "Tries anew when fewer bytes than SIZE come in any TIME, such as 1k/30s. Default no minimum.")
    private @Nullable MinimumSpeed speed;

    @Option(
            names = "--on-existing",
            paramLabel = "fail|replace|skip",
            converter = ExistingFileConverter.class,
            description =
                    "What happens if the file is there already. Default fail. skip-if-digest-matches looks at it.")
    private ExistingFile existing = ExistingFile.FAIL;

    @Option(
            names = "--durability",
            paramLabel = "process|power-loss",
            converter = DurabilityConverter.class,
            description =
                    "What the bytes loaded so far survive. Default process; power-loss is slower where the line is faster"
                            + " than the disk.")
    private Durability durability = Durability.PROCESS;

    @Mixin
    private final RetryOptions retry = new RetryOptions();

    @Option(names = "--result-json", description = "Writes what was done as one JSON object to standard output.")
    private boolean resultJson;

    DownloadCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (existing == ExistingFile.SKIP_IF_DIGEST_MATCHES && digest == null) {
            throw new IllegalArgumentException("--on-existing skip-if-digest-matches needs a --digest");
        }
        Request request = target.request("GET");
        Path destination = output == null ? Path.of(SafeFileName.of(request.uri())) : output;
        try (Remote remote = target.remote(shell, connector -> connector)) {
            report(load(refined(download(remote.connector(), request)).to(destination), destination));
        } catch (InterruptedRunException e) {
            pauseForTheJournal();
            throw new InterruptedRunException(
                    destination + " is not complete; run the same command again to go on where it was");
        }
        return ExitCode.DONE.code();
    }

    /** A URL in a file is read for each attempt: whoever signs it may write another there while this runs. */
    private Download download(Connector connector, Request request) {
        return target.isInAFile()
                ? Download.from(
                        connector,
                        Mono.fromCallable(() -> target.request("GET"))
                                .subscribeOn(Schedulers.boundedElastic())
                                .onErrorMap(DownloadCommand::passing))
                : Download.from(connector, request);
    }

    /** Whoever writes a new URL may be in the middle of it. */
    private static Throwable passing(Throwable failure) {
        return new HeadraceException(FailureKind.TRANSIENT, String.valueOf(failure.getMessage()), failure);
    }

    private Downloaded load(Download download, Path destination) {
        try (ProgressDisplay display = ProgressDisplay.on(shell.err(), String.valueOf(destination.getFileName()))) {
            return shell.await(download.listener(display::show).result());
        }
    }

    private Download refined(Download download) {
        Download refined = retry.refined(download)
                .onExisting(existing)
                .resume(!noResume)
                .segments(segments)
                .durability(durability);
        if (limit != null) {
            refined = refined.rateLimit(BandwidthLimit.of(limit));
        }
        if (speed != null) {
            refined = refined.minimumSpeed(speed);
        }
        if (identity != null) {
            refined = refined.identity(identity);
        }
        if (digest != null) {
            refined = refined.expect(Digest.parse(digest));
        }
        return size == null ? refined : refined.expectSize(size);
    }

    private void report(Downloaded result) {
        if (resultJson) {
            shell.out().writeLine(Json.write(json(result)));
            shell.out().flush();
        } else {
            shell.err().println("headrace: " + summary(result));
        }
    }

    private static String summary(Downloaded result) {
        String file = result.path() + ", " + result.totalBytes() + " bytes";
        if (result.requests() == 0) {
            return file + ", was there already";
        }
        return file
                + (result.resumed() ? ", " + result.resumedFrom() + " of them from an earlier run" : "")
                + (result.digest() == null
                        ? ""
                        : ", checked by " + result.digest().toString().split(":", 2)[0]);
    }

    private static Map<String, @Nullable Object> json(Downloaded result) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("path", result.path().toString());
        json.put("bytes", result.bytes());
        json.put("totalBytes", result.totalBytes());
        json.put("resumed", result.resumed());
        json.put("resumedFrom", result.resumedFrom());
        json.put("restarts", result.restarts());
        json.put("requests", result.requests());
        json.put("etag", result.etag());
        json.put("digest", result.digest() == null ? null : result.digest().toString());
        return json;
    }

    private static void pauseForTheJournal() {
        try {
            Thread.sleep(JOURNAL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
