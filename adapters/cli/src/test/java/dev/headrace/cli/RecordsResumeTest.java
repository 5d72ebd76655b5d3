package dev.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.test.FakeApi;
import dev.headrace.test.FakeSlack;
import dev.headrace.test.FakeStripe;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

class RecordsResumeTest {

    private static final Pattern TOKEN = Pattern.compile("; go on with --resume ([\\w-]+)\\R$");
    private static final List<String> ISSUES = FakeApi.issues(50);

    @Test
    void goesOnBehindTheLastRecordOfALinkedPage() {
        FakeApi broken =
                FakeApi.linkHeader(ISSUES).pageSize(10).failing(503).onPage(3).once();

        try (TestServer api = broken.start()) {
            isWholeInTwoRuns(ISSUES, 20, "records", api.url() + "/issues", "--page", "link", "--retry", "0");
            assertThat(api.requests()).hasSize(3 + 3);
        }
    }

    @Test
    void goesOnBehindTheLastRecordOfACursor() {
        FakeSlack broken =
                FakeSlack.method("m", "items", ISSUES).failing(503).onRequest(3).once();

        try (TestServer api = broken.start()) {
            isWholeInTwoRuns(
                    ISSUES,
                    20,
                    "records",
                    api.url() + "/api/m?limit=10",
                    "--items",
                    "/items",
                    "--page",
                    "cursor:/response_metadata/next_cursor:cursor",
                    "--retry",
                    "0");
        }
    }

    @Test
    void goesOnBehindTheLastRecordOfAListByItsIds() {
        List<String> customers = FakeStripe.customers(50);
        FakeStripe broken = FakeStripe.list("/v1/customers", customers)
                .failing(401)
                .onRequest(3)
                .once();

        try (TestServer api = broken.start()) {
            isWholeInTwoRuns(
                    customers,
                    20,
                    "records",
                    api.url() + "/v1/customers",
                    "--items",
                    "/data",
                    "--page",
                    "last-item:/id:starting_after:/has_more");
        }
    }

    @Test
    void goesOnWithinAPageThatWasCutShort() {
        AtomicInteger requests = new AtomicInteger();
        Route cutOnce = (request, response) -> response.header("Content-Type", "application/x-ndjson")
                .sendString(Mono.just(requests.getAndIncrement() == 0 ? "1\n2\n{\"a\"" : "1\n2\n{\"a\":3}\n4\n"));

        try (TestServer api = cutOnce.start()) {
            isWholeInTwoRuns(
                    List.of("1", "2", "{\"a\":3}", "4"), 2, "records", api.url(), "--format", "ndjson", "--retry", "0");
        }
    }

    @Test
    void doesNotBelieveAPageThatHasChangedMeanwhile() {
        AtomicInteger requests = new AtomicInteger();
        Route changing = (request, response) -> response.header("Content-Type", "application/x-ndjson")
                .sendString(Mono.just(requests.getAndIncrement() == 0 ? "1\n2\n{\"a\"" : "1\n5\n6\n"));

        try (TestServer api = changing.start()) {
            String[] command = {"records", api.url(), "--format", "ndjson"};
            Ran first = Ran.headrace(command);
            Ran second = Ran.and(command, "--resume", token(first));

            assertThat(second.exitCode()).isEqualTo(4);
            assertThat(second.out()).isEmpty();
            assertThat(second.err())
                    .contains("the remote has changed them")
                    .doesNotContain("--resume")
                    .hasLineCount(1);
        }
    }

    @Test
    void namesNoTokenThatLeadsNoFurtherThanTheSameCommand() {
        try (TestServer api = Route.fixed(503, "text/plain", "no").start()) {
            assertThat(Ran.headrace("records", api.url(), "--retry", "0").err()).doesNotContain("--resume");
        }
    }

    @Test
    void namesNoTokenThatIsTooLong() {
        FakeApi broken =
                FakeApi.linkHeader(ISSUES).pageSize(10).failing(503).onPage(3).always();

        try (TestServer api = broken.start()) {
            String url = api.url() + "/issues?filter=" + "x".repeat(1_500);
            Ran ran = Ran.headrace("records", url, "--page", "link", "--retry", "0");

            assertThat(ran.exitCode()).isEqualTo(1);
            assertThat(ran.lines()).hasSize(20);
            assertThat(ran.err()).doesNotContain("--resume").hasLineCount(1);
        }
    }

    @Test
    void keepsASecretOfTheUrlOutOfTheTokenThoughTheLinkRepeatsIt() {
        FakeApi broken =
                FakeApi.linkHeader(ISSUES).pageSize(10).failing(503).onPage(3).always();

        try (TestServer api = broken.start()) {
            String url = api.url() + "/issues?access_token=s3cr3t-value";
            Ran ran = Ran.headrace("records", url, "--page", "link", "--retry", "0");

            assertThat(ran.lines()).hasSize(20);
            assertThat(ran.err()).contains("--resume ").doesNotContain("s3cr3t").hasLineCount(1);
            String token = ran.err()
                    .substring(ran.err().indexOf("--resume ") + "--resume ".length())
                    .strip();
            assertThat(new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8))
                    .doesNotContain("s3cr3t");
        }
    }

    @Test
    void keepsCredentialsOutOfTheToken() {
        FakeApi broken =
                FakeApi.linkHeader(ISSUES).pageSize(10).failing(503).onPage(3).always();

        try (TestServer api = broken.start()) {
            Ran ran = Ran.headrace(
                    "records",
                    api.url() + "/issues",
                    "--page",
                    "link",
                    "--retry",
                    "0",
                    "--bearer-env",
                    "HEADRACE_TEST_SECRET");

            String token = new String(Base64.getUrlDecoder().decode(token(ran)), StandardCharsets.UTF_8);
            assertThat(token).contains("page=3").doesNotContain("s3cr3t", "Bearer");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "nonsense", "a:b", "eyJhIjoxfQ", "eyJ2Ijo5fQ", "eyJ2IjoxfQ", "eyJ2IjoxLCJyZXF1ZXN0IjoxfQ"})
    void refusesWhatIsNoToken(String token) {
        Ran ran = Ran.headrace("records", "http://127.0.0.1:1/", "--retry", "0", "--resume", token);

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).startsWith("headrace: ").contains("--help").hasLineCount(1);
    }

    private static void isWholeInTwoRuns(List<String> records, int before, String... command) {
        Ran first = Ran.headrace(command);
        assertThat(first.exitCode()).isNotZero();
        assertThat(first.lines()).hasSize(before);
        assertThat(first.err()).hasLineCount(1);

        Ran second = Ran.and(command, "--resume", token(first));
        assertThat(second.err()).isEmpty();
        assertThat(second.exitCode()).isZero();

        List<String> both = new ArrayList<>(first.lines());
        both.addAll(second.lines());
        assertThat(both).isEqualTo(records);
    }

    private static String token(Ran failed) {
        Matcher token = TOKEN.matcher(failed.err());
        assertThat(token.find()).as(failed.err()).isTrue();
        return token.group(1);
    }
}
