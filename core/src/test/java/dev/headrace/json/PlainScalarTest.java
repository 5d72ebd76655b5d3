package dev.headrace.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A scalar is the same node however it is read. */
class PlainScalarTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\"",
                "\"2024-01-31T12:30:00Z\"",
                "\"größe €\"",
                "0",
                "7",
                "-7",
                "2147483647",
                "2147483648",
                "-2147483648",
                "-2147483649",
                "999999999999999999",
                "-999999999999999999"
            })
    void readsWhatNeedsNoParser(String json) {
        JsonNode plain = PlainScalar.read(json);

        assertThat(plain).isNotNull().isEqualTo(parsed(json));
        assertThat(plain).hasSameClassAs(parsed(json));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\"",
                "\"a",
                "\"a\\n\"",
                "\"a\"b\"",
                "\"a\nb\"",
                "\"\uD83D\uDE00\"",
                "\"\uD83D\"",
                "-",
                "-0",
                "00",
                "01",
                "-01",
                "+1",
                "1.0",
                "1e3",
                "1 ",
                " 1",
                "1234567890123456789",
                "٣",
                "null",
                "true",
                "[]",
                "{}"
            })
    void leavesAllElseToAParser(String json) {
        assertThat(PlainScalar.read(json)).isNull();
    }

    @Test
    void agreesWithAParserOnAnyText() {
        Random random = new Random(5);
        String characters = "\"\"\"\\-01279.eE ntué\n\uD83D\uDE00";
        for (int round = 0; round < 50_000; round++) {
            StringBuilder json = new StringBuilder();
            for (int i = random.nextInt(8); i >= 0; i--) {
                json.append(characters.charAt(random.nextInt(characters.length())));
            }
            JsonNode plain = PlainScalar.read(json.toString());
            if (plain != null) {
                assertThat(plain).as(json.toString()).isEqualTo(parsed(json.toString()));
            }
        }
    }

    private static JsonNode parsed(String json) {
        return Json.tree(json.getBytes(StandardCharsets.UTF_8));
    }
}
