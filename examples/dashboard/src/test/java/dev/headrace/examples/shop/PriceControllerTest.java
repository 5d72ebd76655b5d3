package dev.headrace.examples.shop;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.sse.EventCounters;
import dev.headrace.sse.EventStream;
import dev.headrace.sse.SseEvent;
import dev.headrace.test.EventFeed;
import dev.headrace.test.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** The feed that the guide hands on. */
class PriceControllerTest {

    private static final Duration SOON = ofSeconds(20);

    /** What EventSource does, up to the end of the first connection. */
    private static Flux<SseEvent> browser(Connector shop, String lastEventId) {
        return EventStream.from(shop, Request.get("/prices"))
                .lastEventId(lastEventId)
                .completeOnCleanEnd()
                .events();
    }

    private static TestServer exchange(EventFeed feed) {
        return TestServer.builder().route("/prices", feed).start();
    }

    @Test
    void handsOneConnectionOnToAllBrowsersAndEndsWithTheApplicationAlthoughItLingers() throws Exception {
        try (TestServer exchange = exchange(EventFeed.endless().interval(ofMillis(20)))) {
            // Whoever kept the line would take all of the grace.
            RunningShop shop = RunningShop.start(exchange, "--headrace.shutdown-grace=25s");
            try (Connector network = Connector.builder(shop.url()).build()) {
                List<SseEvent> seen = new CopyOnWriteArrayList<>();
                List<SseEvent> seenByAnother = new CopyOnWriteArrayList<>();
                CompletableFuture<Void> end =
                        browser(network, "").doOnNext(seen::add).then().toFuture();
                CompletableFuture<Void> endOfAnother =
                        browser(network, "").doOnNext(seenByAnother::add).then().toFuture();
                await().atMost(SOON).until(() -> seen.size() > 3 && seenByAnother.size() > 3);

                long start = System.nanoTime();
                shop.close();

                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(ofSeconds(15));
                end.get(10, TimeUnit.SECONDS);
                endOfAnother.get(10, TimeUnit.SECONDS);
                assertThat(exchange.connectionsAccepted()).isEqualTo(1);
                exchange.awaitNoOpenConnections(SOON);
            } finally {
                shop.close();
            }
        }
    }

    @Test
    void goesOnBehindTheIdOfABrowserThatComesBackWhateverItIsMadeOf() {
        EventFeed feed =
                EventFeed.endless().interval(ofMillis(50)).ids(n -> "né" + n, id -> Long.parseLong(id.substring(2)));
        try (TestServer exchange = exchange(feed);
                RunningShop shop = RunningShop.start(exchange);
                Connector network = Connector.builder(shop.url()).build()) {
            SseEvent last = browser(network, "").take(5).blockLast(SOON);
            SseEvent next = browser(network, Objects.requireNonNull(last).id()).blockFirst(SOON);

            assertThat(last.id()).isEqualTo("né5");
            assertThat(Objects.requireNonNull(next).id()).isEqualTo("né6");
            assertThat(exchange.connectionsAccepted()).isEqualTo(1);
        }
    }

    @Test
    void tellsASlowBrowserWhatItHasLostBetweenTheEventsThatItHas() {
        EventCounters counters = EventCounters.create();
        try (TestServer server = exchange(EventFeed.of(500).stayingOpen());
                Connector exchange = Connector.builder(server.url()).build()) {
            StepVerifier.create(new PriceController(exchange, counters).prices(""), 1)
                    .assertNext(event -> assertThat(event.id()).isEqualTo("1"))
                    .then(() ->
                            await().atMost(SOON).until(() -> counters.snapshot().events() == 500))
                    .thenRequest(Long.MAX_VALUE)
                    .thenConsumeWhile(SseEvent.named("loss").negate())
                    .assertNext(loss -> assertThat(loss.data()).contains("\"count\":", "\"before\":"))
                    .assertNext(event -> assertThat(event.loss()).isNotNull())
                    .thenCancel()
                    .verify(SOON);

            assertThat(counters.snapshot().dropped()).isPositive();
        }
    }
}
