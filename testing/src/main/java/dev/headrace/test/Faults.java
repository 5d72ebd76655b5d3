package dev.headrace.test;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import reactor.netty.http.server.HttpServerRequest;

/**
 * The faults of one route, in the order given; all that strike a request apply to it.
 *
 * @param <D> the draft of an answer that faults spoil
 */
final class Faults<D extends Answer> {

    private record Entry<D extends Answer>(Occasion occasion, HttpHeaders extra, Consumer<D> effect) {}

    private final List<Entry<D>> entries;

    private Faults(List<Entry<D>> entries) {
        this.entries = entries;
    }

    static <D extends Answer> Faults<D> none() {
        return new Faults<>(List.of());
    }

    /** These and one more, all counting from the beginning. */
    Faults<D> with(Occasion occasion, HttpHeaders extra, Consumer<D> effect) {
        return new Faults<>(Stream.concat(restarted().entries.stream(), Stream.of(new Entry<>(occasion, extra, effect)))
                .toList());
    }

    /** The same, counting from the beginning. */
    Faults<D> restarted() {
        return new Faults<>(entries.stream()
                .map(entry -> new Entry<>(entry.occasion().restarted(), entry.extra(), entry.effect()))
                .toList());
    }

    void spoil(D draft, HttpServerRequest request, int number) {
        for (Entry<D> entry : entries) {
            if (entry.occasion().strikes(request, number)) {
                entry.effect().accept(draft);
                draft.overriding.setAll(entry.extra());
            }
        }
    }
}
