package dev.headrace.cli;

import dev.headrace.Defaults;
import dev.headrace.connector.Endpoint;
import dev.headrace.decode.ItemsChangedException;
import dev.headrace.pagination.OnRepeat;
import dev.headrace.pagination.PageStop;
import dev.headrace.pagination.PageToken;
import dev.headrace.pagination.Pagination;
import dev.headrace.pagination.RepeatedPageException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How one page leads to the next, how far, and from where. */
final class PagingOptions {

    private static final String RESUME = "--resume";

    /** A longer token would hide the failure it stands behind. */
    private static final int LONGEST_TOKEN = 2_000;

    @Option(
            names = "--page",
            paramLabel = "HOW",
            converter = PaginationConverter.class,
            description = {
                "How one page leads to the next; PARAM is a query parameter, POINTER a JSON pointer into the page:",
                "none: there is one page. The default",
                "link: the Link header has the next page's URL",
                "next-url:POINTER: the page has it",
                "cursor:POINTER:PARAM: the page has what PARAM takes",
                "last-item:POINTER:PARAM[:HAS_MORE_POINTER]: PARAM takes what stands at POINTER in the last record",
                "page:PARAM[:START]: PARAM takes the page's number, from 1 or START",
                "offset:PARAM:LIMIT_PARAM:SIZE: PARAM takes the number of records before, LIMIT_PARAM that of a page"
            })
    private Pagination pagination = Pagination.none();

    @Option(
            names = "--max-pages",
            paramLabel = "N",
            description = "Fails if there are more pages than that; --take ends without a failure. Default 100000.")
    private int maxPages = Defaults.MAX_PAGES;

    @Option(
            names = "--prefetch",
            paramLabel = "N",
            description = "How many pages are requested before they are wanted. Default 0.")
    private int prefetchPages = Defaults.PREFETCH_PAGES;

    @Option(
            names = "--on-repeat",
            paramLabel = "error|complete",
            description = "What becomes of pages that repeat themselves: a failure or the end. Default error.")
    private OnRepeat onRepeat = OnRepeat.ERROR;

    @Option(
            names = RESUME,
            paramLabel = "TOKEN",
            description = "Goes on behind the last record that was written before a failure, which has told the token.")
    private @Nullable String resume;

    <T> Endpoint<T> of(Endpoint<T> endpoint) {
        Endpoint<T> paged = endpoint.paginate(pagination)
                .paging(pages ->
                        pages.maxPages(maxPages).prefetchPages(prefetchPages).onRepeat(onRepeat));
        return resume == null ? paged : paged.from(token(resume));
    }

    private static PageToken token(String text) {
        try {
            return PageToken.of(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    RESUME + " takes the token of a failure of the same command, whole and as it was told", e);
        }
    }

    /** The option that leads behind the last record that was written, where it leads further than the same command again. */
    static Optional<String> goingOn(Throwable failure) {
        // Their tokens lead to the same failure again.
        if (failure instanceof RepeatedPageException || failure instanceof ItemsChangedException) {
            return Optional.empty();
        }
        return PageStop.of(failure)
                .flatMap(PageStop::token)
                .filter(token -> token.number() > 1 || token.taken() > 0)
                .filter(token -> !token.showsSecret())
                .map(PageToken::text)
                .filter(text -> text.length() <= LONGEST_TOKEN)
                .map((RESUME + " ")::concat);
    }
}
