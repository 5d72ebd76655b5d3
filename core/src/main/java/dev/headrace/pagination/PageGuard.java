package dev.headrace.pagination;

import dev.headrace.http.Body;
import dev.headrace.http.OriginPolicy;
import dev.headrace.http.Request;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * Keeps one reading of pages from going on for ever or astray: a repeated request (any cycle), a page with the same items as the one before,
 * too many empty pages in a row, too many pages, too long, a next page on an origin that is not trusted. The state of one subscription.
 */
public final class PageGuard {

    private static final long NONE = 0;

    private final URI base;
    private final OriginPolicy origins;
    private final PageOptions options;
    // Sixteen bytes of a digest for each page: any cycle is found, and a hundred thousand pages stay small.
    private final Set<String> seen = new HashSet<>();
    private int pages;
    private int emptyInARow;
    private long lastFingerprint = NONE;
    private long lastItems;

    /**
     * Watches one reading of pages.
     *
     * @param base the connector's base URL
     * @param origins which other origins next pages may come from
     * @param options how many and how long, and what a repetition means
     * @param first the request for the first page, absolute
     */
    public PageGuard(URI base, OriginPolicy origins, PageOptions options, Request first) {
        this.base = base;
        this.origins = origins;
        this.options = options;
        this.seen.add(fingerprint(first));
    }

    /**
     * Whether pages go on, or repeat themselves.
     *
     * @param end how a page ended
     * @param next the request for the next, absolute
     * @return false if pages repeat themselves and that is the end
     * @throws RepeatedPageException if they do and that is none
     */
    public boolean admits(PageEnd end, Request next) {
        boolean sameItems = end.items() > 0
                && end.fingerprint() != NONE
                && end.fingerprint() == lastFingerprint
                && end.items() == lastItems;
        lastFingerprint = end.fingerprint();
        lastItems = end.items();
        if (!sameItems && seen.add(fingerprint(next))) {
            return true;
        }
        if (options.onRepeat() == OnRepeat.COMPLETE) {
            return false;
        }
        throw sameItems
                ? RepeatedPageException.sameItems(end.number(), end.items(), next)
                : RepeatedPageException.sameRequest(end.number(), next);
    }

    /**
     * Checks the step from one page to the next, once it {@linkplain #admits goes on}.
     *
     * @param end how a page ended
     * @param next the request for the next, absolute
     * @throws PaginationException if the next page must not be requested
     */
    public void check(PageEnd end, Request next) {
        pages++;
        checkNumber(end, next);
        checkOrigin(end.number(), next);
    }

    /**
     * Checks where a page would be requested.
     *
     * @param page the number of the page that names it
     * @param next the request for it, absolute
     * @throws PaginationException if that is on another origin that is not allowed
     */
    public void checkOrigin(int page, Request next) {
        if (!origins.follows(base, next.uri())) {
            throw PaginationException.untrusted(
                    "Page " + page + " names a next page on another origin, " + next.describe()
                            + "; if that is right, allow it: OriginPolicy.sameOrigin().allow(\""
                            + OriginPolicy.originOf(next.uri())
                            + "\"), or .strip() to go there without credentials",
                    null);
        }
    }

    /**
     * Checks that a page does not begin too late.
     *
     * @param page its number
     * @param request the request for it, absolute
     * @param elapsed time since the reading began
     * @throws PaginationException if it does
     */
    public void checkDuration(int page, Request request, Duration elapsed) {
        if (!options.maxDuration().isZero() && elapsed.compareTo(options.maxDuration()) > 0) {
            throw PaginationException.untrusted(
                    "More than " + options.maxDuration() + " have passed before page " + page + " could begin, "
                            + request.describe() + "; go on from its token, or raise maxDuration",
                    null);
        }
    }

    private void checkNumber(PageEnd end, Request next) {
        emptyInARow = end.items() == 0 ? emptyInARow + 1 : 0;
        if (emptyInARow >= options.maxEmptyPages()) {
            throw PaginationException.untrusted(
                    emptyInARow + " empty pages in a row, up to page " + end.number() + ", and the next is named as "
                            + next.describe() + "; the API seems never to end. If it does, raise maxEmptyPages",
                    null);
        }
        if (pages >= options.maxPages()) {
            throw PaginationException.untrusted(
                    "More than " + options.maxPages() + " pages; the next is named as " + next.describe()
                            + "; go on from its token, or raise maxPages",
                    null);
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
