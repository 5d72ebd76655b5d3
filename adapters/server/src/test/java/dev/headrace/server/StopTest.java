package dev.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.stream.Message;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.publisher.PublisherProbe;
import tools.jackson.databind.JsonNode;

class StopTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String WORK = "{\"request\":{\"text\":\"x\"}}";

    private static boolean takesNoConnection(RunningServer server) {
        try {
            new RawCaller(server).close();
            return false;
        } catch (UncheckedIOException e) {
            return true;
        }
    }

    @Test
    void letsCallsComeToTheirEndAndClosesBehindTheirAnswers() {
        Sinks.One<Acme.Said> answer = Sinks.one();
        PublisherProbe<Acme.Said> call = PublisherProbe.of(answer.asMono());
        RunningServer server = Acme.serving(Acme.doing(call.mono()));
        try (RawCaller calling = new RawCaller(server);
                RawCaller idle = new RawCaller(server)) {
            idle.say(RawCaller.head("GET", "/health")).hear(heard -> heard.endsWith("}"));
            calling.say(RawCaller.post("/work", WORK));
            Eventually.is(call::wasSubscribed);

            CompletableFuture<Void> stopped = server.stop(LONG).toFuture();

            Eventually.is(() -> takesNoConnection(server));
            assertThat(stopped).isNotDone();
            answer.tryEmitValue(new Acme.Said("done")).orThrow();
            assertThat(calling.hear())
                    .startsWith("HTTP/1.1 200 ")
                    .containsIgnoringCase("connection: close")
                    .contains("done");
            assertThat(idle.hear()).isEmpty();
            stopped.join();
            server.onStop().block();
            assertThat(server.stats().openConnections()).isZero();
            assertThat(server.stats().cancelled()).isZero();
        }
    }

    @Test
    void saysThatItIsDownAndRefusesFurtherCalls() {
        Sinks.One<Acme.Said> answer = Sinks.one();
        PublisherProbe<Acme.Said> call = PublisherProbe.of(answer.asMono());
        RunningServer server = Acme.serving(Acme.doing(call.mono()));
        try (RawCaller calling = new RawCaller(server);
                RawCaller asking = new RawCaller(server);
                RawCaller late = new RawCaller(server)) {
            calling.say(RawCaller.post("/work", WORK));
            Eventually.is(() -> call.wasSubscribed() && server.stats().openConnections() == 3);
            CompletableFuture<Void> stopped = server.stop(LONG).toFuture();

            assertThat(asking.say(RawCaller.head("GET", "/health")).hear())
                    .startsWith("HTTP/1.1 503 ")
                    .containsIgnoringCase("connection: close")
                    .endsWith("{\"status\":\"DOWN\"}");
            assertThat(late.say(RawCaller.post("/work", WORK)).hear())
                    .startsWith("HTTP/1.1 503 ")
                    .containsIgnoringCase("retry-after: 1")
                    .contains("acme.service_error");
            answer.tryEmitValue(new Acme.Said("done")).orThrow();
            stopped.join();
        }
    }

    @Test
    void writesStreamsToTheirEnd() {
        Sinks.Many<Message<JsonNode>> source = Sinks.many().unicast().onBackpressureBuffer();
        RunningServer server = Acme.serving(Acme.streaming(source.asFlux()));
        try (RawCaller raw = new RawCaller(server)) {
            raw.say(RawCaller.post("/read", "{}"));
            source.tryEmitNext(Acme.record(1)).orThrow();
            raw.hear(heard -> heard.contains(Acme.line(1) + "\n"));

            CompletableFuture<Void> stopped = server.stop(LONG).toFuture();
            source.tryEmitNext(Acme.record(2)).orThrow();
            source.tryEmitComplete().orThrow();

            assertThat(raw.hear()).contains(Acme.line(2)).endsWith("0\r\n\r\n");
            stopped.join();
        }
    }

    @Test
    void cancelsWhatIsStillUnderWayAfterTheGrace() {
        PublisherProbe<Acme.Said> call = PublisherProbe.of(Mono.never());
        RunningServer server = Acme.serving(Acme.doing(call.mono()));
        try (RawCaller raw = new RawCaller(server)) {
            raw.say(RawCaller.post("/work", WORK));
            Eventually.is(call::wasSubscribed);

            server.stop(Duration.ofMillis(100)).block();

            Eventually.is(call::wasCancelled);
            assertThat(raw.hear()).isEmpty();
            Eventually.is(
                    () -> server.stats().cancelled() == 1 && server.stats().openConnections() == 0);
        }
    }

    @Test
    void closesAtOnceAndMoreThanOnce() {
        PublisherProbe<Message<JsonNode>> stream = PublisherProbe.of(Flux.never());
        RunningServer server = Acme.serving(Acme.streaming(stream.flux()));
        try (RawCaller raw = new RawCaller(server)) {
            raw.say(RawCaller.post("/read", "{}"));
            Eventually.is(stream::wasSubscribed);

            CompletableFuture<Void> gracefully = server.stop(LONG).toFuture();
            server.close();
            server.close();

            Eventually.is(stream::wasCancelled);
            gracefully.join();
        }
    }

    @Test
    void freesThePort() {
        RunningServer first = Acme.serving(Acme.integration());
        int port = first.port();
        first.stop(LONG).block();

        try (RunningServer second = Acme.started(Acme.server(Acme.integration()).port(port))) {
            assertThat(second.port()).isEqualTo(port);
        }
    }

    @Test
    void doesNothingBeforeSubscription() {
        try (RunningServer server = Acme.serving(Acme.integration())) {
            Mono<Void> stop = server.stop(LONG);

            assertThat(stop).isNotNull();
            assertThat(new HttpCaller(server).get("/health").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void refusesANegativeGrace() {
        try (RunningServer server = Acme.serving(Acme.integration())) {
            assertThatThrownBy(() -> server.stop(Duration.ofMillis(-1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("grace");
        }
    }
}
