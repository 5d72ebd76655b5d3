package dev.headrace.capability;

import dev.headrace.http.Exchange;
import dev.headrace.http.Interceptor;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What the remote sent. */
final class RawRecorder implements Interceptor {

    @Override
    public Mono<Response> intercept(Request request, Exchange next) {
        return next.exchange(request);
    }

    JsonNode recorded() {
        return JsonNodeFactory.instance.arrayNode();
    }
}
