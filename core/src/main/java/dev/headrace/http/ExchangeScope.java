package dev.headrace.http;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * The responses that one scoped exchange has received, so that none is left unread.
 *
 * <p>Cancellation may come at any moment between a response's head and the subscription to its body, on another thread, and
 * operators in between drop the response silently. The transport enters every response here, found through the Reactor
 * context; closing the scope aborts what was not read. A response that comes after the close is aborted at once.
 */
final class ExchangeScope {

    /** Nearly always the only one. */
    private @Nullable Response first;

    private @Nullable List<Response> others;
    private boolean closed;

    Context enter(Context context) {
        return context.put(ExchangeScope.class, this);
    }

    static void track(ContextView context, Response response) {
        ExchangeScope scope = context.getOrDefault(ExchangeScope.class, null);
        if (scope != null) {
            scope.add(response);
        }
    }

    /** One that takes the place of another, whose body it has begun to read. */
    static void replace(ContextView context, Response response, Response replacement) {
        ExchangeScope scope = context.getOrDefault(ExchangeScope.class, null);
        if (scope != null && !scope.replaces(response, replacement)) {
            scope.add(replacement);
        }
    }

    private synchronized boolean replaces(Response response, Response replacement) {
        if (first != response) {
            return false;
        }
        first = replacement;
        return true;
    }

    private void add(Response response) {
        if (!keeps(response)) {
            response.abort();
        }
    }

    private synchronized boolean keeps(Response response) {
        if (closed) {
            return false;
        }
        if (first == null) {
            first = response;
        } else {
            if (others == null) {
                others = new ArrayList<>(2);
            }
            others.add(response);
        }
        return true;
    }

    void close() {
        Response one;
        List<Response> more;
        synchronized (this) {
            closed = true;
            one = first;
            more = others;
            first = null;
            others = null;
        }
        if (one != null) {
            one.abort();
        }
        if (more != null) {
            more.forEach(Response::abort);
        }
    }
}
