package dev.headrace.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Values at several places, as they are written. */
class PointerSetTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":1.50}|/a|1.50",
                "{\"a\": 1e+02 }|/a|1e+02",
                "{\"a\":null}|/a|null",
                "{\"b\":1}|/a|",
                "{}|/a|",
                "[]|/0|",
                "7|/a|",
                "7||7",
                " {\"a\" : [1, 2] } ||{\"a\" : [1, 2] }",
                "{\"a\":[10,{\"b\":\"x\"}]}|/a/1/b|\"x\"",
                "{\"a\":[10,20]}|/a/2|",
                "{\"a\":[10,20]}|/a/01|",
                "{\"a\":{\"0\":true}}|/a/0|true",
                "{\"x\":{\"a\":2},\"a\":3}|/a|3",
                "{\"x\":\"}\\\\\\\"{\",\"a\":[{\"]\":\"[\"}]}|/a|[{\"]\":\"[\"}]",
                "{\"a\":1,\"a\":2}|/a|1",
                "{\"\\u0061\":1}|/a|1",
                "{\"a/b\":1}|/a~1b|1",
                "{\"é\":\"ü\\n\"}|/é|\"ü\\n\"",
                "{\"\":{\"\":0}}|//|0"
            })
    void findsAValueAsItIsWritten(String json, @Nullable String pointer, @Nullable String expected) {
        assertThat(texts(json, pointer == null ? "" : pointer)).containsExactly(expected);
    }

    @Test
    void findsSeveralInTheOrderInWhichTheyWereAskedFor() {
        String json = "{\"id\":7,\"user\":{\"login\":\"a\",\"id\":8},\"tags\":[\"x\",\"y\"],\"rest\":[[[]]]}";

        assertThat(texts(json, "/tags/1", "/user/id", "/none", "/user", "/id", "/user/id", "/tags/9"))
                .containsExactly("\"y\"", "8", null, "{\"login\":\"a\",\"id\":8}", "7", "8", null);
        assertThat(texts(json, "/user", "")).containsExactly("{\"login\":\"a\",\"id\":8}", json);
        assertThat(texts(json)).isEmpty();
    }

    @Test
    void looksOnlyIntoItsRange() {
        byte[] bytes = "xx{\"a\":12}34".getBytes(StandardCharsets.UTF_8);

        assertThat(PointerSet.of(List.of(Pointer.of("/a"))).textsIn(bytes, 2, 10))
                .containsExactly("12");
        assertThat(PointerSet.of(List.of(Pointer.ROOT)).textsIn(bytes, 7, 9)).containsExactly("12");
    }

    @Test
    void agreesWithALookIntoTheTree() {
        Random random = new Random(7);
        for (int round = 0; round < 3_000; round++) {
            JsonNode tree = value(random, 0);
            String json = round % 2 == 0 ? tree.toString() : tree.toPrettyString();
            List<Pointer> places = Stream.generate(() -> place(random))
                    .limit(1 + random.nextInt(5))
                    .toList();

            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
            @Nullable String[] texts = PointerSet.of(places).textsIn(bytes, 0, bytes.length);

            for (int i = 0; i < places.size(); i++) {
                String text = texts[i];
                assertThat(text == null ? null : Json.tree(text))
                        .as("%s of %s", places.get(i), json)
                        .isEqualTo(places.get(i).in(tree).orElse(null));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{\"b\"",
                "{\"b\":",
                "{\"b\":\"",
                "{\"b\":\"\\",
                "{\"b\":[",
                "{\"b\":[\"",
                "{\"b\":1",
                "{\"b\":1,",
                "{\"b\":1;\"a\":2}",
                "{b:1}",
                "{\"b\" 1}",
                "{\"b\":NaN}",
                "{\"\\x\":1}",
                "{\"c\":[1",
                "{\"c\":[1;2]}"
            })
    void refusesWhatIsNoJsonOnTheWay(String json) {
        assertThatExceptionOfType(DecodingException.class)
                .isThrownBy(() -> texts(json, "/a", "/c/5"))
                .satisfies(failure -> assertThat(failure.position()).isBetween(0L, (long) json.length()));
    }

    private static List<@Nullable String> texts(String json, String... pointers) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return Arrays.asList(
                PointerSet.of(Arrays.stream(pointers).map(Pointer::of).toList()).textsIn(bytes, 0, bytes.length));
    }

    private static Pointer place(Random random) {
        return new Pointer(Stream.generate(() -> KEYS.get(random.nextInt(KEYS.size())))
                .limit(random.nextInt(4))
                .toList());
    }

    private static final List<String> KEYS = List.of("a", "b", "0", "1", "2", "\"", "é\\");

    private static JsonNode value(Random random, int depth) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        int size = random.nextInt(4);
        switch (depth > 3 ? 2 + random.nextInt(4) : random.nextInt(6)) {
            case 0 -> {
                var object = nodes.objectNode();
                for (int i = 0; i < size; i++) {
                    object.set(KEYS.get(random.nextInt(KEYS.size())), value(random, depth + 1));
                }
                return object;
            }
            case 1 -> {
                var array = nodes.arrayNode();
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
            default -> {
                return nodes.stringNode("]},:\"\\ é".repeat(size));
            }
        }
    }
}
