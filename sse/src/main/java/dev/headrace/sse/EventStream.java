package dev.headrace.sse;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.json.Codec;
import dev.headrace.json.TypeRef;
import dev.headrace.state.StateStore;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A stream of server-sent events that connects, reconnects and resumes by itself (WHATWG HTML §9.2). A value: every change gives a new
 * one, and nothing is sent before {@link #events()} is subscribed to and something is asked for.
 *
 * <pre>{@code
 * Flux<SseEvent> edits = EventStream.from(wikimedia, Request.get("/v2/stream/recentchange"))
 *         .reconnect(ReconnectPolicy.exponential(ofSeconds(1)).maxDelay(ofSeconds(30)))
 *         .idleTimeout(ofSeconds(60))
 *         .resumeFrom(store, "recentchange")
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
 * <tr><td>a status that may pass: 408, 413, 425, 429, 5xx but 501 and 505, or what the connector's rules say</td><td>reconnects, not before {@code Retry-After}</td></tr>
 * <tr><td>any other status</td><td>{@link dev.headrace.http.HttpStatusException}</td></tr>
 * <tr><td>200 without {@code text/event-stream}</td><td>{@link UnexpectedContentTypeException}</td></tr>
 * <tr><td>an event over the limit</td><td>{@link EventTooLargeException}, unless {@link EventLimits} say to go past it</td></tr>
 * </table>
 *
 * <p>A reconnection sends the same request with the {@code Last-Event-ID} of the last block that came whole, blocks without data
 * included; an event that the break cut in two is dropped. An id stays in force over reconnections until the server sends another
 * or an empty one: read to the letter, the standard forgets it with each connection, and a second break would start from the beginning.
 */
public final class EventStream {

    private final EventSettings settings;

    private EventStream(EventSettings settings) {
        this.settings = settings;
    }

    /**
     * Events from one request. {@code Accept: text/event-stream} and {@code Cache-Control: no-cache} are added where the request does not
     * set them; its own {@code Last-Event-ID}, if it has one, is where the stream begins.
     *
     * <p>A GET reconnects by {@link ReconnectPolicy#defaults()}. Another method is sent again only once the server has given an id to go on
     * from, and never after a clean end: without an id, sending it again would do its work again.
     *
     * @param connector the remote API. Its retry policy has no part in this, for retries within retries multiply
     * @param request what to send on each connection
     * @return the stream
     */
    public static EventStream from(Connector connector, Request request) {
        EventSettings settings = new EventSettings(Objects.requireNonNull(connector, "connector"), request);
        EventStream stream = new EventStream(settings);
        return request.headers()
                .first(EventSettings.LAST_EVENT_ID)
                .map(stream::lastEventId)
                .orElse(stream);
    }

    /**
     * Sets when the stream reconnects, whatever the request's method is: to set a policy is to ask for it.
     *
     * @param policy default {@link ReconnectPolicy#defaults()}; for methods other than GET only once an id is known
     * @return a new stream
     * @throws IllegalArgumentException if the policy reconnects and the request's body can be sent only once
     */
    public EventStream reconnect(ReconnectPolicy policy) {
        Request request = settings.request;
        if (policy.reconnects() && !request.isReplayable()) {
            throw new IllegalArgumentException("reconnect must be ReconnectPolicy.never() for " + request.describe()
                    + ", whose body can be sent only once, but is " + policy);
        }
        return with(copy -> copy.reconnect = policy);
    }

    /**
     * Makes the request of each connection anew: with fresh credentials in its URL, say, or another host. Credentials of the connector's own
     * {@code Auth} need no such thing; they are put on each attempt anyway.
     *
     * @param requests from what is known of the attempt to the request; called for each connection when an event is asked for, must not
     *     block. Whether it may be sent again is judged by the request given to {@link #from}. {@code Accept}, {@code Cache-Control} and {@code Last-Event-ID} are added as usual. If it errors or is empty, the stream
     *     ends as by a failure of the connection of that kind
     * @return a new stream
     */
    public EventStream requestPerAttempt(Function<? super ConnectionAttempt, ? extends Publisher<Request>> requests) {
        Objects.requireNonNull(requests, "requests");
        return with(copy -> copy.requests = requests);
    }

    /**
     * Sends the last event id as a parameter of the query, for servers that take their cursor there, and no {@code Last-Event-ID}.
     *
     * @param parameter the parameter's name; it replaces the one of that name that the request may have
     * @return a new stream
     */
    public EventStream lastEventIdInQuery(String parameter) {
        Objects.requireNonNull(parameter, "parameter");
        return with(copy -> copy.lastEventIdParameter = parameter);
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
        return with(copy -> copy.lastEventId = id);
    }

    /**
     * Begins where an earlier run left off: behind the last event it handled. The id is loaded at each subscription; if nothing is saved,
     * the stream begins as {@link #lastEventId} says.
     *
     * <p>Loading saves nothing. {@link #consume} saves to the same place after each chunk that was handled; whoever reads {@link #events()}
     * puts {@link dev.headrace.state.Checkpoints#committing} at the end of the pipeline. Events may come again after a crash, but none is
     * missed.
     *
     * @param store where progress is kept
     * @param key under which name
     * @return a new stream; errors with what the store gives, and with {@link dev.headrace.error.HeadraceException} of kind
     *     {@code UNTRUSTED_DATA} if what is saved there is no position of an event stream
     */
    public EventStream resumeFrom(StateStore store, String key) {
        Objects.requireNonNull(store, "store");
        if (key.isEmpty()) {
            throw new IllegalArgumentException("key must not be empty");
        }
        return with(copy -> {
            copy.store = store;
            copy.storeKey = key;
        });
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
        return with(copy -> copy.idleTimeout = timeout);
    }

    /**
     * Sets how large an event may be, and what becomes of one that is larger.
     *
     * @param limits default {@link EventLimits#defaults()}: 8 MiB, and failure beyond
     * @return a new stream
     */
    public EventStream limits(EventLimits limits) {
        Objects.requireNonNull(limits, "limits");
        return with(copy -> copy.limits = limits);
    }

    /**
     * Sets what becomes of the stream when its consumer is slower than its source.
     *
     * @param backpressure default {@link Backpressure#block()}
     * @return a new stream
     */
    public EventStream backpressure(Backpressure backpressure) {
        Objects.requireNonNull(backpressure, "backpressure");
        return with(copy -> copy.backpressure = backpressure);
    }

    /**
     * Leaves out events whose id was among the last ones, over all connections of a subscription: sources whose ids are times repeat some
     * after a resume. Only events that bring an id of their own are compared, so a source must not use one id for several events.
     *
     * @param window how many ids are remembered; more than zero; default no de-duplication
     * @return a new stream
     */
    public EventStream deduplicate(int window) {
        if (window <= 0) {
            throw new IllegalArgumentException("window must be more than zero, but is " + window);
        }
        return with(copy -> copy.recentIds = window);
    }

    /**
     * Counts what comes.
     *
     * @param counters where; default none
     * @return a new stream
     */
    public EventStream counters(EventCounters counters) {
        Objects.requireNonNull(counters, "counters");
        return with(copy -> copy.counters = counters);
    }

    /**
     * Sets which event is the last. It is emitted; then the stream completes and its connection is closed, whether the server goes on or
     * not. A last event that is no JSON and cannot be read as a value, such as {@code [DONE]}, is not emitted by
     * {@link #events(Class)}, {@link #decoded} and their like. A server that leaves out the last blank line has not sent its last event.
     *
     * @param last finds the event, such as {@link SseEvent#dataEquals(String)}; asked for each event, on the thread that emits it
     * @return a new stream
     */
    public EventStream completeWhen(Predicate<? super SseEvent> last) {
        Objects.requireNonNull(last, "last");
        return with(copy -> copy.completion = last);
    }

    /**
     * Takes an end without the event of {@link #completeWhen} for a failure: where the stream would complete, it fails with
     * {@link IncompleteStreamException}.
     *
     * @return a new stream
     * @throws IllegalStateException if {@link #completeWhen} has not been set before
     */
    public EventStream requireCompletion() {
        if (settings.completion == null) {
            throw new IllegalStateException("requireCompletion needs completeWhen to be set before");
        }
        return with(copy -> copy.completionRequired = true);
    }

    /**
     * Reconnects when the server ends a response without an error, as far as the policy reconnects at all. The default for GET, and what
     * the standard says.
     *
     * @return a new stream
     */
    public EventStream reconnectOnCleanEnd() {
        return with(copy -> copy.reconnectOnCleanEnd = true);
    }

    /**
     * Completes when the server ends a response without an error, as feeds with an end do; faults still reconnect.
     *
     * @return a new stream
     */
    public EventStream completeOnCleanEnd() {
        return with(copy -> copy.reconnectOnCleanEnd = false);
    }

    /**
     * Closes the connection and makes another, with the last event id, whenever somebody says so: after a change of credentials or of what
     * is subscribed to, say. Events that have come are emitted first. The wait is the policy's first delay; a wish does not count among the
     * attempts, and no {@code retry:} of the server's is waited for. What is said between two connections is not heard. A policy that never
     * reconnects hears none.
     *
     * @param trigger subscribed to while a connection is up; each element is a wish to reconnect, so it must not repeat old ones. Its end
     *     changes nothing, its failure fails the stream
     * @return a new stream
     */
    public EventStream reconnectOn(Publisher<?> trigger) {
        Objects.requireNonNull(trigger, "trigger");
        return with(copy -> copy.reconnectTrigger = trigger);
    }

    /**
     * The events. Subscribing twice makes two independent streams.
     *
     * <p>Demand reaches the socket: nothing is sent before the first event is asked for, and with {@link Backpressure#block()} nothing is
     * read or parsed beyond what is asked for, but for the network's own buffers. Events come on the connector's event loops, which must not
     * be blocked, or on the thread that asks for them. Cancelling closes the connection and stops every timer, at any moment.
     *
     * @return the events of all connections in order; fails as the table above says, and with
     *     {@link dev.headrace.http.TransportException} and the like when reconnections are used up
     */
    public Flux<SseEvent> events() {
        return run(EventShape.events());
    }

    /**
     * The data of each event, read as JSON straight from the bytes that came. As {@link #events()} in everything else.
     *
     * @param type a record, class, or {@code JsonNode} for a tree
     * @param <T> the type of the values
     * @return the values; errors with {@link EventDataException} at an event whose data is not of that type
     */
    public <T> Flux<T> events(Class<T> type) {
        return events(Codec.of(type));
    }

    /**
     * The data of each event, read as JSON of a type with arguments; as {@link #events(Class)} in everything else.
     *
     * @param type such as {@code new TypeRef<Map<String, String>>() {}}
     * @param <T> the type of the values
     * @return the values; errors with {@link EventDataException} at an event whose data is not of that type
     */
    public <T> Flux<T> events(TypeRef<T> type) {
        return events(Codec.of(type));
    }

    /**
     * The data of each event, read by a codec; as {@link #events(Class)} in everything else.
     *
     * @param codec reads the data of one event
     * @param <T> the type of the values
     * @return the values; errors with {@link EventDataException} at an event whose data the codec refuses
     */
    public <T> Flux<T> events(Codec<T> codec) {
        Objects.requireNonNull(codec, "codec");
        return run(new ValueShape<>(codec));
    }

    /**
     * The events with their data read as JSON, or with the raw text where it cannot be read; as {@link #events()} in everything else.
     *
     * @param type a record, class, or {@code JsonNode} for a tree
     * @param <T> the type of the values
     * @return each event with its value or its failure
     */
    public <T> Flux<DecodedEvent<T>> decoded(Class<T> type) {
        return decoded(Codec.of(type));
    }

    /**
     * The events with their data read by a codec, or with the raw text where it cannot be read; as {@link #events()} in everything else.
     *
     * @param codec reads the data of one event
     * @param <T> the type of the values
     * @return each event with its value or its failure
     */
    public <T> Flux<DecodedEvent<T>> decoded(Codec<T> codec) {
        Objects.requireNonNull(codec, "codec");
        return run(EventShape.decoded(codec));
    }

    /**
     * The events and what happens between them: connections, breaks with the time to the next attempt, resumptions, comments. Each takes
     * demand as an event does. As {@link #events()} in everything else.
     *
     * @return events and signals in order
     */
    public Flux<EventSignal> signals() {
        return run(EventShape.signals());
    }

    /**
     * Hands the events to a handler, 50 at a time, or fewer when no more have come within a second. As
     * {@link #consume(ConsumeOptions, Function)} with the defaults.
     *
     * @param handler takes a chunk of events; they are handled when its publisher completes
     * @return the summary, when the stream has completed
     */
    public Mono<ConsumeSummary> consume(Function<? super List<SseEvent>, ? extends Publisher<?>> handler) {
        return consume(ConsumeOptions.defaults(), handler);
    }

    /**
     * Hands the events to a handler in chunks, one after the other, and keeps nothing of them. While a chunk is handled, no more than the next
     * one is read.
     *
     * <p>With {@link #resumeFrom}, the id of a chunk's last event is saved once its publisher has completed, before the next chunk is
     * handed out; so after a crash the last chunk may come again, but none is missed.
     *
     * @param options sizes and what becomes of failures
     * @param handler takes a chunk; it is handled when the publisher completes. Called on the connector's event loops or a timer's thread,
     *     so it must not block. What it emits is ignored
     * @return the summary, when the stream has completed; errors with {@link EventHandlingException} if the handler fails, which says
     *     where the stream stood, and as {@link #events()} does. Cancelling cancels the handler and closes the connection
     */
    public Mono<ConsumeSummary> consume(
            ConsumeOptions options, Function<? super List<SseEvent>, ? extends Publisher<?>> handler) {
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(handler, "handler");
        return Mono.defer(() -> new Consumption(this, options, handler).run());
    }

    EventSettings settings() {
        return settings;
    }

    private <T> Flux<T> run(EventShape<T> shape) {
        return run(shape, id -> {}, () -> {});
    }

    /** The events of one subscription, which says where it begins, and of each event that is dropped. */
    <T> Flux<T> run(EventShape<T> shape, Consumer<String> onStart, Runnable onDrop) {
        return Flux.defer(() -> {
            StateStore store = settings.store;
            return store == null
                    ? subscription(shape, settings.lastEventId, onDrop)
                    : StoredPosition.load(store, settings.storeKey)
                            .defaultIfEmpty(settings.lastEventId)
                            .doOnNext(onStart)
                            .flatMapMany(id -> subscription(shape, id, onDrop));
        });
    }

    private <T> Flux<T> subscription(EventShape<T> shape, String firstEventId, Runnable onDrop) {
        Flux<T> elements = new EventSession<>(settings, shape, firstEventId).elements();
        return settings.backpressure.drops()
                ? new NewestEvents<T>(settings.backpressure.capacity(), firstEventId, settings.counters, onDrop)
                        .of(elements)
                : elements;
    }

    @Override
    public String toString() {
        return "EventStream[" + settings.request.describe() + ", " + settings.policy()
                + (settings.replaysOnlyWithId() && settings.policy().reconnects() ? ", once an id is known" : "") + ", "
                + settings.backpressure + "]";
    }

    private EventStream with(Consumer<EventSettings> change) {
        EventSettings copy = settings.copy();
        change.accept(copy);
        return new EventStream(copy);
    }
}
