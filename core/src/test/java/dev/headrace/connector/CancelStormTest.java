package dev.headrace.connector;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.pagination.Pagination;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.test.CountingAllocator;
import dev.headrace.test.FakeApi;
import dev.headrace.test.TestServer;
import io.netty.channel.ChannelOption;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Cancelling at any moment leaves no connection and no buffer behind. Rounds: 1,000, under {@code -Psoak} 10,000. */
class CancelStormTest {

    private static final int ROUNDS = Boolean.getBoolean("headrace.soak") ? 10_000 : 1_000;

    @Test
    void leavesNothingBehindWhenCancelledAtRandomMoments() {
        CountingAllocator buffers = new CountingAllocator();
        Random random = new Random(7);
        AtomicInteger finished = new AtomicInteger();
        FakeApi api = FakeApi.linkHeader("/issues", FakeApi.issues(2_000))
                .failing(503)
                .onPage(2)
                .times(ROUNDS / 10);
        try (TestServer server = api.start()) {
            try (Connector connector = connector(server, buffers)) {
                storm(connector, random, finished);
            }

            assertThat(finished).hasValue(ROUNDS);
            server.awaitNoOpenConnections(ofSeconds(10));
            buffers.assertAllReleased(ofSeconds(10));
        }
    }

    /** Whatever the pool makes of a connection that comes back, or is made, at the moment of its disposal. */
    @Test
    void leavesNothingBehindWhenClosedRightBehindTheCancels() {
        int storms = Boolean.getBoolean("headrace.soak") ? 200 : 5;
        Random random = new Random(11);
        try (TestServer server =
                FakeApi.linkHeader("/issues", FakeApi.issues(2_000)).start()) {
            for (int storm = 0; storm < storms; storm++) {
                CountingAllocator buffers = new CountingAllocator();
                try (Connector connector = connector(server, buffers)) {
                    Flux.range(0, 200)
                            .flatMap(
                                    round -> connector
                                            .fetch(Request.get("/issues"), JsonNode.class)
                                            .takeUntilOther(
                                                    Mono.delay(Duration.of(random.nextInt(8_000), ChronoUnit.MICROS)))
                                            .onErrorComplete(),
                                    8)
                            .blockLast(ofMinutes(1));
                }

                server.awaitNoOpenConnections(ofSeconds(10));
                buffers.assertAllReleased(ofSeconds(10));
            }
        }
    }

    private static void storm(Connector connector, Random random, AtomicInteger finished) {
        Endpoint<JsonNode> issues =
                Endpoint.get("/issues").query("per_page", 500).paginate(Pagination.linkHeader());

        Flux.range(0, ROUNDS)
                .flatMap(
                        round -> {
                            Mono<Long> cancel = Mono.delay(Duration.of(random.nextInt(8_000), ChronoUnit.MICROS));
                            Flux<?> call = switch (round % 5) {
                                case 0 -> connector.records(issues);
                                case 3 -> connector.records(issues.paging(pages -> pages.prefetchPages(2)));
                                case 4 -> connector.pages(issues);
                                case 1 ->
                                    connector
                                            .fetch(Request.get("/issues"), JsonNode.class)
                                            .flux();
                                default -> connector.exchange(Request.get("/issues"), Response::bytes);
                            };
                            return call.takeUntilOther(cancel)
                                    .then()
                                    .doOnTerminate(finished::incrementAndGet)
                                    .onErrorComplete();
                        },
                        8)
                .blockLast(ofMinutes(5));
    }

    private static Connector connector(TestServer server, CountingAllocator buffers) {
        return Connector.builder(server.url())
                .retry(RetryPolicy.exponential(ofMillis(1)))
                .transport(settings -> settings.customize(client -> client.option(ChannelOption.ALLOCATOR, buffers)))
                .build();
    }

    @Test
    void isCountedByTheAllocatorAtAll() {
        CountingAllocator buffers = new CountingAllocator();
        try (TestServer server =
                        FakeApi.linkHeader("/issues", FakeApi.issues(10)).start();
                Connector connector = connector(server, buffers)) {
            connector.records(Endpoint.get("/issues")).blockLast(ofSeconds(10));

            assertThat(buffers.allocated()).isPositive();
        }
    }
}
