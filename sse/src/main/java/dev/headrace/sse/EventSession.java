package dev.headrace.sse;

import dev.headrace.decode.Decoder;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.RetryAfter;
import dev.headrace.http.TransportException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * One subscription to an event stream, over all its connections. Only one of them is open at a time, and each begins when the one before
 * has ended, so this state needs no guard.
 */
final class EventSession {

    private static final Duration LONGEST_WAIT = SseParser.MAX_RETRY;

    private final EventStream stream;
    private final ResumePoint resumePoint;
    private final ReconnectPolicy policy;
    private boolean everConnected;
    private boolean completed;
    private @Nullable Long connectedAt;

    EventSession(EventStream stream) {
        this.stream = stream;
        this.resumePoint = new ResumePoint(stream.firstEventId());
        this.policy = stream.reconnectPolicy();
    }

    Flux<SseEvent> events() {
        return completing(reconnecting(Flux.defer(this::connection)));
    }

    private Flux<SseEvent> connection() {
        connectedAt = null;
        Request request = stream.request(resumePoint.lastEventId());
        return stream.connector().exchange(request, response -> read(request, response));
    }

    private Publisher<SseEvent> read(Request request, Response response) {
        if (response.status() == 204) {
            return Flux.empty();
        }
        if (response.status() != 200) {
            return HttpStatusException.from(request, response).flatMapMany(Flux::error);
        }
        if (!isEventStream(response)) {
            return response.buffered()
                    .flatMap(copy -> copy.readAll(Integer.MAX_VALUE))
                    .flatMapMany(body -> Flux.error(new UnexpectedContentTypeException(request, response, body)));
        }
        everConnected = true;
        connectedAt = now();
        Flux<SseEvent> events = Decoder.pulling(() -> new SseParser(resumePoint, stream.eventLimit()))
                .decode(response);
        return policy.reconnects() && stream.reconnectsOnCleanEnd()
                ? events.concatWith(Mono.error(CleanEnd::new))
                : events;
    }

    private Flux<SseEvent> reconnecting(Flux<SseEvent> connections) {
        return policy.reconnects()
                ? connections
                        .retryWhen(policy.asRetry(this::mayPass, this::serverWait, this::uptime))
                        .onErrorComplete(CleanEnd.class)
                : connections;
    }

    private Flux<SseEvent> completing(Flux<SseEvent> events) {
        return stream.completion()
                .map(last -> events.takeUntil(event -> completed = last.test(event)))
                .map(ended -> stream.isCompletionRequired() ? ended.concatWith(Mono.defer(this::missingEnd)) : ended)
                .orElse(events);
    }

    private Mono<SseEvent> missingEnd() {
        String lastEventId = resumePoint.lastEventId();
        return completed
                ? Mono.empty()
                : Mono.error(() -> new IncompleteStreamException(stream.request(lastEventId), lastEventId));
    }

    private boolean mayPass(Throwable failure) {
        if (failure instanceof CleanEnd) {
            return true;
        }
        if (failure instanceof HttpStatusException refusal) {
            int status = refusal.status();
            return status == 408 || status == 425 || status == 429 || status >= 500;
        }
        return failure instanceof HeadraceException known && (known.isTransient() || isLostNetwork(known));
    }

    /** A host that was reached before and is unknown now has not moved: this machine has lost its network. */
    private boolean isLostNetwork(HeadraceException failure) {
        return everConnected && failure instanceof TransportException && failure.kind() == FailureKind.CONFIGURATION;
    }

    private Duration serverWait(Throwable failure) {
        Duration retry = resumePoint.retry();
        Duration retryAfter = failure instanceof HttpStatusException refusal
                ? RetryAfter.from(refusal.headers()).orElse(Duration.ZERO)
                : Duration.ZERO;
        Duration longer = retryAfter.compareTo(retry) > 0 ? retryAfter : retry;
        return longer.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : longer;
    }

    private Duration uptime() {
        return connectedAt == null ? Duration.ofNanos(-1) : Duration.ofNanos(now() - connectedAt);
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

    /** The server has ended a response as it should; an error only so that it takes the way of all ends that reconnect. */
    private static final class CleanEnd extends RuntimeException {

        private static final long serialVersionUID = 1L;

        CleanEnd() {
            super("The server has ended the response", null, false, false);
        }
    }
}
