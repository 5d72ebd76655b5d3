package dev.headrace.connector;

import static dev.headrace.resilience.ErrorCondition.bodyAt;
import static dev.headrace.resilience.ErrorCondition.not;
import static dev.headrace.resilience.ErrorCondition.status;
import static dev.headrace.resilience.ErrorRule.when;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import dev.headrace.pagination.Pagination;
import dev.headrace.pagination.Placement;
import dev.headrace.resilience.ErrorRules;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.test.FakeElasticsearch;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A point in time read by {@code search_after} in POST bodies, and closed whatever happens, as Elasticsearch has it. Rows A17, A19, L58. */
class ElasticsearchPagesTest {

    private static final Duration SOON = ofSeconds(10);

    record Hit(@JsonProperty("_id") String id) {}

    /** A point in time of one reading; every answer gives it another id, and only the newest closes it. */
    private record PointInTime(Connector connector, AtomicReference<String> id) {

        static Mono<PointInTime> open(Connector connector) {
            return connector
                    .fetch(Request.post("/logs/_pit").query("keep_alive", "1m"), Opened.class)
                    .map(opened -> new PointInTime(connector, new AtomicReference<>(opened.id())));
        }

        Flux<Hit> hits() {
            return connector.records(search(
                    Map.of("id", id.get(), "keep_alive", "1m"),
                    pagination -> new Noting(pagination, "/pit_id", id::set)));
        }

        Mono<Void> close() {
            return Mono.defer(() -> connector
                    .exchange(Request.delete("/_pit").json(Map.of("id", id.get())))
                    .then());
        }
    }

    record Opened(String id) {}

    @Test
    void sendsSortValuesDigitForDigitAndTheNewestId() {
        FakeElasticsearch logs = logs(7).refusingOldIds();
        try (TestServer server = logs.start();
                Connector connector = Connector.builder(server.url()).build()) {
            assertThat(ids(allHits(connector))).isEqualTo(upTo(7));

            List<RecordedRequest> requests = server.requests();
            // Opens, reads hits 1 to 3, 4 to 6, 7, none, and closes.
            assertThat(requests).hasSize(1 + 4 + 1);
            assertThat(requests.get(2).body()).contains("[1767225600003,9007199254740999]", "\"46ToAw.1.2\"");
            assertThat(requests.get(3).body())
                    .contains("[1767225600006,9007199254741005]", "\"46ToAw.1.3\"", "\"track_total_hits\":false");
            assertThat(requests.get(5).method()).isEqualTo("DELETE");
            assertThat(logs.openPointsInTime()).isZero();
        }
    }

    @Test
    void closesThePointInTimeWhenItIsReadNoFurther() {
        FakeElasticsearch logs = logs(100).refusingOldIds();
        try (TestServer server = logs.start();
                Connector connector = Connector.builder(server.url()).build()) {
            Sinks.Empty<Void> closed = Sinks.empty();
            Flux<Hit> hits = Flux.usingWhen(
                    PointInTime.open(connector),
                    PointInTime::hits,
                    pit -> pit.close().doOnTerminate(closed::tryEmitEmpty));

            assertThat(ids(hits.take(4))).isEqualTo(upTo(4));

            closed.asMono().block(SOON);
            assertThat(logs.openPointsInTime()).isZero();
            assertThat(server.requests()).hasSize(1 + 2 + 1);
        }
    }

    @Test
    void closesThePointInTimeWhenReadingFails() {
        FakeElasticsearch logs =
                logs(7).refusingOldIds().failing(500).onRequest(3).once();
        try (TestServer server = logs.start();
                Connector connector = Connector.builder(server.url()).build()) {
            Reading<Hit> reading = Reading.of(allHits(connector));

            assertThat(reading.records()).extracting(Hit::id).isEqualTo(upTo(3));
            assertThat(reading.stop().page()).isEqualTo(2);
            assertThat(logs.openPointsInTime()).isZero();
        }
    }

    @Test
    void opensNothingBeforeAHitIsAskedFor() {
        FakeElasticsearch logs = logs(7);
        try (TestServer server = logs.start();
                Connector connector = Connector.builder(server.url()).build()) {
            allHits(connector);

            assertThat(logs.pointsInTimeOpened()).isZero();
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void saysOnWhichPageThePointInTimeHadExpired() {
        try (TestServer server = logs(7).expiring().onRequest(4).once().start();
                Connector connector = Connector.builder(server.url()).build()) {
            Reading<Hit> reading = Reading.of(allHits(connector));

            assertThat(reading.records()).extracting(Hit::id).isEqualTo(upTo(6));
            assertThat(reading.failure())
                    .isInstanceOfSatisfying(
                            HttpStatusException.class,
                            expired -> assertThat(expired.bodyTree()
                                            .orElseThrow()
                                            .at("/error/type")
                                            .asString())
                                    .isEqualTo("search_context_missing_exception"))
                    .hasMessageContaining("No search context found");
            assertThat(reading.stop().page()).isEqualTo(3);
        }
    }

    @Test
    void readsOnFromTheTokenInTheSamePointInTime() {
        FakeElasticsearch logs =
                logs(7).refusingOldIds().failing(500).onRequest(3).once();
        try (TestServer server = logs.start();
                Connector connector = Connector.builder(server.url()).build()) {
            PointInTime pit = PointInTime.open(connector).blockOptional(SOON).orElseThrow();
            Endpoint<Hit> search = search(Map.of("id", pit.id().get(), "keep_alive", "1m"), pages -> pages);
            Reading<Hit> before = Reading.of(connector.records(search));

            assertThat(before.records()).extracting(Hit::id).isEqualTo(upTo(3));
            assertThat(ids(connector.records(search.from(before.token())))).isEqualTo(upTo(7).subList(3, 7));
        }
    }

    /** A search is a POST that may be sent twice, and a 200 of which part is missing; both the user has to say. */
    @ParameterizedTest
    @ValueSource(strings = {"rejected", "timed out", "shards failed"})
    void repeatsAPageThatIsNotWhole(String trouble) {
        FakeElasticsearch logs = switch (trouble) {
            case "rejected" -> logs(7).rejecting().onRequest(3).once();
            case "timed out" -> logs(7).timingOut(1).onRequest(3).once();
            default -> logs(7).failingShards(2, 1).onRequest(3).once();
        };
        ErrorRules rules = ErrorRules.of(
                when(status(429)).rateLimited(),
                when(status(200)).and(bodyAt("/timed_out", true)).retry(),
                when(status(200))
                        .and(bodyAt("/_shards/failed"))
                        .and(not(bodyAt("/_shards/failed", 0)))
                        .retry());
        try (TestServer server = logs.start();
                Connector connector = Connector.builder(server.url())
                        .errors(rules)
                        .retry(RetryPolicy.exponential(ofMillis(1)).retryAllMethods())
                        .build()) {
            assertThat(ids(allHits(connector))).isEqualTo(upTo(7));
            assertThat(server.requests()).hasSize(1 + 4 + 1 + 1);
        }
    }

    @Test
    void failsAtTheWallOfOffsetsWithTheRecordsBefore() {
        Endpoint<Hit> byOffset = Endpoint.of(Request.post("/logs/_search").json(Map.of("size", 3)))
                .paginate(Pagination.offset(Placement.body("/from"), 0))
                .items("/hits/hits", Hit.class);
        try (TestServer server = logs(20).resultWindow(10).start();
                Connector connector = Connector.builder(server.url()).build()) {
            Reading<Hit> reading = Reading.of(connector.records(byOffset));

            assertThat(reading.records()).extracting(Hit::id).isEqualTo(upTo(9));
            assertThat(reading.failure()).hasMessageContaining("Result window is too large");
            assertThat(reading.stop().page()).isEqualTo(4);
        }
    }

    private static Flux<Hit> allHits(Connector connector) {
        return Flux.usingWhen(PointInTime.open(connector), PointInTime::hits, PointInTime::close);
    }

    private static Endpoint<Hit> search(Map<String, String> pit, UnaryOperator<Pagination> change) {
        return Endpoint.of(Request.post("/_search")
                        .json(Map.of(
                                "size",
                                3,
                                "pit",
                                pit,
                                "sort",
                                List.of(Map.of("@timestamp", "asc")),
                                "track_total_hits",
                                false)))
                .paginate(change.apply(Pagination.lastItem("/sort", Placement.body("/search_after"))
                        .carrying("/pit_id", Placement.body("/pit/id"))))
                .items("/hits/hits", Hit.class);
    }

    private static FakeElasticsearch logs(int hits) {
        return FakeElasticsearch.index("logs", FakeElasticsearch.hits(hits));
    }

    private static List<String> ids(Flux<Hit> hits) {
        return hits.map(Hit::id).collectList().blockOptional(SOON).orElseThrow();
    }

    private static List<String> upTo(int last) {
        return IntStream.rangeClosed(1, last).mapToObj(n -> "h" + n).toList();
    }
}
