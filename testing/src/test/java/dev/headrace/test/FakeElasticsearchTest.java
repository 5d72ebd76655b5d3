package dev.headrace.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class FakeElasticsearchTest {

    private static final FakeElasticsearch LOGS = FakeElasticsearch.index("logs", FakeElasticsearch.hits(5));

    @Test
    void givesAllHitsAfterTheSortValuesOfTheLast() throws Exception {
        FakeElasticsearch logs = LOGS.refusingOldIds();
        try (TestServer api = logs.start()) {
            String pit = open(api);
            assertThat(logs.openPointsInTime()).isEqualTo(1);
            List<String> ids = new ArrayList<>();
            String after = "";
            JsonNode hits;
            do {
                JsonNode page = JsonText.read(search(api, pit, after).body());
                assertThat(page.path("pit_id").asString()).isNotEqualTo(pit);
                pit = page.path("pit_id").asString();
                hits = page.path("hits").path("hits");
                for (JsonNode hit : hits) {
                    ids.add(hit.path("_id").asString());
                    after = ",\"search_after\":" + hit.path("sort");
                }
            } while (!hits.isEmpty());
            assertThat(ids).containsExactly("h1", "h2", "h3", "h4", "h5");

            assertThat(close(api, pit).body()).isEqualTo("{\"succeeded\":true,\"num_freed\":1}");
            assertThat(logs.openPointsInTime()).isZero();
            assertThat(logs.pointsInTimeOpened()).isEqualTo(1);
            assertThat(close(api, pit).statusCode()).isEqualTo(404);
            assertThat(search(api, pit, "").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void knowsOlderIdsUnlessToldNotTo() throws Exception {
        try (TestServer patient = LOGS.start();
                TestServer strict = LOGS.refusingOldIds().start()) {
            String old = open(patient);
            assertThat(search(patient, old, "").statusCode()).isEqualTo(200);
            assertThat(search(patient, old, "").statusCode()).isEqualTo(200);

            String stale = open(strict);
            assertThat(search(strict, stale, "").statusCode()).isEqualTo(200);
            HttpResponse<String> refused = search(strict, stale, "");
            assertThat(refused.statusCode()).isEqualTo(404);
            assertThat(refused.body()).contains("search_context_missing_exception", "\"status\":404");
        }
    }

    @Test
    void wantsItsSortValuesBackDigitForDigit() throws Exception {
        try (TestServer api = LOGS.start()) {
            String pit = open(api);
            assertThat(search(api, pit, ",\"search_after\":[1767225600001, 9007199254740995]")
                            .body())
                    .contains("\"_id\":\"h2\"")
                    .doesNotContain("\"_id\":\"h1\"");
            // What a double makes of it, and other ways to write the same number.
            for (String wrong :
                    List.of("9007199254740996", "9007199254740995.0", "9.007199254740995E15", "\"9007199254740995\"")) {
                assertThat(search(api, pit, ",\"search_after\":[1767225600001," + wrong + "]")
                                .statusCode())
                        .as(wrong)
                        .isEqualTo(400);
            }
        }
        FakeElasticsearch scores =
                FakeElasticsearch.index("logs", List.of("{\"_id\":\"a\",\"sort\":[1.50,\"x\",null]}"));
        try (TestServer api = scores.start()) {
            String pit = open(api);
            assertThat(search(api, pit, ",\"search_after\":[1.50,\"x\",null]").statusCode())
                    .isEqualTo(200);
            assertThat(search(api, pit, ",\"search_after\":[1.5,\"x\",null]").statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void losesAPointInTimeForGood() throws Exception {
        FakeElasticsearch logs = LOGS.expiring().onRequest(2).once();
        try (TestServer api = logs.start()) {
            String pit = open(api);
            assertThat(search(api, pit, "").statusCode()).isEqualTo(404);
            assertThat(search(api, pit, "").statusCode()).isEqualTo(404);
            assertThat(logs.openPointsInTime()).isZero();
            assertThat(search(api, open(api), "").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void answersInPartUnderStatus200() throws Exception {
        FakeElasticsearch partial = LOGS.failingShards(2, 1).onRequest(2).once();
        try (TestServer api = partial.timingOut(0).onRequest(3).once().start()) {
            String pit = open(api);
            HttpResponse<String> shards = search(api, pit, "");
            assertThat(shards.statusCode()).isEqualTo(200);
            assertThat(shards.body()).contains("\"total\":5,\"successful\":3,\"skipped\":0,\"failed\":2", "\"h1\"");
            assertThat(shards.body()).contains("\"timed_out\":false").doesNotContain("\"h2\"");
            assertThat(search(api, pit, "").body())
                    .contains("\"timed_out\":true", "\"failed\":0", "\"hits\":{\"hits\":[]}");
            assertThat(search(api, pit, "").body()).contains("\"timed_out\":false", "\"h2\"");
        }
    }

    @Test
    void hasAResultWindow() throws Exception {
        try (TestServer api = LOGS.resultWindow(4).start()) {
            assertThat(Client.post(api.uri("/logs/_search"), "{\"from\":2,\"size\":2}")
                            .body())
                    .contains("\"h3\"", "\"h4\"")
                    .doesNotContain("pit_id");
            HttpResponse<String> refused = Client.post(api.uri("/logs/_search"), "{\"from\":3,\"size\":2}");
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains("Result window is too large");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> LOGS.resultWindow(0));
    }

    @Test
    void refusesWhatItDoesNotUnderstand() throws Exception {
        try (TestServer api = LOGS.rejecting().onRequest(4).once().start()) {
            String pit = open(api);
            assertThat(Client.post(api.uri("/logs/_pit"), "").statusCode()).isEqualTo(400);
            assertThat(Client.post(api.uri("/logs/_search"), "{\"pit\":{\"id\":\"" + pit + "\"}}")
                            .statusCode())
                    .isEqualTo(400);
            HttpResponse<String> rejected = search(api, pit, "");
            assertThat(rejected.statusCode()).isEqualTo(429);
            assertThat(rejected.body()).contains("es_rejected_execution_exception");
            assertThat(Client.post(api.uri("/other/_search"), "{}").statusCode())
                    .isEqualTo(404);
        }
    }

    private static String open(TestServer api) throws Exception {
        return JsonText.field(
                Client.post(api.uri("/logs/_pit?keep_alive=1m"), "").body(), "id");
    }

    private static HttpResponse<String> close(TestServer api, String pit) throws Exception {
        return Client.send("DELETE", api.uri("/_pit"), "{\"id\":\"" + pit + "\"}");
    }

    private static HttpResponse<String> search(TestServer api, String pit, String more) throws Exception {
        return Client.post(
                api.uri("/_search"),
                "{\"size\":2,\"pit\":{\"id\":\"" + pit + "\",\"keep_alive\":\"1m\"},\"sort\":[{\"@timestamp\":\"asc\"}]"
                        + more + "}");
    }
}
