package dev.headrace.connector;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.decode.Decoder;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.TransportException;
import dev.headrace.json.Codec;
import dev.headrace.pagination.Page;
import dev.headrace.pagination.PageStop;
import dev.headrace.pagination.PageToken;
import dev.headrace.pagination.Pagination;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.test.FakeApi;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** How often a broken page is fetched again, and what a page does while nobody reads it. */
class RefetchedPagesTest {

    private static final Duration SOON = ofSeconds(20);
    /** Pages of about four megabytes, so that they stream. */
    private static final int LARGE = 40_000;

    record Issue(long number) {}

    private static final Endpoint<Issue> ISSUES =
            Endpoint.get("/issues").paginate(Pagination.linkHeader()).items(Issue.class);

    @Test
    void givesUpFetchingAgainAfterAsManyTriesAsTheRetryPolicySays() {
        try (TestServer server =
                        large(2 * LARGE).truncatingChunks().onPage(2).always().start();
                Connector connector = quick(server)) {
            List<Long> numbers = new ArrayList<>();
            Throwable failure =
                    failureOf(connector.records(ISSUES.paging(pages -> pages.refetchBrokenPages())), numbers);

            assertThat(failure).isInstanceOf(TransportException.class);
            assertThat(PageStop.of(failure)).isPresent();
            assertThat(numbers).doesNotHaveDuplicates();
            assertThat(server.requests()).hasSize(1 + 4);
        }
    }

    @Test
    void leavesAStatusToTheRetryPolicyAlone() {
        try (TestServer server = large(LARGE).failing(503).always().start();
                Connector connector = quick(server)) {
            assertThat(failureOf(
                            connector.records(ISSUES.paging(pages -> pages.refetchBrokenPages())), new ArrayList<>()))
                    .isInstanceOf(HttpStatusException.class);
            assertThat(server.requests()).hasSize(4);
        }
    }

    @Test
    void needsADecoderThatShowsItsItems() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Endpoint.get("/lines").decode(Decoder.lines()).paging(pages -> pages.refetchBrokenPages()));
    }

    @Test
    void readsOnByNumberWithATokenOfAnEarlierRun() {
        Route numbered = (request, response) ->
                FakeApi.linkHeader(FakeApi.issues(50)).pageSize(10).handle(request, response);
        Endpoint<Issue> byNumber =
                Endpoint.get("/issues").paginate(Pagination.pageNumber("page")).items(Issue.class);
        try (TestServer server = numbered.start();
                Connector connector = quick(server)) {
            PageToken third = connector
                    .pages(byNumber)
                    .elementAt(1)
                    .blockOptional(SOON)
                    .flatMap(Page::next)
                    .orElseThrow();

            assertThat(connector
                            .records(byNumber.from(third))
                            .map(Issue::number)
                            .collectList()
                            .block(SOON))
                    .isEqualTo(IntStream.rangeClosed(21, 50)
                            .mapToObj(n -> (long) n)
                            .toList());
        }
    }

    @Test
    void holdsBackTheSocketWhileNobodyReads() {
        try (TestServer server = TestServer.builder()
                        .sendBuffer(64 * 1024)
                        .route(
                                "/issues",
                                FakeApi.linkHeader(FakeApi.issues(300_000)).pageSize(300_000))
                        .start();
                Connector connector = quick(server)) {
            StepVerifier.create(
                            connector.records(Endpoint.get("/issues").decode(Decoder.items("", Codec.of(Issue.class)))),
                            5)
                    .expectNextCount(5)
                    .expectNoEvent(ofMillis(300))
                    .then(() -> assertThat(server.bytesSent()).isLessThan(12_000_000))
                    .thenCancel()
                    .verify(SOON);
        }
    }

    private static Throwable failureOf(Flux<Issue> records, List<Long> numbers) {
        return records.map(Issue::number)
                .doOnNext(numbers::add)
                .then()
                .<Throwable>map(never -> new AssertionError())
                .onErrorResume(Mono::just)
                .blockOptional(SOON)
                .orElseThrow();
    }

    private static FakeApi large(int issues) {
        return FakeApi.linkHeader("/issues", FakeApi.issues(issues)).pageSize(LARGE);
    }

    private static Connector quick(TestServer server) {
        return Connector.builder(server.url())
                .retry(RetryPolicy.exponential(ofMillis(1)))
                .build();
    }
}
