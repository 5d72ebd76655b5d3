package dev.headrace.transfer;

import dev.headrace.error.HeadraceException;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.transfer.ResumeLadder.Ask;
import dev.headrace.transfer.ResumeLadder.Held;
import dev.headrace.transfer.ResumeLadder.Rung;
import dev.headrace.transfer.TransferProgress.Phase;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;

/**
 * One subscription of a stream: step after step, each a request for what is missing, until all of it has come.
 *
 * <p>{@link ResumeLadder} decides which request, and what an answer means. The position is that of the next byte to come. Bytes that have
 * come and do not fill a chunk yet stay where they are, for the next answer is gone on with only if it is of the same version. What was
 * emitted cannot be taken back, so another version is an error then. Before that the stream simply begins anew: what waits for its chunk
 * to get full is forgotten.
 *
 * <p>A step begins when something is asked for. Steps follow one another, so the fields need no lock; those that the progress looks at
 * are volatile.
 */
final class ByteStreamRun {

    private static final Logger LOG = LoggerFactory.getLogger(ByteStreamRun.class);
    private static final long UNKNOWN = -1;

    private final ByteStream.Plan plan;
    private final ResumeLadder ladder = new ResumeLadder(UNKNOWN, ResumePolicy.RESTART);
    private final @Nullable ProgressReporter reporter;
    private final AtomicLong emitted = new AtomicLong();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger restarts = new AtomicInteger();

    private volatile long total = UNKNOWN;
    private volatile @Nullable Throwable trouble;

    private long position;
    private @Nullable Validator validator;
    private @Nullable Rung rung;
    private boolean forgets;
    private boolean finished;
    private boolean givenUp;

    // Of the step under way.
    private boolean free;
    private boolean gained;
    private long cursor;
    private long promised;

    private int fruitless;
    private int refusals;

    ByteStreamRun(ByteStream.Plan plan) {
        this.plan = plan;
        this.position = plan.from;
        this.reporter = plan.listener == null ? null : new ProgressReporter(plan.listener, emitted::get, this::figures);
    }

    Flux<ByteBuffer> chunks() {
        Flux<ByteBuf> bytes = Flux.just(this)
                // As in Exchange: without hide() and prefetch 0 a step would begin before anything is asked for.
                .hide()
                .concatMap(ByteStreamRun::step, 0)
                .repeat(() -> !isComplete())
                .retryWhen(TransferRetry.of(
                        plan.maxRetries,
                        plan.retryDelay,
                        plan.maxRetryDelay,
                        this::isWorthAnotherRequest,
                        this::waits));
        Flux<ByteBuffer> chunks = ExactChunks.of(bytes, plan.chunkSize, plan.reuse, plan.limit)
                .doOnNext(chunk -> emitted.addAndGet(chunk.remaining()));
        ProgressReporter told = reporter;
        return told == null
                ? chunks
                : chunks.doOnNext(chunk -> told.moved())
                        .doOnTerminate(told::end)
                        .doOnCancel(told::end)
                        .doOnComplete(() -> told.last(figures(Phase.DONE, 0)));
    }

    // ---- steps

    private Flux<ByteBuf> step() {
        free = false;
        gained = false;
        Held held = held();
        Ask ask = ask(held);
        return plan.source
                .requests()
                .flatMapMany(request -> exchange(prepared(request, ask, held), ask, held))
                .concatWith(Flux.defer(this::endOfStep))
                .onErrorResume(this::failedStep);
    }

    private @Nullable Held held() {
        Validator version = validator;
        return version == null ? null : new Held(version, total, 0, position, 0);
    }

    private Ask ask(@Nullable Held held) {
        if (held == null) {
            boolean all = plan.from == 0 && plan.to < 0;
            return all || rung == Rung.WHOLE
                    ? new Ask(Rung.WHOLE, 0, UNKNOWN)
                    : new Ask(Rung.RANGE, plan.from, plan.to);
        }
        Rung next = rung != null ? rung : ladder.rungFor(held);
        return next == Rung.WHOLE ? new Ask(Rung.WHOLE, 0, UNKNOWN) : new Ask(next, position, plan.to);
    }

    private Request prepared(Request request, Ask ask, @Nullable Held held) {
        Request asked = ResumeLadder.request(request, ask, held);
        Duration gap = plan.gap;
        return gap == null ? asked : asked.options(options -> options.timeouts(timeouts -> timeouts.gap(gap)));
    }

    private Flux<ByteBuf> exchange(Request asked, Ask ask, @Nullable Held held) {
        requests.incrementAndGet();
        tell(Phase.CONNECTING);
        return plan.connector.<ByteBuf>exchange(asked, response -> receive(asked, ask, held, response));
    }

    private Publisher<ByteBuf> receive(Request asked, Ask ask, @Nullable Held held, Response response) {
        ResumeLadder.Verdict verdict = ladder.judge(asked.describe(), ask, response, held);
        if (verdict instanceof ResumeLadder.Begin begin) {
            return begin(asked, response, begin);
        }
        if (verdict instanceof ResumeLadder.Append append) {
            total = append.total() >= 0 ? append.total() : total;
            boolean toTheEnd = append.whole() && total < 0;
            return read(asked, response, append.start(), append.length())
                    .concatWith(Flux.defer(() -> toTheEnd ? endOfWhole(asked, append.framed()) : Flux.empty()));
        }
        if (verdict instanceof ResumeLadder.Finished known) {
            total = known.total();
            finished = true;
            return Flux.empty();
        }
        if (verdict instanceof ResumeLadder.NextRung next) {
            rung = next.rung();
            free = true;
            return Flux.empty();
        }
        if (verdict instanceof ResumeLadder.AskPlainly plain) {
            return askForTheWhole(plain.reason());
        }
        if (verdict instanceof ResumeLadder.Unsupported unsupported) {
            // The same version all the same; what is not wanted of it can be skipped.
            return askForTheWhole(unsupported.reason());
        }
        if (verdict instanceof ResumeLadder.StartOver again) {
            trouble = again.reason();
            ContentChangedException changed = beginAnew(asked, again.reason());
            return changed == null ? Flux.empty() : Flux.error(changed);
        }
        if (verdict instanceof ResumeLadder.Refuse refusal) {
            return Flux.error(refusal.reason());
        }
        return HttpStatusException.from(asked, response).flatMap(Mono::error);
    }

    private Flux<ByteBuf> askForTheWhole(HeadraceException reason) {
        trouble = reason;
        rung = Rung.WHOLE;
        return Flux.empty();
    }

    /** The content, or a part of it, of a version that nothing is held of. */
    private Flux<ByteBuf> begin(Request asked, Response response, ResumeLadder.Begin whole) {
        ContentChangedException changed = position > plan.from ? beginAnew(asked, null) : null;
        if (changed != null) {
            return Flux.error(changed);
        }
        if (whole.total() >= 0 && whole.total() < plan.from) {
            return Flux.error(tooShort(asked, whole.total()));
        }
        validator = whole.validator();
        total = whole.total();
        rung = null;
        boolean toTheEnd = !whole.ranged() && whole.total() < 0;
        Flux<ByteBuf> bytes = read(asked, response, whole.start(), whole.length())
                .concatWith(Flux.defer(() -> toTheEnd ? endOfWhole(asked, whole.framed()) : Flux.empty()));
        if (forgets) {
            forgets = false;
            return Flux.just(ExactChunks.FORGET).concatWith(bytes);
        }
        return bytes;
    }

    /** Forgets what came, for it is of another version than what comes; the error if that cannot be done. */
    private @Nullable ContentChangedException beginAnew(Request asked, @Nullable Throwable reason) {
        if (emitted.get() > 0 || restarts.incrementAndGet() > limit()) {
            givenUp = true;
            ContentChangedException changed = new ContentChangedException(
                    asked.describe(), "all before byte " + position + " is of another version than what comes now");
            if (reason != null) {
                changed.addSuppressed(reason);
            }
            return changed;
        }
        forget();
        return null;
    }

    private void forget() {
        forgets = forgets || position > plan.from;
        position = plan.from;
        validator = null;
        total = UNKNOWN;
        rung = null;
        free = true;
    }

    // ---- bodies

    private Flux<ByteBuf> read(Request asked, Response response, long start, long length) {
        cursor = start;
        promised = length < 0 ? Long.MAX_VALUE : length;
        tell(Phase.TRANSFERRING);
        Flux<ByteBuf> body = response.body();
        Flux<ByteBuf> guarded = plan.speed == null ? body : SpeedGuard.over(body, plan.speed, asked.describe());
        return guarded.handle((bytes, sink) -> next(asked, bytes, sink));
    }

    /** What is wanted of a buffer. It stays its owner's: a part of it is only valid as long as the whole. */
    private void next(Request asked, ByteBuf bytes, SynchronousSink<ByteBuf> sink) {
        int length = bytes.readableBytes();
        if (length > promised) {
            sink.error(new ContentRangeException(asked.describe(), "more bytes came than were promised"));
            return;
        }
        promised -= length;
        int skipped = (int) Math.min(length, Math.max(0, position - cursor));
        int wanted = (int) Math.min(length - skipped, goal() - position);
        cursor += length;
        if (wanted > 0) {
            position += wanted;
            gained = true;
            fruitless = 0;
            refusals = 0;
            sink.next(wanted == length ? bytes : bytes.slice(bytes.readerIndex() + skipped, wanted));
        }
        if (promised > 0 && position >= goal()) {
            // What follows is not wanted; only the connection's end keeps it away.
            sink.complete();
        }
    }

    private Flux<ByteBuf> endOfWhole(Request asked, boolean framed) {
        if (isComplete()) {
            return Flux.empty();
        }
        if (!framed && !plan.unframed) {
            return Flux.error(new UnverifiableLengthException(asked.describe(), cursor));
        }
        if (cursor < plan.from) {
            return Flux.error(tooShort(asked, cursor));
        }
        if (cursor == position) {
            total = cursor;
        }
        return Flux.empty();
    }

    private ContentRangeException tooShort(Request asked, long length) {
        return new ContentRangeException(
                asked.describe(), "it has " + length + " bytes, and was to be read from byte " + plan.from);
    }

    /** The byte behind the last one wanted, as far as is known. */
    private long goal() {
        long known = total < 0 ? Long.MAX_VALUE : total;
        return plan.to < 0 ? known : Math.min(plan.to, known);
    }

    private boolean isComplete() {
        return finished || position >= goal();
    }

    // ---- ends of steps

    private Flux<ByteBuf> endOfStep() {
        if (isComplete()) {
            return Flux.empty();
        }
        if (gained) {
            rung = null;
        }
        if (isUnprovable()) {
            Throwable end = unprovable(new ContentRangeException(
                    plan.source.describe(), "the part that came ends before byte " + position));
            return end == null ? Flux.empty() : Flux.error(end);
        }
        if (gained || free || ++fruitless <= limit()) {
            return Flux.empty();
        }
        givenUp = true;
        Throwable reason = trouble;
        return Flux.error(
                reason != null
                        ? reason
                        : new ContentRangeException(
                                plan.source.describe(), "none of the bytes from " + position + " on came"));
    }

    private Flux<ByteBuf> failedStep(Throwable error) {
        if (givenUp) {
            return Flux.error(error);
        }
        if (isComplete()) {
            // The line broke behind the last byte.
            return Flux.empty();
        }
        trouble = error;
        if (gained) {
            rung = null;
        }
        Throwable end = isUnprovable() && TransferRetry.mayPass(error) ? unprovable(error) : null;
        return Flux.error(end == null ? error : end);
    }

    /** Whether something has come, and nothing could show that what comes next is of the same version. */
    private boolean isUnprovable() {
        Held held = held();
        return held != null && ladder.rungFor(held) == Rung.WHOLE;
    }

    /** Forgets what came; what to fail with if that cannot be done. */
    private @Nullable Throwable unprovable(Throwable reason) {
        if (emitted.get() > 0) {
            givenUp = true;
            return new BrokenStreamException(plan.source.describe(), position, reason);
        }
        if (position > plan.from && restarts.incrementAndGet() > limit()) {
            givenUp = true;
            return reason;
        }
        forget();
        return null;
    }

    private boolean isWorthAnotherRequest(Throwable error) {
        return !givenUp
                && (TransferRetry.mayPass(error)
                        || TransferRetry.isRefusal(error) && plan.source.isRenewable() && refusals++ == 0);
    }

    private void waits(Throwable error) {
        tell(Phase.CONNECTING);
        LOG.debug("Going on with {} at byte {} after: {}", plan.source.describe(), position, error.getMessage());
    }

    private int limit() {
        return Math.max(1, plan.maxRetries);
    }

    // ---- progress

    private void tell(Phase phase) {
        if (reporter != null) {
            reporter.phase(phase);
        }
    }

    private TransferProgress figures(Phase phase, long bytesPerSecond) {
        long done = emitted.get();
        long goal = goal();
        Throwable last = trouble;
        return new TransferProgress(
                phase,
                done,
                goal == Long.MAX_VALUE ? UNKNOWN : Math.max(0, goal - plan.from),
                bytesPerSecond,
                0,
                restarts.get(),
                requests.get(),
                last == null ? null : last.getMessage());
    }
}
