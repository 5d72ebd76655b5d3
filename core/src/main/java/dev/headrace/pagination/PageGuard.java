package dev.headrace.pagination;

import dev.headrace.http.Body;
import dev.headrace.http.OriginPolicy;
import dev.headrace.http.Redactor;
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
     * Checks the step from one page to the next.
     *
     * @param end how the page ended
     * @param next the request for the next, absolute
     * @param elapsed time since the reading began
     * @return true if the next page is to be read, false if pages repeat themselves and that is the end
     * @throws PaginationException if the next page must not be requested
     */
    public boolean admits(PageEnd end, Request next, Duration elapsed) {
        pages++;
        boolean sameItems = end.items() > 0
                && end.fingerprint() != NONE
                && end.fingerprint() == lastFingerprint
                && end.items() == lastItems;
        lastFingerprint = end.fingerprint();
        lastItems = end.items();
        if (sameItems || !seen.add(fingerprint(next))) {
            if (options.onRepeat() == OnRepeat.COMPLETE) {
                return false;
            }
            throw sameItems
                    ? RepeatedPageException.sameItems(end.number(), end.items(), next)
                    : RepeatedPageException.sameRequest(end.number(), next);
        }
        checkNumber(end, next);
        if (!options.maxDuration().isZero() && elapsed.compareTo(options.maxDuration()) > 0) {
            throw PaginationException.untrusted(
                    "After page " + end.number() + " more than " + options.maxDuration()
                            + " have passed, and the next is named as " + next.describe()
                            + "; go on from its token, or raise maxDuration",
                    null);
        }
        if (!origins.follows(base, next.uri())) {
            throw PaginationException.untrusted(
                    "Page " + end.number() + " names a next page on another origin, " + Redactor.uri(next.uri())
                            + "; if that is right, allow it: OriginPolicy.sameOrigin().allow(\""
                            + OriginPolicy.originOf(next.uri())
                            + "\"), or .strip() to go there without credentials",
                    null);
        }
        return true;
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
