package dev.headrace.transfer;

import dev.headrace.http.Body;
import dev.headrace.http.HttpException;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.transfer.SentPrefix.Proof;
import dev.headrace.transfer.TransferProgress.Phase;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * One run of an upload by tus 1.0, for one subscriber.
 *
 * <p>How it goes: take the journal, open the source, then step by step until the server has everything. A step is one request, and which
 * one is decided by what is known: nothing about the server: OPTIONS; no upload: POST; an upload but no certainty how much of it the server
 * has: HEAD; something missing: PATCH. Whatever is no clean answer leaves a doubt, so that a HEAD follows. A step that fails in a way that
 * may pass is followed by the next one after a wait, and failures are counted anew whenever the server has got new bytes. Whatever happens,
 * source and journal are closed last.
 *
 * <p>Steps follow one another, so the fields need no lock; source and journal are touched by the worker only.
 */
final class TusRun {

    /** What is sent along with the creation at most: its URL, and with it the bytes, may be lost. */
    private static final long SENT_WITH_CREATION = 1 << 20;

    private static final String NOTHING_NEW = "the server took none of the bytes";
    private static final Set<Integer> GONE = Set.of(403, 404, 410);
    /** Conflict, locked, checksum mismatch: HEAD says what is true. */
    private static final Set<Integer> DOUBTFUL = Set.of(409, 460);

    private static final int LOCKED = 423;

    private final Upload.Plan plan;
    private final TusRequests requests;
    private final DiskWorker worker = new DiskWorker();
    private final UploadJournal journal;
    private final UploadSource source;
    private final UploadMeter meter;

    private @Nullable TusOffer offer;
    private @Nullable URI upload;
    /** What an earlier run has sent; checked when the server has said where to go on. */
    private @Nullable Proof unproven;
    /** How much an earlier run can have sent at most. */
    private long sentBefore;
    /** Whether only a HEAD can tell how much the server has. */
    private boolean doubt;
    /** How much the server has, as far as it said. */
    private long offset;

    private long highWater;
    /** Whether the server knows the length. */
    private boolean declared;
    /** The length as the server has it; -1 if it did not say. */
    private long told = -1;

    private StallClock clock = new StallClock();
    private boolean creating;
    private boolean unauthorized;
    private long lockedSince = -1;
    private int fruitless;
    private boolean givenUp;
    private @Nullable Throwable lastTrouble;
    /** What the source failed with in the step that is running, which the transport may disguise. */
    private volatile @Nullable Throwable sourceFailure;
    /** The last failure, if it was the source's: its status, if it has one, says nothing about the upload. */
    private @Nullable Throwable sourceTrouble;

    private @Nullable Uploaded result;
    /** Looked at and set on the worker: what comes after the end must open nothing. */
    private boolean closed;

    private TusRun(Upload.Plan plan, Consumer<? super TransferProgress> listener) {
        this.plan = plan;
        this.requests = new TusRequests(plan);
        this.journal = new UploadJournal(plan.journalPath(), plan.disk);
        this.source = plan.source(worker, this::checkpoint);
        this.meter = new UploadMeter(source, listener);
    }

    /** A run for each subscriber; its result comes when everything is closed. */
    static Mono<Uploaded> of(Upload.Plan plan, Consumer<? super TransferProgress> listener) {
        return using(plan, listener, run -> run.execute().doOnNext(done -> run.result = done));
    }

    /** Deletes what an earlier run has left at the server. */
    static Mono<Void> terminate(Upload.Plan plan) {
        return using(plan, progress -> {}, TusRun::delete);
    }

    private static <T> Mono<T> using(
            Upload.Plan plan, Consumer<? super TransferProgress> listener, Function<TusRun, Mono<T>> work) {
        return Mono.usingWhen(
                Mono.fromSupplier(() -> new TusRun(plan, listener)),
                work,
                TusRun::close,
                (run, error) -> run.close(),
                TusRun::close);
    }

    private Mono<Void> close() {
        return Mono.defer(() -> {
            journal.leave();
            return worker.call(() -> {
                closed = true;
                try {
                    source.close();
                } finally {
                    journal.close();
                    meter.end(result);
                }
                return null;
            });
        });
    }

    /** A task on the worker, unless the run is over: a cancel may overtake the signal that led to it. */
    private <T> Mono<T> work(Callable<? extends @Nullable T> task) {
        return worker.call(() -> {
            if (closed) {
                throw new CancellationException();
            }
            return task.call();
        });
    }

    private Mono<Uploaded> execute() {
        return claim().then(this.<Void>work(() -> {
                    begin();
                    return null;
                }))
                .thenMany(Flux.defer(this::step)
                        .repeat(() -> result == null)
                        .retryWhen(UploadRetry.of(plan.maxRetries, plan, this::mayPass, this::waiting))
                        // A lock has its own patience, and its own backoff around the other one.
                        .retryWhen(UploadRetry.of(Long.MAX_VALUE, plan, this::mayBeUnlocked, this::waiting)))
                .then(Mono.defer(() -> Mono.justOrEmpty(result)));
    }

    /** A run that was cancelled just now is waited for: it only closes its files. */
    private Mono<Void> claim() {
        return this.<Mono<Void>>work(() -> journal.claim().orElse(null))
                .flatMap(gone -> gone.then(Mono.defer(this::claim)));
    }

    private void begin() {
        source.open();
        UploadEntry entry = journal.open();
        if (entry == null) {
            return;
        }
        if (!plan.resume || !entry.request().equals(requests.identity())) {
            meter.trouble("the journal was of an upload that is not gone on with");
            journal.forget();
            return;
        }
        String difference = FileUploadSource.difference(entry.source(), source.identity());
        if (difference != null) {
            throw new SourceChangedException(source.toString(), difference);
        }
        upload = requests.known(entry);
        unproven = entry.sent();
        sentBefore = entry.sent().bytes() + SentPrefix.STEP + UploadSource.BLOCK;
        declared = entry.source().length() >= 0;
        doubt = true;
    }

    private void waiting() {
        meter.phase(Phase.CONNECTING);
    }

    /** One request. Emits, before it completes or fails, if the server has new bytes. */
    private Flux<Long> step() {
        return Mono.defer(this::next).thenMany(Flux.defer(this::endOfStep)).onErrorResume(this::failedStep);
    }

    private Mono<Void> next() {
        sourceFailure = null;
        URI known = upload;
        if (offer == null && (known == null || plan.chunkSize != Long.MAX_VALUE)) {
            return discover();
        }
        if (known == null) {
            return create();
        }
        if (doubt) {
            return head(known);
        }
        if (isAnotherLength(told)) {
            return Mono.error(anotherLength(requests.about("HEAD", known)));
        }
        if (offset == source.length() && declared) {
            return finish(known);
        }
        return patch(known);
    }

    // OPTIONS

    private Mono<Void> discover() {
        Request asked = plan.request.withMethod("OPTIONS");
        return send(asked, response -> {
            if (response.isSuccessful()) {
                offer = TusOffer.of(response.headers());
                return response.discard();
            }
            return HttpStatusException.from(asked, response).flatMap(refusal -> {
                if (UploadRetry.isTransient(refusal) || refusal.status() == 401) {
                    return Mono.error(refusal);
                }
                offer = TusOffer.UNKNOWN;
                return Mono.empty();
            });
        });
    }

    // POST (Creation, Creation With Upload, Creation Defer Length)

    private Mono<Void> create() {
        TusOffer offered = offer == null ? TusOffer.UNKNOWN : offer;
        long length = source.length();
        Optional<String> misfit = offered.misfit(length);
        if (misfit.isPresent()) {
            return Mono.error(new UploadRefusedException(plan.request.describe(), misfit.get()));
        }
        declared = length >= 0;
        Request asked = requests.creation(length);
        boolean whole = length > 0
                && length <= Math.min(SENT_WITH_CREATION, plan.chunkSize)
                && offered.has("creation-with-upload");
        Request creation =
                whole ? asked.header("Content-Type", TusRequests.OFFSET_TYPE).body(body(0, length)) : asked;
        creating = true;
        if (whole) {
            meter.phase(Phase.TRANSFERRING);
        }
        return ready().then(send(creation, response -> created(creation, response, whole)));
    }

    private Mono<Void> created(Request asked, Response response, boolean whole) {
        if (!response.isSuccessful()) {
            creating = false;
            return requests.failure(asked, response);
        }
        URI target = requests.location(asked, response);
        long arrived = whole ? TusRequests.number(response.headers(), "Upload-Offset") : 0;
        Mono<Void> noted = work(() -> {
            UploadEntry entry = new UploadEntry(
                    requests.identity(),
                    target.toString(),
                    source.identity(),
                    source.prefix().now());
            if (!entry.fits()) {
                throw new UploadRefusedException(plan.request.describe(), "the URL of the upload is too long");
            }
            // The prefix is what was read so far, not what this upload has; the later run reads it again either way.
            source.prefix().note();
            journal.write(entry);
            creating = false;
            upload = target;
            if (arrived < 0) {
                doubt = true;
            } else {
                acknowledge(asked, arrived, whole ? source.length() : 0);
            }
            return null;
        });
        // What is known of the upload is kept first; the body says nothing, however it ends.
        return noted.then(response.discard().onErrorComplete());
    }

    // HEAD

    private Mono<Void> head(URI known) {
        Request asked = requests.about("HEAD", known);
        return send(asked, response -> {
            if (GONE.contains(response.status())) {
                return HttpStatusException.from(asked, response).flatMap(this::beginAnew);
            }
            if (!response.isSuccessful()) {
                return requests.failure(asked, response);
            }
            long said = TusRequests.number(response.headers(), "Upload-Offset");
            long total = TusRequests.number(response.headers(), "Upload-Length");
            if (said < 0) {
                return Mono.error(new UploadOffsetException(asked.describe(), "no Upload-Offset came"));
            }
            if (total >= 0) {
                told = total;
                declared = true;
            }
            if (isAnotherLength(total)) {
                return Mono.error(anotherLength(asked));
            }
            return response.discard().then(work(() -> {
                goOnFrom(asked, said);
                return null;
            }));
        });
    }

    /** A publisher's length may come to be known long after the server's. */
    private boolean isAnotherLength(long total) {
        return total >= 0 && source.length() >= 0 && total != source.length();
    }

    private UploadOffsetException anotherLength(Request asked) {
        return new UploadOffsetException(
                asked.describe(), "the upload has " + told + " bytes, but there are " + source.length());
    }

    /** The server has so many bytes of what this run, or an earlier one, has sent. */
    private void goOnFrom(Request asked, long said) {
        acknowledge(asked, said, Math.max(sentBefore, source.prefix().now().bytes()));
        Proof earlier = unproven;
        if (earlier != null) {
            source.prove(earlier, said);
            meter.resumed(said);
            highWater = said;
            unproven = null;
            if (source.prefix().now().bytes() > source.prefix().noted().bytes()) {
                checkpoint();
            }
        } else if (said > source.prefix().now().bytes()) {
            // Bytes of an earlier run that were still on their way when the server was asked first.
            source.prove(Proof.NOTHING, said);
        }
        doubt = false;
    }

    private void acknowledge(Request asked, long said, long sent) {
        long most = source.length() < 0 ? sent : Math.min(sent, source.length());
        if (said < offset) {
            throw new UploadOffsetException(
                    asked.describe(), "the server had " + offset + " bytes and says that it has " + said);
        }
        if (said > most) {
            throw new UploadOffsetException(
                    asked.describe(), "the server says that it has " + said + " bytes, of at most " + most + " sent");
        }
        offset = said;
        meter.acknowledged(said);
    }

    /** The upload is gone: expired, or deleted. The journal speaks of it until there is a new one, for who refuses both may mean neither. */
    private Mono<Void> beginAnew(Throwable reason) {
        meter.trouble(reason, "; a new upload is begun");
        upload = null;
        unproven = null;
        sentBefore = 0;
        doubt = false;
        told = -1;
        offset = 0;
        highWater = 0;
        lastTrouble = reason;
        return meter.restart() > limit() ? giveUp() : Mono.empty();
    }

    // PATCH

    private Mono<Void> patch(URI known) {
        long from = offset;
        return ready().then(Mono.defer(() -> checksum(from, end(from)))).flatMap(checksum -> {
            // A publisher that was read for its checksum may have told its length.
            long length = source.length();
            Request asked = requests.patch(known, from, checksum, declared ? -1 : length);
            long to = end(from);
            Request patch = asked.body(body(from, to));
            doubt = true;
            meter.phase(Phase.TRANSFERRING);
            return send(patch, response -> patched(patch, response, from < to, length >= 0));
        });
    }

    /** Where a request that begins here ends. */
    private long end(long from) {
        long end = source.length() < 0 ? Long.MAX_VALUE : source.length();
        return end - from > plan.chunkSize ? from + plan.chunkSize : end;
    }

    private Mono<Void> patched(Request asked, Response response, boolean carries, boolean declares) {
        if (!response.isSuccessful()) {
            return requests.failure(asked, response);
        }
        long said = TusRequests.number(response.headers(), "Upload-Offset");
        return response.discard().then(work(() -> {
            // Until it turns out that the server has more than before. One that only says the length cannot bring more.
            if (carries || said < 0) {
                fruitless++;
            }
            if (said >= 0) {
                acknowledge(asked, said, source.prefix().now().bytes());
                declared = declared || declares;
                doubt = false;
            }
            return null;
        }));
    }

    private Body body(long from, long to) {
        sourceFailure = null;
        clock = new StallClock();
        return new UploadBody(plan.limit, clock, meter::moved, error -> sourceFailure = error)
                .of(
                        from == to ? Flux.empty() : source.read(from, to),
                        to == Long.MAX_VALUE || source.length() < 0 ? -1 : to - from,
                        TusRequests.OFFSET_TYPE);
    }

    /** The chunk is read once for it, and once more to be sent (tus 1.0, Checksum). */
    private Mono<Optional<String>> checksum(long from, long to) {
        Optional<String> algorithm =
                plan.chunkSize == Long.MAX_VALUE || offer == null ? Optional.empty() : offer.checksum();
        if (algorithm.isEmpty()) {
            return Mono.just(Optional.empty());
        }
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance(TusOffer.javaName(algorithm.get()));
        } catch (NoSuchAlgorithmException e) {
            return Mono.just(Optional.empty());
        }
        return source.read(from, to)
                .doOnNext(block -> digest.update(block.duplicate()))
                .doOnError(error -> sourceFailure = error)
                // What is read again is compared with what it was.
                .then(noted())
                .then(Mono.fromSupplier(() ->
                        Optional.of(algorithm.get() + " " + Base64.getEncoder().encodeToString(digest.digest()))));
    }

    // DELETE (Termination)

    private Mono<Void> delete() {
        return claim().then(this.<UploadEntry>work(journal::open)).flatMap(entry -> {
            if (!entry.request().equals(requests.identity())) {
                return Mono.error(new UploadRefusedException(
                        plan.request.describe(),
                        "the journal is of an upload by another request; terminate it by that"));
            }
            Request asked = requests.about("DELETE", requests.known(entry));
            return send(
                            asked,
                            response -> response.isSuccessful() || GONE.contains(response.status())
                                    ? response.discard()
                                    : requests.failure(asked, response))
                    .retryWhen(UploadRetry.of(
                            plan.maxRetries,
                            plan,
                            error -> UploadRetry.status(error) == LOCKED || UploadRetry.isTransient(error),
                            this::waiting))
                    .then(work(() -> {
                        journal.forget();
                        return null;
                    }));
        });
    }

    // What all of them share

    private Mono<Void> send(Request asked, Function<Response, Mono<Void>> reader) {
        return Mono.defer(() -> {
            meter.request();
            if (asked.body().isEmpty()) {
                meter.phase(Phase.CONNECTING);
            }
            StallClock running = clock;
            Mono<Void> exchange = plan.connector
                    .<Void>exchange(asked, response -> {
                        running.answered();
                        return reader.apply(response);
                    })
                    .then();
            return asked.body().isEmpty()
                    ? exchange
                    : running.over(exchange, asked, plan.connector.settings().timeouts());
        });
    }

    /** The source is looked at before each request that carries some of it. */
    private Mono<Void> ready() {
        return work(() -> {
            source.verify();
            checkpoint();
            return null;
        });
    }

    private Mono<Void> noted() {
        return work(() -> {
            checkpoint();
            return null;
        });
    }

    private Mono<Void> finish(URI known) {
        return work(() -> {
            journal.forget();
            result = new Uploaded(
                    known,
                    meter.sent(),
                    offset,
                    meter.resumedFrom() > 0,
                    meter.resumedFrom(),
                    meter.restarts(),
                    meter.requests(),
                    null);
            return null;
        });
    }

    private Flux<Long> endOfStep() {
        if (hasGained()) {
            return Flux.just(offset);
        }
        return fruitless > limit() ? Flux.from(giveUp()) : Flux.empty();
    }

    private Flux<Long> failedStep(Throwable error) {
        Throwable ofSource = sourceFailure;
        Throwable reason = ofSource == null ? error : ofSource;
        sourceFailure = null;
        sourceTrouble = ofSource;
        lastTrouble = reason;
        boolean orphaned = creating && !(error instanceof HttpException failed && !failed.requestSent());
        creating = false;
        meter.trouble(reason, orphaned ? "; an upload may have been created that nobody knows" : "");
        meter.acknowledged(offset);
        return hasGained() ? Flux.concat(Flux.just(offset), Flux.error(reason)) : Flux.error(reason);
    }

    /** Whether the server has more bytes than it ever had; that is what earns further attempts. */
    private boolean hasGained() {
        if (offset <= highWater) {
            return false;
        }
        highWater = offset;
        fruitless = 0;
        unauthorized = false;
        lockedSince = -1;
        return true;
    }

    private <T> Mono<T> giveUp() {
        givenUp = true;
        Throwable trouble = lastTrouble;
        return Mono.error(trouble != null ? trouble : new UploadOffsetException(plan.request.describe(), NOTHING_NEW));
    }

    private int limit() {
        return Math.max(1, plan.maxRetries);
    }

    private boolean mayPass(Throwable error) {
        if (error == sourceTrouble) {
            return !givenUp && UploadRetry.isTransient(error);
        }
        int status = UploadRetry.status(error);
        if (givenUp || status == LOCKED) {
            return false;
        }
        if (status == 401 && !unauthorized) {
            // The token that was refused is given up; the next request gets another one.
            unauthorized = true;
            return true;
        }
        return upload != null && (DOUBTFUL.contains(status) || GONE.contains(status)) || UploadRetry.isTransient(error);
    }

    private boolean mayBeUnlocked(Throwable error) {
        if (givenUp || error == sourceTrouble || UploadRetry.status(error) != LOCKED) {
            return false;
        }
        long now = Schedulers.parallel().now(TimeUnit.MILLISECONDS);
        if (lockedSince < 0) {
            lockedSince = now;
        }
        return now - lockedSince < plan.lockPatience.toMillis();
    }

    /** On the disk worker: what has been read is written down before more is, unless an earlier run has got further. */
    private void checkpoint() {
        UploadEntry entry = journal.entry();
        Proof proof = source.prefix().note();
        if (entry != null && proof.bytes() >= entry.sent().bytes()) {
            journal.write(entry.sent(proof));
        }
    }
}
