package dev.headrace.http;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Exceptions;

/** Several listeners and the two places of a chain from which they see calls and attempts. */
public final class ExchangeListeners {

    private static final Logger LOG = LoggerFactory.getLogger(ExchangeListeners.class);

    // An array, for whoever is told five times per call needs no iterator each time.
    private final Guarded[] listeners;

    private ExchangeListeners(Guarded[] listeners) {
        this.listeners = listeners;
    }

    /**
     * Listeners, told in this order.
     *
     * @param listeners the listeners; with none, do not put the interceptors into a chain
     * @return the listeners
     */
    public static ExchangeListeners of(List<? extends ExchangeListener> listeners) {
        return new ExchangeListeners(listeners.stream().map(Guarded::new).toArray(Guarded[]::new));
    }

    /**
     * Tells of calls; belongs outside retry.
     *
     * @return the interceptor
     */
    public Interceptor perCall() {
        return watching(CallWatch::new);
    }

    /**
     * Tells of attempts; belongs inside retry, admission and document head, so that neither a wait for a permit nor the reading of a
     * head counts as the remote's latency.
     *
     * @return the interceptor
     */
    public Interceptor perAttempt() {
        return watching(AttemptWatch::new);
    }

    private static Interceptor watching(Function<Request, ExchangeWatch> watches) {
        return (request, next) -> ExchangeWatch.watching(request, next.exchange(request), watches);
    }

    private final class CallWatch extends ExchangeWatch {

        private final Request request;

        CallWatch(Request request) {
            this.request = request;
        }

        @Override
        protected void started() {
            for (Guarded listener : listeners) {
                listener.callStarted(request);
            }
        }

        @Override
        protected void ended(ExchangeEnd end) {
            for (Guarded listener : listeners) {
                listener.callEnded(request, end);
            }
        }
    }

    private final class AttemptWatch extends ExchangeWatch {

        private final Request request;

        AttemptWatch(Request request) {
            this.request = request;
        }

        @Override
        protected void started() {
            for (Guarded listener : listeners) {
                listener.attemptStarted(request);
            }
        }

        @Override
        protected void answered(Response response) {
            Duration latency = sinceStart();
            for (Guarded listener : listeners) {
                listener.headReceived(response.request(), response.status(), response.headers(), latency);
            }
        }

        @Override
        protected void ended(ExchangeEnd end) {
            for (Guarded listener : listeners) {
                listener.attemptEnded(request, end);
            }
        }
    }

    /** A listener whose failures go to the log, once. */
    private static final class Guarded implements ExchangeListener {

        private final ExchangeListener listener;
        private final AtomicBoolean logged = new AtomicBoolean();

        Guarded(ExchangeListener listener) {
            this.listener = listener;
        }

        @Override
        public void callStarted(Request request) {
            try {
                listener.callStarted(request);
            } catch (Throwable thrown) {
                goOn(thrown);
            }
        }

        @Override
        public void callEnded(Request request, ExchangeEnd end) {
            try {
                listener.callEnded(request, end);
            } catch (Throwable thrown) {
                goOn(thrown);
            }
        }

        @Override
        public void attemptStarted(Request request) {
            try {
                listener.attemptStarted(request);
            } catch (Throwable thrown) {
                goOn(thrown);
            }
        }

        @Override
        public void headReceived(Request request, int status, Headers headers, Duration latency) {
            try {
                listener.headReceived(request, status, headers, latency);
            } catch (Throwable thrown) {
                goOn(thrown);
            }
        }

        @Override
        public void attemptEnded(Request request, ExchangeEnd end) {
            try {
                listener.attemptEnded(request, end);
            } catch (Throwable thrown) {
                goOn(thrown);
            }
        }

        private void goOn(Throwable thrown) {
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
