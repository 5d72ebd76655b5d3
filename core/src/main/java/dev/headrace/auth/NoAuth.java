package dev.headrace.auth;

import dev.headrace.http.Request;
import reactor.core.publisher.Mono;

/** Leaves requests as they are. */
final class NoAuth implements Auth {

    static final NoAuth INSTANCE = new NoAuth();

    private NoAuth() {}

    @Override
    public Mono<Request> sign(Request request) {
        return Mono.just(request);
    }

    @Override
    public String toString() {
        return "Auth[none]";
    }
}
