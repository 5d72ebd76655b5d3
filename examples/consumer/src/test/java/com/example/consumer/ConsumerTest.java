package com.example.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.test.FakeApi;
import dev.headrace.test.TestServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

class ConsumerTest {

    @Test
    void readsAllPagesOfAFake() {
        List<String> gauges = List.of(
                "{\"id\": 1, \"name\": \"weir\"}", "{\"id\": 2, \"name\": \"sluice\"}", "{\"id\": 3, \"name\": \"mill\"}");
        try (TestServer server =
                        FakeApi.linkHeader("/gauges", gauges).pageSize(2).start();
                Connector remote = Connector.builder(server.url()).build()) {
            StepVerifier.create(Consumer.gauges(remote))
                    .expectNextCount(3)
                    .expectComplete()
                    .verify(Duration.ofSeconds(10));

            assertThat(server.requests()).hasSize(2);
        }
    }
}
