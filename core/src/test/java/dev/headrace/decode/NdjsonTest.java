package dev.headrace.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.error.FailureKind;
import dev.headrace.json.Codec;
import dev.headrace.json.DecodingException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class NdjsonTest {

    private record Issue(int number) {}

    static Stream<Arguments> bodies() {
        return Stream.of(
                lines(""),
                lines("\n"),
                lines("\n\r\n \t \n"),
                lines("{\"a\":1}\n{\"a\":2}\n", "{\"a\":1}", "{\"a\":2}"),
                lines("{\"a\":1}\n{\"a\":2}", "{\"a\":1}", "{\"a\":2}"),
                lines("{\"a\":1}\r\n{\"a\":2}\r\n", "{\"a\":1}", "{\"a\":2}"),
                lines("\n\n1\n\n  \n2\n\n", "1", "2"),
                lines(" 1 \n\t\"x\"", "1", "\"x\""),
                lines("\"a\\nb\"\n[1,2]\nnull\ntrue\n", "\"a\\nb\"", "[1,2]", "null", "true"),
                lines("\uFEFF1\n2", "1", "2"),
                lines("\"€😀\"\n", "\"€😀\""));
    }

    private static Arguments lines(String body, String... items) {
        return Arguments.of(body, List.of(items));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void readsEachLineHoweverTheBodyIsCut(String body, List<String> items) {
        for (Cut cut : Cut.all(body)) {
            assertThat(texts(cut).map(String::strip).collectList().block())
                    .as(cut.name())
                    .isEqualTo(items);
        }
    }

    @Test
    void failsOnALastLineThatIsCutShort() {
        String body = "{\"number\":1}\n{\"number\":22,\"title\":\"x\"}";
        for (int length = body.indexOf('\n') + 2; length < body.length(); length++) {
            for (Cut cut : Cut.all(body.substring(0, length))) {
                Outcome outcome = Outcome.of(Decoder.parse(cut.bytes(), () -> Parsers.lines(Codec.of(Issue.class), 100))
                        .map(Issue::toString));

                assertThat(outcome.items()).containsExactly("Issue[number=1]");
                assertThat(outcome.failure()).isInstanceOfSatisfying(DecodingException.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(FailureKind.UNTRUSTED_DATA);
                    assertThat(failure.item()).isEqualTo(1);
                    assertThat(failure.position()).isGreaterThanOrEqualTo(13);
                    // Jackson calls an end behind a comma malformed.
                    assertThat(failure.problem()).isIn("the JSON ends too early", "the JSON is malformed");
                });
            }
        }
    }

    @Test
    void saysWhichLineIsBad() {
        for (Cut cut : Cut.all("1\n\n  x\n2\n")) {
            Outcome outcome = Outcome.of(texts(cut));

            assertThat(outcome.items()).containsExactly("1");
            assertThat(outcome.failure()).hasMessage("Item 1, byte 5: the JSON is malformed");
        }
    }

    @Test
    void refusesTwoValuesOnALine() {
        assertThat(Outcome.of(texts(Cut.whole("1 2\n"))).failure()).isInstanceOf(DecodingException.class);
    }

    @Test
    void takesALineOfTheLimitAndNoneLonger() {
        for (String end : List.of("", "\n")) {
            for (Cut cut : Cut.all("1\n" + "2".repeat(10) + end)) {
                assertThat(Outcome.of(texts(cut)).failure()).isNull();
            }
            for (Cut cut : Cut.all("1\n" + "2".repeat(11) + end)) {
                assertThat(Outcome.of(texts(cut)).failure())
                        .hasMessage("Item 1, byte 2: the line is larger than the limit of 10 bytes");
            }
        }
    }

    @Test
    void emitsALineAsSoonAsItIsComplete() {
        TestPublisher<ByteBuffer> live = TestPublisher.create();

        StepVerifier.create(Decoder.parse(live, () -> Parsers.lines(Codec.text(), 10)))
                .then(() -> live.next(Utf8.buffer("1\n2")))
                .expectNext("1")
                .then(() -> live.next(Utf8.buffer("2\n")))
                .expectNext("22")
                .thenCancel()
                .verify();
    }

    private static Flux<String> texts(Cut cut) {
        return Decoder.parse(cut.bytes(), () -> Parsers.lines(Codec.text(), 10));
    }
}
