package dev.headrace.connector;

import static java.time.Duration.ofSeconds;

import dev.headrace.pagination.PageStop;
import dev.headrace.pagination.PageToken;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** How a reading of pages went: the records that came, and the failure that ended them, if one did. */
record Reading<T>(List<T> records, @Nullable Throwable failure) {

    static <T> Reading<T> of(Flux<T> records) {
        List<T> seen = new ArrayList<>();
        Throwable failure = records.doOnNext(seen::add)
                .then(Mono.<Throwable>empty())
                .onErrorResume(Mono::just)
                .block(ofSeconds(20));
        return new Reading<>(List.copyOf(seen), failure);
    }

    /** Where it stopped. */
    PageStop stop() {
        if (failure == null) {
            throw new AssertionError("it went to its end");
        }
        return PageStop.of(failure).orElseThrow(() -> new AssertionError("no place is attached", failure));
    }

    /** From where to go on, as another process would read it. */
    PageToken token() {
        return PageToken.of(stop().token().orElseThrow().text());
    }
}
