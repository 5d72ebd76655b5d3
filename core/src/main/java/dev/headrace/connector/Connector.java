package dev.headrace.connector;

import dev.headrace.Defaults;
import dev.headrace.auth.Auth;
import dev.headrace.http.Exchange;
import dev.headrace.http.Headers;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Interceptor;
import dev.headrace.http.OriginPolicy;
import dev.headrace.http.PoolSettings;
import dev.headrace.http.Redactor;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.ResponseTimeoutException;
import dev.headrace.http.Timeouts;
import dev.headrace.http.Transport;
import dev.headrace.http.TransportSettings;
import dev.headrace.json.Codec;
import dev.headrace.json.DecodingException;
import dev.headrace.json.TypeRef;
import dev.headrace.pagination.PageGuard;
import dev.headrace.resilience.RetryPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One remote API: base URL, policies, the chain of interceptors, the pool of connections. Immutable and safe to share; make one for each
 * API and keep it.
 *
 * <p>Every operation returns a {@link Flux} or a {@link Mono}; nothing is sent before subscription and demand, and subscribing twice does it
 * twice. Signals come on event loops, which must not be blocked; move blocking work away by {@code publishOn} with a small prefetch.
 * Failures are {@link dev.headrace.error.HeadraceException}s. Cancelling stops timers and closes the connection.
 *
 * <p>{@link #mutate()} makes variants that share the pool. Close the connector that was {@linkplain #builder built}; that closes the pool for
 * all its variants.
 */
public final class Connector implements AutoCloseable {

    private final Settings settings;
    private final Transport transport;
    private final boolean ownsTransport;
    private final Exchange chain;

    private Connector(Settings settings, Transport transport, boolean ownsTransport) {
        this.settings = settings;
        this.transport = transport;
        this.ownsTransport = ownsTransport;
        this.chain = Chain.assemble(
                settings.base, settings.origins, settings.retry, settings.interceptors, settings.auth, transport);
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
     * Begins a variant of this connector that shares its pool, unless pool or transport are set anew. Closing the variant closes nothing of
     * this one.
     *
     * @return a builder with this connector's settings
     */
    public Builder mutate() {
        return new Builder(new Settings(settings), transport);
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
        return Flux.defer(() -> send(prepare(request), reader));
    }

    /** An exchange of a request that has been {@linkplain #prepare prepared} already. */
    <R> Flux<R> send(Request prepared, Function<? super Response, ? extends Publisher<? extends R>> reader) {
        Duration total = timeoutsOf(prepared).total();
        Flux<R> results = chain.exchange(prepared, reader);
        return total.isZero()
                ? results
                : results.takeUntilOther(Mono.delay(total)
                        .then(Mono.error(() -> new ResponseTimeoutException(prepared, "the call did not end", total))));
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
            Request asking = prepare(accepting(request, "application/json"))
                    .options(options -> options.documentHead(Defaults.DOCUMENT_HEAD));
            return send(asking, response -> value(asking, response, codec)).singleOrEmpty();
        });
    }

    private static <T> Mono<T> value(Request request, Response response, Codec<T> codec) {
        if (!response.isSuccessful()) {
            return HttpStatusException.from(request, response).flatMap(Mono::error);
        }
        return response.readAll(Defaults.RECORD_LIMIT)
                .filter(body -> body.length > 0)
                .map(body -> codec.decode(body, 0, body.length))
                .onErrorMap(DecodingException.class, error -> error.from(request.describe()));
    }

    /**
     * Reads the items of an endpoint, page after page.
     *
     * <p>A page is requested when something of it has been asked for and not before: {@code take(10)} of pages of ten requests one. The stream
     * completes only when the last page says that it is the last; an error on a later page comes after the items before it.
     *
     * @param endpoint what to read
     * @param <T> the type of the items
     * @return the items in order. Errors with {@link HttpStatusException} if a status is no success, with a
     *     {@link dev.headrace.json.DecodingException} if a page is malformed or cut short, and with a
     *     {@link dev.headrace.pagination.PaginationException} if the pages go astray
     */
    public <T> Flux<T> records(Endpoint<T> endpoint) {
        return Flux.defer(() -> {
            Request first = prepare(endpoint.decoder()
                    .accept()
                    .map(type -> accepting(endpoint.request(), type))
                    .orElse(endpoint.request())
                    .options(o -> o.documentHead(endpoint.decoder().documentHead())));
            return new Pages<>(this, endpoint, first, new PageGuard(settings.base, settings.origins, first)).records();
        });
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
        return "Connector[" + Redactor.uri(settings.base) + ", " + settings.headers + ", " + settings.retry + ", "
                + settings.origins + "]";
    }

    /** Makes the target absolute and fills in what the connector has a default for. */
    Request prepare(Request request) {
        Request absolute = request.against(settings.base);
        Request filled = absolute.headers(absolute.headers().withDefaults(settings.headers));
        return filled.options(options -> options.timeouts(timeoutsOf(filled)));
    }

    private Timeouts timeoutsOf(Request request) {
        return request.options().timeoutsOver(settings.transport.timeouts());
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

    /** What a connector is made from; written only by its builder. */
    private static final class Settings {

        private final URI base;
        private final List<Interceptor> interceptors = new ArrayList<>();
        private Headers headers = Headers.none();
        private OriginPolicy origins = OriginPolicy.sameOrigin();
        private RetryPolicy retry = RetryPolicy.defaults();
        private TransportSettings transport = TransportSettings.defaults();
        private @Nullable Auth auth;

        Settings(URI base) {
            this.base = base;
        }

        Settings(Settings other) {
            this(other.base);
            interceptors.addAll(other.interceptors);
            headers = other.headers;
            origins = other.origins;
            retry = other.retry;
            transport = other.transport;
            auth = other.auth;
        }
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
         * Sets the credentials.
         *
         * @param auth put on every attempt whose target is trusted
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
         * Sets when failed attempts are made again.
         *
         * @param retry default {@link RetryPolicy#defaults()}
         * @return this builder
         */
        public Builder retry(RetryPolicy retry) {
            settings.retry = Objects.requireNonNull(retry, "retry");
            return this;
        }

        /**
         * Sets the clocks of requests that do not bring their own.
         *
         * @param timeouts default {@link Timeouts#defaults()}
         * @return this builder
         */
        public Builder timeouts(Timeouts timeouts) {
            settings.transport = settings.transport.timeouts(timeouts);
            return this;
        }

        /**
         * Sets the pool; a variant gets a pool of its own by this.
         *
         * @param pool default {@link PoolSettings#defaults()}
         * @return this builder
         */
        public Builder pool(PoolSettings pool) {
            settings.transport = settings.transport.pool(pool);
            shared = null;
            return this;
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
         * Makes the connector. Nothing is opened before its first request.
         *
         * @return a connector; this builder may be used for another
         */
        public Connector build() {
            Settings copy = new Settings(settings);
            return shared == null
                    ? new Connector(copy, Transport.over(copy.transport), true)
                    : new Connector(copy, shared, false);
        }
    }
}
