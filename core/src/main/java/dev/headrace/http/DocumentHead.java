package dev.headrace.http;

import reactor.core.publisher.Mono;

/**
 * Reads the head of a document before it hands the response on, then replays it, so that a break within the head is a failed attempt
 * that retry sees. How much is the request's {@link ExchangeOptions#documentHead()}; responses that are no success pass as they are.
 */
final class DocumentHead implements Interceptor {

    @Override
    public Mono<Response> intercept(Request request, Exchange next) {
        int limit = request.options().documentHead();
        if (limit == 0) {
            return next.exchange(request);
        }
        return next.exchange(request)
                .flatMap(response -> response.isSuccessful() ? HeadReader.read(response, limit) : Mono.just(response));
    }
}
