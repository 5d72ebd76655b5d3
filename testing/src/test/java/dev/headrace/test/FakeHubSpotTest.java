package dev.headrace.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class FakeHubSpotTest {

    private static final String PATH = "/crm/v3/objects/contacts";
    private static final FakeHubSpot CONTACTS = FakeHubSpot.objects("contacts", FakeHubSpot.contacts(5));

    @Test
    void leadsFromPageToPageByTokenAndByLink() throws Exception {
        try (TestServer api = CONTACTS.start()) {
            List<String> pages = new ArrayList<>();
            String link = api.uri(PATH + "?limit=2&properties=email").toString();
            while (!link.isEmpty()) {
                HttpResponse<String> page = Client.get(URI.create(link));
                pages.add(page.body());
                JsonNode next = JsonText.read(page.body()).path("paging").path("next");
                link = next.path("link").asString("");
                assertThat(link)
                        .endsWith(
                                next.isMissingNode()
                                        ? ""
                                        : "?limit=2&properties=email&after="
                                                + next.path("after").asString());
            }
            assertThat(pages).hasSize(3);
            assertThat(pages.get(0)).contains("\"id\":\"1\"", "\"id\":\"2\"", "\"after\":\"2\"");
            assertThat(pages.get(2)).contains("\"id\":\"5\"").doesNotContain("paging");
        }
    }

    @Test
    void tellsItsLimits() throws Exception {
        try (TestServer api = CONTACTS.dailyLimit(1000).start();
                TestServer oauth = CONTACTS.withoutDailyHeaders().start()) {
            Client.get(api.uri(PATH));
            HttpResponse<String> page = Client.get(api.uri(PATH));
            assertThat(page.headers().firstValue("X-HubSpot-RateLimit-Max")).hasValue("100");
            assertThat(page.headers().firstValue("X-HubSpot-RateLimit-Remaining"))
                    .hasValue("98");
            assertThat(page.headers().firstValue("X-HubSpot-RateLimit-Interval-Milliseconds"))
                    .hasValue("10000");
            assertThat(page.headers().firstValue("X-HubSpot-RateLimit-Daily")).hasValue("1000");
            assertThat(page.headers().firstValue("X-HubSpot-RateLimit-Daily-Remaining"))
                    .hasValue("998");
            page = Client.get(oauth.uri(PATH));
            assertThat(page.headers().firstValue("X-HubSpot-RateLimit-Max")).hasValue("100");
            assertThat(page.headers().firstValue("X-HubSpot-RateLimit-Daily")).isEmpty();
        }
    }

    @Test
    void letsItsWindowSlide() throws Exception {
        ManualClock clock = new ManualClock();
        FakeHubSpot limited = CONTACTS.rateLimit(2, Duration.ofSeconds(10)).clock(clock);
        try (TestServer api = limited.start()) {
            assertThat(Client.get(api.uri(PATH)).statusCode()).isEqualTo(200);
            clock.advance(Duration.ofSeconds(6));
            assertThat(Client.get(api.uri(PATH)).statusCode()).isEqualTo(200);
            HttpResponse<String> refused = Client.get(api.uri(PATH));
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("Retry-After")).isEmpty();
            assertThat(refused.body())
                    .contains("\"errorType\":\"RATE_LIMIT\"", "\"policyName\":\"TEN_SECONDLY_ROLLING\"");
            // Ten seconds after the first, which has left the window; the second has not.
            clock.advance(Duration.ofSeconds(4));
            assertThat(Client.get(api.uri(PATH)).statusCode()).isEqualTo(200);
            assertThat(Client.get(api.uri(PATH)).statusCode()).isEqualTo(429);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> CONTACTS.rateLimit(0, Duration.ofSeconds(1)));
    }

    @Test
    void hasAnEndOfTheDay() throws Exception {
        try (TestServer api = CONTACTS.dailyLimit(1).start();
                TestServer told = CONTACTS.limiting("DAILY").once().start()) {
            Client.get(api.uri(PATH));
            assertThat(Client.get(api.uri(PATH)).body()).contains("daily limit", "\"policyName\":\"DAILY\"");
            HttpResponse<String> refused = Client.get(told.uri(PATH));
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.body()).contains("\"policyName\":\"DAILY\"");
            assertThat(Client.get(told.uri(PATH)).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void endsATokenForGood() throws Exception {
        try (TestServer api = CONTACTS.expiringToken().onRequest(2).once().start()) {
            assertThat(Client.get(api.uri(PATH), "Authorization", "Bearer a").statusCode())
                    .isEqualTo(200);
            assertThat(Client.get(api.uri(PATH), "Authorization", "Bearer a").statusCode())
                    .isEqualTo(401);
            assertThat(Client.get(api.uri(PATH), "Authorization", "Bearer a").body())
                    .contains("EXPIRED_AUTHENTICATION");
            assertThat(Client.get(api.uri(PATH), "Authorization", "Bearer b").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void searchesUpToAWall() throws Exception {
        try (TestServer api = CONTACTS.searchWall(4).start()) {
            assertThat(Client.post(api.uri(PATH + "/search"), "{\"limit\":2}").body())
                    .startsWith("{\"total\":5,")
                    .endsWith("\"paging\":{\"next\":{\"after\":\"2\"}}}");
            assertThat(Client.post(api.uri(PATH + "/search"), "{\"limit\":2,\"after\":\"2\"}")
                            .body())
                    .contains("\"id\":\"3\"");
            assertThat(Client.post(api.uri(PATH + "/search"), "{\"limit\":2,\"after\":4}")
                            .statusCode())
                    .isEqualTo(400);
            assertThat(Client.get(api.uri(PATH + "?limit=2&after=4")).statusCode())
                    .isEqualTo(200);
            assertThat(Client.get(api.uri(PATH + "?limit=0")).statusCode()).isEqualTo(400);
            assertThat(Client.get(api.uri("/crm/v3/objects/deals")).statusCode())
                    .isEqualTo(404);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> CONTACTS.searchWall(0));
    }
}
