package dev.headrace.connector;

import dev.headrace.Defaults;
import dev.headrace.auth.Auth;
import dev.headrace.decode.Decoder;
import dev.headrace.http.BufferedResponse;
import dev.headrace.http.Exchange;
import dev.headrace.http.ExchangeListener;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Interceptor;
import dev.headrace.http.OriginPolicy;
import dev.headrace.http.PoolSettings;
import dev.headrace.http.ProxySettings;
import dev.headrace.http.Redactor;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.ResponseTimeoutException;
import dev.headrace.http.Timeouts;
import dev.headrace.http.TlsSettings;
import dev.headrace.http.Transport;
import dev.headrace.http.TransportSettings;
import dev.headrace.json.Codec;
import dev.headrace.json.DecodingException;
import dev.headrace.json.TypeRef;
import dev.headrace.observe.Observations;
import dev.headrace.observe.WireLog;
import dev.headrace.pagination.Page;
import dev.headrace.pagination.PageElement;
import dev.headrace.pagination.PageGuard;
import dev.headrace.pagination.PageOptions;
import dev.headrace.pagination.PageStop;
import dev.headrace.resilience.BulkheadPolicy;
import dev.headrace.resilience.CircuitBreaker;
import dev.headrace.resilience.CircuitBreakerPolicy;
import dev.headrace.resilience.CircuitState;
import dev.headrace.resilience.ErrorRules;
import dev.headrace.resilience.RateLimitPolicy;
import dev.headrace.resilience.RetryPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * One remote API: base URL, policies, the chain of interceptors, the pool of connections. Immutable and safe to share; make one for each
 * API and keep it.
 *
 * <p>Every operation returns a {@link Flux} or a {@link Mono}; nothing is sent before subscription and demand, and subscribing twice does it
 * twice. Signals come on event loops, which must not be blocked; move blocking work away by {@code publishOn} with a small prefetch.
 * Failures are {@link dev.headrace.error.HeadraceException}s. Cancelling stops timers, gives permits back and closes the connection.
 *
 * <p>{@link #mutate()} makes variants that share the pool, and limits, breakers and budgets that they do not set themselves. Close the
 * connector that was {@linkplain #builder built}; that closes the pool for all its variants.
 */
public final class Connector implements AutoCloseable {

    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Settings settings;
    private final Transport transport;
    private final boolean ownsTransport;
    private final Exchange chain;
    private final List<Route> routes;

    /** The way of requests that a rule matches. */
    private record Route(Rule rule, Exchange chain) {}

    private Connector(Settings settings, Transport transport, boolean ownsTransport) {
        this.settings = settings;
        this.transport = transport;
        this.ownsTransport = ownsTransport;
        this.chain = Chain.assemble(settings, transport);
        this.routes = settings.rules.stream()
                .map(rule -> new Route(rule, Chain.assemble(rule.settings(), transport)))
                .toList();
    }

    /**
     * Begins a connector.
     *
     * @param baseUrl absolute http or https URL; a path in it is kept in front of every request's path
     * @return a builder with all defaults
     * @throws IllegalArgumentException if it is no such URL, or has a query, a fragment or userinfo
     */
    public static Builder builder(String baseUrl) {
        return new Builder(new Settings(checkBase(baseUrl)), null);
    }

    /**
     * Uses a connector for one stream and closes it afterwards, whether that completes, fails or is cancelled; what is still under way then
     * has 10 s to end.
     *
     * @param connectors makes the connector; called for every subscriber
     * @param use what to do with it
     * @param <T> the type of the results
     * @return the results
     */
    public static <T> Flux<T> using(
            Supplier<Connector> connectors, Function<? super Connector, ? extends Publisher<? extends T>> use) {
        return Flux.usingWhen(Mono.fromSupplier(connectors), use, connector -> connector.closeGracefully(GRACE));
    }

    /**
     * Begins a variant of this connector that shares its pool, unless pool, TLS, proxy or transport are set anew, and its limits, breakers
     * and retry budget, unless they are. Closing the variant closes nothing of this one.
     *
     * @return a builder with this connector's settings
     */
    public Builder mutate() {
        return new Builder(new Settings(settings), transport);
    }

    /**
     * What this connector is made of.
     *
     * @return its settings, to be read
     */
    public ConnectorSettings settings() {
        return new ConnectorSettings(settings);
    }

    /**
     * What has happened so far, and how limits, breakers and pool stand.
     *
     * @return a snapshot of this moment; variants made by {@link #mutate()} count together
     */
    public ConnectorStats stats() {
        return new ConnectorStats(settings, transport);
    }

    /**
     * Sends a request when the first element is asked for and hands the response to a reader. It never fails because of a status. A body
     * that the reader does not read is given back.
     *
     * @param request what to send
     * @param reader makes the result from the response; the body must be read within what it returns
     * @param <R> the type of the results
     * @return what the reader made. Cancelling closes the connection unless the body has been read to its end
     */
    public <R> Flux<R> exchange(Request request, Function<? super Response, ? extends Publisher<? extends R>> reader) {
        return Flux.defer(() -> prepare(request).call(reader));
    }

    /**
     * Sends a request and reads the whole response. It never fails because of a status.
     *
     * @param request what to send
     * @return status, headers and body; errors with {@link dev.headrace.http.BodyTooLargeException} beyond 8 MiB
     */
    public Mono<BufferedResponse> exchange(Request request) {
        return Flux.defer(() -> prepare(request, Defaults.DOCUMENT_HEAD)
                        .call(response -> response.whole(Defaults.RECORD_LIMIT)))
                .single();
    }

    /** A request with everything filled in, and the way it goes. */
    static final class Prepared {

        private final Request request;
        private final Settings settings;
        private final Exchange chain;

        private Prepared(Request request, Settings settings, Exchange chain) {
            this.request = request;
            this.settings = settings;
            this.chain = chain;
        }

        Request request() {
            return request;
        }

        RetryPolicy retry() {
            return settings.retry();
        }

        boolean hasDeadline() {
            return !request.options().timeoutsOver(settings.timeouts).total().isZero();
        }

        /** How its circuit stands. */
        Optional<CircuitState> circuit(ContextView context) {
            CircuitBreaker breaker = settings.breaker();
            return breaker == null ? Optional.empty() : breaker.state(request, context);
        }

        <R> Flux<R> call(Function<? super Response, ? extends Publisher<? extends R>> reader) {
            Duration total = request.options().timeoutsOver(settings.timeouts).total();
            Flux<R> results = chain.exchange(request, reader);
            return total.isZero() ? results : Flux.defer(() -> within(total, results));
        }

        /**
         * By a completion, not by an error: takeUntilOther of Reactor 3.8 cancels nothing when the other side fails, and the call would go on for
         * nobody.
         */
        private <R> Flux<R> within(Duration total, Flux<R> results) {
            AtomicBoolean decided = new AtomicBoolean();
            AtomicBoolean late = new AtomicBoolean();
            Mono<Long> deadline = Mono.delay(total)
                    .filter(tick -> decided.compareAndSet(false, true))
                    .doOnNext(tick -> late.set(true));
            return results.doOnTerminate(() -> decided.set(true))
                    .takeUntilOther(deadline.switchIfEmpty(Mono.never()))
                    .concatWith(Mono.defer(() -> late.get()
                            ? Mono.error(new ResponseTimeoutException(request, "the call did not end", total))
                            : Mono.empty()));
        }
    }

    /**
     * Sends a request and reads the response's JSON as a value of a class.
     *
     * @param request what to send
     * @param type a record, class, or {@code JsonNode} for a tree
     * @param <T> the type of the value
     * @return the value, or empty if there is no content. Errors with {@link HttpStatusException} if the status is no success, and with
     *     {@link dev.headrace.http.BodyTooLargeException} beyond 8 MiB
     */
    public <T> Mono<T> fetch(Request request, Class<T> type) {
        return fetch(request, Codec.of(type));
    }

    /**
     * Sends a request and reads the response's JSON as a value of a generic type.
     *
     * @param request what to send
     * @param type the type, such as {@code new TypeRef<List<Issue>>() {}}
     * @param <T> the type of the value
     * @return as {@link #fetch(Request, Class)}
     */
    public <T> Mono<T> fetch(Request request, TypeRef<T> type) {
        return fetch(request, Codec.of(type));
    }

    private <T> Mono<T> fetch(Request request, Codec<T> codec) {
        return Mono.defer(() -> {
            Prepared asking = prepare(accepting(request, "application/json"), Defaults.DOCUMENT_HEAD);
            return asking.<T>call(response -> value(asking.request(), response, codec))
                    .singleOrEmpty();
        });
    }

    private static <T> Mono<T> value(Request request, Response response, Codec<T> codec) {
        if (!response.isSuccessful()) {
            return HttpStatusException.from(response.request(), response).flatMap(Mono::error);
        }
        return response.readAll(Defaults.RECORD_LIMIT)
                .filter(body -> body.length > 0)
                .map(body -> codec.decode(body, 0, body.length))
                .onErrorMap(DecodingException.class, error -> error.from(request.describe()));
    }

    /**
     * Reads the one item of an endpoint.
     *
     * @param endpoint what to read
     * @param <T> the type of the item
     * @return the item, or empty if there is none; errors as {@link #records}, and with a {@link DecodingException} if there is more than one
     */
    public <T> Mono<T> fetch(Endpoint<T> endpoint) {
        return records(endpoint.singlePage()).take(2).collectList().handle((items, sink) -> {
            if (items.size() > 1) {
                sink.error(new DecodingException(
                                "there is more than one item; read them by records(endpoint)",
                                DecodingException.UNKNOWN,
                                1,
                                null)
                        .from(endpoint.request().describe()));
            } else if (!items.isEmpty()) {
                sink.next(items.get(0));
            }
        });
    }

    /**
     * Reads the items of an endpoint, page after page.
     *
     * <p>A page is requested when more items are wanted than the page before it still holds, and not before: {@code take(10)} of pages of ten
     * requests one, and under unbounded demand the next request leaves as soon as a page has come. The stream completes only when the last
     * page says that it is the last; an error on a later page comes after the items before it, with a {@link PageStop} attached that says
     * where to go on.
     *
     * <p>A JSON document up to 1 MiB is complete before its first item is emitted, and is retried until then; a larger one streams, in the
     * memory of one item.
     *
     * @param endpoint what to read
     * @param <T> the type of the items
     * @return the items in order. Errors with {@link HttpStatusException} if a status is no success, with a
     *     {@link dev.headrace.json.DecodingException} if a page is malformed or cut short, and with a
     *     {@link dev.headrace.pagination.PaginationException} if the pages go astray
     */
    public <T> Flux<T> records(Endpoint<T> endpoint) {
        return Flux.defer(() -> new Pages<>(this, endpoint, firstRequest(endpoint)).records());
    }

    /**
     * Reads an endpoint page by page, each with all its items in memory. For pages that may not fit there, read {@link #records}.
     *
     * @param endpoint what to read
     * @param <T> the type of the items
     * @return the pages in order, one request for each that is asked for; errors as {@link #records}. Each has a token from which
     *     {@link Endpoint#from} goes on
     */
    public <T> Flux<Page<T>> pages(Endpoint<T> endpoint) {
        return Flux.defer(() -> new Pages<>(this, endpoint, firstRequest(endpoint)).pages());
    }

    /**
     * Reads the items of an endpoint, page after page, and behind those of each page how it ended: what was captured of it, and the token of
     * the next one. For whoever keeps up to where they have read without holding a page in memory.
     *
     * <p>Pages are requested as for {@link #records}, where the end of a page counts as one element more: {@code take(11)} of pages of ten
     * requests one. There is no end of a page that fails, or behind which no next page can be named; the error comes in its place, with a
     * {@link PageStop}.
     *
     * @param endpoint what to read
     * @param <T> the type of the items
     * @return items and ends in order; errors as {@link #records}
     */
    public <T> Flux<PageElement<T>> elements(Endpoint<T> endpoint) {
        return Flux.defer(() -> new Pages<>(this, endpoint, firstRequest(endpoint)).elements());
    }

    private static Request firstRequest(Endpoint<?> endpoint) {
        Decoder<?> decoder = endpoint.decoder();
        Request request = endpoint.pagination().first(endpoint.request());
        return decoder.accept()
                .map(type -> accepting(request, type))
                .orElse(request)
                .options(options -> options.documentHead(decoder.documentHead()));
    }

    /** Watches over pages that begin with a request of this connector. */
    PageGuard guard(PageOptions options, Request first) {
        return new PageGuard(settings.base, settings.origins, options, first);
    }

    /**
     * Sends one item as JSON and reads the answer.
     *
     * @param request where to, usually a POST; its body becomes the item
     * @param item a record, map, tree or other value that Jackson can write
     * @param reply the answer's class
     * @param <T> the type of the answer
     * @return as {@link #fetch(Request, Class)}
     */
    public <T> Mono<T> send(Request request, Object item, Class<T> reply) {
        return Mono.defer(() -> fetch(request.json(item), reply));
    }

    /**
     * Sends items as JSON, one request for each, ten at once.
     *
     * @param request where to, usually a POST; its body becomes the item. It is retried as any other: a POST only with an
     *     {@code Idempotency-Key} or by {@link RetryPolicy#retryAllMethods()}
     * @param items what to send
     * @param <T> the type of the items
     * @return what became of each, in the order of the items; failures are values. Nothing is sent before demand, and then up to ten requests
     *     run ahead of the reader; cancelling ends those under way
     */
    public <T> Flux<Outcome<T>> send(Request request, Publisher<? extends T> items) {
        return send(request, items, BatchOptions.concurrency(Defaults.SEND_CONCURRENCY));
    }

    /**
     * Sends items as JSON, one request for each.
     *
     * @param request as {@link #send(Request, Publisher)}
     * @param items what to send
     * @param options how many requests at once, and what a failure does
     * @param <T> the type of the items
     * @return as {@link #send(Request, Publisher)}
     * @throws IllegalArgumentException if the options put several items into one request, which {@link #sendTogether} does
     */
    public <T> Flux<Outcome<T>> send(Request request, Publisher<? extends T> items, BatchOptions options) {
        if (options.itemsPerRequest() > 1) {
            throw new IllegalArgumentException("send has one request for each item; sendTogether takes " + options);
        }
        return new Many(this, options).sendEach(request, items);
    }

    /**
     * Sends items as JSON arrays, several items with one request.
     *
     * @param request as {@link #send(Request, Publisher)}
     * @param items what to send
     * @param options how many items a request takes, how many requests at once, and what a failure does
     * @param <T> the type of the items
     * @return what became of each request, in order, with the items that were in it
     */
    public <T> Flux<Outcome<List<T>>> sendTogether(
            Request request, Publisher<? extends T> items, BatchOptions options) {
        return new Many(this, options).sendTogether(request, items);
    }

    /**
     * Sends many requests, five at once.
     *
     * @param requests what to send
     * @return what became of each, in the order of the requests; failures are values, and a status that is no success is one. Nothing is sent
     *     before demand, and then up to five requests run ahead of the reader; cancelling ends those under way
     */
    public Flux<Outcome<Request>> batch(Publisher<Request> requests) {
        return batch(requests, BatchOptions.defaults());
    }

    /**
     * Sends many requests.
     *
     * @param requests what to send
     * @param options how many at once, and what a failure does
     * @return as {@link #batch(Publisher)}
     */
    public Flux<Outcome<Request>> batch(Publisher<Request> requests, BatchOptions options) {
        return new Many(this, options).batch(requests);
    }

    /**
     * An endpoint that was named when this connector was built.
     *
     * @param name its name
     * @return the endpoint, to be bound and read
     * @throws IllegalArgumentException if there is none of that name
     */
    public Endpoint<?> endpoint(String name) {
        Endpoint<?> endpoint = settings.endpoints.get(name);
        if (endpoint == null) {
            throw new IllegalArgumentException(
                    "No endpoint is named '" + name + "', only " + settings.endpoints.keySet());
        }
        return endpoint;
    }

    /**
     * Asks the remote how it is, with one request through the whole chain, sent once, within 5 s. Hooks belong to the chain: what one of them
     * answers in place of a failure counts as an answer.
     *
     * @return never fails. The request is {@code GET} of the base URL unless {@linkplain Builder#healthProbe set}
     */
    public Mono<Health> health() {
        return new HealthCheck(this, settings.probe).health();
    }

    /**
     * The base URL.
     *
     * @return as it was given
     */
    public URI baseUrl() {
        return settings.base;
    }

    /**
     * Closes the pool at once, if this connector owns it: what is under way ends with an error, what comes later is refused. Closing a
     * variant made by {@link #mutate()} does nothing.
     */
    @Override
    public void close() {
        if (ownsTransport) {
            transport.close();
        }
    }

    /**
     * Refuses new requests, waits for those under way, then closes the pool, if this connector owns it.
     *
     * @param grace longest wait; what is still under way then ends with an error
     * @return completes when everything is closed; nothing happens before subscription
     */
    public Mono<Void> closeGracefully(Duration grace) {
        return ownsTransport ? transport.closeGracefully(grace) : Mono.empty();
    }

    @Override
    public String toString() {
        return "Connector[" + Redactor.uri(settings.base) + ", " + settings.headers + ", " + settings.retry() + ", "
                + settings.origins + "]";
    }

    /**
     * Makes the target absolute, chooses the rule, and fills in what the connector, or that rule, has a default for. The rule is chosen once:
     * what has been filled in must not lead to another.
     */
    Prepared prepare(Request request) {
        return prepare(request, request.options().documentHead());
    }

    private Prepared prepare(Request request, int documentHead) {
        Request absolute = request.against(settings.base);
        Route route = route(absolute);
        Settings own = route == null ? settings : route.rule().settings();
        Request filled = absolute.headers(absolute.headers().withDefaults(own.headers))
                .options(options -> own.filled(options, documentHead));
        return new Prepared(filled, own, route == null ? chain : route.chain());
    }

    private @Nullable Route route(Request absolute) {
        for (Route route : routes) {
            if (route.rule().matcher().matches(absolute)) {
                return route;
            }
        }
        return null;
    }

    private static Request accepting(Request request, String type) {
        return request.headers().contains("Accept") ? request : request.header("Accept", type);
    }

    private static URI checkBase(String baseUrl) {
        URI base = Request.get(baseUrl).uri();
        OriginPolicy.originOf(base);
        if (base.getRawQuery() != null || base.getRawFragment() != null || base.getRawUserInfo() != null) {
            throw new IllegalArgumentException("A base URL has no query, fragment or userinfo: " + Redactor.uri(base)
                    + "; give query parameters to requests and credentials to auth(…)");
        }
        return base;
    }

    /** Collects what a connector is made from. Not safe for use by several threads. */
    public static final class Builder {

        private final Settings settings;
        private @Nullable Transport shared;

        private Builder(Settings settings, @Nullable Transport shared) {
            this.settings = settings;
            this.shared = shared;
        }

        /**
         * Names the connector, in metrics and statistics.
         *
         * @param name default: the base URL's host
         * @return this builder
         */
        public Builder name(String name) {
            settings.name = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * Sets the credentials.
         *
         * @param auth put on every attempt whose target is trusted; {@link Auth#none()} takes them away
         * @return this builder
         */
        public Builder auth(Auth auth) {
            settings.auth = Objects.requireNonNull(auth, "auth");
            return this;
        }

        /**
         * Sets a header for every request that does not set it itself.
         *
         * @param name the header's name
         * @param value its value
         * @return this builder
         */
        public Builder header(String name, String value) {
            settings.headers = settings.headers.with(name, value);
            return this;
        }

        /**
         * Sets when failed attempts are made again, and with it a retry budget of its own.
         *
         * @param retry default {@link RetryPolicy#defaults()}
         * @return this builder
         */
        public Builder retry(RetryPolicy retry) {
            settings.retry(Objects.requireNonNull(retry, "retry"));
            return this;
        }

        /**
         * Sets what responses and failures mean, for APIs whose statuses do not say it: errors as data.
         *
         * @param errors default {@link ErrorRules#none()}
         * @return this builder
         */
        public Builder errors(ErrorRules errors) {
            settings.errors(Objects.requireNonNull(errors, "errors"));
            return this;
        }

        /**
         * Sets how fast requests may leave.
         *
         * @param rateLimit default: no limit
         * @return this builder
         */
        public Builder rateLimit(RateLimitPolicy rateLimit) {
            settings.rateLimit(Objects.requireNonNull(rateLimit, "rateLimit"));
            return this;
        }

        /**
         * Sets when a remote that fails is left alone.
         *
         * @param circuitBreaker default: never
         * @return this builder
         */
        public Builder circuitBreaker(CircuitBreakerPolicy circuitBreaker) {
            settings.circuitBreaker(Objects.requireNonNull(circuitBreaker, "circuitBreaker"));
            return this;
        }

        /**
         * Sets how many exchanges may run at once.
         *
         * @param bulkhead default: none; only the pool says how many are on the wire then
         * @return this builder
         */
        public Builder bulkhead(BulkheadPolicy bulkhead) {
            settings.bulkhead(Objects.requireNonNull(bulkhead, "bulkhead"));
            return this;
        }

        /**
         * Sets the clocks of requests that do not bring their own.
         *
         * @param timeouts default {@link Timeouts#defaults()}
         * @return this builder
         */
        public Builder timeouts(Timeouts timeouts) {
            settings.timeouts = Objects.requireNonNull(timeouts, "timeouts");
            return this;
        }

        /**
         * Sets the pool; a variant gets a pool of its own by this.
         *
         * @param pool default {@link PoolSettings#defaults()}
         * @return this builder
         */
        public Builder pool(PoolSettings pool) {
            return transport(settings -> settings.pool(pool));
        }

        /**
         * Sets whom to trust and who to be over TLS; a variant gets a pool of its own by this.
         *
         * @param tls default {@link TlsSettings#system()}
         * @return this builder
         */
        public Builder tls(TlsSettings tls) {
            return transport(settings -> settings.tls(tls));
        }

        /**
         * Sets a proxy; a variant gets a pool of its own by this.
         *
         * @param proxy default: none
         * @return this builder
         */
        public Builder proxy(ProxySettings proxy) {
            return transport(settings -> settings.proxy(proxy));
        }

        /**
         * Speaks HTTP/2 with remotes that offer it; a variant gets a pool of its own by this. Default: HTTP/1.1 only.
         *
         * @return this builder
         */
        public Builder http2() {
            return transport(settings -> settings.http2(true));
        }

        /**
         * Changes how the connector connects, for what has no method here; a variant gets a pool of its own by this.
         *
         * @param change from the settings before to those after
         * @return this builder
         */
        public Builder transport(UnaryOperator<TransportSettings> change) {
            settings.transport = change.apply(settings.transport);
            shared = null;
            return this;
        }

        /**
         * Sets which other origins are trusted.
         *
         * @param origins default {@link OriginPolicy#sameOrigin()}
         * @return this builder
         */
        public Builder origins(OriginPolicy origins) {
            settings.origins = Objects.requireNonNull(origins, "origins");
            return this;
        }

        /**
         * Sets how many redirects of one request are followed.
         *
         * @param maxRedirects 0 hands them on as answers; default 5
         * @return this builder
         */
        public Builder maxRedirects(int maxRedirects) {
            Settings.checkRedirects(maxRedirects);
            settings.maxRedirects = maxRedirects;
            return this;
        }

        /**
         * Keeps cookies (RFC 6265) in memory and sends them back. Default: they are not kept.
         *
         * @return this builder
         */
        public Builder cookies() {
            settings.cookies(true);
            return this;
        }

        /**
         * Adds behaviour to every attempt: inside retry, outside credentials. The first added is the outermost.
         *
         * @param interceptor the behaviour
         * @return this builder
         */
        public Builder interceptor(Interceptor interceptor) {
            settings.interceptors.add(Objects.requireNonNull(interceptor, "interceptor"));
            return this;
        }

        /**
         * Adds behaviour to every call, once for all its attempts: outside retry, such as
         * {@link dev.headrace.resilience.IdempotencyKeys#random()}. The first added is the outermost.
         *
         * @param interceptor the behaviour
         * @return this builder
         */
        public Builder callInterceptor(Interceptor interceptor) {
            settings.callInterceptors.add(Objects.requireNonNull(interceptor, "interceptor"));
            return this;
        }

        /**
         * Adds a hook around every call. One of the same name and kind is replaced, in its place.
         *
         * @param hook the hook
         * @return this builder
         */
        public Builder hook(Hook hook) {
            settings.hooks.replaceAll(other -> isSame(other, hook.kind(), hook.name()) ? hook : other);
            if (!settings.hooks.contains(hook)) {
                settings.hooks.add(hook);
            }
            return this;
        }

        /**
         * Takes a hook away; does nothing if there is none of that name.
         *
         * @param kind when it ran
         * @param name its name
         * @return this builder
         */
        public Builder withoutHook(Hook.Kind kind, String name) {
            settings.hooks.removeIf(hook -> isSame(hook, kind, name));
            return this;
        }

        private static boolean isSame(Hook hook, Hook.Kind kind, String name) {
            return hook.kind() == kind && hook.name().equals(name);
        }

        /**
         * Adds other settings for some requests. Rules are asked in the order in which they were added, and the first that matches wins; one of
         * the same name is replaced, in its place.
         *
         * @param name by which it is listed and removed
         * @param matcher which requests
         * @param overrides what is different for them, such as {@code o -> o.maxRedirects(0)}
         * @return this builder
         */
        public Builder when(String name, RequestMatcher matcher, UnaryOperator<Overrides> overrides) {
            Rule rule = Rule.of(name, matcher, overrides.apply(Overrides.NONE));
            for (int i = 0; i < settings.rules.size(); i++) {
                if (settings.rules.get(i).name().equals(name)) {
                    settings.rules.set(i, rule);
                    return this;
                }
            }
            settings.rules.add(rule);
            return this;
        }

        /**
         * Takes a rule away; does nothing if there is none of that name.
         *
         * @param name its name
         * @return this builder
         */
        public Builder withoutRule(String name) {
            settings.rules.removeIf(rule -> rule.name().equals(name));
            return this;
        }

        /**
         * Names an endpoint, to be had by {@link Connector#endpoint(String)}.
         *
         * @param name its name
         * @param endpoint in place of one of the same name
         * @return this builder
         */
        public Builder endpoint(String name, Endpoint<?> endpoint) {
            settings.endpoints.put(name, Objects.requireNonNull(endpoint, "endpoint"));
            return this;
        }

        /**
         * Sets what {@link Connector#health()} asks.
         *
         * @param probe cheap for the remote and harmless; default {@code GET} of the base URL
         * @return this builder
         */
        public Builder healthProbe(Request probe) {
            settings.probe = Objects.requireNonNull(probe, "probe");
            return this;
        }

        /**
         * Adds a listener, which observes and changes nothing.
         *
         * @param listener told of calls and attempts
         * @return this builder
         */
        public Builder listener(ExchangeListener listener) {
            settings.listeners.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /**
         * Observes every call and every attempt with Micrometer; needs {@code io.micrometer:micrometer-observation}. Default: not.
         *
         * @param observations such as {@code Observations.in(registry)}
         * @return this builder
         */
        public Builder observations(Observations observations) {
            settings.observations = Objects.requireNonNull(observations, "observations");
            return this;
        }

        /**
         * Sets where the redacted log of requests and responses goes.
         *
         * @param wireLog default {@link WireLog#debug()}: the logger {@code dev.headrace.wire} at DEBUG
         * @return this builder
         */
        public Builder wireLog(WireLog wireLog) {
            settings.wireLog = Objects.requireNonNull(wireLog, "wireLog");
            return this;
        }

        /**
         * Makes the connector. Nothing is opened before its first request.
         *
         * @return a connector; this builder may be used for another
         */
        public Connector build() {
            Settings copy = new Settings(settings);
            copy.completeState();
            copy.rules.replaceAll(rule -> rule.within(copy));
            return shared == null
                    ? new Connector(copy, Transport.over(copy.transport.timeouts(copy.timeouts)), true)
                    : new Connector(copy, shared, false);
        }
    }
}
