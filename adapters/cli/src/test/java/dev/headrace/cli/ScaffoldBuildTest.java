package dev.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Builds a new project for real, which takes minutes. M32 */
@EnabledIfSystemProperty(named = "headrace.soak", matches = "true")
class ScaffoldBuildTest {

    private static final String MODULES =
            "bom,testing,core,sse,transfer,adapters/spec,adapters/airbyte,adapters/server,adapters/cli";
    private static final long LONGEST_MINUTES = 40;

    @TempDir
    private Path directory;

    private static Path checkout() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mvnw"))) {
            Path parent = folder.getParent();
            assertThat(parent).as("a folder with the wrapper above " + folder).isNotNull();
            folder = parent;
        }
        return folder;
    }

    private String run(Path folder, List<String> command) throws IOException, InterruptedException {
        Path log = directory.resolve("log-" + System.nanoTime());
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(log.toFile())
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        String said = Files.readString(log, StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }

    private List<String> maven(String... arguments) {
        Path users =
                Path.of(System.getProperty("maven.repo.local", System.getProperty("user.home") + "/.m2/repository"));
        List<String> command = new ArrayList<>(List.of(
                checkout().resolve("mvnw").toString(),
                "--batch-mode",
                "--no-transfer-progress",
                // What this checkout installs stays here; all else comes from where it is already.
                "-Dmaven.repo.local=" + directory.resolve("repository"),
                "-Dmaven.repo.local.tail=" + users,
                "-Daether.enhancedLocalRepository.trackingFilename=none"));
        command.addAll(List.of(arguments));
        return command;
    }

    @Test
    void aNewProjectBuildsPassesItsTestsAndRuns() throws Exception {
        run(
                checkout(),
                maven(
                        "-q",
                        "install",
                        "-Dmaven.test.skip=true",
                        "-Dmaven.javadoc.skip=true",
                        "-Djacoco.skip=true",
                        "-Dspotless.check.skip=true",
                        "-Dspotless.apply.skip=true",
                        "-pl",
                        MODULES,
                        "-am"));
        Path project = directory.resolve("project");
        assertThat(Ran.headrace("scaffold", "acme-crm", project.toString()).exitCode())
                .isZero();

        String built = run(project, maven("verify"));
        assertThat(built).contains("Tests run: 4, Failures: 0, Errors: 0, Skipped: 0", "BUILD SUCCESS");

        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        JsonNode envelope = Json.tree(run(project, List.of(java, "-jar", "target/acme-crm.jar", "info")));
        assertThat(envelope.at("/response/app_id").asString()).isEqualTo("acme-crm");
        assertThat(envelope.at("/response/capabilities")).hasSize(1);
        assertThat(envelope.path("error").isNull()).isTrue();
    }
}
