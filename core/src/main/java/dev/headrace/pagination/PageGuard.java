package dev.headrace.pagination;

import dev.headrace.Defaults;
import dev.headrace.error.FailureKind;
import dev.headrace.http.Body;
import dev.headrace.http.OriginPolicy;
import dev.headrace.http.Redactor;
import dev.headrace.http.Request;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.Set;

/**
 * Keeps one reading of pages from going on for ever or astray: a repeated request (any cycle), too many empty pages in a row, too many pages,
 * a next page on an origin that is not trusted. The state of one subscription.
 */
public final class PageGuard {

    private final URI base;
    private final OriginPolicy origins;
    // Sixteen bytes of a digest for each page: any cycle is found, and a hundred thousand pages stay small.
    private final Set<String> seen = new HashSet<>();
    private int emptyInARow;

    /**
     * Watches one reading of pages.
     *
     * @param base the connector's base URL
     * @param origins which other origins next pages may come from
     * @param first the request for the first page, absolute
     */
    public PageGuard(URI base, OriginPolicy origins, Request first) {
        this.base = base;
        this.origins = origins;
        this.seen.add(fingerprint(first));
    }

    /**
     * Checks the step from one page to the next.
     *
     * @param end how the page ended
     * @param next the request for the next, absolute
     * @throws PaginationException if the next page must not be requested
     */
    public void check(PageEnd end, Request next) {
        emptyInARow = end.items() == 0 ? emptyInARow + 1 : 0;
        if (emptyInARow >= Defaults.MAX_EMPTY_PAGES) {
            throw new PaginationException(
                    FailureKind.UNTRUSTED_DATA,
                    emptyInARow + " empty pages in a row, up to page " + end.number() + ", and the next is named as "
                            + next.describe() + "; the API seems never to end",
                    null);
        }
        if (end.number() >= Defaults.MAX_PAGES) {
            throw new PaginationException(
                    FailureKind.UNTRUSTED_DATA,
                    "More than " + Defaults.MAX_PAGES + " pages; the next is named as " + next.describe(),
                    null);
        }
        if (!origins.follows(base, next.uri())) {
            throw new PaginationException(
                    FailureKind.UNTRUSTED_DATA,
                    "Page " + end.number() + " names a next page on another origin, " + Redactor.uri(next.uri())
                            + "; if that is right, allow it: OriginPolicy.sameOrigin().allow(\""
                            + OriginPolicy.originOf(next.uri())
                            + "\"), or .strip() to go there without credentials",
                    null);
        }
        if (!seen.add(fingerprint(next))) {
            throw new RepeatedPageException(end.number(), next);
        }
    }

    private static String fingerprint(Request request) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((request.method() + " " + request.uri()).getBytes(StandardCharsets.UTF_8));
            request.headers()
                    .forEach((name, value) ->
                            digest.update(("\n" + name + ":" + value).getBytes(StandardCharsets.UTF_8)));
            request.body().flatMap(Body::inMemory).ifPresent(digest::update);
            return new String(digest.digest(), 0, 16, StandardCharsets.ISO_8859_1);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
