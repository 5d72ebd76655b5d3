package dev.headrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.json.Codec;
import dev.headrace.json.DecodingException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ItemCodecTest {

    private static final String ITEM = """
            {"id":-7,"sku":"S","title":"T","price":12.5,"quantity":3,"available":true,\
            "supplier":{"id":1,"name":"N","country":"NL"},"tags":["a","b"],"updatedAt":"2026-11-20T00:00:00Z"}""";

    private final Codec<Item> codec = new ItemCodec();
    private final Codec<Item> jackson = Codec.of(Item.class);

    @Test
    void readsTheItemsOfTheBenchmarksAsJacksonDoes() {
        for (byte[] text : ItemBlock.texts()) {
            assertThat(codec.decode(text, 0, text.length)).isEqualTo(jackson.decode(text, 0, text.length));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"T\"       | \"a \\\"quoted\\\" title, longer than a word\\\\\"",
                "\"T\"       | \"\\u00e9\\n\\ud83d\\ude00 \u00e9\"",
                "\"T\"       | \"\"",
                "12.5        | -0.01",
                "12.5        | 0.1234567890123456789",
                "12.5        | 12345678901234567890",
                "12.5        | 1.5e-7",
                "12.5        | 3",
                "true        | false",
                "[\"a\",\"b\"] | []",
                "\"id\":-7,  | \"more\":{\"deep\":[1,null,{\"x\":\"]}\"}]},\"id\":9,",
                "\"tags\":   | \"none\":null , \"tags\" :\t",
            })
    void readsWhatJacksonReads(String part, String other) {
        byte[] text = ("  " + ITEM.replace(part, other) + " ").getBytes(StandardCharsets.UTF_8);

        assertThat(new String(text, StandardCharsets.UTF_8)).contains(other);
        assertThat(codec.decode(text, 1, text.length)).isEqualTo(jackson.decode(text, 1, text.length));
    }

    @Test
    void takesPropertiesInAnyOrder() {
        byte[] text = """
                {"updatedAt":"U","tags":[],"supplier":{"country":"C","name":"N","id":1},"available":false,\
                "quantity":1,"price":1,"title":"T","sku":"S","id":1}""".getBytes(StandardCharsets.UTF_8);

        assertThat(codec.decode(text, 0, text.length)).isEqualTo(jackson.decode(text, 0, text.length));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "{\"id\":1,}",
                "{\"id\":x}",
                "{\"id\" 1}",
                "{\"sku\":\"\\q\"}",
                "{\"sku\":\"open",
                "{\"available\":maybe}",
                "{\"price\":-",
                "{\"price\":.5}",
                "{\"price\":1.}",
                "{\"price\":1.2.3}"
            })
    void refusesWhatIsNoItem(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> codec.decode(bytes, 0, bytes.length)).isInstanceOf(DecodingException.class);
    }

    @Test
    void refusesAnItemCutAnywhere() {
        byte[] bytes = ITEM.getBytes(StandardCharsets.UTF_8);

        for (int to = 0; to < bytes.length; to++) {
            int end = to;
            assertThatThrownBy(() -> codec.decode(bytes, 0, end)).isInstanceOf(DecodingException.class);
        }
    }
}
