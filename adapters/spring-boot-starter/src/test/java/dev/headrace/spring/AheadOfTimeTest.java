package dev.headrace.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplicationAotProcessor;

/** What Spring writes down of the beans before an application runs, for native images. */
class AheadOfTimeTest {

    @TempDir
    Path directory;

    @Test
    void connectorsAreWrittenDownByTheirNames() throws Exception {
        String sources = directory.resolve("sources").toString();

        SpringApplicationAotProcessor.main(new String[] {
            BareApplicationTest.Application.class.getName(),
            sources,
            directory.resolve("resources").toString(),
            directory.resolve("classes").toString(),
            "dev.headrace",
            "test",
            "--headrace.connectors.github.base-url=https://api.github.com"
        });

        assertThat(written(Path.of(sources)))
                .contains("ConnectorRegistrar.connector(", "\"githubConnector\"")
                .contains("new AutowireCandidateQualifier(\"org.springframework.beans.factory.annotation.Qualifier\","
                        + " \"github\")")
                .doesNotContain("https://api.github.com");
    }

    private static String written(Path sources) throws IOException {
        try (Stream<Path> files = Files.walk(sources)) {
            List<Path> regular = files.filter(Files::isRegularFile).toList();
            return regular.stream().map(AheadOfTimeTest::content).collect(Collectors.joining("\n"));
        }
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
