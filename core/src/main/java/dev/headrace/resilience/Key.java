package dev.headrace.resilience;

import dev.headrace.http.Request;
import java.util.function.BiFunction;
import java.util.function.Function;
import reactor.util.context.ContextView;

/** What requests have in common that share a limit or a breaker. */
final class Key {

    /** The origin: scheme, host and port. */
    static final Key ORIGIN = new Key("by origin", (request, context) -> request.origin());

    private final String name;
    private final BiFunction<? super Request, ? super ContextView, String> function;

    private Key(String name, BiFunction<? super Request, ? super ContextView, String> function) {
        this.name = name;
        this.function = function;
    }

    static Key of(Function<? super Request, String> function) {
        return new Key("by a function", (request, context) -> function.apply(request));
    }

    static Key of(BiFunction<? super Request, ? super ContextView, String> function) {
        return new Key("by a function", function);
    }

    String of(Request request, ContextView context) {
        String key = function.apply(request, context);
        if (key == null) {
            throw new IllegalArgumentException(
                    "keyedBy must give a key for every request, but gave null for " + request.describe());
        }
        return key;
    }

    @Override
    public String toString() {
        return name;
    }
}
