package dev.headrace.server;

import dev.headrace.Defaults;
import dev.headrace.capability.Integration;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Secret;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.ChannelBindException;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;

/**
 * An integration over HTTP/1.1. Settings are immutable: each method gives another server.
 *
 * <pre>{@code
 * try (RunningServer server = CapabilityServer.bind(acme, 8000)) {
 *     // curl -H "Authorization: Bearer $TOKEN" --json '{"request": {}}' http://127.0.0.1:8000/list_accounts
 * }
 * }</pre>
 *
 * <p>Paths, each also behind the integration's id ({@code /acme/list_accounts}), and capabilities also with dashes for underscores:
 *
 * <ul>
 *   <li>{@code POST /{capability}} takes the document that {@link Integration#dispatch(String, String)} takes, and answers with the envelope;
 *   <li>{@code GET /info} is the envelope of {@code info}, {@code GET /openapi.json} the OpenAPI document;
 *   <li>{@code POST /read} takes {@code {"config": {…}, "state": {…}, "streams": ["a"], "full_refresh": false}}, all of which may be missing,
 *       and answers with messages as they come: one JSON object a line ({@code application/x-ndjson}), or events for callers that accept
 *       {@code text/event-stream}. The head is sent with the first message; a failure behind it is the last line, {@code {"type": "error",
 *       "error": {…}}}. A reading without it is complete;
 *   <li>{@code POST /check} and {@code POST /discover} take {@code {"config": {…}}};
 *   <li>{@code GET /stats} gives {@link ServerStats}; {@code GET /health} needs no key, and is {@code {"status": "UP"}}, or 503 and
 *       {@code DOWN} while the server is being stopped.
 * </ul>
 *
 * <p>All failures are envelopes. What the server refuses itself has the status for it (400, 401, 404, 405, 408, 413, 414, 415, 431, 503) and is
 * raised in {@code acme:server}; only a call of a capability that is not there has the envelope of {@link Integration#dispatch(String, String)},
 * with a 404. Failures of capabilities have one by their code: what is wrong with the call 400, {@code conflict} 409,
 * {@code rate_limit} 429, {@code internal_error} and {@code unexpected_error} 500, {@code not_implemented} 501, {@code service_error} 503,
 * {@code timeout} 504, and what the remote refused or broke 502; codes of the integration's own 422, or by their kind 500, 502 or 503.
 *
 * <p>Streams are read as fast as the caller reads, on threads of the server's own: 32 messages at most are read beyond what the system's
 * socket buffers have taken for it. A message waits for no other. A caller that goes cancels what is being done for it; so does one that takes
 * nothing of its answer for the {@linkplain #stallTimeout stall timeout}, or that sends more than 32 requests, or bodies beyond a body's and a
 * head's limit, before it has taken the answers to earlier ones.
 *
 * <p>A {@code traceparent} and a {@code tracestate} are put into the Reactor {@code Context} of the call, so that
 * {@link dev.headrace.observe.TraceContext} passes them on; an {@code X-Request-Id} of at most 200 printable characters is the call's
 * {@code request_id}, if its document has none, and is given back in the answer.
 */
public final class CapabilityServer {

    private static final Logger LOG = LoggerFactory.getLogger(CapabilityServer.class);

    private static final String LOOPBACK = "127.0.0.1";
    private static final int HIGHEST_PORT = 65_535;

    private final Integration integration;
    private final String host;
    private final int port;
    private final Protection protection;
    private final ServerLimits limits;
    private final boolean idPrefix;
    private final boolean metrics;

    private CapabilityServer(
            Integration integration,
            String host,
            int port,
            Protection protection,
            ServerLimits limits,
            boolean idPrefix,
            boolean metrics) {
        this.integration = integration;
        this.host = host;
        this.port = port;
        this.protection = protection;
        this.limits = limits;
        this.idPrefix = idPrefix;
        this.metrics = metrics;
    }

    /**
     * A server for an integration: on 127.0.0.1, port 8000, for callers that have the token made at its start.
     *
     * @param integration what is served
     * @return a server that does not run yet
     */
    public static CapabilityServer of(Integration integration) {
        return new CapabilityServer(
                Objects.requireNonNull(integration, "integration"),
                LOOPBACK,
                Defaults.SERVER_PORT,
                Protection.DEFAULT,
                ServerLimits.DEFAULTS,
                true,
                false);
    }

    /**
     * Serves an integration on 127.0.0.1, and waits until it listens: not to be called by event loops.
     *
     * @param integration what is served
     * @param port as for {@link #port}
     * @return the server, whose {@link RunningServer#token()} callers need
     * @throws HeadraceException as {@link #start()} errors
     */
    public static RunningServer bind(Integration integration, int port) {
        return Objects.requireNonNull(of(integration).port(port).start().block());
    }

    /**
     * Chooses the port.
     *
     * @param port 0 to 65535, 0 for any that is free; default 8000
     * @return another server
     * @throws IllegalArgumentException if it is no port
     */
    public CapabilityServer port(int port) {
        if (port < 0 || port > HIGHEST_PORT) {
            throw new IllegalArgumentException("port must be 0 to 65535, but is " + port);
        }
        return new CapabilityServer(integration, host, port, protection, limits, idPrefix, metrics);
    }

    /**
     * Chooses the address to listen on.
     *
     * @param host an address or name of this machine, {@code 0.0.0.0} for all; default {@code 127.0.0.1}. There is no TLS: beyond this
     *     machine, put a proxy before it that has
     * @return another server
     * @throws IllegalArgumentException if it is empty
     */
    public CapabilityServer host(String host) {
        if (host.isBlank()) {
            throw new IllegalArgumentException("host must not be empty");
        }
        return new CapabilityServer(integration, host.strip(), port, protection, limits, idPrefix, metrics);
    }

    private CapabilityServer protection(Protection protection) {
        return new CapabilityServer(integration, host, port, protection, limits, idPrefix, metrics);
    }

    private CapabilityServer limits(ServerLimits limits) {
        return new CapabilityServer(integration, host, port, protection, limits, idPrefix, metrics);
    }

    /**
     * Lets in callers that send a token as {@code Authorization: Bearer …} (RFC 6750 §2.1). Several may be given, with API keys besides: any of them
     * is enough, and none is made at random.
     *
     * @param token the token
     * @return another server
     */
    public CapabilityServer bearer(Secret token) {
        return protection(protection.bearer(token));
    }

    /**
     * Lets in callers that send a key in a header of its own, as {@link #bearer} does.
     *
     * @param header the header's name, such as {@code X-API-Key}
     * @param key the key
     * @return another server
     * @throws IllegalArgumentException if no header can have that name
     */
    public CapabilityServer apiKey(String header, Secret key) {
        return protection(protection.apiKey(header, key));
    }

    /**
     * Lets everyone in, and forgets the keys given so far. Whoever reaches the port may use the integration then, and through it whatever
     * credentials callers do not have to bring themselves; start warns about that unless the host is a loopback address.
     *
     * @return another server
     */
    public CapabilityServer unprotected() {
        return protection(Protection.none());
    }

    /**
     * The largest body of a request; beyond it a 413. The body of a call lies in memory while it is read.
     *
     * @param bytes at least 1; default 1 MiB
     * @return another server
     * @throws IllegalArgumentException if it is less than 1
     */
    public CapabilityServer bodyLimit(int bytes) {
        return limits(limits.body(bytes));
    }

    /**
     * The largest head of a request, and the longest first line; beyond it a 431 or a 414.
     *
     * @param bytes at least 1; default 16 KiB
     * @return another server
     * @throws IllegalArgumentException if it is less than 1
     */
    public CapabilityServer headLimit(int bytes) {
        return limits(limits.head(bytes));
    }

    /**
     * How many requests with bodies are served at once, readings of streams included; beyond it a 503 with {@code Retry-After: 1}. A request
     * counts until the system has taken all of its answer for the caller, or the connection is closed.
     *
     * @param calls at least 1; default 1,000
     * @return another server
     * @throws IllegalArgumentException if it is less than 1
     */
    public CapabilityServer maxConcurrent(int calls) {
        return limits(limits.concurrency(calls));
    }

    /**
     * The longest time for the body of a request to arrive; beyond it a 408.
     *
     * @param timeout at least 1 ms; default 30 seconds
     * @return another server
     * @throws IllegalArgumentException if it is less than 1 ms
     */
    public CapabilityServer requestTimeout(Duration timeout) {
        return limits(limits.request(timeout));
    }

    /**
     * The longest time for a capability to answer, and for {@code check} and {@code discover}; beyond it the call is cancelled, and answered
     * with a 504. Readings of streams have no such limit.
     *
     * @param timeout at least 1 ms; default 60 seconds
     * @return another server
     * @throws IllegalArgumentException if it is less than 1 ms
     */
    public CapabilityServer callTimeout(Duration timeout) {
        return limits(limits.call(timeout));
    }

    /**
     * The longest time from an answer, or from the connection's begin, to the end of the head of the next request; beyond it the connection
     * is closed, however busily bytes trickle in.
     *
     * @param timeout at least 1 ms; default 60 seconds
     * @return another server
     * @throws IllegalArgumentException if it is less than 1 ms
     */
    public CapabilityServer idleTimeout(Duration timeout) {
        return limits(limits.idle(timeout));
    }

    /**
     * The longest time in which a caller's socket may take no byte of what is written for it; beyond it, by up to a quarter, the connection
     * is cut, and what is being done for the caller is cancelled. Whoever goes on taking bytes may be as slow as it likes, and a stream that
     * has nothing to say is not in question.
     *
     * @param timeout at least 1 ms; default 5 minutes
     * @return another server
     * @throws IllegalArgumentException if it is less than 1 ms
     */
    public CapabilityServer stallTimeout(Duration timeout) {
        return limits(limits.stall(timeout));
    }

    /**
     * Serves paths without the integration's id only: {@code /list_accounts}, but not {@code /acme/list_accounts}.
     *
     * @return another server
     */
    public CapabilityServer withoutIdPrefix() {
        return new CapabilityServer(integration, host, port, protection, limits, false, metrics);
    }

    /**
     * Counts and times requests in Micrometer's global registry, as {@code reactor.netty.http.server…}; the tag {@code uri} is the path of
     * the route, {@code /other} for all paths that are none. Needs {@code io.micrometer:micrometer-core} on the class path.
     *
     * @return another server
     */
    public CapabilityServer metrics() {
        return new CapabilityServer(integration, host, port, protection, limits, idPrefix, true);
    }

    /**
     * Starts the server. Nothing happens before subscription, and each subscription starts one.
     *
     * @return the server, when it listens; errors with a {@link HeadraceException} of kind {@link FailureKind#LOCAL} if it cannot, as when the
     *     port is taken, and of kind {@link FailureKind#CONFIGURATION} if metrics are asked for and Micrometer is missing
     */
    public Mono<RunningServer> start() {
        // Randomness and names of hosts may block.
        return Mono.defer(this::bound).subscribeOn(Schedulers.boundedElastic());
    }

    private Mono<RunningServer> bound() {
        Protection complete = protection.completed();
        Routes routes = new Routes(integration, idPrefix);
        Tally tally = new Tally();
        CallerConnections connections = new CallerConnections(new MalformedRequests(integration.id()), tally, limits);
        HttpServer plain = measured(HttpServer.create(), routes);
        // Not the shared ones, which run all timers of the process; not elastic ones, where blocking would go
        // unnoticed.
        Scheduler readers = Schedulers.newParallel("headrace-server", Schedulers.DEFAULT_POOL_SIZE, true);
        AtomicBoolean running = new AtomicBoolean();
        return plain.host(host)
                .port(port)
                .protocol(HttpProtocol.HTTP11)
                .httpRequestDecoder(
                        decoder -> decoder.maxInitialLineLength(limits.head()).maxHeaderSize(limits.head()))
                .doOnChannelInit((observer, channel, address) -> connections.accept(channel))
                .handle(new RequestHandler(integration, routes, complete, limits, connections, tally, readers))
                .bind()
                .doOnNext(listener -> running.set(true))
                // Whoever waits for one value may cancel once it is there.
                .doFinally(end -> {
                    if (!running.get()) {
                        readers.dispose();
                    }
                })
                .onErrorMap(ChannelBindException.class, this::notBound)
                .map(listener -> {
                    warnIfOpen();
                    return new RunningServer(
                            listener,
                            connections,
                            tally,
                            readers,
                            complete.token().orElse(null));
                });
    }

    private HttpServer measured(HttpServer server, Routes routes) {
        if (!metrics) {
            return server;
        }
        try {
            return server.metrics(true, routes::tag);
        } catch (UnsupportedOperationException | NoClassDefFoundError e) {
            throw new HeadraceException(
                    FailureKind.CONFIGURATION,
                    "metrics() needs io.micrometer:micrometer-core on the class path; add it, or leave metrics out",
                    e);
        }
    }

    private HeadraceException notBound(ChannelBindException failure) {
        Throwable cause = failure.getCause();
        String message;
        if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
            message = "The host " + host + " is not known; choose an address of this machine";
        } else if (cause != null && String.valueOf(cause.getMessage()).contains("in use")) {
            // Native transports have exceptions of their own, but all say it in the system's words.
            message = "The port " + port + " is in use; choose another";
        } else {
            message = "Cannot listen on " + host + ", port " + port
                    + "; choose an address of this machine, and a port that this user may listen on";
        }
        return new HeadraceException(FailureKind.LOCAL, message, failure);
    }

    private void warnIfOpen() {
        if (protection.off() && !isLoopback()) {
            LOG.warn(
                    "{} is served on {}, port {}, without protection: whoever reaches the port may use it",
                    integration.id(),
                    host,
                    port);
        }
    }

    private boolean isLoopback() {
        return host.equalsIgnoreCase("localhost")
                || host.startsWith("127.")
                || host.equals("::1")
                || host.equals("0:0:0:0:0:0:0:1");
    }

    @Override
    public String toString() {
        return "CapabilityServer[" + integration.id() + " on " + host + ":" + port + "]";
    }
}
