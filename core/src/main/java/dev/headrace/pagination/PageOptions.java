package dev.headrace.pagination;

import dev.headrace.Defaults;
import java.time.Duration;
import java.util.Objects;

/**
 * How pages are read one after the other: how far ahead, and what keeps them from going on for ever. A value: every change gives a new one.
 */
public final class PageOptions {

    private static final PageOptions DEFAULTS = new PageOptions(
            Defaults.PREFETCH_PAGES,
            Defaults.MAX_PAGES,
            Defaults.MAX_EMPTY_PAGES,
            Duration.ZERO,
            OnRepeat.ERROR,
            false);

    private final int prefetchPages;
    private final int maxPages;
    private final int maxEmptyPages;
    private final Duration maxDuration;
    private final OnRepeat onRepeat;
    private final boolean refetchBrokenPages;

    private PageOptions(
            int prefetchPages,
            int maxPages,
            int maxEmptyPages,
            Duration maxDuration,
            OnRepeat onRepeat,
            boolean refetchBrokenPages) {
        this.prefetchPages = prefetchPages;
        this.maxPages = maxPages;
        this.maxEmptyPages = maxEmptyPages;
        this.maxDuration = maxDuration;
        this.onRepeat = onRepeat;
        this.refetchBrokenPages = refetchBrokenPages;
    }

    /**
     * No page before it is asked for, at most 100,000 pages and 9 empty ones in a row, repetitions are errors.
     *
     * @return the defaults
     */
    public static PageOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Requests pages before anybody has asked for their items, so that the reader need not wait for them. Nothing is requested before the
     * first item is asked for.
     *
     * @param pages how many beyond the one that is being read; default 0. Each is held in memory up to 1 MiB; a larger one, or one that is no
     *     JSON document, keeps its connection and its place in a bulkhead and waits; a deadline for the whole call counts that too. How soon a page can be requested depends on what names it: at the latest when the
     *     page before has come
     * @return new options
     * @throws IllegalArgumentException if the number is negative
     */
    public PageOptions prefetchPages(int pages) {
        if (pages < 0) {
            throw new IllegalArgumentException("prefetchPages must not be negative, but is " + pages);
        }
        return new PageOptions(pages, maxPages, maxEmptyPages, maxDuration, onRepeat, refetchBrokenPages);
    }

    /**
     * Fails when there are more pages than that.
     *
     * @param pages most pages of one reading; default 100,000. After so many the stream errors with {@link PaginationException} if there is
     *     another; to end without an error, {@code take} from the stream
     * @return new options
     * @throws IllegalArgumentException if the number is less than 1
     */
    public PageOptions maxPages(int pages) {
        return new PageOptions(
                prefetchPages, positive("maxPages", pages), maxEmptyPages, maxDuration, onRepeat, refetchBrokenPages);
    }

    /**
     * Fails when that many pages in a row are empty and there is yet another.
     *
     * @param pages default 10; 1 fails at the first empty page that is not the last
     * @return new options
     * @throws IllegalArgumentException if the number is less than 1
     */
    public PageOptions maxEmptyPages(int pages) {
        return new PageOptions(
                prefetchPages, maxPages, positive("maxEmptyPages", pages), maxDuration, onRepeat, refetchBrokenPages);
    }

    /**
     * Fails when another page would begin later than that.
     *
     * @param duration since the first item was asked for, the reader's own time included; default {@link Duration#ZERO}, no limit. A page
     *     that has begun is read to its end
     * @return new options
     * @throws IllegalArgumentException if the duration is negative
     */
    public PageOptions maxDuration(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("maxDuration must not be negative, but is " + duration);
        }
        return new PageOptions(prefetchPages, maxPages, maxEmptyPages, duration, onRepeat, refetchBrokenPages);
    }

    /**
     * Sets what becomes of pages that repeat themselves.
     *
     * @param onRepeat default {@link OnRepeat#ERROR}
     * @return new options
     */
    public PageOptions onRepeat(OnRepeat onRepeat) {
        Objects.requireNonNull(onRepeat, "onRepeat");
        return new PageOptions(prefetchPages, maxPages, maxEmptyPages, maxDuration, onRepeat, refetchBrokenPages);
    }

    /**
     * Fetches a page again that breaks off after some of its items, and goes on after the last of them if the items before are the same bytes;
     * if they are not, the stream errors with {@link dev.headrace.decode.ItemsChangedException}. Waits and number of attempts are those of the
     * connector's retry policy, counted anew whenever items have come. Default: such a break ends the stream, with a token to go on from.
     *
     * <p>Documents up to 1 MiB need it not: they are complete before their first item is emitted, and retried until then.
     *
     * @return new options
     */
    public PageOptions refetchBrokenPages() {
        return new PageOptions(prefetchPages, maxPages, maxEmptyPages, maxDuration, onRepeat, true);
    }

    private static int positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, but is " + value);
        }
        return value;
    }

    /**
     * How many pages are requested ahead.
     *
     * @return pages beyond the one that is being read
     */
    public int prefetchPages() {
        return prefetchPages;
    }

    /**
     * After how many pages there must be no other.
     *
     * @return pages
     */
    public int maxPages() {
        return maxPages;
    }

    /**
     * After how many empty pages in a row there must be no other.
     *
     * @return pages
     */
    public int maxEmptyPages() {
        return maxEmptyPages;
    }

    /**
     * How long pages may begin.
     *
     * @return the duration; zero for no limit
     */
    public Duration maxDuration() {
        return maxDuration;
    }

    /**
     * What becomes of pages that repeat themselves.
     *
     * @return an error, or the end
     */
    public OnRepeat onRepeat() {
        return onRepeat;
    }

    /**
     * Whether pages that break off are fetched again.
     *
     * @return true if so
     */
    public boolean refetchesBrokenPages() {
        return refetchBrokenPages;
    }

    @Override
    public String toString() {
        return "PageOptions[" + prefetchPages + " ahead, at most " + maxPages + ", " + maxEmptyPages
                + " empty in a row" + (maxDuration.isZero() ? "" : ", within " + maxDuration) + ", on repeat "
                + onRepeat + (refetchBrokenPages ? ", broken ones again" : "") + "]";
    }
}
