package dev.headrace.stream;

import static dev.headrace.stream.Repositories.ALL_ISSUES;
import static dev.headrace.stream.Repositories.ISSUES;
import static dev.headrace.stream.Repositories.START;
import static dev.headrace.stream.Repositories.all;
import static dev.headrace.stream.Repositories.lastState;
import static dev.headrace.stream.Repositories.slice;
import static dev.headrace.stream.Trees.json;
import static java.time.Duration.ofDays;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.http.Body;
import dev.headrace.http.Request;
import dev.headrace.json.Json;
import dev.headrace.json.JsonSchema;
import dev.headrace.pagination.Pagination;
import dev.headrace.pagination.Placement;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.stream.Repositories.Issue;
import dev.headrace.test.FakeApi;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** What requests are made from: slice, state, page, configuration. Rows A2, A3, A18, A20, A39, A52. */
class RequestHookTest {

    private static final RecordStream<Issue> ISSUES_OF_ONE =
            RecordStream.of("issues", ISSUES).slices(List.of(slice(1)));

    private static List<String> headers(Repositories repositories, String name) {
        return repositories.server().requests().stream()
                .map(request -> String.join(",", request.headers(name)))
                .toList();
    }

    private static Request noting(Request request, PageContext context) {
        return request.header(
                "X-Context",
                context.slice().text("repo") + " " + context.page() + " "
                        + context.state().path("stream").asString("none") + " "
                        + context.config().path("tenant").asString("none"));
    }

    @Test
    void seesSliceStatePageAndConfigurationOfEachPage() { // A3, A18, A20
        RecordStream<Issue> stream = ISSUES_OF_ONE
                .slices(List.of(slice(1), slice(2)))
                .cursor(Cursor.datetime("/updated_at").intoQuery("since"))
                .request(RequestHookTest::noting);
        try (Repositories repositories = Repositories.of(2, 15)) {
            JsonNode state = lastState(repositories.read(stream.config(json("{'tenant':'t1'}"))));
            assertThat(headers(repositories, "X-Context"))
                    .containsExactly("r1 1 none t1", "r1 2 none t1", "r2 1 none t1", "r2 2 none t1");

            repositories.read(stream, state);
            assertThat(headers(repositories, "X-Context").subList(4, 6))
                    .containsExactly("r1 1 issues none", "r2 1 issues none");
        }
    }

    @Test
    void countsPagesOnWhereAReadingWasCut() { // A18
        RecordStream<Issue> stream = ISSUES_OF_ONE.request(RequestHookTest::noting);
        try (Repositories repositories = Repositories.of(1, 25)) {
            JsonNode state = ((Checkpoint<Issue>) repositories.read(stream).get(10)).state();
            repositories.read(stream, state);

            assertThat(headers(repositories, "X-Context"))
                    .containsExactly(
                            "r1 1 none none",
                            "r1 2 none none",
                            "r1 3 none none",
                            "r1 2 issues none",
                            "r1 3 issues none");
        }
    }

    @Test
    void neverAddsUp() { // A3
        RecordStream<Issue> stream = ISSUES_OF_ONE.request((request, context) ->
                request.header("X-Page", request.headers().first("X-Page").orElse("") + context.page()));
        try (Repositories repositories = Repositories.of(1, 45)) {
            repositories.read(stream);

            assertThat(headers(repositories, "X-Page")).containsExactly("1", "2", "3", "4", "5");
        }
        try (TestServer server = FakeApi.linkHeader("/items", FakeApi.issues(5))
                        .pageSize(1)
                        .start();
                Connector connector = Connector.builder(server.url()).build()) {
            RecordStream<JsonNode> numbered = RecordStream.of(
                            "items",
                            Endpoint.get("/items").query("per_page", 1).paginate(Pagination.pageNumber("page")))
                    .request((request, context) -> request.query("n", context.page()));
            all(numbered.read(connector));

            assertThat(server.requests())
                    .extracting(request -> request.query().get("n"))
                    .containsExactly(
                            List.of("1"), List.of("2"), List.of("3"), List.of("4"), List.of("5"), List.of("6"));
        }
    }

    @Test
    void seesTheBoundsOfAWindowThatHaveNames() {
        List<PageContext> contexts = new CopyOnWriteArrayList<>();
        RecordStream<Issue> stream = ISSUES_OF_ONE
                .cursor(Cursor.datetime("/updated_at").startingAt(START))
                .windows(TimeWindows.of(ofDays(1)).as("from", "to"))
                .clock(() -> START.plus(ofDays(2)))
                .request((request, context) -> {
                    contexts.add(context);
                    return request.query("since", context.slice().text("from"))
                            .query("until", context.slice().text("to"));
                });
        try (Repositories repositories = Repositories.of(1, 1)) {
            assertThat(Repositories.records(repositories.read(stream))).hasSize(1);
            assertThat(contexts)
                    .extracting(context -> context.slice().text("to"))
                    .containsExactly("2024-01-02T00:00:00Z", "2024-01-03T00:00:00Z");
        }
    }

    @Test
    void endsTheReadingWithWhatItThrows() {
        try (Repositories repositories = Repositories.of(1, 1)) {
            RecordStream<Issue> stream = ISSUES_OF_ONE.sliceErrorsAsNotices().request((request, context) -> {
                throw new IllegalStateException("no idea");
            });

            assertThatThrownBy(() -> repositories.read(stream)).hasMessageContaining("no idea");
            assertThat(repositories.uris()).isEmpty();
        }
    }

    @Test
    void givesParentsItsConfigurationUnlessTheyHaveTheirOwn() {
        RecordStream<Repositories.Repository> parent = Repositories.REPOSITORY_STREAM.request((request, context) ->
                request.header("X-Tenant", context.config().path("tenant").asString("none")));
        RecordStream<Issue> child = ALL_ISSUES.config(json("{'tenant':'child'}"));
        try (Repositories repositories = Repositories.of(1, 1)) {
            repositories.read(child.parent(ParentStream.of(parent, Repositories::slice)));
            repositories.read(
                    child.parent(ParentStream.of(parent.config(json("{'tenant':'parent'}")), Repositories::slice)));

            assertThat(headers(repositories, "X-Tenant")).containsExactly("child", "", "parent", "");
        }
    }

    @Test
    void putsValuesOfSlicesIntoTemplatesQueriesHeadersAndBodies() { // A3, A20
        String template = "/accounts/{account}/items{?ids*}";
        Endpoint<JsonNode> endpoint =
                Endpoint.of(Request.post(template).json(Map.of("filter", Map.of("active", true), "limit", 5)));
        Slice slice = Slice.of("account", "a/1")
                .with("ids", List.of(1, 2))
                .with("region", "eu west")
                .with("tenant", 7)
                .with("owner", Map.of("id", 123456789012345678L))
                .with("ignored", true);
        RecordStream<JsonNode> stream = RecordStream.of("items", endpoint)
                .slices(List.of(slice))
                .place("region", Placement.query("region"))
                .place("tenant", Placement.header("X-Tenant"))
                .place("owner", Placement.body("/filter/owner"));
        try (TestServer server = Route.fixed(200, "application/json", "[]").start();
                Connector connector = Connector.builder(server.url()).build()) {
            all(stream.read(connector));

            RecordedRequest request = server.requests().get(0);
            assertThat(request.uri()).isEqualTo("/accounts/a%2F1/items?ids=1&ids=2&region=eu%20west");
            assertThat(request.header("X-Tenant")).contains("7");
            assertThat(Json.tree(request.body()))
                    .isEqualTo(json("{'filter':{'active':true,'owner':{'id':123456789012345678}},'limit':5}"));
        }
    }

    @Test
    void putsValuesOfSlicesIntoTheTemplateOfABody() {
        Endpoint<JsonNode> endpoint = Endpoint.of(
                Request.post("/graphql").body(Body.template("{\"variables\":{\"owner\":\"{owner}\",\"n\":\"{n}\"}}")));
        RecordStream<JsonNode> stream = RecordStream.of("items", endpoint)
                .slices(List.of(Slice.of("owner", "a \"b\"").with("n", 3)));
        try (TestServer server = Route.fixed(200, "application/json", "[]").start();
                Connector connector = Connector.builder(server.url()).build()) {
            all(stream.read(connector));

            assertThat(Json.tree(server.requests().get(0).body()))
                    .isEqualTo(Json.tree("{\"variables\":{\"owner\":\"a \\\"b\\\"\",\"n\":3}}"));
        }
    }

    @Test
    void appendsToABaseWithAPathWhicheverWayItIsSpelt() { // A2
        for (String base : List.of("/v1", "/v1/")) {
            for (String path : List.of("/items", "items")) {
                try (TestServer server = TestServer.builder()
                                .route("/v1/items", FakeApi.linkHeader(List.of("{}")))
                                .start();
                        Connector connector = Connector.builder(server.url() + base)
                                .retry(RetryPolicy.never())
                                .build()) {
                    assertThat(all(RecordStream.of("items", Endpoint.get(path)).records(connector)))
                            .hasSize(1);
                }
            }
        }
    }

    @Test
    void saysWhatIsKnownOfIt() { // A39, A52
        JsonSchema schema = JsonSchema.of(json("{}"));
        RecordStream<Issue> stream = RecordStream.of("issues", ISSUES)
                .namespace("github")
                .key("/repository", "/number")
                .cursor(Cursor.datetime("/updated_at"))
                .schema(schema);

        assertThat(described(stream))
                .isEqualTo(new StreamDescription(
                        "issues",
                        Optional.of("github"),
                        List.of("/repository", "/number"),
                        Optional.of("/updated_at"),
                        Set.of(SyncMode.FULL_REFRESH, SyncMode.INCREMENTAL),
                        Optional.of(schema)));
        assertThat(described(stream.fullRefresh()).cursor()).isEmpty();
        assertThat(described(ALL_ISSUES))
                .isEqualTo(new StreamDescription(
                        "issues",
                        Optional.empty(),
                        List.of(),
                        Optional.empty(),
                        Set.of(SyncMode.FULL_REFRESH),
                        Optional.empty()));
        // A token is in no record.
        RecordStream<Issue> byToken = ALL_ISSUES.cursor(Cursor.deltaLink("/next"));
        assertThat(described(byToken).cursor()).isEmpty();
        assertThat(described(byToken).syncModes()).contains(SyncMode.INCREMENTAL);
        // Children of parents that have changed are what has changed, though they have no cursor.
        RecordStream<Issue> byParents = ALL_ISSUES.parent(StreamCutTest.CHANGED_PARENTS);
        assertThat(described(byParents).syncModes()).contains(SyncMode.INCREMENTAL);
        assertThat(byParents.syncMode()).isEqualTo(SyncMode.INCREMENTAL);
        assertThat(described(byParents.fullRefresh()).syncModes()).containsExactly(SyncMode.FULL_REFRESH);
    }

    private static StreamDescription described(RecordStream<?> stream) {
        Mono<StreamDescription> description = stream.describe();
        return description.blockOptional().orElseThrow();
    }

    @Test
    void refusesNamesAndKeysThatAreNone() {
        assertThatThrownBy(() -> RecordStream.of("", ISSUES)).hasMessageContaining("name");
        assertThatThrownBy(() -> ALL_ISSUES.key("number")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ALL_ISSUES.slices(List.of())).hasMessageContaining("slices");
        assertThatThrownBy(() -> ALL_ISSUES.concurrency(0)).hasMessageContaining("concurrency");
        assertThatThrownBy(() -> ALL_ISSUES.checkpointEvery(-1)).hasMessageContaining("checkpointEvery");
    }
}
