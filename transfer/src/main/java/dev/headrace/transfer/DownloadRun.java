package dev.headrace.transfer;

import dev.headrace.Defaults;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Redactor;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.RetryAfter;
import dev.headrace.transfer.TransferProgress.Phase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;
import reactor.util.retry.Retry;

/**
 * One run of a download, for one subscriber.
 *
 * <p>How it goes: claim the destination, look at what is there, then step by step until the file is published. A step sends one
 * request for what is missing and writes what comes ({@link ResumeLadder} decides which request, and what an answer means), or, when
 * nothing is missing, checks and renames. A step that ends without an error but with bytes still missing is followed by the next one;
 * a step that fails in a way that may pass is followed by the next one after a wait, and the count of failures starts anew whenever a
 * step has put new bytes on disk. Whatever happens, the files are closed last.
 *
 * <p>Steps follow one another, so the fields need no lock; the part file is touched by its worker only.
 */
final class DownloadRun {

    private static final Logger LOG = LoggerFactory.getLogger(DownloadRun.class);

    private static final long REPORT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int LONGEST_IDENTITY = 1024;
    private static final int LONGEST_PRINTED = 256;

    private final Download.Plan plan;
    private final Path destination;
    private final Consumer<? super TransferProgress> listener;
    private final DiskWorker worker = new DiskWorker();
    private final PartFile file;
    private final ResumeLadder ladder;

    private int requests;
    private int bodies;
    private int restarts;
    private int fruitless;
    private long highWater;
    private long resumedFrom;
    private volatile long reportedAt;
    private volatile Phase reported = Phase.CONNECTING;
    private volatile boolean reportDue;
    private boolean plainNext;
    private boolean reloaded;
    private boolean givenUp;
    private @Nullable Throwable lastTrouble;
    private @Nullable Downloaded result;

    private DownloadRun(Download.Plan plan, Path destination, Consumer<? super TransferProgress> listener) {
        this.plan = plan;
        this.destination = destination;
        this.listener = listener;
        this.file = new PartFile(destination, plan.disk, plan.existing, plan.digest);
        this.ladder = new ResumeLadder(plan.request, plan.size);
    }

    /** A run for each subscriber; its result comes when the files are closed. */
    static Mono<Downloaded> of(Download.Plan plan, Path destination, Consumer<? super TransferProgress> listener) {
        return Mono.usingWhen(
                Mono.fromSupplier(() -> new DownloadRun(plan, destination, listener)),
                run -> run.execute().doOnNext(done -> run.result = done),
                DownloadRun::close,
                (run, error) -> run.close(),
                DownloadRun::close);
    }

    private Mono<Void> close() {
        return Mono.defer(() -> {
            file.leave();
            return worker.call(() -> {
                file.close();
                Downloaded finished = result;
                if (finished != null) {
                    tell(new TransferProgress(
                            Phase.DONE,
                            finished.totalBytes(),
                            finished.totalBytes(),
                            0,
                            finished.resumedFrom(),
                            finished.restarts(),
                            finished.requests(),
                            null));
                }
                return null;
            });
        });
    }

    private Mono<Downloaded> execute() {
        return claim().then(worker.call(() -> file.open(identity(), plan.resume, plan.size)))
                .flatMap(found -> switch (found) {
                    case EXISTING, FINISHED -> worker.call(() -> untouched(found));
                    case NOTHING, BYTES -> transfer();
                });
    }

    /** A run that was cancelled just now is waited for: it only closes its files. */
    private Mono<Void> claim() {
        return worker.<Mono<Void>>call(file::claim).flatMap(gone -> gone.then(Mono.defer(this::claim)));
    }

    private Downloaded untouched(PartFile.Found found) {
        boolean finished = found == PartFile.Found.FINISHED;
        long size = file.targetSize();
        return new Downloaded(destination, 0, size, finished, finished ? size : 0, 0, requests, etag(), null);
    }

    private Mono<Downloaded> transfer() {
        resumedFrom = file.position();
        highWater = file.position();
        report(Phase.CONNECTING);
        // Before the request: a remote that waits for us to read gigabytes from disk would hang up.
        return worker.call(this::catchUp)
                .thenMany(Flux.defer(this::step).repeat(() -> result == null).retryWhen(retry()))
                .then(Mono.defer(() -> Mono.justOrEmpty(result)));
    }

    private @Nullable Void catchUp() {
        file.catchUpHash();
        return null;
    }

    /** One request and its body, or the end. Emits, before it completes or fails, if it has put new bytes on disk. */
    private Flux<Long> step() {
        if (file.isComplete()) {
            return finish();
        }
        Request asked = ladder.next(plainNext ? null : file.entry(), file.position());
        plainNext = false;
        requests++;
        report(Phase.CONNECTING);
        return plan.connector
                .<Void>exchange(asked, response -> receive(asked, response))
                .onErrorResume(DownloadRun::isAboutTheRange, this::startOver)
                .thenMany(Flux.defer(this::endOfStep))
                .onErrorResume(this::failedStep);
    }

    private Publisher<Void> receive(Request asked, Response response) {
        ResumeLadder.Verdict verdict = ladder.judge(asked, response, file.entry(), file.position());
        if (verdict instanceof ResumeLadder.Begin begin) {
            return begin(response, begin);
        }
        if (verdict instanceof ResumeLadder.Append append) {
            return append(response, append);
        }
        if (verdict instanceof ResumeLadder.Finished finished) {
            return worker.call(() -> totalIs(finished.total()));
        }
        if (verdict instanceof ResumeLadder.StartOver again) {
            return startOver(again.reason());
        }
        if (verdict instanceof ResumeLadder.Refuse refusal) {
            return Mono.error(refusal.reason());
        }
        return HttpStatusException.from(asked, response).flatMap(Mono::error);
    }

    private Mono<Void> begin(Response response, ResumeLadder.Begin whole) {
        if (file.position() > 0 && ++restarts > limit()) {
            // Each attempt throws away what the one before has brought: this would never end.
            return giveUp();
        }
        highWater = 0;
        resumedFrom = 0;
        bodies = 1;
        Digest digest = plan.digest;
        JournalEntry fresh = new JournalEntry(
                identity(),
                whole.validator(),
                JournalEntry.IDENTITY,
                whole.total(),
                0,
                digest == null ? null : digest.toString(),
                -1);
        return worker.<Void>call(() -> {
                    file.begin(fresh);
                    file.expect(0, whole.total() >= 0 ? whole.total() : plan.size);
                    return null;
                })
                .then(write(response))
                .onErrorMap(ContentRangeException.class, surplus -> sizeMismatch("more"))
                .then(worker.call(() -> endOfWhole(whole)))
                // What has the wrong size now would have it after a resume as well.
                .onErrorResume(SizeMismatchException.class, this::forget);
    }

    private @Nullable Void endOfWhole(ResumeLadder.Begin whole) {
        long length = file.position();
        if (whole.total() >= 0 || length == plan.size) {
            return totalIs(whole.total() >= 0 ? whole.total() : length);
        }
        if (whole.framed()) {
            if (plan.size >= 0) {
                throw sizeMismatch(length + " bytes");
            }
            return totalIs(length);
        }
        if (plan.size >= 0) {
            // Fewer bytes than must come, and a connection closed: as good as broken.
            return null;
        }
        if (plan.digest == null) {
            throw new UnverifiableLengthException(plan.request.describe(), length);
        }
        return totalIs(length);
    }

    private Mono<Void> append(Response response, ResumeLadder.Append part) {
        bodies++;
        return worker.<Void>call(() -> {
                    if (part.total() >= 0) {
                        file.totalIs(part.total());
                    }
                    file.expect(part.start(), part.length());
                    return null;
                })
                .then(write(response));
    }

    private Mono<Void> write(Response response) {
        return Mono.defer(() -> {
            report(Phase.TRANSFERRING);
            return BodyWriter.write(response.body(), file, worker, this::written);
        });
    }

    private @Nullable Void totalIs(long total) {
        file.totalIs(total);
        return null;
    }

    /** The bytes on disk are kept until the whole content begins to come. */
    private Mono<Void> startOver(Throwable reason) {
        lastTrouble = reason;
        plainNext = true;
        return Mono.empty();
    }

    private Flux<Long> endOfStep() {
        if (hasGained()) {
            return Flux.just(file.position());
        }
        return file.isComplete() || ++fruitless <= limit() ? Flux.empty() : Flux.from(giveUp());
    }

    private Flux<Long> failedStep(Throwable error) {
        lastTrouble = error;
        return hasGained() ? Flux.concat(Flux.just(file.position()), Flux.error(error)) : Flux.error(error);
    }

    /** Whether there are more bytes on disk than this content ever had; that is what earns further attempts. */
    private boolean hasGained() {
        if (file.position() <= highWater) {
            return false;
        }
        highWater = file.position();
        fruitless = 0;
        return true;
    }

    private <T> Mono<T> giveUp() {
        givenUp = true;
        Throwable trouble = lastTrouble;
        return Mono.error(
                trouble != null
                        ? trouble
                        : new ContentRangeException(plan.request.describe(), "none of the bytes asked for came"));
    }

    private int limit() {
        return Math.max(1, plan.maxRetries);
    }

    /** All bytes are there: checks and renames. */
    private Flux<Long> finish() {
        report(Phase.VERIFYING);
        return worker.call(() -> {
                    result = file.publish() ? published() : untouched(PartFile.Found.EXISTING);
                    return result;
                })
                .then()
                .onErrorResume(DigestMismatchException.class, mismatch -> {
                    // Put together from several answers, or by several runs: perhaps only the seams are wrong.
                    boolean again = bodies > 1 && !reloaded || resumedFrom > 0;
                    reloaded = true;
                    highWater = 0;
                    resumedFrom = 0;
                    return again ? forget(mismatch).onErrorComplete() : forget(mismatch);
                })
                .thenMany(Flux.empty());
    }

    /** These bytes are wrong: they must never be gone on with. */
    private Mono<Void> forget(Throwable reason) {
        return worker.<Void>call(() -> {
                    file.forget();
                    return null;
                })
                .then(Mono.error(reason));
    }

    private Downloaded published() {
        return new Downloaded(
                destination,
                file.written(),
                file.position(),
                resumedFrom > 0,
                resumedFrom,
                file.discards(),
                requests,
                etag(),
                plan.digest);
    }

    private @Nullable String etag() {
        JournalEntry known = file.entry();
        return known == null ? null : known.validator().etag();
    }

    private SizeMismatchException sizeMismatch(String actual) {
        return new SizeMismatchException(plan.request.describe(), plan.size, actual);
    }

    private Retry retry() {
        return Retry.backoff(plan.maxRetries, plan.retryDelay)
                .maxBackoff(longer(plan.retryDelay, Defaults.RETRY_MAX_DELAY))
                .jitter(Defaults.RETRY_JITTER)
                // A step that emits has brought new bytes: failures are counted anew.
                .transientErrors(true)
                .filter(this::mayPass)
                .doBeforeRetryAsync(signal -> {
                    report(Phase.CONNECTING);
                    Duration asked = serverWait(signal.failure());
                    LOG.debug(
                            "Going on with {} after: {}",
                            plan.destination,
                            signal.failure().getMessage());
                    return asked.isZero() ? Mono.empty() : Mono.delay(asked).then();
                })
                .onRetryExhaustedThrow((spec, signal) -> signal.failure());
    }

    private boolean mayPass(Throwable error) {
        return !givenUp
                && error instanceof HeadraceException known
                && known.isTransient()
                && serverWait(error).compareTo(Defaults.MAX_RETRY_AFTER) <= 0;
    }

    private static Duration serverWait(Throwable error) {
        return error instanceof HttpStatusException status
                ? RetryAfter.from(status.headers()).orElse(Duration.ZERO)
                : Duration.ZERO;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static boolean isAboutTheRange(Throwable error) {
        return error instanceof ContentRangeException || error instanceof ContentChangedException;
    }

    /** Called by the worker after each write. */
    private void written() {
        if (System.nanoTime() - reportedAt >= REPORT_NANOS) {
            report(Phase.TRANSFERRING);
        } else if (!reportDue) {
            // The line may fall silent now: what has come must be told all the same.
            reportDue = true;
            Schedulers.parallel()
                    .schedule(() -> worker.execute(this::reportWhatCame), REPORT_NANOS, TimeUnit.NANOSECONDS);
        }
    }

    private void reportWhatCame() {
        reportDue = false;
        if (reported == Phase.TRANSFERRING && result == null) {
            report(Phase.TRANSFERRING);
        }
    }

    private void report(Phase phase) {
        reported = phase;
        reportedAt = System.nanoTime();
        long total = file.total() >= 0 ? file.total() : plan.size;
        tell(new TransferProgress(phase, file.position(), total, 0, resumedFrom, file.discards(), requests, null));
    }

    private void tell(TransferProgress progress) {
        try {
            listener.accept(progress);
        } catch (RuntimeException e) {
            // A broken display is no reason to break a transfer.
            Operators.onErrorDropped(e, Context.empty());
        }
    }

    /**
     * What is asked for, as it may be printed, without what a signed URL has anew each time. A journal with another one speaks of another
     * content, for tags are unique for one URL only (RFC 9110 §8.8.3).
     */
    private String identity() {
        String[] described = plan.request.describe().split("\\?", 2);
        String query = described.length < 2
                ? ""
                : Arrays.stream(described[1].split("&"))
                        .filter(parameter -> !isOfASignature(parameter.toLowerCase(Locale.ROOT)))
                        .collect(Collectors.joining("&"));
        String identity = Redactor.uri(plan.connector.baseUrl()) + " " + described[0] + "?" + query;
        byte[] bytes = identity.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= LONGEST_IDENTITY
                ? identity
                : HexFormat.of().formatHex(Digest.sha256Of(bytes)) + " " + identity.substring(0, LONGEST_PRINTED);
    }

    private static boolean isOfASignature(String parameter) {
        return parameter.startsWith("x-amz-") || parameter.startsWith("x-goog-") || parameter.startsWith("expires=");
    }
}
