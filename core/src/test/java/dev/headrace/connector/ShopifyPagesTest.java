package dev.headrace.connector;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import dev.headrace.pagination.Page;
import dev.headrace.pagination.Pagination;
import dev.headrace.resilience.ErrorRules;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.test.FakeShopify;
import dev.headrace.test.FakeShopifyGraphQl;
import dev.headrace.test.ManualClock;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Pages by {@code page_info} and buckets that leak, as Shopify's two APIs have them. Rows A17, L58. */
class ShopifyPagesTest {

    private static final Duration SOON = ofSeconds(10);

    record Product(long id, String title) {}

    private static final Endpoint<Product> PRODUCTS = Endpoint.get("/admin/api/2024-10/products.json")
            .query("status", "active")
            .paginate(Pagination.linkHeader().pageSize("limit", 10))
            .items("/products", Product.class);

    private static final Endpoint<Product> BY_QUERY = Endpoint.of(Request.post("/admin/api/2024-10/graphql.json")
                    .json(Map.of(
                            "query",
                            "query($first:Int,$after:String){products(first:$first,after:$after){nodes{id title} pageInfo{hasNextPage endCursor}}}",
                            "variables",
                            Map.of("first", 10))))
            .paginate(Pagination.relay("/data/products"))
            .items("/data/products/nodes", Product.class);

    @Test
    void leavesFiltersToTheFirstPage() {
        try (TestServer server = rest(25).start();
                Connector connector = Connector.builder(server.url()).build()) {
            assertThat(ids(connector, PRODUCTS)).isEqualTo(upTo(25));

            List<RecordedRequest> requests = server.requests();
            assertThat(requests).hasSize(3);
            assertThat(requests.get(0).query().keySet()).containsExactlyInAnyOrder("status", "limit");
            assertThat(requests.subList(1, 3))
                    .allSatisfy(request ->
                            assertThat(request.query().keySet()).containsExactlyInAnyOrder("limit", "page_info"));
        }
    }

    /** The links of a page in the middle begin with the one that leads back. */
    @Test
    void readsEachPageOnce() {
        try (TestServer server = rest(45).start();
                Connector connector = Connector.builder(server.url()).build()) {
            List<Page<Product>> pages =
                    connector.pages(PRODUCTS).collectList().blockOptional(SOON).orElseThrow();

            assertThat(pages).extracting(page -> page.items().size()).containsExactly(10, 10, 10, 10, 5);
            assertThat(pages.get(2).headers().first("Link").orElseThrow()).contains("previous");
            assertThat(server.requests()).hasSize(5);
        }
    }

    @Test
    void waitsForTheBucketToTheTenthOfASecond() {
        try (TestServer server = rest(35).bucket(2, 2.5).start();
                Connector connector = Connector.builder(server.url())
                        .retry(RetryPolicy.exponential(ofMillis(10)))
                        .build()) {
            assertThat(ids(connector, PRODUCTS)).isEqualTo(upTo(35));

            List<RecordedRequest> requests = server.requests();
            // Two drops, and then one for each four tenths: never more than one request too many.
            assertThat(requests).hasSize(4 + 2);
            assertThat(Duration.between(
                            requests.get(2).arrivedAt(), requests.get(3).arrivedAt()))
                    .isBetween(ofMillis(250), ofSeconds(2));
        }
    }

    @Test
    void fillsTheBucketNoFurtherThanItIsRead() {
        ManualClock standing = new ManualClock();
        try (TestServer server = rest(35).bucket(2, 2).clock(standing).start();
                Connector connector = Connector.builder(server.url())
                        .retry(RetryPolicy.never())
                        .build()) {
            assertThat(connector.records(PRODUCTS).take(20).count().block(SOON)).isEqualTo(20);
            assertThat(server.requests()).hasSize(2);

            Reading<Product> next = Reading.of(connector.records(PRODUCTS));
            assertThat(next.failure())
                    .isInstanceOfSatisfying(
                            HttpStatusException.class,
                            full -> assertThat(full.retryAt()).isPresent());
            standing.advance(ofSeconds(10));
            assertThat(connector
                            .records(PRODUCTS.from(next.token()))
                            .take(10)
                            .count()
                            .block(SOON))
                    .isEqualTo(10);
        }
    }

    @Test
    void readsOnBehindAPageThatFailed() {
        try (TestServer server = rest(35).failing(502).onRequest(3).once().start();
                Connector connector = Connector.builder(server.url())
                        .retry(RetryPolicy.never())
                        .build()) {
            Reading<Long> before = Reading.of(connector.records(PRODUCTS).map(Product::id));

            assertThat(before.records()).isEqualTo(upTo(20));
            assertThat(before.stop().page()).isEqualTo(3);
            assertThat(ids(connector, PRODUCTS.from(before.token()))).isEqualTo(upTo(35).subList(20, 35));
        }
    }

    @Test
    void endsWhereTheListOfTheApiEnds() {
        try (TestServer server = rest(45).wall(20).start();
                Connector connector = Connector.builder(server.url()).build()) {
            assertThat(ids(connector, PRODUCTS)).isEqualTo(upTo(20));
            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void repeatsAQueryThatIsThrottledUnderStatus200() {
        // 150 points: one query leaves 104 and the next 58, so the third has to wait for 43 more.
        try (TestServer server = graphQl(35).cost(101, 46).points(150, 200).start();
                Connector connector = graphQl(server, RetryPolicy.exponential(ofMillis(100)))) {
            assertThat(ids(connector, BY_QUERY)).isEqualTo(upTo(35));

            List<RecordedRequest> requests = server.requests();
            assertThat(requests).hasSizeGreaterThan(4);
            assertThat(requests.get(3).body()).isEqualTo(requests.get(2).body());
        }
    }

    @Test
    void failsWithTheRecordsBeforeWhenItStaysThrottled() {
        ManualClock standing = new ManualClock();
        try (TestServer server = graphQl(35)
                        .cost(101, 46)
                        .points(150, 50)
                        .clock(standing)
                        .start();
                Connector connector =
                        graphQl(server, RetryPolicy.exponential(ofMillis(1)).maxRetries(2))) {
            Reading<Long> before = Reading.of(connector.records(BY_QUERY).map(Product::id));

            assertThat(before.records()).isEqualTo(upTo(20));
            assertThat(before.failure()).isInstanceOf(HttpStatusException.class).hasMessageContaining("Throttled");
            assertThat(before.stop().page()).isEqualTo(3);
            assertThat(server.requests()).hasSize(2 + 3);

            standing.advance(ofSeconds(60));
            assertThat(ids(connector, BY_QUERY.from(before.token()))).isEqualTo(upTo(35).subList(20, 35));
        }
    }

    private static FakeShopify rest(int products) {
        return FakeShopify.list("products", FakeShopify.products(products));
    }

    private static FakeShopifyGraphQl graphQl(int products) {
        return FakeShopifyGraphQl.connection("products", FakeShopify.products(products));
    }

    private static Connector graphQl(TestServer server, RetryPolicy retry) {
        return Connector.builder(server.url())
                .errors(ErrorRules.graphql())
                .retry(retry)
                .build();
    }

    private static List<Long> ids(Connector connector, Endpoint<Product> products) {
        return connector
                .records(products)
                .map(Product::id)
                .collectList()
                .blockOptional(SOON)
                .orElseThrow();
    }

    private static List<Long> upTo(int last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }
}
