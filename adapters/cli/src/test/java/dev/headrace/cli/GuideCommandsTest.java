package dev.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every command that README and guide show is one that the command line understands. */
class GuideCommandsTest {

    private static final Path ROOT = Path.of(System.getProperty("basedir", System.getProperty("user.dir")))
            .resolve("../..");
    private static final Pattern COMMAND =
            Pattern.compile("^(?:\\$ )?(?:adapters/cli/)?headrace ([a-z].*)$", Pattern.MULTILINE);
    private static final Pattern WORD = Pattern.compile("'([^']*)'|([^\\s']+)");

    static List<String> commands() throws IOException {
        try (Stream<Path> guide = Files.list(ROOT.resolve("docs"))) {
            return Stream.concat(Stream.of(ROOT.resolve("README.md")), guide)
                    .filter(page -> page.toString().endsWith(".md"))
                    .flatMap(page -> COMMAND.matcher(text(page)).results())
                    .map((MatchResult found) -> found.group(1))
                    .toList();
        }
    }

    private static String text(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As a shell would split them, up to where another command begins. */
    private static String[] words(String line) {
        return WORD.matcher(line)
                .results()
                .map((MatchResult word) -> word.group(1) == null ? word.group(2) : word.group(1))
                .takeWhile(word -> !List.of("|", "&&", ">", "2>", "#").contains(word))
                .toArray(String[]::new);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void isUnderstood(String line) {
        String[] args = words(line);

        assertThatNoException()
                .isThrownBy(() -> Prompt.configured(HeadraceCli.commands(args, Ran.shellOfNothing()))
                        .parseArgs(args));
    }

    @Test
    void areFound() throws IOException {
        assertThat(commands()).hasSizeGreaterThan(20).anyMatch(line -> line.startsWith("records 'https:"));
        assertThat(words("records 'http://a/?b=c d' --page link | head"))
                .containsExactly("records", "http://a/?b=c d", "--page", "link");
    }
}
