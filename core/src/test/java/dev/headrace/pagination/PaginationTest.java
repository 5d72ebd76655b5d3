package dev.headrace.pagination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.decode.Captures;
import dev.headrace.error.FailureKind;
import dev.headrace.http.Body;
import dev.headrace.http.Request;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows A17 to A20, A22, A23, A40 and L58: tokens of any kind, placed anywhere, for any method; a page's size never ends anything. */
class PaginationTest {

    private static final Request THINGS = Request.get("https://api.test/v1/things");

    // A17: no token, no next page.
    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\"", "false", "[]", "{}"})
    void takesWhatIsNoTokenForTheEnd(String nothing) {
        Pagination cursor = Pagination.cursor("/next", Placement.query("cursor"));

        assertThat(cursor.next(page(cursor, THINGS, "{\"items\":[1],\"next\":" + nothing + "}")))
                .isEmpty();
        assertThat(cursor.next(page(cursor, THINGS, "{\"items\":[1]}"))).isEmpty();
    }

    @Test
    void goesOnAfterAnEmptyPageWithAToken() {
        Pagination cursor = Pagination.cursor("/next", Placement.query("cursor"));

        assertThat(next(cursor, THINGS, "{\"items\":[],\"next\":\"c2\"}"))
                .hasValue("https://api.test/v1/things?cursor=c2");
    }

    // A18, A19: a token in the query takes the place of the one before and is encoded.
    @Test
    void placesATokenInTheQuery() {
        Pagination cursor = Pagination.cursor("/meta/next_cursor", Placement.query("cursor"));
        Request second = THINGS.query("limit", 2).query("cursor", "old");

        assertThat(next(cursor, second, "{\"items\":[1],\"meta\":{\"next_cursor\":\"dGVhbTpDMDYx=\"}}"))
                .hasValue("https://api.test/v1/things?limit=2&cursor=dGVhbTpDMDYx%3D");
    }

    @ParameterizedTest
    @CsvSource({"4294967298, 4294967298", "1e3, 1e3", "true, true", "0, 0"})
    void writesATokenThatIsNoTextAsItCame(String json, String written) {
        Pagination cursor = Pagination.cursor("/next", Placement.query("after"));

        assertThat(next(cursor, THINGS, "{\"items\":[1],\"next\":" + json + "}"))
                .hasValueSatisfying(uri -> assertThat(uri).endsWith("after=" + written.replace("1e3", "1E%2B3")));
    }

    // A20
    @Test
    void placesATokenInAHeader() {
        Pagination cursor = Pagination.cursor("/next", Placement.header("X-Cursor"));

        Request next = cursor.next(page(cursor, THINGS, "{\"items\":[1],\"next\":\"c2\"}"))
                .orElseThrow();

        assertThat(next.headers().all("X-Cursor")).containsExactly("c2");
        assertThatIllegalArgumentException().isThrownBy(() -> Placement.header("no header"));
    }

    // A19, A22, A23: in the body of a POST.
    @Test
    void placesATokenInTheBody() {
        Pagination cursor = Pagination.cursor("/paging/next/after", Placement.body("/after"));
        Request asked = Request.post("https://api.test/search")
                .body(json("{\"limit\":100,\"after\":\"1\",\"big\":12345678901234567890.10}"));

        Request next = cursor.next(page(cursor, asked, "{\"items\":[1],\"paging\":{\"next\":{\"after\":\"9900\"}}}"))
                .orElseThrow();

        assertThat(next.method()).isEqualTo("POST");
        assertThat(body(next)).isEqualTo("{\"limit\":100,\"after\":\"9900\",\"big\":12345678901234567890.10}");
    }

    @Test
    void placesATokenInAVariableOfThePath() {
        Request first = Request.get("https://api.test/things/{page}{?limit}")
                .with("page", 1)
                .with("limit", 5);
        Pagination cursor = Pagination.cursor("/next", Placement.variable("page"));

        assertThat(next(cursor, first, "{\"items\":[1],\"next\":2}")).hasValue("https://api.test/things/2?limit=5");
    }

    @Test
    void placesATokenInAVariableOfTheBodysTemplate() {
        Request first = Request.post("https://api.test/search")
                .body(Body.template("{\"from\":\"{from}\",\"q\":\"x\"}"))
                .with("from", 0);
        Pagination cursor = Pagination.cursor("/next", Placement.variable("from"));

        Request next = cursor.next(page(cursor, first, "{\"items\":[1],\"next\":9007199254740993}"))
                .orElseThrow();

        assertThat(body(next.against(URI.create("https://api.test"))))
                .isEqualTo("{\"from\":9007199254740993,\"q\":\"x\"}");
    }

    @Test
    void placesATokenBesideTheVariablesOfTheBodysTemplate() {
        Request first = Request.post("https://api.test/search")
                .body(Body.template("{\"q\":\"{q}\",\"after\":null}"))
                .with("q", "{after}");
        Pagination cursor = Pagination.cursor("/next", Placement.body("/after"));

        Request next = cursor.next(page(cursor, first, "{\"items\":[1],\"next\":\"{q}\"}"))
                .orElseThrow();

        // A token that looks like a variable is none.
        assertThat(body(next.against(URI.create("https://api.test"))))
                .isEqualTo("{\"q\":\"{after}\",\"after\":\"{q}\"}");
    }

    @Test
    void takesACursorFromAHeader() {
        Pagination cursor = Pagination.headerCursor("X-Next", Placement.query("cursor"));

        assertThat(cursor.next(PageEnds.withHeaders(THINGS, "X-Next", "a b")).map(Request::uri))
                .hasValue(URI.create("https://api.test/v1/things?cursor=a%20b"));
        assertThat(cursor.next(PageEnds.withHeaders(THINGS, "X-Next", ""))).isEmpty();
        assertThat(cursor.next(PageEnds.withHeaders(THINGS))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.test/v1.0/users?$top=2&$skiptoken=RF%27NwdAIAAQ, https://api.test/v1.0/users?$top=2&$skiptoken=RF%27NwdAIAAQ",
        "/services/data/v63.0/query/01gRO-500, https://api.test/services/data/v63.0/query/01gRO-500",
        "?page=2, https://api.test/v1/things?page=2",
        "things?page=2, https://api.test/v1/things?page=2",
        "//other.test/x, https://other.test/x"
    })
    void followsTheUrlInTheBodyToTheLetter(String url, String target) {
        Pagination nextUrl = Pagination.nextUrl("/@odata.nextLink");
        Request first = THINGS.query("limit", 2).header("ConsistencyLevel", "eventual");

        Request next = nextUrl.next(page(nextUrl, first, "{\"items\":[],\"@odata.nextLink\":\"" + url + "\"}"))
                .orElseThrow();

        assertThat(next.uri()).isEqualTo(URI.create(target));
        assertThat(next.headers().first("ConsistencyLevel")).hasValue("eventual");
    }

    @Test
    void refusesANextUrlThatIsNone() {
        Pagination nextUrl = Pagination.nextUrl("/next");

        assertThatExceptionOfType(PaginationException.class)
                .isThrownBy(() -> next(nextUrl, THINGS, "{\"items\":[1],\"next\":5}"))
                .withMessageContaining("Page 1 has no URL at '/next'");
        assertThatExceptionOfType(PaginationException.class)
                .isThrownBy(() -> next(nextUrl, THINGS, "{\"items\":[1],\"next\":\"http://[\"}"))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.UNTRUSTED_DATA));
    }

    @Test
    void goesOnBehindTheLastItem() {
        Pagination stripe =
                Pagination.lastItem("/id", Placement.query("starting_after")).whileTrue("/has_more");

        assertThat(next(stripe, THINGS, "{\"items\":[{\"id\":\"b\"},{\"id\":\"a\"}],\"has_more\":true}"))
                .hasValue("https://api.test/v1/things?starting_after=a");
        assertThat(next(stripe, THINGS, "{\"items\":[{\"id\":\"b\"}],\"has_more\":false}"))
                .isEmpty();
        assertThat(next(stripe, THINGS, "{\"items\":[]}")).isEmpty();
    }

    @Test
    void failsWhereThereAreMoreButNoNextPageIsNamed() {
        Pagination stripe =
                Pagination.lastItem("/id", Placement.query("starting_after")).whileTrue("/has_more");
        Pagination relay = Pagination.relay("/data/r/issues");

        assertThatExceptionOfType(PaginationException.class)
                .isThrownBy(() -> next(stripe, THINGS, "{\"items\":[],\"has_more\":true}"))
                .withMessageContaining("'/has_more'")
                .withMessageContaining("names no next page");
        assertThatExceptionOfType(PaginationException.class)
                .isThrownBy(() -> next(stripe, THINGS, "{\"items\":[{\"name\":1}],\"has_more\":true}"))
                .withMessageContaining("has no '/id'");
        assertThatExceptionOfType(PaginationException.class)
                .isThrownBy(() -> relay.next(PageEnds.of(
                        relay,
                        Request.post("https://api.test/graphql").json("{}"),
                        "{\"data\":{\"r\":{\"issues\":{\"nodes\":[1],\"pageInfo\":{\"hasNextPage\":true,\"endCursor\":null}}}}}",
                        "/data/r/issues/nodes")))
                .withMessageContaining("names no next page");
    }

    @Test
    void sendsSortKeysBackDigitForDigitWithTheNewestId() {
        Pagination search = Pagination.lastItem("/sort", Placement.body("/search_after"))
                .carrying("/pit_id", Placement.body("/pit/id"));
        Request first = Request.post("https://api.test/_search")
                .body(Body.template("{\"size\":2,\"pit\":{\"id\":\"46ToAw1\",\"keep_alive\":\"1m\"}}"));

        Request next = search.next(
                        page(
                                search,
                                first,
                                "{\"pit_id\":\"46ToAw2\",\"items\":[{\"sort\":[1]},{\"sort\":[1767225601000,4294967298,1.50,9223372036854775808,\"x\",null]}]}"))
                .orElseThrow();

        assertThat(body(next.against(URI.create("https://api.test"))))
                .isEqualTo("{\"size\":2,\"pit\":{\"id\":\"46ToAw2\",\"keep_alive\":\"1m\"},"
                        + "\"search_after\":[1767225601000,4294967298,1.50,9223372036854775808,\"x\",null]}");
    }

    @Test
    void keepsWhatWasCarriedWhereThePageHasNothingNew() {
        Pagination cursor = Pagination.cursor("/next", Placement.query("c")).carrying("/id", Placement.header("X-Id"));

        Request next = cursor.next(page(cursor, THINGS.header("X-Id", "old"), "{\"items\":[1],\"next\":\"2\"}"))
                .orElseThrow();

        assertThat(next.headers().first("X-Id")).hasValue("old");
    }

    @Test
    void countsPagesFromTheFirstNumber() {
        Pagination pages = Pagination.pageNumber("page").pageSize("per_page", 50);
        Pagination fromZero = Pagination.pageNumber(Placement.query("p"), 0);

        assertThat(pages.first(THINGS).uri()).isEqualTo(URI.create("https://api.test/v1/things?page=1&per_page=50"));
        assertThat(pages.next(PageEnds.of(pages, pages.first(THINGS), "[1]", "", 1, 0))
                        .orElseThrow()
                        .uri())
                .isEqualTo(URI.create("https://api.test/v1/things?per_page=50&page=2"));
        assertThat(fromZero.next(PageEnds.of(fromZero, THINGS, "[1]", "", 3, 0))
                        .orElseThrow()
                        .uri())
                .isEqualTo(URI.create("https://api.test/v1/things?p=3"));
        assertThat(pages.next(PageEnds.of(pages, THINGS, "[]", "", 3, 0))).isEmpty();
    }

    // A40
    @Test
    void wishesForASizeAndNeverDecidesByIt() {
        Pagination cursor = Pagination.cursor("/next", Placement.query("c")).pageSize("limit", 100);

        assertThat(cursor.first(THINGS).uri()).isEqualTo(URI.create("https://api.test/v1/things?limit=100"));
        assertThat(next(cursor, cursor.first(THINGS), "{\"items\":[1],\"next\":\"x\"}"))
                .isPresent();
        assertThatIllegalArgumentException().isThrownBy(() -> Pagination.none().pageSize("limit", 0));
    }

    @Test
    void movesTheOffsetByWhatCameNotByWhatWasAskedFor() {
        Pagination offset = Pagination.offset("offset").pageSize("limit", 100);

        assertThat(offset.first(THINGS).uri()).isEqualTo(URI.create("https://api.test/v1/things?offset=0&limit=100"));
        assertThat(offset.next(PageEnds.of(offset, offset.first(THINGS), "[1,2,3]", "", 2, 50))
                        .orElseThrow()
                        .uri())
                .isEqualTo(URI.create("https://api.test/v1/things?limit=100&offset=53"));
        assertThat(offset.next(PageEnds.of(offset, THINGS, "[]", "", 2, 50))).isEmpty();
    }

    @Test
    void endsWhereAConditionHolds() {
        Pagination wall = Pagination.offset("skip").lastWhen(end -> end.itemsInAll() >= 10_000);

        assertThat(wall.next(PageEnds.of(wall, THINGS, "[1]", "", 2, 9_998))).isPresent();
        assertThat(wall.next(PageEnds.of(wall, THINGS, "[1]", "", 2, 9_999))).isEmpty();
    }

    @Test
    void walksAGraphQlConnection() {
        Pagination relay = Pagination.relay("/data/r/issues");
        Request first = Request.post("https://api.test/graphql")
                .body(
                        json(
                                "{\"query\":\"query($after:String){r{issues(after:$after){nodes{id}}}}\",\"variables\":{\"after\":null}}"));

        Request second = relay.next(PageEnds.of(
                        relay,
                        first,
                        "{\"data\":{\"r\":{\"issues\":{\"nodes\":[1],\"pageInfo\":{\"hasNextPage\":true,\"endCursor\":\"Y3==\"}}}}}",
                        "/data/r/issues/nodes"))
                .orElseThrow();

        assertThat(body(second.against(URI.create("https://api.test"))))
                .endsWith("\"variables\":{\"after\":\"Y3==\"}}");
        assertThat(relay.next(PageEnds.of(
                        relay,
                        first,
                        "{\"data\":{\"r\":{\"issues\":{\"nodes\":[1],\"pageInfo\":{\"hasNextPage\":false,\"endCursor\":\"Y3==\"}}}}}",
                        "/data/r/issues/nodes")))
                .isEmpty();
    }

    // L58, A17: whatever an API does.
    @Test
    void goesOnByAFunction() {
        Pagination own = Pagination.of(
                Captures.none().value("/total").withLastItem(),
                end -> end.value("/total")
                                .map(total -> total.longValue())
                                .filter(total -> total > end.itemsInAll())
                                .isPresent()
                        ? Optional.of(end.request()
                                .replaceQuery("after", end.lastItem("").orElseThrow()))
                        : Optional.empty());

        assertThat(next(own, THINGS, "{\"items\":[1,7],\"total\":3}")).hasValue("https://api.test/v1/things?after=7");
        assertThat(next(own, THINGS, "{\"items\":[1,7],\"total\":2}")).isEmpty();
    }

    @Test
    void refusesPointersAtOnce() {
        assertThatIllegalArgumentException().isThrownBy(() -> Pagination.nextUrl("next"));
        assertThatIllegalArgumentException().isThrownBy(() -> Pagination.cursor("next", Placement.query("x")));
        assertThatIllegalArgumentException().isThrownBy(() -> Pagination.lastItem("id", Placement.query("x")));
        assertThatIllegalArgumentException().isThrownBy(() -> Placement.body("after"));
    }

    private static PageEnd page(Pagination pagination, Request request, String body) {
        return PageEnds.of(pagination, request, body, "/items");
    }

    @Test
    void capturesAnotherValueThatDecidesNothing() {
        Pagination cursor = Pagination.cursor("/next", Placement.query("cursor"))
                .pageSize("limit", 2)
                .capturing("/sync");
        PageEnd end = page(cursor, THINGS, "{\"items\":[1],\"next\":\"c2\",\"sync\":\"s1\"}");

        assertThat(end.json("/sync")).hasValue("\"s1\"");
        assertThat(cursor.next(end))
                .map(request -> request.uri().toString())
                .hasValue("https://api.test/v1/things?cursor=c2");
        assertThat(cursor.first(THINGS).uri()).hasToString("https://api.test/v1/things?limit=2");
        assertThat(Pagination.none().capturing("/sync").captures())
                .isEqualTo(Captures.none().value("/sync"));
    }

    private static Optional<String> next(Pagination pagination, Request request, String body) {
        return pagination
                .next(page(pagination, request, body))
                .map(next -> next.uri().toString());
    }

    private static Body json(String text) {
        return Body.bytes(text.getBytes(StandardCharsets.UTF_8), "application/json");
    }

    private static String body(Request request) {
        return StandardCharsets.UTF_8
                .decode(request.body().orElseThrow().inMemory().orElseThrow())
                .toString();
    }
}
