package dev.headrace.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class FakeShopifyTest {

    private static final String PATH = "/admin/api/2024-10/products.json";
    private static final FakeShopify PRODUCTS = FakeShopify.list("products", FakeShopify.products(5));

    @Test
    void leadsForwardsAndBackInOneHeader() throws Exception {
        try (TestServer api = PRODUCTS.start()) {
            HttpResponse<String> first = Client.get(api.uri(PATH + "?limit=2&status=active"));
            assertThat(link(first)).doesNotContain("previous").doesNotContain("status");
            HttpResponse<String> second = Client.get(to(first, "next"));
            assertThat(link(second)).matches("<.*>; rel=\"previous\", <.*>; rel=\"next\"");
            assertThat(second.body()).contains("\"id\":3,", "\"id\":4,").doesNotContain("\"id\":5,");
            HttpResponse<String> third = Client.get(to(second, "next"));
            assertThat(third.body()).startsWith("{\"products\":[").contains("\"id\":5,");
            assertThat(link(third)).doesNotContain("\"next\"");
            assertThat(Client.get(to(third, "previous")).body()).isEqualTo(second.body());
        }
    }

    @Test
    void allowsNoFilterBesideAPosition() throws Exception {
        try (TestServer api = PRODUCTS.start()) {
            String next = to(Client.get(api.uri(PATH + "?limit=2")), "next").toString();
            assertThat(Client.get(URI.create(next + "&fields=id")).statusCode()).isEqualTo(200);
            assertThat(Client.get(URI.create(next + "&status=active")).statusCode())
                    .isEqualTo(400);
            assertThat(Client.get(URI.create(next + "&order=id")).statusCode()).isEqualTo(400);
            assertThat(Client.get(api.uri(PATH + "?page_info=invented")).statusCode())
                    .isEqualTo(400);
            assertThat(Client.get(api.uri(PATH + "?limit=251")).statusCode()).isEqualTo(400);
            assertThat(Client.get(api.uri("/admin/other.json")).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void leaksWithTime() throws Exception {
        ManualClock clock = new ManualClock();
        try (TestServer api = PRODUCTS.bucket(2, 0.4).clock(clock).start()) {
            assertThat(level(Client.get(api.uri(PATH)))).isEqualTo("1/2");
            assertThat(level(Client.get(api.uri(PATH)))).isEqualTo("2/2");
            HttpResponse<String> refused = Client.get(api.uri(PATH));
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("2.5");
            assertThat(refused.body()).startsWith("{\"errors\":\"Exceeded");
            assertThat(level(refused)).isEqualTo("2/2");
            clock.advance(Duration.ofMillis(2_400));
            refused = Client.get(api.uri(PATH));
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("0.1");
            clock.advance(Duration.ofMillis(100));
            assertThat(Client.get(api.uri(PATH)).statusCode()).isEqualTo(200);
            clock.advance(Duration.ofSeconds(60));
            assertThat(level(Client.get(api.uri(PATH)))).isEqualTo("1/2");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> PRODUCTS.bucket(0, 1));
    }

    @Test
    void timeDoesNotGoBack() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ManualClock().advance(Duration.ofSeconds(-1)));
    }

    @Test
    void endsAtItsWall() throws Exception {
        try (TestServer api = PRODUCTS.wall(3).start()) {
            HttpResponse<String> second = Client.get(to(Client.get(api.uri(PATH + "?limit=2")), "next"));
            assertThat(second.body()).contains("\"id\":3,").doesNotContain("\"id\":4,");
            assertThat(link(second)).doesNotContain("\"next\"");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> PRODUCTS.wall(0));
    }

    @Test
    void chargesAQueryWhatItReallyCosts() throws Exception {
        ManualClock clock = new ManualClock();
        FakeShopifyGraphQl products = FakeShopifyGraphQl.connection("products", FakeShopify.products(5))
                .cost(100, 40)
                .points(150, 50)
                .clock(clock);
        try (TestServer api = products.start()) {
            String first = query(api, "null").body();
            assertThat(first)
                    .startsWith("{\"data\":{\"products\":{\"nodes\":[{\"id\":1,")
                    .endsWith(
                            "\"extensions\":{\"cost\":{\"requestedQueryCost\":100,\"actualQueryCost\":40,\"throttleStatus\":"
                                    + "{\"maximumAvailable\":150.0,\"currentlyAvailable\":110,\"restoreRate\":50.0}}}}");
            String cursor =
                    JsonText.read(first).at("/data/products/pageInfo/endCursor").toString();
            assertThat(query(api, cursor).body()).contains("\"id\":3,", "\"currentlyAvailable\":70");
            HttpResponse<String> throttled = query(api, cursor);
            assertThat(throttled.statusCode()).isEqualTo(200);
            assertThat(throttled.body())
                    .startsWith("{\"errors\":[{\"message\":\"Throttled\",\"extensions\":{\"code\":\"THROTTLED\"}}]")
                    .contains("\"currentlyAvailable\":70")
                    .doesNotContain("data");
            clock.advance(Duration.ofMillis(600));
            assertThat(query(api, cursor).body()).contains("\"id\":3,", "\"currentlyAvailable\":60");
            clock.advance(Duration.ofSeconds(60));
            assertThat(query(api, "\"invented\"").body())
                    .startsWith("{\"errors\"")
                    .doesNotContain("THROTTLED");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> products.cost(1, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> products.points(0, 1));
    }

    private static HttpResponse<String> query(TestServer api, String after) throws Exception {
        return Client.post(
                api.uri("/admin/api/2024-10/graphql.json"),
                "{\"query\":\"…\",\"variables\":{\"first\":2,\"after\":" + after + "}}");
    }

    private static String level(HttpResponse<String> response) {
        return response.headers().firstValue("X-Shopify-Shop-Api-Call-Limit").orElse("");
    }

    private static String link(HttpResponse<String> response) {
        List<String> links = response.headers().allValues("Link");
        assertThat(links).hasSize(1);
        return links.get(0);
    }

    private static URI to(HttpResponse<String> response, String relation) {
        Matcher found = Pattern.compile("<([^>]*)>; rel=\"" + relation + "\"").matcher(link(response));
        assertThat(found.find()).isTrue();
        return URI.create(found.group(1));
    }
}
