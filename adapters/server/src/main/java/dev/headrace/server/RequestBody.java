package dev.headrace.server;

import dev.headrace.capability.CapabilityException;
import dev.headrace.capability.JsonBody;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import tools.jackson.databind.JsonNode;

/** The body of a request: a JSON document, not too large, and in time. */
final class RequestBody {

    private final HttpServerRequest request;
    private final CallerConnection connection;
    private final ServerLimits limits;
    private boolean taken;

    RequestBody(HttpServerRequest request, CallerConnection connection, ServerLimits limits) {
        this.request = request;
        this.connection = connection;
        this.limits = limits;
    }

    /** Whether something of it may still be on its way; the connection is of no use then. */
    boolean hasRest() {
        return isPresent() && !taken;
    }

    private boolean isPresent() {
        return headers().contains(HttpHeaderNames.TRANSFER_ENCODING) || length() > 0;
    }

    private HttpHeaders headers() {
        return request.requestHeaders();
    }

    /** The codec has checked it. */
    private long length() {
        String length = headers().get(HttpHeaderNames.CONTENT_LENGTH);
        return length == null ? 0 : Long.parseLong(length.strip());
    }

    /**
     * Reads all of it. Empty if the connection has broken meanwhile.
     *
     * @return the document; errors with {@link RequestRefusedException} if there is none, and with {@link CallerGoneException}
     */
    Mono<JsonNode> document() {
        return Mono.defer(() -> {
            if (isPresent() && !JsonBody.isJson(headers().get(HttpHeaderNames.CONTENT_TYPE))) {
                return Mono.error(RequestRefusedException.wrongType());
            }
            if (length() > limits.body()) {
                return Mono.error(RequestRefusedException.tooLarge(limits.body()));
            }
            return bytes().map(RequestBody::parsed);
        });
    }

    private Mono<byte[]> bytes() {
        return request.receive()
                .asByteArray()
                .onErrorMap(CallerGoneException::new)
                .collect(ByteArrayOutputStream::new, this::add)
                .timeout(limits.request(), Mono.error(() -> RequestRefusedException.tooSlow(limits.request())))
                .flatMap(gathered -> {
                    if (connection.isMalformed()) {
                        return Mono.error(new CallerGoneException(new IllegalStateException("The body is malformed")));
                    }
                    taken = true;
                    return Mono.just(gathered.toByteArray());
                });
    }

    private void add(ByteArrayOutputStream gathered, byte[] part) {
        if (gathered.size() + part.length > limits.body()) {
            throw RequestRefusedException.tooLarge(limits.body());
        }
        gathered.writeBytes(part);
    }

    private static JsonNode parsed(byte[] bytes) {
        try {
            return JsonBody.read(bytes);
        } catch (CapabilityException e) {
            throw RequestRefusedException.malformed(e);
        }
    }
}
