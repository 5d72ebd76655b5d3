package dev.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.test.EventFeed;
import dev.headrace.test.FakeApi;
import dev.headrace.test.NextLink;
import dev.headrace.test.RawServer;
import dev.headrace.test.Reply;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

class FailureTest {

    private static final String SECRET = "s3cr3t-value";

    @ParameterizedTest
    @CsvSource({"500, 1", "503, 1", "429, 1", "400, 1", "422, 1", "401, 3", "403, 3", "404, 3", "410, 3", "301, 3"})
    void tellsByTheStatusWhoMustDoSomething(int status, int exitCode) {
        try (TestServer server = Route.fixed(status, "text/plain", "no").start()) {
            Ran ran = Ran.headrace("fetch", server.url() + "/x", "--retry", "0");

            assertThat(ran.exitCode()).isEqualTo(exitCode);
            assertThat(ran.out()).isEmpty();
            assertThat(ran.err())
                    .startsWith("headrace: GET " + server.url() + "/x: status " + status)
                    .hasLineCount(1);
        }
    }

    @Test
    void saysThatNobodyListens() {
        int port;
        try (TestServer server = TestServer.builder().start()) {
            port = server.port();
        }

        Ran ran = Ran.headrace("fetch", "http://127.0.0.1:" + port + "/x", "--retry", "0");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err()).contains("connection refused").hasLineCount(1);
    }

    @Test
    void saysThatTheAnswerDoesNotCome() {
        try (RawServer server = RawServer.replies(Reply.nothing().stall()).start()) {
            Ran ran = Ran.headrace("fetch", server.url(), "--retry", "0", "--response-timeout", "100ms");

            assertThat(ran.exitCode()).isEqualTo(1);
            assertThat(ran.err())
                    .contains("100 ms; raise --response-timeout if")
                    .hasLineCount(1);
        }
    }

    @Test
    void doesNotBelieveADocumentThatIsCutShort() {
        FakeApi cut =
                FakeApi.linkHeader(FakeApi.issues(10)).truncatingUnframed().always();

        try (TestServer server = cut.start()) {
            assertThat(Ran.headrace("records", server.url(), "--retry", "0").exitCode())
                    .isEqualTo(4);
        }
    }

    @Test
    void doesNotBelievePagesThatGoRoundInCircles() {
        Route circle = (request, response) -> response.header("Link", "<" + request.uri() + ">; rel=\"next\"")
                .header("Content-Type", "application/json")
                .sendString(Mono.just("[1]"));

        try (TestServer server = circle.start()) {
            Ran ran = Ran.headrace("records", server.url() + "/x", "--page", "link");

            assertThat(ran.exitCode()).isEqualTo(4);
            assertThat(ran.lines()).containsExactly("1");
        }
    }

    @Test
    void namesTheOptionThatAllowsAnotherOrigin() {
        try (TestServer other = FakeApi.linkHeader(FakeApi.issues(150)).start();
                TestServer server = FakeApi.linkHeader(FakeApi.issues(150))
                        .links(NextLink.onOrigin(other.url()))
                        .start()) {
            String[] command = {"records", server.url() + "/x", "--page", "link"};
            Ran refused = Ran.headrace(command);

            assertThat(refused.exitCode()).isEqualTo(4);
            assertThat(refused.err()).contains("--allow-origin " + other.url()).doesNotContain("strip");
            Ran allowed = Ran.headrace("records", server.url() + "/x", "--page", "link", "--allow-origin", other.url());
            assertThat(allowed.lines()).hasSize(150);
        }
    }

    @Test
    void failsAsThisMachineWhenTheDiskBehindStandardOutputIsFull() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("No space left on device");
            }
        };

        try (TestServer server = Route.fixed(200, "text/plain", "ok").start()) {
            Ran ran = Ran.into(full, "", "fetch", server.url());

            assertThat(ran.exitCode()).isEqualTo(5);
            assertThat(ran.err()).contains("No space left on device").hasLineCount(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "fetch",
                "nonsense",
                "fetch example.com",
                "fetch ftp://example.com/x",
                "fetch http://ada:pw@example.com/",
                "fetch http://h/ --nonsense",
                "fetch http://h/ --json",
                "fetch http://h/ -H nonsense",
                "fetch http://h/ -q nonsense",
                "fetch http://h/ -d @/does/not/exist",
                "fetch http://h/ --retry -1",
                "fetch http://h/ --retry-delay 5",
                "fetch http://h/ --retry-delay 0s",
                "fetch http://h/ --bearer-env A --basic-env B",
                "fetch http://h/ --api-key-env X",
                "fetch http://h/ --allow-origin nonsense",
                "fetch http://h/ --rate 10",
                "fetch https://h/ --key a.key",
                "fetch https://h/ --insecure --cacert a.pem",
                "check",
                "check nonsense",
                "check http://h/ --retry 3",
                "records http://h/ --take -1",
                "events http://h/ --max-events -1",
                "records http://h/ --page cursor:/next",
                "records http://h/ --items nonsense",
                "records http://h/ --format xml",
                "records http://h/ --format ndjson --items /a",
                "records http://h/ --format ndjson --items-optional",
                "records http://h/ --format ndjson --page cursor:/a:b",
                "records http://h/ --on-repeat ask",
                "events http://h/ --max-event-size 0",
                "events http://h/ --reconnect-delay 0s",
                "events http://h/ --backpressure drop-oldest:0",
                "events http://h/ --on-oversized ask",
                "events http://h/ --deduplicate 0",
                "events http://h/ --max-reconnects -1",
                "download http://h/x --digest sha256:12",
                "download http://h/x --on-existing ask",
                "download http://h/x -o /"
            })
    void refusesWrongUsageInOneLine(String commandLine) {
        Ran ran = Ran.headrace(commandLine.isEmpty() ? new String[0] : commandLine.split(" "));

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err())
                .startsWith("headrace: ")
                .contains("--help")
                .doesNotContain("pw")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource({
        "fetch --retry -1, --retry must not be negative",
        "fetch --retry-delay 0s, --retry-delay must be more than zero",
        "fetch --retry-delay 5s --retry-max-delay 1s, --retry-max-delay must not be shorter",
        "records --max-pages 0, --max-pages must be at least 1",
        "records --prefetch -1, --prefetch must not be negative",
        "events --reconnect-delay 0s, --reconnect-delay must be more than zero",
        "events --max-reconnects -1, --max-reconnects must not be negative",
        "events --max-event-size 0, --max-event-size must be more than zero",
        "events --deduplicate 0, --deduplicate must be more than zero"
    })
    void namesTheOptionThatIsWrong(String commandLine, String problem) {
        assertThat(Ran.and(commandLine.split(" "), "http://h/").err()).startsWith("headrace: " + problem);
    }

    @Test
    void listsThePaginationsThereAre() {
        assertThat(Ran.headrace("records", "http://h/", "--page", "nonsense").err())
                .contains("none, link, next-url:POINTER, cursor:POINTER:PARAM, last-item:", "page:PARAM", "offset:");
    }

    @ParameterizedTest
    @CsvSource({
        "none:1, none",
        "link:/a, link",
        "next-url, next-url:POINTER",
        "next-url:a, next-url:POINTER",
        "next-url:/a:b, next-url:POINTER",
        "cursor:/a, cursor:POINTER:PARAM",
        "cursor:/a:, cursor:POINTER:PARAM",
        "cursor:/a~:b, cursor:POINTER:PARAM",
        "cursor:/a:b:c, cursor:POINTER:PARAM",
        "last-item:/a, last-item:POINTER:PARAM[:HAS_MORE_POINTER]",
        "last-item:/a:b:, last-item:POINTER:PARAM[:HAS_MORE_POINTER]",
        "last-item:/a:b:c, last-item:POINTER:PARAM[:HAS_MORE_POINTER]",
        "page, page:PARAM[:START]",
        "page:, page:PARAM[:START]",
        "page:p:-1, page:PARAM[:START]",
        "page:p:x, page:PARAM[:START]",
        "page:p:9999999999, page:PARAM[:START]",
        "offset:skip, offset:PARAM:LIMIT_PARAM:SIZE",
        "offset:skip:max, offset:PARAM:LIMIT_PARAM:SIZE",
        "offset:skip:max:0, offset:PARAM:LIMIT_PARAM:SIZE",
        "offset:skip:max:9999999999, offset:PARAM:LIMIT_PARAM:SIZE"
    })
    void showsHowAPaginationIsWritten(String wrong, String right) {
        Ran ran = Ran.headrace("records", "http://h/", "--page", wrong);

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err()).contains("--page", "; write " + right + "; see").hasLineCount(1);
    }

    @Test
    void putsControlCharactersOfTheRemoteOutOfHarmsWay() {
        EventFeed feed = EventFeed.of(1).data(n -> "oops").ids(n -> "\u001b[31mred\u009b", Long::parseLong);

        try (TestServer server = feed.start()) {
            Ran ran = Ran.headrace("events", server.url(), "--decode-json");

            assertThat(ran.err().strip()).doesNotMatch("(?s).*\\p{Cc}.*").contains("?[31mred?");
        }
    }

    @Test
    void sendsCredentialsAndNeverPrintsThem(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("token"), SECRET + "\n");
        List<List<String>> sources = List.of(
                List.of("--bearer-env", "HEADRACE_TEST_SECRET"),
                List.of("--bearer-env", "@" + file),
                List.of("--basic-env", "HEADRACE_TEST_LOGIN"),
                List.of("--api-key-env", "X-Api-Key=HEADRACE_TEST_SECRET"));

        try (TestServer server = Route.fixed(401, "text/plain", "no").start()) {
            for (List<String> source : sources) {
                Ran ran = Ran.headrace("fetch", server.url() + "/?token=" + SECRET, source.get(0), source.get(1));

                assertThat(ran.exitCode()).isEqualTo(3);
                assertThat(ran.out() + ran.err())
                        .doesNotContain(SECRET)
                        .doesNotContain("Basic")
                        .contains("check the credentials");
            }

            assertThat(server.requests())
                    .extracting(request -> request.header("Authorization")
                            .or(() -> request.header("X-Api-Key"))
                            .orElse(""))
                    .containsExactly("Bearer " + SECRET, "Bearer " + SECRET, "Basic YWRhOnMzY3IzdC12YWx1ZQ==", SECRET);
        }
    }

    @Test
    void doesNotRepeatASecretThatWasTakenForAVariable() {
        Ran ran = Ran.headrace("fetch", "http://127.0.0.1:1/", "--bearer-env", "ghp_16C7e42F292c6912E7");

        assertThat(ran.exitCode()).isEqualTo(3);
        assertThat(ran.err()).contains("--bearer-env").doesNotContain("ghp_").hasLineCount(1);
    }

    @Test
    void repeatsOfAnUnknownOptionOnlyItsName() {
        assertThat(Ran.headrace("fetch", "http://h/", "--bearer=" + SECRET).err())
                .startsWith("headrace: Unknown option: '--bearer'; ")
                .doesNotContain(SECRET);
    }

    // M2
    @Test
    void explainsItself() {
        Ran help = Ran.headrace("--help");

        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).contains("fetch", "records", "events", "download", "check");
        assertThat(help.err()).isEmpty();
        assertThat(Ran.headrace("--version").out()).startsWith("headrace ");
        assertThat(Ran.headrace("events", "--help").out()).contains("--last-event-id");
    }
}
