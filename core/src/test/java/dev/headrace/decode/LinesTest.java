package dev.headrace.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.error.FailureKind;
import dev.headrace.json.DecodingException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class LinesTest {

    static Stream<Arguments> bodies() {
        return Stream.of(
                lines(""),
                lines("a", "a"),
                lines("a\n", "a"),
                lines("a\r\n", "a"),
                lines("a\r", "a"),
                lines("\n", ""),
                lines("\n\n", "", ""),
                lines("a\n\nb", "a", "", "b"),
                lines("a\r\n\r\nb\r\n", "a", "", "b"),
                lines("a\rb\n", "a\rb"),
                lines("a\r\r\n", "a\r"),
                lines(" a \n\tb", " a ", "\tb"),
                lines("äöü\n€\n😀", "äöü", "€", "😀"),
                lines("\uFEFF", new String[0]),
                lines("\uFEFF\n", ""),
                lines("\uFEFFa\n\uFEFFb", "a", "\uFEFFb"),
                lines("a\uFFFDb\n", "a\uFFFDb"),
                lines("a\0b\u2028c\n", "a\0b\u2028c"));
    }

    private static Arguments lines(String body, String... items) {
        return Arguments.of(body, List.of(items));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void readsEachLineHoweverTheBodyIsCut(String body, List<String> items) {
        for (Cut cut : Cut.all(body)) {
            assertThat(Outcome.of(utf8(cut, 10))).as(cut.name()).isEqualTo(new Outcome(items, null));
        }
    }

    @Test
    void refusesBytesThatAreNoText() {
        byte[] body = {'a', '\n', '\n', (byte) 0xE2, (byte) 0x82, (byte) 0xAC, (byte) 0xE2, (byte) 0x82, '\n', 'b', '\n'
        };

        for (int split = 1; split < body.length; split++) {
            Outcome outcome = Outcome.of(Decoder.parse(
                    Flux.just(ByteBuffer.wrap(body, 0, split), ByteBuffer.wrap(body, split, body.length - split)),
                    () -> new LinesParser(
                            TextCodec.cutAtAscii(StandardCharsets.UTF_8), 10, Parsers.capturingNothing())));

            assertThat(outcome.items()).containsExactly("a", "");
            assertThat(outcome.failure())
                    .hasMessage("Item 2, byte 6: expected text in UTF-8 but found byte 0xE2")
                    .isInstanceOfSatisfying(
                            DecodingException.class,
                            failure -> assertThat(failure.kind()).isEqualTo(FailureKind.UNTRUSTED_DATA));
        }
    }

    @Test
    void refusesACharacterThatIsCutShortAtTheEnd() {
        byte[] body = "a\n€".getBytes(StandardCharsets.UTF_8);

        StepVerifier.create(Decoder.lines().decode(Responses.of(Arrays.copyOf(body, body.length - 1))))
                .expectNext("a")
                .verifyErrorMessage("Item 1, byte 2: expected text in UTF-8 but found byte 0xE2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ISO-8859-1", "windows-1252", "ISO-8859-15", "Shift_JIS", "GB18030", "EUC-KR", "Big5"})
    void readsCharsetsThatExtendAscii(String name) {
        Charset charset = Charset.forName(name);
        String text = charset.newEncoder().canEncode("日本") ? "日本" : "Grüße";
        byte[] body = (text + "\r\n" + text).getBytes(charset);

        StepVerifier.create(Decoder.lines(charset).decode(Responses.of(body)))
                .expectNext(text, text)
                .verifyComplete();
    }

    @Test
    void refusesBytesThatTheCharsetDoesNotHave() {
        byte[] body = {'a', (byte) 0x81, '\n'};

        StepVerifier.create(Decoder.lines(Charset.forName("windows-1252")).decode(Responses.of(body)))
                .verifyErrorMessage("Item 0, byte 1: expected text in windows-1252 but found byte 0x81");
    }

    @Test
    void takesTheBytesOfAMarkForTextInOtherCharsets() {
        byte[] body = "\uFEFFa".getBytes(StandardCharsets.UTF_8);

        StepVerifier.create(Decoder.lines(StandardCharsets.ISO_8859_1).decode(Responses.of(body)))
                .expectNext("ï»¿a")
                .verifyComplete();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "IBM037", "ISO-2022-JP"})
    void refusesCharsetsWhoseLinesCannotBeToldByTheirBytes(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Decoder.lines(Charset.forName(name)))
                .withMessageStartingWith(name + " cannot be cut into lines by its bytes");
    }

    @Test
    void takesALineOfTheLimitAndNoneLonger() {
        for (String end : List.of("", "\n", "\r\n", "\r")) {
            for (Cut cut : Cut.all("1\n" + "2".repeat(10) + end)) {
                assertThat(Outcome.of(utf8(cut, 10)).failure()).as(cut.name()).isNull();
            }
            for (Cut cut : Cut.all("1\n" + "2".repeat(11) + end)) {
                assertThat(Outcome.of(utf8(cut, 10)))
                        .as(cut.name())
                        .satisfies(outcome -> assertThat(outcome.items()).containsExactly("1"))
                        .satisfies(outcome -> assertThat(outcome.failure())
                                .hasMessage("Item 1, byte 2: the line is larger than the limit of 10 bytes"));
            }
        }
    }

    @Test
    void emitsALineAsSoonAsItIsComplete() {
        TestPublisher<ByteBuffer> live = TestPublisher.create();

        StepVerifier.create(Decoder.parse(
                        live,
                        () -> new LinesParser(
                                TextCodec.cutAtAscii(StandardCharsets.UTF_8), 10, Parsers.capturingNothing())))
                .then(() -> live.next(Utf8.buffer("a\nb")))
                .expectNext("a")
                .then(() -> live.next(Utf8.buffer("c\r\n")))
                .expectNext("bc")
                .thenCancel()
                .verify();
    }

    @Test
    void saysWhatItAcceptsAndWaitsForNothing() {
        assertThat(Decoder.lines().accept()).contains("text/plain");
        assertThat(Decoder.lines().documentHead()).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Decoder.lines(StandardCharsets.UTF_8, 0))
                .withMessage("lineLimit must be positive, not 0");
    }

    private static Flux<String> utf8(Cut cut, int limit) {
        return Decoder.parse(
                cut.bytes(),
                () -> new LinesParser(TextCodec.cutAtAscii(StandardCharsets.UTF_8), limit, Parsers.capturingNothing()));
    }
}
