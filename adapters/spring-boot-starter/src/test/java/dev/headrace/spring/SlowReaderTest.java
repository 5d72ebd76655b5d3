package dev.headrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headrace.connector.Connector;
import dev.headrace.sse.SseEvent;
import dev.headrace.stream.Message;
import dev.headrace.stream.Slice;
import dev.headrace.stream.StreamRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

/** Sources that could say more than a browser wants to read. */
class SlowReaderTest {

    private static final int SIZE = 1024 * 1024;

    /** What the sockets of both sides may hold by themselves: Linux lets them grow to about 10 MiB. */
    private static final int IN_SOCKETS = 16 * 1024 * 1024 / SIZE;

    /** 1 MiB that Reactor Netty has taken, one that is being taken, one in line with the heartbeats, one being made. */
    private static final int AHEAD = 4;

    private static final AtomicInteger MADE = new AtomicInteger();

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Pages.class)
    static class Application {

        @Bean
        Connector connector() {
            return Connector.builder("http://api.invalid").build();
        }
    }

    @RestController
    static class Pages {

        private static final String DATA = "x".repeat(SIZE);

        private static <T> Flux<T> endless(T item) {
            return Flux.generate(sink -> {
                MADE.incrementAndGet();
                sink.next(item);
            });
        }

        @GetMapping("/events")
        Flux<SseEvent> events() {
            return endless(new SseEvent("", "message", DATA));
        }

        @GetMapping("/stream")
        Numbers stream() {
            Message<JsonNode> large =
                    new StreamRecord<>("numbers", JsonNodeFactory.instance.stringNode(DATA), Slice.EMPTY);
            return Numbers.of(endless(large));
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

    @ParameterizedTest
    @CsvSource({
        "/events, text/event-stream",
        "/stream, text/event-stream",
        "/stream, application/x-ndjson",
        "/stream, application/json"
    })
    void areAskedForNoMoreThanIsRead(String path, String accept) throws IOException {
        MADE.set(0);
        try (RawCaller browser = new RawCaller(application.port(), 8 * 1024)) {
            browser.get(path, "Accept: " + accept);
            await().until(() -> MADE.get() > 0);
            await().during(Duration.ofSeconds(1)).atMost(Duration.ofSeconds(20)).until(SlowReaderTest::nothingIsMade);
            int standing = MADE.get();
            assertThat(standing).isLessThanOrEqualTo(IN_SOCKETS + AHEAD);

            browser.in().readNBytes(2 * IN_SOCKETS * SIZE);
            assertThat(MADE).hasValueGreaterThan(standing).hasValueLessThanOrEqualTo(3 * IN_SOCKETS + AHEAD);
        }
    }

    private static boolean nothingIsMade() {
        int before = MADE.get();
        return Mono.delay(Duration.ofMillis(50))
                .map(tick -> MADE.get() == before)
                .blockOptional()
                .orElseThrow();
    }
}
