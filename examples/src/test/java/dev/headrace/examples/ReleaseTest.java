package dev.headrace.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What a release says of itself is the same everywhere, and all that it needs is there. */
class ReleaseTest {

    private static final long LONGEST_MINUTES = 40;

    private static String read(String file) throws IOException {
        return Files.readString(GuideLinksTest.ROOT.resolve(file));
    }

    private static List<String> all(String text, String pattern) {
        return Pattern.compile(pattern, Pattern.MULTILINE)
                .matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    @Test
    void everyPlaceNamesTheSameVersion() throws IOException {
        String version = all(read("pom.xml"), "^  <version>(.*)</version>$").get(0);

        // Between releases the guide speaks of the last one.
        assumeFalse(version.endsWith("-SNAPSHOT"));
        assertThat(all(read("bom/pom.xml"), "^  <version>(.*)</version>$")).containsExactly(version);
        assertThat(all(read("README.md"), "<version>(.*)</version>")).containsExactly(version);
        assertThat(all(read("docs/getting-started.md"), "<version>(\\d.*)</version>"))
                .contains(version);
        assertThat(all(read("examples/consumer/pom.xml"), "<headrace.version>(.*)</headrace.version>"))
                .containsExactly(version);
        assertThat(all(read("CHANGELOG.md"), "^## \\[(\\d.*)]")).first().isEqualTo(version);
    }

    @Test
    void theBomNamesEachModuleThatIsPublished() throws IOException {
        List<String> published = new ArrayList<>();
        for (String module : all(read("pom.xml"), "<module>(.*)</module>")) {
            String pom = read(module + "/pom.xml");
            if (!pom.contains("<maven.deploy.skip>true") && !module.equals("bom")) {
                published.addAll(all(pom, "^  <artifactId>(.*)</artifactId>$"));
            }
        }
        String artifacts =
                all(read("examples/consumer/check.sh"), "^artifacts=\"(.*)\"$").get(0);

        assertThat(published).contains("headrace-core").doesNotContain("headrace-examples");
        assertThat(all(read("bom/pom.xml"), "^        <artifactId>(headrace-.*)</artifactId>$"))
                .containsExactlyInAnyOrderElementsOf(published);
        assertThat(artifacts.split(" ", -1))
                .extracting(artifact -> "headrace-" + artifact)
                .containsExactlyInAnyOrderElementsOf(published);
    }

    /** Builds the release twice, and a project that takes it. Takes minutes. */
    @Test
    @EnabledIfSystemProperty(named = "headrace.soak", matches = "true")
    void isFitToPublish(@TempDir Path folder) throws IOException, InterruptedException {
        Path log = folder.resolve("log");
        Process check = new ProcessBuilder(GuideLinksTest.ROOT
                        .resolve("examples/consumer/check.sh")
                        .toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(check.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)).isTrue();
        } finally {
            check.descendants().forEach(ProcessHandle::destroyForcibly);
            check.destroyForcibly();
        }
        String said = Files.readString(log);

        assertThat(check.exitValue()).as(said).isZero();
        assertThat(said).contains("on the class path", "as modules", "is fit to publish");
    }
}
