package dev.headrace.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names of files for keys of any kind. */
class StateFileNameTest {

    @ParameterizedTest
    @CsvSource({
        "recentchange, recentchange.json",
        "wiki.recent_change-2, wiki.recent_change-2.json",
        "Wiki, %57iki.json",
        "a/b, a%2Fb.json",
        "a\\b, a%5Cb.json",
        "a%2Fb, a%252%46b.json",
        "., %2E.json",
        ".., %2E..json",
        "..a, %2E.a.json",
        "é, %C3%A9.json",
        "con, %63on.json",
        "lpt1.x, %6Cpt1.x.json",
        "console, console.json",
        "a~b, a%7Eb.json",
    })
    void isWhatItAlwaysWas(String key, String name) {
        assertThat(StateFileName.of(key)).isEqualTo(name);
    }

    @Test
    void keepsHalvesOfSurrogatePairsApart() {
        assertThat(StateFileName.of("\uD800")).isEqualTo("%ud800.json");
        assertThat(StateFileName.of("?")).isEqualTo("%3F.json");
        assertThat(StateFileName.of("\uD83D\uDE80")).isEqualTo("%F0%9F%9A%80.json");
    }

    @Test
    void isShortForLongKeys() {
        String first = StateFileName.of("a".repeat(130) + "1");
        String second = StateFileName.of("a".repeat(130) + "2");

        assertThat(StateFileName.of("a".repeat(130))).isEqualTo("a".repeat(130) + ".json");
        assertThat(first).isNotEqualTo(second).hasSize(130).startsWith("a".repeat(60) + "~");
        assertThat(second).hasSize(130).endsWith(".json");
    }
}
