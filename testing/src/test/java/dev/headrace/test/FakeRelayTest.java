package dev.headrace.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class FakeRelayTest {

    private static final FakeRelay ISSUES =
            FakeRelay.connection(List.of("repository", "issues"), List.of("1", "2", "3", "4", "5"));

    @Test
    void givesAllNodesByCursor() throws Exception {
        try (TestServer api = ISSUES.start()) {
            List<JsonNode> pages = walk(api);
            assertThat(pages)
                    .extracting(page -> page.path("nodes").toString())
                    .containsExactly("[1,2]", "[3,4]", "[5]");
            JsonNode last = pages.get(2).path("pageInfo");
            assertThat(last.path("hasNextPage").asBoolean()).isFalse();
            assertThat(last.path("endCursor").asString()).isNotEmpty();
        }
    }

    @Test
    void readsThePageSizeFromVariablesOrQuery() throws Exception {
        try (TestServer api = ISSUES.start()) {
            assertThat(Client.post(api.uri("/graphql"), "{\"query\":\"{issues(first: 3,after:$after)}\"}")
                            .body())
                    .contains("\"nodes\":[1,2,3]", "\"rateLimit\":{\"cost\":1,");
            assertThat(query(api, "{\"first\":1}").body()).contains("\"nodes\":[1]");
            assertThat(query(api, "{}").body()).contains("\"nodes\":[1,2,3,4,5]");
            for (String wrong :
                    List.of("{\"first\":0}", "{\"first\":101}", "{\"after\":\"invented\"}", "{\"after\":\"\"}")) {
                HttpResponse<String> refused = query(api, wrong);
                assertThat(refused.statusCode()).isEqualTo(200);
                assertThat(refused.body()).as(wrong).startsWith("{\"data\":null,\"errors\":[{");
            }
            assertThat(Client.get(api.uri("/graphql")).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void liesAtAnyDepth() throws Exception {
        try (TestServer api = FakeRelay.connection(List.of("a"), List.of("1")).start()) {
            assertThat(JsonText.read(query(api, "{}").body())
                            .at("/data/a/nodes")
                            .toString())
                    .isEqualTo("[1]");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> FakeRelay.connection(List.of(), List.of()));
    }

    @Test
    void saysThereIsMoreWithoutSayingWhere() throws Exception {
        try (TestServer api = ISSUES.nullCursor().onRequest(2).once().start()) {
            query(api, "{\"first\":2}");
            assertThat(query(api, "{\"first\":2}").body())
                    .contains("\"pageInfo\":{\"hasNextPage\":true,\"endCursor\":null}");
        }
    }

    @Test
    void givesDataAndErrorsTogether() throws Exception {
        try (TestServer api = ISSUES.partial().onRequest(2).once().start()) {
            String cursor = cursor(query(api, "{\"first\":2}"));
            HttpResponse<String> partial = query(api, "{\"first\":2,\"after\":" + cursor + "}");
            assertThat(partial.statusCode()).isEqualTo(200);
            JsonNode json = JsonText.read(partial.body());
            assertThat(json.at("/data/repository/issues/nodes").toString()).isEqualTo("[3,null]");
            assertThat(json.at("/errors/0/path").toString()).isEqualTo("[\"repository\",\"issues\",\"nodes\",1]");
            assertThat(json.at("/data/repository/issues/pageInfo/hasNextPage").asBoolean())
                    .isTrue();
        }
    }

    @Test
    void refusesUnderStatus200() throws Exception {
        FakeRelay refusing = ISSUES.rateLimited().onRequest(1).once();
        try (TestServer api = refusing.notFound().onRequest(2).once().start()) {
            HttpResponse<String> limited = query(api, "{}");
            assertThat(limited.statusCode()).isEqualTo(200);
            assertThat(limited.body())
                    .isEqualTo(
                            "{\"data\":null,\"errors\":[{\"type\":\"RATE_LIMITED\",\"message\":\"API rate limit exceeded\"}]}");
            HttpResponse<String> missing = query(api, "{}");
            assertThat(missing.statusCode()).isEqualTo(200);
            assertThat(missing.body())
                    .startsWith(
                            "{\"data\":{\"repository\":null},\"errors\":[{\"type\":\"NOT_FOUND\",\"path\":[\"repository\"]");
        }
    }

    @Test
    void givesShortPages() throws Exception {
        try (TestServer api = ISSUES.shortening(1).onRequest(1).once().start()) {
            assertThat(walk(api))
                    .extracting(page -> page.path("nodes").toString())
                    .containsExactly("[1]", "[2,3]", "[4,5]");
        }
    }

    private static List<JsonNode> walk(TestServer api) throws Exception {
        List<JsonNode> pages = new ArrayList<>();
        String cursor = "null";
        boolean more = true;
        while (more) {
            HttpResponse<String> page = query(api, "{\"first\":2,\"after\":" + cursor + "}");
            pages.add(JsonText.read(page.body()).at("/data/repository/issues"));
            cursor = cursor(page);
            more = page.body().contains("\"hasNextPage\":true");
        }
        return pages;
    }

    private static String cursor(HttpResponse<String> page) {
        return JsonText.read(page.body())
                .at("/data/repository/issues/pageInfo/endCursor")
                .toString();
    }

    private static HttpResponse<String> query(TestServer api, String variables) throws Exception {
        return Client.post(
                api.uri("/graphql"), "{\"query\":\"query($after:String){…}\",\"variables\":" + variables + "}");
    }
}
