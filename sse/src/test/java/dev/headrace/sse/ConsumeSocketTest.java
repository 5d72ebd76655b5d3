package dev.headrace.sse;

import static dev.headrace.sse.SocketStreams.LIMIT;
import static dev.headrace.sse.SocketStreams.connector;
import static dev.headrace.sse.SocketStreams.ids;
import static dev.headrace.sse.SocketStreams.stream;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.state.StateStore;
import dev.headrace.test.EventFeed;
import dev.headrace.test.TestServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Chunks over real connections, from one run to the next. */
class ConsumeSocketTest {

    private final List<String> handled = new ArrayList<>();
    private boolean refusing = true;

    @Test
    void handlesEachEventOnceOverBreaksAndAFailedRun() { // L12, L14, L15, L21, L47
        EventFeed feed = EventFeed.of(230).hangUpAfter(60);
        StateStore store = StateStore.inMemory();
        ConsumeOptions options = ConsumeOptions.defaults().chunkSize(20);
        try (TestServer server = feed.start();
                Connector connector = connector(server)) {
            EventStream stream = stream(connector).resumeFrom(store, "feed");

            StepVerifier.create(stream.consume(options, this::handle))
                    .expectErrorSatisfies(failure -> assertThat(failure)
                            .isInstanceOfSatisfying(
                                    EventHandlingException.class,
                                    stopped -> assertThat(stopped.lastHandledId())
                                            .isEqualTo(handled.get(handled.size() - 1))))
                    .verify(LIMIT);
            int requests = server.requests().size();
            String last = handled.get(handled.size() - 1);
            refusing = false;
            StepVerifier.create(stream.consume(options, this::handle))
                    .assertNext(summary -> {
                        assertThat(summary.processed()).isEqualTo(230 - Long.parseLong(last));
                        assertThat(summary.lastEventId()).isEqualTo("230");
                        assertThat(summary.dropped()).isZero();
                    })
                    .expectComplete()
                    .verify(LIMIT);

            assertThat(handled).isEqualTo(ids(1, 230));
            assertThat(feed.lastEventIds().get(requests)).isEqualTo(last);
        }
    }

    private Publisher<?> handle(List<SseEvent> chunk) {
        List<String> ids = chunk.stream().map(SseEvent::id).toList();
        if (refusing && ids.contains("115")) {
            return Mono.error(new IllegalStateException("full"));
        }
        handled.addAll(ids);
        return Mono.empty();
    }
}
