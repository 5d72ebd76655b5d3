package dev.headrace.connector;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.auth.Auth;
import dev.headrace.decode.CsvFormat;
import dev.headrace.decode.Decoder;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Secret;
import dev.headrace.pagination.PageElement;
import dev.headrace.pagination.PageStop;
import dev.headrace.pagination.PageToken;
import dev.headrace.pagination.Pagination;
import dev.headrace.pagination.PaginationException;
import dev.headrace.pagination.Placement;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.test.FakeApi;
import dev.headrace.test.RawServer;
import dev.headrace.test.Reply;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** Items, and behind those of each page its end, which counts as one element and says from where to go on. */
class ElementsTest {

    private static final Duration SOON = ofSeconds(10);

    private static final int LARGE = 40_000;

    private static final Endpoint<JsonNode> ISSUES =
            Endpoint.get("/issues").query("per_page", 10).paginate(Pagination.linkHeader());

    @ParameterizedTest(name = "demand {0} makes {1} requests")
    @CsvSource({"0, 0", "1, 1", "10, 1", "11, 1", "12, 2", "22, 2", "23, 3", "33, 3"})
    void countTheEndOfAPageAsOneElement(int demand, int requests) {
        try (TestServer server = api(100).start();
                Connector connector = Connector.builder(server.url()).build()) {
            StepVerifier.create(connector.elements(ISSUES), demand)
                    .expectSubscription()
                    .expectNextCount(demand)
                    // Long enough for a request that should not be sent to arrive.
                    .expectNoEvent(ofMillis(100))
                    .thenCancel()
                    .verify(SOON);

            assertThat(server.requests()).hasSize(requests);
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "3"})
    void followTheItemsOfEachPageWithItsEnd(int prefetch) {
        try (TestServer server = api(25).start();
                Connector connector = Connector.builder(server.url()).build()) {
            List<String> seen = connector
                    .elements(ISSUES.paging(pages -> pages.prefetchPages(prefetch)))
                    .map(ElementsTest::shown)
                    .collectList()
                    .block(SOON);

            assertThat(seen)
                    .hasSize(28)
                    .startsWith("1", "2")
                    .containsSubsequence("10", "end of 1 with 10 of 10, on to 2", "11")
                    .containsSubsequence("20", "end of 2 with 10 of 20, on to 3", "21")
                    .endsWith("25", "end of 3 with 5 of 25, last");
            assertThat(server.requests()).hasSize(3);
        }
    }

    @Test
    void goOnFromTheEndOfAPage() {
        try (TestServer server = api(25).start();
                Connector connector = Connector.builder(server.url()).build()) {
            PageToken second = PageToken.of(end(connector.elements(ISSUES), 1)
                    .next()
                    .map(PageToken::text)
                    .orElseThrow());

            assertThat(connector
                            .elements(ISSUES.from(second))
                            .map(ElementsTest::shown)
                            .collectList()
                            .block(SOON))
                    .hasSize(17)
                    .startsWith("11")
                    .contains("end of 2 with 10 of 20, on to 3")
                    .endsWith("25", "end of 3 with 5 of 25, last");
        }
    }

    @Test
    void haveWhatWasCapturedOfThePage() {
        try (RawServer server = RawServer.replies(
                                Reply.ok("{\"items\":[1],\"next\":\"b\",\"total\":2}"),
                                Reply.ok("{\"items\":[2],\"total\":2,\"sync\":\"s-9\"}"))
                        .start();
                Connector connector = Connector.builder(server.url()).build()) {
            Endpoint<JsonNode> endpoint = Endpoint.get("/x")
                    .at("/items")
                    .paginate(Pagination.cursor("/next", Placement.query("c"))
                            .capturing("/total")
                            .capturing("/sync"));

            PageElement.End<JsonNode> last = end(connector.elements(endpoint), 2);

            assertThat(last.last()).isTrue();
            assertThat(last.next()).isEmpty();
            assertThat(last.end().json("/total")).hasValue("2");
            assertThat(last.end().value("/sync")).map(JsonNode::stringValue).hasValue("s-9");
        }
    }

    @Test
    void haveNoEndWhereTheNextPageCannotBeNamed() {
        try (TestServer server = Route.fixed(200, "application/json", "{\"items\":[1,2],\"more\":true}")
                        .start();
                Connector connector = Connector.builder(server.url()).build()) {
            Endpoint<JsonNode> endpoint = Endpoint.get("/x")
                    .at("/items")
                    .paginate(Pagination.cursor("/next", Placement.query("c")).whileTrue("/more"));

            StepVerifier.create(connector.elements(endpoint), 3)
                    .expectNextMatches(PageElement.Item.class::isInstance)
                    .expectNextMatches(PageElement.Item.class::isInstance)
                    .expectErrorSatisfies(failure -> {
                        assertThat(failure).isInstanceOf(PaginationException.class);
                        assertThat(PageStop.of(failure).flatMap(PageStop::token))
                                .hasValueSatisfying(
                                        token -> assertThat(token.taken()).isEqualTo(2));
                    })
                    .verify(SOON);
        }
    }

    @Test
    void haveNoEndOfAPageThatFails() {
        try (TestServer server = api(30).failing(403).onPage(2).always().start();
                Connector connector = Connector.builder(server.url()).build()) {
            StepVerifier.create(connector.elements(ISSUES).map(ElementsTest::shown))
                    .expectNextCount(10)
                    .expectNext("end of 1 with 10 of 10, on to 2")
                    .expectErrorSatisfies(failure -> {
                        assertThat(failure).isInstanceOf(HttpStatusException.class);
                        assertThat(PageStop.of(failure).flatMap(PageStop::token))
                                .hasValueSatisfying(
                                        token -> assertThat(token.number()).isEqualTo(2));
                    })
                    .verify(SOON);
        }
    }

    @Test
    void areOnlyAnEndWhereThereIsNoContent() {
        Route nothing = (request, response) -> response.status(204).send();
        try (TestServer server = nothing.start();
                Connector connector = Connector.builder(server.url()).build()) {
            StepVerifier.create(connector.elements(ISSUES).map(ElementsTest::shown), 1)
                    .expectNext("end of 1 with 0 of 0, last")
                    .expectComplete()
                    .verify(SOON);
        }
    }

    @Test
    void countTheItemsOfADecoderOfOnesOwn() {
        Decoder<String> own = response -> response.readAll(100)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .filter(text -> !text.isEmpty())
                .flux();
        try (RawServer server = RawServer.script(
                                request -> Reply.ok(request.uri().endsWith("=3") ? "" : "a"))
                        .start();
                Connector connector = Connector.builder(server.url()).build()) {
            Endpoint<String> endpoint = Endpoint.get("/x").decode(own).paginate(Pagination.pageNumber("page"));

            StepVerifier.create(connector.elements(endpoint).map(ElementsTest::shown))
                    .expectNext("a", "end of 1 with 1 of 1, on to 2")
                    .expectNext("a", "end of 2 with 1 of 2, on to 3")
                    .expectNext("end of 3 with 0 of 2, last")
                    .expectComplete()
                    .verify(SOON);
        }
    }

    @Test
    void countTheRowsOfATable() {
        try (TestServer server = Route.fixed(200, "text/csv", "n\n1\n2\n").start();
                Connector connector = Connector.builder(server.url()).build()) {
            Endpoint<JsonNode> rows = Endpoint.get("/x").decode(Decoder.csv(CsvFormat.rfc4180()));

            assertThat(end(connector.elements(rows), 1).end().items()).isEqualTo(2);
        }
    }

    @Test
    void sayThatThereIsAnotherPageWhoseTokenCannotBeKept() {
        try (RawServer server =
                        RawServer.replies(Reply.ok("[1]"), Reply.ok("[]")).start();
                Connector connector = Connector.builder(server.url())
                        .auth(Auth.apiKeyInQuery("key", Secret.of("k3y-of-auth")))
                        .build()) {
            // The remote's link has the secret where none can be hidden.
            Endpoint<JsonNode> endpoint = Endpoint.get("/x")
                    .paginate(end -> Optional.of(end)
                            .filter(page -> page.items() > 0)
                            .map(page -> page.request().at(page.uri().resolve("/k3y-of-auth/x"))));

            PageElement.End<JsonNode> first = end(connector.elements(endpoint), 1);

            assertThat(first.next()).isEmpty();
            assertThat(first.last()).isFalse();
        }
    }

    @Test
    void haveOneEndOfAPageThatIsFetchedAgain() {
        try (TestServer server = FakeApi.linkHeader("/issues", FakeApi.issues(2 * LARGE))
                        .pageSize(LARGE)
                        .truncatingChunks()
                        .onPage(1)
                        .once()
                        .start();
                Connector connector = Connector.builder(server.url())
                        .retry(RetryPolicy.exponential(ofMillis(1)))
                        .build()) {
            Endpoint<JsonNode> endpoint = Endpoint.get("/issues")
                    .paginate(Pagination.linkHeader())
                    .paging(pages -> pages.refetchBrokenPages());

            List<String> seen = connector
                    .elements(endpoint)
                    .map(ElementsTest::shown)
                    .collectList()
                    .blockOptional(SOON)
                    .orElseThrow();

            assertThat(seen).hasSize(2 * LARGE + 2).doesNotHaveDuplicates();
            assertThat(seen.get(LARGE)).isEqualTo("end of 1 with 40000 of 40000, on to 2");
        }
    }

    @Test
    void comeOneByOneAsTheyAreAskedFor() {
        try (TestServer server = api(20).start();
                Connector connector = Connector.builder(server.url()).build()) {
            StepVerifier.Step<String> reading =
                    StepVerifier.create(connector.elements(ISSUES).map(ElementsTest::shown), 0);
            for (String expected : expected()) {
                reading = reading.thenRequest(1).expectNext(expected);
            }
            reading.expectComplete().verify(SOON);
        }
    }

    private static List<String> expected() {
        List<String> all = new ArrayList<>(
                IntStream.rangeClosed(1, 20).mapToObj(String::valueOf).toList());
        all.add(10, "end of 1 with 10 of 10, on to 2");
        all.add("end of 2 with 10 of 20, last");
        return all;
    }

    @Test
    void sendNothingBeforeTheyAreAskedFor() {
        try (TestServer server = api(20).start();
                Connector connector = Connector.builder(server.url()).build()) {
            Flux<PageElement<JsonNode>> elements = connector.elements(ISSUES);

            StepVerifier.create(elements, 0).expectSubscription().thenCancel().verify(SOON);
            assertThat(server.requests()).isEmpty();
            assertThat(elements.count().block(SOON)).isEqualTo(22);
            assertThat(elements.count().block(SOON)).isEqualTo(22);
        }
    }

    private static <T> PageElement.End<T> end(Flux<PageElement<T>> elements, int number) {
        return elements.filter(PageElement.End.class::isInstance)
                .map(element -> (PageElement.End<T>) element)
                .elementAt(number - 1)
                .blockOptional(SOON)
                .orElseThrow();
    }

    private static String shown(PageElement<?> element) {
        if (element instanceof PageElement.End<?> end) {
            return "end of " + end.end().number() + " with " + end.end().items() + " of "
                    + end.end().itemsInAll()
                    + (end.last() ? ", last" : "")
                    + end.next().map(token -> ", on to " + token.number()).orElse("");
        }
        Object value = ((PageElement.Item<?>) element).value();
        return value instanceof JsonNode issue && issue.has("number")
                ? issue.get("number").asString()
                : value.toString();
    }

    private static FakeApi api(int issues) {
        return FakeApi.linkHeader("/issues", FakeApi.issues(issues));
    }
}
