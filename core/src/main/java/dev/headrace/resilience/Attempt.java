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
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * What one attempt holds of limiter, bulkhead and circuit, and its way through them: it waits, is sent, and ends, each step at most once.
 *
 * <p>The end may come at any moment from another thread, by a cancel. Sending and ending exclude each other under one monitor: an attempt
 * that has ended takes no permit of the circuit any more, and one that takes it gives it back at its end.
 */
final class Attempt {

    private enum Phase {
        WAITING,
        SENT,
        ENDED
    }

    private final Request request;
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
            @Nullable RateLimiter limiter,
            @Nullable CircuitBreaker breaker,
            @Nullable Bulkhead bulkhead,
            ContextView context) {
        this.request = request;
        // The user's functions first: nothing is held yet should they throw.
        String circuitKey = breaker == null ? "" : breaker.policy().keyOf(request, context);
        String lineKey = limiter == null ? "" : limiter.policy().keyOf(request, context);
        int weight = limiter == null ? 0 : limiter.policy().weightOf(request);
        this.circuit = breaker == null ? null : breaker.circuit(circuitKey);
        this.line = limiter == null ? null : limiter.line(lineKey);
        this.permit = limiter == null || line == null ? null : limiter.ticket(line.state(), request, weight);
        // A stream may live for days, and has a connection of its own.
        boolean isCall = request.options().profile() == Profile.CALL;
        this.place = bulkhead == null || !isCall ? null : bulkhead.ticket(request);
    }

    /** Waits for its turn, unless the circuit is open. */
    Mono<Void> admitted() {
        Mono<Void> turn = permit == null ? Mono.empty() : permit.admitted();
        Mono<Void> turns = place == null ? turn : turn.then(place.admitted());
        if (circuit == null) {
            return turns;
        }
        Circuit asked = circuit.state();
        return Mono.defer(() -> asked.isOpen() ? Mono.error(asked.refusal(request)) : turns);
    }

    /** Sends, if the circuit lets it and it has not been cancelled. */
    Mono<Response> send(Exchange next) {
        synchronized (this) {
            if (phase != Phase.WAITING) {
                return Mono.empty();
            }
            if (circuit != null) {
                pass = circuit.state().acquire().orElse(null);
                if (pass == null) {
                    return Mono.error(circuit.state().refusal(request));
                }
            }
            phase = Phase.SENT;
            sentAt = SchedulerClock.nanos();
        }
        if (permit != null) {
            permit.use();
        }
        return next.exchange(request);
    }

    void headCame(Response response) {
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

    void failed(Throwable failure) {
        if (!end()) {
            return;
        }
        if (pass != null && isFailure(failure)) {
            pass.failed(request);
        }
        giveBack();
    }

    /** Nobody waits for it any more. */
    void abandon() {
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
