package dev.headrace.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.sse.Loss;
import dev.headrace.sse.SseEvent;
import org.junit.jupiter.api.Test;
import org.springframework.http.codec.ServerSentEvent;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class ServerSentEventsTest {

    @Test
    void areTheSameForSpring() {
        ServerSentEvent<String> event =
                ServerSentEvents.of(new SseEvent("7", "price", "1.20", new Loss(12, "", ""), false));

        assertThat(event.id()).isEqualTo("7");
        assertThat(event.event()).isEqualTo("price");
        assertThat(event.data()).isEqualTo("1.20");
        assertThat(event.comment()).isEqualTo("12 events lost");
    }

    @Test
    void leaveOutWhatIsNotThere() {
        ServerSentEvent<String> event = ServerSentEvents.of(new SseEvent("", "message", "a"));

        assertThat(event.id()).isNull();
        assertThat(event.event()).isNull();
        assertThat(event.comment()).isNull();
    }

    @Test
    void areTheSameFromSpring() {
        assertThat(ServerSentEvents.from(
                        ServerSentEvent.builder("a").id("7").event("price").build()))
                .contains(new SseEvent("7", "price", "a"));
        assertThat(ServerSentEvents.from(ServerSentEvent.builder("a").build()))
                .contains(new SseEvent("", "message", "a"));
    }

    @Test
    void areNoneWithoutData() {
        assertThat(ServerSentEvents.from(
                        ServerSentEvent.<String>builder().comment("beat").build()))
                .isEmpty();
    }

    @Test
    void carryIdsOver() {
        Flux<ServerSentEvent<String>> events = Flux.just(
                ServerSentEvent.builder("a").build(),
                ServerSentEvent.builder("b").id("1").build(),
                ServerSentEvent.builder("c").build(),
                ServerSentEvent.<String>builder().id("2").build(),
                ServerSentEvent.builder("d").build(),
                ServerSentEvent.builder("e").id("").build());

        StepVerifier.create(ServerSentEvents.from(events).map(event -> event.id() + event.data()))
                .expectNext("a", "1b", "1c", "2d", "e")
                .verifyComplete();
    }
}
