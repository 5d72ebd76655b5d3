package dev.headrace.airbyte;

import static dev.headrace.airbyte.Trees.catalog;
import static dev.headrace.airbyte.Trees.json;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.pagination.Pagination;
import dev.headrace.stream.RecordStream;
import dev.headrace.stream.Source;
import dev.headrace.test.FakeRepositories;
import dev.headrace.test.TestServer;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** Messages are made as they are asked for, and pages requested for them. */
class AirbyteDemandTest {

    private static final JsonNode CONFIG = json("{}");

    @Test
    void nothingIsDoneBeforeAMessageIsAskedFor() {
        NumberStream numbers = new NumberStream("numbers", 3, 2);

        StepVerifier.create(Numbers.source(numbers).read(CONFIG, catalog("numbers:incremental"), null), 0)
                .expectSubscription()
                .thenCancel()
                .verify(ofSeconds(10));

        assertThat(numbers.produced()).isZero();
    }

    @Test
    void eachMessageIsMadeWhenItIsAskedFor() {
        NumberStream numbers = new NumberStream("numbers", 3, 2);
        NumberStream more = new NumberStream("more", 1, 1);
        StepVerifier.create(
                        Numbers.source(numbers, more)
                                .read(CONFIG, catalog("numbers:incremental", "more:incremental"), null)
                                .map(Trees::shape),
                        0)
                .thenRequest(1)
                .expectNext("STARTED numbers")
                .then(() -> assertThat(numbers.produced()).isZero())
                .thenRequest(1)
                .expectNext("RUNNING numbers")
                .then(() -> assertThat(numbers.produced()).isEqualTo(1))
                .thenRequest(1)
                .expectNext("RECORD numbers")
                .then(() -> assertThat(numbers.produced()).isEqualTo(1))
                .thenRequest(2)
                .expectNext("RECORD numbers", "STATE numbers")
                .then(() -> assertThat(numbers.produced()).isEqualTo(3))
                .thenRequest(2)
                .expectNext("RECORD numbers", "STATE numbers")
                .then(() -> assertThat(numbers.produced()).isEqualTo(5))
                .thenRequest(2)
                .expectNext("COMPLETE numbers", "STARTED more")
                .then(() -> assertThat(more.produced()).isZero())
                .thenRequest(4)
                .expectNext("RUNNING more", "RECORD more", "STATE more", "COMPLETE more")
                .expectComplete()
                .verify(ofSeconds(10));
    }

    @Test
    void requestsNoPageThatNoMessageNeeds() {
        try (TestServer server = FakeRepositories.of(1, 25).start()) {
            RecordStream<JsonNode> issues = RecordStream.of(
                    "issues",
                    Endpoint.get("/repos/o/r1/issues?per_page=1")
                            .items(JsonNode.class)
                            .paginate(Pagination.linkHeader()));
            AirbyteSource source = AirbyteSource.of(
                    Source.builder("github")
                            .connector(config -> Connector.builder(server.url()).build())
                            .stream(issues)
                            .build());
            var reading =
                    source.read(CONFIG, catalog("issues:full_refresh"), null).map(Trees::shape);

            StepVerifier.create(reading.take(3))
                    .expectNext("STARTED issues", "RUNNING issues", "RECORD issues")
                    .expectComplete()
                    .verify(ofSeconds(10));
            assertThat(server.requests()).hasSize(1);

            // Nor does the record before a page's end ask for the next page, if nobody asks for more than it.
            StepVerifier.create(reading, 4)
                    .expectNext("STARTED issues", "RUNNING issues", "RECORD issues", "STATE issues")
                    .then(() -> assertThat(server.requests()).hasSize(2))
                    .thenRequest(1)
                    .expectNext("RECORD issues")
                    .then(() -> assertThat(server.requests()).hasSize(3))
                    .thenCancel()
                    .verify(ofSeconds(10));
        }
    }

    @Test
    void whoeverLeavesStopsTheStreamAndAllBehindIt() {
        NumberStream numbers = new NumberStream("numbers", 9, 2);
        NumberStream more = new NumberStream("more", 1, 1);

        StepVerifier.create(Numbers.source(numbers, more)
                        .read(CONFIG, catalog("numbers:incremental", "more:incremental"), null)
                        .take(4))
                .expectNextCount(4)
                .expectComplete()
                .verify(ofSeconds(10));

        assertThat(numbers.produced()).isEqualTo(2);
        assertThat(numbers.cancelled()).isEqualTo(1);
        assertThat(more.produced()).isZero();
    }
}
