package dev.headrace.examples.shop;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.examples.shop.CustomerController.Customer;
import dev.headrace.test.EventFeed;
import dev.headrace.test.FakeApi;
import dev.headrace.test.FakeTokenEndpoint;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "spring.config.name=shop") // for shop.yaml; application.yaml needs no such line
@DirtiesContext // the application ends with this class, as its remotes do
class ShopTest {

    private static final FakeTokenEndpoint TOKENS = FakeTokenEndpoint.issuing().client("shop", "s3cr3t");

    private static final List<String> CUSTOMERS = List.of(
            "{\"id\": 1, \"display_name\": \"Ada\"}",
            "{\"id\": 2, \"display_name\": \"Grace\"}",
            "{\"id\": 3, \"display_name\": \"Joan\"}");

    private static final TestServer REMOTES = TestServer.builder()
            .route("/token", TOKENS)
            .route("/customers", TOKENS.guarding(FakeApi.linkHeader(CUSTOMERS).pageSize(2)))
            .route("/status", Route.fixed(204, "text/plain", ""))
            .route("/prices", EventFeed.endless().interval(ofMillis(20)))
            .start();

    private final WebTestClient client;

    ShopTest(@LocalServerPort int port) {
        client = WebTestClient.bindToServer(
                        new JdkClientHttpConnector()) // LeakCheck sees the application's buffers only
                .baseUrl("http://127.0.0.1:" + port)
                .responseTimeout(ofSeconds(20))
                .build();
    }

    @DynamicPropertySource
    static void remotes(DynamicPropertyRegistry properties) {
        properties.add("headrace.connectors.crm.base-url", REMOTES::url);
        properties.add("headrace.connectors.crm.auth.oauth2.token-url", () -> REMOTES.url() + "/token");
        properties.add("headrace.connectors.crm.auth.oauth2.client-secret", () -> "s3cr3t");
        properties.add("headrace.connectors.exchange.base-url", REMOTES::url);
    }

    @AfterAll
    static void stop() {
        REMOTES.close();
    }

    @Test
    void readsAllPagesWithOneToken() {
        client.get()
                .uri("/customers")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBodyList(Customer.class)
                .hasSize(3)
                .contains(new Customer(3, "Joan"));

        assertThat(TOKENS.requests()).isEqualTo(1);
        assertThat(REMOTES.requests("/customers"))
                .extracting(request -> request.query("page").orElse("1"))
                .containsExactly("1", "2");
    }

    @Test
    void handsPricesOnToBrowsers() {
        Flux<String> prices = client.get()
                .uri("/prices")
                .exchange()
                .expectStatus()
                .isOk()
                .returnResult(String.class)
                .getResponseBody();

        StepVerifier.create(prices.take(2))
                .expectNext("{\"n\":1}", "{\"n\":2}")
                .expectComplete()
                .verify(ofSeconds(10));
    }

    @Test
    void asksRemotesWhereTheyWantToBeAskedForTheirHealth() {
        client.get().uri("/actuator/health").exchange().expectStatus().isOk();

        assertThat(REMOTES.requests("/status")).isNotEmpty();
    }
}
