package dev.headrace.examples.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.headrace.test.RangeFile;
import dev.headrace.test.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The page as somebody sees it who opens it in Chromium. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.SAME_THREAD)
class BrowserTest {

    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final long FILE = 12 * 1024 * 1024;
    private static final int DESKTOP = 1280;
    private static final int PHONE = 390;
    private static final int HEIGHT = 940;

    private final RangeFile file = RangeFile.ofSize(FILE).throttledTo(FILE / 4).always();

    private Path directory = SCREENSHOTS;
    private @Nullable TestServer files;
    private @Nullable RunningDashboard dashboard;
    private @Nullable Browser browser;

    @BeforeAll
    void openThePage(@TempDir Path directory) {
        this.directory = directory;
        assumeTrue(Browser.isThere(), "Chromium and chromedriver are not installed (Debian: chromium chromium-driver)");
        files = TestServer.builder().route("/files/reservoir.img", file).start();
        dashboard = RunningDashboard.start(
                directory.resolve("files"), "--dashboard.files[0]=" + files.uri("/files/reservoir.img"));
        browser = Browser.open(directory.resolve("profile"));
        browser.resize(DESKTOP, HEIGHT);
        browser.visit(dashboard.uri("/"));
    }

    @AfterAll
    void closeAll() {
        if (browser != null) {
            browser.close();
        }
        if (dashboard != null) {
            dashboard.close();
        }
        if (files != null) {
            files.close();
        }
    }

    @Test
    void showsEventsAsTheyCome() throws IOException {
        page().await(
                        "events",
                        page -> page.figure("#events") > 20
                                && page.texts("#feed li").size() > 10);

        assertThat(page().text("#state")).isEqualTo("connected");
        assertThat(page().figure("#rate")).isPositive();
        assertThat(page().figure("#browsers")).isEqualTo(1);
        assertThat(page().texts("#feed .data").get(0)).startsWith("gauge {\"level_m\":");
        assertThat(page().complaints()).isEmpty();
        page().screenshot(SCREENSHOTS.resolve("desktop.png"));
    }

    @Test
    void goesOnBehindTheLastEventWhenTheLineIsCut() {
        page().await("events", page -> page.texts("#feed li").size() > 10);
        long before = page().figure("#reconnects");

        page().click("#cut");
        page().await("a reconnection", page -> page.figure("#reconnects") > before);
        long then = page().figure("#events");
        page().await(
                        "events again",
                        page -> page.figure("#events") > then + 15
                                && page.text("#state").equals("connected"));

        List<Long> ids = ids();
        assertThat(ids).hasSizeGreaterThan(25);
        for (int i = 1; i < ids.size(); i++) {
            assertThat(ids.get(i)).as("ids of %s", ids).isEqualTo(ids.get(i - 1) - 1);
        }
        assertThat(page().count("chart.cuts.length")).isPositive();
    }

    @Test
    void pausesADownloadAndGoesOnWhereItWas() throws IOException {
        page().await("the file", page -> page.texts("#downloads .name").equals(List.of("reservoir.img")));

        page().click("#downloads button");
        page().await("progress", page -> page.share() > 0.1);
        assertThat(page().text("#downloads button")).isEqualTo("Pause");
        page().click("#downloads button");
        page().await("the pause", page -> page.text("#downloads .said").startsWith("paused"));
        double paused = page().share();
        long then = page().figure("#events");
        page().await("time to pass", page -> page.figure("#events") > then + 20);
        assertThat(page().share()).isEqualTo(paused);
        page().screenshot(SCREENSHOTS.resolve("paused.png"));

        page().click("#downloads button");
        page().await("going on", page -> page.text("#downloads .said").contains("went on at"));
        page().await("the end", page -> page.text("#downloads .said").startsWith("complete"));

        assertThat(Files.readAllBytes(directory.resolve("files/reservoir.img"))).isEqualTo(file.bytes(0, FILE));
    }

    @Test
    void fitsAPhone() throws IOException {
        try (Browser phone = Browser.open(directory.resolve("phone"))) {
            phone.resize(PHONE, HEIGHT);
            phone.visit(dashboard().uri("/"));
            phone.await("events", page -> page.texts("#feed li").size() > 10);

            assertThat(phone.count("document.documentElement.scrollWidth - innerWidth"))
                    .isNotPositive();
            phone.screenshot(SCREENSHOTS.resolve("phone.png"));
            phone.resize(PHONE, 2 * HEIGHT);
            phone.screenshot(SCREENSHOTS.resolve("phone-whole.png"));
        }
    }

    private List<Long> ids() {
        return page().texts("#feed .id").stream()
                .filter(id -> !id.isEmpty())
                .map(Long::parseLong)
                .toList();
    }

    private Browser page() {
        return Objects.requireNonNull(browser);
    }

    private RunningDashboard dashboard() {
        return Objects.requireNonNull(dashboard);
    }
}
