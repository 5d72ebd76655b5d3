package dev.headrace.stream;

import static dev.headrace.stream.Trees.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.error.FailureKind;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.StringNode;

class TransformsTest {

    private static final String BIG = "123456789012345678901234567890";

    // L80: the built-in transforms, by their names; whole numbers and decimals keep every digit.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "iso_to_timestamp | '1970-01-01T00:00:00Z'              | 0",
                "iso_to_timestamp | '2024-05-01T12:30:00Z'              | 1714566600",
                "iso_to_timestamp | '2024-05-01T14:30:00+02:00'         | 1714566600",
                "iso_to_timestamp | '2024-05-01T14:30:00+0200'          | 1714566600",
                "iso_to_timestamp | '2024-05-01T14:30:00+02'            | 1714566600",
                "iso_to_timestamp | '2024-05-01T12:30:00'               | 1714566600",
                "iso_to_timestamp | '2024-05-01 12:30'                  | 1714566600",
                "iso_to_timestamp | '2024-05-01t12:30:00z'              | 1714566600",
                "iso_to_timestamp | ' 2024-05-01 '                      | 1714521600",
                "iso_to_timestamp | '2024-05-01T12:30:00.250Z'          | 1714566600.25",
                "iso_to_timestamp | '2024-05-01T12:30:00.123456789Z'    | 1714566600.123456789",
                "iso_to_timestamp | '1969-12-31T23:59:59.75Z'           | -0.25",
                "timestamp_to_iso | 0                                   | '1970-01-01T00:00:00Z'",
                "timestamp_to_iso | 1714566600                          | '2024-05-01T12:30:00Z'",
                "timestamp_to_iso | 1714566600.25                       | '2024-05-01T12:30:00.250Z'",
                "timestamp_to_iso | '1714566600'                        | '2024-05-01T12:30:00Z'",
                "timestamp_to_iso | -0.25                               | '1969-12-31T23:59:59.750Z'",
                "timestamp_to_iso | 0.12345678999                       | '1970-01-01T00:00:00.123456789Z'",
                "timestamp_to_iso | 1e-999999999                        | '1970-01-01T00:00:00Z'",
                "lowercase        | 'ÄPFEL I'                           | 'äpfel i'",
                "uppercase        | 'straße'                            | 'STRASSE'",
                "strip            | ' a b\\n'                           | 'a b'",
                "to_string        | 12                                  | '12'",
                "to_string        | 1.50                                | '1.50'",
                "to_string        | true                                | 'true'",
                "to_string        | 'x'                                 | 'x'",
                "to_string        | [1]                                 | '[1]'",
                "to_int           | '42'                                | 42",
                "to_int           | ' -7 '                              | -7",
                "to_int           | 12.9                                | 12",
                "to_int           | -12.9                               | -12",
                "to_int           | '12.0'                              | 12",
                "to_int           | 1e3                                 | 1000",
                "to_int           | true                                | 1",
                "to_int           | '9007199254740993'                  | 9007199254740993",
                "to_int           | '123456789012345678901234567890'    | 123456789012345678901234567890",
                "to_int           | 123456789012345678901234567890.5    | 123456789012345678901234567890",
                "to_int           | 1e-999999999                        | 0",
                "to_float         | '1.50'                              | 1.50",
                "to_float         | '0.1234567890123456789'             | 0.1234567890123456789",
                "to_float         | '-1e400'                            | -1e400",
                "to_float         | false                               | 0",
                "to_bool          | 'true'                              | true",
                "to_bool          | ' YES '                             | true",
                "to_bool          | 'On'                                | true",
                "to_bool          | '1'                                 | true",
                "to_bool          | 1.0                                 | true",
                "to_bool          | 'False'                             | false",
                "to_bool          | 'no'                                | false",
                "to_bool          | 'OFF'                               | false",
                "to_bool          | '0'                                 | false",
                "to_bool          | 0                                   | false",
                "to_bool          | true                                | true",
                "default_empty_string | null                            | ''",
                "default_empty_string | 'x'                             | 'x'",
                "default_zero     | null                                | 0",
                "default_zero     | 5                                   | 5",
                "default_zero     | ''                                  | ''",
                "none_if_empty    | ''                                  | null",
                "none_if_empty    | []                                  | null",
                "none_if_empty    | {}                                  | null",
                "none_if_empty    | ' '                                 | ' '",
                "none_if_empty    | 0                                   | 0",
                "none_if_empty    | false                               | false",
            })
    void transforms(String name, String value, String expected) {
        assertThat(Transforms.named(name).apply(json(value)))
                .hasToString(json(expected).toString());
    }

    // L80
    @ParameterizedTest
    @ValueSource(
            strings = {
                "iso_to_timestamp",
                "timestamp_to_iso",
                "lowercase",
                "uppercase",
                "strip",
                "to_string",
                "to_int",
                "to_float",
                "to_bool",
                "none_if_empty",
                "strip_emoji",
                "number"
            })
    void leavesNullAndWhatIsNotThereAlone(String name) {
        assertThat(Transforms.named(name).apply(json("null")).isNull()).isTrue();
        assertThat(Transforms.named(name).forMissing()).isEmpty();
    }

    // L80
    @Test
    void defaultsFillWhatIsNotThere() {
        assertThat(Transforms.defaultEmptyString().forMissing()).contains(json("''"));
        assertThat(Transforms.defaultZero().forMissing()).contains(json("0"));
    }

    // L80
    @Test
    void numbersAreWhatAParserMakesOfThem() {
        for (String number : new String[] {"1", "-2147483649", BIG}) {
            assertThat(Transforms.toInt().apply(json("'" + number + "'"))).isEqualTo(json(number));
        }
        assertThat(Transforms.toFloat().apply(json("'2.50'"))).isEqualTo(json("2.50"));
        assertThat(Transforms.toFloat().apply(JsonNodeFactory.instance.numberNode(0.1d)))
                .isEqualTo(json("0.1"));
    }

    // L80
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "iso_to_timestamp | 'yesterday'             | an ISO 8601 time but found other text",
                "iso_to_timestamp | '2024-02-30'            | an ISO 8601 time but found other text",
                "iso_to_timestamp | '2024-05-0112:30:00'    | an ISO 8601 time but found other text",
                "iso_to_timestamp | 7                       | an ISO 8601 time but found a number",
                "timestamp_to_iso | 1e30                    | seconds since 1970 but found a number beyond any calendar",
                "timestamp_to_iso | true                    | seconds but found a boolean",
                "timestamp_to_iso | 'soon'                  | a number but found text that is none",
                "lowercase        | 1                       | text but found a number",
                "uppercase        | ['a']                   | text but found an array",
                "strip            | {}                      | text but found an object",
                "strip_emoji      | true                    | text but found a boolean",
                "to_int           | 'seven'                 | a number but found text that is none",
                "to_int           | ''                      | a number but found text that is none",
                "to_int           | 1e999999999             | a number of at most 1000 digits but found a longer one",
                "to_int           | '1e999999999'           | a number of at most 1000 digits but found a longer one",
                "to_int           | []                      | a number but found an array",
                "to_float         | 'NaN'                   | a number but found text that is none",
                "to_bool          | 'maybe'                 | true or false but found other text",
                "to_bool          | ''                      | true or false but found other text",
                "to_bool          | 2                       | true or false but found a number that is neither 1 nor 0",
                "to_bool          | {}                      | true or false but found an object",
            })
    void saysWhatItExpected(String name, String value, String expected) {
        assertThatExceptionOfType(MappingException.class)
                .isThrownBy(() -> Transforms.named(name).apply(json(value)))
                .withMessage("transform '" + name + "': expected " + expected)
                .satisfies(failure -> {
                    assertThat(failure.kind()).isEqualTo(FailureKind.UNTRUSTED_DATA);
                    assertThat(failure.transform()).contains(name);
                });
    }

    @Test
    void refusesNumbersThatAreNone() {
        for (double none : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            JsonNode value = JsonNodeFactory.instance.numberNode(none);
            assertThatExceptionOfType(MappingException.class)
                    .isThrownBy(() -> Transforms.toFloat().apply(value));
        }
        JsonNode endless = StringNode.valueOf("9".repeat(1001));
        assertThatExceptionOfType(MappingException.class)
                .isThrownBy(() -> Transforms.toInt().apply(endless))
                .withMessageContaining("over 1000 characters");
        assertThat(Transforms.number().apply(endless).isNull()).isTrue();
    }

    // K25: string_to_num, exact
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1,234              | 1234",
                "1,234.56           | 1234.56",
                "1.234,56           | 1234.56",
                "1234               | 1234",
                "1234.50            | 1234.50",
                "0.1                | 0.1",
                ".5                 | 0.5",
                "1.234              | 1.234",
                "1,5                | 1.5",
                "0,234              | 0.234",
                "1,2345             | 1.2345",
                "1,234,567          | 1234567",
                "1.234.567          | 1234567",
                "1.234.567,89       | 1234567.89",
                "12,34,567.89       | 1234567.89",
                "1 234 567,89       | 1234567.89",
                "1\u00A0234,5       | 1234.5",
                "1\u202F234         | 1234",
                "1'234.50           | 1234.50",
                "-5                 | -5",
                "+5                 | 5",
                "\u22125            | -5",
                "$1,234.56          | 1234.56",
                "-$5                | -5",
                "$-5                | -5",
                "US$ 5              | 5",
                "R$ 1.234,56        | 1234.56",
                "1.234,56 €         | 1234.56",
                "£0.99              | 0.99",
                "₹1,00,000          | 100000",
                "₿0.00000001        | 0.00000001",
                "99 kr              | 99",
                "kr. 99             | 99",
                "Rs. 500            | 500",
                "1 234 zł           | 1234",
                "CHF 1'234.50       | 1234.50",
                "12 EUR             | 12",
                "1e3                | 1000",
                "1.5E-3             | 0.0015",
                "0.1234567890123456789 | 0.1234567890123456789",
                "123456789012345678901234567890 | 123456789012345678901234567890",
                "` 7 `              | 7",
                "``                 | null",
                "seven              | null",
                "12 apples          | null",
                "1.2.3              | null",
                "1,23,4             | null",
                "1 23               | null",
                "1,234,56           | null",
                "1,234.567,89       | null",
                "1.234,567.89       | null",
                "--5                | null",
                "-$-5               | null",
                "5-                 | null",
                "$                  | null",
                ".                  | null",
                "2024-05-01         | null",
                "50%                | null",
                "NaN                | null",
            })
    void readsNumbersAsPeopleWriteThem(String text, String expected) {
        JsonNode number = Transforms.number().apply(StringNode.valueOf(text));

        assertThat(number).hasToString(json(expected).toString());
        assertThat(number.isIntegralNumber()).isEqualTo(json(expected).isIntegralNumber());
    }

    // K25
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "de    | 1.234       | 1234",
                "de    | 1,234       | 1.234",
                "de    | 1.234,56 €  | 1234.56",
                "de    | 1,234.56    | null",
                "en    | 1,234       | 1234",
                "en    | 1.234,56    | null",
                "fr    | 1\u202F234,5 | 1234.5",
                "de-CH | 1'234.50    | 1234.50",
            })
    void aLocaleSaysWhichSeparatorIsWhich(String locale, String text, String expected) {
        JsonNode value = StringNode.valueOf(text);

        assertThat(Transforms.number(Locale.forLanguageTag(locale)).apply(value))
                .hasToString(expected);
        assertThat(Transforms.standard()
                        .get("number", json("{'locale':'" + locale + "'}"))
                        .apply(value))
                .hasToString(expected);
    }

    // K25
    @ParameterizedTest
    @CsvSource({"7,7", "1.50,1.50", "true,null", "[1],null", "{},null"})
    void numbersStayAndOtherValuesAreNone(String value, String expected) {
        assertThat(Transforms.number().apply(json(value))).hasToString(expected);
    }

    // K27: emoji to a space, squeezed, trimmed
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "hello 👋 world            | hello world",
                "hello👋world              | hello world",
                "👋👋 hi                   | hi",
                "a  b                      | a b",
                "👍🏽 ok                    | ok",
                "a👨‍👩‍👧‍👦b                 | a b",
                "a🏴󠁧󠁢󠁥󠁮󠁧󠁿b                   | a b",
                "a🇩🇪b                     | a b",
                "a❤️b                      | a b",
                "a❤b                       | a b",
                "a1️⃣b                      | a b",
                "a☀︎b                      | a☀︎b",
                "© 2024 ™ #1 * → ↔ 5%      | © 2024 ™ #1 * → ↔ 5%",
                "a©️b                      | a b",
                "\uD83E\uDEE9 new in 16.0  | new in 16.0",
                "Zoë 漢字 naïve №          | Zoë 漢字 naïve №",
                "👋                        | ``",
                "``                        | ``",
            })
    void stripsEmoji(String text, String expected) {
        assertThat(Transforms.stripEmoji().apply(StringNode.valueOf(text)).stringValue())
                .isEqualTo(expected);
    }

    // K27
    @Test
    void lineBreaksStay() {
        assertThat(Transforms.stripEmoji().apply(StringNode.valueOf("a 🎉 b\nc")))
                .isEqualTo(StringNode.valueOf("a b\nc"));
    }

    // L80: chains
    @Test
    void chainsRunInOrder() {
        Transform chain = Transforms.standard().chain("strip", "none_if_empty", "default_empty_string", "uppercase");

        assertThat(chain.apply(json("' a '"))).isEqualTo(json("'A'"));
        assertThat(chain.apply(json("'  '"))).isEqualTo(json("''"));
        assertThat(chain.forMissing()).contains(json("''"));
        assertThat(Transforms.strip().then(Transforms.toInt()).apply(json("' 7'")))
                .isEqualTo(json("7"));
        assertThat(Transform.chain(Transforms.strip(), Transforms.lowercase())).hasToString("strip > lowercase");
    }

    // L80: custom transforms and parameters
    @Test
    void ownTransformsHaveNamesAndParameters() {
        TransformRegistry registry = Transforms.standard()
                .with(
                        "reverse",
                        value -> StringNode.valueOf(
                                new StringBuilder(value.stringValue()).reverse().toString()))
                .withParameters("first", parameters -> {
                    int length = parameters.path("length").asInt(1);
                    return value -> StringNode.valueOf(value.stringValue().substring(0, length));
                });

        assertThat(registry.chain("reverse", "first").apply(json("'abc'"))).isEqualTo(json("'c'"));
        assertThat(registry.get("first", json("{'length':2}")).apply(json("'abc'")))
                .isEqualTo(json("'ab'"));
        assertThat(registry.names()).contains("reverse", "first", "to_int");
        assertThatExceptionOfType(MappingException.class)
                .isThrownBy(() -> registry.get("reverse").apply(json("1")))
                .withMessageStartingWith("transform 'reverse': failed with ");
    }

    // L80: another's names never appear in the standard ones
    @Test
    void aRegistryIsAValue() {
        TransformRegistry standard = Transforms.standard();
        TransformRegistry own = standard.with("strip", value -> value);

        assertThat(own.get("strip").apply(json("' a'"))).isEqualTo(json("' a'"));
        assertThat(standard.get("strip").apply(json("' a'"))).isEqualTo(json("'a'"));
        assertThat(standard.with("x", value -> value).names())
                .hasSize(standard.names().size() + 1);
        assertThat(Transforms.standard().names()).hasSize(14);
    }

    @Test
    void keepsWhatAnOwnTransformFills() {
        Transform filling = new Transform() {
            @Override
            public JsonNode apply(JsonNode value) {
                return value;
            }

            @Override
            public Optional<JsonNode> forMissing() {
                return Optional.of(json("'n/a'"));
            }
        };

        assertThat(Transforms.standard().with("n/a", filling).get("n/a").forMissing())
                .contains(json("'n/a'"));
    }

    // L80: the original warned of an unknown name and went on with the value as it was
    @Test
    void unknownNamesAndParametersFailWhereTheyAreWritten() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Transforms.named("lower"))
                .withMessageContaining("'lower'")
                .withMessageContaining("lowercase, none_if_empty, number");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Transforms.standard().get("strip", json("{'side':'left'}")))
                .withMessage("transform 'strip' takes no parameters");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Transforms.standard().get("number", json("{'country':'de'}")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Transforms.standard().get("number", json("{'locale':1}")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Transforms.standard().get("number", json("[]")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Transforms.standard().with(" ", value -> value));
    }

    // L80: the names of the original, and the methods beside them
    @Test
    void everyMethodHasItsName() {
        assertThat(Arrays.asList(
                                Transforms.isoToTimestamp(),
                                Transforms.timestampToIso(),
                                Transforms.lowercase(),
                                Transforms.uppercase(),
                                Transforms.strip(),
                                Transforms.toText(),
                                Transforms.toInt(),
                                Transforms.toFloat(),
                                Transforms.toBool(),
                                Transforms.defaultEmptyString(),
                                Transforms.defaultZero(),
                                Transforms.noneIfEmpty(),
                                Transforms.stripEmoji(),
                                Transforms.number())
                        .stream()
                        .map(Transform::toString)
                        .collect(Collectors.toSet()))
                .isEqualTo(Transforms.standard().names());
    }
}
