package dev.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.publisher.PublisherProbe;

class LimitTest {

    private static final String WORK = "{\"request\":{\"text\":\"x\"}}";

    /** More than the sockets of both sides hold by themselves. */
    private static final int SIZE = 24 * 1024 * 1024;

    private static final Acme.Said LARGE = new Acme.Said("x".repeat(SIZE));

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
    void countsACallUntilItsAnswerHasLeft() {
        try (RunningServer server =
                        Acme.started(Acme.server(Acme.doing(Mono.just(LARGE))).maxConcurrent(1));
                RawCaller first = new RawCaller(server, 8 * 1024)) {
            HttpCaller caller = new HttpCaller(server);
            first.say(RawCaller.post("/work", WORK));
            first.hear(1_000);

            assertThat(caller.post("/work", WORK).statusCode()).isEqualTo(503);
            Eventually.is(() -> server.stats().inFlight() == 1);
            assertThat(server.stats().answered()).isZero();

            first.hear(SIZE - 1_000);
            Eventually.is(() -> server.stats().inFlight() == 0 && server.stats().answered() == 1);
            assertThat(caller.post("/work", WORK).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void countsACallAsCancelledIfItsAnswerHasNotLeft() {
        try (RunningServer server =
                Acme.started(Acme.server(Acme.doing(Mono.just(LARGE))).maxConcurrent(1))) {
            try (RawCaller raw = new RawCaller(server, 8 * 1024)) {
                raw.say(RawCaller.post("/work", WORK)).hear(1_000);
            }

            Eventually.isQuiet(server);
            assertThat(server.stats().cancelled()).isEqualTo(1);
            assertThat(server.stats().answered()).isZero();
            assertThat(new HttpCaller(server).post("/work", WORK).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void closesAConnectionThatNeverSaysAnything() {
        try (RunningServer server = Acme.started(Acme.server(Acme.integration()).idleTimeout(Duration.ofSeconds(1)));
                RawCaller silent = new RawCaller(server)) {
            assertThat(silent.hear()).isEmpty();
            Eventually.isQuiet(server);
        }
    }

    @Test
    void closesAConnectionThatIsIdleBehindAnAnswer() {
        try (RunningServer server = Acme.started(Acme.server(Acme.integration()).idleTimeout(Duration.ofSeconds(3)));
                RawCaller satisfied = new RawCaller(server)) {
            assertThat(satisfied.say(RawCaller.head("GET", "/health")).hear()).endsWith("{\"status\":\"UP\"}");
            Eventually.isQuiet(server);
        }
    }

    @Test
    void closesAConnectionWhoseHeadOnlyTricklesIn() {
        try (RunningServer server = Acme.started(Acme.server(Acme.integration()).idleTimeout(Duration.ofSeconds(1)));
                RawCaller slow = new RawCaller(server)) {
            byte[] trickle = "GET /health HTTP/1.1\r\n".getBytes(StandardCharsets.UTF_8);
            slow.say(trickle);
            Eventually.is(() -> server.stats().openConnections() == 1);
            Eventually.is(() -> {
                slow.trySay("X: y\r\n".getBytes(StandardCharsets.UTF_8));
                return server.stats().openConnections() == 0;
            });

            assertThat(server.stats().requests()).isZero();
        }
    }

    @Test
    void cutsOffACallerThatDoesNotTakeItsAnswer() {
        try (RunningServer server =
                        Acme.started(Acme.server(Acme.doing(Mono.just(LARGE))).stallTimeout(Duration.ofSeconds(1)));
                RawCaller raw = new RawCaller(server, 8 * 1024)) {
            raw.say(RawCaller.post("/work", WORK));

            Eventually.is(() -> server.stats().cancelled() == 1);
            Eventually.isQuiet(server);
        }
    }

    @Test
    void cutsOffACallerThatAsksForMoreWithoutTakingItsAnswer() {
        AtomicInteger calls = new AtomicInteger();
        Mono<Acme.Said> onlyOnce = Mono.defer(() -> calls.getAndIncrement() == 0 ? Mono.just(LARGE) : Mono.never());
        try (RunningServer server =
                        Acme.started(Acme.server(Acme.doing(onlyOnce)).stallTimeout(Duration.ofSeconds(1)));
                RawCaller raw = new RawCaller(server, 8 * 1024)) {
            raw.say(RawCaller.post("/work", WORK) + RawCaller.post("/work", WORK));

            // The second may have begun or not.
            Eventually.is(() -> server.stats().cancelled() > 0);
            Eventually.isQuiet(server);
        }
    }

    @Test
    void letsACallerBeginLateToTakeItsAnswer() {
        try (RunningServer server =
                        Acme.started(Acme.server(Acme.doing(Mono.just(LARGE))).idleTimeout(Duration.ofSeconds(2)));
                RawCaller raw = new RawCaller(server, 8 * 1024)) {
            raw.say(RawCaller.post("/work", WORK)).hear(1_000);
            Mono.delay(Duration.ofSeconds(4)).block();

            raw.hear(SIZE - 1_000);
            Eventually.is(() -> server.stats().answered() == 1);
        }
    }

    @Test
    void letsACallerTakeItsAnswerSlowly() {
        try (RunningServer server =
                        Acme.started(Acme.server(Acme.doing(Mono.just(LARGE))).stallTimeout(Duration.ofSeconds(2)));
                RawCaller raw = new RawCaller(server, 8 * 1024)) {
            raw.say(RawCaller.post("/work", WORK));

            raw.hearSlowly(32, SIZE / 32, Duration.ofMillis(150));
            Eventually.is(() -> server.stats().answered() == 1);
        }
    }

    @Test
    void cutsOffACallerThatSendsABodyBehindAnUnansweredRequest() {
        String chunk = "x".repeat(8 * 1024);
        try (RunningServer server = Acme.started(Acme.server(Acme.doing(Mono.never()))
                        .bodyLimit(64 * 1024)
                        .headLimit(16 * 1024));
                RawCaller raw = new RawCaller(server)) {
            raw.say(RawCaller.post("/work", WORK));
            Eventually.is(() -> server.stats().inFlight() == 1);
            raw.say(RawCaller.head("POST", "/work", "Content-Type: application/json", "Content-Length: 2000000000"));

            Eventually.is(() -> {
                raw.trySay(chunk.getBytes(StandardCharsets.UTF_8));
                return server.stats().openConnections() == 0;
            });
            Eventually.isQuiet(server);
            assertThat(server.stats().cancelled()).isEqualTo(1);
        }
    }

    @Test
    void cutsOffACallerThatSendsOneRequestBehindTheOther() {
        byte[] health = RawCaller.head("GET", "/health").getBytes(StandardCharsets.UTF_8);
        try (RunningServer server = Acme.serving(Acme.doing(Mono.never()));
                RawCaller raw = new RawCaller(server)) {
            raw.say(RawCaller.post("/work", WORK));
            Eventually.is(() -> server.stats().inFlight() == 1);

            Eventually.is(() -> {
                raw.trySay(health);
                return server.stats().openConnections() == 0;
            });
            Eventually.isQuiet(server);
        }
    }

    @Test
    void answersRequestsThatAreSentAtOnce() {
        Sinks.One<Acme.Said> answer = Sinks.one();
        int many = CallerConnection.MOST_DUE;
        try (RunningServer server = Acme.started(
                        Acme.server(Acme.doing(answer.asMono())).bodyLimit(100).headLimit(1_000));
                RawCaller raw = new RawCaller(server)) {
            raw.say(RawCaller.post("/work", WORK).repeat(many));
            Eventually.is(() -> server.stats().inFlight() == 1);
            answer.tryEmitValue(new Acme.Said("done")).orThrow();
            // Were some of them still due, more of the others would be at once than may be.
            Eventually.is(() -> server.stats().answered() == many);

            // As many again, one by one: what has been answered counts no more.
            for (int i = 0; i < many; i++) {
                raw.say(RawCaller.post("/work", WORK));
                raw.hear(heard -> heard.endsWith("\"error\":null}"));
            }
            raw.say(RawCaller.head("GET", "/health", "Connection: close")).hear();
            Eventually.isQuiet(server);
            assertThat(server.stats().answered()).isEqualTo(2L * many + 1);
        }
    }
}
