package dev.headrace.transfer;

import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.transfer.JournalEntry.Stretch;
import dev.headrace.transfer.ResumeLadder.Held;
import dev.headrace.transfer.TransferProgress.Phase;
import io.netty.buffer.ByteBuf;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.retry.Retry;

/**
 * One run of a download: look at what is there, then round by round until the file is published.
 *
 * <p>In a round, lanes fill what is missing: one of them, or, where the remote has shown that it serves ranges and several were asked for,
 * one for each extent. A round ends when nothing is missing, or when what came asks for another way ({@link ChangeOfPlan}); then all
 * lanes have stopped writing before the next round begins. When nothing is missing the last step checks and renames. Whatever happens,
 * the files are closed last.
 */
final class DownloadRun {

    /** What a lane holds in memory at most and at least: its window, and what the transport reads ahead of it. */
    static final long MOST_LEASE = 2 * 1024 * 1024 + 256 * 1024;

    static final long LEAST_LEASE = 512 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(DownloadRun.class);

    private static final long READ_AHEAD = 256 * 1024;
    private static final long SMALLEST_EXTENT = 1 << 20;

    private final Download.Plan plan;
    private final PartFile file;
    private final ResumeLadder ladder;
    private final ProgressReporter reporter;
    private final Runnable closed;
    private final DiskWorker control = new DiskWorker();
    private final Queue<Extent> pool = new ConcurrentLinkedQueue<>();
    private final AtomicInteger lanes = new AtomicInteger();
    private final AtomicInteger mostLanes;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger bodies = new AtomicInteger();
    private final AtomicReference<@Nullable Request> firstRequest = new AtomicReference<>();

    private volatile Queue<Lane> working = new ConcurrentLinkedQueue<>();
    private volatile Sinks.One<Integer> more = Sinks.one();
    private volatile String identity = "";
    private volatile long resumedFrom;
    private volatile boolean single;
    private volatile ChangeOfPlan.@Nullable Next change;
    private volatile @Nullable Throwable lastTrouble;
    private volatile @Nullable Downloaded result;
    private int restarts;
    private int changes;
    private boolean reloaded;

    /** A run; {@code closed} is called when its files are closed, before it completes or fails. */
    DownloadRun(Download.Plan plan, Path destination, Consumer<? super TransferProgress> listener, Runnable closed) {
        this.plan = plan;
        this.file = new PartFile(destination, plan.disk, plan.existing, plan.durability, plan.overlap);
        this.ladder = new ResumeLadder(plan.size, plan.policy);
        this.reporter = new ProgressReporter(listener, file::done, this::figures);
        this.closed = closed;
        this.single = plan.segments == 1;
        this.mostLanes = new AtomicInteger(plan.segments);
    }

    /** Loads the file; completes or fails when the files are closed. */
    Mono<Downloaded> execute() {
        return Mono.usingWhen(
                Mono.just(this),
                run -> run.load().doOnNext(done -> run.result = done),
                DownloadRun::close,
                (run, error) -> run.close(),
                DownloadRun::close);
    }

    /** Says, from any thread, that nobody waits for it any more. */
    void leave() {
        file.leave();
        reporter.end();
    }

    private Mono<Void> close() {
        return Mono.defer(() -> {
            leave();
            return idle(working).then(control.run(() -> {
                file.close();
                Downloaded finished = result;
                if (finished != null) {
                    reporter.last(new TransferProgress(
                            Phase.DONE,
                            finished.totalBytes(),
                            finished.totalBytes(),
                            0,
                            finished.resumedFrom(),
                            finished.restarts(),
                            finished.requests(),
                            troubleText()));
                }
                closed.run();
            }));
        });
    }

    /** Completes when none of these is in the middle of a write any more. */
    private static Mono<Void> idle(Queue<Lane> stopped) {
        return Flux.fromIterable(stopped)
                .concatMap(lane -> lane.worker().run(() -> {}))
                .then();
    }

    private Mono<Downloaded> load() {
        return plan.source
                .requests()
                .doOnNext(request -> {
                    firstRequest.set(request);
                    String name = plan.identity;
                    identity = name == null
                            ? RequestSource.identity(plan.connector, request)
                            : RequestSource.shortened(name);
                })
                .retryWhen(retry())
                .then(control.call(() -> file.open(new PartFile.Wanted(
                        identity, plan.resume, plan.size, plan.digest, plan.announced, plan.named))))
                .flatMap(found -> switch (found) {
                    case EXISTING, FINISHED -> control.call(() -> untouched(found));
                    case NOTHING, BYTES -> transfer();
                });
    }

    private Downloaded untouched(PartFile.Found found) {
        boolean finished = found == PartFile.Found.FINISHED;
        long size = file.targetSize();
        // What was only found there has not been looked at.
        Digest checked = finished || plan.existing == ExistingFile.SKIP_IF_DIGEST_MATCHES ? file.expected() : null;
        return new Downloaded(
                file.target(), 0, size, finished, finished ? size : 0, 0, requests.get(), etag(), checked);
    }

    private Mono<Downloaded> transfer() {
        resumedFrom = file.done();
        reporter.phase(Phase.CONNECTING);
        // Before the request: a remote that waits for us to read gigabytes from disk would hang up.
        return control.run(file::catchUpDigest)
                .then(Mono.defer(this::round).repeat(() -> result == null).then())
                .onErrorMap(GivenUp.class, last -> last.reason)
                .then(Mono.defer(() -> Mono.justOrEmpty(result)));
    }

    private Mono<Void> round() {
        if (file.isComplete() && change == null) {
            return finish();
        }
        List<Extent> missing =
                file.extents().stream().filter(extent -> !extent.isFull()).toList();
        if (missing.isEmpty() && file.entry() != null && change == null) {
            return Mono.error(
                    new IllegalStateException("Nothing is missing, and the file is not complete: " + file.part()));
        }
        pool.clear();
        pool.addAll(missing);
        lanes.set(1);
        more = Sinks.one();
        Queue<Lane> all = new ConcurrentLinkedQueue<>();
        working = all;
        Lane first = lane(all);
        if (change == ChangeOfPlan.Next.START_OVER) {
            first.distrusting();
        } else if (change == ChangeOfPlan.Next.ONE_LANE) {
            first.plainly();
        }
        change = null;
        if (!single && missing.size() > 1) {
            openLanes(missing.size());
        }
        Sinks.One<Integer> others = more;
        return Flux.merge(
                        first.fill().doFinally(end -> others.tryEmitEmpty()),
                        others.asMono()
                                .flatMapMany(count -> Flux.range(0, count)
                                        .flatMap(i -> lane(all).fill(), count)))
                .then()
                .onErrorMap(Exceptions::isMultiple, DownloadRun::theOneThatCounts)
                .onErrorResume(ChangeOfPlan.class, this::change)
                .then(Mono.defer(() -> idle(all)))
                .then(control.run(this::regroup));
    }

    /** Several lanes may fail in the same moment. */
    private static Throwable theOneThatCounts(Throwable several) {
        List<Throwable> all = Exceptions.unwrapMultiple(several);
        return all.stream().filter(ChangeOfPlan.class::isInstance).findFirst().orElseGet(() -> all.get(0));
    }

    private Lane lane(Queue<Lane> all) {
        Lane lane = new Lane(this);
        all.add(lane);
        return lane;
    }

    private void openLanes(int extents) {
        int count = Math.min(mostLanes.get(), extents) - 1;
        if (count < 1) {
            return;
        }
        lanes.addAndGet(count);
        more.tryEmitValue(count);
    }

    private Mono<Void> change(ChangeOfPlan wish) {
        lastTrouble = wish.reason();
        if (++changes > limit()) {
            return Mono.error(wish.reason());
        }
        single = true;
        change = wish.next();
        return Mono.empty();
    }

    private void regroup() {
        if (change == ChangeOfPlan.Next.ONE_LANE) {
            file.collapse();
        }
    }

    // ---- what lanes ask for

    Download.Plan plan() {
        return plan;
    }

    PartFile file() {
        return file;
    }

    ResumeLadder ladder() {
        return ladder;
    }

    ProgressReporter reporter() {
        return reporter;
    }

    /** Extents that nobody fills. */
    Queue<Extent> pool() {
        return pool;
    }

    /** A lane was refused and leaves what it was at to the others; there will be no more lanes than are left. */
    void retires(Extent extent) {
        pool.add(extent);
        mostLanes.set(Math.max(1, lanes.get() - 1));
    }

    /** How many lanes are at work. */
    AtomicInteger lanes() {
        return lanes;
    }

    boolean isSettled() {
        return result != null || file.isComplete();
    }

    /** Whether several ranges at once are wanted, and not known to be impossible. */
    boolean isSegmented() {
        return !single;
    }

    Mono<Request> nextRequest() {
        return Mono.defer(() -> {
            Request first = firstRequest.getAndSet(null);
            return first != null ? Mono.just(first) : plan.source.requests();
        });
    }

    void sending() {
        requests.incrementAndGet();
        if (lanes.get() == 1) {
            reporter.phase(Phase.CONNECTING);
        }
    }

    /** Whether bytes on disk can be gone on with; not if they were coded on the wire, for ranges count coded bytes. */
    boolean isResumable() {
        JournalEntry known = file.entry();
        return known == null || known.coding().equals(JournalEntry.IDENTITY);
    }

    /** What there is of an extent; without any proof if the last part was all proof. */
    Held held(Extent extent, boolean unproven) {
        JournalEntry known = Objects.requireNonNull(file.entry());
        long position = extent.position();
        // Where the length is unknown, only a range that begins at the end tells that it is the end.
        long proof = known.total() < 0 || unproven ? 0 : Math.min(plan.overlap, position - extent.start());
        return new Held(known.validator(), known.total(), extent.start(), position, proof);
    }

    /** The body with a clock, if a minimum speed is wanted. */
    Flux<ByteBuf> guarded(Flux<ByteBuf> body) {
        MinimumSpeed speed = plan.speed;
        return speed == null ? body : SpeedGuard.over(body, speed, identity);
    }

    /** How many items a lane may have asked for. */
    int window(long memory) {
        long items = (memory - READ_AHEAD) / BodyWriter.ITEM_BYTES;
        long rate = plan.limit.bytesPerSecond();
        // A slow limit with a large window would let the first seconds' worth through at once.
        long limited = rate < 0 ? items : Math.min(items, rate / 4 / BodyWriter.ITEM_BYTES);
        return (int) Math.max(1, limited);
    }

    /** Whether a version may begin once more after so many that were thrown away. */
    boolean mayBegin() {
        return file.done() == 0 || ++restarts <= limit();
    }

    /** On a worker: a whole content comes. False if the file it is for is there already and is to be left alone. */
    boolean begin(Response response, ResumeLadder.Begin whole) {
        resumedFrom = 0;
        bodies.set(1);
        Digest digest = plan.digest;
        if (digest == null && whole.coding().equals(JournalEntry.IDENTITY)) {
            digest = announced(response);
        }
        boolean checksums = digest != null && digest.isCrc32c();
        List<Stretch> stretches = isSplittable(whole)
                ? PartFile.split(whole.total(), extents(whole.total()), checksums)
                : Lane.one(whole.total(), checksums);
        JournalEntry fresh = new JournalEntry(
                identity,
                whole.validator(),
                whole.coding(),
                whole.total(),
                stretches,
                plan.named
                        ? SafeFileName.fromContentDisposition(response.headers())
                                .orElse(null)
                        : null,
                digest == null ? null : digest.toString(),
                -1);
        if (!file.begin(fresh, digest, plan.named)) {
            result = untouched(PartFile.Found.EXISTING);
            return false;
        }
        pool.clear();
        List<Extent> extents = file.extents();
        pool.addAll(extents.subList(1, extents.size()));
        if (extents.size() > 1) {
            openLanes(extents.size());
        }
        return true;
    }

    private boolean isSplittable(ResumeLadder.Begin whole) {
        return !single && whole.ranged() && whole.validator().hasStrongEtag() && whole.total() >= 2 * SMALLEST_EXTENT;
    }

    private int extents(long total) {
        return (int) Math.min(plan.segments, total / SMALLEST_EXTENT);
    }

    /** On a worker: a body goes on with what is there. */
    void appends(Response response, ResumeLadder.Append part) {
        bodies.incrementAndGet();
        if (part.total() >= 0) {
            file.totalIs(part.total());
        }
        Digest digest = file.expected() == null ? announced(response) : null;
        if (digest != null) {
            file.expect(digest);
        }
    }

    private @Nullable Digest announced(Response response) {
        if (!plan.announced) {
            return null;
        }
        AnnouncedDigests said = AnnouncedDigests.of(response.status(), response.headers());
        if (!said.malformed().isEmpty()) {
            LOG.warn("{} announces digests that cannot be read, and are ignored: {}", identity, said.malformed());
        }
        file.expectedBecauseOf(said.header());
        return said.best();
    }

    /** Called by a worker after each write. */
    void moved() {
        reporter.moved();
    }

    int limit() {
        return Math.max(1, plan.maxRetries);
    }

    void troubledBy(Throwable error) {
        if (!(error instanceof GivenUp)) {
            lastTrouble = error;
        }
    }

    /** If the digest is wrong, a second try may bring a right one. */
    void isPutTogether() {
        bodies.incrementAndGet();
    }

    /** What to fail with when nothing helps. */
    Throwable trouble() {
        Throwable trouble = lastTrouble;
        return new GivenUp(
                trouble != null ? trouble : new ContentRangeException(identity, "none of the bytes asked for came"));
    }

    SizeMismatchException sizeMismatch(Request asked, String actual) {
        return new SizeMismatchException(asked.describe(), plan.size, actual);
    }

    /** Ends the retries; what it holds is what the user gets. */
    private static final class GivenUp extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final Throwable reason;

        GivenUp(Throwable reason) {
            super(reason.getMessage(), reason, false, false);
            this.reason = reason;
        }
    }

    Retry retry() {
        return TransferRetry.of(
                plan.maxRetries, plan.retryDelay, plan.maxRetryDelay, TransferRetry::mayPass, failure -> {
                    if (lanes.get() <= 1) {
                        reporter.phase(Phase.CONNECTING);
                    }
                    LOG.debug("Going on with {} after: {}", file.target(), failure.getMessage());
                });
    }

    // ---- the end

    /** All bytes are there: checks and renames. */
    private Mono<Void> finish() {
        reporter.phase(Phase.VERIFYING);
        return control.call(() -> {
                    if (plan.size >= 0 && file.total() != plan.size) {
                        long length = file.total();
                        file.forget();
                        throw new SizeMismatchException(identity, plan.size, length + " bytes");
                    }
                    result = file.publish() ? published() : untouched(PartFile.Found.EXISTING);
                    return result;
                })
                .then()
                .onErrorResume(DigestMismatchException.class, mismatch -> {
                    // Put together from several answers, or by several runs: perhaps only the seams are wrong.
                    boolean again = (bodies.get() > 1 || resumedFrom > 0) && !reloaded;
                    reloaded = true;
                    resumedFrom = 0;
                    lastTrouble = mismatch;
                    Mono<Void> forgotten = control.run(file::forget);
                    return again ? forgotten : forgotten.then(Mono.error(mismatch));
                });
    }

    private Downloaded published() {
        return new Downloaded(
                file.target(),
                file.written(),
                file.total(),
                resumedFrom > 0,
                resumedFrom,
                file.discards(),
                requests.get(),
                etag(),
                file.expected());
    }

    private @Nullable String etag() {
        JournalEntry known = file.entry();
        return known == null ? null : known.validator().etag();
    }

    private @Nullable String troubleText() {
        Throwable trouble = lastTrouble;
        return trouble == null ? null : trouble.getMessage();
    }

    private TransferProgress figures(Phase phase, long bytesPerSecond) {
        long total = file.total() >= 0 ? file.total() : plan.size;
        return new TransferProgress(
                phase, file.done(), total, bytesPerSecond, resumedFrom, file.discards(), requests.get(), troubleText());
    }
}
