package dev.headrace.spring;

import dev.headrace.json.Json;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** JSON that goes out as it comes, by a {@link PacedBody}. */
final class JsonLines {

    private static final byte[] EMPTY = {'[', ']'};

    private JsonLines() {}

    /** One value a line, {@code application/x-ndjson}. */
    static Mono<Void> write(Flux<?> values, ServerHttpResponse response) {
        return write(
                values.map(value -> framed((byte) 0, Json.write(value), (byte) '\n')),
                MediaType.APPLICATION_NDJSON,
                response);
    }

    /** One array, {@code application/json}. */
    static Mono<Void> writeArray(Flux<?> values, ServerHttpResponse response) {
        Flux<byte[]> items =
                values.index((index, value) -> framed((byte) (index == 0 ? '[' : ','), Json.write(value), (byte) 0));
        Flux<byte[]> array = Flux.defer(() -> {
            boolean[] begun = {false};
            return items.doOnNext(item -> begun[0] = true)
                    .concatWith(Mono.fromSupplier(() -> begun[0] ? new byte[] {']'} : EMPTY));
        });
        return write(array, MediaType.APPLICATION_JSON, response);
    }

    private static Mono<Void> write(Flux<byte[]> parts, MediaType type, ServerHttpResponse response) {
        response.getHeaders().setContentType(type);
        // For proxies that would keep what comes slowly.
        response.getHeaders().set("X-Accel-Buffering", "no");
        return PacedBody.write(parts, response);
    }

    /** Zero stands for nothing. */
    private static byte[] framed(byte before, byte[] json, byte behind) {
        int begin = before == 0 ? 0 : 1;
        byte[] framed = new byte[begin + json.length + (behind == 0 ? 0 : 1)];
        if (before != 0) {
            framed[0] = before;
        }
        System.arraycopy(json, 0, framed, begin, json.length);
        if (behind != 0) {
            framed[framed.length - 1] = behind;
        }
        return framed;
    }
}
