package dev.headrace.connector;

import dev.headrace.http.Request;
import dev.headrace.http.Response;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * A named piece of behaviour around every call of a connector, outside retry: it changes requests before, responses after, or answers in
 * place of a failure. Hooks of one kind run in the order in which they were added. What only watches is a
 * {@link dev.headrace.http.ExchangeListener}; what must run for every attempt is an {@link dev.headrace.http.Interceptor}.
 */
public final class Hook {

    /** When a hook runs. */
    public enum Kind {
        /** Before the call: changes the request. */
        BEFORE,
        /** After the response's head has come, whatever its status: changes the response. */
        AFTER,
        /** After the call has failed without a response. */
        ON_ERROR
    }

    private final String name;
    private final Kind kind;
    private final boolean lenient;
    private final Function<Request, Mono<Request>> before;
    private final BiFunction<Request, Response, Mono<Response>> after;
    private final BiFunction<Request, Throwable, Mono<Response>> onError;

    private Hook(
            String name,
            Kind kind,
            boolean lenient,
            Function<Request, Mono<Request>> before,
            BiFunction<Request, Response, Mono<Response>> after,
            BiFunction<Request, Throwable, Mono<Response>> onError) {
        this.name = name;
        this.kind = kind;
        this.lenient = lenient;
        this.before = before;
        this.after = after;
        this.onError = onError;
        if (name.isBlank()) {
            throw new IllegalArgumentException("A hook needs a name, by which it is listed and removed");
        }
    }

    /**
     * A hook that changes requests. If it fails or gives nothing, the call fails, unless the hook is {@linkplain #lenient() lenient}.
     *
     * @param name by which it is listed and removed
     * @param change gives the request to send; must not block
     * @return the hook
     */
    public static Hook before(String name, Function<? super Request, ? extends Mono<Request>> change) {
        Objects.requireNonNull(change, "change");
        return new Hook(
                name, Kind.BEFORE, false, change::apply, (q, response) -> Mono.just(response), (q, e) -> Mono.empty());
    }

    /**
     * A hook that changes responses: headers, or all of it. A response that is replaced must be {@linkplain Response#discard() discarded}.
     *
     * @param name by which it is listed and removed
     * @param change gets the request as it was called and the response; must not block
     * @return the hook
     */
    public static Hook after(
            String name, BiFunction<? super Request, ? super Response, ? extends Mono<Response>> change) {
        Objects.requireNonNull(change, "change");
        return new Hook(name, Kind.AFTER, false, Mono::just, change::apply, (q, e) -> Mono.empty());
    }

    /**
     * A hook that may answer in place of a failure: no response, an open breaker, a limit. The first hook that answers ends the matter.
     *
     * @param name by which it is listed and removed
     * @param answer gets the request and the failure, gives a response ({@link Response#of}), or is empty to leave the failure to the next
     *     hook; an error takes the failure's place
     * @return the hook
     */
    public static Hook onError(
            String name, BiFunction<? super Request, ? super Throwable, ? extends Mono<Response>> answer) {
        Objects.requireNonNull(answer, "answer");
        return new Hook(name, Kind.ON_ERROR, false, Mono::just, (q, response) -> Mono.just(response), answer::apply);
    }

    /**
     * The same hook, but when it fails itself, that is logged at WARN and the call goes on as if it were not there.
     *
     * @return a new hook
     */
    public Hook lenient() {
        return new Hook(name, kind, true, before, after, onError);
    }

    /**
     * The name by which it is listed and removed.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * When it runs.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    boolean isLenient() {
        return lenient;
    }

    Mono<Request> change(Request request) {
        return before.apply(request);
    }

    Mono<Response> change(Request request, Response response) {
        return after.apply(request, response);
    }

    Mono<Response> answer(Request request, Throwable failure) {
        return onError.apply(request, failure);
    }

    @Override
    public String toString() {
        return kind + " " + name + (lenient ? " (lenient)" : "");
    }
}
