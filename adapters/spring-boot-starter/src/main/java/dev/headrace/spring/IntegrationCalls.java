package dev.headrace.spring;

import dev.headrace.capability.Caller;
import dev.headrace.capability.CapabilityError;
import dev.headrace.capability.CapabilityException;
import dev.headrace.capability.Envelope;
import dev.headrace.capability.ErrorCode;
import dev.headrace.capability.Integration;
import dev.headrace.capability.JsonBody;
import dev.headrace.capability.StreamCalls;
import dev.headrace.capability.StreamDocument;
import dev.headrace.json.Json;
import dev.headrace.sse.SseEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Answers requests to an integration. Whatever fails on the way is an envelope. */
final class IntegrationCalls {

    private static final Logger LOG = LoggerFactory.getLogger(IntegrationRoutes.class);

    private static final String SERVER = "server";
    private static final int OK = 200;
    private static final int NOTHING_THERE = 404;

    /** What a capability could be called. */
    private static final Pattern NAME = Pattern.compile("[a-z]+([_-][a-z]+)*");

    private final Integration integration;
    private final int bodyLimit;
    private final Duration callTimeout;

    IntegrationCalls(Integration integration, int bodyLimit, Duration callTimeout) {
        this.integration = integration;
        this.bodyLimit = bodyLimit;
        this.callTimeout = callTimeout;
    }

    Mono<Void> answer(ServerWebExchange exchange, IntegrationRoute route) {
        Caller caller = Caller.of(exchange.getRequest().getHeaders()::getOrEmpty);
        ServerHttpResponse response = exchange.getResponse();
        if (caller.requestId() != null) {
            response.getHeaders().set(Caller.REQUEST_ID, caller.requestId());
        }
        return Mono.defer(() -> served(exchange, route, caller))
                .onErrorResume(failure -> failed(failure, SERVER, nothing(), response))
                .contextWrite(caller::addTo);
    }

    private Mono<Void> served(ServerWebExchange exchange, IntegrationRoute route, Caller caller) {
        ServerHttpRequest request = exchange.getRequest();
        ServerHttpResponse response = exchange.getResponse();
        String method = request.getMethod().name();
        String path = request.getPath().value();
        if (!route.takes(method)) {
            throw CallRefusedException.method(method, path, route.allowed());
        }
        return switch (route.kind()) {
            case OPENAPI -> document(OK, openApi(path), Map.of(), response);
            case INFO ->
                method.equals("POST")
                        ? call(route.name(), caller, request, response)
                        : enveloped(integration.dispatch("info", nothing()), "info", nothing(), response);
            case CALL -> call(route.name(), caller, request, response);
            case CHECK -> look("check", StreamCalls::check, request, response);
            case DISCOVER -> look("discover", StreamCalls::discover, request, response);
            case READ -> body(request).flatMap(document -> read(document, exchange));
            case MISSING -> {
                if (!method.equals("POST") || !NAME.matcher(route.name()).matches()) {
                    throw CallRefusedException.nothingAt(path);
                }
                yield missing(route.name(), response);
            }
        };
    }

    /** The same envelope as whoever calls it in another way gets. */
    private Mono<Void> missing(String name, ServerHttpResponse response) {
        return integration
                .dispatch(name, nothing())
                .onErrorResume(failure ->
                        integration.errorOf(failure, name.replace('-', '_')).map(Envelope::failed))
                .flatMap(envelope -> document(NOTHING_THERE, envelope.json(), Map.of(), response));
    }

    /** Its paths are those beside it, and health is not one of them. */
    private JsonNode openApi(String path) {
        JsonNode document = integration.openApi();
        if (document instanceof ObjectNode object && document.get("paths") instanceof ObjectNode paths) {
            paths.remove("/health");
            String base = path.substring(0, path.lastIndexOf('/'));
            if (!base.isEmpty()) {
                object.putArray("servers").addObject().put("url", base);
            }
        }
        return document;
    }

    private Mono<Void> call(String name, Caller caller, ServerHttpRequest request, ServerHttpResponse response) {
        return body(request)
                .flatMap(document -> enveloped(
                        // A call has its credentials and settings as a configuration has.
                        integration.dispatch(name, caller.named(document)), name, document, response));
    }

    /** How streams are looked at. */
    private interface Look {
        Mono<Envelope<JsonNode>> at(StreamCalls streams, StreamDocument document);
    }

    private Mono<Void> look(String name, Look look, ServerHttpRequest request, ServerHttpResponse response) {
        return body(request)
                .flatMap(document -> enveloped(
                        look.at(streams(), understood(document, StreamDocument::toLook)),
                        name,
                        configIn(document),
                        response));
    }

    private StreamCalls streams() {
        return StreamCalls.of(integration)
                .orElseThrow(() -> new IllegalStateException("There are no streams, hence no such route"));
    }

    private Mono<Void> read(JsonNode document, ServerWebExchange exchange) {
        ServerHttpResponse response = exchange.getResponse();
        StreamDocument asked = understood(document, StreamDocument::toRead);
        // A heartbeat may have begun the answer before the first message.
        Flux<JsonNode> messages = streams()
                .read(asked)
                .onErrorResume(failure -> response.isCommitted()
                        ? integration.errorOf(failure, "read", asked.config()).map(IntegrationCalls::lastMessage)
                        : Mono.error(failure));
        return Mono.defer(() -> {
                    secured(response.getHeaders());
                    return acceptsEvents(exchange.getRequest().getHeaders())
                            ? writerIn(exchange).write(messages.map(IntegrationCalls::event), response)
                            : JsonLines.write(messages, response);
                })
                .onErrorResume(failure -> failed(failure, "read", asked.config(), response));
    }

    private static JsonNode lastMessage(CapabilityError error) {
        ObjectNode message = nothing();
        message.put("type", StreamCalls.ERROR);
        message.set("error", error.json());
        return message;
    }

    private static SseEvent event(JsonNode message) {
        return new SseEvent("", message.path("type").stringValue(SseEvent.MESSAGE), Json.writeText(message));
    }

    /** The application's own, with its heartbeat. */
    private static SseEventWriter writerIn(ServerWebExchange exchange) {
        return exchange.getApplicationContext() == null
                ? SseEventWriter.create()
                : exchange.getApplicationContext()
                        .getBeanProvider(SseEventWriter.class)
                        .getIfAvailable(SseEventWriter::create);
    }

    /** Lines, unless events are asked for by their name (RFC 9110 §12.5.1). */
    private static boolean acceptsEvents(HttpHeaders headers) {
        try {
            return headers.getAccept().stream()
                    .anyMatch(range ->
                            range.equalsTypeAndSubtype(MediaType.TEXT_EVENT_STREAM) && range.getQualityValue() > 0);
        } catch (InvalidMediaTypeException e) {
            return false;
        }
    }

    private static ObjectNode nothing() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** The configuration of a document that may be wrong, for what must not be said of it. */
    private static JsonNode configIn(JsonNode document) {
        JsonNode config = document.path("config");
        return config.isObject() ? config : nothing();
    }

    private static <T, R> R understood(T given, Function<T, R> reading) {
        try {
            return reading.apply(given);
        } catch (CapabilityException e) {
            throw CallRefusedException.malformed(e);
        }
    }

    private Mono<JsonNode> body(ServerHttpRequest request) {
        HttpHeaders headers = request.getHeaders();
        long length = headers.getContentLength();
        boolean present = length > 0 || headers.containsHeader(HttpHeaders.TRANSFER_ENCODING);
        if (present && !JsonBody.isJson(headers.getFirst(HttpHeaders.CONTENT_TYPE))) {
            return Mono.error(CallRefusedException.wrongType());
        }
        if (length > bodyLimit) {
            return Mono.error(CallRefusedException.tooLarge(bodyLimit));
        }
        return DataBufferUtils.join(request.getBody(), bodyLimit)
                .onErrorMap(DataBufferLimitException.class, failure -> CallRefusedException.tooLarge(bodyLimit))
                .map(IntegrationCalls::bytes)
                .defaultIfEmpty(new byte[0])
                .map(bytes -> understood(bytes, JsonBody::read));
    }

    private static byte[] bytes(DataBuffer joined) {
        try {
            byte[] bytes = new byte[joined.readableByteCount()];
            joined.read(bytes);
            return bytes;
        } finally {
            DataBufferUtils.release(joined);
        }
    }

    private Mono<Void> enveloped(
            Mono<Envelope<JsonNode>> call, String name, JsonNode config, ServerHttpResponse response) {
        return call.timeout(
                        callTimeout,
                        Mono.error(() -> CapabilityException.of(
                                ErrorCode.TIMEOUT,
                                integration.id() + ":" + name + " has not answered within " + callTimeout.toMillis()
                                        + " ms, and was cancelled; try again")))
                .onErrorResume(
                        failure -> integration.errorOf(failure, name, config).map(Envelope::failed))
                .flatMap(envelope -> {
                    CapabilityError error = envelope.error();
                    return error == null
                            ? document(OK, envelope.json(), Map.of(), response)
                            : failed(error, envelope.json(), response);
                });
    }

    private static Mono<Void> failed(CapabilityError error, JsonNode envelope, ServerHttpResponse response) {
        OptionalLong seconds = error.retryAfter(Instant.now());
        Map<String, String> headers =
                seconds.isPresent() ? Map.of(HttpHeaders.RETRY_AFTER, Long.toString(seconds.getAsLong())) : Map.of();
        return document(error.httpStatus(), envelope, headers, response);
    }

    private Mono<Void> failed(Throwable failure, String in, JsonNode config, ServerHttpResponse response) {
        if (response.isCommitted()) {
            return Mono.error(failure);
        }
        if (failure instanceof CallRefusedException refused) {
            return integration
                    .errorOf(refused.reason(), SERVER)
                    .flatMap(error ->
                            document(refused.status(), Envelope.failed(error).json(), refused.headers(), response));
        }
        if (in.equals(SERVER)) {
            // Its message may say anything.
            LOG.warn(
                    "A request has failed with {}; it is answered with a 500",
                    failure.getClass().getName());
        }
        return integration
                .errorOf(failure, in, config)
                .flatMap(error -> failed(error, Envelope.failed(error).json(), response));
    }

    private static Mono<Void> document(
            int status, JsonNode document, Map<String, String> more, ServerHttpResponse response) {
        byte[] bytes = Json.write(document);
        HttpHeaders headers = response.getHeaders();
        response.setStatusCode(HttpStatusCode.valueOf(status));
        secured(headers);
        headers.setContentType(MediaType.APPLICATION_JSON);
        headers.setContentLength(bytes.length);
        more.forEach(headers::set);
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(bytes)));
    }

    private static void secured(HttpHeaders headers) {
        headers.setCacheControl("no-store");
        headers.set("X-Content-Type-Options", "nosniff");
    }
}
