package dev.headrace.connector;

import dev.headrace.auth.Auth;
import dev.headrace.http.Exchange;
import dev.headrace.http.Interceptor;
import dev.headrace.http.OriginPolicy;
import dev.headrace.http.Transport;
import dev.headrace.resilience.RetryPolicy;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.ListIterator;
import org.jspecify.annotations.Nullable;

/** The interceptors around a transport, in the one order that is right. */
final class Chain {

    private Chain() {}

    /** Outermost first. A step that is off is not in the chain. */
    static Exchange assemble(
            URI base,
            OriginPolicy origins,
            RetryPolicy retry,
            List<Interceptor> interceptors,
            @Nullable Auth auth,
            Transport transport) {
        List<Interceptor> steps = new ArrayList<>();

        // Per call: the only one that sends again. (The total deadline lies around the whole call, body included:
        // Connector.)
        if (retry.maxRetries() > 0) {
            steps.add(retry.asInterceptor());
        }

        // Per attempt: a break within a document's head is a failed attempt like any other.
        steps.add(Interceptor.documentHead());
        steps.addAll(interceptors);

        // Per hop: credentials come last, so that they win, and only where they belong.
        steps.add(new OriginRule(base, origins, auth));
        steps.add(Interceptor.decompression());

        return endingAt(transport, steps);
    }

    private static Exchange endingAt(Transport transport, List<Interceptor> steps) {
        Exchange exchange = transport;
        ListIterator<Interceptor> innermostFirst = steps.listIterator(steps.size());
        while (innermostFirst.hasPrevious()) {
            exchange = innermostFirst.previous().around(exchange);
        }
        return exchange;
    }
}
