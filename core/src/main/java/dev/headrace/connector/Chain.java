package dev.headrace.connector;

import dev.headrace.http.Exchange;
import dev.headrace.http.ExchangeListeners;
import dev.headrace.http.Interceptor;
import dev.headrace.http.OriginPolicy;
import dev.headrace.http.Transport;
import dev.headrace.observe.Observations;
import dev.headrace.observe.TraceContext;
import dev.headrace.resilience.Admission;
import java.util.ArrayList;
import java.util.List;
import java.util.ListIterator;
import org.jspecify.annotations.Nullable;

/** The interceptors around a transport, in the one order that is right. */
final class Chain {

    private final List<Interceptor> steps = new ArrayList<>();

    private Chain() {}

    /** Outermost first. A step that is off is not in the chain. */
    static Exchange assemble(Settings settings, Transport transport) {
        Chain chain = new Chain();
        ExchangeListeners observers = settings.observers();
        Observations observations = settings.observations;
        OriginPolicy origins = settings.origins;

        // Per call. Retry is the only one that sends again. (The total deadline lies around the whole call, body
        // included: Connector.)
        chain.add(settings.hooks.isEmpty() ? null : new Hooks(settings.hooks));
        chain.add(observations == null ? null : observations.perCall());
        chain.add(observers.perCall());
        settings.callInterceptors.forEach(chain::add);
        chain.add(settings.retryStep());

        // Per attempt. Admission first, for a wait of ours is not the server's; then the head of a document, for a
        // break within it is a failed attempt like any other. Observers count from the first byte sent.
        boolean admitsAll = settings.limiter() == null && settings.breaker() == null && settings.places() == null;
        chain.add(admitsAll ? null : Admission.of(settings.limiter(), settings.breaker(), settings.places()));
        chain.add(Interceptor.documentHead());
        chain.add(observers.perAttempt());
        chain.add(observations == null ? null : observations.perAttempt());
        chain.add(TraceContext.fromContext());
        settings.interceptors.forEach(chain::add);

        // Per hop. Credentials and cookies come last of what changes a request, so that they win, and only where they
        // belong; what an answer means is decided inside the credentials, so that they hear when it refuses them.
        chain.add(Interceptor.redirects(settings.maxRedirects, target -> origins.trusts(settings.base, target)));
        chain.add(new OriginRule(settings.base, origins, settings.auth));
        chain.add(settings.cookieJar());
        chain.add(settings.errors().rules().isEmpty() ? null : settings.errors().asInterceptor());
        chain.add(settings.wireLog);
        chain.add(Interceptor.decompression());

        return chain.endingAt(transport);
    }

    private void add(@Nullable Interceptor step) {
        if (step != null) {
            steps.add(step);
        }
    }

    private Exchange endingAt(Transport transport) {
        Exchange exchange = transport;
        ListIterator<Interceptor> innermostFirst = steps.listIterator(steps.size());
        while (innermostFirst.hasPrevious()) {
            exchange = innermostFirst.previous().around(exchange);
        }
        return exchange;
    }
}
