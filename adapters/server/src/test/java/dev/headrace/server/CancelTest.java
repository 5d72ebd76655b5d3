package dev.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.stream.Message;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.publisher.PublisherProbe;
import tools.jackson.databind.JsonNode;

/** A caller that goes, in each phase, takes what is being done for it along. */
class CancelTest {

    private static final String WORK = "{\"request\":{\"text\":\"x\"}}";

    private static void hasEnded(RunningServer server) {
        Eventually.isQuiet(server);
        assertThat(server.stats().cancelled()).isEqualTo(1);
    }

    @Test
    void beforeTheHeadHasCome() {
        try (RunningServer server = Acme.serving(Acme.integration())) {
            try (RawCaller raw = new RawCaller(server)) {
                raw.say("POST /say_again HT");
                Eventually.is(() -> server.stats().openConnections() == 1);
            }

            Eventually.isQuiet(server);
            assertThat(server.stats().requests()).isZero();
        }
    }

    @Test
    void whileTheBodyComes() {
        PublisherProbe<Acme.Said> probe = PublisherProbe.of(Mono.never());
        try (RunningServer server = Acme.serving(Acme.doing(probe.mono()))) {
            try (RawCaller raw = new RawCaller(server)) {
                raw.say(RawCaller.head("POST", "/work", "Content-Type: application/json", "Content-Length: 100"))
                        .say("{\"request\"");
                Eventually.is(() -> server.stats().inFlight() == 1);
            }

            hasEnded(server);
            probe.assertWasNotSubscribed();
        }
    }

    @Test
    void whileTheCapabilityWorks() {
        PublisherProbe<Acme.Said> probe = PublisherProbe.of(Mono.never());
        try (RunningServer server = Acme.serving(Acme.doing(probe.mono()))) {
            try (RawCaller raw = new RawCaller(server)) {
                raw.say(RawCaller.post("/work", WORK));
                Eventually.is(probe::wasSubscribed);
            }

            hasEnded(server);
            probe.assertWasCancelled();
        }
    }

    @Test
    void beforeTheFirstMessage() {
        PublisherProbe<Message<JsonNode>> probe = PublisherProbe.of(Flux.never());
        try (RunningServer server = Acme.serving(Acme.streaming(probe.flux()))) {
            try (RawCaller raw = new RawCaller(server)) {
                raw.say(RawCaller.post("/read", "{}"));
                Eventually.is(probe::wasSubscribed);
            }

            hasEnded(server);
            probe.assertWasCancelled();
        }
    }

    @Test
    void betweenTwoMessages() {
        Sinks.Many<Message<JsonNode>> source = Sinks.many().unicast().onBackpressureBuffer();
        PublisherProbe<Message<JsonNode>> probe = PublisherProbe.of(source.asFlux());
        try (RunningServer server = Acme.serving(Acme.streaming(probe.flux()))) {
            try (RawCaller raw = new RawCaller(server)) {
                raw.say(RawCaller.post("/read", "{}"));
                source.tryEmitNext(Acme.record(1)).orThrow();
                raw.hear(heard -> heard.contains(Acme.line(1)));
                assertThat(server.stats().openStreams()).isEqualTo(1);
            }

            hasEnded(server);
            probe.assertWasCancelled();
        }
    }

    @Test
    void whileMessagesAreWritten() {
        PublisherProbe<Message<JsonNode>> probe =
                PublisherProbe.of(Flux.range(0, Integer.MAX_VALUE).map(Acme::record));
        try (RunningServer server = Acme.serving(Acme.streaming(probe.flux()))) {
            try (RawCaller raw = new RawCaller(server)) {
                raw.say(RawCaller.post("/read", "{}")).hear(heard -> heard.length() > 10_000);
            }

            hasEnded(server);
            probe.assertWasCancelled();
        }
    }

    @Test
    void behindTheAnswer() {
        try (RunningServer server = Acme.serving(Acme.integration())) {
            try (RawCaller raw = new RawCaller(server)) {
                raw.say(RawCaller.post("/say_again", WORK)).hear(heard -> heard.endsWith("}"));
            }

            Eventually.isQuiet(server);
            assertThat(server.stats().answered()).isEqualTo(1);
        }
    }
}
