package dev.headrace.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.error.FailureKind;
import dev.headrace.json.Codec;
import dev.headrace.json.DecodingException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class JsonSequenceTest {

    private static final String RS = "\u001E";

    private record Issue(int number) {}

    static Stream<Arguments> sequences() {
        return Stream.of(
                texts(""),
                texts(RS + "1\n", "1"),
                texts(RS + "{\"a\":1}\n" + RS + "[2]\n", "{\"a\":1}", "[2]"),
                texts(RS + RS + RS + "{\"a\":1}\n" + RS + RS + "2\n", "{\"a\":1}", "2"),
                texts(RS + "{}" + RS + "[]" + RS + "\"x\"", "{}", "[]", "\"x\""),
                texts(RS + "\n{\n \"a\" : 1\n}\n\n" + RS + " 1 \r\n", "{\n \"a\" : 1\n}", "1"),
                texts(RS + "null\n" + RS + "true\n" + RS + "false\n", "null", "true", "false"),
                texts(RS + "\"\\u001e€😀\"\n", "\"\\u001e€😀\""),
                texts(RS + "-1.5e3 ", "-1.5e3"));
    }

    private static Arguments texts(String body, String... items) {
        return Arguments.of(body, List.of(items));
    }

    @ParameterizedTest
    @MethodSource("sequences")
    void readsEachTextHoweverTheBodyIsCut(String body, List<String> items) {
        for (Cut cut : Cut.all(body)) {
            assertThat(Outcome.of(read(cut))).as(cut.name()).isEqualTo(new Outcome(items, null));
        }
    }

    static Stream<Arguments> malformed() {
        String cutShort = "the text may have been cut short";
        return Stream.of(
                fails("1\n", 0, 0, "expected a record separator (0x1E) but found byte 0x31"),
                fails("\uFEFF" + RS + "1\n", 0, 0, "expected a record separator (0x1E) but found byte 0xEF"),
                fails(RS, 1, 0, "the document ends behind a record separator; it was cut short"),
                fails(RS + "1\n" + RS, 4, 1, "the document ends behind a record separator; it was cut short"),
                fails(RS + "12", 3, 0, cutShort),
                fails(RS + "true", 5, 0, cutShort),
                fails(RS + "null", 5, 0, cutShort),
                fails(RS + "1\n" + RS + "2" + RS + "3\n", 5, 1, cutShort),
                fails(RS + "1\n" + RS + "2,", 5, 1, "expected white space behind a number"),
                fails(RS + "tru\n", 1, 0, "expected a number, true, false or null"),
                fails(RS + "tr" + RS + "1\n", 1, 0, "expected a number, true, false or null"),
                fails(RS + "\n" + RS + "1\n", 2, 0, "the document is empty"),
                fails(RS + "1\n" + RS + "{\"a\":1" + RS + "2\n", 10, 1, "the document ends within a value"),
                fails(RS + "\"ab" + RS + "\"\n", 4, 0, "the document ends within a value"),
                fails(RS + "1\n" + RS + "{\"a\":", 9, 1, "the document ends within a value"),
                fails(RS + "1 2\n", 3, 1, "expected a record separator (0x1E) but found byte 0x32"),
                fails(RS + "{} x\n", 4, 1, "expected a record separator (0x1E) but found byte 0x78"),
                fails(RS + "1\n" + RS + "{\"a\" 1}\n", 9, 1, "the JSON is malformed"),
                fails(RS + "1\n" + RS + "x\n", 4, 1, "expected a value but found 'x'"));
    }

    private static Arguments fails(String body, long position, long item, String problem) {
        return Arguments.of(body, position, item, problem);
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void saysWhereASequenceIsMalformed(String body, long position, long item, String problem) {
        for (Cut cut : Cut.all(body)) {
            Outcome outcome = Outcome.of(read(cut));

            assertThat(outcome.failure()).as(cut.name()).isInstanceOfSatisfying(DecodingException.class, failure -> {
                assertThat(failure.problem()).startsWith(problem);
                assertThat(failure.position()).as(cut.name()).isEqualTo(position);
                assertThat(failure.item()).isEqualTo(item);
                assertThat(failure.kind()).isEqualTo(FailureKind.UNTRUSTED_DATA);
            });
            assertThat(outcome.items()).hasSize((int) item);
        }
    }

    @Test
    void takesATextOfTheLimitAndNoneLarger() {
        for (Cut cut : Cut.all(RS + "1\n" + RS + "\n\"" + "x".repeat(18) + "\"\n")) {
            assertThat(Outcome.of(read(cut)).failure()).as(cut.name()).isNull();
        }
        for (Cut cut : Cut.all(RS + "1\n" + RS + "\n\"" + "x".repeat(19) + "\"\n")) {
            assertThat(Outcome.of(read(cut)).failure())
                    .as(cut.name())
                    .hasMessage("Item 1, byte 5: a record is larger than the limit of 20 bytes");
        }
    }

    @Test
    void emitsATextBeforeTheNextOneBegins() {
        TestPublisher<ByteBuffer> live = TestPublisher.create();

        StepVerifier.create(parse(live.flux(), 20))
                .then(() -> live.next(Utf8.buffer(RS + "{\"a\":\n1}")))
                .expectNext("{\"a\":\n1}")
                .then(() -> live.next(Utf8.buffer("\n" + RS + "2")))
                .expectNoEvent(Duration.ofMillis(10))
                .then(() -> live.next(Utf8.buffer("\n")))
                .expectNext("2")
                .thenCancel()
                .verify();
    }

    @Test
    void holdsNoMoreThanAText() {
        Flux<ByteBuffer> endless = Flux.just(Utf8.buffer(RS + "\"x"))
                .concatWith(Flux.just(Utf8.buffer("x")).repeat());

        assertThat(Outcome.of(parse(endless, 1000)).failure()).hasMessageContaining("limit of 1000 bytes");
    }

    @Test
    void readsAResponse() {
        Decoder<Issue> decoder = Decoder.jsonSequence(Codec.of(Issue.class));

        StepVerifier.create(decoder.decode(Responses.of(RS + "{\"number\":1}\n" + RS + "{\"number\":2}\n")))
                .expectNext(new Issue(1), new Issue(2))
                .verifyComplete();
        assertThat(decoder.accept()).contains("application/json-seq");
        assertThat(decoder.documentHead()).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Decoder.jsonSequence(Codec.text(), 0))
                .withMessage("itemLimit must be positive, not 0");
    }

    private static Flux<String> read(Cut cut) {
        return parse(cut.bytes(), 20);
    }

    private static Flux<String> parse(Flux<ByteBuffer> bytes, int limit) {
        return Decoder.parse(
                bytes,
                () -> new JsonSequenceParser<>(new ItemReader<>(Codec.text()), limit, Parsers.capturingNothing()));
    }
}
