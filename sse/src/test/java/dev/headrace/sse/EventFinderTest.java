package dev.headrace.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.headrace.error.FailureKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the conformance set does not say: the seed, limits, memory and cost. */
class EventFinderTest {

    private static final int PIECES = 16 * 1024 * 1024 / 64;

    @Test
    void keepsTheIdItResumedFromUntilAnotherComes() {
        Parsing parsing = new Parsing("41", 100).feed("data: a\n\nid: 42\ndata: b\n\ndata: c\n\n");

        assertThat(parsing.events).extracting(SseEvent::id).containsExactly("41", "42", "42");
    }

    @Test
    void keepsOneStringForAnIdThatIsRepeated() {
        Parsing parsing = new Parsing().feed("id: k1\ndata: a\n\nid: k1\ndata: b\n\ndata: c\n\nid: k1\ndata: d\n\n");

        // From the second time on: the first time, nobody knows that it will be.
        String second = parsing.events.get(1).id();
        assertThat(parsing.events.get(2).id()).isSameAs(second);
        assertThat(parsing.events.get(3).id()).isSameAs(second).isEqualTo("k1");
    }

    @Test
    void keepsOneStringForANameThatIsRepeated() {
        Parsing parsing = new Parsing().feed("event: tick\ndata: a\n\nevent: tock\ndata\n\nevent: tick\ndata: b\n\n");

        assertThat(parsing.events.get(2).event()).isSameAs(parsing.events.get(0).event());
    }

    @Test
    void seesAnIdBetweenDataLinesBeforeTheyAreJoinedOverIt() {
        Parsing parsing = new Parsing().feed("data: a\nid: 12345\nevent: tick\ndata: bcdefghijklmnopqrstuvwxyz\n\n");

        assertThat(parsing.events).containsExactly(new SseEvent("12345", "tick", "a\nbcdefghijklmnopqrstuvwxyz"));
    }

    @Test
    void swallowsTheLineFeedBehindAnEventAtOnceSoThatNothingIsHeld() {
        Parsing parsing = new Parsing().feed("data: a\r\n\r\n");

        assertThat(parsing.window.length()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {": ping\n", "\n", "foo: bar\r\n", "id: 5\n"})
    void holdsNothingOfLinesThatAreDone(String line) {
        Parsing parsing = new Parsing().feed(line + line + line);

        assertThat(parsing.window.length()).isZero();
    }

    @Test
    void holdsNoMoreThanTwiceTheDataHoweverManyCommentsComeBetween() {
        Parsing parsing = new Parsing().feed("data: 0123456789\n");
        for (int i = 0; i < 1000; i++) {
            parsing.feed(": still working\n");
            assertThat(parsing.window.length()).isLessThan(64);
        }
        parsing.feed("data: end\n\n");

        assertThat(parsing.events).extracting(SseEvent::data).containsExactly("0123456789\nend");
    }

    @Test
    void takesAnEventAsLargeAsTheLimit() {
        Parsing parsing = new Parsing("", 20).feed("data: 01234567890123\n\n");

        assertThat(parsing.events).hasSize(1);
    }

    @Test
    void refusesALineOneByteLonger() {
        Parsing parsing = new Parsing("7", 20);

        assertThatExceptionOfType(EventTooLargeException.class)
                .isThrownBy(() -> parsing.feed("data: 012345678901234\n\n"))
                .satisfies(failure -> {
                    assertThat(failure.kind()).isEqualTo(FailureKind.UNTRUSTED_DATA);
                    assertThat(failure.limit()).isEqualTo(20);
                    assertThat(failure.lastEventId()).isEqualTo("7");
                });
    }

    @Test
    void refusesALineThatNeverEnds() {
        Parsing parsing = new Parsing("", 20).feed("data: ");

        assertThatExceptionOfType(EventTooLargeException.class).isThrownBy(() -> {
            for (int i = 0; i < 15; i++) {
                parsing.feed("x");
            }
        });
        assertThat(parsing.window.length()).isEqualTo(21);
    }

    @Test
    void refusesManySmallLinesThatAddUp() {
        Parsing parsing = new Parsing("", 20);

        assertThatExceptionOfType(EventTooLargeException.class).isThrownBy(() -> {
            for (int i = 0; i < 100; i++) {
                parsing.feed("data: x\n");
            }
        });
    }

    @Test
    void believesNoReconnectionTimeBeyondADay() {
        Parsing parsing = new Parsing().feed("retry: 99999999999999999999999999\n");

        assertThat(parsing.resumePoint.retry()).isEqualTo(Duration.ofDays(1));
    }

    @Test
    void replacesEncodedSurrogatesByteByByteAndKeepsWhatStandsAround() {
        byte[] bytes = "data: \u00e9A??.\u4e2d\n\n".getBytes(StandardCharsets.UTF_8);
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("??");
        bytes[at] = (byte) 0xED;
        bytes[at + 1] = (byte) 0xBF;

        Parsing parsing = new Parsing().feed(bytes);

        assertThat(parsing.events).extracting(SseEvent::data).containsExactly("\u00e9A\uFFFD\uFFFD.\u4e2d");
    }

    @Test
    void looksAtEachByteOfALongLineOnce() {
        // 16 MiB in pieces of 64 bytes: quadratic work would take an hour.
        Parsing parsing = fed("data: ", "x".repeat(64));

        assertThat(parsing.events).hasSize(1);
        assertThat(parsing.events.get(0).data()).hasSize(PIECES * 64);
        assertThat(parsing.window.length()).isZero();
    }

    @Test
    void looksAtEachByteOfManyLinesOnce() {
        Parsing parsing = fed("", "data: " + "x".repeat(57) + "\n");

        assertThat(parsing.events).hasSize(1);
        assertThat(parsing.events.get(0).data()).hasSize(PIECES * 58 - 1);
        assertThat(parsing.window.length()).isZero();
    }

    private static Parsing fed(String beginning, String piece) {
        byte[] bytes = piece.getBytes(StandardCharsets.US_ASCII);
        Parsing parsing = new Parsing().feed(beginning);
        for (int i = 0; i < PIECES; i++) {
            parsing.feed(bytes);
        }
        return parsing.feed("\n\n");
    }

    @Test
    void looksAtEachByteOfALineOnceThatEndsAtTheLimitOnly() {
        int limit = EventLimits.defaults().eventLimit();
        byte[] piece = "x".repeat(64).getBytes(StandardCharsets.US_ASCII);
        Parsing parsing = new Parsing("", EventLimits.defaults()).feed("data: ");

        for (int fed = "data: ".length(); fed + piece.length <= limit; fed += piece.length) {
            parsing.feed(piece);
        }
        assertThatExceptionOfType(EventTooLargeException.class).isThrownBy(() -> parsing.feed(piece));
    }
}
