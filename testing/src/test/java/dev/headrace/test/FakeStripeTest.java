package dev.headrace.test;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class FakeStripeTest {

    private static final String PATH = "/v1/customers";
    private static final FakeStripe CUSTOMERS = FakeStripe.list(PATH, FakeStripe.customers(7));

    @Test
    void givesAllNewestFirstToWhoAsksAfterTheLast() throws Exception {
        try (TestServer api = CUSTOMERS.start()) {
            assertThat(walk(api, 3))
                    .containsExactly("cus_007", "cus_006", "cus_005", "cus_004", "cus_003", "cus_002", "cus_001");
            assertThat(api.requests()).hasSize(3);
        }
    }

    @Test
    void readsBackwardsFromAnItem() throws Exception {
        try (TestServer api = CUSTOMERS.start()) {
            HttpResponse<String> page = Client.get(api.uri(PATH + "?limit=2&ending_before=cus_003"));
            assertThat(ids(page)).containsExactly("cus_005", "cus_004");
            assertThat(page.body()).contains("\"has_more\":true");
            page = Client.get(api.uri(PATH + "?limit=5&ending_before=cus_005"));
            assertThat(ids(page)).containsExactly("cus_007", "cus_006");
            assertThat(page.body()).contains("\"has_more\":false");
        }
    }

    @Test
    void leavesOutWhatWasNotCreatedThen() throws Exception {
        // cus_001 is of 60 seconds after this.
        long first = 1_767_225_600L;
        try (TestServer api = CUSTOMERS.start()) {
            String span = PATH + "?created%5Bgte%5D=" + (first + 120) + "&created%5Blt%5D=" + (first + 360);
            HttpResponse<String> page = Client.get(api.uri(span + "&limit=3"));
            assertThat(ids(page)).containsExactly("cus_005", "cus_004", "cus_003");
            assertThat(page.body()).contains("\"has_more\":true");
            page = Client.get(api.uri(span + "&limit=3&starting_after=cus_003"));
            assertThat(ids(page)).containsExactly("cus_002");
            assertThat(page.body()).contains("\"has_more\":false");
            assertThat(ids(Client.get(api.uri(span + "&limit=2&ending_before=cus_002"))))
                    .containsExactly("cus_004", "cus_003");
            String between = "?created%5Bgt%5D=" + (first + 60) + "&created%5Blte%5D=" + (first + 120);
            assertThat(ids(Client.get(api.uri(PATH + between)))).containsExactly("cus_002");
            assertThat(Client.get(api.uri(PATH + "?created%5Bgte%5D=yesterday")).statusCode())
                    .isEqualTo(400);
        }
        try (TestServer api =
                FakeStripe.list(PATH, List.of("{\"id\":\"cus_x\"}")).start()) {
            assertThat(ids(Client.get(api.uri(PATH + "?created%5Bgte%5D=0")))).isEmpty();
        }
    }

    @Test
    void refusesParametersThatMakeNoSense() throws Exception {
        try (TestServer api = CUSTOMERS.mostOnPage(5).start()) {
            for (String query : List.of("limit=0", "limit=6", "starting_after=cus_002&ending_before=cus_001")) {
                HttpResponse<String> refused = Client.get(api.uri(PATH + "?" + query));
                assertThat(refused.statusCode()).isEqualTo(400);
                assertThat(refused.body()).contains("\"type\":\"invalid_request_error\"");
            }
            assertThat(ids(Client.get(api.uri(PATH)))).hasSize(5);
            assertThat(Client.get(api.uri(PATH + "?starting_after=cus_x")).body())
                    .contains("\"code\":\"resource_missing\",\"param\":\"starting_after\"", "'cus_x'");
            assertThat(Client.get(api.uri("/v1/other")).statusCode()).isEqualTo(404);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> CUSTOMERS.mostOnPage(0));
    }

    @Test
    void losesTheItemThatACursorNames() throws Exception {
        try (TestServer api = CUSTOMERS.deletingCursor().onRequest(2).once().start()) {
            assertThat(ids(Client.get(api.uri(PATH + "?limit=3")))).endsWith("cus_005");
            for (int i = 0; i < 2; i++) {
                HttpResponse<String> lost = Client.get(api.uri(PATH + "?limit=3&starting_after=cus_005"));
                assertThat(lost.statusCode()).isEqualTo(400);
                assertThat(lost.body()).contains("resource_missing");
            }
            assertThat(ids(Client.get(api.uri(PATH)))).hasSize(6).doesNotContain("cus_005");
        }
    }

    @Test
    void growsAtTheHeadWhileItIsRead() throws Exception {
        try (TestServer api =
                CUSTOMERS.inserting("{\"id\":\"cus_new\"}").onRequest(2).once().start()) {
            assertThat(walk(api, 3)).hasSize(7).doesNotHaveDuplicates().doesNotContain("cus_new");
            assertThat(ids(Client.get(api.uri(PATH)))).startsWith("cus_new", "cus_007");
        }
    }

    @Test
    void carriesOutARequestOnceForItsKey() throws Exception {
        FakeStripe charges = FakeStripe.list("/v1/charges", List.of());
        try (TestServer api = charges.start()) {
            HttpResponse<String> first = post(api, "k1", "amount=5");
            HttpResponse<String> again = post(api, "k1", "amount=5");
            assertThat(first.headers().firstValue("Idempotent-Replayed")).isEmpty();
            assertThat(again.headers().firstValue("Idempotent-Replayed")).hasValue("true");
            assertThat(again.body()).isEqualTo(first.body()).contains("created_1");

            HttpResponse<String> other = post(api, "k1", "amount=6");
            assertThat(other.statusCode()).isEqualTo(400);
            assertThat(other.body()).contains("\"type\":\"idempotency_error\"");

            post(api, "k2", "amount=5");
            Client.post(api.uri("/v1/charges"), "amount=5");
            assertThat(charges.created()).isEqualTo(3);
            assertThat(ids(Client.get(api.uri("/v1/charges")))).containsExactly("created_3", "created_2", "created_1");
        }
    }

    @Test
    void hasCarriedOutWhatItDidNotAnswer() throws Exception {
        FakeStripe charges =
                FakeStripe.list("/v1/charges", List.of()).dropping().once();
        try (TestServer api = charges.start()) {
            String lost = "POST /v1/charges HTTP/1.1\r\nHost: a\r\nIdempotency-Key: k1\r\nContent-Length: 3\r\n\r\na=1";
            assertThat(Client.exchange(api, lost)).isEmpty();
            // Until the server has seen that the client is gone, the first is still in flight.
            await().atMost(ofSeconds(10))
                    .until(
                            () -> post(api, "k1", "a=1").headers().firstValue("Idempotent-Replayed"),
                            replayed -> replayed.filter("true"::equals).isPresent());
            assertThat(charges.created()).isEqualTo(1);
        }
    }

    @Test
    void repeatsAnErrorThatItSaved() throws Exception {
        FakeStripe charges = FakeStripe.list("/v1/charges", List.of())
                .savingError(500)
                .header("Stripe-Should-Retry", "false")
                .once();
        try (TestServer api = charges.start()) {
            assertThat(Client.get(api.uri("/v1/charges")).statusCode()).isEqualTo(200);
            HttpResponse<String> failed = post(api, "k1", "a=1");
            HttpResponse<String> again = post(api, "k1", "a=1");
            assertThat(failed.statusCode()).isEqualTo(500);
            assertThat(failed.headers().firstValue("Stripe-Should-Retry")).hasValue("false");
            assertThat(again.statusCode()).isEqualTo(500);
            assertThat(again.headers().firstValue("Idempotent-Replayed")).hasValue("true");
            assertThat(post(api, "k2", "a=1").statusCode()).isEqualTo(200);
            assertThat(charges.created()).isEqualTo(1);
        }
    }

    @Test
    void knowsWhenAKeyIsInUse() throws Exception {
        FakeStripe charges = FakeStripe.list("/v1/charges", List.of())
                .delaying(Duration.ofMillis(300))
                .onRequest(1)
                .once();
        try (TestServer api = charges.start()) {
            CompletableFuture<HttpResponse<String>> slow = HttpClient.newHttpClient()
                    .sendAsync(
                            Client.request(
                                    "POST", api.uri("/v1/charges"), "a=1", new String[] {"Idempotency-Key", "k1"}),
                            HttpResponse.BodyHandlers.ofString());
            api.awaitRequests(1, Duration.ofSeconds(5));
            Awaitility.await().until(() -> charges.created() == 1);
            assertThat(post(api, "k1", "a=1").statusCode()).isEqualTo(409);
            assertThat(post(api, "k1", "a=1").statusCode()).isEqualTo(409);
            assertThat(slow.get().statusCode()).isEqualTo(200);
            assertThat(post(api, "k1", "a=1").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void refusesForTheRateWithAReason() throws Exception {
        FakeStripe limited = CUSTOMERS.limiting("global-rate").onRequest(1).once();
        try (TestServer api = limited.lockTimeout().onRequest(2).once().start()) {
            HttpResponse<String> rate = Client.get(api.uri(PATH));
            assertThat(rate.statusCode()).isEqualTo(429);
            assertThat(rate.headers().firstValue("Stripe-Rate-Limited-Reason")).hasValue("global-rate");
            assertThat(rate.headers().firstValue("Retry-After")).isEmpty();
            assertThat(rate.body()).contains("\"code\":\"rate_limit\"");
            HttpResponse<String> lock = Client.get(api.uri(PATH));
            assertThat(lock.statusCode()).isEqualTo(429);
            assertThat(lock.body()).contains("\"code\":\"lock_timeout\"");
        }
    }

    private static HttpResponse<String> post(TestServer api, String key, String form) throws Exception {
        return Client.post(api.uri("/v1/charges"), form, "Idempotency-Key", key);
    }

    private static List<String> walk(TestServer api, int limit) throws Exception {
        List<String> all = new ArrayList<>();
        boolean more = true;
        while (more) {
            String after = all.isEmpty() ? "" : "&starting_after=" + all.get(all.size() - 1);
            HttpResponse<String> page = Client.get(api.uri(PATH + "?limit=" + limit + after));
            all.addAll(ids(page));
            more = JsonText.read(page.body()).path("has_more").asBoolean();
        }
        return all;
    }

    private static List<String> ids(HttpResponse<String> page) {
        JsonNode data = JsonText.read(page.body()).path("data");
        return StreamSupport.stream(data.spliterator(), false)
                .map(item -> item.path("id").asString())
                .toList();
    }
}
