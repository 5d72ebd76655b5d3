package dev.headrace.test;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A paginated JSON API of the shape you give it: where the items are, how many to a page, and how the next page is asked for. For an API
 * that has no fake of its own.
 *
 * <pre>{@code
 * FakePages.of("/v1/accounts", accounts)
 *         .pageSize(10)
 *         .itemsAt("/data/accounts")
 *         .cursor("after", "/meta/next_cursor") // {"data":{"accounts":[…]},"meta":{"next_cursor":"…"}}
 *         .failing(503).onRequest(2).once()
 *         .start()
 * }</pre>
 *
 * <p>It answers {@code GET}. What it does not understand is 400 with a {@code message}. Settings return a changed copy that counts from
 * the beginning.
 */
public final class FakePages extends FaultyRoute<FakePages> {

    /** How a page is asked for. */
    private enum Way {
        PAGE,
        OFFSET,
        CURSOR,
        NEXT_URL
    }

    /**
     * What it looks like.
     *
     * @param itemsAt where the items are; the empty pointer for an array and nothing around it
     * @param parameter what asks for a page
     * @param first the number of the first page
     * @param nextAt where the next cursor or address is; null if nothing says it
     * @param totalAt where the number of all items is; null for nowhere
     */
    private record Shape(
            String path,
            List<String> items,
            int pageSize,
            String sizeParameter,
            JsonPointer itemsAt,
            Way way,
            String parameter,
            int first,
            @Nullable JsonPointer nextAt,
            @Nullable JsonPointer totalAt) {

        /** Why there cannot be such a document; null if there can. */
        @Nullable
        String fault() {
            for (JsonPointer other : Arrays.asList(nextAt, totalAt)) {
                if (other != null && isWithin(itemsAt, other)) {
                    return itemsAt.matches()
                            ? "A cursor, an address or a total needs an object to be in: say itemsAt(…)"
                            : "There is no place for " + other + " where the items are: " + itemsAt;
                }
            }
            return null;
        }

        /** Whether one of both is on the way to the other. */
        private static boolean isWithin(JsonPointer one, JsonPointer other) {
            return (one + "/").startsWith(other + "/") || (other + "/").startsWith(one + "/");
        }

        Shape sized(int pageSize, String sizeParameter) {
            return new Shape(path, items, pageSize, sizeParameter, itemsAt, way, parameter, first, nextAt, totalAt);
        }

        Shape around(JsonPointer itemsAt, @Nullable JsonPointer totalAt) {
            return new Shape(path, items, pageSize, sizeParameter, itemsAt, way, parameter, first, nextAt, totalAt);
        }

        Shape asked(Way way, String parameter, int first, @Nullable JsonPointer nextAt) {
            return new Shape(path, items, pageSize, sizeParameter, itemsAt, way, parameter, first, nextAt, totalAt);
        }
    }

    private final Shape shape;

    private FakePages(Shape shape, Faults<Answer> faults) {
        super(faults);
        this.shape = shape;
    }

    /**
     * An API under one path.
     *
     * @param path where {@link #start()} puts it; a {@link TestServer} may put it elsewhere
     * @param items one JSON text each
     * @return an array and nothing around it, 100 items to a page or what {@code limit} says, pages asked for by {@code page}, from 1
     * @throws IllegalArgumentException if an item is no JSON
     */
    public static FakePages of(String path, List<String> items) {
        items.forEach(JsonText::check);
        return new FakePages(
                new Shape(path, List.copyOf(items), 100, "limit", JsonPointer.empty(), Way.PAGE, "page", 1, null, null),
                Faults.none());
    }

    /**
     * Items to a page when the request does not say. Default 100.
     *
     * @param items at least 1
     * @return a changed copy
     */
    public FakePages pageSize(int items) {
        if (items < 1) {
            throw new IllegalArgumentException("pageSize must be at least 1: " + items);
        }
        return with(shape.sized(items, shape.sizeParameter()));
    }

    /**
     * What a request says in order to have more or fewer items to a page. Default {@code limit}.
     *
     * @param name a query parameter
     * @return a changed copy
     */
    public FakePages sizeParameter(String name) {
        return with(shape.sized(shape.pageSize(), name));
    }

    /**
     * Where the items are. Default: the document is the array.
     *
     * @param pointer names of members (RFC 6901), for example {@code /data/items}
     * @return a changed copy
     * @throws IllegalArgumentException if it is no JSON pointer to a member
     */
    public FakePages itemsAt(String pointer) {
        return with(shape.around(member(pointer), shape.totalAt()));
    }

    /**
     * Says how many items there are on all pages. Default: nowhere. Needs {@link #itemsAt}.
     *
     * @param pointer names of members (RFC 6901), for example {@code /meta/total}
     * @return a changed copy
     * @throws IllegalArgumentException if it is no JSON pointer to a member
     */
    public FakePages totalAt(String pointer) {
        return with(shape.around(shape.itemsAt(), member(pointer)));
    }

    /**
     * Pages have numbers. A page behind the last is empty.
     *
     * @param parameter the query parameter; without it, it is the first page
     * @param first the number of the first page, 0 or 1 as a rule
     * @return a changed copy
     */
    public FakePages page(String parameter, int first) {
        return with(shape.asked(Way.PAGE, parameter, first, null));
    }

    /**
     * A page begins behind so many items. One that begins behind the last is empty.
     *
     * @param parameter the query parameter; without it, it is 0
     * @return a changed copy
     */
    public FakePages offset(String parameter) {
        return with(shape.asked(Way.OFFSET, parameter, 0, null));
    }

    /**
     * Each page has a cursor to the next, which only this API understands; the last has none. Needs {@link #itemsAt}.
     *
     * @param parameter the query parameter; a cursor that was not encoded properly is not understood
     * @param pointer names of members (RFC 6901), for example {@code /meta/next_cursor}
     * @return a changed copy
     * @throws IllegalArgumentException if it is no JSON pointer to a member
     */
    public FakePages cursor(String parameter, String pointer) {
        return with(shape.asked(Way.CURSOR, parameter, 0, member(pointer)));
    }

    /**
     * Each page has the whole address of the next, which keeps what was asked; the last has none. Needs {@link #itemsAt}.
     *
     * @param pointer names of members (RFC 6901), for example {@code /links/next}
     * @return a changed copy
     * @throws IllegalArgumentException if it is no JSON pointer to a member
     */
    public FakePages nextUrl(String pointer) {
        return with(shape.asked(Way.NEXT_URL, "cursor", 0, member(pointer)));
    }

    /**
     * Gives fewer items than asked, down to none, with more to come: for {@link #cursor} and {@link #nextUrl}, which then lead to what is
     * left. With {@link #page} and {@link #offset} nobody gets what is left out.
     *
     * @param items at most on the page
     * @return when to do so
     */
    public Fault<FakePages> shortening(int items) {
        return pagesOf(items);
    }

    /**
     * {@inheritDoc} The server answers only its path, others are 404.
     *
     * @throws IllegalStateException if a cursor, an address or a total has no place beside the items
     */
    @Override
    public TestServer start() {
        String fault = shape.fault();
        if (fault != null) {
            throw new IllegalStateException(fault);
        }
        return TestServer.builder().route(shape.path(), this).start();
    }

    private FakePages with(Shape shape) {
        return new FakePages(shape, faults());
    }

    @Override
    FakePages with(Faults<Answer> faults) {
        return new FakePages(shape, faults);
    }

    @Override
    void fill(Answer answer, Asked asked) {
        int size = asked.number(shape.sizeParameter(), shape.pageSize());
        Optional<Integer> from = from(asked, size);
        String fault = shape.fault();
        if (fault != null) {
            answer.failJson(500, "{\"message\":" + JsonText.quoted(fault) + "}");
        } else if (!asked.is("GET")) {
            answer.failJson(405, "{\"message\":\"Only GET is understood\"}");
        } else if (size < 1 || from.isEmpty()) {
            answer.failJson(
                    400,
                    "{\"message\":\"Not understood: " + shape.sizeParameter() + " or " + shape.parameter() + "\"}");
        } else {
            page(answer, asked, Math.min(from.get(), shape.items().size()), size);
        }
    }

    private void page(Answer answer, Asked asked, int from, int size) {
        int all = shape.items().size();
        int to = from + Math.min(Math.min(size, answer.itemsAtMost), all - from);
        List<String> items = shape.items().subList(from, to);
        if (shape.itemsAt().matches()) {
            answer.json(JsonText.array(items));
            return;
        }
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        items.forEach(item -> array.add(JsonText.read(item)));
        put(document, shape.itemsAt(), array);
        if (shape.totalAt() != null) {
            put(document, shape.totalAt(), JsonNodeFactory.instance.numberNode(all));
        }
        if (shape.nextAt() != null && to < all) {
            // An empty page leads to another place than the page before it, or a reader would take the two for one.
            int turn = to == from ? turn(asked) + 1 : 0;
            String cursor = cursor(to, turn);
            String next =
                    shape.way() == Way.CURSOR ? cursor : asked.origin() + asked.rawWith(shape.parameter(), cursor);
            put(document, shape.nextAt(), JsonNodeFactory.instance.stringNode(next));
        }
        answer.json(document.toString());
    }

    /** Empty if it makes no sense. */
    private Optional<Integer> from(Asked asked, int size) {
        String said = asked.parameter(shape.parameter()).orElse(null);
        return switch (shape.way()) {
            case PAGE ->
                number(said, shape.first())
                        .filter(page -> page >= shape.first())
                        .map(page -> (int) Math.min(Integer.MAX_VALUE, (long) (page - shape.first()) * size));
            case OFFSET -> number(said, 0).filter(offset -> offset >= 0);
            case CURSOR, NEXT_URL -> said == null ? Optional.of(0) : place(said).map(place -> place[0]);
        };
    }

    private int turn(Asked asked) {
        return asked.parameter(shape.parameter())
                .flatMap(FakePages::place)
                .map(place -> place[1])
                .orElse(0);
    }

    private static Optional<Integer> number(@Nullable String said, int absent) {
        if (said == null) {
            return Optional.of(absent);
        }
        return said.matches("\\d{1,9}") ? Optional.of(Integer.valueOf(said)) : Optional.empty();
    }

    // 16 bytes, so that Base64 pads with "==", which must be encoded in a query.
    private static String cursor(int item, int turn) {
        return Base64.getEncoder()
                .encodeToString("%010d:%05d".formatted(item, turn).getBytes(StandardCharsets.US_ASCII));
    }

    /** Item and turn of a cursor; empty if it is not one of these. */
    private static Optional<int[]> place(String cursor) {
        try {
            String text = new String(Base64.getDecoder().decode(cursor), StandardCharsets.US_ASCII);
            return text.matches("\\d{10}:\\d{5}")
                    ? Optional.of(
                            new int[] {Integer.parseInt(text.substring(0, 10)), Integer.parseInt(text.substring(11))})
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static JsonPointer member(String pointer) {
        JsonPointer parsed = JsonPointer.compile(pointer);
        if (parsed.matches()) {
            throw new IllegalArgumentException("Must point to a member, such as /data: '" + pointer + "'");
        }
        return parsed;
    }

    private static void put(ObjectNode document, JsonPointer at, JsonNode value) {
        document.withObject(at.head()).set(at.last().getMatchingProperty(), value);
    }
}
