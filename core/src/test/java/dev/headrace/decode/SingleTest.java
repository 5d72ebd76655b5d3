package dev.headrace.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.Defaults;
import dev.headrace.json.Codec;
import dev.headrace.json.DecodingException;
import dev.headrace.json.JsonSchema;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class SingleTest {

    private record Issue(int number) {}

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":[1,{\"b\":\"]}\\\"\"}]}",
                "[]",
                "[1,[2],{\"a\":3}]",
                "{}",
                "\"a \\\" b\"",
                "\"\"",
                "-12.5e+3",
                "7",
                "true",
                "false",
                "\"ключ€😀\""
            })
    void readsTheWholeDocumentAsOneItem(String document) {
        for (String framed : List.of(document, " \r\n\t" + document + " \n", "\uFEFF" + document)) {
            for (Cut cut : Cut.all(framed)) {
                assertThat(Outcome.of(texts(cut, 100))).as(cut.name()).isEqualTo(new Outcome(List.of(document), null));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", " null\n"})
    void makesNoItemOfNull(String document) {
        for (Cut cut : Cut.all(document)) {
            assertThat(Outcome.of(texts(cut, 100))).as(cut.name()).isEqualTo(new Outcome(List.of(), null));
        }
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                fails("", 0, "the document is empty"),
                fails(" \n", 2, "the document is empty"),
                fails("\uFEFF", 3, "the document is empty"),
                fails("{} x", 3, "expected nothing behind the document but found 'x'"),
                fails("[1]\n[2]", 4, "expected nothing behind the document but found '['"),
                fails("1 2", 2, "expected nothing behind the document but found '2'"),
                fails("[1]]", 3, "expected nothing behind the document but found ']'"),
                fails("{}\0", 2, "expected nothing behind the document but found byte 0x00"),
                fails("<html>", 0, "expected a value but found '<'"),
                fails("{\"a\":[1}", 7, "expected ']' but found '}'"),
                fails("{\"a\" 1}", 5, "the JSON is malformed"),
                fails("tru", 0, "expected a number, true, false or null"),
                fails("01", 0, "expected a number, true, false or null"),
                fails("[1,[2]", 6, "the document ends within a value"),
                fails("\"a", 2, "the document ends within a value"));
    }

    private static Arguments fails(String document, long position, String problem) {
        return Arguments.of(document, position, problem);
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void saysWhereADocumentIsMalformedAndEmitsNothing(String document, long position, String problem) {
        for (Cut cut : Cut.all(document)) {
            Outcome outcome = Outcome.of(texts(cut, 100));

            assertThat(outcome.items()).as(cut.name()).isEmpty();
            assertThat(outcome.failure()).as(cut.name()).isInstanceOfSatisfying(DecodingException.class, failure -> {
                assertThat(failure.problem()).startsWith(problem);
                assertThat(failure.position()).isEqualTo(position);
            });
        }
    }

    @Test
    void refusesUtf16() {
        Flux<String> utf16 = Decoder.parse(
                Flux.just(ByteBuffer.wrap(new byte[] {(byte) 0xEF, '[', 0, ']', 0})),
                () -> new SingleParser<>(new ItemReader<>(Codec.text()), 100, Parsers.capturingNothing()));

        assertThat(Outcome.of(utf16).failure())
                .hasMessage("Item 0, byte 1: expected a JSON document in UTF-8 but found '['");
    }

    @Test
    void takesADocumentOfTheLimitAndNoneLarger() {
        for (int length = 9; length <= 11; length++) {
            for (String document : List.of("\"" + "x".repeat(length - 2) + "\"", "[" + "1".repeat(length - 2) + "]")) {
                for (Cut cut : Cut.all("  " + document + "  ")) {
                    Throwable failure = Outcome.of(texts(cut, 10)).failure();

                    if (length <= 10) {
                        assertThat(failure).as("%d, %s", length, cut).isNull();
                    } else {
                        assertThat(failure)
                                .as("%d, %s", length, cut)
                                .hasMessageEndingWith("byte 2: a record is larger than the limit of 10 bytes");
                    }
                }
            }
        }
    }

    @Test
    void takesTheDepthOfTheLimitAndNoneDeeper() {
        int limit = Defaults.JSON_DEPTH_LIMIT;

        assertThat(Outcome.of(texts(Cut.whole("[".repeat(limit) + "]".repeat(limit)), 10_000))
                        .failure())
                .isNull();
        assertThat(Outcome.of(texts(Cut.whole("[".repeat(limit + 1) + "]".repeat(limit + 1)), 10_000))
                        .failure())
                .hasMessageContaining("nested deeper than the limit of 500");
    }

    @Test
    void bindsToATypeAndHoldsItAgainstASchema() {
        Decoder<Issue> decoder = Decoder.single(Codec.of(Issue.class));
        JsonSchema small = JsonSchema.of("{\"properties\":{\"number\":{\"maximum\":5}}}");

        StepVerifier.create(decoder.decode(Responses.of("{\"number\":7}")))
                .expectNext(new Issue(7))
                .verifyComplete();
        StepVerifier.create(decoder.validated(small, OnInvalid.DROP).decode(Responses.of("{\"number\":7}")))
                .verifyComplete();
    }

    @Test
    void saysWhatItAcceptsAndHowMuchItWaitsFor() {
        Decoder<Issue> decoder = Decoder.single(Codec.of(Issue.class));

        assertThat(decoder.accept()).contains("application/json");
        assertThat(decoder.documentHead()).isEqualTo(Defaults.DOCUMENT_HEAD);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Decoder.single(Codec.text(), 0))
                .withMessage("documentLimit must be positive, not 0");
    }

    private static Flux<String> texts(Cut cut, int limit) {
        return Decoder.parse(
                cut.bytes(),
                () -> new SingleParser<>(new ItemReader<>(Codec.text()), limit, Parsers.capturingNothing()));
    }
}
