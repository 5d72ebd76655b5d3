package dev.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.publisher.PublisherProbe;

class LimitTest {

    private static final String WORK = "{\"request\":{\"text\":\"x\"}}";

    @Test
    void refusesACallMoreThanItTakesAtOnce() {
        Sinks.One<Acme.Said> answer = Sinks.one();
        PublisherProbe<Acme.Said> call = PublisherProbe.of(answer.asMono());
        try (RunningServer server =
                        Acme.started(Acme.server(Acme.doing(call.mono())).maxConcurrent(1));
                RawCaller first = new RawCaller(server)) {
            HttpCaller caller = new HttpCaller(server);
            first.say(RawCaller.post("/work", WORK));
            Eventually.is(call::wasSubscribed);

            HttpResponse<String> second = caller.post("/work", WORK);

            assertThat(second.statusCode()).isEqualTo(503);
            assertThat(second.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(HttpCaller.error(second)).isEqualTo("acme.service_error in acme:server");
            assertThat(caller.get("/info").statusCode()).isEqualTo(200);

            answer.tryEmitValue(new Acme.Said("done")).orThrow();
            assertThat(first.hear(heard -> heard.endsWith("}"))).startsWith("HTTP/1.1 200 ");
            Eventually.is(() -> caller.post("/work", WORK).statusCode() == 200);
        }
    }

    @Test
    void closesAConnectionThatIsIdle() {
        try (RunningServer server = Acme.started(Acme.server(Acme.integration()).idleTimeout(Duration.ofMillis(200)));
                RawCaller silent = new RawCaller(server);
                RawCaller satisfied = new RawCaller(server)) {
            assertThat(satisfied.say(RawCaller.head("GET", "/health")).hear()).endsWith("{\"status\":\"UP\"}");
            assertThat(silent.hear()).isEmpty();
            Eventually.isQuiet(server);
        }
    }

    @Test
    void closesAConnectionWhoseHeadOnlyTricklesIn() {
        try (RunningServer server = Acme.started(Acme.server(Acme.integration()).idleTimeout(Duration.ofMillis(300)));
                RawCaller slow = new RawCaller(server)) {
            byte[] trickle = "GET /health HTTP/1.1\r\n".getBytes(StandardCharsets.UTF_8);
            slow.say(trickle);
            Eventually.is(() -> {
                slow.trySay("X: y\r\n".getBytes(StandardCharsets.UTF_8));
                return server.stats().openConnections() == 0;
            });

            assertThat(server.stats().requests()).isZero();
        }
    }

    @Test
    void cutsOffACallerThatDoesNotTakeItsAnswer() {
        Acme.Said large = new Acme.Said("x".repeat(32 * 1024 * 1024));
        try (RunningServer server =
                        Acme.started(Acme.server(Acme.doing(Mono.just(large))).stallTimeout(Duration.ofMillis(300)));
                RawCaller raw = new RawCaller(server, 8 * 1024)) {
            raw.say(RawCaller.post("/work", WORK));

            Eventually.is(() -> server.stats().answered() == 1);
            Eventually.isQuiet(server);
        }
    }

    @Test
    void letsACallerTakeALargeAnswerSlowly() {
        Acme.Said large = new Acme.Said("x".repeat(8 * 1024 * 1024));
        try (RunningServer server =
                Acme.started(Acme.server(Acme.doing(Mono.just(large))).idleTimeout(Duration.ofMillis(50)))) {
            assertThat(new HttpCaller(server).post("/work", WORK).body()).hasSizeGreaterThan(8 * 1024 * 1024);
        }
    }
}
