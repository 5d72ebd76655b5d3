package dev.headrace.spec;

import dev.headrace.auth.Auth;
import dev.headrace.connector.Connector;
import dev.headrace.http.Headers;
import dev.headrace.http.OriginPolicy;
import dev.headrace.http.Secret;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A connector as a spec has it.
 *
 * @param baseUrl its base URL
 * @param query parameters for every stream's request that does not have them itself
 * @param headers headers for every request; one with a secret in it goes only where credentials go
 * @param auth its credentials
 * @param origins which other origins are trusted
 * @param plan its other settings
 */
record ConnectorForm(
        @Nullable Template baseUrl,
        Map<String, List<Template>> query,
        Map<String, Template> headers,
        @Nullable Later<Auth> auth,
        OriginPolicy origins,
        Plan<Connector.Builder> plan) {

    static final ConnectorForm NONE =
            new ConnectorForm(null, Map.of(), Map.of(), null, OriginPolicy.sameOrigin(), Plan.empty());

    ConnectorForm baseUrl(Template url) {
        if (url.isConstant()) {
            // What is no URL is to be said now.
            Connector.builder(url.with(expression -> ""));
        }
        return new ConnectorForm(url, query, headers, auth, origins, plan);
    }

    ConnectorForm query(Map<String, List<Template>> query) {
        return new ConnectorForm(baseUrl, query, headers, auth, origins, plan);
    }

    ConnectorForm headers(Map<String, Template> headers) {
        headers.forEach((name, value) -> Headers.of(name, value.isConstant() ? value.with(expression -> "") : ""));
        return new ConnectorForm(baseUrl, query, headers, auth, origins, plan);
    }

    ConnectorForm auth(Later<Auth> auth) {
        return new ConnectorForm(baseUrl, query, headers, auth, origins, plan);
    }

    ConnectorForm origins(OriginPolicy origins) {
        return new ConnectorForm(baseUrl, query, headers, auth, origins, plan);
    }

    ConnectorForm with(Plan.Step<Connector.Builder> step) {
        return new ConnectorForm(baseUrl, query, headers, auth, origins, plan.with(step));
    }

    /** The connector for a config, not yet built; no secret is asked for before its first request. */
    Connector.Builder in(Scope scope) {
        Connector.Builder builder = place().made(
                        () -> Connector.builder(Objects.requireNonNull(baseUrl).text(scope)));
        List<Auth> all = new ArrayList<>();
        for (Map.Entry<String, Template> header : headers.entrySet()) {
            Template value = header.getValue();
            if (value.hasSecret()) {
                all.add(unlessSet(header.getKey(), Mono.fromCallable(() -> value.secret(scope))));
            } else {
                value.sent(scope)
                        .ifPresent(
                                sent -> value.place().made(() -> builder.header(header.getKey(), value.text(scope))));
            }
        }
        if (auth != null) {
            all.add(auth.in(scope));
        }
        if (!all.isEmpty()) {
            builder.auth(all.size() == 1 ? all.get(0) : Auth.all(all.toArray(Auth[]::new)));
        }
        return place().made(() -> plan.applied(builder.origins(origins), scope));
    }

    /** A header with a secret; a stream's own of that name goes before it, as before one without. */
    private static Auth unlessSet(String name, Mono<Secret> secret) {
        Auth header = Auth.header(name, "", secret);
        return request -> request.headers().contains(name) ? Mono.just(request) : header.sign(request);
    }

    private Found place() {
        return Objects.requireNonNull(baseUrl).place();
    }

    /** Where secrets may go. */
    Predicate<URI> trusted(Scope scope) {
        URI base = place().made(() -> URI.create(Objects.requireNonNull(baseUrl).text(scope)));
        return target -> origins.trusts(base, target);
    }

    /** A request with the parameters that all streams have. */
    RequestForm completed(RequestForm request) {
        Map<String, List<Template>> all = new LinkedHashMap<>(query);
        all.putAll(request.query());
        return request.query(all);
    }
}
