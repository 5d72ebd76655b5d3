package dev.headrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headrace.capability.CapabilityException;
import dev.headrace.capability.ErrorCode;
import dev.headrace.connector.Connector;
import dev.headrace.json.Json;
import dev.headrace.stream.Checkpoint;
import dev.headrace.stream.Message;
import dev.headrace.stream.MessageStream;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

class ReturnedStreamTest {

    private static final AtomicBoolean CANCELLED = new AtomicBoolean();

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Pages.class)
    static class Application {

        @Bean
        @Qualifier("github")
        Connector githubConnector() {
            return Connector.builder("http://github.invalid").build();
        }
    }

    @RestController
    static class Pages {

        /** Goes on behind the last number. */
        @GetMapping("/numbers")
        MessageStream<JsonNode> numbers() {
            return new Numbers((connector, state) -> {
                int from = state == null ? 1 : state.path("last").intValue() + 1;
                return Flux.just(
                        Numbers.record(from),
                        Numbers.checkpoint(from),
                        Numbers.notice(),
                        Numbers.record(from + 1),
                        Numbers.checkpoint(from + 1));
            });
        }

        @GetMapping("/later")
        Mono<Numbers> later() {
            return Mono.just(Numbers.of(Flux.just(Numbers.record(1))));
        }

        @GetMapping("/empty")
        Numbers empty() {
            return Numbers.of(Flux.empty());
        }

        @GetMapping("/refused")
        Numbers refused() {
            return Numbers.of(Flux.error(CapabilityException.of(ErrorCode.CONFLICT, "It is so")));
        }

        @GetMapping("/broken")
        Numbers broken() {
            return Numbers.of(Flux.just(Numbers.record(1)).concatWith(Flux.error(new IllegalStateException())));
        }

        @GetMapping("/unending")
        Numbers unending() {
            return Numbers.of(
                    Flux.just(Numbers.record(1)).concatWith(Flux.never()).doOnCancel(() -> CANCELLED.set(true)));
        }

        @GetMapping("/large")
        Numbers large() {
            Message<JsonNode> large = Checkpoint.of(
                    "numbers", JsonNodeFactory.instance.objectNode().put("x", "x".repeat(StateIds.LONGEST)));
            return Numbers.of(Flux.just(Numbers.checkpoint(1), large));
        }
    }

    @SuppressWarnings("NullAway.Init")
    private static RunningApplication application;

    @BeforeAll
    static void start() {
        application = RunningApplication.of(Application.class);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    private static String id(int number) {
        return application
                .bean(StateIds.class)
                .id("numbers", JsonNodeFactory.instance.objectNode().put("last", number))
                .orElseThrow();
    }

    private static String checkpoint(int number) {
        return "{\"type\":\"checkpoint\",\"stream\":\"numbers\",\"state\":{\"last\":" + number + "}}";
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "application/x-ndjson", "text/html, */*;q=0.8"})
    void isLinesUnlessSomethingElseIsAskedFor(String accept) {
        HttpResponse<String> response = application.get("/numbers", "Accept", accept);

        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/x-ndjson");
        assertThat(response.body().lines())
                .containsExactly(
                        Numbers.line(1),
                        checkpoint(1),
                        "{\"type\":\"notice\",\"stream\":\"numbers\",\"kind\":\"cursor_missing\",\"text\":\"No cursor\"}",
                        Numbers.line(2),
                        checkpoint(2));
    }

    @Test
    void isEventsForABrowserThatConnects() {
        HttpResponse<String> response = application.get("/numbers", "Accept", "text/event-stream");

        assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
        assertThat(response.body())
                .isEqualTo("event: record\ndata: " + Numbers.line(1) + "\n\n"
                        + "id: " + id(1) + "\nevent: checkpoint\ndata: " + checkpoint(1) + "\n\n"
                        + "event: notice\ndata: {\"type\":\"notice\",\"stream\":\"numbers\",\"kind\":\"cursor_missing\","
                        + "\"text\":\"No cursor\"}\n\n"
                        + "event: record\ndata: " + Numbers.line(2) + "\n\n"
                        + "id: " + id(2) + "\nevent: checkpoint\ndata: " + checkpoint(2) + "\n\n"
                        + "event: end\ndata: {\"type\":\"end\",\"stream\":\"numbers\"}\n\n");
    }

    @Test
    void goesOnFromTheLastCheckpointThatABrowserHasSeen() {
        String body = application
                .get("/numbers", "Accept", "text/event-stream", "Last-Event-ID", id(2))
                .body();

        // The id again: a browser that loses the connection before the next checkpoint still has it.
        assertThat(body).startsWith("id: " + id(2) + "\nevent: record\ndata: " + Numbers.line(3) + "\n\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/x-ndjson", "text/event-stream"})
    void knowsTypesAlsoWithACharset(String type) {
        HttpResponse<String> response = application.get("/numbers", "Accept", type + ";charset=utf-8");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith(type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "***", "W10", "bm9uc2Vuc2U", "eyJsYXN0IjoyfQ"})
    void refusesToGoOnFromWhatIsNoState(String id) {
        HttpResponse<String> response = application.get("/numbers", "Accept", "text/event-stream", "Last-Event-ID", id);

        assertThat(response.statusCode()).isEqualTo(400);
    }

    @Test
    void keepsTheIdBeforeAStateThatIsTooLarge() {
        String body = application.get("/large", "Accept", "text/event-stream").body();

        assertThat(body.lines().filter(line -> line.startsWith("id:"))).containsExactly("id: " + id(1));
    }

    @Test
    void isAnArrayOfRecordsForThoseWhoWantJson() {
        HttpResponse<String> response = application.get("/numbers", "Accept", "application/json");

        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(response.body()).isEqualTo("[{\"n\":1},{\"n\":2}]");
    }

    @Test
    void isAnArrayAlsoIfThereIsNothing() {
        assertThat(Json.tree(application
                                .get("/empty", "Accept", "application/json")
                                .body())
                        .isEmpty())
                .isTrue();
    }

    @Test
    void mayComeLater() {
        assertThat(application.get("/later").body()).isEqualTo(Numbers.line(1) + "\n");
    }

    @Test
    void isNothingElse() {
        assertThat(application.get("/numbers", "Accept", "text/csv").statusCode())
                .isEqualTo(406);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/x-ndjson", "application/json", "text/event-stream"})
    void leavesAStatusToAFailureBeforeTheFirstMessage(String accept) {
        assertThat(application.get("/refused", "Accept", accept).statusCode()).isEqualTo(500);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/x-ndjson", "application/json", "text/event-stream"})
    void breaksOffWhereTheReadingFails(String accept) {
        try (RawCaller raw = new RawCaller(application.port())) {
            assertThat(raw.get("/broken", "Accept: " + accept).hear(heard -> false))
                    .contains("{\"n\":1}")
                    .doesNotEndWith("0\r\n\r\n");
        }
    }

    @Test
    void isCancelledWithTheCaller() {
        try (RawCaller raw = new RawCaller(application.port())) {
            raw.get("/unending").hear(heard -> heard.contains(Numbers.line(1)));
            assertThat(CANCELLED).isFalse();
        }

        await().untilTrue(CANCELLED);
    }
}
