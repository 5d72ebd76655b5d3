package dev.headrace.spec;

import static dev.headrace.spec.Scalars.duration;
import static dev.headrace.spec.Scalars.integer;
import static dev.headrace.spec.Scalars.pointer;
import static dev.headrace.spec.Scalars.text;
import static dev.headrace.spec.Scalars.whole;
import static dev.headrace.spec.Scalars.word;
import static dev.headrace.spec.Shapes.oneOrMany;

import dev.headrace.pagination.OnRepeat;
import dev.headrace.pagination.PageOptions;
import dev.headrace.pagination.Pagination;
import dev.headrace.pagination.Placement;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The part of the format that says how one page leads to the next. */
final class PaginationFormat {

    /** Where in a request something goes. */
    static final Shape<Placement> PLACEMENT = Section.<Placement>ofKinds("placement", "Where in a request something goes.")
            .kind("query", "A query parameter.", text(), Placement::query)
            .kind("header", "A header.", text(), Placement::header)
            .kind("body", "A place in the JSON body.", pointer(), Placement::body)
            .kind("variable", "A variable of the path, as it stands in its braces.", text(), Placement::variable);

    /** A value that is taken from one place and put into another. */
    private record Move(String from, @Nullable Placement into) {

        Placement target() {
            return Objects.requireNonNull(into);
        }
    }

    private static final Shape<Move> FROM_PAGE = Section.of("carried", "A value of the page that goes into the next request.", new Move("", null))
            .required("from", "Where in the page it is.", pointer(), (move, from) -> new Move(from, move.into()))
            .required("into", "Where it goes.", PLACEMENT, (move, into) -> new Move(move.from(), into));

    private static final Shape<Move> FROM_HEADER = Section.of("carried_header", "A response's header that goes into the next request.", new Move("", null))
            .required("from", "The header's name.", text(), (move, from) -> new Move(from, move.into()))
            .required("into", "Where it goes.", PLACEMENT, (move, into) -> new Move(move.from(), into));

    private static final Shape<Move> FROM_ITEM = Section.of("carried_item", "A value of the last item that goes into the next request.", new Move("", null))
            .required("from", "Where in the item it is.", pointer(), (move, from) -> new Move(from, move.into()))
            .required("into", "Where it goes.", PLACEMENT, (move, into) -> new Move(move.from(), into));

    /** A number that grows from page to page. */
    private record Count(Placement placement, @Nullable Long first) {

        long firstOr(long usual) {
            return first == null ? usual : first;
        }
    }

    private static Section<Count> count(String name, String description) {
        return Section.<Count>ofKinds(name, description)
                .shortForm(text().map(parameter -> new Count(Placement.query(parameter), null)))
                .kind("query", "The query parameter that takes it.", text(), parameter -> new Count(Placement.query(parameter), null))
                .kind("header", "The header that takes it.", text(), header -> new Count(Placement.header(header), null))
                .kind("body", "The place in the JSON body that takes it.", pointer(), place -> new Count(Placement.body(place), null))
                .kind("variable", "The variable of the path that takes it.", text(), variable -> new Count(Placement.variable(variable), null))
                .key("first", "The first page's number.", whole(), (count, first) -> new Count(count.placement(), first));
    }

    /** How many items are asked for. */
    private record Size(Placement placement, int items) {}

    private static final Shape<Size> SIZE = Section.<Size>ofKinds("page_size", "A wish for so many items on a page.")
            .kind("query", "The query parameter that takes it.", text(), parameter -> new Size(Placement.query(parameter), 0))
            .kind("header", "The header that takes it.", text(), header -> new Size(Placement.header(header), 0))
            .kind("body", "The place in the JSON body that takes it.", pointer(), place -> new Size(Placement.body(place), 0))
            .kind("variable", "The variable of the path that takes it.", text(), variable -> new Size(Placement.variable(variable), 0))
            .required("items", "How many.", integer(), (size, items) -> new Size(size.placement(), items));

    static final Shape<Pagination> PAGINATION = Section.<Pagination>ofKinds("pagination", "How one page leads to the next.")
            .word("none", "There is one page.", Pagination::none)
            .word("link", "The Link header names the next page.", Pagination::linkHeader)
            .kind("next_url", "The page holds the next one's URL, there.", pointer(), Pagination::nextUrl)
            .kind("cursor", "The page holds a token for the next one.", FROM_PAGE, move -> Pagination.cursor(move.from(), move.target()))
            .kind("header_cursor", "A header holds a token for the next page.", FROM_HEADER, move -> Pagination.headerCursor(move.from(), move.target()))
            .kind("last_item", "The next page begins behind the last item of this one.", FROM_ITEM, move -> Pagination.lastItem(move.from(), move.target()))
            .kind("page_number", "Pages have numbers.", count("page_number", "A page number, from 1; an empty page is the last one."),
                    count -> Pagination.pageNumber(count.placement(), Math.toIntExact(count.firstOr(1))))
            .kind("offset", "Items are passed over.", count("offset", "The number of items to pass over; an empty page is the last one."),
                    count -> Pagination.offset(count.placement(), count.firstOr(0)))
            .kind("relay", "A GraphQL connection with pageInfo is there.", pointer(), Pagination::relay)
            .key("while_true", "There is a next page as long as this place says so.", pointer(), Pagination::whileTrue)
            .key("page_size", "A wish for so many items on a page.", SIZE, (pagination, size) -> pagination.pageSize(size.placement(), size.items()))
            .key("carrying", "Other values of each page that go into the next request.", oneOrMany(FROM_PAGE), PaginationFormat::carrying)
            .key("last_after", "The page that brings so many items in all is the last one.", whole(),
                    (pagination, items) -> pagination.lastWhen(end -> end.itemsInAll() >= items));

    static final Shape<PageOptions> PAGING = Section.of("paging", "How pages are read one after the other.", PageOptions.defaults())
            .key("max_pages", "More pages than that are an error; default 100000.", integer(), PageOptions::maxPages)
            .key("max_empty_pages", "So many empty pages in a row are an error; default 10.", integer(), PageOptions::maxEmptyPages)
            .key("max_duration", "No page begins later than that; default none.", duration(), PageOptions::maxDuration)
            .key("on_repeat", "What becomes of pages that repeat themselves; default error.", word(OnRepeat.class), PageOptions::onRepeat)
            .key("prefetch_pages", "Pages requested ahead; default 0.", integer(), PageOptions::prefetchPages)
            .flag("refetch_broken_pages", "A page that breaks off is fetched again.", PageOptions::refetchBrokenPages);

    private static Pagination carrying(Pagination pagination, List<Move> moves) {
        Pagination carrying = pagination;
        for (Move move : moves) {
            carrying = carrying.carrying(move.from(), move.target());
        }
        return carrying;
    }

    private PaginationFormat() {}
}
