package dev.headrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.sse.Loss;
import dev.headrace.sse.SseDecoder;
import dev.headrace.sse.SseEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

class EventTextTest {

    private static String text(SseEvent event, String lastId) {
        return new String(EventText.bytes(event, lastId), StandardCharsets.UTF_8);
    }

    private static @Nullable List<SseEvent> read(String text) {
        return SseDecoder.create()
                .decode(Flux.just(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))))
                .collectList()
                .block();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a",
                " a",
                ": a",
                "data: a",
                "\n",
                "\n\n",
                "a\n",
                "\na",
                "a\nb\n\nc",
                "\u00e4\u20ac\ud83d\ude00",
                "\ufeffa",
                "a\0b"
            })
    void isReadAsTheSameDataAgain(String data) {
        SseEvent event = new SseEvent("1", "price", data);

        assertThat(read(text(event, ""))).containsExactly(event);
    }

    @ParameterizedTest
    @CsvSource({"'a\rb'", "'a\r\nb'", "'a\nb'"})
    void givesEachLineAFieldHoweverItEnds(String data) {
        assertThat(text(new SseEvent("", "message", data), "")).isEqualTo("data: a\ndata: b\n\n");
    }

    @Test
    void endsALineAtEachCarriageReturn() {
        assertThat(text(new SseEvent("", "message", "\r\r\n\n\r"), ""))
                .isEqualTo("data: \ndata: \ndata: \ndata: \ndata: \n\n");
    }

    @Test
    void leavesOutWhatAReaderKnows() {
        assertThat(text(new SseEvent("7", "message", "a"), "7")).isEqualTo("data: a\n\n");
        assertThat(text(new SseEvent("8", "message", "a"), "7")).isEqualTo("id: 8\ndata: a\n\n");
    }

    @Test
    void takesTheIdBackWhereThereIsNoneAnyMore() {
        String text = text(new SseEvent("7", "message", "a"), "") + text(new SseEvent("", "message", "b"), "7");

        assertThat(read(text)).containsExactly(new SseEvent("7", "message", "a"), new SseEvent("", "message", "b"));
    }

    @Test
    void saysInACommentWhatNoFieldCanSay() {
        Loss one = new Loss(1, "", "");

        assertThat(text(new SseEvent("", "message", "a", one, false), "")).isEqualTo(": 1 event lost\ndata: a\n\n");
        assertThat(text(new SseEvent("", "message", "a", null, true), "")).isEqualTo(": truncated\ndata: a\n\n");
        assertThat(text(new SseEvent("", "message", "a", new Loss(2, "", ""), true), ""))
                .isEqualTo(": 2 events lost, truncated\ndata: a\n\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1\ndata: forged", "1\rdata: forged", "1\r\n\r\n", "1\0"})
    void refusesAnIdThatWouldBeMore(String id) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> text(new SseEvent(id, "message", "a"), ""))
                .withMessageContaining("id")
                .withMessageNotContaining("forged");
    }

    @ParameterizedTest
    @ValueSource(strings = {"price\ndata: forged", "price\rdata: forged"})
    void refusesANameThatWouldBeMore(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> text(new SseEvent("", name, "a"), ""))
                .withMessageContaining("name");
    }

    @Test
    void isNothingToAReaderBetweenEvents() {
        String beat = new String(EventText.HEARTBEAT, StandardCharsets.UTF_8);

        assertThat(read(beat + "data: a\n\n" + beat)).containsExactly(new SseEvent("", "message", "a"));
    }
}
