package dev.headrace.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** What several values have in common. */
class SchemaInferenceTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1 | `\"type\":\"integer\"`",
                "1;2.5 | `\"type\":\"number\"`",
                "2.5;1;null | `\"type\":[\"number\",\"null\"]`",
                "12345678901234567890123 | `\"type\":\"integer\"`",
                "null | `\"type\":\"null\"`",
                "true;null | `\"type\":[\"boolean\",\"null\"]`",
                "\"a\";1;[] | `\"type\":[\"array\",\"string\",\"integer\"]`",
                "[] | `\"type\":\"array\"`",
                "[];[1];[null,2] | `\"type\":\"array\",\"items\":{\"type\":[\"integer\",\"null\"]}`",
                "[[1],[2.5]] | `\"type\":\"array\",\"items\":{\"type\":\"array\",\"items\":{\"type\":\"number\"}}`",
                "{} | `\"type\":\"object\"`",
                "{\"b\":1,\"a\":2} | `\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"},\"b\":{\"type\":\"integer\"}},\"required\":[\"a\",\"b\"]`",
                "{\"b\":1};{\"b\":null,\"a\":2} | `\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"},\"b\":{\"type\":[\"integer\",\"null\"]}},\"required\":[\"b\"]`",
                "{\"b\":1};{\"a\":2} | `\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"},\"b\":{\"type\":\"integer\"}}`",
                "{\"b\":1};3 | `\"type\":[\"object\",\"integer\"],\"properties\":{\"b\":{\"type\":\"integer\"}},\"required\":[\"b\"]`",
                "\"2024-01-02T03:04:05Z\";\"2024-01-02T03:04:05.678+02:00\" | `\"type\":\"string\",\"format\":\"date-time\"`",
                "\"2024-01-02T03:04:05Z\";null | `\"type\":[\"string\",\"null\"],\"format\":\"date-time\"`",
                "\"2024-01-02T03:04:05Z\";\"2024-01-02\" | `\"type\":\"string\"`",
                "\"2024-01-02T03:04:05\" | `\"type\":\"string\"`",
                "\"2024-01-02T03:04Z\" | `\"type\":\"string\"`",
                "\"2024-02-29\" | `\"type\":\"string\",\"format\":\"date\"`",
                "\"2023-02-29\" | `\"type\":\"string\"`",
                "\"2024-13-45\" | `\"type\":\"string\"`",
                "\"0f8fad5b-d9cb-469f-a165-70867728950e\" | `\"type\":\"string\",\"format\":\"uuid\"`",
                "\"https://h/x?y=1#z\";\"ftp://h\" | `\"type\":\"string\",\"format\":\"uri\"`",
                "\"https://h/x\";\"note: this\" | `\"type\":\"string\"`",
                "\"a:b\" | `\"type\":\"string\"`",
                "\"/x\" | `\"type\":\"string\"`",
                "\"\" | `\"type\":\"string\"`"
            })
    void saysWhatIsTrueOfAll(String samples, String expected) {
        List<JsonNode> values =
                Arrays.stream(samples.split(";", -1)).map(Json::tree).toList();

        JsonSchema schema = JsonSchema.inferredFrom(values);

        assertThat(schema.json().toString())
                .isEqualTo("{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\"," + expected + "}");
        assertThat(values).allMatch(value -> schema.validate(value).isEmpty());
    }

    @Test
    void admitsWhatItWasInferredFromInWhateverOrderItCame() {
        Random random = new Random(11);
        for (int round = 0; round < 150; round++) {
            List<JsonNode> samples = new ArrayList<>(Stream.generate(() -> value(random, 0))
                    .limit(1 + random.nextInt(6))
                    .toList());
            JsonSchema schema = JsonSchema.inferredFrom(samples);
            for (JsonNode sample : samples) {
                assertThat(schema.validate(sample))
                        .as("%s against %s", sample, schema.json())
                        .isEmpty();
            }

            Collections.shuffle(samples, random);

            assertThat(SchemaInference.of(samples).toString())
                    .isEqualTo(schema.json().toString());
        }
    }

    @Test
    void isNothingWithoutSamples() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonSchema.inferredFrom(List.of()))
                .withMessageContaining("no samples");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonSchema.inferredFrom(List.of(MissingNode.getInstance())));
    }

    private static final List<String> TEXTS = List.of(
            "x",
            "2024-01-02T03:04:05Z",
            "2024-01-02",
            "0f8fad5b-d9cb-469f-a165-70867728950e",
            "https://h/x",
            "urn:isbn:1",
            "mailto:a@b.c",
            "");

    private static JsonNode value(Random random, int depth) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        int size = random.nextInt(4);
        switch (depth > 3 ? 2 + random.nextInt(5) : random.nextInt(7)) {
            case 0 -> {
                ObjectNode object = nodes.objectNode();
                for (int i = 0; i < size; i++) {
                    object.set(String.valueOf((char) ('a' + random.nextInt(3))), value(random, depth + 1));
                }
                return object;
            }
            case 1 -> {
                ArrayNode array = nodes.arrayNode();
                for (int i = 0; i < size; i++) {
                    array.add(value(random, depth + 1));
                }
                return array;
            }
            case 2 -> {
                return nodes.nullNode();
            }
            case 3 -> {
                return nodes.booleanNode(random.nextBoolean());
            }
            case 4 -> {
                return nodes.numberNode(random.nextInt(1_000));
            }
            case 5 -> {
                return nodes.numberNode(random.nextInt(1_000) / 8.0);
            }
            default -> {
                return nodes.stringNode(TEXTS.get(random.nextInt(TEXTS.size())));
            }
        }
    }
}
