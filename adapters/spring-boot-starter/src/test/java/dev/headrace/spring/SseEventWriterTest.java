package dev.headrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.headrace.sse.Loss;
import dev.headrace.sse.SseEvent;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class SseEventWriterTest {

    private static final AtomicBoolean CANCELLED = new AtomicBoolean();

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Pages.class)
    static class Application {}

    @RestController
    static class Pages {

        @GetMapping("/three")
        Flux<SseEvent> three() {
            return Flux.just(
                    new SseEvent("1", "message", "one"),
                    new SseEvent("1", "price", "two\nlines", new Loss(12, "a", "b"), true),
                    new SseEvent("", "", "three"));
        }

        @GetMapping("/one")
        Mono<SseEvent> one() {
            return Mono.just(new SseEvent("7", "message", "one"));
        }

        @GetMapping("/silent")
        Flux<SseEvent> silent() {
            return Flux.<SseEvent>never().doOnCancel(() -> CANCELLED.set(true));
        }

        @GetMapping("/refused")
        Flux<SseEvent> refused() {
            return Flux.error(new ResponseStatusException(HttpStatus.NOT_FOUND));
        }

        @GetMapping("/broken")
        Flux<SseEvent> broken() {
            return three().concatWith(Flux.error(new ResponseStatusException(HttpStatus.NOT_FOUND)));
        }
    }

    @SuppressWarnings("NullAway.Init")
    private static RunningApplication application;

    @BeforeAll
    static void start() {
        application = RunningApplication.of(Application.class, "headrace.sse.heartbeat=100ms");
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    /** On a busy machine there is time for one between two events. */
    static String withoutHeartbeats(HttpResponse<String> response) {
        return response.body().replaceAll("(?m)^:\n\n", "");
    }

    @Test
    void writesEventsToTheLetterOfTheStandard() {
        HttpResponse<String> response = application.get("/three");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-cache");
        assertThat(response.headers().firstValue("X-Accel-Buffering")).hasValue("no");
        assertThat(withoutHeartbeats(response)).isEqualTo("""
                id: 1
                data: one

                : 12 events lost, truncated
                event: price
                data: two
                data: lines

                id:\s
                data: three

                """);
    }

    @Test
    void writesOneEvent() {
        assertThat(withoutHeartbeats(application.get("/one"))).isEqualTo("id: 7\ndata: one\n\n");
    }

    @Test
    void saysAgainAndAgainThatItIsThere() {
        try (RawCaller browser = new RawCaller(application.port())) {
            String heard = browser.get("/silent", "Accept: text/event-stream")
                    .hear(text -> text.endsWith("3\r\n:\n\n\r\n3\r\n:\n\n\r\n3\r\n:\n\n\r\n"));

            assertThat(heard).startsWith("HTTP/1.1 200 OK").containsIgnoringCase("content-type: text/event-stream");
        }
    }

    @Test
    void cancelsTheEventsOfABrowserThatHasGone() {
        CANCELLED.set(false);
        try (RawCaller browser = new RawCaller(application.port())) {
            browser.get("/silent").hear(text -> text.endsWith(":\n\n\r\n"));
            assertThat(CANCELLED).isFalse();
        }

        await().untilTrue(CANCELLED);
    }

    @Test
    void leavesAStatusToAFailureBeforeTheFirstEvent() {
        HttpResponse<String> response = application.get("/refused", "Accept", "text/event-stream, application/json");

        assertThat(response.statusCode()).isEqualTo(404);
    }

    @Test
    void breaksOffWhereTheEventsFail() {
        try (RawCaller browser = new RawCaller(application.port())) {
            String heard = browser.get("/broken").hear(text -> false);

            assertThat(heard).contains("data: three\n\n").doesNotEndWith("0\r\n\r\n");
        }
    }

    @Test
    void isOneOfBootsBeansWithTheHeartbeatOfTheProperty() {
        assertThat(application.bean(SseEventWriter.class)).hasToString("SseEventWriter[a heartbeat every PT0.1S]");
    }

    @Test
    void refusesAHeartbeatOfLessThanAMillisecond() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SseEventWriter.create().heartbeat(Duration.ofNanos(1)))
                .withMessageContaining("PT0.000000001S");
    }
}
