package dev.headrace.examples;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.sse.EventDataException;
import dev.headrace.sse.EventRelay;
import dev.headrace.sse.EventStream;
import dev.headrace.sse.SseEvent;
import dev.headrace.state.StateStore;
import dev.headrace.test.EventFeed;
import dev.headrace.test.FakeChatCompletions;
import dev.headrace.test.TestServer;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class EventListingsTest {

    private static final Duration SOON = ofSeconds(20);

    private static String change(long number) {
        return number == 2 ? "not json" : "{\"type\":\"edit\",\"title\":\"T%d\",\"user\":\"u\"}".formatted(number);
    }

    @Test
    void whatCannotBeReadIsLeftOut() {
        try (TestServer server = EventFeed.of(3)
                        .data(EventListingsTest::change)
                        .retry(ofMillis(1))
                        .start();
                Connector api = Connector.builder(server.url()).build()) {
            EventStream stream = EventStream.from(api, Request.get("/")).completeOnCleanEnd();
            StepVerifier.create(EventListings.readable(stream).map(EventListings.Change::title))
                    .expectNext("T1", "T3")
                    .expectComplete()
                    .verify(SOON);
            StepVerifier.create(EventListings.typed(stream))
                    .expectNextCount(1)
                    .expectError(EventDataException.class)
                    .verify(SOON);
        }
    }

    @Test
    void chunksThatFailGoElsewhereAndTheRestIsSaved() {
        StateStore store = StateStore.inMemory();
        List<Integer> dead = new ArrayList<>();
        try (TestServer server = EventFeed.of(450).retry(ofMillis(1)).batch(50).start();
                Connector api = Connector.builder(server.url()).build()) {
            EventStream stream = EventStream.from(api, Request.get("/")).completeOnCleanEnd();
            StepVerifier.create(EventListings.chunks(
                            stream,
                            store,
                            chunk -> chunk.get(0).id().equals("201")
                                    ? Mono.error(new IllegalStateException("full"))
                                    : Mono.empty(),
                            (chunk, failure) -> Mono.fromRunnable(() -> dead.add(chunk.size()))))
                    .assertNext(summary -> {
                        assertThat(summary.processed()).isEqualTo(250);
                        assertThat(summary.failed()).isEqualTo(200);
                        assertThat(summary.lastEventId()).isEqualTo("450");
                    })
                    .expectComplete()
                    .verify(SOON);
            assertThat(dead).containsExactly(200);
            assertThat(store.load("recentchange").block(SOON)).isNotNull();
        }
    }

    @Test
    void anAnswerEndsWithItsMark() {
        try (TestServer server = FakeChatCompletions.answering("A", " b").start();
                Connector api = Connector.builder(server.url()).build()) {
            StepVerifier.create(EventListings.answer(api, "?").filter(text -> !text.isEmpty()))
                    .expectNext("A", " b")
                    .expectComplete()
                    .verify(SOON);
        }
    }

    @Test
    void theDecoderReadsWhatAnotherClientBrings() {
        try (TestServer server = EventFeed.endless().fragments(3).start()) {
            HttpClient client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            StepVerifier.create(EventListings.underAnotherClient(client, server.uri("/"))
                            .map(SseEvent::id)
                            .take(3))
                    .expectNext("1", "2", "3")
                    .expectComplete()
                    .verify(SOON);
            server.awaitNoOpenConnections(SOON);
        }
    }

    @Test
    void readersShareOneConnection() {
        try (TestServer server = EventFeed.endless().interval(ofMillis(5)).start();
                Connector api = Connector.builder(server.url()).build()) {
            EventRelay relay = EventListings.relay(api);
            List<String> late = relayed(relay, "");
            List<String> again = relayed(relay, late.get(1));

            assertThat(again.get(0)).isEqualTo(late.get(2));
            assertThat(server.connectionsAccepted()).isEqualTo(1);
        }
    }

    private static List<String> relayed(EventRelay relay, String lastEventId) {
        return EventListings.forOneBrowser(relay, lastEventId)
                .map(SseEvent::id)
                .take(3)
                .collectList()
                .blockOptional(SOON)
                .orElseThrow();
    }

    @Test
    void eachAttemptHasATicketOfItsOwn() {
        List<String> tickets = new ArrayList<>(List.of("a", "b"));
        try (TestServer server =
                        EventFeed.of(2).hangUpAfter(1).retry(ofMillis(1)).start();
                Connector api = Connector.builder(server.url()).build()) {
            StepVerifier.create(EventListings.signed(api, Request.get("/"), Mono.fromSupplier(() -> tickets.remove(0)))
                            .events()
                            .take(2))
                    .expectNextCount(2)
                    .expectComplete()
                    .verify(SOON);
            assertThat(server.requests())
                    .extracting(request -> request.query("ticket").orElse(""))
                    .containsExactly("a", "b");
        }
    }
}
