package dev.headrace.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.Defaults;
import dev.headrace.json.Codec;
import dev.headrace.json.DecodingException;
import dev.headrace.json.Pointer;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

class JsonItemsTest {

    static Stream<Arguments> documents() {
        return Stream.of(
                found("", "[]"),
                found("", " [ ] \n"),
                found("", "[1]", "1"),
                found("", "[{\"a\":1},{\"a\":2}]", "{\"a\":1}", "{\"a\":2}"),
                found(
                        "",
                        "[ 1 , -2.5e+3,\"a\",true ,false, null,[],{}, [1,[2]] ]",
                        "1",
                        "-2.5e+3",
                        "\"a\"",
                        "true",
                        "false",
                        "null",
                        "[]",
                        "{}",
                        "[1,[2]]"),
                found("", "\r\n\t[\n{ } ,\n[ ]\n]\n", "{ }", "[ ]"),
                found(
                        "",
                        "[\"]\",\"\\\"\",\"\\\\\",\"{[\\\\\\\"\"]",
                        "\"]\"",
                        "\"\\\"\"",
                        "\"\\\\\"",
                        "\"{[\\\\\\\"\""),
                found("", "[{\"a]}\\\\\":\"}\\\"]\"}]", "{\"a]}\\\\\":\"}\\\"]\"}"),
                found("", "[\"äöü€😀\",{\"ключ\":\"значение\"}]", "\"äöü€😀\"", "{\"ключ\":\"значение\"}"),
                found("", "{\"a\":[1]}", "{\"a\":[1]}"),
                found("", "{}", "{}"),
                found("", "12", "12"),
                found("", " -0.5 ", "-0.5"),
                found("", "true", "true"),
                found("", "\"text\"", "\"text\""),
                found("", "null"),
                found("", " null "),
                found("", "\uFEFF[1]", "1"),
                found("/data", "{\"data\":[1,2]}", "1", "2"),
                found("/data", "{\"data\":{\"a\":1}}", "{\"a\":1}"),
                found("/data", "{\"data\":\"x\",\"b\":1}", "\"x\""),
                found("/data", "{\"data\":7}", "7"),
                found("/data", "{\"data\":null}"),
                found("/data", "{\"data\":[],\"data\":[1]}"),
                found("/data", "{\"data\":[1],\"data\":[2]}", "1"),
                found("/data", "{\"da\\u0074a\":[1]}", "1"),
                found("/da\"ta", "{\"data\":0,\"da\\\"ta\":[1]}", "1"),
                found("/schlüssel", "{\"schlüssel\":[1]}", "1"),
                found("/", "{\"a\":[0],\"\":[1]}", "1"),
                found("/a~1b", "{\"a\":0,\"a/b\":[1]}", "1"),
                found("/m~0n", "{\"m~n\":[1]}", "1"),
                found(
                        "/data/items",
                        "{\"items\":[9],\"data\":{\"x\":{\"items\":[8]},\"items\":[1,2]},\"z\":[{\"items\":[3]}]}",
                        "1",
                        "2"),
                found("/data/items", "{\"meta\":{\"data\":{\"items\":[9]}},\"data\":{\"items\":[1]}}", "1"),
                found("/data/0/items", "{\"data\":[{\"items\":[1]},{\"items\":[2]}]}", "1"),
                found("/data/1/items", "{\"data\":[[{\"items\":[9]},2],{\"items\":[2]},{\"items\":[3]}]}", "2"),
                found("/1", "[\"a\",[1,2],\"c\"]", "1", "2"),
                found("/0", "{\"0\":[1]}", "1"),
                found("/2", "[[0],\"x\",true,3]", "true"),
                found("/a/a", "{\"a\":{\"a\":[1]}}", "1"),
                found(
                        "/items",
                        "{\"a\":\"\\\"items\\\":[9]\",\"b\":[\"items\",[9]],\"c\":\"items\",\"items\":[1]}",
                        "1"),
                found(
                        "/items",
                        "{\"n\":-1.5E-7,\"t\":true,\"f\":false,\"z\":null,\"e\":[],\"o\":{},\"items\":[1],\"n\":[1, 2 ,{\"x\" : 1}]}",
                        "1"));
    }

    private static Arguments found(String pointer, String document, String... items) {
        return Arguments.of(pointer, document, List.of(items));
    }

    @ParameterizedTest(name = "{0} of {1}")
    @MethodSource("documents")
    void findsTheItemsHoweverTheDocumentIsCut(String pointer, String document, List<String> items) {
        for (Cut cut : Cut.all(document)) {
            assertThat(items(pointer, cut).collectList().block()).as(cut.name()).isEqualTo(items);
        }
    }

    @ParameterizedTest(name = "{0} of {1}")
    @MethodSource("documents")
    void neverCompletesOnATruncatedDocument(String pointer, String document, List<String> items) {
        String closed = document.stripTrailing();
        for (int length = 0; length < closed.length(); length++) {
            String cutShort = closed.substring(0, length);
            if (pointer.isEmpty() && isNumber(cutShort)) {
                continue; // 1 of 12 is a number too: only the transport can know
            }
            for (Cut cut : List.of(Cut.all(cutShort).get(0), Cut.all(cutShort).get(1))) {
                Outcome outcome = Outcome.of(items(pointer, cut));
                assertThat(outcome.failure()).as("%s: %s", cut.name(), cutShort).isInstanceOf(DecodingException.class);
                assertThat(outcome.items())
                        .as(cutShort)
                        .isEqualTo(items.subList(0, outcome.items().size()));
            }
        }
    }

    private static boolean isNumber(String text) {
        return text.strip().matches("-?(0|[1-9]\\d*)(\\.\\d+)?");
    }

    static Flux<String> items(String pointer, Cut cut) {
        return Decoder.parse(
                cut.bytes(), () -> Parsers.items(Pointer.of(pointer), Codec.text(), Defaults.RECORD_LIMIT));
    }

    /** Records are skipped eight bytes at a time, so all that counts must be seen at each place among eight. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void findsTheEndsOfRecordsWhereverTheirBracketsQuotesAndBackslashesLie(long seed) {
        Random random = new Random(seed);
        List<String> items =
                Stream.generate(() -> container(random, 3)).limit(400).toList();
        String document = "{\"data\":[" + String.join(",", items) + "]}";

        for (Cut cut : Cut.all(document)) {
            assertThat(items("/data", cut).collectList().block()).as(cut.name()).isEqualTo(items);
        }
    }

    private static String container(Random random, int depth) {
        String open = random.nextBoolean() ? "[" : "{";
        String inner = IntStream.range(0, random.nextInt(4))
                .mapToObj(i -> {
                    String value = depth > 0 && random.nextInt(3) == 0 ? container(random, depth - 1) : text(random);
                    return open.equals("[") ? value : text(random) + ":" + value;
                })
                .collect(Collectors.joining(","));
        return open + " ".repeat(random.nextInt(9)) + inner + (open.equals("[") ? "]" : "}");
    }

    private static String text(Random random) {
        List<String> parts =
                List.of("[", "]", "{", "}", "\\\"", "\\\\", "\\/", "_^|~", ",:", "a", "é", "日本語", "😀", "\u007F");
        return random.ints(random.nextInt(6), 0, parts.size())
                .mapToObj(parts::get)
                .collect(Collectors.joining("", "\"", "\""));
    }
}
