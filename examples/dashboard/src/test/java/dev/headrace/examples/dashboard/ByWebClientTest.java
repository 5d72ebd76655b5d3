package dev.headrace.examples.dashboard;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.test.FakeApi;
import dev.headrace.test.TestServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.test.StepVerifier;

/** What the guide says of its listings with WebClient. */
class ByWebClientTest {

    private static final Duration SOON = ofSeconds(20);
    private static final String ISSUES = "/repos/reactor/reactor-core/issues";

    @Test
    void readsThirtyTwoPagesForOneRecord() {
        try (TestServer server =
                FakeApi.linkHeader(ISSUES, FakeApi.issues(4_000)).start()) {
            StepVerifier.create(ByWebClient.all(WebClient.create(server.url())), 1)
                    .expectNextCount(1)
                    .then(() -> server.awaitRequests(32, SOON))
                    .thenCancel()
                    .verify(SOON);
        }
    }

    @Test
    void failsAtARecordThatIsLargerThanACodecHolds() {
        String large = "{\"number\": 1, \"title\": \"" + "x".repeat(300 * 1024) + "\"}";
        try (TestServer server = FakeApi.linkHeader(ISSUES, List.of(large)).start();
                Connector github = Connector.builder(server.url()).build()) {
            StepVerifier.create(ByWebClient.all(WebClient.create(server.url())))
                    .expectErrorSatisfies(
                            failure -> assertThat(failure).hasStackTraceContaining("DataBufferLimitException"))
                    .verify(SOON);
            StepVerifier.create(ByHeadrace.all(github))
                    .expectNextCount(1)
                    .expectComplete()
                    .verify(SOON);
        }
    }
}
