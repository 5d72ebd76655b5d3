package dev.headrace.spec;

import dev.headrace.auth.Auth;
import dev.headrace.http.Exchange;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Credentials that are made once, when the first request is signed: so no secret is asked for by what sends none. */
final class DeferredAuth implements Auth {

    private final Supplier<Auth> making;
    private final AtomicReference<@Nullable Auth> made = new AtomicReference<>();

    DeferredAuth(Supplier<Auth> making) {
        this.making = making;
    }

    private Auth auth() {
        Auth known = made.get();
        if (known != null) {
            return known;
        }
        // Two may make it at once, but only one is kept, for it has the tokens.
        Auth mine = making.get();
        Auth other = made.compareAndExchange(null, mine);
        return other == null ? mine : other;
    }

    @Override
    public Mono<Request> sign(Request request) {
        return Mono.defer(() -> auth().sign(request));
    }

    @Override
    public Mono<Response> intercept(Request request, Exchange next) {
        return Mono.defer(() -> auth().intercept(request, next));
    }
}
