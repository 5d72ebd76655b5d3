package dev.headrace.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Follows one exchange from its subscription to the end of its body, for interceptors that observe: a new one for each subscription, see
 * {@link #watching}. It {@linkplain #ended ends} exactly once, whatever races: a response that comes when the caller has just cancelled is
 * not seen.
 *
 * <p>The methods to override run on the thread of the signal, must not block and must not throw.
 */
public abstract class ExchangeWatch {

    private static final int WAITING = 0;
    private static final int ANSWERED = 1;
    private static final int ENDED = 2;

    private static final AtomicIntegerFieldUpdater<ExchangeWatch> STATE =
            AtomicIntegerFieldUpdater.newUpdater(ExchangeWatch.class, "state");

    private volatile int state = WAITING;
    private long startedAt;

    /** Creates a watch for one subscription. */
    protected ExchangeWatch() {}

    /**
     * An exchange under watch, the same in all it does.
     *
     * @param request what is sent
     * @param exchange sends it
     * @param watches makes the watch of a subscription
     * @return the exchange
     */
    public static Mono<Response> watching(
            Request request, Mono<Response> exchange, Function<? super Request, ? extends ExchangeWatch> watches) {
        return WatchedExchange.of(request, exchange, watches);
    }

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

    final void begin() {
        startedAt = now();
        started();
    }

    /** Shows the response and has its end told, whatever the watch makes of it; neither if the exchange is over. */
    final void answer(Response response, Consumer<? super BodyEnd> end) {
        if (STATE.compareAndSet(this, WAITING, ANSWERED)) {
            try {
                answered(response);
            } finally {
                response.onEnd(end);
            }
        }
    }

    /** The end of the response's body. */
    final void endWith(Response response, BodyEnd body) {
        if (STATE.compareAndSet(this, ANSWERED, ENDED)) {
            ExchangeEnd.How how = switch (body.how()) {
                case READ -> ExchangeEnd.How.READ;
                case FAILED -> ExchangeEnd.How.FAILED;
                case GIVEN_UP -> ExchangeEnd.How.GIVEN_UP;
            };
            ended(new ExchangeEnd(
                    how, response.status(), response.isSuccessful(), body.bytes(), sinceStart(), body.failure()));
        }
    }

    /** An end that is none if a response has come: then its body ends the exchange. */
    final void endWithoutResponse(ExchangeEnd.How how, @Nullable Throwable failure) {
        if (state == WAITING && STATE.compareAndSet(this, WAITING, ENDED)) {
            ended(new ExchangeEnd(how, 0, false, 0, sinceStart(), failure));
        }
    }

    private static long now() {
        return Schedulers.parallel().now(TimeUnit.NANOSECONDS);
    }
}
