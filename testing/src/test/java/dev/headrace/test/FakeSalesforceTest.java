package dev.headrace.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class FakeSalesforceTest {

    private static final String QUERY = "/services/data/v63.0/query?q=SELECT+Id+FROM+Contact";
    private static final FakeSalesforce CONTACTS = FakeSalesforce.query(FakeSalesforce.contacts(5));

    @Test
    void leadsFromPageToPageByRelativeAddresses() throws Exception {
        try (TestServer api = CONTACTS.pageSize(2).start()) {
            List<HttpResponse<String>> pages = walk(api);
            assertThat(pages)
                    .extracting(
                            page -> JsonText.read(page.body()).path("records").size())
                    .containsExactly(2, 2, 1);
            assertThat(pages.get(0).body())
                    .startsWith("{\"totalSize\":5,\"done\":false,\"nextRecordsUrl\":\"/services/data/v63.0/query/01g");
            assertThat(pages.get(2).body())
                    .startsWith("{\"totalSize\":5,\"done\":true,\"records\":[")
                    .contains("Contact 5");
            assertThat(pages)
                    .extracting(page ->
                            page.headers().firstValue("Sforce-Limit-Info").orElse(""))
                    .containsExactly("api-usage=1/5000", "api-usage=2/5000", "api-usage=3/5000");
        }
    }

    @Test
    void takesABatchSizeForAWish() throws Exception {
        FakeSalesforce many = FakeSalesforce.query(FakeSalesforce.contacts(500));
        try (TestServer api = many.start();
                TestServer small = many.pageSize(100).start()) {
            assertThat(size(api, "batchSize=300")).isEqualTo(300);
            assertThat(size(api, "batchSize=10")).isEqualTo(200);
            assertThat(size(api, "x")).isEqualTo(500);
            assertThat(size(small, "batchSize=300")).isEqualTo(100);
        }
        try (TestServer api = CONTACTS.shortening(1).onRequest(1).once().start()) {
            assertThat(walk(api)).hasSize(2);
        }
    }

    @Test
    void forgetsAQueryForGood() throws Exception {
        try (TestServer api =
                CONTACTS.pageSize(2).expiringLocator().onRequest(2).once().start()) {
            String next = next(Client.get(api.uri(QUERY)));
            for (int i = 0; i < 2; i++) {
                HttpResponse<String> refused = Client.get(api.uri(next));
                assertThat(refused.statusCode()).isEqualTo(400);
                assertThat(refused.body()).startsWith("[{").contains("\"errorCode\":\"INVALID_QUERY_LOCATOR\"");
            }
            assertThat(walk(api)).hasSize(3);
        }
    }

    @Test
    void endsSessionsUntilTheNextLogin() throws Exception {
        FakeSalesforce guarded = CONTACTS.pageSize(2).requiringLogin();
        try (TestServer api = guarded.expiringSession().onRequest(3).once().start()) {
            JsonNode login =
                    JsonText.read(Client.post(api.uri("/services/oauth2/token"), "grant_type=client_credentials")
                            .body());
            assertThat(login.path("instance_url").asString()).isEqualTo(api.url());
            String bearer = "Bearer " + login.path("access_token").asString();
            String next = next(Client.get(api.uri(QUERY), "Authorization", bearer));
            for (int i = 0; i < 2; i++) {
                HttpResponse<String> refused = Client.get(api.uri(next), "Authorization", bearer);
                assertThat(refused.statusCode()).isEqualTo(401);
                assertThat(refused.body())
                        .isEqualTo(
                                "[{\"message\":\"Session expired or invalid\",\"errorCode\":\"INVALID_SESSION_ID\"}]");
            }
            Client.post(api.uri("/services/oauth2/token"), "grant_type=client_credentials");
            assertThat(Client.get(api.uri(next), "Authorization", "Bearer 00D2").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void refusesOnePageWithoutLoginAnd401Once() throws Exception {
        try (TestServer api =
                CONTACTS.pageSize(2).expiringSession().onRequest(3).once().start()) {
            String second = next(Client.get(api.uri(QUERY)));
            String third = next(Client.get(api.uri(second)));
            assertThat(Client.get(api.uri(third)).statusCode()).isEqualTo(401);
            assertThat(Client.get(api.uri(third)).body()).contains("\"done\":true");
        }
    }

    @Test
    void tellsAnotherHostToWhoLogsIn() throws Exception {
        try (TestServer api = CONTACTS.instance("https://na1.test").start()) {
            assertThat(Client.post(api.uri("/services/oauth2/token"), "a=b").body())
                    .contains("\"instance_url\":\"https://na1.test\"");
        }
    }

    @Test
    void hasABudgetOfRequests() throws Exception {
        try (TestServer api = CONTACTS.dailyLimit(1).start()) {
            assertThat(Client.get(api.uri(QUERY)).statusCode()).isEqualTo(200);
            HttpResponse<String> refused = Client.get(api.uri(QUERY));
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.body()).contains("\"errorCode\":\"REQUEST_LIMIT_EXCEEDED\"");
            assertThat(refused.headers().firstValue("Sforce-Limit-Info")).hasValue("api-usage=1/1");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> CONTACTS.pageSize(0));
    }

    private static int size(TestServer api, String options) throws Exception {
        HttpResponse<String> page = Client.get(api.uri(QUERY), "Sforce-Query-Options", options);
        return JsonText.read(page.body()).path("records").size();
    }

    private static List<HttpResponse<String>> walk(TestServer api) throws Exception {
        List<HttpResponse<String>> pages = new ArrayList<>();
        String next = QUERY;
        while (!next.isEmpty()) {
            pages.add(Client.get(api.uri(next)));
            next = next(pages.get(pages.size() - 1));
        }
        return pages;
    }

    private static String next(HttpResponse<String> page) {
        return JsonText.field(page.body(), "nextRecordsUrl");
    }
}
