package dev.headrace.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class FakeGraphTest {

    private static final String PATH = "/v1.0/users";
    private static final FakeGraph USERS = FakeGraph.collection(PATH, FakeGraph.users(5));

    @Test
    void leadsFromPageToPageByWholeAddresses() throws Exception {
        try (TestServer api = USERS.start()) {
            List<HttpResponse<String>> pages = walk(api.uri(PATH + "?$top=2"));
            assertThat(ids(pages)).containsExactly("u1", "u2", "u3", "u4", "u5");
            assertThat(pages).hasSize(3);
            assertThat(next(pages.get(0))).contains("?$top=2&$skiptoken=", "%27", "%2f");
            assertThat(pages.get(2).body()).doesNotContain("nextLink").doesNotContain("deltaLink");
        }
    }

    @Test
    void wantsItsLinksBackByteForByte() throws Exception {
        try (TestServer api = USERS.start()) {
            String next = next(Client.get(api.uri(PATH + "?$top=2")));
            assertThat(Client.get(URI.create(next)).statusCode()).isEqualTo(200);
            for (String changed : List.of(
                    next.replace("%27", "'"),
                    next.replace("%2f", "%2F"),
                    next.replace("%2f", "/"),
                    next.replace("%27", "%2527"),
                    next.replace("$", "%24"),
                    next.replace("~", "%7E"),
                    next + "&$select=id")) {
                assertThat(Client.get(URI.create(changed)).statusCode())
                        .as(changed)
                        .isEqualTo(400);
            }
        }
    }

    @Test
    void wantsItsHeaderOnEveryPage() throws Exception {
        try (TestServer api =
                USERS.requiringHeader("ConsistencyLevel", "eventual").start()) {
            assertThat(Client.get(api.uri(PATH)).statusCode()).isEqualTo(400);
            HttpResponse<String> first = Client.get(api.uri(PATH + "?$top=2"), "ConsistencyLevel", "eventual");
            assertThat(first.statusCode()).isEqualTo(200);
            assertThat(Client.get(URI.create(next(first))).statusCode()).isEqualTo(400);
            assertThat(Client.get(URI.create(next(first)), "ConsistencyLevel", "eventual")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void givesAnEmptyPageWithANextLink() throws Exception {
        try (TestServer api = USERS.shortening(0).onRequest(2, 3).always().start()) {
            List<HttpResponse<String>> pages = walk(api.uri(PATH + "?$top=3"));
            assertThat(pages)
                    .extracting(page -> JsonText.read(page.body()).path("value").size())
                    .containsExactly(3, 0, 0, 2);
            assertThat(api.requests()).extracting(RecordedRequest::uri).doesNotHaveDuplicates();
        }
    }

    @Test
    void readsWhatChangedByItsDeltaLink() throws Exception {
        FakeGraph users = FakeGraph.collection(PATH, FakeGraph.users(5));
        try (TestServer api = users.start()) {
            List<HttpResponse<String>> full = walk(api.uri(PATH + "/delta?$top=2"));
            assertThat(ids(full)).hasSize(5);
            String delta = delta(full);

            assertThat(ids(walk(URI.create(delta)))).isEmpty();
            users.change("{\"id\":\"u2\",\"displayName\":\"New\"}");
            users.change("{\"id\":\"u3\",\"@removed\":{\"reason\":\"deleted\"}}");
            users.change("{\"id\":\"u6\"}");
            List<HttpResponse<String>> changes = walk(URI.create(delta));
            assertThat(changes).hasSize(2);
            assertThat(ids(changes)).containsExactly("u2", "u3", "u6");
            assertThat(changes.get(0).body()).contains("@removed");
            assertThat(ids(walk(URI.create(delta(changes))))).isEmpty();

            assertThat(ids(walk(api.uri(PATH)))).containsExactly("u1", "u2", "u4", "u5", "u6");
        }
    }

    @Test
    void asksForAFreshBeginning() throws Exception {
        try (TestServer api = USERS.expiring().onRequest(2).once().start()) {
            String delta = delta(walk(api.uri(PATH + "/delta")));
            HttpResponse<String> gone = Client.get(URI.create(delta));
            assertThat(gone.statusCode()).isEqualTo(410);
            assertThat(gone.body()).contains("\"code\":\"resyncRequired\"");
            assertThat(Client.get(URI.create(delta)).statusCode()).isEqualTo(400);
            String fresh = gone.headers().firstValue("Location").orElseThrow();
            assertThat(ids(walk(URI.create(fresh)))).hasSize(5);
        }
    }

    @Test
    void refusesForTheRate() throws Exception {
        try (TestServer api = USERS.throttling(10).once().start()) {
            HttpResponse<String> refused = Client.get(api.uri(PATH));
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("10");
            assertThat(refused.body()).contains("TooManyRequests");
            assertThat(Client.get(api.uri(PATH + "?$top=1000")).statusCode()).isEqualTo(400);
            assertThat(Client.get(api.uri("/v1.0/groups")).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void sendsToAStorageThatWantsNoCredentials() throws Exception {
        String content = "/v1.0/me/drive/items/1/content";
        try (TestServer storage = FakeGraph.signedStorage("text/plain", "hello").start();
                TestServer api = USERS.redirecting(content, storage.url() + "/signed?sig=s1")
                        .start()) {
            assertThat(Client.get(api.uri(content)).statusCode()).isEqualTo(401);
            HttpResponse<String> moved = Client.get(api.uri(content), "Authorization", "Bearer t");
            assertThat(moved.statusCode()).isEqualTo(302);
            URI signed = URI.create(moved.headers().firstValue("Location").orElseThrow());
            assertThat(Client.get(signed).body()).isEqualTo("hello");
            assertThat(Client.get(signed, "Authorization", "Bearer t").statusCode())
                    .isEqualTo(400);
            assertThat(Client.get(storage.uri("/signed")).statusCode()).isEqualTo(403);
        }
    }

    private static List<HttpResponse<String>> walk(URI first) throws Exception {
        List<HttpResponse<String>> pages = new ArrayList<>();
        String next = first.toString();
        while (!next.isEmpty()) {
            pages.add(Client.get(URI.create(next)));
            next = next(pages.get(pages.size() - 1));
        }
        return pages;
    }

    private static List<String> ids(List<HttpResponse<String>> pages) {
        List<String> ids = new ArrayList<>();
        for (HttpResponse<String> page : pages) {
            for (JsonNode item : JsonText.read(page.body()).path("value")) {
                ids.add(item.path("id").asString());
            }
        }
        return ids;
    }

    private static String next(HttpResponse<String> page) {
        return JsonText.field(page.body(), "@odata.nextLink");
    }

    private static String delta(List<HttpResponse<String>> pages) {
        return JsonText.field(pages.get(pages.size() - 1).body(), "@odata.deltaLink");
    }
}
