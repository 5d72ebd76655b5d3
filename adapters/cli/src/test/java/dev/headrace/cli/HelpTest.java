package dev.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {

    private static final List<String> COMMANDS = List.of(
            "fetch", "records", "events", "download", "check", "read", "validate", "airbyte", "serve", "scaffold");

    private static List<String> made(String... args) {
        return List.copyOf(HeadraceCli.commands(args, Ran.shellOfNothing())
                .getSubcommands()
                .keySet());
    }

    @Test
    void showsAllCommands() {
        Ran ran = Ran.headrace("--help");

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.lines().stream().map(line -> line.strip().split(" ", -1)[0]))
                .containsSubsequence(COMMANDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "fech", "-v fetch http://127.0.0.1/"})
    void namesAllCommandsIfNoneIsUnderstood(String line) {
        String[] args = line.isEmpty() ? new String[0] : line.split(" ", -1);

        assertThat(made(args)).isEqualTo(COMMANDS);
        assertThat(Ran.headrace(args).exitCode()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fetch",
                "records",
                "events",
                "download",
                "check",
                "read",
                "validate",
                "airbyte",
                "serve",
                "scaffold"
            })
    void readsTheOptionsOfTheCommandThatIsCalledAndOfNoOther(String name) {
        assertThat(made(name, "--help")).containsExactly(name);

        Ran ran = Ran.headrace(name, "--help");
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).startsWith("Usage: headrace " + name + " ");
    }
}
