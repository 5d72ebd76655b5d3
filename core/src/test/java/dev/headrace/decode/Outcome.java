package dev.headrace.decode;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What a stream emitted, and how it failed if it did. */
record Outcome(List<String> items, @Nullable Throwable failure) {

    static Outcome of(Flux<String> stream) {
        List<String> items = new ArrayList<>();
        Throwable failure = stream.doOnNext(items::add)
                .then()
                .<Throwable>map(never -> new AssertionError())
                .onErrorResume(Mono::just)
                .block();
        return new Outcome(items, failure);
    }
}
