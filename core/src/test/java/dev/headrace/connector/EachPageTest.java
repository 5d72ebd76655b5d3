package dev.headrace.connector;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.http.OriginPolicy;
import dev.headrace.http.Request;
import dev.headrace.http.Secret;
import dev.headrace.pagination.PageElement;
import dev.headrace.pagination.PageStop;
import dev.headrace.pagination.PageToken;
import dev.headrace.pagination.Pagination;
import dev.headrace.pagination.PaginationException;
import dev.headrace.pagination.Placement;
import dev.headrace.pagination.RepeatedPageException;
import dev.headrace.test.RawServer;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** A change of the request of every page, made anew for each and kept by none. */
class EachPageTest {

    private static final Duration SOON = ofSeconds(30);

    private static final Endpoint<JsonNode> CURSORS =
            Endpoint.get("/x").at("/items").paginate(Pagination.cursor("/next", Placement.query("c")));

    @Test
    void changesEachPageAnew() {
        try (RawServer server = cursors();
                Connector connector = Connector.builder(server.url()).build()) {
            Endpoint<JsonNode> endpoint = CURSORS.eachPage(
                            (request, page) -> request.query("n", page).header("X-Page", "p" + page))
                    .eachPage((request, page) -> request.query("m", page));

            assertThat(connector.records(endpoint).count().block(SOON)).isEqualTo(3);

            assertThat(server.requests())
                    .extracting(RecordedRequest::uri)
                    .containsExactly("/x?n=1&m=1", "/x?c=b&n=2&m=2", "/x?c=c&n=3&m=3");
            assertThat(server.requests())
                    .extracting(request -> request.header("X-Page").orElse(""))
                    .containsExactly("p1", "p2", "p3");
        }
    }

    @Test
    void keepsTheChangeOutOfPageEndsAndTokens() {
        try (RawServer server = cursors();
                Connector connector = Connector.builder(server.url()).build()) {
            Endpoint<JsonNode> endpoint = CURSORS.eachPage(
                    (request, page) -> request.query("n", page).header("X-Key", Secret.of("k3y-of-this-page-" + page)));
            List<PageElement.End<JsonNode>> ends = new CopyOnWriteArrayList<>();
            connector
                    .elements(endpoint)
                    .doOnNext(element -> {
                        if (element instanceof PageElement.End<JsonNode> end) {
                            ends.add(end);
                        }
                    })
                    .blockLast(SOON);

            assertThat(ends)
                    .extracting(end -> end.end().request().uri().toString())
                    .containsExactly("/x", "/x?c=b", "/x?c=c");
            assertThat(ends).extracting(end -> end.end().uri().getQuery()).containsExactly("n=1", "c=b&n=2", "c=c&n=3");
            PageToken third = ends.get(1).next().orElseThrow();
            assertThat(new String(Base64.getUrlDecoder().decode(third.text()), StandardCharsets.UTF_8))
                    .contains("\"c\"")
                    .doesNotContain("X-Key")
                    .doesNotContain("\"n\"")
                    .doesNotContain("k3y");

            assertThat(connector.records(endpoint.from(third)).count().block(SOON))
                    .isEqualTo(1);
            assertThat(server.requests().get(3).uri()).isEqualTo("/x?c=c&n=3");
        }
    }

    @Test
    void resolvesALinkAgainstTheUriThatAnswered() {
        try (RawServer server = RawServer.script(request -> Reply.ok(
                                request.uri().equals("/v2/x")
                                        ? "{\"items\":[1],\"next\":\"y?p=2\"}"
                                        : "{\"items\":[2]}"))
                        .start();
                Connector connector = Connector.builder(server.url()).build()) {
            Endpoint<JsonNode> endpoint = Endpoint.get("/v1/x")
                    .at("/items")
                    .paginate(Pagination.nextUrl("/next"))
                    .eachPage((request, page) -> page == 1 ? Request.get("/v2/x") : request);

            assertThat(connector.records(endpoint).count().block(SOON)).isEqualTo(2);
            assertThat(server.requests()).extracting(RecordedRequest::uri).containsExactly("/v2/x", "/v2/y?p=2");
        }
    }

    @Test
    void mayBeAllThatTellsPagesApart() {
        try (RawServer server = RawServer.script(request ->
                                Reply.ok(request.uri().endsWith("=3") ? "[]" : "[\"" + request.uri() + "\"]"))
                        .start();
                Connector connector = Connector.builder(server.url()).build()) {
            Pagination whileThereAreItems = end -> end.items() == 0 ? Optional.empty() : Optional.of(end.request());
            Endpoint<JsonNode> endpoint = Endpoint.get("/x").paginate(whileThereAreItems);

            assertThat(connector
                            .records(endpoint.eachPage((request, page) -> request.query("page", page)))
                            .count()
                            .block(SOON))
                    .isEqualTo(2);
            StepVerifier.create(connector.records(endpoint))
                    .expectNextCount(1)
                    .expectError(RepeatedPageException.class)
                    .verify(SOON);
        }
    }

    @Test
    void leadsToNoOtherOriginThatIsNotTrusted() {
        try (RawServer other = cursors();
                RawServer server = cursors();
                Connector connector = Connector.builder(server.url()).build()) {
            Endpoint<JsonNode> endpoint =
                    CURSORS.eachPage((request, page) -> page == 1 ? request : Request.get(other.url() + "/x"));

            StepVerifier.create(connector.records(endpoint))
                    .expectNextCount(1)
                    .expectError(PaginationException.class)
                    .verify(SOON);
            assertThat(other.requests()).isEmpty();

            try (Connector trusting = connector
                    .mutate()
                    .origins(OriginPolicy.sameOrigin().allow(other.url()))
                    .build()) {
                assertThat(trusting.records(endpoint).take(2).count().block(SOON))
                        .isEqualTo(2);
            }
        }
    }

    @Test
    void endsTheReadingByWhatItThrowsAfterTheItemsBefore() {
        try (RawServer server = cursors();
                Connector connector = Connector.builder(server.url()).build()) {
            Endpoint<JsonNode> endpoint = CURSORS.eachPage((request, page) -> {
                if (page == 2) {
                    throw new IllegalStateException("no second page");
                }
                return request;
            });

            StepVerifier.create(connector.records(endpoint))
                    .expectNextCount(1)
                    .expectErrorSatisfies(failure -> {
                        assertThat(failure).isInstanceOf(IllegalStateException.class);
                        assertThat(PageStop.of(failure)).isPresent();
                    })
                    .verify(SOON);
        }
    }

    @Test
    void changesTheRequestForTheOneItemToo() {
        try (RawServer server = RawServer.replies(Reply.ok("{\"id\":1}")).start();
                Connector connector = Connector.builder(server.url()).build()) {
            connector
                    .fetch(Endpoint.get("/one").eachPage((request, page) -> request.query("n", page)))
                    .block(SOON);

            assertThat(server.requests().get(0).uri()).isEqualTo("/one?n=1");
        }
    }

    private static RawServer cursors() {
        return RawServer.script(request -> {
                    if (request.uri().contains("c=c")) {
                        return Reply.ok("{\"items\":[3]}");
                    }
                    return Reply.ok(
                            request.uri().contains("c=b")
                                    ? "{\"items\":[2],\"next\":\"c\"}"
                                    : "{\"items\":[1],\"next\":\"b\"}");
                })
                .start();
    }
}
