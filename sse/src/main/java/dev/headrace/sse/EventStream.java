package dev.headrace.sse;

import dev.headrace.Defaults;
import dev.headrace.connector.Connector;
import dev.headrace.http.ExchangeOptions;
import dev.headrace.http.Headers;
import dev.headrace.http.Request;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * A stream of server-sent events that connects, reconnects and resumes by itself (WHATWG HTML §9.2). A value: every change gives a new
 * one, and nothing is sent before {@link #events()} is subscribed to and something is asked for.
 *
 * <pre>{@code
 * Flux<SseEvent> edits = EventStream.from(wikimedia, Request.get("/v2/stream/recentchange"))
 *         .reconnect(ReconnectPolicy.exponential(ofSeconds(1)).maxDelay(ofSeconds(30)))
 *         .idleTimeout(ofSeconds(60))
 *         .events();
 * }</pre>
 *
 * <p>What happens when a connection ends, with a policy that reconnects:
 *
 * <table>
 * <caption>Ends of a connection</caption>
 * <tr><th>end</th><th>then</th></tr>
 * <tr><td>clean end of the body</td><td>reconnects, or completes after {@link #completeOnCleanEnd()}</td></tr>
 * <tr><td>204</td><td>completes: the server wants no reconnection</td></tr>
 * <tr><td>fault of the connection, timeout</td><td>reconnects; after an unknown host or a failed TLS handshake only if the stream has
 *     been connected before</td></tr>
 * <tr><td>408, 425, 429, 5xx</td><td>reconnects, not before {@code Retry-After}</td></tr>
 * <tr><td>any other status</td><td>{@link dev.headrace.http.HttpStatusException}</td></tr>
 * <tr><td>200 without {@code text/event-stream}</td><td>{@link UnexpectedContentTypeException}</td></tr>
 * <tr><td>an event over the limit</td><td>{@link EventTooLargeException}</td></tr>
 * </table>
 *
 * <p>A reconnection sends the same request with the {@code Last-Event-ID} of the last block that came whole, blocks without data
 * included; an event that the break cut in two is dropped. An id stays in force over reconnections until the server sends another
 * or an empty one: read to the letter, the standard forgets it with each connection, and a second break would start from the beginning.
 */
public final class EventStream {

    private static final String LAST_EVENT_ID = "Last-Event-ID";

    private final Connector connector;
    private final Request request;
    private final @Nullable ReconnectPolicy reconnect;
    private final String lastEventId;
    private final int eventLimit;
    private final boolean reconnectOnCleanEnd;
    private final @Nullable Predicate<? super SseEvent> completion;
    private final boolean completionRequired;

    private EventStream(Draft draft) {
        this.connector = draft.connector;
        this.request = draft.request;
        this.reconnect = draft.reconnect;
        this.lastEventId = draft.lastEventId;
        this.eventLimit = draft.eventLimit;
        this.reconnectOnCleanEnd = draft.reconnectOnCleanEnd;
        this.completion = draft.completion;
        this.completionRequired = draft.completionRequired;
    }

    /**
     * Events from one request. {@code Accept: text/event-stream} and {@code Cache-Control: no-cache} are added where the request does not
     * set them; its own {@code Last-Event-ID}, if it has one, is where the stream begins.
     *
     * <p>A GET reconnects by {@link ReconnectPolicy#defaults()}; other methods do not, for sending them again may do their work again.
     *
     * @param connector the remote API. Its retry policy has no part in this, for retries within retries multiply
     * @param request what to send on each connection
     * @return the stream
     */
    public static EventStream from(Connector connector, Request request) {
        Draft draft = new Draft(Objects.requireNonNull(connector, "connector"), request);
        EventStream stream = new EventStream(draft);
        return request.headers().first(LAST_EVENT_ID).map(stream::lastEventId).orElse(stream);
    }

    /**
     * Sets when the stream reconnects, whatever the request's method is.
     *
     * @param policy default {@link ReconnectPolicy#defaults()} for GET and {@link ReconnectPolicy#never()} for other methods
     * @return a new stream
     * @throws IllegalArgumentException if the policy reconnects and the request's body can be sent only once
     */
    public EventStream reconnect(ReconnectPolicy policy) {
        if (policy.reconnects() && !request.isReplayable()) {
            throw new IllegalArgumentException("reconnect must be ReconnectPolicy.never() for " + request.describe()
                    + ", whose body can be sent only once, but is " + policy);
        }
        return with(draft -> draft.reconnect = policy);
    }

    /**
     * Sets where the stream begins: what the first connection sends as {@code Last-Event-ID}, in UTF-8 (WHATWG HTML §9.2.3).
     *
     * @param id the id of the last event that was handled, as {@link SseEvent#id()} gave it; empty, the default, for none
     * @return a new stream
     * @throws IllegalArgumentException if the id holds CR, LF or NUL, as no event's id does
     */
    public EventStream lastEventId(String id) {
        if (id.indexOf('\r') >= 0 || id.indexOf('\n') >= 0 || id.indexOf(0) >= 0) {
            throw new IllegalArgumentException("lastEventId must not hold CR, LF or NUL");
        }
        return with(draft -> draft.lastEventId = id);
    }

    /**
     * Sets the longest silence of the server. Any byte ends it, comments included. The clock runs only while a read is outstanding: a
     * slow consumer never times out a healthy server.
     *
     * <p>Beyond it the connection is closed and counts as broken, with {@link dev.headrace.http.ResponseTimeoutException}. The
     * other timeouts stay as the request or the connector has them.
     *
     * @param timeout more than zero, resolution 1 ms; default none
     * @return a new stream
     */
    public EventStream idleTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("idleTimeout must be more than zero, but is " + timeout);
        }
        return with(
                draft -> draft.request = request.options(options -> options.timeouts(clocks -> clocks.gap(timeout))));
    }

    /**
     * Sets how large an event may be: its data so far and the line being read, field names included. Beyond it the stream fails with
     * {@link EventTooLargeException} and does not reconnect.
     *
     * @param bytes more than zero; default 8 MiB
     * @return a new stream
     */
    public EventStream eventLimit(int bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("eventLimit must be more than zero, but is " + bytes);
        }
        return with(draft -> draft.eventLimit = bytes);
    }

    /**
     * Sets which event is the last. It is emitted; then the stream completes and its connection is closed, whether the server goes on or
     * not.
     *
     * @param last finds the event, such as {@link SseEvent#dataEquals(String)}; asked for each event, on the thread that emits it
     * @return a new stream
     */
    public EventStream completeWhen(Predicate<? super SseEvent> last) {
        Objects.requireNonNull(last, "last");
        return with(draft -> draft.completion = last);
    }

    /**
     * Takes an end without the event of {@link #completeWhen} for a failure: where the stream would complete, it fails with
     * {@link IncompleteStreamException}.
     *
     * @return a new stream
     * @throws IllegalStateException if {@link #completeWhen} has not been set before
     */
    public EventStream requireCompletion() {
        if (completion == null) {
            throw new IllegalStateException("requireCompletion needs completeWhen to be set before");
        }
        return with(draft -> draft.completionRequired = true);
    }

    /**
     * Reconnects when the server ends a response without an error, as far as the policy reconnects at all. The default, and what
     * the standard says.
     *
     * @return a new stream
     */
    public EventStream reconnectOnCleanEnd() {
        return with(draft -> draft.reconnectOnCleanEnd = true);
    }

    /**
     * Completes when the server ends a response without an error, as feeds with an end do; faults still reconnect.
     *
     * @return a new stream
     */
    public EventStream completeOnCleanEnd() {
        return with(draft -> draft.reconnectOnCleanEnd = false);
    }

    /**
     * The events. Subscribing twice makes two independent streams.
     *
     * <p>Demand reaches the socket: nothing is sent before the first event is asked for, and nothing is read or parsed beyond what is
     * asked for, but for the network's own buffers. Events come on the connector's event loops, which must not be blocked, or on
     * the thread that asks for them. Cancelling closes the connection and stops every timer, at any moment.
     *
     * @return the events of all connections in order; fails as the table above says, and with
     *     {@link dev.headrace.http.TransportException} and the like when reconnections are used up
     */
    public Flux<SseEvent> events() {
        return Flux.defer(() -> new EventSession(this).events());
    }

    Connector connector() {
        return connector;
    }

    /** The request of a connection that resumes after an id. */
    Request request(String resumeAfter) {
        Headers headers = withDefault(request.headers(), "Accept", "text/event-stream");
        headers = withDefault(headers, "Cache-Control", "no-cache");
        return request.headers(
                        resumeAfter.isEmpty()
                                ? headers.without(LAST_EVENT_ID)
                                : headers.with(LAST_EVENT_ID, resumeAfter))
                .options(options ->
                        options.profile(ExchangeOptions.Profile.EVENTS).retry(false));
    }

    private static Headers withDefault(Headers headers, String name, String value) {
        return headers.contains(name) ? headers : headers.with(name, value);
    }

    ReconnectPolicy reconnectPolicy() {
        if (reconnect != null) {
            return reconnect;
        }
        return request.method().equals("GET") && request.isReplayable()
                ? ReconnectPolicy.defaults()
                : ReconnectPolicy.never();
    }

    String firstEventId() {
        return lastEventId;
    }

    int eventLimit() {
        return eventLimit;
    }

    boolean reconnectsOnCleanEnd() {
        return reconnectOnCleanEnd;
    }

    Optional<Predicate<? super SseEvent>> completion() {
        return Optional.ofNullable(completion);
    }

    boolean isCompletionRequired() {
        return completionRequired;
    }

    @Override
    public String toString() {
        return "EventStream[" + request.describe() + ", " + reconnectPolicy() + "]";
    }

    private EventStream with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return new EventStream(draft);
    }

    /** The settings while one of them changes. */
    private static final class Draft {

        final Connector connector;
        Request request;

        @Nullable
        ReconnectPolicy reconnect;

        String lastEventId = "";
        int eventLimit = Defaults.EVENT_LIMIT;
        boolean reconnectOnCleanEnd = true;

        @Nullable
        Predicate<? super SseEvent> completion;

        boolean completionRequired;

        Draft(Connector connector, Request request) {
            this.connector = connector;
            this.request = request;
        }

        Draft(EventStream stream) {
            this(stream.connector, stream.request);
            reconnect = stream.reconnect;
            lastEventId = stream.lastEventId;
            eventLimit = stream.eventLimit;
            reconnectOnCleanEnd = stream.reconnectOnCleanEnd;
            completion = stream.completion;
            completionRequired = stream.completionRequired;
        }
    }
}
