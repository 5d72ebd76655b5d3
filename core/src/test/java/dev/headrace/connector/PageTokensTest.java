package dev.headrace.connector;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.auth.Auth;
import dev.headrace.decode.CsvFormat;
import dev.headrace.decode.Decoder;
import dev.headrace.decode.ItemsChangedException;
import dev.headrace.http.Headers;
import dev.headrace.http.OriginPolicy;
import dev.headrace.http.Response;
import dev.headrace.http.Secret;
import dev.headrace.http.Timeouts;
import dev.headrace.json.Codec;
import dev.headrace.pagination.OnRepeat;
import dev.headrace.pagination.Page;
import dev.headrace.pagination.PageStop;
import dev.headrace.pagination.PageToken;
import dev.headrace.pagination.Pagination;
import dev.headrace.pagination.PaginationException;
import dev.headrace.pagination.Placement;
import dev.headrace.pagination.RepeatedPageException;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.test.FakeApi;
import dev.headrace.test.NextLink;
import dev.headrace.test.RawServer;
import dev.headrace.test.Reply;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** Where readings go on, where they must not, and what they leave behind. */
class PageTokensTest {

    private static final Duration SOON = ofSeconds(20);
    private static final Endpoint<JsonNode> ISSUES = Endpoint.get("/issues").paginate(Pagination.linkHeader());

    @Test
    void goesToNoOtherOriginByAToken() {
        try (TestServer other = FakeApi.linkHeader("/issues", FakeApi.issues(30))
                        .pageSize(10)
                        .start();
                TestServer server = FakeApi.linkHeader("/issues", FakeApi.issues(30))
                        .pageSize(10)
                        .links(NextLink.onOrigin(other.url()))
                        .start();
                Connector connector = connector(server.url())) {
            PageToken token = stop(connector.records(ISSUES)).token().orElseThrow();

            StepVerifier.create(connector.records(ISSUES.from(token)))
                    .expectErrorSatisfies(failure -> assertThat(failure)
                            .isInstanceOf(PaginationException.class)
                            .hasMessageContaining("another origin"))
                    .verify(SOON);
            assertThat(other.requests()).isEmpty();

            try (Connector trusting = connector
                    .mutate()
                    .origins(OriginPolicy.sameOrigin().allow(other.url()))
                    .build()) {
                assertThat(trusting.records(ISSUES.from(token)).count().block(SOON))
                        .isPositive();
            }
        }
    }

    @Test
    void keepsCredentialsOfTheQueryOutOfTokens() {
        try (TestServer server = FakeApi.linkHeader("/issues", FakeApi.issues(30))
                        .pageSize(10)
                        .start();
                Connector connector = Connector.builder(server.url())
                        .auth(Auth.apiKeyInQuery("key", Secret.of("k3y-of-auth")))
                        .build()) {
            PageToken token = connector
                    .pages(ISSUES)
                    .next()
                    .blockOptional(SOON)
                    .flatMap(Page::next)
                    .orElseThrow();

            assertThat(new String(Base64.getUrlDecoder().decode(token.text()), StandardCharsets.UTF_8))
                    .doesNotContain("k3y-of-auth");
            assertThat(connector.records(ISSUES.from(token)).count().block(SOON))
                    .isEqualTo(20);
        }
    }

    @Test
    void namesTheNextPageOnceWhenAWholePageBreaksOffBehindItsEnd() {
        String page = "[" + "{\"n\":\"" + "x".repeat(1_500_000) + "\"}" + "]";
        String head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n";
        String chunk = Integer.toHexString(page.length()) + "\r\n" + page + "\r\n";
        AtomicInteger tries = new AtomicInteger();
        try (RawServer server = RawServer.script(request -> request.uri().equals("/2")
                        ? Reply.bytes(head + "\r\n3\r\n[7]\r\n0\r\n\r\n")
                        : Reply.bytes(head + "Link: </2>; rel=next\r\n\r\n" + chunk
                                        + (tries.getAndIncrement() == 0 ? "" : "0\r\n\r\n"))
                                .close())
                .start()) {
            try (Connector connector = connector(server.url())) {
                assertThat(connector
                                .records(ISSUES.paging(pages -> pages.refetchBrokenPages()))
                                .count()
                                .block(SOON))
                        .isEqualTo(2);
            }
        }
    }

    @Test
    void passesOverRowsAndLinesThatWereRead() {
        String rows = "id,name\n1,a\n2,b\n3,c\n";
        AtomicInteger requests = new AtomicInteger();
        Route breaking = (request, response) -> requests.getAndIncrement() % 2 == 0
                ? response.sendByteArray(
                        Flux.concat(Flux.just((rows + "4,").getBytes(StandardCharsets.US_ASCII)), Flux.never()))
                : response.sendString(Mono.just(rows + "4,d\n"));
        try (TestServer server = breaking.start();
                Connector connector = connector(server.url())
                        .mutate()
                        .timeouts(Timeouts.defaults().gap(ofMillis(700)))
                        .build()) {
            Endpoint<JsonNode> csv = Endpoint.get("/rows").decode(Decoder.csv(CsvFormat.rfc4180()));
            PageToken token = stop(connector.records(csv)).token().orElseThrow();
            assertThat(token.taken()).isEqualTo(3);
            assertThat(connector
                            .records(csv.from(token))
                            .map(row -> row.get("id").stringValue())
                            .collectList()
                            .block(SOON))
                    .containsExactly("4");

            Endpoint<String> lines = Endpoint.get("/rows").decode(Decoder.lines());
            PageToken line = stop(connector.records(lines)).token().orElseThrow();
            assertThat(line.taken()).isEqualTo(4);
            assertThat(connector.records(lines.from(line)).collectList().block(SOON))
                    .containsExactly("4,d");
        }
    }

    @Test
    void saysNoPlaceWithinAPageWhoseDecoderDoesNotSayWhatItDelivered() {
        Decoder<Integer> own =
                response -> response.body().map(chunk -> 1).concatWith(Mono.error(new IllegalStateException("own")));
        try (TestServer server = Route.fixed(200, "text/plain", "x").start();
                Connector connector = connector(server.url())) {
            assertThat(stop(connector.records(Endpoint.get("/own").decode(own))).token())
                    .isEmpty();
        }
    }

    @Test
    void saysTheEndOfThePageWhereTheNextCannotBeNamed() {
        try (TestServer server = Route.fixed(200, "application/json", "{\"items\":[1,2],\"more\":true}")
                        .start();
                Connector connector = connector(server.url())) {
            Endpoint<JsonNode> endpoint = Endpoint.get("/x")
                    .at("/items")
                    .paginate(Pagination.cursor("/next", Placement.query("c")).whileTrue("/more"));

            PageToken token = stop(connector.records(endpoint)).token().orElseThrow();

            assertThat(token.taken()).isEqualTo(2);
            StepVerifier.create(connector.records(endpoint.from(token)))
                    .expectErrorSatisfies(failure -> assertThat(failure).hasMessageContaining("names no next page"))
                    .verify(SOON);
        }
    }

    @Test
    void doesNotLeadRoundACircleAgain() {
        try (TestServer server = FakeApi.linkHeader("/issues", FakeApi.issues(10))
                        .links(NextLink.repeating())
                        .start();
                Connector connector = connector(server.url())) {
            PageToken token =
                    stop(connector.records(ISSUES.query("page", 1))).token().orElseThrow();

            StepVerifier.create(connector.records(ISSUES.query("page", 1).from(token)))
                    .expectError(RepeatedPageException.class)
                    .verify(SOON);
            assertThat(connector
                            .pages(ISSUES.query("page", 1).paging(pages -> pages.onRepeat(OnRepeat.COMPLETE)))
                            .map(Page::next)
                            .collectList()
                            .block(SOON))
                    .hasSize(1)
                    .allMatch(Optional::isEmpty);
        }
    }

    @Test
    void doesNotEndQuietlyWhereNothingIsLeftOfAPage() {
        AtomicInteger requests = new AtomicInteger();
        Route vanishing = (request, response) -> requests.getAndIncrement() == 0
                ? FakeApi.linkHeader(FakeApi.issues(40_000))
                        .pageSize(40_000)
                        .truncatingChunks()
                        .always()
                        .handle(request, response)
                : response.status(204).send();
        try (TestServer server = vanishing.start();
                Connector connector = connector(server.url())) {
            StepVerifier.create(connector.records(ISSUES.paging(pages -> pages.refetchBrokenPages())))
                    .thenConsumeWhile(issue -> true)
                    .expectError(ItemsChangedException.class)
                    .verify(SOON);
        }
    }

    @Test
    void doesNotBeginAPageTooLate() {
        try (TestServer server = FakeApi.linkHeader("/issues", FakeApi.issues(30))
                        .pageSize(10)
                        .start();
                Connector connector = connector(server.url())) {
            StepVerifier.create(connector.records(ISSUES.paging(pages -> pages.maxDuration(ofMillis(50)))), 5)
                    .expectNextCount(5)
                    .thenAwait(ofMillis(80))
                    .thenRequest(100)
                    .expectNextCount(5)
                    .expectErrorSatisfies(failure -> {
                        assertThat(failure).hasMessageContaining("before page 2 could begin");
                        assertThat(PageStop.of(failure).flatMap(PageStop::token))
                                .hasValueSatisfying(
                                        token -> assertThat(token.number()).isEqualTo(2));
                    })
                    .verify(SOON);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void keepsNothingOfPagesThatHaveBeenRead() {
        List<WeakReference<Response>> responses = new CopyOnWriteArrayList<>();
        AtomicInteger pages = new AtomicInteger();
        try (Connector connector = Connector.builder("http://127.0.0.1:1")
                .interceptor((request, next) -> {
                    int page = pages.incrementAndGet();
                    Response response = Response.of(
                            request,
                            200,
                            Headers.of("Link", "</issues?page=" + (page + 1) + ">; rel=next"),
                            ("[" + page + "]").getBytes(StandardCharsets.US_ASCII));
                    responses.add(new WeakReference<>(response));
                    return Mono.just(response);
                })
                .build()) {
            Endpoint<Integer> numbers = Endpoint.get("/issues")
                    .paginate(Pagination.linkHeader())
                    .decode(Decoder.items("", Codec.of(Integer.class)));

            StepVerifier.create(connector.records(numbers), 1_000)
                    .expectNextCount(1_000)
                    .then(() -> Awaitility.await().atMost(SOON).until(() -> {
                        System.gc();
                        return responses.get(0).get() == null;
                    }))
                    .thenCancel()
                    .verify(SOON);
        }
    }

    private static PageStop stop(Flux<?> records) {
        return records.then()
                .<Throwable>map(never -> new AssertionError())
                .onErrorResume(Mono::just)
                .blockOptional(SOON)
                .flatMap(PageStop::of)
                .orElseThrow();
    }

    private static Connector connector(String url) {
        return Connector.builder(url)
                .retry(RetryPolicy.exponential(ofMillis(1)))
                .build();
    }
}
