package dev.headrace.connector;

import dev.headrace.Defaults;
import dev.headrace.http.BufferedResponse;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import java.util.List;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.function.Tuple2;

/** Many requests, some of them at once: what {@code batch} and {@code send} share. */
final class Many {

    private final Connector connector;
    private final BatchOptions options;

    Many(Connector connector, BatchOptions options) {
        this.connector = connector;
        this.options = options;
    }

    Flux<Outcome<Request>> batch(Publisher<Request> requests) {
        return inOrder(Flux.from(requests), Function.identity());
    }

    <T> Flux<Outcome<T>> sendEach(Request request, Publisher<? extends T> items) {
        return inOrder(Flux.from(items), request::json);
    }

    <T> Flux<Outcome<List<T>>> sendTogether(Request request, Publisher<? extends T> items) {
        return inOrder(Flux.<T>from(items).buffer(options.itemsPerRequest()), request::json);
    }

    /** hide() and prefetch 0: without them the first requests would leave on subscription, not on demand. */
    private <I> Flux<Outcome<I>> inOrder(Flux<? extends I> inputs, Function<? super I, Request> requests) {
        Flux<Outcome<I>> outcomes = Flux.<I>from(inputs)
                .index()
                // A source that fails does so behind the outcomes of what it gave before.
                .flatMapSequentialDelayError(input -> outcome(input, requests), options.concurrency(), 1)
                .handle((outcome, sink) -> {
                    if (options.isFailFast() && outcome instanceof Outcome.Failure<I> failed) {
                        sink.error(failed.failure());
                    } else {
                        sink.next(outcome);
                    }
                });
        return Mono.just(outcomes).hide().flux().concatMap(Function.identity(), 0);
    }

    private <I> Mono<Outcome<I>> outcome(Tuple2<Long, I> input, Function<? super I, Request> requests) {
        return Mono.defer(() -> connector
                        .exchange(
                                requests.apply(input.getT2())
                                        .options(options -> options.documentHead(Defaults.DOCUMENT_HEAD)),
                                this::success)
                        .single())
                .<Outcome<I>>map(response -> new Outcome.Success<>(input.getT1(), input.getT2(), response))
                .onErrorResume(failure -> Mono.just(new Outcome.Failure<>(input.getT1(), input.getT2(), failure)));
    }

    private Mono<BufferedResponse> success(Response response) {
        return response.isSuccessful()
                ? response.whole(Defaults.RECORD_LIMIT)
                : HttpStatusException.from(response.request(), response).flatMap(Mono::error);
    }
}
