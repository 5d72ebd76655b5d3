package dev.headrace.sse;

import dev.headrace.connector.Connector;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.ExchangeOptions;
import dev.headrace.http.Headers;
import dev.headrace.http.Request;
import dev.headrace.state.StateStore;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/** What an {@link EventStream} was told; never changed once a stream has it. */
final class EventSettings {

    static final String LAST_EVENT_ID = "Last-Event-ID";

    final Connector connector;
    Request request;

    @Nullable
    Function<? super ConnectionAttempt, ? extends Publisher<Request>> requests;

    /** Null for what the request's method suggests. */
    @Nullable
    ReconnectPolicy reconnect;

    @Nullable
    Boolean reconnectOnCleanEnd;

    @Nullable
    Publisher<?> reconnectTrigger;

    String lastEventId = "";

    @Nullable
    Duration idleTimeout;

    @Nullable
    String lastEventIdParameter;

    EventLimits limits = EventLimits.defaults();
    Backpressure backpressure = Backpressure.block();
    int recentIds;

    @Nullable
    Predicate<? super SseEvent> completion;

    boolean completionRequired;

    @Nullable
    EventCounters counters;

    @Nullable
    StateStore store;

    String storeKey = "";

    EventSettings(Connector connector, Request request) {
        this.connector = connector;
        this.request = request;
    }

    EventSettings copy() {
        EventSettings copy = new EventSettings(connector, request);
        copy.requests = requests;
        copy.reconnect = reconnect;
        copy.reconnectOnCleanEnd = reconnectOnCleanEnd;
        copy.reconnectTrigger = reconnectTrigger;
        copy.lastEventId = lastEventId;
        copy.idleTimeout = idleTimeout;
        copy.lastEventIdParameter = lastEventIdParameter;
        copy.limits = limits;
        copy.backpressure = backpressure;
        copy.recentIds = recentIds;
        copy.completion = completion;
        copy.completionRequired = completionRequired;
        copy.counters = counters;
        copy.store = store;
        copy.storeKey = storeKey;
        return copy;
    }

    /** Sending a request again that is no GET may do its work again; so may only be sent again what names an event it goes on from. */
    boolean replaysOnlyWithId() {
        return reconnect == null && !request.method().equals("GET");
    }

    ReconnectPolicy policy() {
        if (reconnect != null) {
            return reconnect;
        }
        return request.isReplayable() ? ReconnectPolicy.defaults() : ReconnectPolicy.never();
    }

    /** An answer to a request that is no GET has an end. */
    boolean reconnectsOnCleanEnd() {
        return policy().reconnects() && (reconnectOnCleanEnd == null ? !replaysOnlyWithId() : reconnectOnCleanEnd);
    }

    /** A request as it goes out, to resume after an id. */
    Request prepared(Request request, String resumeAfter) {
        Headers headers = withDefault(request.headers(), "Accept", "text/event-stream");
        headers = withDefault(headers, "Cache-Control", "no-cache").without(LAST_EVENT_ID);
        Request prepared = request;
        if (!resumeAfter.isEmpty()) {
            if (lastEventIdParameter == null) {
                headers = headers.with(LAST_EVENT_ID, headerValue(resumeAfter));
            } else {
                prepared = request.replaceQuery(lastEventIdParameter, resumeAfter);
            }
        }
        Duration idle = idleTimeout;
        return prepared.headers(headers).options(options -> {
            ExchangeOptions events =
                    options.profile(ExchangeOptions.Profile.EVENTS).retry(false);
            return idle == null ? events : events.timeouts(clocks -> clocks.gap(idle));
        });
    }

    /** White space around a value is no part of it (RFC 9110 §5.5), and control characters cannot be sent at all. */
    private static String headerValue(String id) {
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (c < ' ' && c != '\t' || c == 0x7F) {
                throw new HeadraceException(
                        FailureKind.UNTRUSTED_DATA,
                        "The last event id '" + EventText.shown(id) + "' holds a control character, which no header can"
                                + " carry; begin from another id, or send it as a parameter with lastEventIdInQuery",
                        null);
            }
        }
        return id.strip();
    }

    private static Headers withDefault(Headers headers, String name, String value) {
        return headers.contains(name) ? headers : headers.with(name, value);
    }
}
