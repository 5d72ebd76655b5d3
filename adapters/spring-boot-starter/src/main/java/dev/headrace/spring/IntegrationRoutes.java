package dev.headrace.spring;

import dev.headrace.Defaults;
import dev.headrace.capability.Capability;
import dev.headrace.capability.Integration;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.core.publisher.Mono;

/**
 * An integration as routes of a WebFlux application, with the paths, envelopes and statuses of {@code CapabilityServer}. Settings are
 * immutable: each method gives other routes.
 *
 * <pre>{@code
 * @Bean
 * RouterFunction<ServerResponse> acmeRoutes(Integration acme) {
 *     return IntegrationRoutes.of(acme);   // POST /acme/list_accounts
 * }
 * }</pre>
 *
 * <p>Paths, behind the integration's id, for there are other things in an application; capabilities also with dashes for underscores:
 *
 * <ul>
 *   <li>{@code POST /acme/{capability}} takes the document that {@link Integration#dispatch(String, String)} takes, and answers with the
 *       envelope;
 *   <li>{@code GET /acme/info} is the envelope of {@code info}, {@code GET /acme/openapi.json} the OpenAPI document;
 *   <li>{@code POST /acme/read} takes {@code {"config": {…}, "state": {…}, "streams": ["a"], "full_refresh": false}}, all of which may be
 *       missing, and answers with messages as they come: one JSON object a line ({@code application/x-ndjson}), or events for callers that accept
 *       {@code text/event-stream}, with heartbeats as {@link SseEventWriter} has them. A failure before the first message has a status; one
 *       behind it is the last message, {@code {"type": "error", "error": {…}}}. A reading without it is complete;
 *   <li>{@code POST /acme/check} and {@code POST /acme/discover} take {@code {"config": {…}}};
 *   <li>any other path behind the id is a 404, with an envelope.
 * </ul>
 *
 * <p>All failures are envelopes, with the statuses of {@link dev.headrace.capability.CapabilityError#httpStatus()}; what is no call at all is
 * a 400, 404, 405, 413 or 415 raised in {@code acme:server}. Who may call is up to the application: put the paths behind Spring Security, all
 * of {@code /acme/**} and not one by one, for {@code list-users} is {@code list_users} too; and mind that POST needs a CSRF token there unless
 * it is told otherwise. There is no health or statistics: Actuator has those.
 *
 * <p>Streams are read as fast as the caller reads; one that goes cancels what is being done for it. A {@code traceparent}, a
 * {@code tracestate} and an {@code X-Request-Id} are put into the Reactor {@code Context} of the call, the last is given back, see
 * {@link dev.headrace.capability.Caller}. Handlers of capabilities run on the server's event loops, and must not block.
 */
public final class IntegrationRoutes implements RouterFunction<ServerResponse> {

    private final Integration integration;
    private final String prefix;
    private final int bodyLimit;
    private final Duration callTimeout;
    private final Map<String, IntegrationRoute> routes;
    private final IntegrationCalls calls;

    private IntegrationRoutes(Integration integration, String prefix, int bodyLimit, Duration callTimeout) {
        this.integration = integration;
        this.prefix = prefix;
        this.bodyLimit = bodyLimit;
        this.callTimeout = callTimeout;
        this.routes = routes(integration);
        this.calls = new IntegrationCalls(integration, bodyLimit, callTimeout);
    }

    private static Map<String, IntegrationRoute> routes(Integration integration) {
        Map<String, IntegrationRoute> routes = new LinkedHashMap<>();
        add(routes, IntegrationRoute.Kind.INFO, "info");
        add(routes, IntegrationRoute.Kind.OPENAPI, "openapi.json");
        if (integration.source().isPresent()) {
            add(routes, IntegrationRoute.Kind.READ, "read");
            add(routes, IntegrationRoute.Kind.CHECK, "check");
            add(routes, IntegrationRoute.Kind.DISCOVER, "discover");
        }
        for (Capability<?, ?> capability : integration.capabilities()) {
            add(routes, IntegrationRoute.Kind.CALL, capability.name());
        }
        return routes;
    }

    private static void add(Map<String, IntegrationRoute> routes, IntegrationRoute.Kind kind, String name) {
        routes.put(name, new IntegrationRoute(kind, name));
    }

    /**
     * Routes of an integration.
     *
     * @param integration what is served
     * @return a router function, to be a bean
     */
    public static IntegrationRoutes of(Integration integration) {
        return new IntegrationRoutes(
                Objects.requireNonNull(integration, "integration"),
                "/" + integration.id() + "/",
                Defaults.SERVER_BODY_LIMIT,
                Defaults.SERVER_CALL_TIMEOUT);
    }

    /**
     * Serves paths without the integration's id: {@code POST /list_accounts}. Paths that are none of the integration are left to the rest of
     * the application; those that are come before its controllers. Below another path, put them into
     * {@link RouterFunctions#nest(org.springframework.web.reactive.function.server.RequestPredicate, RouterFunction)}.
     *
     * @return other routes
     */
    public IntegrationRoutes withoutIdPrefix() {
        return new IntegrationRoutes(integration, "/", bodyLimit, callTimeout);
    }

    /**
     * The largest body of a request; beyond it a 413. It lies in memory while it is read.
     *
     * @param bytes at least 1; default 1 MiB
     * @return other routes
     * @throws IllegalArgumentException if it is less than 1
     */
    public IntegrationRoutes bodyLimit(int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("bodyLimit must be at least 1, but is " + bytes);
        }
        return new IntegrationRoutes(integration, prefix, bytes, callTimeout);
    }

    /**
     * The longest time for a capability to answer, and for {@code check} and {@code discover}; beyond it the call is cancelled, and answered
     * with a 504. Readings of streams have no such limit.
     *
     * @param timeout at least 1 ms; default 60 seconds
     * @return other routes
     * @throws IllegalArgumentException if it is less than 1 ms
     */
    public IntegrationRoutes callTimeout(Duration timeout) {
        if (timeout.toMillis() < 1) {
            throw new IllegalArgumentException("callTimeout must be at least 1 ms, but is " + timeout);
        }
        return new IntegrationRoutes(integration, prefix, bodyLimit, timeout);
    }

    /** What answers a request; empty if the path is none of the integration. */
    @Override
    public Mono<HandlerFunction<ServerResponse>> route(ServerRequest request) {
        String path = request.requestPath().pathWithinApplication().value();
        IntegrationRoute route = path.startsWith(prefix) ? find(path.substring(prefix.length())) : null;
        if (route == null) {
            return Mono.empty();
        }
        name(request, route);
        return Mono.just(asked -> ServerResponse.ok().build((exchange, context) -> calls.answer(exchange, route)));
    }

    private @Nullable IntegrationRoute find(String name) {
        IntegrationRoute exact = routes.get(name);
        IntegrationRoute found = exact == null ? routes.get(name.replace('-', '_')) : exact;
        return found != null || prefix.equals("/") ? found : new IntegrationRoute(IntegrationRoute.Kind.MISSING, name);
    }

    /** For metrics, as a route of patterns does it. */
    private void name(ServerRequest request, IntegrationRoute route) {
        boolean missing = route.kind() == IntegrationRoute.Kind.MISSING;
        PathPattern pattern = PathPatternParser.defaultInstance.parse(prefix + (missing ? "{missing}" : route.name()));
        Map<String, Object> attributes = request.attributes();
        Object outer = attributes.get(RouterFunctions.MATCHING_PATTERN_ATTRIBUTE);
        attributes.put(
                RouterFunctions.MATCHING_PATTERN_ATTRIBUTE,
                outer instanceof PathPattern nesting ? nesting.combine(pattern) : pattern);
    }

    @Override
    public String toString() {
        return "IntegrationRoutes[" + integration.id() + " at " + prefix + "]";
    }
}
