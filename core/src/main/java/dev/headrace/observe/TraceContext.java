package dev.headrace.observe;

import dev.headrace.http.Exchange;
import dev.headrace.http.Interceptor;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import java.util.regex.Pattern;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * Passes on the trace that the caller belongs to (W3C Trace Context §3.2 and §3.3), without a tracer: a {@code traceparent} and a
 * {@code tracestate} in the Reactor {@code Context}, as strings under these names, become headers of every attempt. With
 * {@link #withBaggage()} a {@code baggage} (W3C Baggage §3.2.1) does as well.
 *
 * <pre>{@code
 * connector.fetch(request, Issue.class).contextWrite(Context.of(TraceContext.TRACEPARENT, incoming.traceparent()))
 * }</pre>
 *
 * <p>All attempts of a call carry the same parent id: a span of its own for each needs a tracer, which {@link Observations} bring in. A
 * malformed value is not sent. A header that the request has already wins; then neither of the two trace headers is touched, for they
 * belong together. Trace ids are no secrets and go to whatever host a request goes to; baggage may tell about users, so it is off until
 * asked for. Work that several callers share, such as the renewal of a token, has a context of its own and belongs to no caller's trace.
 */
public final class TraceContext implements Interceptor {

    /** Context key and header of the trace id and the parent id. */
    public static final String TRACEPARENT = "traceparent";

    /** Context key and header of what vendors add to it. */
    public static final String TRACESTATE = "tracestate";

    /** Context key and header of what an application passes along. */
    public static final String BAGGAGE = "baggage";

    private static final int LONGEST_STATE = 512;
    private static final int LONGEST_BAGGAGE = 8192;

    // §3.2.2.3 to 3.2.2.5: ids of zeros and version ff are invalid; versions to come may add fields behind a dash.
    private static final String IDS = "-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}";
    private static final Pattern PARENT =
            Pattern.compile("00" + IDS + "|(?!00|ff)[0-9a-f]{2}" + IDS + "(-[!-~]{0,200})?");

    private static final TraceContext TRACE = new TraceContext(false);
    private static final TraceContext TRACE_AND_BAGGAGE = new TraceContext(true);

    private final boolean baggage;

    private TraceContext(boolean baggage) {
        this.baggage = baggage;
    }

    /**
     * Passes the trace on; belongs inside retry.
     *
     * @return the interceptor
     */
    public static TraceContext fromContext() {
        return TRACE;
    }

    /**
     * Passes baggage on, too: to every host a request goes to.
     *
     * @return a new interceptor
     */
    public TraceContext withBaggage() {
        return TRACE_AND_BAGGAGE;
    }

    @Override
    public Mono<Response> intercept(Request request, Exchange next) {
        return Mono.deferContextual(
                context -> next.exchange(context.hasKey(TRACEPARENT) || baggage ? traced(request, context) : request));
    }

    private Request traced(Request request, ContextView context) {
        Request traced = request;
        String parent = text(context, TRACEPARENT);
        if (!request.headers().contains(TRACEPARENT)
                && !request.headers().contains(TRACESTATE)
                && PARENT.matcher(parent).matches()) {
            traced = traced.header(TRACEPARENT, parent);
            String state = text(context, TRACESTATE);
            if (isPrintable(state, LONGEST_STATE)) {
                traced = traced.header(TRACESTATE, state);
            }
        }
        if (baggage && !request.headers().contains(BAGGAGE)) {
            String bag = text(context, BAGGAGE);
            if (isPrintable(bag, LONGEST_BAGGAGE)) {
                traced = traced.header(BAGGAGE, bag);
            }
        }
        return traced;
    }

    private static String text(ContextView context, String key) {
        Object value = context.<Object>getOrDefault(key, "");
        return value instanceof String text ? text.strip() : "";
    }

    /** Members of both lists are {@code key=value} (§3.3.1.3); a list that is too long must be dropped as a whole. */
    private static boolean isPrintable(String list, int longest) {
        return list.length() <= longest
                && list.indexOf('=') > 0
                && list.chars().allMatch(c -> c >= ' ' && c <= '~' || c == '\t');
    }
}
