package dev.headrace.http;

import java.util.ArrayList;
import java.util.List;
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

    private final List<Response> responses = new ArrayList<>(1);
    private boolean closed;

    Context enter(Context context) {
        return context.put(ExchangeScope.class, this);
    }

    static void track(ContextView context, Response response) {
        context.<ExchangeScope>getOrEmpty(ExchangeScope.class).ifPresent(scope -> scope.add(response));
    }

    private void add(Response response) {
        synchronized (this) {
            if (!closed) {
                responses.add(response);
                return;
            }
        }
        response.abort();
    }

    void close() {
        List<Response> open;
        synchronized (this) {
            closed = true;
            open = List.copyOf(responses);
            responses.clear();
        }
        open.forEach(Response::abort);
    }
}
