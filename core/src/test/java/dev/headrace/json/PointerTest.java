package dev.headrace.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PointerTest {

    static Stream<Arguments> pointers() {
        // The examples of RFC 6901 §5, and the order of §4.
        return Stream.of(
                Arguments.of("", List.of()),
                Arguments.of("/foo", List.of("foo")),
                Arguments.of("/foo/0", List.of("foo", "0")),
                Arguments.of("/", List.of("")),
                Arguments.of("//", List.of("", "")),
                Arguments.of("/a~1b", List.of("a/b")),
                Arguments.of("/c%d", List.of("c%d")),
                Arguments.of("/k\"l", List.of("k\"l")),
                Arguments.of("/ ", List.of(" ")),
                Arguments.of("/m~0n", List.of("m~n")),
                Arguments.of("/~01", List.of("~1")),
                Arguments.of("/~0~1~0", List.of("~/~")));
    }

    @ParameterizedTest
    @MethodSource("pointers")
    void readsAndWritesTheStringForm(String text, List<String> keys) {
        assertThat(Pointer.of(text).keys()).isEqualTo(keys);
        assertThat(Pointer.of(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"foo", "foo/bar", " /a", "/a~", "/a~2", "/~/x", "#/a"})
    void refusesWhatIsNoPointer(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Pointer.of(text)).withMessageContaining("'" + text + "'");
    }
}
