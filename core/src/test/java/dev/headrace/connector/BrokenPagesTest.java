package dev.headrace.connector;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.decode.ItemsChangedException;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Timeouts;
import dev.headrace.http.TransportException;
import dev.headrace.json.DecodingException;
import dev.headrace.pagination.Page;
import dev.headrace.pagination.PageOptions;
import dev.headrace.pagination.Pagination;
import dev.headrace.pagination.PaginationException;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.test.FakeApi;
import dev.headrace.test.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;

/** Pages that fail somewhere, and readings that go on behind the last record: none lost, none twice. Row L58. */
class BrokenPagesTest {

    private static final Duration SOON = ofSeconds(20);

    /** Three pages; each is larger than what is held in memory, so that records leave it before it is complete. */
    private static final int LARGE = 300;

    record Issue(long number, String title) {}

    private static final Endpoint<Issue> ISSUES =
            Endpoint.get("/issues").paginate(Pagination.linkHeader()).items(Issue.class);

    @ParameterizedTest
    @ValueSource(strings = {"chunks", "length", "unframed"})
    void readsOnBehindTheLastRecordOfAPageThatBrokeOff(String framing) {
        try (TestServer server = cut(large(), framing).start();
                Connector connector = once(server)) {
            Reading<Long> before = Reading.of(connector.records(ISSUES).map(Issue::number));

            assertThat(before.failure()).isInstanceOfAny(TransportException.class, DecodingException.class);
            assertThat(before.records()).hasSizeBetween(LARGE + 1, 2 * LARGE - 1);
            assertThat(before.stop().page()).isEqualTo(2);
            assertThat(before.token().taken()).isEqualTo(before.records().size() - LARGE);

            List<Long> all = new ArrayList<>(before.records());
            all.addAll(numbers(connector, ISSUES.from(before.token())));
            assertThat(all).isEqualTo(upTo(750));
            assertThat(server.requests()).hasSize(2 + 2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"chunks", "length", "unframed"})
    void fetchesABrokenPageAgainAndGoesOnWithinIt(String framing) {
        try (TestServer server = cut(large(), framing).start();
                Connector connector = quick(server)) {
            assertThat(numbers(connector, ISSUES.paging(PageOptions::refetchBrokenPages)))
                    .isEqualTo(upTo(750));
            assertThat(server.requests()).hasSize(3 + 1);
        }
    }

    @Test
    void doesNotGoOnWithinAPageThatHasChanged() {
        FakeApi changing = large().truncatingChunks().onRequest(2).once();
        try (TestServer server = changing.answering("application/json", "[{\"number\":7,\"title\":\"another\"}]")
                        .onRequest(3)
                        .once()
                        .start();
                Connector connector = once(server)) {
            Reading<Issue> before = Reading.of(connector.records(ISSUES));
            Reading<Issue> after = Reading.of(connector.records(ISSUES.from(before.token())));

            assertThat(after.records()).isEmpty();
            assertThat(after.failure()).isInstanceOf(ItemsChangedException.class);
            assertThat(after.stop().page()).isEqualTo(2);

            // Whoever can take records twice may begin with the page.
            assertThat(numbers(connector, ISSUES.from(before.token().atPageStart())))
                    .isEqualTo(upTo(750).subList(LARGE, 750));
        }
    }

    /** No record of a page that broke off has reached whoever reads whole pages. */
    @Test
    void readsAWholePageAgainOfWhichAPartCame() {
        try (TestServer server = cut(large(), "chunks").start();
                Connector connector = once(server)) {
            Reading<Page<Issue>> before = Reading.of(connector.pages(ISSUES));

            assertThat(before.records()).extracting(Page::number).containsExactly(1);
            assertThat(before.stop().page()).isEqualTo(2);

            List<Page<Issue>> after = connector
                    .pages(ISSUES.from(before.token()))
                    .collectList()
                    .blockOptional(SOON)
                    .orElseThrow();
            assertThat(after).extracting(Page::number).containsExactly(2, 3);
            assertThat(after)
                    .flatExtracting(Page::items)
                    .extracting(Issue::number)
                    .isEqualTo(upTo(750).subList(LARGE, 750));
        }
    }

    /** A token may lead into a page: of a rest that failed too, nothing more has been seen. */
    @Test
    void readsTheRestOfAPageAgainOfWhichAPartCame() {
        List<String> issues = FakeApi.issues(30);
        FakeApi failing = small(30)
                .answering("application/json", "[" + String.join(",", issues.subList(10, 13)) + ",17]")
                .onRequest(2)
                .once()
                .answering("application/json", "[" + String.join(",", issues.subList(10, 16)) + ",17]")
                .onRequest(3)
                .once();
        try (TestServer server = failing.start();
                Connector connector = once(server)) {
            Reading<Issue> records = Reading.of(connector.records(ISSUES));
            Reading<Page<Issue>> pages = Reading.of(connector.pages(ISSUES.from(records.token())));

            assertThat(records.records()).hasSize(13);
            assertThat(pages.records()).isEmpty();
            assertThat(pages.token()).isEqualTo(records.token());
            assertThat(numbers(connector, ISSUES.from(pages.token()))).isEqualTo(upTo(30).subList(13, 30));
        }
    }

    @Test
    void saysBehindWhichRecordAnotherCannotBeRead() {
        List<String> issues = new ArrayList<>(FakeApi.issues(30));
        issues.set(14, "{\"number\":\"fifteen\"}");
        try (TestServer server =
                        FakeApi.linkHeader("/issues", issues).pageSize(10).start();
                Connector connector = once(server)) {
            Reading<Long> records = Reading.of(connector.records(ISSUES).map(Issue::number));
            Reading<Page<Issue>> pages = Reading.of(connector.pages(ISSUES));

            assertThat(records.records()).isEqualTo(upTo(14));
            assertThat(records.failure()).isInstanceOf(DecodingException.class);
            assertThat(records.stop().page()).isEqualTo(2);
            assertThat(records.token().taken()).isEqualTo(4);
            assertThat(pages.records()).hasSize(1);
            assertThat(pages.token().taken()).isZero();
        }
    }

    @ParameterizedTest(name = "with {0} pages ahead")
    @ValueSource(ints = {0, 1, 2, 5})
    void failsNoSoonerForReadingAhead(int ahead) {
        try (TestServer server = small(45).failing(500).onPage(3).once().start();
                Connector connector = once(server)) {
            Endpoint<Issue> reading = ISSUES.paging(pages -> pages.prefetchPages(ahead));
            Reading<Long> before = Reading.of(connector.records(reading).map(Issue::number));

            assertThat(before.records()).isEqualTo(upTo(20));
            assertThat(before.failure()).isInstanceOf(HttpStatusException.class);
            assertThat(before.stop().page()).isEqualTo(3);
            assertThat(numbers(connector, reading.from(before.token()))).isEqualTo(upTo(45).subList(20, 45));
        }
    }

    @ParameterizedTest(name = "with {0} pages ahead")
    @ValueSource(ints = {0, 1, 2})
    void readsAheadAsFarAsItIsTold(int ahead) {
        try (TestServer server = small(95).start();
                Connector connector = once(server)) {
            StepVerifier.create(connector.records(ISSUES.paging(pages -> pages.prefetchPages(ahead))), 1)
                    .expectNextCount(1)
                    .then(() -> server.awaitRequests(1 + ahead, SOON))
                    // Long enough for a request that should not be sent to arrive.
                    .expectNoEvent(ofMillis(100))
                    .thenCancel()
                    .verify(SOON);

            assertThat(server.requests()).hasSize(1 + ahead);
        }
    }

    @Test
    void readsInPortionsOfSoManyPages() {
        try (TestServer server = small(45).start();
                Connector connector = once(server)) {
            Endpoint<Issue> portion = ISSUES.paging(pages -> pages.maxPages(2));
            Reading<Long> first = Reading.of(connector.records(portion).map(Issue::number));
            Reading<Long> second =
                    Reading.of(connector.records(portion.from(first.token())).map(Issue::number));
            Reading<Long> third =
                    Reading.of(connector.records(portion.from(second.token())).map(Issue::number));

            assertThat(first.failure()).isInstanceOf(PaginationException.class);
            assertThat(first.records()).isEqualTo(upTo(45).subList(0, 20));
            assertThat(second.records()).isEqualTo(upTo(45).subList(20, 40));
            assertThat(third.records()).isEqualTo(upTo(45).subList(40, 45));
            assertThat(third.failure()).isNull();
            assertThat(server.requests()).hasSize(5);
        }
    }

    @Test
    void repeatsASmallPageThatStandsStill() {
        try (TestServer server = small(25).stalling().onPage(2).once().start();
                Connector connector = quick(server)
                        .mutate()
                        .timeouts(Timeouts.defaults().gap(ofMillis(300)))
                        .build()) {
            assertThat(numbers(connector, ISSUES)).isEqualTo(upTo(25));
            assertThat(server.requests()).hasSize(4);
        }
    }

    private static FakeApi cut(FakeApi api, String framing) {
        return (switch (framing) {
                    case "length" -> api.truncating();
                    case "chunks" -> api.truncatingChunks();
                    default -> api.truncatingUnframed();
                })
                .onPage(2)
                .once();
    }

    private static FakeApi large() {
        String title = "t".repeat(10_000);
        return FakeApi.linkHeader(
                        "/issues",
                        upTo(750).stream()
                                .map(number -> "{\"number\":%d,\"title\":\"%s\"}".formatted(number, title))
                                .toList())
                .pageSize(LARGE);
    }

    private static FakeApi small(int issues) {
        return FakeApi.linkHeader("/issues", FakeApi.issues(issues)).pageSize(10);
    }

    private static Connector once(TestServer server) {
        return Connector.builder(server.url()).retry(RetryPolicy.never()).build();
    }

    private static Connector quick(TestServer server) {
        return Connector.builder(server.url())
                .retry(RetryPolicy.exponential(ofMillis(1)))
                .build();
    }

    private static List<Long> numbers(Connector connector, Endpoint<Issue> issues) {
        return connector
                .records(issues)
                .map(Issue::number)
                .collectList()
                .blockOptional(SOON)
                .orElseThrow();
    }

    private static List<Long> upTo(int last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }
}
