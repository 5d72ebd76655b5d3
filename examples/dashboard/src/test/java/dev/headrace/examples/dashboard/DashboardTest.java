package dev.headrace.examples.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headrace.test.EventFeed;
import dev.headrace.test.RangeFile;
import dev.headrace.test.TestServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** What the page asks for, asked for without a browser. */
class DashboardTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Pattern REFERENCE = Pattern.compile("(?:href|src)=\"(/[^\"]+)\"");

    @TempDir
    Path directory;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void servesThePageAndAllThatItRefersTo() throws Exception {
        try (RunningDashboard dashboard = RunningDashboard.start(directory)) {
            HttpResponse<String> page = get(dashboard, "/");

            assertThat(page.statusCode()).isEqualTo(200);
            Matcher references = REFERENCE.matcher(page.body());
            int found = 0;
            while (references.find()) {
                assertThat(get(dashboard, references.group(1)).statusCode())
                        .as(references.group(1))
                        .isEqualTo(200);
                found++;
            }
            assertThat(found).isEqualTo(4);
        }
    }

    @Test
    void relaysAnyFeedAndLeavesItWhenNobodyLooks() {
        try (TestServer server = EventFeed.endless()
                        .interval(Duration.ofMillis(20))
                        .type("change")
                        .start();
                RunningDashboard dashboard =
                        RunningDashboard.start(directory, "--dashboard.feed=" + server.uri("/any?since=1"))) {
            PlainReader reader = PlainReader.of(dashboard.uri("/live"));
            await().atMost(PATIENCE).until(() -> reader.log().lastId() > 5);

            assertThat(server.requests().get(0).uri()).isEqualTo("/any?since=1");
            assertThat(dashboard.bean(LiveFeed.class).state()).isEqualTo("connected");
            reader.dispose();
            await().atMost(PATIENCE).until(() -> server.openConnections() == 0);
            assertThat(dashboard.bean(LiveFeed.class).state()).isEqualTo("nobody is looking");
        }
    }

    @Test
    void saysThatTheFeedFailsAndTriesAgain() {
        EventFeed feed =
                EventFeed.endless().interval(Duration.ofMillis(20)).failing(404).once();
        try (TestServer server = feed.start();
                RunningDashboard dashboard =
                        RunningDashboard.start(directory, "--dashboard.feed=" + server.uri("/feed"))) {
            LiveFeed live = dashboard.bean(LiveFeed.class);
            PlainReader reader = PlainReader.of(dashboard.uri("/live"));

            await().atMost(PATIENCE)
                    .until(() ->
                            live.state().startsWith("failed: ") && live.state().contains("404"));
            await().atMost(PATIENCE).until(() -> reader.log().lastId() > 5);
            assertThat(live.state()).isEqualTo("connected");
            reader.dispose();
        }
    }

    @Test
    void goesOnWithADownloadOfAnEarlierRun() throws Exception {
        long size = 4 * 1024 * 1024;
        RangeFile file = RangeFile.ofSize(size).throttledTo(size / 2).always();
        try (TestServer server = TestServer.builder().route("/lake.img", file).start()) {
            String[] args = {"--dashboard.files[0]=" + server.uri("/lake.img")};
            try (RunningDashboard first = RunningDashboard.start(directory, args)) {
                post(first, "/downloads/lake.img/resume");
                await().atMost(PATIENCE).until(() -> view(first).done() > size / 8);
            }
            try (RunningDashboard second = RunningDashboard.start(directory, args)) {
                post(second, "/downloads/lake.img/resume");
                await().atMost(PATIENCE).until(() -> view(second).state().equals("done"));
                assertThat(view(second).resumedFrom()).isGreaterThan(0);
            }
        }
        assertThat(Files.readAllBytes(directory.resolve("lake.img"))).isEqualTo(file.bytes(0, size));
    }

    @Test
    void knowsNoOtherFiles() throws Exception {
        try (RunningDashboard dashboard = RunningDashboard.start(directory)) {
            assertThat(post(dashboard, "/downloads/other.img/resume").statusCode())
                    .isEqualTo(404);
            assertThat(post(dashboard, "/downloads/..%2F..%2Fetc%2Fpasswd/resume")
                            .statusCode())
                    .isGreaterThanOrEqualTo(400);
        }
    }

    @Test
    void goesOnBehindTheLastEventWhenTheLineIsCutAndWhenABrowserComesBack() throws Exception {
        try (RunningDashboard dashboard = RunningDashboard.start(directory)) {
            PlainReader reader = PlainReader.of(dashboard.uri("/live"));
            await().atMost(PATIENCE).until(() -> reader.log().lastId() > 5);
            long cut = reader.log().lastId();

            assertThat(post(dashboard, "/feed/cut").statusCode()).isEqualTo(204);
            await().atMost(PATIENCE).until(() -> reader.log().lastId() > cut + 5);
            reader.dispose();
            PlainReader back = PlainReader.of(dashboard.uri("/live"), Long.toString(cut));
            await().atMost(PATIENCE).until(() -> back.log().lastId() > cut + 8);

            assertThat(reader.log().isInARow()).isTrue();
            assertThat(back.log().isInARow()).isTrue();
            assertThat(back.log().firstId()).isEqualTo(cut + 1);
            back.dispose();
        }
    }

    @Test
    void doesNothingForPagesOfOtherSites() throws Exception {
        try (RunningDashboard dashboard = RunningDashboard.start(directory)) {
            HttpRequest foreign = HttpRequest.newBuilder(dashboard.uri("/downloads/survey.tar/resume"))
                    .header("Sec-Fetch-Site", "cross-site")
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build();

            assertThat(http.send(foreign, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(403);
            assertThat(dashboard.bean(Downloads.class).views())
                    .allMatch(view -> view.state().equals("waiting"));
        }
    }

    @Test
    void tellsActuatorHowTheFeedIs() throws Exception {
        try (RunningDashboard dashboard = RunningDashboard.start(directory)) {
            assertThat(get(dashboard, "/actuator/health").body())
                    .contains("\"headrace\":{\"components\":{\"feed\":")
                    .doesNotContain("\"files\"");
        }
    }

    @Test
    void showsWhatItCountsAsMeters() throws Exception {
        try (RunningDashboard dashboard = RunningDashboard.start(directory)) {
            PlainReader reader = PlainReader.of(dashboard.uri("/live"));
            await().atMost(PATIENCE).until(() -> reader.log().lastId() > 5);

            HttpResponse<String> events = get(dashboard, "/actuator/metrics/headrace.events?tag=stream:feed");

            assertThat(events.statusCode()).isEqualTo(200);
            assertThat(events.body()).containsPattern("\"value\":[1-9]");
            reader.dispose();
        }
    }

    @Test
    void downloadsGoWhereTemporaryFilesGoUnlessToldOtherwise() {
        try (ConfigurableApplicationContext context = Dashboard.application().run("--server.port=0")) {
            assertThat(context.getBean(DashboardProperties.class).directory())
                    .isEqualTo(Path.of(System.getProperty("java.io.tmpdir", ""), "headrace-dashboard"));
        }
    }

    @Test
    void endsAtOnceThoughBrowsersLook() {
        RunningDashboard dashboard = RunningDashboard.start(directory, "--headrace.shutdown-grace=20s");
        PlainReader reader = PlainReader.of(dashboard.uri("/live"));
        await().atMost(PATIENCE).until(() -> reader.log().lastId() > 0);

        long start = System.nanoTime();
        dashboard.close();

        // The grace of Spring Boot's web server is 30 s, and a feed that lingers would take all of the connectors'.
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
        await().atMost(PATIENCE).until(reader::isDisposed);
    }

    private static DownloadTask.View view(RunningDashboard dashboard) {
        return dashboard.bean(Downloads.class).views().get(0);
    }

    private HttpResponse<String> get(RunningDashboard dashboard, String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(dashboard.uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(RunningDashboard dashboard, String path)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(dashboard.uri(path))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
