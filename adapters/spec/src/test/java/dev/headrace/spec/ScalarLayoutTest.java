package dev.headrace.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Finds an {@code @} in the text of a scalar and in its source, however the scalar is written. */
class ScalarLayoutTest {

    static Stream<Arguments> scalars() {
        return Stream.of(
                Arguments.of("plain", "a: xx @y", 1, 7),
                Arguments.of("plain on several lines", "a: one\n  two\n   @three", 3, 4),
                Arguments.of("plain with a blank line", "a: one\n\n  @two", 3, 3),
                Arguments.of("single quotes", "a: 'it''s @ here'", 1, 11),
                Arguments.of("single quotes on several lines", "a: 'it''s\n     @ here'", 2, 6),
                Arguments.of("double quotes", "a: \"x@\"", 1, 6),
                Arguments.of("double quotes with escapes", "a: \"\\n\\\"\\u00e4\\x41\\U0001F600@\"", 1, 29),
                Arguments.of("double quotes with an escaped line end", "a: \"one \\\n   @two\"", 2, 4),
                Arguments.of("double quotes with a folded line end", "a: \"one\n   @two\"", 2, 4),
                Arguments.of("literal block", "a: |\n  one\n    two\n  @three\n", 4, 3),
                Arguments.of("literal block with a comment", "a: |- # @\n  one\n  @\n", 3, 3),
                Arguments.of("folded block", "a: >\n  one\n  two\n\n  three @\n", 5, 9),
                Arguments.of("after characters beyond the BMP", "a: 😀😀@", 1, 6),
                Arguments.of("with line ends of Windows", "a: |\r\n  one\r\n  two @\r\n", 3, 7));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scalars")
    void findsACharacterInItsSource(String name, String yaml, int line, int column) {
        YamlNode.Mapping root =
                (YamlNode.Mapping) YamlReader.read(yaml, new Problems()).orElseThrow();
        YamlNode.Scalar scalar = (YamlNode.Scalar) root.entries().get(0).value();

        assertThat(scalar.at(scalar.text().indexOf('@'))).isEqualTo(new Position(line, column));
    }
}
