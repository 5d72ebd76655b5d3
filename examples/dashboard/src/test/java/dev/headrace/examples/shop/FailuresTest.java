package dev.headrace.examples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.test.FakeTokenEndpoint;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

/** What callers of the shop get when a remote fails. */
class FailuresTest {

    @Test
    void whatMayPassIsA503ThatSaysWhenToComeBack() {
        Route repair = Route.fixed(503, "text/plain", "down for repair").header("Retry-After", "30");
        try (TestServer remotes = remotes(repair);
                RunningShop shop = start(remotes)) {
            customers(shop)
                    .expectStatus()
                    .isEqualTo(503)
                    .expectHeader()
                    .contentTypeCompatibleWith(MediaType.APPLICATION_PROBLEM_JSON)
                    .expectHeader()
                    .exists(HttpHeaders.RETRY_AFTER)
                    .expectBody(String.class)
                    .value(body -> assertThat(body)
                            .contains("\"kind\":\"TRANSIENT\"")
                            .doesNotContain("down for repair", remotes.url()));
        }
    }

    @Test
    void whatSomebodyMustChangeIsA502() {
        try (TestServer remotes = remotes(Route.fixed(404, "text/plain", "moved"));
                RunningShop shop = start(remotes)) {
            customers(shop)
                    .expectStatus()
                    .isEqualTo(502)
                    .expectBody(String.class)
                    .value(body -> assertThat(body).contains("\"kind\":\"CONFIGURATION\""));
        }
    }

    private static TestServer remotes(Route customers) {
        return TestServer.builder()
                .route("/token", FakeTokenEndpoint.issuing())
                .route("/customers", customers)
                .start();
    }

    private static RunningShop start(TestServer remotes) {
        return RunningShop.start(remotes, "--headrace.connectors.crm.retry.backoff=never");
    }

    private static WebTestClient.ResponseSpec customers(RunningShop shop) {
        return WebTestClient.bindToServer()
                .baseUrl(shop.url())
                .build()
                .get()
                .uri("/customers")
                .exchange();
    }
}
