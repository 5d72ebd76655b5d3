package dev.headrace.http;

import java.net.URI;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Follows redirects (RFC 9110 §15.4), one hop after the other: what answered is given back before the next hop leaves, so a call never
 * holds two connections. Everything further in runs anew for each hop: cookies, credentials, the clocks of the transport.
 *
 * <p>Headers travel as the user set them, but for those of which RFC 9110 §15.4 says that they belong to one target, and but for secrets:
 * once a hop is on an origin that is not trusted, they are gone for good, also when a later hop leads home (as the Fetch standard has it
 * for {@code Authorization}): whoever is not trusted with a secret is not trusted to choose where it goes. What signs further in signs at
 * home again, so coming home is for methods without effect alone.
 */
final class Redirects implements Interceptor {

    // RFC 9110 §15.4, third step, beside all that begins with Content-.
    private static final Set<String> OF_THE_CONTENT =
            Set.of("digest", "repr-digest", "last-modified", "transfer-encoding", "trailer");

    private final int inherited;
    private final Predicate<? super URI> trusted;

    Redirects(int inherited, Predicate<? super URI> trusted) {
        if (inherited < 0) {
            throw new IllegalArgumentException("maxRedirects must not be negative, but is " + inherited);
        }
        this.inherited = inherited;
        this.trusted = trusted;
    }

    @Override
    public Mono<Response> intercept(Request request, Exchange next) {
        int limit = request.options().maxRedirectsOver(inherited);
        return limit == 0
                ? next.exchange(request)
                : next.exchange(request)
                        .flatMap(answer -> isRedirect(answer)
                                ? new Trail(request, limit, next).follow(request, answer)
                                : Mono.just(answer));
    }

    private static boolean isRedirect(Response response) {
        return switch (response.status()) {
            case 301, 302, 303, 307, 308 -> response.headers().contains("Location");
            default -> false;
        };
    }

    /** The hops of one attempt. */
    private final class Trail {

        private final int limit;
        private final Exchange next;
        private final Set<String> seen = new HashSet<>();
        private boolean abroad;
        private int hops;

        Trail(Request first, int limit, Exchange next) {
            this.limit = limit;
            this.next = next;
            this.abroad = !trusted.test(first.uri());
            seen.add(first.method() + " " + first.uri());
        }

        Mono<Response> follow(Request asked, Response answer) {
            if (!isRedirect(answer)) {
                return Mono.just(answer);
            }
            Optional<Request> hop;
            try {
                hop = hop(asked, answer);
            } catch (RedirectException e) {
                return answer.discard().then(Mono.error(e));
            }
            return hop.map(request -> answer.discard()
                            .then(Mono.defer(() -> next.exchange(request)))
                            .flatMap(further -> follow(request, further)))
                    .orElseGet(() -> Mono.just(answer));
        }

        /** The next request; none where the redirect is for the caller to decide about. */
        private Optional<Request> hop(Request asked, Response answer) {
            boolean reads = asked.method().equals("GET") || asked.method().equals("HEAD");
            int status = answer.status();
            if (status != 303 && !asked.isReplayable() || status <= 302 && !reads) {
                return Optional.empty();
            }
            URI target = target(asked, answer);
            boolean comesHome = abroad && trusted.test(target);
            abroad |= !trusted.test(target);

            Request hop = asked.withSecretsOf(answer.request()).at(target).headers(travelling(asked, target));
            if (status == 303) {
                hop = hop.withMethod(reads ? asked.method() : "GET")
                        .withoutBody()
                        .headers(withoutContent(hop.headers()));
            }
            check(asked, answer, hop, comesHome);
            return Optional.of(hop);
        }

        private void check(Request asked, Response answer, Request hop, boolean comesHome) {
            if (comesHome && !hop.method().equals("GET") && !hop.method().equals("HEAD")) {
                throw refusal(asked, answer, "leads from another origin home with " + hop.method(), null);
            }
            if (!answer.headers().all("Set-Cookie").isEmpty()) {
                // A site that sets a cookie and sends the client back to where it was is no circle; the limit still
                // holds.
                seen.clear();
            }
            if (!seen.add(hop.method() + " " + hop.uri())) {
                throw refusal(asked, answer, "leads in a circle", null);
            }
            if (++hops > limit) {
                throw refusal(
                        asked,
                        answer,
                        "is one more than the " + limit + " that are followed; if that is right, raise maxRedirects",
                        null);
            }
        }

        private Headers travelling(Request asked, URI target) {
            // Referer names a URI that may hold what the next origin should not know; we never send one by ourselves.
            Headers kept = asked.headers().without("Referer");
            if (!OriginPolicy.originOf(asked.uri()).equals(OriginPolicy.originOf(target))) {
                kept = kept.without("Host");
            }
            return abroad ? kept.withoutSecrets() : kept;
        }
    }

    private static URI target(Request asked, Response answer) {
        URI target;
        try {
            target = UriReference.resolve(asked.uri(), location(answer));
            OriginPolicy.originOf(target);
        } catch (IllegalArgumentException e) {
            throw refusal(asked, answer, "is no http or https URL", e);
        }
        if (target.getRawUserInfo() != null) {
            throw refusal(
                    asked, answer, "holds a user name or password, which this library never sends from a URL", null);
        }
        if ("https".equalsIgnoreCase(asked.uri().getScheme()) && "http".equalsIgnoreCase(target.getScheme())) {
            throw refusal(asked, answer, "leads from https down to http", null);
        }
        return target;
    }

    /** The transport gives one char for each byte that came; bytes beyond ASCII stay the bytes they are. */
    private static String location(Response answer) {
        String received = answer.headers().first("Location").orElseThrow();
        StringBuilder encoded = new StringBuilder(received.length());
        received.chars().forEach(c -> {
            if (c > 0x7f && c <= 0xff) {
                encoded.append('%').append(Integer.toHexString(c).toUpperCase(Locale.ROOT));
            } else {
                encoded.append((char) c);
            }
        });
        return encoded.toString();
    }

    private static Headers withoutContent(Headers headers) {
        Headers kept = headers;
        for (String name : headers.names()) {
            if (name.startsWith("content-") || OF_THE_CONTENT.contains(name)) {
                kept = kept.without(name);
            }
        }
        return kept;
    }

    private static RedirectException refusal(Request asked, Response answer, String reason, @Nullable Throwable cause) {
        // A server that repeats the query names the credentials that were in it.
        String target = answer.request()
                .redacted(Redactor.uri(answer.headers().first("Location").orElse("")));
        return new RedirectException(
                asked.withSecretsOf(answer.request()),
                answer.status(),
                "the redirect " + answer.status() + " to " + target + " " + reason,
                cause);
    }
}
