package dev.headrace.connector;

import dev.headrace.decode.Captured;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.ResponseTimeoutException;
import dev.headrace.http.TransportException;
import dev.headrace.json.DecodingException;
import dev.headrace.json.Pointer;
import dev.headrace.pagination.Page;
import dev.headrace.pagination.PageElement;
import dev.headrace.pagination.PageEnd;
import dev.headrace.pagination.PageGuard;
import dev.headrace.pagination.PageOptions;
import dev.headrace.pagination.PageStop;
import dev.headrace.pagination.PageToken;
import dev.headrace.resilience.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * One reading of an endpoint, page after page, for one subscriber.
 *
 * <p>{@code expand} runs over pages that have not been read, not over their items: a page in hand costs nothing. It names the next as soon as
 * it is known how the last one ends, and {@link PageFlux} begins it when its items are wanted.
 *
 * @param <T> the type of the items
 */
final class Pages<T> {

    private static final Logger LOG = LoggerFactory.getLogger(Pages.class);

    private final Connector connector;
    private final Endpoint<T> endpoint;
    private final Request first;
    private final PageOptions options;
    private @Nullable PageGuard guard;
    private @Nullable Long began;

    Pages(Connector connector, Endpoint<T> endpoint, Request first) {
        this.connector = connector;
        this.endpoint = endpoint;
        this.first = first;
        this.options = endpoint.pageOptions();
    }

    /** Nobody keeps it: each page knows the next, so whoever held the first would hold them all. */
    private PageReading start() {
        PageToken from = endpoint.token();
        PageReading start = from == null
                ? new PageReading(first, 1, 0, Captured.Prefix.NOTHING)
                : new PageReading(from.request(first), from.number(), from.itemsBefore(), from.prefix());
        PageGuard watching = connector.guard(options, start.prepared.request());
        if (from != null) {
            watching.checkOrigin(from.number() - 1, start.prepared.request());
        }
        guard = watching;
        return start;
    }

    Flux<T> records() {
        return inOrder(page -> new Source<>(page, page.attempts(), page::size, page::behindDelivered));
    }

    Flux<PageElement<T>> elements() {
        return inOrder(page -> new Source<>(page, page.elements(), () -> page.size() + 1, page::behindDelivered));
    }

    Flux<Page<T>> pages() {
        return inOrder(page -> new Source<>(page, page.collected(), () -> 1, begun -> page.behindNothing()));
    }

    private <R> Flux<R> inOrder(Function<PageReading, Source<R>> source) {
        return new PageFlux<>(
                Mono.fromSupplier(this::start).expand(PageReading::named).map(source), options.prefetchPages());
    }

    /** A page as {@link PageFlux} sees it: by its items, with its end or without, or as one item. */
    private final class Source<R> implements PageFlux.Source<R> {

        private final PageReading page;
        private final Publisher<R> items;
        private final LongSupplier size;
        private final Function<Boolean, Optional<PageToken>> behindFailure;

        Source(
                PageReading page,
                Publisher<R> items,
                LongSupplier size,
                Function<Boolean, Optional<PageToken>> behindFailure) {
            this.page = page;
            this.items = items;
            this.size = size;
            this.behindFailure = behindFailure;
        }

        @Override
        public Publisher<R> items() {
            return items;
        }

        @Override
        public long size() {
            return size.getAsLong();
        }

        @Override
        public void delivered(long items) {
            // Decoders of one's own capture nothing, so it is known only now how such a page ends.
            page.captured.complete(items);
        }

        @Override
        public void failed(Throwable failure, boolean begun) {
            PageStop.attach(failure, page.number, behindFailure.apply(begun));
        }
    }

    private final class PageReading {

        private final Request request;
        private final Connector.Prepared prepared;
        private final int number;
        private final long itemsBefore;
        private final Captured.Prefix taken;
        private final Sinks.One<PageReading> naming = Sinks.one();
        // Known once the next page, if there is one, has been named.
        private @Nullable PageEnd ending;
        private @Nullable PageReading next;
        private volatile Captured captured;
        private @Nullable Response head;
        private boolean wasNamed;

        PageReading(Request request, int number, long itemsBefore, Captured.Prefix taken) {
            this.request = request;
            // The next page and tokens are made from the request as it was before the endpoint's change.
            this.prepared = connector.prepare(endpoint.forPage(request, number));
            this.number = number;
            this.itemsBefore = itemsBefore;
            this.taken = taken;
            this.captured = Captured.resuming(endpoint.captures(), taken);
        }

        /** How many items are to be delivered. */
        long size() {
            return captured.items() - taken.items();
        }

        /** The items, and behind them how the page ended, unless no next one can be named for that reason. */
        Flux<PageElement<T>> elements() {
            AtomicLong items = new AtomicLong();
            return attempts()
                    .<PageElement<T>>map(item -> {
                        items.setPlain(items.getPlain() + 1);
                        return new PageElement.Item<>(item);
                    })
                    .concatWith(Mono.defer(() -> ending(items.getPlain())));
        }

        private Mono<PageElement<T>> ending(long items) {
            // A decoder of one's own may have captured nothing.
            captured.complete(items);
            PageEnd end = ending;
            // Where there is none, that it could not be named is the error that follows.
            return end == null ? Mono.empty() : Mono.just(new PageElement.End<>(end, nextToken(), next == null));
        }

        /** A decoder of one's own does not say what it has delivered, so nobody could go on behind that. */
        Optional<PageToken> behindDelivered(boolean begun) {
            Captured.Prefix delivered = captured.delivered();
            return begun && delivered.items() == taken.items() ? Optional.empty() : token(delivered);
        }

        /** For who gets the page as a whole: of one that failed, nobody has seen the items that came. */
        Optional<PageToken> behindNothing() {
            return token(taken);
        }

        /** The items. */
        Flux<T> attempts() {
            Flux<T> attempt = Flux.defer(() -> {
                checkDuration();
                head = null;
                return prepared.call(this::read);
            });
            return options.refetchesBrokenPages() ? attempt.retryWhen(refetching()) : attempt;
        }

        private void checkDuration() {
            if (began == null) {
                began = now();
            } else if (number > 1) {
                Objects.requireNonNull(guard)
                        .checkDuration(number, prepared.request(), Duration.ofNanos(now() - began));
            }
        }

        private Flux<T> read(Response response) {
            if (!response.isSuccessful()) {
                return HttpStatusException.from(response.request(), response).flatMapMany(Flux::error);
            }
            head = response;
            Captured reading = Captured.resuming(endpoint.captures(), captured.delivered());
            captured = reading;
            reading.whenComplete(this::ended);
            if (response.status() == 204 || response.status() == 205) {
                // There is no content (RFC 9110 §15.3.5), so there is no document to be incomplete.
                return Flux.<T>empty().doOnComplete(() -> reading.complete(0));
            }
            return endpoint.decoder()
                    .decode(response, reading)
                    .onErrorMap(DecodingException.class, error -> error.from(request.describe()));
        }

        private Retry refetching() {
            RetryPolicy retry = prepared.retry();
            Duration longest =
                    retry.maxDelay().compareTo(retry.firstDelay()) > 0 ? retry.maxDelay() : retry.firstDelay();
            return Retry.backoff(retry.maxRetries(), retry.firstDelay())
                    .maxBackoff(longest)
                    .jitter(retry.jitter())
                    .transientErrors(true)
                    .filter(this::brokeOff)
                    .onRetryExhaustedThrow((spec, last) -> last.failure());
        }

        /** Before there is a response, or while its head is read, breaks are the retry policy's business. */
        private boolean brokeOff(Throwable failure) {
            return head != null
                    && (failure instanceof TransportException
                            // Where there is a deadline for the whole call, it may be that, and it counts retries too.
                            || failure instanceof ResponseTimeoutException && !prepared.hasDeadline()
                            || failure instanceof DecodingException decoding && decoding.isCutShort());
        }

        Mono<Page<T>> collected() {
            return attempts().collectList().map(items -> {
                // A decoder of one's own may have captured nothing.
                captured.complete(items.size());
                Response answer = Objects.requireNonNull(head);
                return new Page<>(number, items, answer.status(), answer.headers(), nextToken());
            });
        }

        /** It is known how this page ends, so the next one can be named. */
        private void ended() {
            if (wasNamed) {
                // A page may break off behind its last bracket, and be fetched again only to see that it was whole.
                return;
            }
            wasNamed = true;
            try {
                PageEnd end = end();
                PageReading following = endpoint.pagination()
                        .next(end)
                        .map(request -> new PageReading(request, number + 1, end.itemsInAll(), Captured.Prefix.NOTHING))
                        .orElse(null);
                PageGuard watching = Objects.requireNonNull(guard);
                if (following != null && watching.admits(end, following.prepared.request())) {
                    next = following;
                    watching.check(end, following.prepared.request());
                    ending = end;
                    naming.tryEmitValue(following).orThrow();
                } else {
                    ending = end;
                    tellLast(end);
                    naming.tryEmitEmpty().orThrow();
                }
            } catch (RuntimeException failure) {
                PageStop.attach(failure, number, next == null ? atEnd() : nextToken());
                naming.tryEmitError(failure).orThrow();
            }
        }

        /** For whoever wonders why there is no more: a place with a wrong name looks like one that has nothing. */
        private void tellLast(PageEnd end) {
            if (LOG.isDebugEnabled()) {
                List<Pointer> absent = endpoint.pagination().captures().values().stream()
                        .filter(place -> !end.values().containsKey(place))
                        .toList();
                // Not the request: this log knows nothing of what a configuration has for secret.
                LOG.debug(
                        "page {} is the last, with {} items{}",
                        number,
                        end.items(),
                        absent.isEmpty() ? "" : "; it has nothing at " + absent);
            }
        }

        /** Where no next page can be told, all that is left to go on from is the end of this one. */
        private Optional<PageToken> atEnd() {
            Captured seen = captured;
            boolean shown = seen.items() == 0 || seen.fingerprint() != 0;
            return shown ? token(new Captured.Prefix(seen.items(), seen.fingerprint())) : Optional.empty();
        }

        private Optional<PageToken> nextToken() {
            PageReading following = next;
            return following == null ? Optional.empty() : following.token(following.taken);
        }

        private PageEnd end() {
            Response answer = Objects.requireNonNull(head);
            Captured seen = captured;
            return new PageEnd(
                    request.withSecretsOf(answer.request()),
                    answer.uri(),
                    answer.status(),
                    answer.headers(),
                    number,
                    seen.items(),
                    itemsBefore + seen.items(),
                    seen.values(),
                    seen.lastItem().orElse(null),
                    seen.fingerprint());
        }

        /** The page behind this one, as soon as it is known how this one ends. */
        Mono<PageReading> named() {
            return naming.asMono();
        }

        private Optional<PageToken> token(Captured.Prefix passedOver) {
            return PageToken.of(first, request, number, itemsBefore, passedOver);
        }
    }

    private static long now() {
        return Schedulers.parallel().now(TimeUnit.NANOSECONDS);
    }
}
