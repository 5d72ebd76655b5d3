package dev.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.capability.CapabilityResponse;
import dev.headrace.capability.Integration;
import dev.headrace.json.Json;
import dev.headrace.stream.Message;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/**
 * Good, oversized, malformed and abandoned requests, 64 at once. 1,000 of them, under {@code -Psoak} 10,000: every good one is answered right, and
 * nothing is left over.
 */
class SurvivalTest {

    private static final int REQUESTS = Boolean.getBoolean("headrace.soak") ? 10_000 : 1_000;
    private static final int AT_ONCE = 64;
    private static final int LIMIT = 32 * 1024;

    private static final Flux<Message<JsonNode>> LONG =
            Flux.range(0, 2_000).map(Acme::record).delaySubscription(Duration.ofMillis(5));

    private final AtomicInteger good = new AtomicInteger();

    private static Integration integration() {
        return Integration.builder("acme")
                .capability(
                        "say_again",
                        Acme.Say.class,
                        Acme.Said.class,
                        (request, context) -> Mono.just(CapabilityResponse.of(
                                        new Acme.Said(request.input().text())))
                                .delayElement(
                                        Duration.ofMillis(request.input().text().length() % 20)))
                .source(Acme.streaming(LONG).source().orElseThrow())
                .build();
    }

    @Test
    void survivesWhateverItIsSent() {
        Scheduler callers = Schedulers.newBoundedElastic(AT_ONCE, REQUESTS, "callers");
        try (RunningServer server =
                Acme.started(Acme.server(integration()).bodyLimit(LIMIT).requestTimeout(Duration.ofSeconds(20)))) {
            Flux.range(0, REQUESTS)
                    .flatMap(
                            number -> Mono.fromRunnable(() -> send(server, number))
                                    .subscribeOn(callers),
                            AT_ONCE)
                    .blockLast();

            // The client of the JDK keeps connections; the server does not, once they are idle.
            Eventually.is(() -> server.stats().inFlight() == 0 && server.stats().openStreams() == 0);
            ServerStats stats = server.stats();
            assertThat(stats.requests())
                    .isEqualTo(stats.answered() + stats.refused() + stats.failed() + stats.cancelled());
            assertThat(good.get()).isEqualTo(count(0) + count(1) + count(2));
            assertThat(stats.answered()).isGreaterThanOrEqualTo(good.get());
            assertThat(stats.refused()).isGreaterThanOrEqualTo(count(3) + count(4) + count(5));
            assertThat(stats.failed()).isZero();

            server.stop(Duration.ofSeconds(20)).block();
            assertThat(server.stats().openConnections()).isZero();
            assertThat(server.stats().inFlight()).isZero();
        } finally {
            callers.dispose();
        }
    }

    private static int count(int kind) {
        return (REQUESTS - kind + 7) / 8;
    }

    private void send(RunningServer server, int number) {
        HttpCaller caller = new HttpCaller(server);
        String text = "number " + number + " " + "x".repeat(number % 3_000);
        switch (number % 8) {
            case 0, 1 -> {
                HttpResponse<String> response = caller.post("/say_again", say(text));
                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(HttpCaller.json(response).at("/response/text").stringValue())
                        .isEqualTo(text);
                good.incrementAndGet();
            }
            case 2 -> {
                assertThat(caller.post("/read", "{}").body().lines().count()).isEqualTo(2_000);
                good.incrementAndGet();
            }
            case 3 -> tooLarge(caller);
            case 4 ->
                assertThat(caller.post("/say_again", "{\"request\":").statusCode())
                        .isEqualTo(400);
            case 5 -> {
                try (RawCaller raw = new RawCaller(server)) {
                    assertThat(raw.say("nonsense " + number + "\r\n\r\n").hear())
                            .startsWith("HTTP/1.1 400 ");
                }
            }
            case 6 -> abandon(server, RawCaller.post("/say_again", say(text)));
            default -> {
                try (RawCaller raw = new RawCaller(server)) {
                    raw.say(RawCaller.post("/read", "{}")).hear(heard -> heard.length() > 500);
                }
            }
        }
    }

    private static String say(String text) {
        return "{\"request\":{\"text\":" + Json.writeText(text) + "}}";
    }

    private static void tooLarge(HttpCaller caller) {
        byte[] body = say("x".repeat(4 * LIMIT)).getBytes(StandardCharsets.UTF_8);
        HttpResponse<String> response = HttpCaller.send(caller.posting("/say_again", BodyPublishers.ofByteArray(body)));
        assertThat(response.statusCode()).isEqualTo(413);
    }

    /** Says a part of it, any part, and goes. */
    private static void abandon(RunningServer server, String request) {
        try (RawCaller raw = new RawCaller(server)) {
            raw.say(request.substring(0, ThreadLocalRandom.current().nextInt(request.length() + 1)));
        }
    }
}
