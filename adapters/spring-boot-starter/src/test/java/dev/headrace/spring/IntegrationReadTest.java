package dev.headrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headrace.capability.CapabilityException;
import dev.headrace.capability.ErrorCode;
import dev.headrace.json.Json;
import dev.headrace.stream.Message;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

class IntegrationReadTest {

    private static final String CHECKPOINT =
            "{\"type\":\"checkpoint\",\"stream\":\"numbers\",\"state\":{\"version\":1,\"source\":\"acme\",\"streams\":{\"numbers\":{\"last\":2}}}}";

    @SuppressWarnings("NullAway.Init")
    private static RunningApplication application;

    @BeforeAll
    static void start() {
        application = RunningApplication.of(Acme.Application.class, "headrace.sse.heartbeat=100ms");
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    private static HttpResponse<String> read(Flux<Message<JsonNode>> messages, String document, String accept) {
        Acme.messages = state -> messages;
        return RunningApplication.send(
                Acme.posting(application, "/acme/read", document).header("Accept", accept));
    }

    private static Flux<Message<JsonNode>> numbers() {
        return Flux.just(Numbers.record(1), Numbers.checkpoint(2));
    }

    private static Flux<Message<JsonNode>> broken() {
        return Flux.error(CapabilityException.of(ErrorCode.CONFLICT, "It is so"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "application/x-ndjson", "text/event-stream;q=0", "text/*", "nonsense"})
    void writesALineForEachMessage(String accept) {
        HttpResponse<String> response = read(numbers(), "{}", accept);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/x-ndjson");
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(response.body()).isEqualTo(Numbers.line(1) + "\n" + CHECKPOINT + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/event-stream", "application/json, text/event-stream;q=0.5", "TEXT/Event-Stream"})
    void writesEventsForThoseWhoAskForThem(String accept) {
        HttpResponse<String> response = read(numbers(), "{}", accept);

        assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(SseEventWriterTest.withoutHeartbeats(response))
                .isEqualTo("event: record\ndata: " + Numbers.line(1) + "\n\nevent: checkpoint\ndata: " + CHECKPOINT
                        + "\n\n");
    }

    @Test
    void goesOnFromTheStateItIsGiven() {
        List<String> states = new ArrayList<>();
        Acme.messages = state -> {
            states.add(String.valueOf(state));
            return numbers();
        };
        String state = "{\"version\":1,\"source\":\"acme\",\"streams\":{\"numbers\":{\"last\":2}}}";

        Acme.post(application, "/acme/read", "{\"state\":" + state + ",\"streams\":[\"numbers\"]}");
        Acme.post(application, "/acme/read", "{\"state\":" + state + ",\"full_refresh\":true}");

        assertThat(states).containsExactly("{\"last\":2}", "null");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"config\":[]} | server",
                "{\"state\":7} | server",
                "{\"stream\":[\"numbers\"]} | server",
                "{\"streams\":[]} | server",
                "{\"streams\":[\"letters\"]} | read",
                "{\"state\":{\"version\":9}} | read"
            })
    void refusesWhatIsNoReading(String document, String in) {
        HttpResponse<String> response = read(numbers(), document, "*/*");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Acme.error(response)).isEqualTo("acme.bad_request in acme:" + in);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "text/event-stream"})
    void answersAFailureBeforeTheFirstMessageWithItsStatus(String accept) {
        HttpResponse<String> response = read(broken(), "{}", accept);

        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(Acme.error(response)).isEqualTo("acme.conflict in acme:read");
    }

    @Test
    void writesALaterFailureAsTheLastMessage() {
        HttpResponse<String> response = read(numbers().concatWith(broken()), "{}", "*/*");

        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode last = Json.tree(response.body().lines().skip(2).findFirst().orElseThrow());
        assertThat(last.path("type").stringValue("")).isEqualTo("error");
        assertThat(last.at("/error/error_code").stringValue("")).isEqualTo("acme.conflict");
    }

    @Test
    void writesAFailureBehindAHeartbeatAsTheLastEvent() {
        HttpResponse<String> response =
                read(Mono.delay(Duration.ofMillis(500)).thenMany(broken()), "{}", "text/event-stream");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).startsWith(":\n\n").contains("event: error\ndata: {\"type\":\"error\",\"error\":{");
    }

    @Test
    void isCancelledWithTheCaller() {
        AtomicBoolean cancelled = new AtomicBoolean();
        Acme.messages = state -> numbers().concatWith(Flux.never()).doOnCancel(() -> cancelled.set(true));
        try (RawCaller raw = new RawCaller(application.port())) {
            raw.say(
                            "POST /acme/read HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
                    .hear(heard -> heard.contains(CHECKPOINT));
            assertThat(cancelled).isFalse();
        }

        await().untilTrue(cancelled);
    }

    @Test
    void looksAtTheStreams() {
        Acme.messages = state -> numbers();

        JsonNode checked = Json.tree(Acme.post(application, "/acme/check", "{}").body());
        JsonNode found = Json.tree(
                Acme.post(application, "/acme/discover", "{\"config\":{}}").body());

        assertThat(checked.at("/response/available").booleanValue(false)).isTrue();
        assertThat(found.at("/response/streams/0/name").stringValue("")).isEqualTo("numbers");
    }

    @Test
    void saysWhyTheStreamsCannotBeRead() {
        Acme.messages = state -> broken();

        HttpResponse<String> failed = Acme.post(application, "/acme/check", "{}");
        HttpResponse<String> refused = Acme.post(application, "/acme/check", "{\"state\":{}}");

        assertThat(failed.statusCode()).isEqualTo(409);
        assertThat(Acme.error(failed)).isEqualTo("acme.conflict in acme:check");
        assertThat(Acme.error(refused)).isEqualTo("acme.bad_request in acme:server");
    }
}
