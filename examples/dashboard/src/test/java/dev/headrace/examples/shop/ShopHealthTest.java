package dev.headrace.examples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.test.FakeTokenEndpoint;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import org.junit.jupiter.api.Test;
import org.springframework.test.web.reactive.server.WebTestClient;

/** What Actuator says of the shop when one of its remotes is down. */
class ShopHealthTest {

    private static final Route BROKEN = Route.fixed(500, "text/plain", "");
    private static final Route FINE = Route.fixed(204, "text/plain", "");

    @Test
    void isDownWhereAllIsAskedAndNotWhereTheShopAloneIs() {
        try (TestServer remotes = remotes(FakeTokenEndpoint.issuing(), BROKEN);
                RunningShop shop = start(remotes)) {
            assertThat(status(shop, "")).isEqualTo(503);
            assertThat(status(shop, "/headrace/crm")).isEqualTo(503);
            assertThat(status(shop, "/headrace/exchange")).isEqualTo(200);
            assertThat(status(shop, "/serving")).isEqualTo(200);
            assertThat(status(shop, "/readiness")).isEqualTo(200);
            assertThat(status(shop, "/liveness")).isEqualTo(200);
        }
    }

    @Test
    void isDownWithoutATokenToAskWith() {
        FakeTokenEndpoint refusing = FakeTokenEndpoint.issuing().client("somebody else", "unknown");
        try (TestServer remotes = remotes(refusing, FINE);
                RunningShop shop = start(remotes)) {
            assertThat(status(shop, "/headrace/crm")).isEqualTo(503);
        }
    }

    private static TestServer remotes(Route token, Route status) {
        return TestServer.builder()
                .route("/token", token)
                .route("/status", status)
                .start();
    }

    private static RunningShop start(TestServer remotes) {
        return RunningShop.start(
                remotes,
                "--management.endpoint.health.show-components=always",
                "--management.endpoint.health.group.serving.include=*",
                "--management.endpoint.health.group.serving.exclude=headrace");
    }

    private static int status(RunningShop shop, String below) {
        return WebTestClient.bindToServer()
                .baseUrl(shop.url())
                .build()
                .get()
                .uri("/actuator/health" + below)
                .exchange()
                .expectBody(String.class)
                .returnResult()
                .getStatus()
                .value();
    }
}
