package dev.headrace.transfer;

import dev.headrace.http.Body;
import dev.headrace.http.HttpException;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.UriReference;
import dev.headrace.transfer.TransferProgress.Phase;
import java.net.URI;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** One run of a plain upload, for one subscriber: the whole source as the body of one request, which is sent anew where that is safe. */
final class PlainUploadRun {

    private static final String DEFAULT_TYPE = "application/octet-stream";

    private final Upload.Plan plan;
    private final DiskWorker worker = new DiskWorker();
    private final UploadSource source;
    private final UploadMeter meter;
    private boolean begun;
    private volatile @Nullable Uploaded answered;
    private volatile @Nullable Throwable sourceFailure;
    private @Nullable Uploaded result;
    /** Looked at and set on the worker: what comes after the end must open nothing. */
    private boolean closed;

    private PlainUploadRun(Upload.Plan plan, Consumer<? super TransferProgress> listener) {
        this.plan = plan;
        this.source = plan.source(worker, this::checkpoint);
        this.meter = new UploadMeter(source, listener);
    }

    static Mono<Uploaded> of(Upload.Plan plan, Consumer<? super TransferProgress> listener) {
        return Mono.usingWhen(
                Mono.fromSupplier(() -> new PlainUploadRun(plan, listener)),
                run -> run.execute().doOnNext(done -> run.result = done),
                PlainUploadRun::close,
                (run, error) -> run.close(),
                PlainUploadRun::close);
    }

    /** Nothing is kept for a later run; that the bytes are the same the second time is checked all the same. */
    private void checkpoint() {
        source.prefix().note();
    }

    private Mono<Void> close() {
        return worker.run(() -> {
            closed = true;
            try {
                source.close();
            } finally {
                meter.end(result);
            }
        });
    }

    private Mono<Uploaded> execute() {
        return worker.run(() -> {
                    if (closed) {
                        throw new CancellationException();
                    }
                    source.open();
                })
                .then(Mono.defer(this::send)
                        .retryWhen(UploadRetry.of(
                                plan.maxRetries, plan, this::mayPass, () -> meter.phase(Phase.CONNECTING))));
    }

    private Mono<Uploaded> send() {
        if (begun) {
            meter.restart();
        }
        begun = true;
        sourceFailure = null;
        meter.request();
        meter.phase(Phase.CONNECTING);
        long length = source.length();
        StallClock clock = new StallClock();
        Body body = new UploadBody(plan.limit, clock, this::moved, error -> sourceFailure = error)
                .of(
                        source.read(0, length < 0 ? Long.MAX_VALUE : length),
                        length,
                        plan.request.headers().first("Content-Type").orElse(DEFAULT_TYPE));
        Request asked = plan.request.body(body);
        return worker.run(() -> {
                    source.verify();
                    // What is read again is compared with what it was.
                    source.prefix().note();
                })
                .then(clock.over(
                        plan.connector
                                .<Void>exchange(asked, response -> receive(asked, response, length, clock))
                                .then(),
                        asked,
                        plan.connector.settings().timeouts()))
                .then(Mono.defer(() -> Mono.justOrEmpty(answered)))
                .onErrorMap(this::unmasked)
                .doOnError(error -> meter.trouble(error, ""));
    }

    private void moved(int bytes) {
        if (meter.position() == 0) {
            meter.phase(Phase.TRANSFERRING);
        }
        meter.moved(bytes);
    }

    private Mono<Void> receive(Request asked, Response response, long length, StallClock clock) {
        clock.answered();
        if (!response.isSuccessful()) {
            return HttpStatusException.from(asked, response).flatMap(Mono::error);
        }
        if (length < 0 ? !clock.isBodyComplete() : meter.position() < length) {
            return Mono.error(UploadOffsetException.premature(asked.describe(), response.status(), meter.position()));
        }
        long total = source.length();
        URI here = response.uri();
        return response.discard()
                .then(Mono.fromRunnable(() -> answered = new Uploaded(
                        response.headers()
                                .first("Location")
                                .map(target -> resolved(here, target))
                                .orElse(here),
                        meter.sent(),
                        total < 0 ? meter.position() : total,
                        false,
                        0,
                        meter.restarts(),
                        meter.requests(),
                        response.headers().first("ETag").orElse(null))));
    }

    /** The server has everything, whatever it says about where. */
    private static URI resolved(URI here, String target) {
        try {
            return UriReference.resolve(here, target);
        } catch (IllegalArgumentException e) {
            return here;
        }
    }

    /** A body that fails fails its request, and the transport has its own words for that. */
    private Throwable unmasked(Throwable error) {
        Throwable reason = sourceFailure;
        return reason == null ? error : reason;
    }

    private boolean mayPass(Throwable error) {
        // A source that fails may have failed at a request of its own, which says nothing about whether ours was sent.
        boolean unsent = error != sourceFailure && error instanceof HttpException failed && !failed.requestSent();
        return UploadRetry.isTransient(error) && (plan.request.isIdempotent() || unsent);
    }
}
