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
    private static final Path PAGE = ROOT.resolve("docs/coming-from.md");
    private static final Pattern ROW = Pattern.compile("^\\| ([KALRM]\\d[^|]*?) \\| (|D|\\(D\\)) ?\\|(.*)\\|(.*)\\|$");

    /** All that the five systems have, by the numbers it is counted by. */
    private static final String ALL = "K1-32 A1-56 L1-102 R1-74 M1-54";

    /** What of it their documentation promises. */
    private static final String PROMISED =
            "K1-12 A1-20 A24-38 L1-10 L12-28 L31-34 L36-48 L53-65 R1-66 R68-69 R74 M1-36";

    private static final Pattern ROWS = Pattern.compile("\\b([KALRM])(\\d+)(?:(?:–|-| to )[KALRM]?(\\d+))?");
    private static final Pattern COMMENT = Pattern.compile("^\\s*(?:/?\\*|//).*|.*[{;] // .*");

    @Test
    void everyPromiseTakenOverIsNamedByATest() throws IOException {
        Set<String> promised = lines().filter(line -> line.group(2).equals("D"))
                .flatMap(line -> rows(line.group(1)))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> named = tests().flatMap(ParityTest::comments)
                .flatMap(ParityTest::rows)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(promised).hasSizeGreaterThan(80);
        assertThat(promised).as("rows marked D that no test names").isSubsetOf(named);
    }

    @Test
    void everyRowOfTheFiveSystemsIsThereOnce() throws IOException {
        List<String> told = lines().flatMap(line -> rows(line.group(1))).toList();

        assertThat(told)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(rows(ALL).toList());
    }

    @Test
    void everyPromiseIsMarkedAsOneAndIsTakenOverOrSaysWhyNot() throws IOException {
        List<String> marked = lines().filter(line -> !line.group(2).isEmpty())
                .flatMap(line -> rows(line.group(1)))
                .toList();

        assertThat(marked).containsExactlyInAnyOrderElementsOf(rows(PROMISED).toList());
        assertThat(lines().filter(line -> line.group(2).equals("(D)")))
                .isNotEmpty()
                .allMatch(line -> line.group(4).strip().split(" ").length >= 3, "has a reason");
    }

    @Test
    void everyRowSaysWhatItWasAndWhatItIs() throws IOException {
        assertThat(lines())
                .allMatch(line -> !line.group(3).isBlank() && !line.group(4).isBlank(), "has both cells");
        assertThat(Files.readAllLines(PAGE).stream().filter(line -> line.matches("^\\| \\(?[KALRM]\\d.*")))
                .allMatch(line -> ROW.matcher(line).matches(), "is a row of four cells, marked D, (D) or not at all");
    }

    @Test
    void understandsRanges() {
        assertThat(rows("Rows K3 to K5, A11–A12, R54 and L7"))
                .containsExactly("K3", "K4", "K5", "A11", "A12", "R54", "L7");
    }

    private static Stream<Matcher> lines() throws IOException {
        return Files.readAllLines(PAGE).stream().map(ROW::matcher).filter(Matcher::matches);
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
