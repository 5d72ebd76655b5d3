package dev.headrace.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.Defaults;
import dev.headrace.error.FailureKind;
import dev.headrace.json.Codec;
import dev.headrace.json.DecodingException;
import dev.headrace.json.Pointer;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;

class JsonItemsErrorTest {

    private record Issue(int number) {}

    static Stream<Arguments> malformed() {
        return Stream.of(
                fails("", "", 0, 0, "the document is empty"),
                fails("", " \n", 2, 0, "the document is empty"),
                fails("", "\uFEFF", 3, 0, "the document is empty"),
                fails("", "[1 2]", 3, 1, "expected ',' or a closing bracket but found '2'"),
                fails("", "[{}{}]", 3, 1, "expected ',' or a closing bracket but found '{'"),
                fails("", "[1,]", 3, 1, "expected a value but found ']'"),
                fails("", "[,1]", 1, 0, "expected a value or ']' but found ','"),
                fails("", "[1,,2]", 3, 1, "expected a value but found ','"),
                fails("", "[1}", 2, 1, "expected ']' but found '}'"),
                fails("", "[{\"a\":[1}]]", 8, 0, "expected ']' but found '}'"),
                fails("", "[1]]", 3, 1, "expected nothing behind the document but found ']'"),
                fails("", "[1] x", 4, 1, "expected nothing behind the document but found 'x'"),
                fails("", "[1]\n[2]", 4, 1, "expected nothing behind the document but found '['"),
                fails("", "{\"a\":1}{", 7, 1, "expected nothing behind the document but found '{'"),
                fails("", "[1],", 3, 1, "expected nothing behind the document but found ','"),
                fails("", "[1]\0", 3, 1, "expected nothing behind the document but found byte 0x00"),
                fails("", "[01]", 1, 0, "expected a number"),
                fails("", "[1.]", 1, 0, "expected a number"),
                fails("", "[-]", 1, 0, "expected a number"),
                fails("", "[1e]", 1, 0, "expected a number"),
                fails("", "[nul]", 1, 0, "expected a number"),
                fails("", "[truefalse]", 1, 0, "expected a number"),
                fails("", "[NaN]", 1, 0, "expected a value or ']' but found 'N'"),
                fails("", "[+1]", 1, 0, "expected a value or ']' but found '+'"),
                fails("", "['a']", 1, 0, "but found '''"),
                fails("", "<html>", 0, 0, "expected a value but found '<'"),
                fails("", "[é]", 1, 0, "but found byte 0xC3"),
                fails("", "]", 0, 0, "expected a value but found ']'"),
                fails("", "[{\"a\":1 \"b\":2}]", 8, 0, "the JSON is malformed"),
                fails("", "[1,{\"a\":1,}]", 10, 1, "the JSON is malformed"),
                fails("", "[1,{\"a\" 1}]", 8, 1, "the JSON is malformed"),
                fails("", "{\"a\":tru}", 5, 0, "the JSON is malformed"),
                fails("/a", "{\"a\":[1] \"b\":2}", 9, 1, "expected ',' or a closing bracket but found '\"'"),
                fails("/a", "{\"a\":[1],}", 9, 1, "expected a key but found '}'"),
                fails("/a", "{\"b\":[1,],\"a\":[1]}", 8, 0, "expected a value but found ']'"),
                fails("/a", "{\"b\":[1}},\"a\":[1]}", 7, 0, "expected ']' but found '}'"),
                fails("/a", "{\"b\" 1,\"a\":[1]}", 5, 0, "expected ':' but found '1'"),
                fails("/a", "{\"b\":,\"a\":[1]}", 5, 0, "expected a value but found ','"),
                fails("/a", "{\"b\":flase,\"a\":[1]}", 5, 0, "expected a number, true, false or null"),
                fails("/a", "{1:2,\"a\":[1]}", 1, 0, "expected a key or '}' but found '1'"),
                fails("/a", "{\"a\":[1],\"b\":{\"c\" \"d\"}}", 18, 1, "expected ':' but found '\"'"),
                fails("/a", "{\"a\":[1]", 8, 1, "the document ends with 1 brackets open; it was cut short"),
                fails("/a", "{\"b\":{\"c\":\"x", 12, 0, "the document ends within a value"),
                fails("/a", "{\"b\\x\":1,\"a\":[1]}", 4, 0, "the JSON is malformed"));
    }

    private static Arguments fails(String pointer, String document, long position, long item, String problem) {
        return Arguments.of(pointer, document, position, item, problem);
    }

    @ParameterizedTest(name = "{0} of {1}")
    @MethodSource("malformed")
    void saysWhereADocumentIsMalformed(String pointer, String document, long position, long item, String problem) {
        for (Cut cut : Cut.all(document)) {
            Outcome outcome = Outcome.of(JsonItemsTest.items(pointer, cut));

            DecodingException failure = (DecodingException) outcome.failure();
            assertThat(failure).as(cut.name()).isNotNull();
            assertThat(failure.problem()).as(cut.name()).contains(problem);
            assertThat(failure.position())
                    .as("position, %s, %s", cut.name(), failure)
                    .isEqualTo(position);
            assertThat(failure.item()).as("item, %s", cut.name()).isEqualTo(item);
            assertThat(failure.kind()).isEqualTo(FailureKind.UNTRUSTED_DATA);
            assertThat(outcome.items()).as("items before, %s", cut.name()).hasSize((int) item);
        }
    }

    static Stream<Arguments> withoutThePlace() {
        return Stream.of(
                Arguments.of(
                        "/items",
                        "{\"data\":[1],\"next\":null}",
                        "there is no 'items' on the way to '/items': the document has 'data', 'next'"),
                Arguments.of(
                        "/data/items",
                        "{\"data\":{\"rows\":[1]}}",
                        "there is no 'items' on the way to '/data/items': '/data' has 'rows'"),
                Arguments.of(
                        "/items", "{}", "there is no 'items' on the way to '/items': the document is an empty object"),
                Arguments.of(
                        "/items", "[1,2]", "there is no 'items' on the way to '/items': the document is an array of 2"),
                Arguments.of("/5", "[1,2]", "there is no '5' on the way to '/5': the document is an array of 2"),
                Arguments.of("/01", "[1,2]", "there is no '01'"),
                Arguments.of("/-", "[1,2]", "there is no '-'"),
                Arguments.of(
                        "/data/items",
                        "{\"data\":\"secret\"}",
                        "there is no 'items' on the way to '/data/items': '/data' is a string"),
                Arguments.of(
                        "/data/items",
                        "{\"data\":null}",
                        "there is no 'items' on the way to '/data/items': '/data' is a scalar"),
                Arguments.of("/data/items", "{\"data\":1,\"data\":{\"items\":[1]}}", "'/data' is a scalar"),
                Arguments.of(
                        "/x",
                        "{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,\"i\":1,\"j\":1}",
                        "has 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', …"));
    }

    @ParameterizedTest(name = "{0} of {1}")
    @MethodSource("withoutThePlace")
    void saysWhatIsThereInsteadOfThePointersKey(String pointer, String document, String problem) {
        for (Cut cut : Cut.all(document)) {
            Outcome outcome = Outcome.of(JsonItemsTest.items(pointer, cut));

            assertThat(outcome.failure()).isInstanceOf(DecodingException.class).hasMessageContaining(problem);
            assertThat(outcome.failure()).hasMessageNotContaining("secret");
        }
    }

    @Test
    void namesTheItemThatDoesNotFitItsType() {
        Flux<Issue> issues = parse("[{\"number\":1}, {\"number\":\"s3cr3t\"}]", Codec.of(Issue.class), 100);

        Outcome outcome = Outcome.of(issues.map(Issue::toString));

        assertThat(outcome.items()).containsExactly("Issue[number=1]");
        assertThat(outcome.failure())
                .hasMessage("Item 1, byte 25: cannot read '/number' of Issue as int")
                .hasNoCause();
    }

    @Test
    void refusesNullAsAnItem() {
        Outcome outcome = Outcome.of(
                parse("[{\"number\":1},null]", Codec.of(Issue.class), 100).map(Issue::toString));

        assertThat(outcome.items()).hasSize(1);
        assertThat(outcome.failure()).hasMessageStartingWith("Item 1, byte 14: expected Issue but found null");
    }

    @Test
    void givesNullsAsTrees() {
        assertThat(parse("[null,1]", Codec.tree(), 100)
                        .map(Object::toString)
                        .collectList()
                        .block())
                .containsExactly("null", "1");
    }

    @Test
    void wrapsWhatACodecThrows() {
        IllegalStateException cause = new IllegalStateException("mine");
        Codec<String> broken = (bytes, from, to) -> {
            throw cause;
        };

        Outcome outcome = Outcome.of(parse("[1]", broken, 100));

        assertThat(outcome.failure()).isInstanceOf(DecodingException.class).hasCause(cause);
    }

    @ParameterizedTest
    @MethodSource("placesOfALongString")
    void takesWhatIsExactlyAtTheLimitAndNothingLonger(String before, String after) {
        for (int length = 8; length <= 11; length++) {
            String document = before + "\"" + "x".repeat(length - 2) + "\"" + after;
            for (Cut cut : Cut.all(document)) {
                Outcome outcome = Outcome.of(parse(cut, "/a", Codec.text(), 10));

                if (length <= 10) {
                    assertThat(outcome.failure()).as("%d, %s", length, cut).isNull();
                } else {
                    assertThat(outcome.failure())
                            .as("%d, %s", length, cut)
                            .isInstanceOf(DecodingException.class)
                            .hasMessageContaining("larger than the limit of 10 bytes");
                }
            }
        }
    }

    static Stream<Arguments> placesOfALongString() {
        return Stream.of(
                Arguments.of("{\"a\":[", "]}"),
                Arguments.of("{\"a\":", "}"),
                Arguments.of("{\"b\":", ",\"a\":[]}"),
                Arguments.of("{", ":1,\"a\":[]}"),
                Arguments.of("{\"a\":[],\"b\":", "}"));
    }

    @Test
    void stopsAtARecordThatDoesNotEnd() {
        Flux<String> endless = Flux.concat(
                Flux.just("[1,{\"a\":\""), Flux.just("x".repeat(1000)).repeat());

        Outcome outcome = Outcome.of(
                Decoder.parse(endless.map(Utf8::buffer), () -> Parsers.items(Pointer.ROOT, Codec.text(), 100_000)));

        assertThat(outcome.items()).containsExactly("1");
        assertThat(outcome.failure()).hasMessage("Item 1, byte 3: a record is larger than the limit of 100000 bytes");
    }

    @Test
    void stopsAtAStringBesideTheRecordsThatDoesNotEnd() {
        Flux<String> endless =
                Flux.concat(Flux.just("{\"a\":\""), Flux.just("x".repeat(1000)).repeat());

        Outcome outcome = Outcome.of(
                Decoder.parse(endless.map(Utf8::buffer), () -> Parsers.items(Pointer.of("/b"), Codec.text(), 100_000)));

        assertThat(outcome.failure()).hasMessageContaining("larger than the limit of 100000 bytes");
    }

    @ParameterizedTest
    @MethodSource("nesting")
    void takesTheDepthOfTheLimitAndNoneDeeper(String pointer, String before, String after, int ownDepth) {
        for (int depth = Defaults.JSON_DEPTH_LIMIT - 1; depth <= Defaults.JSON_DEPTH_LIMIT + 1; depth++) {
            int inner = depth - ownDepth;
            String document = before + "[".repeat(inner) + "]".repeat(inner) + after;
            Outcome outcome = Outcome.of(JsonItemsTest.items(pointer, Cut.whole(document)));

            if (depth <= Defaults.JSON_DEPTH_LIMIT) {
                assertThat(outcome.failure()).as("depth %d", depth).isNull();
            } else {
                assertThat(outcome.failure())
                        .isInstanceOf(DecodingException.class)
                        .hasMessageContaining("limit of 500");
            }
        }
    }

    static Stream<Arguments> nesting() {
        return Stream.of(
                Arguments.of("", "[", "]", 1),
                Arguments.of("", "{\"a\":", "}", 1),
                Arguments.of("/a", "{\"a\":[],\"b\":", "}", 1),
                Arguments.of("/a", "{\"b\":[", "],\"a\":[]}", 2));
    }

    @Test
    void showsNothingOfTheDataInMessages() {
        List<String> documents =
                List.of("[{\"number\":s3cr3t}]", "[{\"number\":\"s3cr3t", "[s3cr3t]", "[\"s3cr3t\" 1]");
        for (String document : documents) {
            Throwable failure = Outcome.of(
                            parse(document, Codec.of(Issue.class), 100).map(Issue::toString))
                    .failure();

            for (Throwable at : failure == null ? Collections.<Throwable>emptyList() : causes(failure)) {
                assertThat(at).hasMessageNotContaining("s3cr3t").hasMessageNotContaining("3cr3t");
            }
        }
    }

    private static List<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, at -> at != null, Throwable::getCause).toList();
    }

    private static <T> Flux<T> parse(String document, Codec<T> codec, int limit) {
        return parse(Cut.whole(document), "", codec, limit);
    }

    private static <T> Flux<T> parse(Cut cut, String pointer, Codec<T> codec, int limit) {
        return Decoder.parse(cut.bytes(), () -> Parsers.items(Pointer.of(pointer), codec, limit));
    }
}
