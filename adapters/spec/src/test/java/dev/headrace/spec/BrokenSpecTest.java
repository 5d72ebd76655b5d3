package dev.headrace.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is done to a document, it has problems with places in it, and none of them is an exception. */
class BrokenSpecTest {

    private static final String[] PIECES = {
        "{{",
        "}}",
        "${",
        "${secret:",
        "&a ",
        "*a",
        "!x ",
        "'",
        "\"",
        "[",
        "]",
        "{",
        "}",
        ":",
        "-",
        "|",
        ">",
        "\n",
        "\t",
        "null",
        "~",
        "-1",
        "1e99",
        "\uFEFF",
        "😀",
        "? ",
        "<<: *a",
        "true",
        "''",
        "\\",
        "%",
        "#",
        ",",
        "{{ slice.x }}",
        "0x",
        "..",
        "/"
    };

    private static List<String> lines() throws IOException {
        try (InputStream content = Objects.requireNonNull(BrokenSpecTest.class.getResourceAsStream("every-key.yaml"))) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void isToldAndNotThrown(long seed) throws IOException {
        Random random = new Random(seed);
        List<String> original = lines();
        for (int round = 0; round < 150; round++) {
            List<String> lines = new ArrayList<>(original);
            for (int change = random.nextInt(3); change >= 0; change--) {
                change(lines, random);
            }
            String broken = String.join("\n", lines);
            int most = (int) broken.lines().count() + 1;

            assertThat(Spec.check("broken.yaml", broken)).as(broken).allSatisfy(problem -> {
                assertThat(problem.line()).isBetween(1, most);
                assertThat(problem.column()).isPositive();
                assertThat(problem.message()).isNotBlank().isNotEqualTo("null");
            });
        }
    }

    private static void change(List<String> lines, Random random) {
        int at = random.nextInt(lines.size());
        String line = lines.get(at);
        int column = random.nextInt(line.length() + 1);
        switch (random.nextInt(5)) {
            case 0 -> lines.remove(at);
            case 1 -> lines.add(random.nextInt(lines.size()), line);
            case 2 -> lines.set(at, line.substring(0, column));
            case 3 -> lines.set(at, line.substring(0, line.indexOf(':') + 1) + " " + piece(random));
            default -> lines.set(at, line.substring(0, column) + piece(random) + line.substring(column));
        }
    }

    private static String piece(Random random) {
        return PIECES[random.nextInt(PIECES.length)];
    }
}
