package dev.headrace.connector;

import dev.headrace.auth.Auth;
import dev.headrace.http.Exchange;
import dev.headrace.http.Interceptor;
import dev.headrace.http.OriginPolicy;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Credentials belong to an origin: a trusted target gets them, any other gets the request without any header that speaks of a secret. */
final class OriginRule implements Interceptor {

    private final URI base;
    private final OriginPolicy origins;
    private final @Nullable Auth auth;

    OriginRule(URI base, OriginPolicy origins, @Nullable Auth auth) {
        this.base = base;
        this.origins = origins;
        this.auth = auth;
    }

    @Override
    public Mono<Response> intercept(Request request, Exchange next) {
        if (!origins.trusts(base, request.uri())) {
            return next.exchange(request.headers(request.headers().withoutSecrets()));
        }
        return auth == null ? next.exchange(request) : auth.intercept(request, next);
    }
}
