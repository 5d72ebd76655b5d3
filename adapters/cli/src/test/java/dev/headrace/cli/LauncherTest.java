package dev.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What the launcher asks of Java, by a Java that says what it is asked. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {

    @TempDir
    private Path directory;

    private Path home;

    @BeforeEach
    void build() throws IOException {
        home = Files.createDirectories(directory.resolve("a place")).toRealPath();
        Files.copy(Path.of("headrace"), home.resolve("headrace"));
        Files.createDirectories(home.resolve("target"));
        Files.createFile(home.resolve("target/headrace.jar"));
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    }

    private List<String> launch(Path script) throws IOException {
        ProcessBuilder command = new ProcessBuilder("sh", script.toString(), "fetch", "two words");
        command.environment().put("JAVA_HOME", home.toString());
        Process process = command.redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    @Test
    void takesTheArchiveOfClassesByTheNameItWasMadeWith() throws IOException {
        Path archive = Files.createFile(home.resolve("target/headrace.jsa"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), home.resolve("headrace"));

        // What Java says of an archive that it cannot use goes to standard output, where data is.
        assertThat(launch(link)).contains("-XX:SharedArchiveFile=" + archive, "-Xlog:cds*=off");
        assertThat(launch(home.resolve("bin/../headrace")))
                .contains("-XX:SharedArchiveFile=" + archive)
                .endsWith("-jar", home.resolve("target/headrace.jar").toString(), "fetch", "two words");
    }

    @Test
    void doesWithoutAnArchive() throws IOException {
        assertThat(launch(home.resolve("headrace")))
                .noneMatch(argument -> argument.contains("Archive"))
                .endsWith("-jar", home.resolve("target/headrace.jar").toString(), "fetch", "two words");
    }
}
