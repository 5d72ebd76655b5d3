package dev.headrace.benchmarks;

import java.util.concurrent.CompletableFuture;
import java.util.function.ToLongFunction;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/**
 * A reader without a queue of its own that asks for 256 elements, and for 128 more whenever it has had 128; or for all of them at once, to
 * be compared with.
 */
final class Windows<T> extends BaseSubscriber<T> {

    private static final int WINDOW = 256;
    private static final int REFILL = 128;

    private final ToLongFunction<? super T> value;
    private final Tally.Counter counter = new Tally.Counter();
    private final CompletableFuture<Tally> result = new CompletableFuture<>();
    private final long window;
    private int sinceRefill;

    private Windows(long window, ToLongFunction<? super T> value) {
        this.window = window;
        this.value = value;
    }

    static <T> Tally read(Flux<T> elements, ToLongFunction<? super T> value) {
        return read(WINDOW, elements, value);
    }

    /** By the same reader, which asks for everything at once; what it asks for later changes nothing. */
    static <T> Tally readUnbounded(Flux<T> elements, ToLongFunction<? super T> value) {
        return read(Long.MAX_VALUE, elements, value);
    }

    private static <T> Tally read(long window, Flux<T> elements, ToLongFunction<? super T> value) {
        Windows<T> reader = new Windows<>(window, value);
        elements.subscribe(reader);
        return reader.result.join();
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        subscription.request(window);
    }

    @Override
    protected void hookOnNext(T element) {
        counter.add(value.applyAsLong(element));
        if (++sinceRefill == REFILL) {
            sinceRefill = 0;
            request(REFILL);
        }
    }

    @Override
    protected void hookOnComplete() {
        result.complete(counter.result());
    }

    @Override
    protected void hookOnError(Throwable failure) {
        result.completeExceptionally(failure);
    }
}
