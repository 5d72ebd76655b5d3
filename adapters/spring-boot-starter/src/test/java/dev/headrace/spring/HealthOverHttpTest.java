package dev.headrace.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.http.Request;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** Health as somebody sees it who asks a running application. */
class HealthOverHttpTest {

    private static final String SECRET = "s3cr3t-key";

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    private static final TestServer SERVER = TestServer.builder()
            .route("/up", Route.fixed(204, "text/plain", ""))
            .route("/slow", Route.fixed(429, "text/plain", ""))
            .route("/refusing", Route.fixed(401, "text/plain", ""))
            .route("/never", (request, response) -> Mono.never())
            .route("/broken", Route.fixed(500, "text/plain", ""))
            .start();

    private static ConfigurableApplicationContext application;
    private static WebTestClient client;

    @BeforeAll
    static void start() {
        TestServer gone = TestServer.builder().start();
        String nobody = gone.url();
        gone.close();
        application = Apps.start(
                Application.class,
                "management.endpoints.web.exposure.include=health",
                "management.endpoint.health.show-details=always",
                "management.endpoint.health.group.slow.include=headrace/slow",
                "headrace.connectors.up.base-url=" + SERVER.url(),
                "headrace.connectors.up.health.probe=/up",
                "headrace.connectors.slow.base-url=" + SERVER.url(),
                "headrace.connectors.slow.health.probe=/slow",
                "headrace.connectors.refusing.base-url=" + SERVER.url(),
                "headrace.connectors.refusing.health.probe=/refusing",
                "headrace.connectors.broken.base-url=" + SERVER.url(),
                "headrace.connectors.broken.health.probe=/broken",
                "headrace.connectors.gone.base-url=" + nobody,
                "headrace.connectors.gone.auth.api-key.key=" + SECRET,
                "headrace.connectors.gone.auth.api-key.query=handle",
                "headrace.connectors.gone.health.probe=/?password=" + SECRET,
                "headrace.connectors.unsent.base-url=" + SERVER.url(),
                "headrace.connectors.unsent.bulkhead.max-concurrent=1",
                "headrace.connectors.unsent.bulkhead.max-queued=0",
                "headrace.connectors.quiet.base-url=" + SERVER.url(),
                "headrace.connectors.quiet.health.enabled=false");
        client = Apps.client(application);
    }

    @AfterAll
    static void stop() {
        application.close();
        SERVER.close();
    }

    @Test
    void up() {
        assertThat(health("up", 200))
                .contains("\"status\":\"UP\"", "\"status\":204", "\"latency\":\"")
                .doesNotContain("reason");
        assertThat(SERVER.requests()).extracting(RecordedRequest::path).contains("/up");
    }

    @Test
    void degraded() {
        assertThat(health("slow", 200)).contains("\"status\":\"DEGRADED\"", "\"status\":429", "requests come too fast");
        assertThat(health("refusing", 200))
                .contains("\"status\":\"DEGRADED\"", "\"status\":401", "it refuses the credentials");
    }

    @Test
    void down() {
        assertThat(health("broken", 503))
                .contains("\"status\":\"DOWN\"", "\"status\":500", "it answers with status 500");
        assertThat(health("gone", 503)).contains("\"status\":\"DOWN\"", "\"reason\":\"");
    }

    @Test
    void unknown() {
        Disposable call = application
                .getBean(Connectors.class)
                .get("unsent")
                .exchange(Request.get("/never"))
                .subscribe();

        assertThat(health("unsent", 200)).contains("\"status\":\"UNKNOWN\"", "it was not sent");
        call.dispose();
    }

    @Test
    void reasonHoldsNoSecret() {
        assertThat(health("gone", 503)).contains("GET http://127.0.0.1").doesNotContain(SECRET);
    }

    @Test
    void oneThatIsSwitchedOffIsNotThere() {
        client.get()
                .uri("/actuator/health/headrace/quiet")
                .exchange()
                .expectStatus()
                .isNotFound();
    }

    @Test
    void oneThatIsDownIsSeenAtTheTop() {
        assertThat(body("/actuator/health", 503)).startsWith("{\"components\":").contains("\"headrace\":{");
        assertThat(health("", 503)).endsWith("\"status\":\"DOWN\"}");
    }

    @Test
    void eachMayBeInAGroupOfItsOwn() {
        assertThat(body("/actuator/health/slow", 200)).contains("\"status\":\"DEGRADED\"");
    }

    private static String health(String connector, int status) {
        return body("/actuator/health/headrace" + (connector.isEmpty() ? "" : "/" + connector), status);
    }

    private static String body(String uri, int status) {
        return Objects.requireNonNull(client.get()
                .uri(uri)
                .exchange()
                .expectStatus()
                .isEqualTo(status)
                .expectBody(String.class)
                .returnResult()
                .getResponseBody());
    }
}
