package dev.headrace.test;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.QueryStringEncoder;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import reactor.netty.http.server.HttpServerRequest;
import tools.jackson.databind.JsonNode;

/** A request that has arrived whole, as a fake looks at it. */
record Asked(HttpServerRequest request, String body) {

    boolean is(String method) {
        return request.method().name().equals(method);
    }

    /** Decoded, with a leading slash and without the query. */
    String path() {
        return new QueryStringDecoder(request.uri()).path();
    }

    /** Path and query as they came. */
    String raw() {
        return request.uri();
    }

    /** Decoded, from the query or else from a form. */
    Optional<String> parameter(String name) {
        return Stream.of(new QueryStringDecoder(request.uri()), new QueryStringDecoder(body, false))
                .flatMap(part -> part.parameters().getOrDefault(name, List.of()).stream())
                .findFirst();
    }

    /** Path and query with another value of one parameter, which comes last. */
    String rawWith(String name, String value) {
        QueryStringDecoder asked = new QueryStringDecoder(request.uri());
        QueryStringEncoder changed = new QueryStringEncoder(asked.rawPath());
        asked.parameters().forEach((other, values) -> {
            if (!other.equals(name)) {
                values.forEach(kept -> changed.addParam(other, kept));
            }
        });
        changed.addParam(name, value);
        return changed.toString();
    }

    int number(String name, int absent) {
        return Occasion.number(request, name, absent);
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(request.requestHeaders().get(name));
    }

    /** The body as a tree; an empty object for what is no JSON. */
    JsonNode json() {
        return JsonText.read(body);
    }

    /** What was asked, as the client calls it: {@code http://127.0.0.1:40123}. */
    String origin() {
        return request.scheme() + "://" + header("Host").orElse(LocalServer.HOST);
    }
}
