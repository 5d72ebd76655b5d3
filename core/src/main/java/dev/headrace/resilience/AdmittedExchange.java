package dev.headrace.resilience;

import dev.headrace.http.Exchange;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * An exchange that is sent when it is admitted, an {@link Attempt} for each subscription.
 *
 * <p>Why it exists: what an attempt holds has to be given back at its end, whichever it is, and that takes an operator for each (a success,
 * an error, a cancel) around two that wait and then go on. An attempt knows its phase anyway; when it takes the signals itself, a call that
 * is admitted at once, as nearly all are, costs this, the attempt and its tickets instead of some twenty objects.
 */
final class AdmittedExchange extends Mono<Response> implements Scannable {

    private final Admission admission;
    private final Request request;
    private final Exchange next;

    private AdmittedExchange(Admission admission, Request request, Exchange next) {
        this.admission = admission;
        this.request = request;
        this.next = next;
    }

    static Mono<Response> of(Admission admission, Request request, Exchange next) {
        return onAssembly(new AdmittedExchange(admission, request, next));
    }

    @Override
    public void subscribe(CoreSubscriber<? super Response> actual) {
        Attempt attempt;
        try {
            attempt = admission.attempt(request, next, actual);
        } catch (Throwable e) {
            Operators.error(actual, Operators.onOperatorError(e, actual.currentContext()));
            return;
        }
        actual.onSubscribe(attempt);
        attempt.enter();
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }
}
