package dev.headrace.server;

import dev.headrace.capability.CapabilityContext;
import dev.headrace.observe.TraceContext;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a request says about whom it belongs to: its id, and the trace it is a part of. */
record Caller(
        @Nullable String requestId,
        @Nullable String traceparent,
        @Nullable String tracestate) {

    static final String REQUEST_ID = "X-Request-Id";

    private static final String MEMBER = "request_id";

    /** What can stand in a header and in a log: printable, no white space around it, at most 200 characters. */
    private static final Pattern PRINTABLE = Pattern.compile("[!-~]([ -~]{0,198}[!-~])?");

    static Caller of(HttpHeaders headers) {
        String id = headers.get(REQUEST_ID);
        List<String> parents = headers.getAll(TraceContext.TRACEPARENT);
        List<String> states = headers.getAll(TraceContext.TRACESTATE);
        return new Caller(
                id != null && PRINTABLE.matcher(id).matches() ? id : null,
                // W3C Trace Context §3.2.2: of several, none can be believed; §3.3.1: the lists are one list.
                parents.size() == 1 ? parents.get(0) : null,
                states.isEmpty() ? null : String.join(",", states));
    }

    /** The context of what is done for this caller. */
    Context addTo(Context context) {
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

    /** Names the request in a document that does not name it itself. */
    JsonNode named(JsonNode document) {
        if (requestId != null && document instanceof ObjectNode object) {
            JsonNode own = object.get(MEMBER);
            if (own == null || own.isNull()) {
                object.put(MEMBER, requestId);
            }
        }
        return document;
    }
}
