package dev.headrace.server;

import dev.headrace.capability.Caller;
import dev.headrace.capability.CapabilityError;
import dev.headrace.capability.CapabilityException;
import dev.headrace.capability.Envelope;
import dev.headrace.capability.ErrorCode;
import dev.headrace.capability.Integration;
import dev.headrace.capability.StreamCalls;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Serves a request: is it let in, where does it go, may one more be served, what does its body say; then it is done, and answered. Whatever
 * fails on the way is an envelope.
 */
final class RequestHandler implements BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> {

    private static final Logger LOG = LoggerFactory.getLogger(CapabilityServer.class);

    private static final int NOTHING_THERE = 404;
    private static final String SERVER = "server";
    private static final String POST = "POST";

    private final Integration integration;
    private final Routes routes;
    private final Protection protection;
    private final ServerLimits limits;
    private final CallerConnections connections;
    private final Tally tally;
    private final @Nullable StreamRequests streams;
    private final AtomicInteger calls = new AtomicInteger();

    RequestHandler(
            Integration integration,
            Routes routes,
            Protection protection,
            ServerLimits limits,
            CallerConnections connections,
            Tally tally,
            Scheduler readers) {
        this.integration = integration;
        this.routes = routes;
        this.protection = protection;
        this.limits = limits;
        this.connections = connections;
        this.tally = tally;
        this.streams = StreamCalls.of(integration)
                .map(calls -> new StreamRequests(calls, readers))
                .orElse(null);
    }

    @Override
    public Publisher<Void> apply(HttpServerRequest request, HttpServerResponse response) {
        return Mono.defer(() -> {
            Caller caller = Caller.of(request.requestHeaders()::getAll);
            if (caller.requestId() != null) {
                response.header(Caller.REQUEST_ID, caller.requestId());
            }
            CallerConnection connection = connectionOf(request);
            RequestBody body = new RequestBody(request, connection, limits);
            Tally.Visit visit = tally.begin();
            connection.serve(visit);
            Reply reply = new Reply(response, body, visit);
            return Mono.defer(() -> served(request, caller, reply))
                    .onErrorResume(failure -> failed(failure, SERVER, nothing(), reply))
                    .onErrorResume(failure -> broken(failure, connection))
                    // Ended by another thread, Reactor Netty may miss the next request of the connection.
                    .publishOn(connection.loop())
                    .contextWrite(caller::addTo);
        });
    }

    /** There is nobody to answer, or no way to. Closing the connection cancels what is being served on it. */
    private static Mono<Void> broken(Throwable failure, CallerConnection connection) {
        if (connection.isMalformed()) {
            return Mono.empty();
        }
        if (!(failure instanceof CallerGoneException)) {
            // Its message may say anything.
            LOG.warn(
                    "An answer has failed with {}; its caller is cut off",
                    failure.getClass().getName());
        }
        connection.cut();
        return Mono.never();
    }

    private static CallerConnection connectionOf(HttpServerRequest request) {
        List<CallerConnection> found = new ArrayList<>(1);
        request.withConnection(connection -> found.add(CallerConnection.of(connection)));
        return found.get(0);
    }

    private Mono<Void> served(HttpServerRequest request, Caller caller, Reply reply) {
        HttpHeaders headers = request.requestHeaders();
        String method = request.method().name();
        String path = Routes.path(request.uri());
        Route route = routes.find(request.uri()).orElse(null);
        boolean open = route != null && route.kind() == Route.Kind.HEALTH;
        if (!open && !protection.admits(headers)) {
            throw RequestRefusedException.unauthorized(protection.challenge(integration.id(), headers));
        }
        if (route == null) {
            return routes.missing(request.uri())
                    .filter(name -> method.equals(POST))
                    .map(name -> missing(name, reply))
                    .orElseThrow(() -> RequestRefusedException.nothingAt(path));
        }
        if (!route.takes(method)) {
            throw RequestRefusedException.method(method, path, route.allowed());
        }
        return switch (route.kind()) {
            case HEALTH -> health(reply);
            case STATS ->
                reply.document(Reply.OK, tally.stats(connections.size()).json());
            case OPENAPI -> reply.document(Reply.OK, integration.openApi());
            case INFO ->
                method.equals(POST)
                        ? call(route.name(), caller, reply)
                        : enveloped(integration.dispatch("info", nothing()), "info", nothing(), reply);
            case CALL -> call(route.name(), caller, reply);
            case CHECK ->
                work(reply, document -> enveloped(streams().check(document), "check", configIn(document), reply));
            case DISCOVER ->
                work(reply, document -> enveloped(streams().discover(document), "discover", configIn(document), reply));
            case READ ->
                work(
                        reply,
                        document -> streams()
                                .read(document, LineForm.accepted(headers), reply)
                                .onErrorResume(failure -> failed(failure, "read", configIn(document), reply)));
        };
    }

    /** The same envelope as whoever calls it in another way gets. */
    private Mono<Void> missing(String name, Reply reply) {
        reply.visit().refused();
        return integration
                .dispatch(name, nothing())
                .onErrorResume(failure ->
                        integration.errorOf(failure, name.replace('-', '_')).map(Envelope::failed))
                .flatMap(envelope -> reply.document(NOTHING_THERE, envelope.json()));
    }

    private static JsonNode nothing() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** The configuration of a document that may be wrong, for what must not be said of it. */
    private static JsonNode configIn(JsonNode document) {
        JsonNode config = document.path("config");
        return config.isObject() ? config : nothing();
    }

    private StreamRequests streams() {
        if (streams == null) {
            throw new IllegalStateException("There are no streams, hence no such route");
        }
        return streams;
    }

    private Mono<Void> health(Reply reply) {
        boolean down = connections.isStopping();
        JsonNode status = JsonNodeFactory.instance.objectNode().put("status", down ? "DOWN" : "UP");
        return reply.document(down ? 503 : Reply.OK, status);
    }

    private Mono<Void> call(String name, Caller caller, Reply reply) {
        return work(
                reply,
                document -> enveloped(
                        // A call has its credentials and settings as a configuration has.
                        integration.dispatch(name, caller.named(document)), name, document, reply));
    }

    /** What takes a body and time: only so many at once, until their answers have left, and none while the server is being stopped. */
    private Mono<Void> work(Reply reply, Function<JsonNode, Mono<Void>> work) {
        if (connections.isStopping()) {
            throw RequestRefusedException.stopping();
        }
        if (calls.incrementAndGet() > limits.concurrency()) {
            calls.decrementAndGet();
            throw RequestRefusedException.tooMany(limits.concurrency());
        }
        reply.visit().holds(calls::decrementAndGet);
        return reply.body().document().flatMap(work);
    }

    private Mono<Void> enveloped(Mono<Envelope<JsonNode>> call, String name, JsonNode config, Reply reply) {
        return call.timeout(
                        limits.call(),
                        Mono.error(() -> CapabilityException.of(
                                ErrorCode.TIMEOUT,
                                integration.id() + ":" + name + " has not answered within "
                                        + limits.call().toMillis() + " ms, and was cancelled; try again")))
                .onErrorResume(
                        failure -> !(failure instanceof RequestRefusedException),
                        failure -> integration.errorOf(failure, name, config).map(Envelope::failed))
                .flatMap(envelope -> {
                    CapabilityError error = envelope.error();
                    return error == null
                            ? reply.document(Reply.OK, envelope.json())
                            : failed(error, envelope.json(), reply);
                });
    }

    private static Mono<Void> failed(CapabilityError error, JsonNode envelope, Reply reply) {
        reply.visit().failed();
        OptionalLong seconds = error.retryAfter(Instant.now());
        Map<String, String> headers =
                seconds.isPresent() ? Map.of("Retry-After", Long.toString(seconds.getAsLong())) : Map.of();
        return reply.document(error.httpStatus(), envelope, headers);
    }

    private Mono<Void> failed(Throwable failure, String in, JsonNode config, Reply reply) {
        if (failure instanceof CallerGoneException || reply.begun()) {
            return Mono.error(failure);
        }
        if (failure instanceof RequestRefusedException refused) {
            reply.visit().refused();
            return integration
                    .errorOf(refused.reason(), SERVER)
                    .flatMap(error -> reply.document(
                            refused.status(), Envelope.failed(error).json(), refused.headers()));
        }
        if (in.equals(SERVER)) {
            // Its message may say anything.
            LOG.warn(
                    "A request has failed with {}; it is answered with a 500",
                    failure.getClass().getName());
        }
        return integration
                .errorOf(failure, in, config)
                .flatMap(error -> failed(error, Envelope.failed(error).json(), reply));
    }
}
