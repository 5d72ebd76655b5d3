package dev.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.capability.CapabilityException;
import dev.headrace.capability.ErrorCode;
import dev.headrace.capability.Integration;
import dev.headrace.json.JsonSchema;
import dev.headrace.stream.Message;
import dev.headrace.stream.Notice;
import dev.headrace.stream.Slice;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

class StreamTest {

    private static final String CHECKPOINT =
            "{\"type\":\"checkpoint\",\"stream\":\"numbers\",\"state\":{\"version\":1,\"source\":\"acme\",\"streams\":{\"numbers\":{\"last\":2}}}}\n";

    private static HttpResponse<String> read(Integration integration, String document, String... accept) {
        try (RunningServer server = Acme.serving(integration)) {
            var request = new HttpCaller(server).posting("/read", BodyPublishers.ofString(document));
            for (String one : accept) {
                request.header("Accept", one);
            }
            return HttpCaller.send(request);
        }
    }

    private static Flux<Message<JsonNode>> numbers() {
        Notice<JsonNode> notice = new Notice<>(
                "numbers", Notice.Kind.CURSOR_MISSING, "No cursor", Slice.of("part", "a"), Optional.empty());
        return Flux.just(Acme.record(1), notice, Acme.record(2), Acme.checkpoint(2));
    }

    @Test
    void writesMessagesAsTheCommandDoes() { // M35
        HttpResponse<String> response = read(Acme.streaming(numbers()), "{}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/x-ndjson");
        assertThat(response.body())
                .isEqualTo(Acme.line(1) + "\n"
                        + "{\"type\":\"notice\",\"stream\":\"numbers\",\"slice\":{\"part\":\"a\"},\"kind\":\"cursor_missing\","
                        + "\"text\":\"No cursor\"}\n"
                        + Acme.line(2) + "\n" + CHECKPOINT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/event-stream", "application/json, text/event-stream;q=0.5", "TEXT/Event-Stream"})
    void writesEventsForThoseWhoAskForThem(String accept) {
        HttpResponse<String> response =
                read(Acme.streaming(Flux.just(Acme.record(1), Acme.checkpoint(2))), "{}", accept);

        assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
        assertThat(response.body())
                .isEqualTo("event: record\ndata: " + Acme.line(1) + "\n\n" + "event: checkpoint\ndata: " + CHECKPOINT
                        + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "application/x-ndjson", "text/event-stream;q=0", "text/*"})
    void writesLinesForAllOthers(String accept) {
        assertThat(read(Acme.streaming(numbers()), "{}", accept).headers().firstValue("Content-Type"))
                .hasValue("application/x-ndjson");
    }

    @Test
    void goesOnFromTheStateItIsGiven() {
        List<JsonNode> states = new ArrayList<>();
        Integration acme = Acme.streaming(state -> {
            states.add(state);
            return Flux.just(Acme.record(3));
        });
        String state = "{\"version\":1,\"source\":\"acme\",\"streams\":{\"numbers\":{\"last\":2}}}";

        read(acme, "{\"config\":{},\"state\":" + state + ",\"streams\":[\"numbers\"]}");
        read(acme, "{\"config\":{},\"state\":" + state + ",\"full_refresh\":true}");
        read(acme, "{\"state\":null,\"full_refresh\":false}");
        read(acme, "{\"state\":" + state + ",\"streams\":null,\"full_refresh\":null}");

        assertThat(states).extracting(String::valueOf).containsExactly("{\"last\":2}", "null", "null", "{\"last\":2}");
    }

    @Test
    void hasNothingToSayAboutAnEmptyStream() {
        HttpResponse<String> response = read(Acme.streaming(Flux.empty()), "{}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/x-ndjson");
        assertThat(response.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"config\":[]}",
                "{\"state\":7}",
                "{\"stream\":[\"numbers\"]}",
                "{\"streams\":\"numbers\"}",
                "{\"streams\":{\"a\":\"numbers\"}}",
                "{\"streams\":[7]}",
                "{\"streams\":[]}",
                "{\"full_refresh\":\"yes\"}"
            })
    void refusesWhatIsNoReading(String document) {
        HttpResponse<String> response = read(Acme.streaming(numbers()), document);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(HttpCaller.error(response)).isEqualTo("acme.bad_request in acme:server");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"streams\":[\"letters\"]}", "{\"state\":{\"version\":9}}"})
    void refusesWhatTheSourceRefuses(String document) {
        HttpResponse<String> response = read(Acme.streaming(numbers()), document);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(HttpCaller.error(response)).isEqualTo("acme.bad_request in acme:read");
    }

    @Test
    void answersAFailureBeforeTheFirstMessageWithItsStatus() {
        HttpResponse<String> response = read(
                Acme.streaming(Flux.error(CapabilityException.of(ErrorCode.RATE_LIMIT, "Slow down"))),
                "{}",
                "text/event-stream");

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(HttpCaller.error(response)).isEqualTo("acme.rate_limit in acme:read");
    }

    @Test
    void saysAFailureBehindTheHeadInTheLastLine() {
        Flux<Message<JsonNode>> failing = Flux.concat(
                Flux.just(Acme.record(1)), Flux.error(CapabilityException.of(ErrorCode.RATE_LIMIT, "Slow down")));
        String error = "{\"type\":\"error\",\"error\":{\"message\":\"Slow down\",\"status_code\":null,"
                + "\"error_code\":\"acme.rate_limit\",\"raised_by\":\"CapabilityException\",\"raised_in\":\"acme:read\","
                + "\"kind\":\"transient\",\"retryable\":true,\"retry_at\":null}}";

        assertThat(read(Acme.streaming(failing), "{}").body()).isEqualTo(Acme.line(1) + "\n" + error + "\n");
        assertThat(read(Acme.streaming(failing), "{}", "text/event-stream").body())
                .endsWith("event: error\ndata: " + error + "\n\n");
    }

    @Test
    void letsNoMessageWaitForTheNext() {
        Sinks.Many<Message<JsonNode>> source = Sinks.many().unicast().onBackpressureBuffer();
        try (RunningServer server = Acme.serving(Acme.streaming(source.asFlux()));
                RawCaller raw = new RawCaller(server)) {
            raw.say(RawCaller.post("/read", "{}"));
            for (int i = 1; i <= 3; i++) {
                source.tryEmitNext(Acme.record(i)).orThrow();
                int number = i;
                assertThat(raw.hear(heard -> heard.contains(Acme.line(number) + "\n")))
                        .isNotEmpty();
            }
            source.tryEmitComplete().orThrow();
            assertThat(raw.hear(heard -> heard.endsWith("0\r\n\r\n"))).isNotEmpty();
            assertThat(server.stats().messagesSent()).isEqualTo(3);
        }
    }

    @Test
    void keepsTheConnectionBehindAStream() {
        try (RunningServer server = Acme.serving(Acme.streaming(numbers()));
                RawCaller raw = new RawCaller(server)) {
            // Not once: whether the next request was missed was a matter of luck.
            for (int i = 0; i < 200; i++) {
                raw.say(RawCaller.post("/read", "{}")).hear(heard -> heard.endsWith("0\r\n\r\n"));
            }

            assertThat(raw.say(RawCaller.head("GET", "/health", "Connection: close"))
                            .hear())
                    .startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void hasNoTimeLimitForWhatIsQuiet() {
        Flux<Message<JsonNode>> slow = Flux.just(Acme.record(1), Acme.record(2)).delayElements(Duration.ofSeconds(4));
        CapabilityServer hasty = Acme.server(Acme.streaming(slow))
                .callTimeout(Duration.ofSeconds(2))
                .idleTimeout(Duration.ofSeconds(2))
                .stallTimeout(Duration.ofSeconds(2));
        try (RunningServer server = Acme.started(hasty)) {
            assertThat(new HttpCaller(server).post("/read", "{}").body())
                    .isEqualTo(Acme.line(1) + "\n" + Acme.line(2) + "\n");
        }
    }

    @Test
    void readsOnThreadsOfItsOwnThatEndWithTheServer() {
        AtomicReference<Thread> reader = new AtomicReference<>();
        Flux<Message<JsonNode>> stream = Flux.defer(() -> {
            reader.set(Thread.currentThread());
            // So that blocking is watched for.
            assertThat(Schedulers.isInNonBlockingThread()).isTrue();
            return Flux.just(Acme.record(1));
        });
        try (RunningServer server = Acme.serving(Acme.streaming(stream))) {
            assertThat(new HttpCaller(server).post("/read", "{}").body()).isEqualTo(Acme.line(1) + "\n");
            assertThat(reader.get()).isNotNull().satisfies(thread -> {
                assertThat(thread.getName()).startsWith("headrace-server-");
                assertThat(thread.isAlive()).isTrue();
            });
        }
        Thread ended = Objects.requireNonNull(reader.get());
        Eventually.is(() -> !ended.isAlive());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void saysNothingOfTheSecretsOfItsConfiguration(boolean begun) {
        Flux<Message<JsonNode>> failing =
                Flux.error(CapabilityException.of(ErrorCode.UNAUTHORIZED, "The key k3y-of-the-remote is wrong"));
        Integration acme = Acme.builder()
                .source(Acme.source(state -> begun ? Flux.concat(Flux.just(Acme.record(1)), failing) : failing)
                        .config(
                                JsonSchema.of(
                                        "{\"type\":\"object\",\"properties\":{\"key\":{\"type\":\"string\",\"writeOnly\":true}}}"))
                        .build())
                .build();
        String document = "{\"config\":{\"key\":\"k3y-of-the-remote\"}}";

        assertThat(read(acme, document).body())
                .contains("acme.unauthorized")
                .contains("The key ")
                .doesNotContain("k3y-of-the-remote");
        try (RunningServer server = Acme.serving(acme)) {
            if (!begun) {
                assertThat(new HttpCaller(server).post("/check", document).body())
                        .contains("acme.unauthorized")
                        .doesNotContain("k3y-of-the-remote");
            }
        }
    }

    @Test
    void checksWhetherStreamsCanBeRead() {
        try (RunningServer good = Acme.serving(Acme.streaming(numbers()));
                RunningServer bad = Acme.serving(
                        Acme.streaming(Flux.error(CapabilityException.of(ErrorCode.UNAUTHORIZED, "Who are you?"))))) {
            assertThat(new HttpCaller(good).post("/check", "{\"config\":{}}").body())
                    .isEqualTo(
                            "{\"response\":{\"available\":true,\"reason\":null,\"status_code\":null},\"raw_data\":null,\"page\":null,\"error\":null}");
            HttpResponse<String> refused = new HttpCaller(bad).post("/check", "{}");
            assertThat(refused.statusCode()).isEqualTo(502);
            assertThat(HttpCaller.error(refused)).isEqualTo("acme.unauthorized in acme:check");
        }
    }

    @Test
    void tellsWhatStreamsThereAre() {
        try (RunningServer server = Acme.serving(Acme.streaming(numbers()))) {
            assertThat(new HttpCaller(server).post("/discover", "{}").body())
                    .isEqualTo("{\"response\":{\"streams\":[{\"name\":\"numbers\",\"namespace\":null,\"key\":[\"/n\"],"
                            + "\"cursor\":\"/n\",\"sync_modes\":[\"full_refresh\",\"incremental\"],\"schema\":null}]},"
                            + "\"raw_data\":null,\"page\":null,\"error\":null}");
            assertThat(new HttpCaller(server)
                            .post("/discover", "{\"streams\":[]}")
                            .statusCode())
                    .isEqualTo(400);
        }
    }
}
