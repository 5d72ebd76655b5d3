package dev.headrace.auth;

import dev.headrace.http.Exchange;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.Secret;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Puts one secret in its place, for each attempt anew. */
final class SecretAuth implements Auth {

    /** Where a secret goes. */
    private interface Place extends BiFunction<Request, Secret, Request> {}

    private static final Secret ANY = Secret.of("any");

    private final String name;
    private final Mono<Secret> source;
    private final Place place;
    private final @Nullable Secret known;

    private SecretAuth(String name, Mono<Secret> source, Place place, @Nullable Secret known) {
        this.name = name;
        this.source = Objects.requireNonNull(source, "source");
        this.place = place;
        this.known = known;
        // A name or a value that could not stand there fails at the line that gives it.
        var unused = place.apply(Request.get("/"), known == null ? ANY : known);
    }

    static SecretAuth header(String name, String prefix, Secret secret) {
        // Made once, not for each attempt.
        Secret value = behind(prefix, secret);
        return new SecretAuth("header " + name, Mono.just(value), headerPlace(name, ""), value);
    }

    static SecretAuth header(String name, String prefix, Mono<Secret> source) {
        return new SecretAuth("header " + name, source, headerPlace(name, prefix), null);
    }

    private static Place headerPlace(String name, String prefix) {
        return (request, secret) -> request.header(name, behind(prefix, secret));
    }

    private static Secret behind(String prefix, Secret secret) {
        return prefix.isEmpty() ? secret : Secret.of(prefix + " " + secret.reveal());
    }

    static SecretAuth query(String name, Secret secret) {
        return new SecretAuth("query " + name, Mono.just(secret), queryPlace(name), secret);
    }

    static SecretAuth query(String name, Mono<Secret> source) {
        return new SecretAuth("query " + name, source, queryPlace(name), null);
    }

    private static Place queryPlace(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("The name of a query parameter must not be empty");
        }
        // As a Secret, so that it is masked whatever the parameter's name.
        return (request, secret) -> request.replaceQuery(name, secret);
    }

    static SecretAuth cookie(String name, Secret secret) {
        return new SecretAuth("cookie " + name, Mono.just(secret), cookiePlace(name), secret);
    }

    static SecretAuth cookie(String name, Mono<Secret> source) {
        return new SecretAuth("cookie " + name, source, cookiePlace(name), null);
    }

    private static Place cookiePlace(String name) {
        if (name.isEmpty()
                || !name.chars().allMatch(c -> c > ' ' && c < 0x7f && "()<>@,;:\\\"/[]?={}".indexOf(c) < 0)) {
            throw new IllegalArgumentException("Not a cookie's name: '" + name.replaceAll("\\p{Cntrl}", "?") + "'");
        }
        return (request, secret) -> withCookie(request, name, secret.reveal());
    }

    /** One Cookie header (RFC 6265 §5.4) with the other cookies that are there and this one. */
    private static Request withCookie(Request request, String name, String value) {
        // RFC 6265 §4.1.1: what else would end the value or begin another cookie.
        if (!value.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != ',' && c != ';' && c != '\\')) {
            throw new IllegalArgumentException("The value for the cookie " + name
                    + " holds a character that no cookie may hold (RFC 6265 §4.1.1); encode it first");
        }
        List<String> others = request.headers().all("Cookie").stream()
                .flatMap(header -> Stream.of(header.split(";")))
                .map(String::strip)
                .filter(cookie -> !cookie.isEmpty() && !cookie.startsWith(name + "="))
                .toList();
        return request.header(
                "Cookie",
                Stream.concat(others.stream(), Stream.of(name + "=" + value)).collect(Collectors.joining("; ")));
    }

    /** A secret that is known needs no step of its own to wait for it. */
    @Override
    public Mono<Response> intercept(Request request, Exchange next) {
        Secret constant = known;
        return constant == null
                ? Auth.super.intercept(request, next)
                : Mono.defer(() -> next.exchange(place.apply(request, constant)));
    }

    @Override
    public Mono<Request> sign(Request request) {
        Secret constant = known;
        if (constant != null) {
            return Mono.fromSupplier(() -> place.apply(request, constant));
        }
        return source.switchIfEmpty(Mono.error(() -> unavailable(request, "gave none", null)))
                .map(secret -> place.apply(request, secret))
                .onErrorMap(
                        failure -> !(failure instanceof CredentialsException),
                        failure -> unavailable(request, "failed", failure));
    }

    private CredentialsException unavailable(Request request, String problem, @Nullable Throwable cause) {
        return new CredentialsException(
                request, "not sent, for the source of the secret for " + name + " " + problem, cause);
    }

    @Override
    public String toString() {
        return "Auth[" + name + ": " + Secret.MASK + "]";
    }
}
