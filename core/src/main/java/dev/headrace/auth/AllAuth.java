package dev.headrace.auth;

import dev.headrace.http.Exchange;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * Several credentials on one request. They are nested, so that each sees the response and may renew itself; the first is the outermost.
 */
final class AllAuth implements Auth {

    private final List<Auth> members;

    AllAuth(List<Auth> members) {
        this.members = members;
    }

    @Override
    public Mono<Request> sign(Request request) {
        Mono<Request> signed = Mono.just(request);
        for (Auth member : members) {
            signed = signed.flatMap(member::sign);
        }
        return signed;
    }

    @Override
    public Mono<Response> intercept(Request request, Exchange next) {
        Exchange unsigned = unsigned(next);
        Exchange signing = next;
        for (int i = members.size() - 1; i >= 0; i--) {
            signing = new Signing(members.get(i), signing, unsigned);
        }
        return signing.exchange(request);
    }

    /**
     * The rest of the chain without the credentials that still follow here: for a member's own requests, such as one for a token. They go
     * to another server, which must not see what the other members would put on them.
     */
    static Exchange unsigned(Exchange next) {
        return next instanceof Signing signing ? signing.unsigned() : next;
    }

    private record Signing(Auth member, Exchange next, Exchange unsigned) implements Exchange {
        @Override
        public Mono<Response> exchange(Request request) {
            return member.intercept(request, next);
        }
    }

    @Override
    public String toString() {
        return "Auth[all of " + members + "]";
    }
}
