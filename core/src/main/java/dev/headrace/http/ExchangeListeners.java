package dev.headrace.http;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Exceptions;

/** Several listeners and the two places of a chain from which they see calls and attempts. */
public final class ExchangeListeners {

    private static final Logger LOG = LoggerFactory.getLogger(ExchangeListeners.class);

    private final List<Guarded> listeners;

    private ExchangeListeners(List<Guarded> listeners) {
        this.listeners = listeners;
    }

    /**
     * Listeners, told in this order.
     *
     * @param listeners the listeners; with none, do not put the interceptors into a chain
     * @return the listeners
     */
    public static ExchangeListeners of(List<? extends ExchangeListener> listeners) {
        return new ExchangeListeners(
                listeners.stream().<Guarded>map(Guarded::new).toList());
    }

    /**
     * Tells of calls; belongs outside retry.
     *
     * @return the interceptor
     */
    public Interceptor perCall() {
        return (request, next) -> next.exchange(request).tap(() -> new CallWatch(request));
    }

    /**
     * Tells of attempts; belongs inside retry, admission and document head, so that neither a wait for a permit nor the reading of a
     * head counts as the remote's latency.
     *
     * @return the interceptor
     */
    public Interceptor perAttempt() {
        return (request, next) -> next.exchange(request).tap(() -> new AttemptWatch(request));
    }

    private void tell(Consumer<ExchangeListener> event) {
        // By index: this runs five times per call, and an iterator is an object.
        for (int i = 0; i < listeners.size(); i++) {
            listeners.get(i).tell(event);
        }
    }

    private final class CallWatch extends ExchangeWatch {

        private final Request request;

        CallWatch(Request request) {
            this.request = request;
        }

        @Override
        protected void started() {
            tell(listener -> listener.callStarted(request));
        }

        @Override
        protected void ended(ExchangeEnd end) {
            tell(listener -> listener.callEnded(request, end));
        }
    }

    private final class AttemptWatch extends ExchangeWatch {

        private final Request request;

        AttemptWatch(Request request) {
            this.request = request;
        }

        @Override
        protected void started() {
            tell(listener -> listener.attemptStarted(request));
        }

        @Override
        protected void answered(Response response) {
            tell(listener ->
                    listener.headReceived(response.request(), response.status(), response.headers(), sinceStart()));
        }

        @Override
        protected void ended(ExchangeEnd end) {
            tell(listener -> listener.attemptEnded(request, end));
        }
    }

    /** A listener whose failures go to the log, once. */
    private static final class Guarded {

        private final ExchangeListener listener;
        private final AtomicBoolean logged = new AtomicBoolean();

        Guarded(ExchangeListener listener) {
            this.listener = listener;
        }

        void tell(Consumer<ExchangeListener> event) {
            try {
                event.accept(listener);
            } catch (Throwable thrown) {
                Exceptions.throwIfJvmFatal(thrown);
                if (logged.compareAndSet(false, true)) {
                    LOG.warn(
                            "{} threw; the exchange goes on, and what it throws from now on is not logged",
                            listener.getClass().getName(),
                            thrown);
                }
            }
        }
    }
}
