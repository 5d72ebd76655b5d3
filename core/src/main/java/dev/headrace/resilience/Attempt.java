package dev.headrace.resilience;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.BodyEnd;
import dev.headrace.http.Exchange;
import dev.headrace.http.ExchangeOptions.Profile;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.TransportException;
import dev.headrace.http.Verdict;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * What one attempt holds of limiter, bulkhead and circuit, and its way through them: it waits, is sent, and ends, each step at most once.
 * It stands between whoever wants the response and the exchange that gives it.
 *
 * <p>The end may come at any moment from another thread, by a cancel. Sending and ending exclude each other under one monitor: an attempt
 * that has ended takes no permit of the circuit any more, and one that takes it gives it back at its end. A ticket that was given back is
 * never admitted, so whoever has cancelled is not sent. What is asked for before it is sent is kept by the deferred subscription.
 */
final class Attempt extends Operators.DeferredSubscription implements CoreSubscriber<Response> {

    private enum Phase {
        WAITING,
        SENT,
        ENDED
    }

    private final Request request;
    private final Exchange next;
    private final CoreSubscriber<? super Response> actual;
    private final Keyed.@Nullable Use<WaitingLine<RateGate>> line;
    private final Keyed.@Nullable Use<Circuit> circuit;
    private final WaitingLine<RateGate>.@Nullable Ticket permit;
    private final WaitingLine<Bulkhead.Places>.@Nullable Ticket place;

    // Guarded by this.
    private Phase phase = Phase.WAITING;
    private Circuit.@Nullable Permit pass;
    private long sentAt;

    Attempt(
            Request request,
            Exchange next,
            @Nullable RateLimiter limiter,
            @Nullable CircuitBreaker breaker,
            @Nullable Bulkhead bulkhead,
            CoreSubscriber<? super Response> actual) {
        this.request = request;
        this.next = next;
        this.actual = actual;
        // The user's functions first: nothing is held yet should they throw.
        String circuitKey = breaker == null ? "" : breaker.policy().keyOf(request, actual.currentContext());
        String lineKey = limiter == null ? "" : limiter.policy().keyOf(request, actual.currentContext());
        int weight = limiter == null ? 0 : limiter.policy().weightOf(request);
        this.circuit = breaker == null ? null : breaker.circuit(circuitKey);
        this.line = limiter == null ? null : limiter.line(lineKey);
        this.permit = line == null ? null : line.state().ticket(request, weight);
        // A stream may live for days, and has a connection of its own.
        boolean isCall = request.options().profile() == Profile.CALL;
        this.place = bulkhead == null || !isCall ? null : bulkhead.ticket(request);
    }

    /** Waits for its turn, unless the circuit is open. */
    void enter() {
        if (circuit != null && circuit.state().isOpen()) {
            refuse(circuit.state().refusal(request));
        } else if (permit == null || permit.tryEnter()) {
            takePlace();
        } else {
            permit.enter(this::takePlace, this::refuse);
        }
    }

    private void takePlace() {
        if (place == null || place.tryEnter()) {
            send();
        } else {
            place.enter(this::send, this::refuse);
        }
    }

    /** Sends, if the circuit lets it and it has not been cancelled. */
    private void send() {
        synchronized (this) {
            if (phase != Phase.WAITING) {
                return;
            }
            pass = circuit == null ? null : circuit.state().acquire().orElse(null);
            if (circuit == null || pass != null) {
                phase = Phase.SENT;
                sentAt = SchedulerClock.nanos();
            }
        }
        if (circuit != null && pass == null) {
            refuse(circuit.state().refusal(request));
            return;
        }
        if (permit != null) {
            permit.use();
        }
        Mono<Response> sent;
        try {
            sent = Objects.requireNonNull(next.exchange(request), "an interceptor returned null");
        } catch (Throwable e) {
            onError(Operators.onOperatorError(e, currentContext()));
            return;
        }
        sent.subscribe(this);
    }

    private void refuse(Throwable refusal) {
        if (end()) {
            giveBack();
            actual.onError(refusal);
        }
    }

    @Override
    public Context currentContext() {
        return actual.currentContext();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        var unused = set(subscription);
    }

    @Override
    public void onNext(Response response) {
        if (isCancelled()) {
            // Whoever made it takes back what nobody reads.
            Operators.onDiscard(response, currentContext());
            return;
        }
        try {
            headCame(response);
        } catch (Throwable e) {
            // What is learned from an answer must not cost the answer.
            Exceptions.throwIfJvmFatal(e);
            Operators.onErrorDropped(e, currentContext());
        }
        actual.onNext(response);
    }

    @Override
    public void onComplete() {
        // Without a response: an interceptor that gives none is at fault.
        abandon();
        actual.onComplete();
    }

    @Override
    public void onError(Throwable failure) {
        failed(failure);
        actual.onError(failure);
    }

    @Override
    public void request(long n) {
        if (n > 0) {
            super.request(n);
        } else {
            super.cancel();
            refuse(new IllegalArgumentException("§3.9: demand must be positive, but is " + n));
        }
    }

    @Override
    public void cancel() {
        abandon();
        super.cancel();
    }

    private void headCame(Response response) {
        if (!end()) {
            return;
        }
        try {
            if (line != null) {
                line.state().change(gate -> gate.observe(response, sentAt));
            }
        } finally {
            // Whatever an interceptor has made of the response: what this attempt holds is held by nobody else.
            settle(response);
        }
    }

    private void settle(Response response) {
        Circuit.Permit judged = pass;
        boolean good = judged != null && !isFailure(response);
        if (judged != null) {
            if (good) {
                judged.succeeded(request);
            } else {
                judged.failed(request);
            }
        }
        leave();
        if (place != null || good) {
            response.onEnd(end -> {
                if (good && end.how() == BodyEnd.How.FAILED && judged != null) {
                    judged.failedLater(request);
                }
                if (place != null) {
                    place.giveBack();
                }
            });
        }
    }

    private void failed(Throwable failure) {
        if (!end()) {
            return;
        }
        if (pass != null && isFailure(failure)) {
            pass.failed(request);
        }
        giveBack();
    }

    /** Nobody waits for it any more. */
    private void abandon() {
        if (end()) {
            giveBack();
        }
    }

    private synchronized boolean end() {
        boolean first = phase != Phase.ENDED;
        phase = Phase.ENDED;
        return first;
    }

    private void giveBack() {
        if (pass != null) {
            pass.giveBack(request);
        }
        if (place != null) {
            place.giveBack();
        }
        if (permit != null) {
            permit.giveBack();
        }
        leave();
    }

    private void leave() {
        if (circuit != null) {
            circuit.leave();
        }
        if (line != null) {
            line.leave();
        }
    }

    private static boolean isFailure(Response response) {
        if (response.verdict().isEmpty()) {
            return response.status() >= 500 || response.status() == 408 || response.status() == 429;
        }
        Verdict verdict = response.verdict().get();
        return verdict instanceof Verdict.Retry
                || verdict instanceof Verdict.RateLimited
                || verdict instanceof Verdict.Fail fail && fail.kind() == FailureKind.TRANSIENT;
    }

    private static boolean isFailure(Throwable failure) {
        return failure instanceof TransportException
                || failure instanceof HeadraceException known
                        && known.isTransient()
                        && !(failure instanceof NotAdmittedException)
                || failure instanceof IOException
                || failure instanceof TimeoutException;
    }
}
