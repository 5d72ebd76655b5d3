package dev.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.test.FakeApi;
import dev.headrace.test.FakeGraph;
import dev.headrace.test.FakeSlack;
import dev.headrace.test.FakeStripe;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

class RecordsPagingTest {

    private static final List<String> ISSUES = FakeApi.issues(25);

    @Test
    void sendsTheCursorThatThePageHas() {
        FakeSlack slack = FakeSlack.method("conversations.list", "channels", ISSUES);

        try (TestServer api = slack.start()) {
            Ran ran = Ran.headrace(
                    "records",
                    api.url() + "/api/conversations.list?limit=10",
                    "--items",
                    "/channels",
                    "--page",
                    "cursor:/response_metadata/next_cursor:cursor");

            assertThat(ran.lines()).isEqualTo(ISSUES);
            assertThat(ran.exitCode()).isZero();
            assertThat(api.requests()).hasSize(3);
        }
    }

    @Test
    void sendsWhatTheLastRecordHasWhileThePageSaysThatThereAreMore() {
        List<String> customers = FakeStripe.customers(25);

        try (TestServer api = FakeStripe.list("/v1/customers", customers).start()) {
            String[] command = {"records", api.url() + "/v1/customers", "--items", "/data", "--page"};

            Ran told = Ran.and(command, "last-item:/id:starting_after:/has_more");
            assertThat(told.lines()).isEqualTo(customers);
            assertThat(api.requests()).hasSize(3);

            Ran untold = Ran.and(command, "last-item:/id:starting_after");
            assertThat(untold.lines()).isEqualTo(customers);
            // The fourth page is empty, which is how the end is known.
            assertThat(api.requests()).hasSize(3 + 4);
        }
    }

    @Test
    void followsTheUrlThatThePageHasByteForByte() {
        List<String> users = FakeGraph.users(25);

        try (TestServer api = FakeGraph.collection("/v1.0/users", users).start()) {
            Ran ran = Ran.headrace(
                    "records",
                    api.url() + "/v1.0/users?$top=10",
                    "--items",
                    "/value",
                    "--page",
                    "next-url:/@odata.nextLink");

            assertThat(ran.lines()).isEqualTo(users);
            assertThat(api.requests()).hasSize(3);
        }
    }

    @ParameterizedTest
    @CsvSource({"page:p, 1 2 3 4", "page:p:1, 1 2 3 4", "page:p:0, 0 1 2 3", "page:p:2, 2 3 4 5"})
    void numbersPages(String page, String numbers) {
        int first = Integer.parseInt(numbers.substring(0, 1));

        try (TestServer api = slices("p", 10, p -> (p - first) * 10).start()) {
            Ran ran = Ran.headrace("records", api.url() + "/?p=99&sort=up", "--page", page);

            assertThat(ran.lines()).isEqualTo(ISSUES);
            assertThat(api.requests())
                    .extracting(RecordedRequest::query)
                    .containsExactlyElementsOf(Stream.of(numbers.split(" "))
                            .map(number -> Map.of("p", List.of(number), "sort", List.of("up")))
                            .toList());
        }
    }

    @Test
    void countsTheRecordsBefore() {
        try (TestServer api = slices("skip", 10, skip -> skip).start()) {
            Ran ran = Ran.headrace("records", api.url(), "--page", "offset:skip:max:15");

            assertThat(ran.lines()).isEqualTo(ISSUES);
            // By as many as came, not as were wished for.
            assertThat(api.requests())
                    .extracting(request -> request.query("skip").orElse("") + " of "
                            + request.query("max").orElse(""))
                    .containsExactly("0 of 15", "10 of 15", "20 of 15", "25 of 15");
        }
    }

    @Test
    void failsWhereThereAreMorePagesThanToldOfAndSaysHowToGoOn() {
        try (TestServer api = FakeApi.linkHeader(ISSUES).pageSize(10).start()) {
            String[] command = {"records", api.url() + "/issues", "--page", "link", "--max-pages"};

            Ran ran = Ran.and(command, "2");
            assertThat(ran.exitCode()).isEqualTo(4);
            assertThat(ran.lines()).isEqualTo(ISSUES.subList(0, 20));
            assertThat(ran.err())
                    .contains("raise --max-pages; go on with --resume ")
                    .hasLineCount(1);
            assertThat(api.requests()).hasSize(2);

            assertThat(Ran.and(command, "3").exitCode()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 2", "2, 3"})
    void requestsSoManyPagesAhead(String prefetch, int requests) throws InterruptedException {
        List<String> wide = ISSUES.stream()
                .map(issue -> issue.replace("}", ",\"body\":\"" + "x".repeat(20_000) + "\"}"))
                .toList();
        SlowPipe pipe = SlowPipe.stuckAfter(1);

        try (TestServer api = FakeApi.linkHeader(wide).pageSize(10).start()) {
            Thread run = new Thread(() ->
                    Ran.into(pipe, "", "records", api.url() + "/issues", "--page", "link", "--prefetch", prefetch));
            run.start();
            // A page has 200 KB, so standard output stands still within the first one.
            api.awaitRequests(requests, Duration.ofSeconds(10));
            Awaitility.await()
                    .during(Duration.ofMillis(300))
                    .until(() -> api.requests().size() == requests);
            pipe.leave();
            run.join(10_000);
            assertThat(run.isAlive()).isFalse();
        }
    }

    @Test
    void takesRepetitionForAFailureUnlessItIsSaidToBeTheEnd() {
        Route ignorant = (request, response) ->
                response.header("Content-Type", "application/json").sendString(Mono.just("[1,2]"));

        try (TestServer api = ignorant.start()) {
            String[] command = {"records", api.url(), "--page", "page:p"};

            Ran refused = Ran.headrace(command);
            assertThat(refused.exitCode()).isEqualTo(4);
            assertThat(refused.lines()).containsExactly("1", "2", "1", "2");
            // A token would lead round the circle once more.
            assertThat(refused.err())
                    .contains("give --on-repeat complete")
                    .doesNotContain("--resume", "onRepeat")
                    .hasLineCount(1);
            assertThat(Ran.and(command, "--on-repeat", "error").exitCode()).isEqualTo(4);

            Ran ended = Ran.and(command, "--on-repeat", "complete");
            assertThat(ended.exitCode()).isZero();
            assertThat(ended.lines()).containsExactly("1", "2", "1", "2");
            assertThat(ended.err()).isEmpty();
        }
    }

    @Test
    void givesUpOnEmptyPagesWithoutNamingWhatOnlyTheLibraryHas() {
        FakeSlack empty = FakeSlack.method("m", "items", ISSUES).shortening(0).always();

        try (TestServer api = empty.start()) {
            Ran ran = Ran.headrace(
                    "records",
                    api.url() + "/api/m",
                    "--items",
                    "/items",
                    "--page",
                    "cursor:/response_metadata/next_cursor:cursor");

            assertThat(ran.exitCode()).isEqualTo(4);
            assertThat(ran.err()).contains("10 empty pages").doesNotContain("maxEmptyPages");
            assertThat(api.requests()).hasSize(10);
        }
    }

    @Test
    void takesAPageWithoutThePlaceOfTheRecordsForAnEmptyOneIfToldTo() {
        try (TestServer api =
                Route.fixed(200, "application/json", "{\"ok\":true}").start()) {
            String[] command = {"records", api.url(), "--items", "/items"};

            assertThat(Ran.headrace(command).exitCode()).isEqualTo(4);
            Ran optional = Ran.and(command, "--items-optional");
            assertThat(optional.exitCode()).isZero();
            assertThat(optional.out()).isEmpty();
        }
    }

    @Test
    void endsTheRequestsWithTheRecordsThatWereTaken() {
        try (TestServer api = slices("skip", 10, skip -> skip).start()) {
            Ran ran = Ran.headrace("records", api.url(), "--page", "offset:skip:max:10", "--take", "10");

            assertThat(ran.lines()).isEqualTo(ISSUES.subList(0, 10));
            assertThat(api.requests()).hasSize(1);
        }
    }

    /** Where pages of a size begin, by a number in the query; behind the last record they are empty. */
    private static Route slices(String parameter, int size, IntUnaryOperator beginning) {
        return (request, response) -> {
            int number = Integer.parseInt(new QueryStringDecoder(request.uri())
                    .parameters()
                    .getOrDefault(parameter, List.of("0"))
                    .get(0));
            int from = Math.min(beginning.applyAsInt(number), ISSUES.size());
            List<String> page = ISSUES.subList(from, Math.min(from + size, ISSUES.size()));
            return response.header("Content-Type", "application/json").sendString(Mono.just(page.toString()));
        };
    }
}
