package dev.headrace.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Events that are too large: left out or cut, however the bytes come, with the events around them whole. */
class EventLimitsTest {

    private static final EventLimits SKIPPING = EventLimits.defaults().event(20).skipping();
    private static final EventLimits TRUNCATING =
            EventLimits.defaults().event(20).truncating();

    static Stream<Arguments> skipped() {
        return Stream.of(
                Arguments.of("a line one byte too long", "data: 012345678901234\n\n", "1"),
                Arguments.of("its id before the data", "id: 2\ndata: 012345678901234\n\n", "2"),
                Arguments.of("its id behind the data", "data: 012345678901234\nid: 2\n\n", "2"),
                Arguments.of("lines that add up", "id: 2\ndata: 0123456\ndata: 0123456\ndata: 01\n\n", "2"),
                Arguments.of("a line far too long", "data: " + "x".repeat(500) + "\nid: 2\r\n\r\n", "2"),
                Arguments.of("an id that is too long", "id: " + "7".repeat(30) + "\ndata: a\n\n", "1"),
                Arguments.of("a name that is too long", "id: 2\nevent: " + "n".repeat(30) + "\ndata: a\n\n", "2"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("skipped")
    void leavesOutAnEventThatIsTooLarge(String name, String block, String lastEventId) {
        for (int seed = 0; seed < 200; seed++) {
            Parsing parsing = parsed(SKIPPING, "id: 1\ndata: first\n\n" + block + "data: next\n\n", seed);

            assertThat(parsing.events).extracting(SseEvent::data).containsExactly("first", "next");
            assertThat(parsing.events.get(1).id()).isEqualTo(lastEventId);
            assertThat(parsing.resumePoint.lastEventId()).isEqualTo(lastEventId);
            assertThat(parsing.counters.snapshot().oversized()).isEqualTo(1);
            assertThat(parsing.window.length()).isZero();
        }
    }

    @Test
    void ignoresACommentThatIsTooLongAndKeepsItsEvent() {
        String block = "data: a\n: " + "x".repeat(100) + "\n" + "unknown".repeat(20) + "\ndata: b\n\n";
        for (int seed = 0; seed < 200; seed++) {
            for (EventLimits limits : new EventLimits[] {SKIPPING, TRUNCATING}) {
                Parsing parsing = parsed(limits, block, seed);

                assertThat(parsing.events).extracting(SseEvent::data).containsExactly("a\nb");
                assertThat(parsing.events.get(0).truncated()).isFalse();
                assertThat(parsing.counters.snapshot().oversized()).isZero();
            }
        }
    }

    @Test
    void holdsNothingOfALineThatNeverEndsWhileItSkips() {
        Parsing parsing = new Parsing("", SKIPPING).feed("id: 9\ndata: ");
        for (int i = 0; i < 10_000; i++) {
            parsing.feed("xxxxxxxxxx");
            assertThat(parsing.window.length()).isLessThanOrEqualTo(20);
        }
        parsing.feed("\n\ndata: next\n\n");

        assertThat(parsing.events).containsExactly(new SseEvent("9", "message", "next"));
    }

    static Stream<Arguments> truncated() {
        return Stream.of(
                Arguments.of("a line too long", "data: 0123456789abcdefgh\n\n", "0123456789abcd"),
                Arguments.of("a line far too long", "data:" + "0123456789".repeat(50) + "\n\n", "012345678901234"),
                // 20 bytes of the line are taken: the field's name, a space and 14 bytes, half of a character less.
                Arguments.of("a cut within a character", "data: 0123456789abc\u00e9zz\n\n", "0123456789abc"),
                Arguments.of("a cut behind a character", "data: 0123456789ab\u00e9zz\n\n", "0123456789ab\u00e9"),
                Arguments.of("a cut within four bytes", "data: 0123456789a\ud83d\ude00z\n\n", "0123456789a"),
                Arguments.of("a second line too long", "data: 01234567\ndata: abcdefghijkl\n\n", "01234567\nabcdef"),
                Arguments.of("no room for a second line", "data: 0123456789abcd\ndata: e\n\n", "0123456789abcd\n"),
                Arguments.of("nothing behind the cut", "data: 0123456789abcdefgh\ndata: e\n\n", "0123456789abcd"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("truncated")
    void cutsTheDataOfAnEventThatIsTooLarge(String name, String block, String data) {
        for (int seed = 0; seed < 200; seed++) {
            Parsing parsing = parsed(TRUNCATING, block + "id: 2\ndata: next\n\n", seed);

            assertThat(parsing.events)
                    .containsExactly(
                            new SseEvent("", "message", data, null, true), new SseEvent("2", "message", "next"));
            assertThat(parsing.counters.snapshot().oversized()).isEqualTo(1);
        }
    }

    @Test
    void readsIdAndNameBehindACut() {
        for (int seed = 0; seed < 200; seed++) {
            Parsing parsing = parsed(TRUNCATING, "data: 0123456789abcdefgh\nid: 12345\nevent: tick\n\n", seed);

            assertThat(parsing.events).containsExactly(new SseEvent("12345", "tick", "0123456789abcd", null, true));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"data: 01234\n\n", ": comment\n", "data: 01234"})
    void failsAtALineOverTheLimitOfLines(String text) {
        EventLimits limits = EventLimits.defaults().line(8);

        assertThatExceptionOfType(EventTooLargeException.class)
                .isThrownBy(() -> new Parsing("7", limits).feed(text))
                .withMessageContaining("A line")
                .withMessageContaining("EventLimits.line")
                .satisfies(failure -> assertThat(failure.limit()).isEqualTo(8));
    }

    @Test
    void takesManyLinesUpToTheLimitOfLines() {
        Parsing parsing = new Parsing("", EventLimits.defaults().line(8)).feed("data: ab\ndata: cd\ndata: ef\n\n");

        assertThat(parsing.events).extracting(SseEvent::data).containsExactly("ab\ncd\nef");
    }

    @Test
    void takesAnEventOfAnySizeWithoutALimit() {
        Parsing parsing = new Parsing("", EventLimits.defaults().event(Integer.MAX_VALUE));
        parsing.feed("data: ").feed("x".repeat(10_000_000)).feed("\n\n");

        assertThat(parsing.events.get(0).data()).hasSize(10_000_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void refusesLimitsThatLetNothingThrough(int bytes) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventLimits.defaults().event(bytes))
                .withMessageContaining("event must be more than zero, but is " + bytes);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventLimits.defaults().line(bytes))
                .withMessageContaining("line must be more than zero, but is " + bytes);
    }

    private static Parsing parsed(EventLimits limits, String text, long seed) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Random random = new Random(seed);
        Parsing parsing = new Parsing("", limits);
        int longest = 1 + random.nextInt(40);
        for (int from = 0; from < bytes.length; ) {
            int to = Math.min(bytes.length, from + random.nextInt(longest + 1));
            parsing.feed(Arrays.copyOfRange(bytes, from, to));
            from = to;
        }
        return parsing;
    }
}
