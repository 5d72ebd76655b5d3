package dev.headrace.observe;

import dev.headrace.http.Exchange;
import dev.headrace.http.ExchangeEnd;
import dev.headrace.http.ExchangeWatch;
import dev.headrace.http.Headers;
import dev.headrace.http.Interceptor;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.RequestReplySenderContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;

/** One observation around each exchange, of a call or of an attempt. */
final class ObservationInterceptor implements Interceptor {

    // ObservationThreadLocalAccessor.KEY; that class itself needs Micrometer's context-propagation library.
    static final String KEY = "micrometer.observation";

    private static final Logger LOG = LoggerFactory.getLogger(ObservationInterceptor.class);
    private static final String NONE = "none";
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT");

    private final @Nullable ObservationRegistry registry;
    private final String name;
    private final boolean perAttempt;

    ObservationInterceptor(@Nullable ObservationRegistry registry, String name, boolean perAttempt) {
        this.registry = registry;
        this.name = name;
        this.perAttempt = perAttempt;
    }

    @Override
    public Mono<Response> intercept(Request request, Exchange next) {
        return Mono.deferContextual(context -> {
            Object found = context.<Object>getOrDefault(KEY, NONE);
            Observation parent = found instanceof Observation observation ? observation : Observation.NOOP;
            ObservationRegistry into = registry == null ? parent.getObservationRegistry() : registry;
            if (into.isNoop()) {
                return next.exchange(request);
            }
            Map<String, String> injected = new LinkedHashMap<>();
            Observation.Context details = perAttempt ? attempt(request, injected) : new Observation.Context();
            Observation observation =
                    started(request, parent, Observation.createNotStarted(nameOf(), () -> details, into));
            // Deferred: from here on whatever goes wrong must come as a signal that stops the observation.
            Mono<Response> sent = Mono.defer(() -> next.exchange(carrying(injected, request)));
            return ExchangeWatch.watching(request, sent, same -> new Stop(observation, details))
                    .contextWrite(below -> below.put(KEY, observation));
        });
    }

    private String nameOf() {
        return perAttempt ? "headrace.attempt" : "headrace.call";
    }

    private RequestReplySenderContext<Map<String, String>, Headers> attempt(
            Request request, Map<String, String> injected) {
        RequestReplySenderContext<Map<String, String>, Headers> details =
                new RequestReplySenderContext<>((carrier, key, value) -> injected.put(key, value));
        details.setCarrier(injected);
        details.setRemoteServiceName(name);
        details.setRemoteServiceAddress(
                request.uri().getScheme() + "://" + request.uri().getHost());
        return details;
    }

    private Observation started(Request request, Observation parent, Observation observation) {
        String template = request.template().orElse(NONE);
        observation
                .contextualName(request.method() + (template.equals(NONE) ? "" : " " + template))
                .lowCardinalityKeyValue("method", METHODS.contains(request.method()) ? request.method() : "OTHER")
                .lowCardinalityKeyValue("template", template)
                .lowCardinalityKeyValue("connector", name)
                .highCardinalityKeyValue(
                        "uri", request.describe().substring(request.method().length() + 1));
        if (perAttempt) {
            observation.lowCardinalityKeyValue("attempt", request.attempt() == 1 ? "first" : "retry");
        }
        if (!parent.isNoop()) {
            observation.parentObservation(parent);
        }
        try {
            return observation.start();
        } catch (Throwable thrown) {
            return goOn(observation, thrown);
        }
    }

    /** What only watches must not end what it watches. */
    private static Observation goOn(Observation observation, Throwable thrown) {
        Exceptions.throwIfJvmFatal(thrown);
        LOG.warn("A handler of observations threw; the exchange goes on", thrown);
        return observation;
    }

    private static Request carrying(Map<String, String> injected, Request request) {
        Request carrying = request;
        for (Map.Entry<String, String> header : injected.entrySet()) {
            carrying = carrying.header(header.getKey(), header.getValue());
        }
        return carrying;
    }

    /** Stops an observation when its exchange is over. */
    private static final class Stop extends ExchangeWatch {

        private final Observation observation;
        private final Observation.Context details;

        Stop(Observation observation, Observation.Context details) {
            this.observation = observation;
            this.details = details;
        }

        @Override
        @SuppressWarnings("unchecked")
        protected void answered(Response response) {
            if (details instanceof RequestReplySenderContext<?, ?> attempt) {
                ((RequestReplySenderContext<?, Headers>) attempt).setResponse(response.headers());
            }
        }

        @Override
        protected void ended(ExchangeEnd end) {
            try {
                stop(end);
            } catch (Throwable thrown) {
                var unused = goOn(observation, thrown);
            }
        }

        private void stop(ExchangeEnd end) {
            Throwable failure = end.failure();
            observation
                    .lowCardinalityKeyValue("status", end.status() == 0 ? NONE : String.valueOf(end.status()))
                    .lowCardinalityKeyValue("outcome", outcome(end))
                    .lowCardinalityKeyValue("exception", failure == null ? NONE : simpleName(failure));
            if (failure != null) {
                observation.error(failure);
            }
            switch (end.how()) {
                case CANCELLED -> observation.event(Observation.Event.of("cancelled"));
                case GIVEN_UP -> observation.event(Observation.Event.of("given up"));
                case READ, FAILED -> {}
            }
            observation.stop();
        }

        private static String outcome(ExchangeEnd end) {
            return switch (end.how()) {
                case FAILED -> "FAILED";
                case CANCELLED -> "CANCELLED";
                case READ, GIVEN_UP -> end.successful() ? "SUCCESS" : outcome(end.status());
            };
        }

        private static String outcome(int status) {
            return switch (status / 100) {
                case 2 -> "REJECTED";
                case 3 -> "REDIRECTION";
                case 4 -> "CLIENT_ERROR";
                case 5 -> "SERVER_ERROR";
                default -> "FAILED";
            };
        }

        private static String simpleName(Throwable failure) {
            String simple = failure.getClass().getSimpleName();
            return simple.isEmpty() ? failure.getClass().getName() : simple;
        }
    }
}
