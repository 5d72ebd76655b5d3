package dev.headrace.transfer;

import dev.headrace.error.HeadraceException;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.transfer.ChangeOfPlan.Next;
import dev.headrace.transfer.JournalEntry.Stretch;
import dev.headrace.transfer.ResumeLadder.Ask;
import dev.headrace.transfer.ResumeLadder.Held;
import dev.headrace.transfer.ResumeLadder.Rung;
import dev.headrace.transfer.TransferProgress.Phase;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One connection at a time that fills one extent after the other.
 *
 * <p>A step sends one request for what its extent lacks and writes what comes; {@link ResumeLadder} decides which request, and what an
 * answer means. A step that ends without an error but with bytes still missing is followed by the next one; a step that fails in a way
 * that may pass is followed by the next one after a wait, and the count of failures begins anew whenever a step has put new bytes on
 * disk.
 *
 * <p>A lane that has others beside it is more modest: when the remote refuses it, it leaves its extent to them and ends. The last one
 * never does. What concerns the bytes of all lanes is a {@link ChangeOfPlan}.
 *
 * <p>Steps follow one another, so the fields need no lock.
 */
final class Lane {

    private static final long SHORTEST_RANGE = 1 << 20;

    private final DownloadRun run;
    private final DiskWorker worker = new DiskWorker();

    private @Nullable Extent extent;
    private @Nullable Rung rung;
    private boolean distrust;
    private boolean free;
    private boolean unproven;
    private boolean retired;
    private int fruitless;
    private int refusals;
    private long longestRange = Long.MAX_VALUE;
    private long highWater;

    Lane(DownloadRun run) {
        this.run = run;
    }

    /** The next round believes nothing that is on disk. */
    Lane distrusting() {
        distrust = true;
        rung = Rung.WHOLE;
        return this;
    }

    /** The next round asks for the whole, and compares it with what is on disk. */
    Lane plainly() {
        rung = Rung.WHOLE;
        return this;
    }

    DiskWorker worker() {
        return worker;
    }

    /** Completes when no extent is left to be filled, or when this lane has left the rest to others. */
    Mono<Void> fill() {
        return Flux.defer(this::step)
                .repeat(this::hasWork)
                .retryWhen(run.retry())
                .then()
                .doFinally(end -> run.lanes().decrementAndGet());
    }

    private boolean hasWork() {
        boolean open = extent != null
                || distrust
                || run.file().entry() == null
                || !run.pool().isEmpty();
        return open && !retired && !run.isSettled();
    }

    /** One request and its body. Emits, before it completes or fails, if it has put new bytes on disk. */
    private Flux<Long> step() {
        Extent current = take();
        if (current == null && run.file().entry() != null && !distrust) {
            return Flux.empty();
        }
        if (current != null && !run.isResumable()) {
            distrusting();
        }
        Held held = current == null || distrust ? null : run.held(current, unproven);
        unproven = false;
        Ask ask = ask(current, held);
        free = false;
        return Flux.usingWhen(
                        run.plan().budget.lease(DownloadRun.LEAST_LEASE, DownloadRun.MOST_LEASE),
                        lease -> attempt(ask, held, lease.bytes()),
                        lease -> Mono.fromRunnable(lease::release))
                .onErrorResume(this::isAboutTheBytes, this::reconsider)
                .thenMany(Flux.defer(this::endOfStep))
                .onErrorResume(this::failedStep);
    }

    private Flux<Void> attempt(Ask ask, @Nullable Held held, long memory) {
        return run.nextRequest().flatMapMany(request -> {
            run.sending();
            Request asked = ResumeLadder.request(request, ask, held);
            return run.plan().connector.<Void>exchange(asked, response -> receive(asked, ask, held, response, memory));
        });
    }

    private @Nullable Extent take() {
        if (extent == null && !distrust) {
            extent = run.pool().poll();
            if (extent != null) {
                highWater = extent.position();
            }
        }
        return extent;
    }

    private Ask ask(@Nullable Extent current, @Nullable Held held) {
        if (held == null || current == null) {
            // Only a range shows whether ranges are served.
            return new Ask(run.isSegmented() && rung != Rung.WHOLE ? Rung.RANGE : Rung.WHOLE, 0, -1);
        }
        Rung chosen = rung;
        long total = run.file().total();
        boolean part = run.file().extents().size() > 1 && current.end() >= 0;
        if (chosen == null) {
            chosen = part && held.validator().strongEtag().isPresent()
                    ? Rung.IF_MATCH
                    : run.ladder().rungFor(held);
        }
        long from = held.proof() == 0
                ? held.position()
                : Math.max(current.start(), alignedDown(held.position() - held.proof()));
        boolean last = !part || current.end() == total;
        long end = last ? -1 : current.end();
        if (longestRange != Long.MAX_VALUE && current.end() >= 0) {
            end = Math.min(current.end(), from + longestRange);
        }
        return new Ask(chosen, from, end);
    }

    private static long alignedDown(long position) {
        return position / PartFile.ALIGNMENT * PartFile.ALIGNMENT;
    }

    private Publisher<Void> receive(Request asked, Ask ask, @Nullable Held held, Response answer, long memory) {
        Response response = isWhole(answer) && run.plan().decompress ? answer.decompressed() : answer;
        ResumeLadder.Verdict verdict = run.ladder().judge(asked.describe(), ask, response, held);
        if (verdict instanceof ResumeLadder.Begin said) {
            ResumeLadder.Begin begin = response == answer ? said : said.decompressed();
            return run.file().extents().size() > 1 && !distrust
                    ? Mono.error(new ChangeOfPlan(Next.START_OVER, changed(asked)))
                    : begin(asked, response, begin, memory);
        }
        if (verdict instanceof ResumeLadder.Append append) {
            return append(asked, response, append, memory);
        }
        if (verdict instanceof ResumeLadder.Finished finished) {
            return worker.run(() -> run.file().totalIs(finished.total()));
        }
        if (verdict instanceof ResumeLadder.NextRung next) {
            rung = next.rung();
            free = true;
            return Mono.empty();
        }
        if (verdict instanceof ResumeLadder.AskPlainly plain) {
            return Mono.error(plain.reason());
        }
        if (verdict instanceof ResumeLadder.StartOver again) {
            return Mono.error(again.reason());
        }
        if (verdict instanceof ResumeLadder.Unsupported unsupported) {
            return Mono.error(new ChangeOfPlan(Next.ONE_LANE, unsupported.reason()));
        }
        if (verdict instanceof ResumeLadder.Refuse refusal) {
            return Mono.error(new Refused(refusal.reason()));
        }
        return HttpStatusException.from(asked, response).flatMap(Mono::error);
    }

    private static boolean isWhole(Response answer) {
        return answer.status() == 200 && !answer.headers().contains("Content-Range");
    }

    /** Keeps a refusal from being taken for what a range may be asked about again. */
    private static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final HeadraceException reason;

        Refused(HeadraceException reason) {
            super(reason.getMessage(), null, false, false);
            this.reason = reason;
        }
    }

    private static HeadraceException changed(Request asked) {
        return new ContentChangedException(asked.describe(), "another version came while parts of it were loaded");
    }

    private Mono<Void> begin(Request asked, Response response, ResumeLadder.Begin whole, long memory) {
        if (!run.mayBegin()) {
            // Each attempt throws away what the one before has brought: this would never end.
            return Mono.error(run.trouble());
        }
        highWater = 0;
        rung = null;
        distrust = false;
        return worker.call(() -> run.begin(response, whole))
                .flatMap(begun -> {
                    if (!begun) {
                        extent = null;
                        return Mono.<Void>empty();
                    }
                    Extent first = run.file().extents().get(0);
                    extent = first;
                    // A stream without a length is not written beyond the size that is expected.
                    first.expect(whole.start(), whole.length() >= 0 ? whole.length() : run.plan().size);
                    // Which range came says nothing about how long the whole is.
                    Mono<Void> end = whole.ranged() || whole.total() >= 0
                            ? Mono.empty()
                            : worker.run(() -> endOfWhole(asked, first, whole.framed()));
                    return write(response, first, memory, !whole.coding().equals(JournalEntry.IDENTITY))
                            .onErrorMap(
                                    surplus -> isSurplus(surplus, whole), surplus -> run.sizeMismatch(asked, "more"))
                            .then(end);
                })
                // What has the wrong size now would have it after a resume as well.
                .onErrorResume(
                        SizeMismatchException.class,
                        wrong -> worker.run(() -> run.file().forget()).then(Mono.error(wrong)));
    }

    private boolean isSurplus(Throwable error, ResumeLadder.Begin whole) {
        return error instanceof ContentRangeException && whole.length() < 0 && run.plan().size >= 0;
    }

    /** The body of the whole has ended, and nothing but its end has told how long it is. */
    private void endOfWhole(Request asked, Extent only, boolean framed) {
        if (!only.isCaughtUp()) {
            throw new ContentChangedException(asked.describe(), "the whole is shorter than what came of it before");
        }
        long length = only.position();
        long expected = run.plan().size;
        if (framed || length == expected) {
            run.file().totalIs(length);
            return;
        }
        if (expected >= 0) {
            // Fewer bytes than must come, and a connection closed: as good as broken.
            return;
        }
        if (run.file().expected() == null && !run.plan().unframed) {
            throw new UnverifiableLengthException(asked.describe(), length);
        }
        // If the digest is wrong, the line may be what was.
        run.isPutTogether();
        run.file().totalIs(length);
    }

    private Mono<Void> append(Request asked, Response response, ResumeLadder.Append part, long memory) {
        Extent current = extent;
        if (current == null) {
            return Mono.error(new IllegalStateException("An answer goes on with nothing"));
        }
        return worker.run(() -> {
                    run.appends(response, part);
                    // A remote whose parts are shorter than what is compared would never come to what is missing.
                    unproven = !part.whole() && part.start() + part.length() <= current.position();
                    current.expect(part.start(), part.length());
                })
                .then(write(response, current, memory, false))
                .then(worker.run(() -> {
                    if (part.whole() && run.file().total() < 0) {
                        endOfWhole(asked, current, part.framed());
                    }
                }));
    }

    /** @param inflated whether the items of the body may be of any length */
    private Mono<Void> write(Response response, Extent current, long memory, boolean inflated) {
        return Mono.defer(() -> {
            run.reporter().phase(Phase.TRANSFERRING);
            return BodyWriter.write(
                    run.guarded(response.body()),
                    current,
                    worker,
                    inflated ? 1 : run.window(memory),
                    run.plan().limit,
                    run::moved);
        });
    }

    private boolean isAboutTheBytes(Throwable error) {
        return error instanceof ContentRangeException
                || error instanceof ContentChangedException
                || error instanceof ContentCodedException;
    }

    /** What came does not fit what is on disk: the whole will tell. It is asked for here if nobody else is at work, else by the next round. */
    private Flux<Void> reconsider(Throwable error) {
        HeadraceException reason = (HeadraceException) error;
        boolean changed = error instanceof ContentChangedException;
        if (run.file().extents().size() > 1) {
            return Flux.error(new ChangeOfPlan(changed ? Next.START_OVER : Next.ONE_LANE, reason));
        }
        run.troubledBy(reason);
        rung = Rung.WHOLE;
        distrust = distrust || changed;
        return Flux.empty();
    }

    private Flux<Long> endOfStep() {
        Extent current = extent;
        boolean gained = hasGained();
        if (current != null && current.isFull()) {
            extent = null;
            rung = null;
        }
        if (gained) {
            rung = distrust ? rung : null;
            return Flux.just(run.file().done());
        }
        boolean nothingLeft = extent == null && !distrust && run.file().entry() != null;
        return free || nothingLeft || ++fruitless <= run.limit() ? Flux.empty() : Flux.error(run.trouble());
    }

    private Flux<Long> failedStep(Throwable error) {
        if (error instanceof ChangeOfPlan) {
            return Flux.error(error);
        }
        if (error instanceof Refused refused) {
            return Flux.error(refused.reason);
        }
        if (run.isSettled()) {
            // The line broke behind the last byte.
            return Flux.empty();
        }
        boolean gained = hasGained();
        run.troubledBy(error);
        if (isWorthAnotherUrl(error) || !gained && (asksForLess(error) || leaves(error))) {
            return Flux.empty();
        }
        return gained ? Flux.concat(Flux.just(run.file().done()), Flux.error(error)) : Flux.error(error);
    }

    /** Some hosts serve short ranges only, and refuse others. Whole files have been refused before they come to several extents. */
    private boolean asksForLess(Throwable error) {
        Extent current = extent;
        if (current == null || statusOf(error) != 403 || run.file().extents().size() == 1) {
            return false;
        }
        long asked = Math.min(current.end() - current.position(), longestRange);
        if (asked <= SHORTEST_RANGE) {
            return false;
        }
        longestRange = Math.max(SHORTEST_RANGE, asked / 2);
        return true;
    }

    /** Leaves its extent to the other lanes, if there are any, rather than insist. */
    private boolean leaves(Throwable error) {
        Extent current = extent;
        int status = statusOf(error);
        boolean refused = status == 403 || status == 429 || status == 503;
        if (current == null || run.lanes().get() == 1 || !refused && !TransferRetry.mayPass(error)) {
            return false;
        }
        retired = true;
        extent = null;
        run.retires(current);
        return true;
    }

    private static int statusOf(Throwable error) {
        return error instanceof HttpStatusException answer ? answer.status() : 0;
    }

    /** Whether a refused request is worth another URL: once for each time that one has worked. */
    private boolean isWorthAnotherUrl(Throwable error) {
        return TransferRetry.isRefusal(error) && run.plan().source.isRenewable() && refusals++ == 0;
    }

    /** Whether there are more bytes on disk than this extent ever had; that is what earns further attempts. */
    private boolean hasGained() {
        Extent current = extent;
        if (current == null || current.position() <= highWater) {
            return false;
        }
        highWater = current.position();
        fruitless = 0;
        refusals = 0;
        return true;
    }

    static List<Stretch> one(long total, boolean checksum) {
        return List.of(new Stretch(0, 0, total, checksum ? 0 : null));
    }
}
