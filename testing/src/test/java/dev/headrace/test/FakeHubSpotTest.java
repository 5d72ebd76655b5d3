package dev.headrace.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
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

    @Test
    void searchesByATimeAndSortsByIt() throws Exception {
        List<String> contacts = new ArrayList<>(FakeHubSpot.contacts(6));
        // Half a second after the fourth, in milliseconds.
        contacts.add(0, "{\"id\":\"9\",\"properties\":{\"lastmodifieddate\":\"1704067440500\"}}");
        contacts.add("{\"id\":\"10\",\"properties\":{}}");
        String filter = "{'filterGroups':[{'filters':[%s,%s]}],'limit':2,'after':'%s','sorts':[%s]}".replace('\'', '"');
        String since = filter("GTE", "\"1704067320000\"");
        String until = filter("LT", "1704067500000");
        String ascending = "{\"propertyName\":\"lastmodifieddate\",\"direction\":\"ASCENDING\"}";
        try (TestServer api = FakeHubSpot.objects("contacts", contacts).start()) {
            HttpResponse<String> page =
                    Client.post(api.uri(PATH + "/search"), filter.formatted(since, until, 0, ascending));
            assertThat(page.body()).startsWith("{\"total\":4,").contains("\"after\":\"2\"");
            assertThat(ids(page)).containsExactly("2", "3");
            page = Client.post(api.uri(PATH + "/search"), filter.formatted(since, until, 2, ascending));
            assertThat(ids(page)).containsExactly("4", "9");
            assertThat(page.body()).doesNotContain("paging");

            String descending = "\"-lastmodifieddate\"";
            assertThat(ids(Client.post(api.uri(PATH + "/search"), filter.formatted(since, until, 0, descending))))
                    .containsExactly("9", "4");
            String after = filter("GT", "\"2024-01-01T00:05:00Z\"");
            String upTo = filter("LTE", "\"2024-01-01T00:06:00.000Z\"");
            assertThat(ids(Client.post(api.uri(PATH + "/search"), filter.formatted(after, upTo, 0, ascending))))
                    .containsExactly("6");
            // Groups are alternatives.
            String either = "{\"filterGroups\":[{\"filters\":[%s]},{\"filters\":[%s]}]}"
                    .formatted(filter("EQ", "\"1704067260000\""), filter("EQ", "\"1704067440500\""));
            assertThat(ids(Client.post(api.uri(PATH + "/search"), either))).containsExactly("9", "1");
        }
    }

    @Test
    void refusesASearchThatItDoesNotKnow() throws Exception {
        try (TestServer api = CONTACTS.start()) {
            for (String wrong : List.of(filter("CONTAINS_TOKEN", "\"1\""), filter("GTE", "\"yesterday\""))) {
                HttpResponse<String> refused =
                        Client.post(api.uri(PATH + "/search"), "{\"filterGroups\":[{\"filters\":[" + wrong + "]}]}");
                assertThat(refused.statusCode()).isEqualTo(400);
                assertThat(refused.body()).contains("VALIDATION_ERROR");
            }
        }
    }

    private static String filter(String operator, String value) {
        return "{\"propertyName\":\"lastmodifieddate\",\"operator\":\"%s\",\"value\":%s}".formatted(operator, value);
    }

    private static List<String> ids(HttpResponse<String> page) {
        return StreamSupport.stream(JsonText.read(page.body()).path("results").spliterator(), false)
                .map(item -> item.path("id").asString())
                .toList();
    }
}
