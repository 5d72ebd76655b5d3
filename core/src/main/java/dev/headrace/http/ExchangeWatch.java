package dev.headrace.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import reactor.core.observability.DefaultSignalListener;
import reactor.core.scheduler.Schedulers;

/**
 * Follows one exchange from its subscription to the end of its body, for interceptors that observe: a new one for each subscription, given
 * to {@link reactor.core.publisher.Mono#tap(java.util.function.Supplier)}. It {@linkplain #ended ends} exactly once, whatever races: a
 * response that comes when the caller has just cancelled is not seen.
 *
 * <p>The methods to override run on the thread of the signal, must not block and must not throw.
 */
public abstract class ExchangeWatch extends DefaultSignalListener<Response> {

    private static final int WAITING = 0;
    private static final int ANSWERED = 1;
    private static final int ENDED = 2;

    private static final AtomicIntegerFieldUpdater<ExchangeWatch> STATE =
            AtomicIntegerFieldUpdater.newUpdater(ExchangeWatch.class, "state");

    private volatile int state = WAITING;
    private long startedAt;

    /** Creates a watch for one subscription. */
    protected ExchangeWatch() {}

    /** The exchange has been subscribed to. */
    protected void started() {}

    /**
     * The head of the response has come.
     *
     * @param response the response; its body belongs to others and must not be touched
     */
    protected void answered(Response response) {}

    /**
     * The exchange is over.
     *
     * @param end how
     */
    protected abstract void ended(ExchangeEnd end);

    /**
     * The time since the exchange was subscribed to.
     *
     * @return by the clock of the parallel scheduler, which tests may move
     */
    protected final Duration sinceStart() {
        return Duration.ofNanos(now() - startedAt);
    }

    @Override
    public final void doFirst() {
        startedAt = now();
        started();
    }

    @Override
    public final void doOnNext(Response response) {
        if (STATE.compareAndSet(this, WAITING, ANSWERED)) {
            answered(response);
            response.onEnd(body -> bodyEnded(response, body));
        }
    }

    @Override
    public final void doOnComplete() {
        // Only without a response: an interceptor that gives none is at fault, but what has started must end.
        if (state == WAITING && STATE.compareAndSet(this, WAITING, ENDED)) {
            ended(withoutResponse(ExchangeEnd.How.READ, null));
        }
    }

    @Override
    public final void doOnError(Throwable failure) {
        if (STATE.compareAndSet(this, WAITING, ENDED)) {
            ended(withoutResponse(ExchangeEnd.How.FAILED, failure));
        }
    }

    @Override
    public final void doOnCancel() {
        if (STATE.compareAndSet(this, WAITING, ENDED)) {
            ended(withoutResponse(ExchangeEnd.How.CANCELLED, null));
        }
    }

    private void bodyEnded(Response response, BodyEnd body) {
        ExchangeEnd.How how = switch (body.how()) {
            case READ -> ExchangeEnd.How.READ;
            case FAILED -> ExchangeEnd.How.FAILED;
            case GIVEN_UP -> ExchangeEnd.How.GIVEN_UP;
        };
        if (STATE.compareAndSet(this, ANSWERED, ENDED)) {
            ended(new ExchangeEnd(
                    how, response.status(), response.isSuccessful(), body.bytes(), sinceStart(), body.failure()));
        }
    }

    private ExchangeEnd withoutResponse(ExchangeEnd.How how, @Nullable Throwable failure) {
        return new ExchangeEnd(how, 0, false, 0, sinceStart(), failure);
    }

    private static long now() {
        return Schedulers.parallel().now(TimeUnit.NANOSECONDS);
    }
}
