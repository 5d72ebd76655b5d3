package dev.headrace.sse;

import dev.headrace.decode.Decoder;
import dev.headrace.decode.PullParser;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.ResponseTimeoutException;
import dev.headrace.http.RetryAfter;
import dev.headrace.http.TransportException;
import dev.headrace.json.Codec;
import dev.headrace.sse.EventSignal.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * One subscription to an event stream, over all its connections. Only one of them is open at a time, and each begins when the one before
 * has ended, so this state needs no guard.
 *
 * <p>{@code Retry.backoff} decides whether and after what wait there is another connection; the wait itself belongs to that connection, so
 * that it can be announced as a signal before it begins (ADR 0023).
 */
final class EventSession<T> {

    private static final Duration LONGEST_WAIT = EventFinder.MAX_RETRY;

    private final EventSettings settings;
    private final EventShape<T> shape;
    private final ResumePoint resumePoint;
    private final ReconnectPolicy policy;
    private final @Nullable RecentIds recent;
    private final @Nullable EventCounters counters;
    private final @Nullable CompletingShape<T> completing;
    private long attempts;
    /** Reconnections without a time of health between them. */
    private long inARow;

    private long connections;
    private @Nullable Long connectedAt;
    /** What the last connection has ended with. */
    private @Nullable Throwable failure;
    /** The same, until it is decided whether there is to be another one. */
    private @Nullable Throwable undecided;
    /** Our own wait before the next one; null when there is to be none. */
    private @Nullable Duration backoff;

    EventSession(EventSettings settings, EventShape<T> shape, String firstEventId) {
        this.settings = settings;
        this.shape = shape;
        this.resumePoint = new ResumePoint(firstEventId);
        this.policy = settings.policy();
        this.recent = settings.recentIds > 0 ? new RecentIds(settings.recentIds) : null;
        if (recent != null) {
            recent.add(firstEventId);
        }
        this.counters = settings.counters;
        this.completing = settings.completion == null ? null : new CompletingShape<>(shape, settings.completion);
    }

    Flux<T> elements() {
        return completing(reconnecting());
    }

    /** A connection, the first or another one; that one waits before it begins. */
    private Flux<T> attempt() {
        attempts++;
        Duration own = backoff;
        if (own == null) {
            return onDemand();
        }
        backoff = null;
        Throwable ended = failure;
        Reason reason = reason(ended);
        if (counters != null) {
            counters.reconnecting(reason);
        }
        Duration wait = reason == Reason.REQUESTED ? own : serverWait(ended).plus(own);
        Flux<T> next = Mono.delay(wait).thenMany(Flux.defer(this::onDemand));
        T signal = shape.signal(new EventSignal.Disconnected(reason, ended instanceof Planned ? null : ended, wait));
        return signal == null ? next : Flux.just(signal).concatWith(next);
    }

    /** What makes a request, or counts the time from it, is to begin when an event is asked for; an exchange does so by itself. */
    private Flux<T> onDemand() {
        return settings.requests == null && counters == null
                ? connection()
                : Flux.just(this).hide().concatMap(session -> session.connection(), 0);
    }

    private Flux<T> connection() {
        connectedAt = null;
        if (counters != null) {
            counters.attempted();
        }
        String resumeAfter = resumePoint.lastEventId();
        if (settings.requests == null) {
            return exchange(settings.request, resumeAfter);
        }
        Throwable before = failure instanceof Planned ? null : failure;
        return Mono.from(
                        settings.requests.apply(new ConnectionAttempt(attempts, settings.request, resumeAfter, before)))
                .switchIfEmpty(Mono.error(() -> new HeadraceException(
                        FailureKind.CONFIGURATION,
                        "requestPerAttempt gave no request for " + settings.request.describe(),
                        null)))
                .flatMapMany(request -> exchange(request, resumeAfter));
    }

    private Flux<T> exchange(Request request, String resumeAfter) {
        Request prepared = settings.prepared(request, resumeAfter);
        return settings.connector.exchange(prepared, response -> read(prepared, resumeAfter, response));
    }

    private Publisher<T> read(Request request, String resumeAfter, Response response) {
        if (response.status() == 204) {
            return Flux.empty();
        }
        if (response.status() != 200 || !response.isSuccessful()) {
            return HttpStatusException.from(request, response).flatMapMany(Flux::error);
        }
        if (!isEventStream(response)) {
            return response.buffered()
                    .flatMap(copy -> copy.readAll(Integer.MAX_VALUE))
                    .flatMapMany(body -> Flux.error(new UnexpectedContentTypeException(request, response, body)));
        }
        connections++;
        connectedAt = now();
        if (counters != null) {
            counters.connected();
        }
        Flux<T> elements = parsed(response);
        if (settings.reconnectsOnCleanEnd()) {
            elements = elements.concatWith(Mono.error(() -> new Planned("The server has ended the response")));
        }
        return shape.showsSignals() ? withHead(elements, resumeAfter, response) : elements;
    }

    @SuppressWarnings("unchecked") // A mark, the one element that is no T, is taken out before anybody sees it.
    private Flux<T> parsed(Response response) {
        CompletingShape<T> last = completing;
        return last == null
                ? this.<T>parsed(response, () -> parser(finder()))
                : (Flux<T>) this.<Object>parsed(response, () -> new EventParser<>(finder(), last));
    }

    /** A wish for another connection cuts the bytes, not the events: those that have come are emitted, so none is passed over. */
    private <X> Flux<X> parsed(Response response, Supplier<PullParser<X>> parsers) {
        Publisher<?> trigger = settings.reconnectTrigger;
        if (trigger == null || !policy.reconnects()) {
            return Decoder.pulling(parsers).decode(response);
        }
        return Flux.defer(() -> {
            Wish wish = new Wish(trigger);
            return Decoder.parse(response.bytes().takeUntilOther(wish.spoken()), parsers)
                    .concatWith(Mono.defer(wish::asEnd));
        });
    }

    private PullParser<T> parser(EventFinder finder) {
        if (recent == null && shape instanceof ValueShape<T> values) {
            Codec.Batch<T> batch = values.codec().batch();
            if (batch != null) {
                return new EventBatchParser<>(finder, values, batch);
            }
        }
        return new EventParser<>(finder, shape);
    }

    private EventFinder finder() {
        return new EventFinder(resumePoint, settings.limits, shape.showsSignals(), recent, counters);
    }

    private Flux<T> withHead(Flux<T> elements, String resumeAfter, Response response) {
        T connected = shape.signal(new EventSignal.Connected(connections, response.headers()));
        T resumed = resumeAfter.isEmpty() ? null : shape.signal(new EventSignal.Resumed(resumeAfter));
        Flux<T> head = Flux.concat(Mono.justOrEmpty(connected), Mono.justOrEmpty(resumed));
        return Flux.concat(head, elements);
    }

    /**
     * By repetition, in which a connection that has ended is followed by the decision whether there is to be another. {@code retryWhen} and
     * {@code onErrorResume} take locks for each element, so that they know what is still asked for.
     */
    private Flux<T> reconnecting() {
        return policy.reconnects()
                ? Flux.defer(() -> undecided == null ? attempt() : decision(undecided))
                        .onErrorComplete(this::isPassedOver)
                        .repeat(() -> undecided != null || backoff != null)
                : Flux.defer(this::attempt);
    }

    /** Whether a failure is no failure of the stream: that of a connection is not, before there is a decision. */
    private boolean isPassedOver(Throwable error) {
        if (undecided == null) {
            undecided = error;
            return true;
        }
        undecided = null;
        return error instanceof Planned;
    }

    /** Empty when there is to be another connection. */
    private Flux<T> decision(Throwable ended) {
        failure = ended;
        if (connectedAt != null && Duration.ofNanos(now() - connectedAt).compareTo(policy.resetAfter()) >= 0) {
            inARow = 0;
        }
        // A wish is granted, and is no attempt that may be one too many.
        boolean wished = ended instanceof Planned planned && planned.isWish();
        return policy.nextDelay(ended, wished ? 0 : inARow, wished ? any -> true : this::mayPass)
                .doOnSuccess(own -> {
                    undecided = null;
                    backoff = own;
                    inARow += wished ? 0 : 1;
                })
                .thenMany(Flux.empty());
    }

    private Flux<T> completing(Flux<T> elements) {
        CompletingShape<T> last = completing;
        if (last == null) {
            return elements;
        }
        Flux<T> ended = elements.takeUntil(element -> last.isCompleted()).filter(CompletingShape::isValue);
        return settings.completionRequired ? ended.concatWith(Mono.defer(() -> missingEnd(last))) : ended;
    }

    private Mono<T> missingEnd(CompletingShape<T> last) {
        String lastEventId = resumePoint.lastEventId();
        return last.isCompleted()
                ? Mono.empty()
                : Mono.error(() ->
                        new IncompleteStreamException(settings.prepared(settings.request, lastEventId), lastEventId));
    }

    private boolean mayPass(Throwable ended) {
        if (settings.replaysOnlyWithId() && resumePoint.lastEventId().isEmpty()) {
            return false;
        }
        if (ended instanceof Planned) {
            return true;
        }
        return ended instanceof HeadraceException known && (known.isTransient() || isLostNetwork(known));
    }

    /** A host that was reached before and is unknown now has not moved: this machine has lost its network. */
    private boolean isLostNetwork(HeadraceException ended) {
        return connections > 0 && ended instanceof TransportException && ended.kind() == FailureKind.CONFIGURATION;
    }

    private Reason reason(@Nullable Throwable ended) {
        if (ended instanceof Planned planned) {
            return planned.isWish() ? Reason.REQUESTED : Reason.CLEAN_END;
        }
        if (ended instanceof HttpStatusException) {
            return Reason.REFUSED;
        }
        if (connectedAt == null) {
            return Reason.UNREACHABLE;
        }
        return ended instanceof ResponseTimeoutException ? Reason.SILENT : Reason.BROKEN;
    }

    private Duration serverWait(@Nullable Throwable ended) {
        Duration retry = resumePoint.retry();
        Duration refused = ended instanceof HeadraceException known ? refusedFor(known) : Duration.ZERO;
        Duration longer = refused.compareTo(retry) > 0 ? refused : retry;
        return longer.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : longer;
    }

    private static Duration refusedFor(HeadraceException ended) {
        if (ended instanceof HttpStatusException refusal) {
            Duration asked = RetryAfter.from(refusal.headers()).orElse(Duration.ZERO);
            if (!asked.isZero()) {
                return asked;
            }
        }
        Duration left = ended.retryAt()
                .map(then -> Duration.between(
                        Instant.ofEpochMilli(Schedulers.parallel().now(TimeUnit.MILLISECONDS)), then))
                .orElse(Duration.ZERO);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static long now() {
        // Asked for each time, so that virtual time reaches it.
        return Schedulers.parallel().now(TimeUnit.NANOSECONDS);
    }

    private static boolean isEventStream(Response response) {
        // Parameters do not count: whatever charset is named, the stream is UTF-8 (WHATWG HTML §9.2.5).
        return response.headers()
                .first("Content-Type")
                .map(type -> type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT))
                .filter("text/event-stream"::equals)
                .isPresent();
    }

    /** What a user's trigger says while one connection is up. */
    private static final class Wish {

        private final Publisher<?> trigger;
        private volatile boolean spoken;
        private volatile @Nullable Throwable broken;

        Wish(Publisher<?> trigger) {
            this.trigger = trigger;
        }

        /** Ends when there is a wish, or there can be none because the trigger has failed. */
        Mono<Void> spoken() {
            return Flux.from(trigger)
                    .next()
                    .doOnNext(any -> spoken = true)
                    .then()
                    .onErrorResume(failure -> {
                        broken = failure;
                        return Mono.empty();
                    })
                    .then(Mono.defer(() -> spoken || broken != null ? Mono.empty() : Mono.never()));
        }

        <X> Mono<X> asEnd() {
            Throwable failure = broken;
            if (failure != null) {
                return Mono.error(failure);
            }
            return spoken ? Mono.error(Planned.wish()) : Mono.empty();
        }
    }

    /** A connection has ended as it should; an error only so that it takes the way of all ends that reconnect. */
    private static final class Planned extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient boolean wish;

        Planned(String message) {
            this(message, false);
        }

        private Planned(String message, boolean wish) {
            super(message, null, false, false);
            this.wish = wish;
        }

        static Planned wish() {
            return new Planned("The user has asked for another connection", true);
        }

        boolean isWish() {
            return wish;
        }
    }
}
