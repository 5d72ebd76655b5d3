package dev.headrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headrace.sse.EventLimits;
import dev.headrace.sse.EventTooLargeException;
import dev.headrace.sse.SseDecoder;
import dev.headrace.sse.SseEvent;
import dev.headrace.test.EventFeed;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class SseEventReaderTest {

    private static final int SIZE = 64 * 1024;

    /** What the sockets of both sides may hold by themselves: Linux lets them grow to about 10 MiB. */
    private static final long IN_SOCKETS = 16 * 1024 * 1024 / SIZE;

    private static Flux<SseEvent> events(TestServer server, SseEventReader reader) {
        return WebClient.builder()
                .codecs(codecs -> codecs.customCodecs().register(reader))
                .build()
                .get()
                .uri(server.url())
                .retrieve()
                .bodyToFlux(SseEvent.class);
    }

    private static TestServer saying(String type, String body) {
        return TestServer.builder().route("/", Route.fixed(200, type, body)).start();
    }

    @Test
    void readsEventsWhereverTheirBytesAreCut() {
        EventFeed feed = EventFeed.of(1_000).fragments(7);
        try (TestServer server = feed.start()) {
            Flux<SseEvent> events = events(server, SseEventReader.create());

            StepVerifier.create(events)
                    .expectNext(new SseEvent("1", "message", "{\"n\":1}"))
                    .expectNextCount(998)
                    .expectNext(new SseEvent("1000", "message", "{\"n\":1000}"))
                    .expectComplete()
                    .verify(Duration.ofSeconds(20));
        }
    }

    @Test
    void readsNamesAndLinesToTheLetterOfTheStandard() {
        try (TestServer server = saying(
                "text/event-stream;charset=UTF-8",
                "id: 1\r\nevent: price\r\ndata: a\r\ndata:b\r\n\r\n: hello\r\n\r\ndata\r\n\r\n")) {
            StepVerifier.create(events(server, SseEventReader.create()))
                    .expectNext(new SseEvent("1", "price", "a\nb"), new SseEvent("1", "message", ""))
                    .expectComplete()
                    .verify(Duration.ofSeconds(20));
        }
    }

    @Test
    void beginsWithTheIdThatWasSent() {
        try (TestServer server = saying("text/event-stream", "data: a\n\n")) {
            StepVerifier.create(
                            events(server, SseEventReader.of(SseDecoder.create().lastEventId("17"))))
                    .expectNext(new SseEvent("17", "message", "a"))
                    .expectComplete()
                    .verify(Duration.ofSeconds(20));
        }
    }

    @Test
    void errorsAtAnEventOverTheLimit() {
        SseEventReader small = SseEventReader.of(
                SseDecoder.create().limits(EventLimits.defaults().event(100)));
        try (TestServer server = saying("text/event-stream", "data: " + "x".repeat(200) + "\n\n")) {
            StepVerifier.create(events(server, small))
                    .expectErrorSatisfies(failure -> assertThat(failure)
                            .satisfiesAnyOf(
                                    itself -> assertThat(itself).isInstanceOf(EventTooLargeException.class),
                                    wrapped -> assertThat(wrapped).hasCauseInstanceOf(EventTooLargeException.class)))
                    .verify(Duration.ofSeconds(20));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "application/octet-stream"})
    void readsNoOtherType(String type) {
        try (TestServer server = saying(type, "data: a\n\n")) {
            StepVerifier.create(events(server, SseEventReader.create()))
                    .expectError(WebClientException.class)
                    .verify(Duration.ofSeconds(20));
        }
    }

    @Test
    void readsTheFirstEventAlone() {
        try (TestServer server = EventFeed.endless().start()) {
            assertThat(events(server, SseEventReader.create()).next().block(Duration.ofSeconds(20)))
                    .isEqualTo(new SseEvent("1", "message", "{\"n\":1}"));
        }
    }

    @Test
    void readsNoMoreThanItIsAskedFor() {
        AtomicLong made = new AtomicLong();
        EventFeed feed = EventFeed.endless().data(number -> {
            made.set(number);
            return "x".repeat(SIZE);
        });
        try (TestServer server = feed.start()) {
            StepVerifier.create(events(server, SseEventReader.create()), 3)
                    .expectNextCount(3)
                    .then(() -> await().during(Duration.ofSeconds(1))
                            .atMost(Duration.ofSeconds(20))
                            .until(() -> stands(made)))
                    .then(() -> assertThat(made).hasValueLessThan(IN_SOCKETS))
                    .thenCancel()
                    .verify(Duration.ofSeconds(30));
        }
    }

    private static boolean stands(AtomicLong made) {
        long before = made.get();
        return Mono.delay(Duration.ofMillis(50))
                .map(tick -> made.get() == before)
                .blockOptional()
                .orElseThrow();
    }
}
