package dev.headrace.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.json.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlReaderTest {

    private final Problems problems = new Problems();

    private YamlNode read(String yaml) {
        YamlNode node = YamlReader.read(yaml, problems).orElseThrow();
        assertThat(problems.all()).isEmpty();
        return node;
    }

    private List<Problem> problems(String yaml) {
        YamlReader.read(yaml, problems);
        return problems.all();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no | \"no\"",
                "on | \"on\"",
                "Yes | \"Yes\"",
                "true | true",
                "False | false",
                "null | null",
                "~ | null",
                "12 | 12",
                "0x1F | 31",
                "0o17 | 15",
                "+7 | 7",
                "12345678901234567890 | 12345678901234567890",
                "1.50 | 1.50",
                "1e3 | 1000",
                ".inf | \".inf\"",
                "\"12\" | \"12\"",
                "1:30 | \"1:30\"",
                "2024-01-01 | \"2024-01-01\"",
                "!!str 12 | \"12\"",
            })
    void readsScalarsByTheCoreSchemaOfYaml12(String yaml, String json) {
        // Compared as written: 1e3 and 1000 are the same number.
        assertThat(((YamlNode.Mapping) read("a: " + yaml))
                        .entries()
                        .get(0)
                        .value()
                        .json()
                        .toString())
                .isEqualTo(json.equals("1000") ? "1E+3" : json);
    }

    @Test
    void knowsWhereKeysAndValuesStand() {
        YamlNode.Mapping root = (YamlNode.Mapping) read("a: 1\nb:\n  - x\n  -  {c: y}\n");

        YamlNode.Entry b = root.entry("b").orElseThrow();
        assertThat(b.at()).isEqualTo(new Position(2, 1));
        YamlNode.Sequence list = (YamlNode.Sequence) b.value();
        assertThat(list.elements().get(0).at()).isEqualTo(new Position(3, 5));
        assertThat(list.elements().get(1).at()).isEqualTo(new Position(4, 6));
        YamlNode.Entry c =
                ((YamlNode.Mapping) list.elements().get(1)).entry("c").orElseThrow();
        assertThat(c.at()).isEqualTo(new Position(4, 7));
        assertThat(c.value().at()).isEqualTo(new Position(4, 10));
    }

    @Test
    void countsColumnsInCodePointsAndSkipsTheByteOrderMark() {
        YamlNode.Mapping root = (YamlNode.Mapping) read("\uFEFF'😀': x");

        assertThat(root.entries().get(0).value().at()).isEqualTo(new Position(1, 6));
    }

    @Test
    void followsAliases() {
        assertThat(read("a: &x {b: [1, 2]}\nc: *x\n").json())
                .isEqualTo(Json.tree("{'a':{'b':[1,2]},'c':{'b':[1,2]}}".replace('\'', '"')));
    }

    @Test
    void saysWhichKeyComesTwice() {
        assertThat(problems("a:\n  b: 1\n  c: 2\n  b: 3\n"))
                .containsExactly(new Problem(4, 3, "a.b", "the key is there already, on line 2"));
    }

    @Test
    void saysWhereTheSyntaxIsBroken() {
        assertThat(problems("a: 1\nb: [1, 2\nc: 3\n")).singleElement().satisfies(problem -> {
            assertThat(problem.line()).isEqualTo(3);
            assertThat(problem.column()).isEqualTo(2);
            assertThat(problem.message()).startsWith("is no YAML: ");
        });
    }

    @Test
    void saysThatAnExpressionNeedsQuotes() {
        assertThat(problems("a: 1\nb: {{ config.x }}\n"))
                .containsExactly(new Problem(
                        2, 5, "", "a key must be text; an expression stands in quotes, as in \"{{ config.name }}\""));
    }

    @Test
    void refusesTagsThatJsonDoesNotHave() {
        assertThat(problems("a: !secret x"))
                .containsExactly(new Problem(1, 4, "", "the tag !secret is not known, or not for this"));
    }

    @Test
    void refusesACharacterThatNoDocumentHas() {
        assertThat(problems("a: 1\nb: \u0007"))
                .containsExactly(new Problem(2, 4, "", "no YAML document may have the character U+0007"));
    }

    @Test
    void refusesASecondDocument() {
        assertThat(problems("a: 1\n---\nb: 2\n"))
                .containsExactly(new Problem(2, 1, "", "there is a second document; one is read"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "---\n", "~"})
    void refusesAnEmptyDocument(String yaml) {
        assertThat(problems(yaml)).containsExactly(new Problem(1, 1, "", "is empty; a spec begins with 'headrace: 1'"));
    }

    @Test
    void refusesAnAliasThatExplodes() {
        StringBuilder yaml = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 9; i++) {
            String alias = "*a" + (i - 1);
            yaml.append("a" + i + ": &a" + i + " ["
                    + String.join(", ", List.of(alias, alias, alias, alias, alias, alias, alias, alias, alias, alias))
                    + "]\n");
        }

        assertThat(problems(yaml.toString()))
                .containsExactly(new Problem(
                        5, 45, "", "has more than 100000 values, each alias counted as what it stands for"));
    }

    @Test
    void refusesAnAliasWithinItsOwnAnchor() {
        assertThat(problems("a: &x\n  b: *x\n"))
                .containsExactly(new Problem(2, 6, "", "the alias *x stands within its own anchor"));
    }

    @Test
    void refusesAnAliasWithoutAnchor() {
        assertThat(problems("a: *x\n")).containsExactly(new Problem(1, 4, "", "the alias *x has no anchor before it"));
    }

    @Test
    void refusesWhatIsNestedTooDeep() {
        assertThat(problems("a: " + "[".repeat(101) + "]".repeat(101)))
                .containsExactly(new Problem(1, 103 + 1, "", "is nested deeper than 100 levels"));
    }

    @Test
    void countsTheLevelsOfWhatAnAliasStandsFor() {
        String deep = "a: &a " + "[".repeat(60) + "]".repeat(60) + "\n";

        assertThat(problems(deep + "b: &b " + "[".repeat(40) + "*a" + "]".repeat(40) + "\n"))
                .isEmpty();
        assertThat(problems(deep + "b: &b " + "[".repeat(41) + "*a" + "]".repeat(41) + "\n"))
                .containsExactly(new Problem(2, 48, "", "is nested deeper than 100 levels with what *a stands for"));
    }

    @Test
    void refusesAliasesThatGrowDeepStepByStep() {
        StringBuilder yaml = new StringBuilder("a0: &a0 " + "[".repeat(80) + "]".repeat(80) + "\n");
        for (int i = 1; i < 48; i++) {
            yaml.append("a" + i + ": &a" + i + " " + "[".repeat(80) + "*a" + (i - 1) + "]".repeat(80) + "\n");
        }

        assertThat(problems(yaml.toString()))
                .containsExactly(new Problem(2, 89, "", "is nested deeper than 100 levels with what *a0 stands for"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e99999999999", "1e10000", "-1.5E+010000", "1e-10000", "+1e99999"})
    void refusesNumbersWithAnExponentThatNobodyReckonsWith(String number) {
        assertThat(problems("a:\n  b: " + number))
                .containsExactly(new Problem(
                        2, 6, "a.b", "is a number of more than 1000 characters, or with an exponent beyond ±9999"));
    }

    @Test
    void refusesNumbersOfTooManyDigits() {
        assertThat(problems("a: " + "7".repeat(1_000))).isEmpty();
        assertThat(problems("a: 1\nb: " + "7".repeat(1_000_000)))
                .containsExactly(new Problem(
                        2, 4, "b", "is a number of more than 1000 characters, or with an exponent beyond ±9999"));
    }

    @Test
    void readsGreatExponentsOfFourDigitsAndHexadecimalNumbersWithLetters() {
        assertThat(problems("a: [1e9999, 1e-9999, 1e00009, 0x1e99999, 0x12e12345]"))
                .isEmpty();
    }
}
