package dev.headrace.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What another system promises and the guide says is here, some test proves and names. */
class ParityTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern PROMISE = Pattern.compile("^\\| ([KALRM][^|]*) \\| D \\|.*");
    private static final Pattern ROWS = Pattern.compile("\\b([KALRM])(\\d+)(?:(?:–|-| to )[KALRM]?(\\d+))?");
    private static final Pattern COMMENT = Pattern.compile("^\\s*(?:/?\\*|//).*|.*[{;] // .*");

    @Test
    void everyPromiseTakenOverIsNamedByATest() throws IOException {
        Set<String> promised = Files.readAllLines(ROOT.resolve("docs/coming-from.md")).stream()
                .map(PROMISE::matcher)
                .filter(Matcher::matches)
                .flatMap(line -> rows(line.group(1)))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> named = tests().flatMap(ParityTest::comments)
                .flatMap(ParityTest::rows)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(promised).hasSizeGreaterThan(80);
        assertThat(promised).as("rows marked D that no test names").isSubsetOf(named);
    }

    @Test
    void understandsRanges() {
        assertThat(rows("Rows K3 to K5, A11–A12, R54 and L7"))
                .containsExactly("K3", "K4", "K5", "A11", "A12", "R54", "L7");
    }

    private static Stream<String> rows(String text) {
        return ROWS.matcher(text).results().flatMap(row -> {
            int from = Integer.parseInt(row.group(2));
            int to = row.group(3) == null ? from : Integer.parseInt(row.group(3));
            return IntStream.rangeClosed(from, to).mapToObj(number -> row.group(1) + number);
        });
    }

    private static Stream<Path> tests() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            List<Path> sources = files.filter(file -> file.toString().contains("src/test/java")
                            && file.toString().endsWith(".java")
                            && !file.endsWith("ParityTest.java"))
                    .toList();
            return sources.stream();
        }
    }

    private static Stream<String> comments(Path source) {
        try {
            return Files.readAllLines(source).stream()
                    .filter(line -> COMMENT.matcher(line).matches());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
