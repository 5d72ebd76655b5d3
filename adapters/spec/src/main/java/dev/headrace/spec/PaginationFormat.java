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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The part of the format that says how one page leads to the next. */
final class PaginationFormat {

    /**
     * Where in a request something goes.
     *
     * @param placement the place
     * @param variable the variable of the path that is it, if it is one
     */
    record Place(Placement placement, @Nullable String variable) {

        static Place query(String parameter) {
            return new Place(Placement.query(parameter), null);
        }

        static Place header(String name) {
            return new Place(Placement.header(name), null);
        }

        static Place body(String pointer) {
            return new Place(Placement.body(pointer), null);
        }

        static Place variable(String name) {
            return new Place(Placement.variable(name), name);
        }
    }

    static final Shape<Place> PLACEMENT =
            placed(Section.<Place>ofKinds("placement", "Where in a request something goes."), place -> place);

    /** The kinds of places, for whatever goes there. */
    private static <T> Section<T> placed(Section<T> section, Function<Place, T> made) {
        return section.kind("query", "A query parameter.", text(), name -> made.apply(Place.query(name)))
                .kind("header", "A header.", text(), name -> made.apply(Place.header(name)))
                .kind("body", "A place in the JSON body.", pointer(), at -> made.apply(Place.body(at)))
                .kind(
                        "variable",
                        "A variable of the path, as it stands in its braces.",
                        text(),
                        name -> made.apply(Place.variable(name)));
    }

    /**
     * A value that is taken from one place and put into another.
     *
     * @param from where it is taken from
     * @param into where it goes
     */
    record Move(String from, @Nullable Place into) {

        static final Move NONE = new Move("", null);

        Move from(String from) {
            return new Move(from, into);
        }

        Move into(Place into) {
            return new Move(from, into);
        }

        Place place() {
            return Objects.requireNonNull(into);
        }

        Placement target() {
            return place().placement();
        }
    }

    private static final Shape<Move> FROM_PAGE = Section.of(
                    "carried", "A value of the page that goes into the next request.", Move.NONE)
            .required("from", "Where in the page it is.", pointer(), Move::from)
            .required("into", "Where it goes.", PLACEMENT, Move::into);

    private static final Shape<Move> FROM_HEADER = Section.of(
                    "carried_header", "A response's header that goes into the next request.", Move.NONE)
            .required("from", "The header's name.", text(), Move::from)
            .required("into", "Where it goes.", PLACEMENT, Move::into);

    private static final Shape<Move> FROM_ITEM = Section.of(
                    "carried_item", "A value of the last item that goes into the next request.", Move.NONE)
            .required("from", "Where in the item it is.", pointer(), Move::from)
            .required("into", "Where it goes.", PLACEMENT, Move::into);

    /** A number that grows from page to page. */
    private record Count(Place place, @Nullable Long first) {

        static Count of(Place place) {
            return new Count(place, null);
        }

        long firstOr(long usual) {
            return first == null ? usual : first;
        }
    }

    private static Section<Count> count(String name, String description, long first) {
        return placed(Section.<Count>ofKinds(name, description), Count::of)
                .shortForm("A query parameter.", text().map(parameter -> Count.of(Place.query(parameter))))
                .key(
                        "first",
                        "The first page's; default " + first + ".",
                        whole(),
                        (count, given) -> new Count(count.place(), given));
    }

    /** How many items are asked for. */
    private record Size(Place place, int items) {}

    private static final Shape<Size> SIZE = placed(
                    Section.<Size>ofKinds("page_size", "A wish for so many items on a page."),
                    place -> new Size(place, 0))
            .required("items", "How many.", integer(), (size, items) -> new Size(size.place(), items));

    /**
     * A pagination, and the variables of the path that it gives values.
     *
     * @param pagination the pagination
     * @param variables their names
     */
    record Paged(Pagination pagination, Set<String> variables) {

        static final Paged NONE = of(Pagination.none());

        static Paged of(Pagination pagination) {
            return new Paged(pagination, Set.of());
        }

        Paged with(Pagination pagination) {
            return new Paged(pagination, variables);
        }

        Paged giving(Place place) {
            if (place.variable() == null) {
                return this;
            }
            Set<String> more = new LinkedHashSet<>(variables);
            more.add(place.variable());
            return new Paged(pagination, more);
        }
    }

    static final Shape<Paged> PAGINATION = Section.<Paged>ofKinds("pagination", "How one page leads to the next.")
            .word("none", "There is one page.", () -> Paged.NONE)
            .word("link", "The Link header names the next page.", () -> Paged.of(Pagination.linkHeader()))
            .kind(
                    "next_url",
                    "The page holds the next one's URL, there.",
                    pointer(),
                    at -> Paged.of(Pagination.nextUrl(at)))
            .kind(
                    "cursor",
                    "The page holds a token for the next one.",
                    FROM_PAGE,
                    move -> Paged.of(Pagination.cursor(move.from(), move.target())))
            .kind(
                    "header_cursor",
                    "A header holds a token for the next page.",
                    FROM_HEADER,
                    move -> Paged.of(Pagination.headerCursor(move.from(), move.target())))
            .kind(
                    "last_item",
                    "The next page begins behind the last item of this one.",
                    FROM_ITEM,
                    move -> Paged.of(Pagination.lastItem(move.from(), move.target())))
            .kind(
                    "page_number",
                    "Pages have numbers.",
                    count("page_number", "A page number; an empty page is the last one.", 1),
                    count -> Paged.of(
                                    Pagination.pageNumber(count.place().placement(), Math.toIntExact(count.firstOr(1))))
                            .giving(count.place()))
            .kind(
                    "offset",
                    "Items are passed over.",
                    count("offset", "The number of items to pass over; an empty page is the last one.", 0),
                    count -> Paged.of(Pagination.offset(count.place().placement(), count.firstOr(0)))
                            .giving(count.place()))
            .kind(
                    "relay",
                    "A GraphQL connection with pageInfo is there.",
                    pointer(),
                    at -> Paged.of(Pagination.relay(at)))
            .key(
                    "while_true",
                    "There is a next page as long as this place says so.",
                    pointer(),
                    (paged, at) -> paged.with(paged.pagination().whileTrue(at)))
            .key(
                    "page_size",
                    "A wish for so many items on a page.",
                    SIZE,
                    (paged, size) -> paged.with(
                                    paged.pagination().pageSize(size.place().placement(), size.items()))
                            .giving(size.place()))
            .key(
                    "carrying",
                    "Other values of each page that go into the next request.",
                    oneOrMany(FROM_PAGE),
                    PaginationFormat::carrying)
            .key(
                    "last_after",
                    "The page that brings so many items in all is the last one.",
                    whole(),
                    (paged, items) -> paged.with(paged.pagination().lastWhen(end -> end.itemsInAll() >= items)));

    static final Shape<PageOptions> PAGING = Section.of(
                    "paging", "How pages are read one after the other.", PageOptions.defaults())
            .key("max_pages", "More pages than that are an error; default 100000.", integer(), PageOptions::maxPages)
            .key(
                    "max_empty_pages",
                    "So many empty pages in a row are an error; default 10.",
                    integer(),
                    PageOptions::maxEmptyPages)
            .key("max_duration", "No page begins later than that; default none.", duration(), PageOptions::maxDuration)
            .key(
                    "on_repeat",
                    "What becomes of pages that repeat themselves; default error.",
                    word(OnRepeat.class),
                    PageOptions::onRepeat)
            .key("prefetch_pages", "Pages requested ahead; default 0.", integer(), PageOptions::prefetchPages)
            .flag("refetch_broken_pages", "A page that breaks off is fetched again.", PageOptions::refetchBrokenPages);

    private static Paged carrying(Paged paged, List<Move> moves) {
        Pagination carrying = paged.pagination();
        for (Move move : moves) {
            carrying = carrying.carrying(move.from(), move.target());
        }
        return paged.with(carrying);
    }

    private PaginationFormat() {}
}
