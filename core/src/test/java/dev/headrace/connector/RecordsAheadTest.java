package dev.headrace.connector;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.pagination.Page;
import dev.headrace.pagination.PageToken;
import dev.headrace.pagination.Pagination;
import dev.headrace.test.FakeApi;
import dev.headrace.test.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** Rule 1 of demand, the other way round: a request that is wanted does not wait for the items before it. */
class RecordsAheadTest {

    private static final Duration SOON = ofSeconds(10);

    private static final int ALL = 1_000_000_000;

    private static final Endpoint<JsonNode> ISSUES =
            Endpoint.get("/issues").query("per_page", 10).paginate(Pagination.linkHeader());

    private final AtomicInteger delivered = new AtomicInteger();
    private final List<Integer> deliveredAtRequests = new CopyOnWriteArrayList<>();

    @ParameterizedTest(name = "with {0} wanted the requests leave after {1} records")
    @CsvSource({"10, 0", "11, 0;0", "20, 0;0", "21, 0;0;10", "30, 0;0;10", "1000000000, 0;0;10;20;30"})
    void asksForThePageAheadBeforeThisOneIsDelivered(int wanted, String requestsAfter) {
        // An answer that comes while the thread that has asked is still at it is delivered at once.
        try (TestServer server = FakeApi.linkHeader("/issues", FakeApi.issues(50))
                        .delaying(ofMillis(20))
                        .always()
                        .start();
                Connector connector = noting(server)) {
            StepVerifier.Step<JsonNode> reading = StepVerifier.create(
                            read(connector, ISSUES), wanted == ALL ? Long.MAX_VALUE : wanted)
                    .expectNextCount(Math.min(50, wanted));
            if (wanted == ALL) {
                reading.verifyComplete();
            } else {
                // Long enough for a request that should not be sent to leave.
                reading.expectNoEvent(ofMillis(50)).thenCancel().verify(SOON);
            }

            assertThat(deliveredAtRequests).extracting(String::valueOf).containsExactly(requestsAfter.split(";"));
        }
    }

    @ParameterizedTest(name = "prefetch {0} with {1} wanted makes {2} requests")
    @CsvSource({"0, 0, 0", "2, 0, 0", "0, 1, 1", "1, 1, 2", "2, 1, 3", "2, 10, 3", "2, 11, 4", "9, 1, 5"})
    void asksForAsManyPagesAheadAsIsSaid(int prefetch, int wanted, int requests) {
        try (TestServer server =
                        FakeApi.linkHeader("/issues", FakeApi.issues(50)).start();
                Connector connector = noting(server)) {
            StepVerifier.create(read(connector, ISSUES.paging(pages -> pages.prefetchPages(prefetch))), wanted)
                    .expectSubscription()
                    .expectNextCount(wanted)
                    .expectNoEvent(ofMillis(200))
                    .thenCancel()
                    .verify(SOON);

            assertThat(server.requests()).hasSize(requests);
        }
    }

    @Test
    void keepsTheOrderOfPagesReadAhead() {
        try (TestServer server = FakeApi.linkHeader("/issues", FakeApi.issues(95))
                        .delaying(ofMillis(20))
                        .onPage(2)
                        .always()
                        .start();
                Connector connector = noting(server)) {
            assertThat(read(connector, ISSUES.paging(pages -> pages.prefetchPages(3)))
                            .map(issue -> issue.get("number").intValue())
                            .collectList()
                            .block(SOON))
                    .isSorted()
                    .hasSize(95)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void saysWhatWentWrongAheadAfterTheRecordsBefore() {
        try (TestServer server = FakeApi.linkHeader("/issues", FakeApi.issues(50))
                        .failing(403)
                        .onPage(2)
                        .always()
                        .start();
                Connector connector = noting(server)) {
            StepVerifier.create(read(connector, ISSUES.paging(pages -> pages.prefetchPages(2))), 5)
                    .expectNextCount(5)
                    .expectNoEvent(ofMillis(100))
                    .thenRequest(100)
                    .expectNextCount(5)
                    .expectErrorMatches(
                            failure -> String.valueOf(failure.getMessage()).contains("403"))
                    .verify(SOON);
        }
    }

    @Test
    void givesAPageWithItsPlaceForEachThatIsAskedFor() {
        try (TestServer server =
                        FakeApi.linkHeader("/issues", FakeApi.issues(25)).start();
                Connector connector = noting(server)) {
            StepVerifier.create(connector.pages(ISSUES), 2)
                    .assertNext(page -> assertThat(page.number()).isEqualTo(1))
                    .assertNext(page -> {
                        assertThat(page.number()).isEqualTo(2);
                        assertThat(page.items()).hasSize(10);
                        assertThat(page.status()).isEqualTo(200);
                        assertThat(page.headers().contains("ETag")).isTrue();
                        assertThat(page.next())
                                .hasValueSatisfying(
                                        token -> assertThat(token.number()).isEqualTo(3));
                    })
                    .then(() -> assertThat(server.requests()).hasSize(2))
                    .thenRequest(1)
                    .assertNext(page -> assertThat(page.next()).isEmpty())
                    .verifyComplete();
        }
    }

    @Test
    void readsOnFromThePlaceOfAPageInAnotherRun() {
        try (TestServer server =
                FakeApi.linkHeader("/issues", FakeApi.issues(45)).start()) {
            List<String> kept = new CopyOnWriteArrayList<>();
            try (Connector first = noting(server)) {
                first.pages(ISSUES)
                        .take(2)
                        .flatMapIterable(page -> {
                            page.next().ifPresent(token -> kept.add(token.text()));
                            return page.items();
                        })
                        .blockLast(SOON);
            }
            try (Connector second = noting(server)) {
                Endpoint<JsonNode> rest = ISSUES.from(PageToken.of(kept.get(1)));

                assertThat(second.records(rest)
                                .map(issue -> issue.get("number").intValue())
                                .collectList()
                                .block(SOON))
                        .hasSize(25)
                        .startsWith(21)
                        .endsWith(45);
                assertThat(second.pages(rest).map(Page::number).collectList().block(SOON))
                        .containsExactly(3, 4, 5);
            }
        }
    }

    private Flux<JsonNode> read(Connector connector, Endpoint<JsonNode> endpoint) {
        return connector.records(endpoint).doOnNext(issue -> delivered.incrementAndGet());
    }

    /** Notes how many records have been delivered whenever a request leaves. */
    private Connector noting(TestServer server) {
        return Connector.builder(server.url())
                .interceptor((request, next) -> {
                    deliveredAtRequests.add(delivered.get());
                    return next.exchange(request);
                })
                .build();
    }
}
