package dev.headrace.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.auth.OAuth2;
import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Headers;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Interceptor;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.Secret;
import dev.headrace.pagination.Pagination;
import dev.headrace.pagination.Placement;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.sse.EventStream;
import dev.headrace.sse.ReconnectPolicy;
import dev.headrace.sse.SseEvent;
import dev.headrace.test.CountingAllocator;
import dev.headrace.test.EventFeed;
import dev.headrace.test.FakeApi;
import dev.headrace.test.FakePages;
import dev.headrace.test.FakeTokenEndpoint;
import dev.headrace.test.RangeFile;
import dev.headrace.test.RawServer;
import dev.headrace.test.ReactiveStreamsTck;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.Reply;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import dev.headrace.transfer.Digest;
import dev.headrace.transfer.Download;
import dev.headrace.transfer.Downloaded;
import io.netty.channel.ChannelOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** The listings of the guide to testing, behind the first. */
class TestingListingsTest {

    private static final Duration SOON = ofSeconds(10);

    private static Connector connector(String url) {
        return Connector.builder(url)
                .retry(RetryPolicy.exponential(ofMillis(1)))
                .build();
    }

    @Test
    void goesOnWhenTheServerAllowsIt() {
        Route accounts = Route.fixed(200, "application/json", "[{\"id\": 1}, {\"id\": 2}]");
        Route busy = Route.fixed(429, "application/json", "{}").header("Retry-After", "1");
        Route flaky = Route.inOrder(Route.hangingUp(), busy, accounts);
        try (TestServer server = flaky.start();
                Connector api = connector(server.url())) {
            StepVerifier.create(api.records(Endpoint.get("/accounts")))
                    .expectNextCount(2)
                    .expectComplete()
                    .verify(SOON);

            List<RecordedRequest> requests = server.requests();
            assertThat(requests).hasSize(3);
            assertThat(Duration.between(
                            requests.get(1).arrivedAt(), requests.get(2).arrivedAt()))
                    .isGreaterThanOrEqualTo(ofSeconds(1));
        }
    }

    @Test
    void readsPagesOfAnyShape() {
        FakePages accounts = FakePages.of("/v1/accounts", List.of("{\"id\": 1}", "{\"id\": 2}", "{\"id\": 3}"))
                .pageSize(2)
                .itemsAt("/data/accounts")
                .cursor("after", "/meta/next_cursor");
        try (TestServer server = accounts.start();
                Connector api = connector(server.url())) {
            StepVerifier.create(api.records(Endpoint.get("/v1/accounts")
                            .paginate(Pagination.cursor("/meta/next_cursor", Placement.query("after")))
                            .items("/data/accounts", JsonNode.class)))
                    .expectNextCount(3)
                    .expectComplete()
                    .verify(SOON);

            assertThat(server.requests("/v1/accounts")).hasSize(2);
        }
    }

    @Test
    void waitsAMinuteInNoTime() {
        AtomicInteger requests = new AtomicInteger();
        Interceptor server = (request, next) -> Mono.fromSupplier(
                () -> requests.incrementAndGet() == 1 ? busy(request) : answer(request, "[{\"id\": 1}]"));
        try (Connector api =
                Connector.builder("https://api.test").interceptor(server).build()) {
            StepVerifier.withVirtualTime(() -> api.records(Endpoint.get("/accounts")))
                    .expectSubscription()
                    .expectNoEvent(ofSeconds(60)) // what Retry-After says
                    .thenAwait(ofSeconds(1)) // and the connector's own wait on top
                    .expectNextCount(1)
                    .verifyComplete();
        }
        assertThat(requests).hasValue(2);
    }

    private static Response busy(Request request) {
        return Response.of(request, 429, Headers.of("Retry-After", "60"), new byte[0]);
    }

    private static Response answer(Request request, String json) {
        return Response.of(request, 200, Headers.of("Content-Type", "application/json"), json.getBytes(UTF_8));
    }

    @Test
    void saysThatTheBodyWasCut() {
        String head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n";
        RawServer.Builder cut = RawServer.replies(Reply.bytes(head + "[1, 2,").close());
        try (RawServer server = cut.start();
                Connector api = Connector.builder(server.url())
                        .retry(RetryPolicy.never())
                        .build()) {
            StepVerifier.create(api.fetch(Request.get("/numbers"), JsonNode.class))
                    .expectErrorSatisfies(failure -> assertThat(failure)
                            .isInstanceOfSatisfying(
                                    HeadraceException.class,
                                    known -> assertThat(known.kind()).isEqualTo(FailureKind.TRANSIENT)))
                    .verify(SOON);
        }
    }

    @Test
    void givesWhatCameBeforeAPageThatIsRefused() {
        FakeApi site = FakeApi.linkHeader("/issues", FakeApi.issues(30))
                .failing(422, "application/problem+json", "{\"title\": \"no such page\"}")
                .onPage(3)
                .always();
        try (TestServer server = site.start();
                Connector api = connector(server.url())) {
            StepVerifier.create(api.records(
                            Endpoint.get("/issues").query("per_page", 10).paginate(Pagination.linkHeader())))
                    .expectNextCount(20)
                    .expectErrorSatisfies(failure -> assertThat(failure)
                            .isInstanceOf(HttpStatusException.class)
                            .hasMessageContainingAll("page=3", "no such page"))
                    .verify(SOON);
        }
    }

    @Test
    void eventsGoOnBehindTheLastOne() {
        EventFeed feed = EventFeed.of(10).retry(ofMillis(1)).hangUpAfter(4);
        try (TestServer server = feed.start();
                Connector api = connector(server.url())) {
            EventStream events =
                    EventStream.from(api, Request.get("/events")).reconnect(ReconnectPolicy.exponential(ofMillis(1)));
            StepVerifier.create(events.events().map(SseEvent::id))
                    .expectNext("1", "2", "3", "4", "5", "6", "7", "8", "9", "10")
                    .expectComplete() // behind the last event the feed answers 204
                    .verify(SOON);

            assertThat(feed.lastEventIds()).containsExactly("", "4", "8", "10");
        }
    }

    @Test
    void aDownloadGoesOnWhereTheLineBroke(@TempDir Path folder) {
        RangeFile file =
                RangeFile.ofSize(5_000_000).cutAfter(2_000_000).onRequest(1).once();
        try (TestServer server = file.start();
                Connector storage = connector(server.url())) {
            Downloaded done = Download.from(storage, Request.get("/disk.img"))
                    .to(folder.resolve("disk.img"))
                    .expect(Digest.sha256(file.sha256()))
                    .retryDelay(ofMillis(1), ofMillis(1))
                    .result()
                    .blockOptional(SOON)
                    .orElseThrow();

            assertThat(done.requests()).isEqualTo(2);
            RecordedRequest second = server.requests().get(1);
            assertThat(second.header("Range"))
                    .hasValueSatisfying(range -> assertThat(range).startsWith("bytes="));
            assertThat(second.header("If-Range")).hasValue(file.etag());
        }
    }

    @Test
    void aTokenIsRenewedWhenItIsRefused() {
        FakeTokenEndpoint tokens = FakeTokenEndpoint.issuing().client("app", "s3cr3t");
        Route accounts = Route.fixed(200, "application/json", "[]");
        try (TestServer server = TestServer.builder()
                        .route("/token", tokens)
                        .route("/accounts", tokens.guarding(accounts))
                        .start();
                Connector api = Connector.builder(server.url())
                        .auth(OAuth2.clientCredentials(server.url() + "/token", "app", Secret.of("s3cr3t")))
                        .build()) {
            api.fetch(Request.get("/accounts"), JsonNode.class).block(SOON);
            tokens.revoke();
            api.fetch(Request.get("/accounts"), JsonNode.class).block(SOON);

            assertThat(tokens.issued()).isEqualTo(2);
        }
    }

    @Test
    void givesBackEveryBufferWhenItIsCancelled() {
        CountingAllocator buffers = new CountingAllocator();
        try (TestServer server =
                FakeApi.linkHeader("/issues", FakeApi.issues(10_000)).start()) {
            try (Connector api = Connector.builder(server.url())
                    .transport(
                            settings -> settings.customize(client -> client.option(ChannelOption.ALLOCATOR, buffers)))
                    .build()) {
                StepVerifier.create(api.records(Endpoint.get("/issues").query("per_page", 5_000)), 1)
                        .expectNextCount(1)
                        .thenCancel()
                        .verify(SOON);
            }
            server.awaitNoOpenConnections(SOON);
            buffers.assertAllReleased(SOON);
        }
    }

    /** Stands for an operator of one's own. */
    private static Publisher<Long> countdown(long from) {
        return Flux.generate(() -> from, (left, sink) -> {
            if (left == 0) {
                sink.complete();
            } else {
                sink.next(left);
            }
            return left - 1;
        });
    }

    @TestFactory
    Stream<DynamicTest> keepsTheRulesOfPublishers() {
        return ReactiveStreamsTck.testsOf(new Verification());
    }

    private static final class Verification extends PublisherVerification<Long> {

        Verification() {
            super(ReactiveStreamsTck.environment());
        }

        @Override
        public Publisher<Long> createPublisher(long elements) {
            return countdown(elements);
        }

        @Override
        public Publisher<Long> createFailedPublisher() {
            return Flux.error(new IllegalStateException("failed"));
        }
    }
}
