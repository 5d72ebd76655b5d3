package dev.headrace.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.Defaults;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class TextTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a\r\nb\n", "Grüße € 😀 \uFFFD"})
    void readsTheWholeBodyAsOneText(String body) {
        for (String marked : List.of(body, "\uFEFF" + body)) {
            for (Cut cut : Cut.all(marked)) {
                assertThat(Outcome.of(text(cut, 100))).as(cut.name()).isEqualTo(new Outcome(List.of(body), null));
            }
        }
    }

    @Test
    void readsAnyCharset() {
        for (var charset : List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE, StandardCharsets.ISO_8859_1)) {
            StepVerifier.create(Decoder.text(charset, 100).decode(Responses.of("Grüße\n".getBytes(charset))))
                    .expectNext("Grüße\n")
                    .verifyComplete();
        }
    }

    @Test
    void saysWhereBytesAreNoText() {
        byte[] body = {'a', 'b', (byte) 0xFF, 'c'};

        StepVerifier.create(Decoder.text().decode(Responses.of(body)))
                .verifyErrorMessage("Item 0, byte 2: expected text in UTF-8 but found byte 0xFF");
    }

    @Test
    void findsWhatIsNoTextBehindMuchThatIs() {
        byte[] body = ("\uFFFD".repeat(50_000) + "x").getBytes(StandardCharsets.UTF_8);
        body[body.length - 1] = (byte) 0x80;

        StepVerifier.create(Decoder.text().decode(Responses.of(body)))
                .verifyErrorMessage("Item 0, byte 150000: expected text in UTF-8 but found byte 0x80");
    }

    @Test
    void takesATextOfTheLimitAndNoneLarger() {
        for (Cut cut : Cut.all("x".repeat(10))) {
            assertThat(Outcome.of(text(cut, 10)).failure()).as(cut.name()).isNull();
        }
        for (Cut cut : Cut.all("x".repeat(11))) {
            assertThat(Outcome.of(text(cut, 10)).failure())
                    .as(cut.name())
                    .hasMessage("Item 0, byte 10: the text is larger than the limit of 10 bytes");
        }
    }

    @Test
    void stopsAtABodyThatDoesNotEnd() {
        Flux<String> text = Decoder.parse(
                Flux.just(Utf8.buffer("x".repeat(1000))).repeat(),
                () -> new TextParser(new TextCodec(StandardCharsets.UTF_8), 100_000));

        assertThat(Outcome.of(text).failure()).hasMessageContaining("limit of 100000 bytes");
    }

    @Test
    void saysWhatItAcceptsAndHowMuchItWaitsFor() {
        assertThat(Decoder.text().accept()).contains("text/plain");
        assertThat(Decoder.text().documentHead()).isEqualTo(Defaults.DOCUMENT_HEAD);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Decoder.text(StandardCharsets.UTF_8, 0))
                .withMessage("limit must be positive, not 0");
    }

    private static Flux<String> text(Cut cut, int limit) {
        return Decoder.parse(cut.bytes(), () -> new TextParser(new TextCodec(StandardCharsets.UTF_8), limit));
    }
}
