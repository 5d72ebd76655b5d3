package dev.headrace.auth;

import dev.headrace.http.Exchange;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/** One of several credentials for each attempt, in turn; whoever shares this shares the turn. */
final class RotatingAuth implements Auth {

    private final List<Auth> members;
    private final AtomicInteger turn = new AtomicInteger();

    RotatingAuth(List<Auth> members) {
        if (members.isEmpty()) {
            throw new IllegalArgumentException("rotating(…) needs at least one Auth");
        }
        this.members = members;
    }

    @Override
    public Mono<Request> sign(Request request) {
        return Mono.defer(() -> next().sign(request));
    }

    @Override
    public Mono<Response> intercept(Request request, Exchange next) {
        return Mono.defer(() -> next().intercept(request, next));
    }

    private Auth next() {
        return members.get(Math.floorMod(turn.getAndIncrement(), members.size()));
    }

    @Override
    public String toString() {
        return "Auth[each of " + members + " in turn]";
    }
}
