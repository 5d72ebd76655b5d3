package dev.headrace.capability;

import dev.headrace.observe.TraceContext;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an HTTP request says about whom it belongs to: its id, and the trace it is a part of.
 *
 * @param requestId the {@code X-Request-Id}; null if there is none that can stand in a header and in a log: printable, no white space around
 *     it, at most 200 characters
 * @param traceparent the trace, see {@link TraceContext}; null if there is none, or several
 * @param tracestate what vendors add to it; null if they do not
 */
public record Caller(
        @Nullable String requestId,
        @Nullable String traceparent,
        @Nullable String tracestate) {

    /** The header of the request's id, which belongs into the answer too. */
    public static final String REQUEST_ID = "X-Request-Id";

    private static final String MEMBER = "request_id";

    private static final Pattern PRINTABLE = Pattern.compile("[!-~]([ -~]{0,198}[!-~])?");

    /**
     * Reads the headers of a request.
     *
     * @param headers gives all values of a header by its name, whose case does not matter; none if it is not there
     * @return who calls
     */
    public static Caller of(Function<String, List<String>> headers) {
        List<String> ids = headers.apply(REQUEST_ID);
        List<String> parents = headers.apply(TraceContext.TRACEPARENT);
        List<String> states = headers.apply(TraceContext.TRACESTATE);
        return new Caller(
                !ids.isEmpty() && PRINTABLE.matcher(ids.get(0)).matches() ? ids.get(0) : null,
                // W3C Trace Context §3.2.2: of several, none can be believed; §3.3.1: the lists are one list.
                parents.size() == 1 ? parents.get(0) : null,
                states.isEmpty() ? null : String.join(",", states));
    }

    /**
     * The context of what is done for this caller: {@link CapabilityContext#REQUEST_ID}, {@link TraceContext#TRACEPARENT} and
     * {@link TraceContext#TRACESTATE}.
     *
     * @param context what is known already
     * @return the same and what the caller says
     */
    public Context addTo(Context context) {
        Context written = put(context, CapabilityContext.REQUEST_ID, requestId);
        if (traceparent == null) {
            return written;
        }
        written = put(written, TraceContext.TRACEPARENT, traceparent);
        return put(written, TraceContext.TRACESTATE, tracestate);
    }

    private static Context put(Context context, String key, @Nullable String value) {
        return value == null ? context : context.put(key, value);
    }

    /**
     * Names the request in the document of a call that does not name it itself.
     *
     * @param document as for {@link Integration#dispatch(String, JsonNode)}; an object gets a {@code request_id}
     * @return the same document
     */
    public JsonNode named(JsonNode document) {
        if (requestId != null && document instanceof ObjectNode object) {
            JsonNode own = object.get(MEMBER);
            if (own == null || own.isNull()) {
                object.put(MEMBER, requestId);
            }
        }
        return document;
    }
}
