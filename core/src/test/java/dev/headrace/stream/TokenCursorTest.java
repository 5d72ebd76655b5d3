package dev.headrace.stream;

import static dev.headrace.stream.Repositories.all;
import static dev.headrace.stream.Repositories.lastState;
import static dev.headrace.stream.Repositories.notices;
import static dev.headrace.stream.Repositories.records;
import static dev.headrace.stream.Trees.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Secret;
import dev.headrace.json.Json;
import dev.headrace.pagination.Pagination;
import dev.headrace.pagination.Placement;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.test.FakeApi;
import dev.headrace.test.FakeCalendar;
import dev.headrace.test.FakeGraph;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** Reading what has changed by a token or a link of the remote. Rows A10, A49. */
class TokenCursorTest {

    private static final Endpoint<JsonNode> EVENTS = Endpoint.get("/calendar/v3/calendars/c/events")
            .paginate(Pagination.cursor("/nextPageToken", Placement.query("pageToken"))
                    .pageSize("maxResults", 2))
            .at("/items");
    private static final TokenCursor SYNC_TOKEN = Cursor.token("/nextSyncToken", Placement.query("syncToken"));
    private static final RecordStream<JsonNode> CALENDAR =
            RecordStream.of("events", EVENTS).cursor(SYNC_TOKEN);

    private static final Endpoint<JsonNode> USERS = Endpoint.get("/v1.0/users/delta")
            .query("$top", 2)
            .paginate(Pagination.nextUrl("/@odata.nextLink"))
            .at("/value");
    private static final RecordStream<JsonNode> GRAPH =
            RecordStream.of("users", USERS).cursor(Cursor.deltaLink("/@odata.deltaLink"));

    /** A server and a connector to it. */
    private static final class Remote implements AutoCloseable {

        private final TestServer server;
        private final Connector connector;

        Remote(Route route) {
            server = route.start();
            connector = Connector.builder(server.url())
                    .retry(RetryPolicy.defaults().maxRetries(0))
                    .build();
        }

        List<Message<JsonNode>> read(RecordStream<JsonNode> stream, @Nullable JsonNode state) {
            return all(stream.read(connector, state));
        }

        List<String> uris() {
            return server.requests().stream().map(RecordedRequest::uri).toList();
        }

        @Override
        public void close() {
            connector.close();
            server.close();
        }
    }

    private static List<String> ids(List<Message<JsonNode>> messages) {
        return records(messages).stream()
                .map(item -> item.path("id").asString())
                .toList();
    }

    /** As it comes out of a store. */
    private static JsonNode saved(JsonNode state) {
        return Json.tree(state.toString());
    }

    @Test
    void readsOnlyWhatHasChangedSinceTheToken() {
        FakeCalendar api = FakeCalendar.events(FakeCalendar.meetings(5));
        try (Remote remote = new Remote(api)) {
            List<Message<JsonNode>> first = remote.read(CALENDAR, null);
            assertThat(ids(first)).containsExactly("e1", "e2", "e3", "e4", "e5");

            api.change("{\"id\":\"e2\",\"status\":\"cancelled\"}");
            api.change("{\"id\":\"e6\",\"status\":\"confirmed\"}");
            List<Message<JsonNode>> second = remote.read(CALENDAR, saved(lastState(first)));
            assertThat(ids(second)).containsExactlyInAnyOrder("e2", "e6");

            assertThat(ids(remote.read(CALENDAR, saved(lastState(second))))).isEmpty();
            assertThat(remote.uris()).hasSize(3 + 1 + 1);
            assertThat(remote.uris().get(3)).contains("syncToken=").doesNotContain("pageToken");
        }
    }

    @Test
    void followsADeltaLinkAsItIs() {
        FakeGraph api = FakeGraph.collection("/v1.0/users", FakeGraph.users(5));
        try (Remote remote = new Remote(api)) {
            List<Message<JsonNode>> first = remote.read(GRAPH, null);
            assertThat(ids(first)).hasSize(5);

            api.change("{\"id\":\"u9\",\"displayName\":\"New\"}");
            List<Message<JsonNode>> second = remote.read(GRAPH, saved(lastState(first)));

            assertThat(ids(second)).containsExactly("u9");
            // The fake refuses a link that does not come back byte for byte.
            assertThat(remote.uris().get(3))
                    .contains("$deltatoken=RFNwdAIAAQ%27")
                    .endsWith("%27%2f~$x");
        }
    }

    @Test
    void readsAllWhenTheTokenIsForgotten() {
        FakeCalendar api = FakeCalendar.events(FakeCalendar.meetings(3))
                .expiring()
                .when(request -> request.uri().contains("syncToken"))
                .once();
        try (Remote remote = new Remote(api)) {
            JsonNode state = saved(lastState(remote.read(CALENDAR, null)));
            api.change("{\"id\":\"e4\",\"status\":\"confirmed\"}");
            List<Message<JsonNode>> messages = remote.read(CALENDAR, state);

            assertThat(messages.get(0)).isInstanceOf(Notice.class);
            assertThat(notices(messages)).containsExactly(Notice.Kind.RESYNC);
            assertThat(ids(messages)).hasSize(4);
            api.change("{\"id\":\"e5\",\"status\":\"confirmed\"}");
            assertThat(ids(remote.read(CALENDAR, saved(lastState(messages))))).containsExactly("e5");
        }
    }

    @Test
    void readsAllWhenADeltaLinkIsForgotten() {
        FakeGraph api = FakeGraph.collection("/v1.0/users", FakeGraph.users(3))
                .expiring()
                .when(request -> request.uri().contains("deltatoken"))
                .once();
        try (Remote remote = new Remote(api)) {
            List<Message<JsonNode>> messages = remote.read(GRAPH, saved(lastState(remote.read(GRAPH, null))));

            assertThat(notices(messages)).containsExactly(Notice.Kind.RESYNC);
            assertThat(ids(messages)).hasSize(3);
        }
    }

    @Test
    void failsWhenEvenAllIsRefused() {
        FakeCalendar api = FakeCalendar.events(FakeCalendar.meetings(3))
                .failing(410)
                .onRequest(3, 4)
                .always();
        try (Remote remote = new Remote(api)) {
            JsonNode state = saved(lastState(remote.read(CALENDAR, null)));

            StepVerifier.create(CALENDAR.read(remote.connector, state))
                    .expectNextMatches(Notice.class::isInstance)
                    .verifyError(HttpStatusException.class);
            assertThat(remote.uris()).hasSize(4);
        }
    }

    @Test
    void takesOnlyTheStatusesThatMeanIt() {
        FakeCalendar api = FakeCalendar.events(FakeCalendar.meetings(1))
                .failing(400)
                .when(request -> request.uri().contains("syncToken"))
                .always();
        try (Remote remote = new Remote(api)) {
            JsonNode state = saved(lastState(remote.read(CALENDAR, null)));

            StepVerifier.create(CALENDAR.read(remote.connector, state)).verifyError(HttpStatusException.class);
            RecordStream<JsonNode> forgotten = CALENDAR.cursor(SYNC_TOKEN.forgottenBy(400, 410));
            assertThat(notices(remote.read(forgotten, state))).containsExactly(Notice.Kind.RESYNC);
        }
    }

    @Test
    void goesOnWithTheNextPageOfAFirstReadingThatWasCut() {
        for (RecordStream<JsonNode> stream : List.of(CALENDAR, GRAPH)) {
            Map<RecordStream<JsonNode>, Route> routes = Map.of(
                    CALENDAR, FakeCalendar.events(FakeCalendar.meetings(5)),
                    GRAPH, FakeGraph.collection("/v1.0/users", FakeGraph.users(5)));
            try (Remote remote = new Remote(Objects.requireNonNull(routes.get(stream)))) {
                Checkpoint<JsonNode> cut = checkpoint(remote.read(stream, null), 0);
                List<Message<JsonNode>> rest = remote.read(stream, saved(cut.state()));

                assertThat(ids(rest)).hasSize(3);
                assertThat(remote.uris()).hasSize(3 + 2);
                assertThat(ids(remote.read(stream, saved(lastState(rest))))).isEmpty();
            }
        }
    }

    @Test
    void goesOnWithTheNextPageOfChangesThatWereCut() {
        FakeGraph api = FakeGraph.collection("/v1.0/users", FakeGraph.users(1));
        try (Remote remote = new Remote(api)) {
            JsonNode state = saved(lastState(remote.read(GRAPH, null)));
            for (int user = 2; user <= 6; user++) {
                api.change("{\"id\":\"u" + user + "\"}");
            }
            Checkpoint<JsonNode> cut = checkpoint(remote.read(GRAPH, state), 1);

            assertThat(ids(remote.read(GRAPH, saved(cut.state())))).hasSize(1);
        }
    }

    @Test
    void goesOnWithTheNextPageOfAResyncThatWasCut() {
        FakeCalendar api = FakeCalendar.events(FakeCalendar.meetings(5))
                .expiring()
                .when(request -> request.uri().contains("syncToken"))
                .once();
        try (Remote remote = new Remote(api)) {
            JsonNode state = saved(lastState(remote.read(CALENDAR, null)));
            Checkpoint<JsonNode> cut = checkpoint(remote.read(CALENDAR, state), 0);
            List<Message<JsonNode>> rest = remote.read(CALENDAR, saved(cut.state()));

            assertThat(ids(rest)).containsExactly("e3", "e4", "e5");
            assertThat(notices(rest)).isEmpty();
            assertThat(ids(remote.read(CALENDAR, saved(lastState(rest))))).isEmpty();
        }
    }

    private static Checkpoint<JsonNode> checkpoint(List<Message<JsonNode>> messages, int number) {
        return messages.stream()
                .filter(Checkpoint.class::isInstance)
                .map(message -> (Checkpoint<JsonNode>) message)
                .toList()
                .get(number);
    }

    @Test
    void failsIfTheLastPageHasNoToken() {
        try (Remote remote = new Remote(FakeApi.linkHeader(List.of("{}")))) {
            RecordStream<JsonNode> stream =
                    RecordStream.of("items", Endpoint.get("/items")).cursor(SYNC_TOKEN);

            StepVerifier.create(stream.read(remote.connector))
                    .expectNextMatches(StreamRecord.class::isInstance)
                    .verifyErrorSatisfies(failure -> assertThat(failure)
                            .isInstanceOfSatisfying(
                                    HeadraceException.class,
                                    known -> assertThat(known.kind()).isEqualTo(FailureKind.UNTRUSTED_DATA))
                            .hasMessageContaining("/nextSyncToken"));
        }
    }

    @Test
    void keepsATokenOfEachSlice() {
        try (Remote remote = new Remote(FakeCalendar.events(FakeCalendar.meetings(1)))) {
            RecordStream<JsonNode> stream = CALENDAR.slices(List.of(Slice.of("a", 1), Slice.of("a", 2)));
            JsonNode state = lastState(remote.read(stream, null));

            assertThat(state.path("slices")).hasSize(2);
            assertThat(state.at("/slices/1/slice")).isEqualTo(json("{'a':2}"));
            assertThat(state.at("/slices/1/cursor").asString()).startsWith("s0.");
        }
    }

    @Test
    void followsNoDeltaLinkToAnotherOriginAndKeepsNoSecretOfOne() {
        try (Remote home = new Remote(Route.fixed(
                200,
                "application/json",
                "{\"value\":[1],\"@odata.deltaLink\":\"https://elsewhere.example/users/delta?key=s3cr3t-key&t=7\"}"))) {
            RecordStream<JsonNode> stream = RecordStream.of(
                            "users",
                            Endpoint.get("/v1.0/users/delta")
                                    .query("key", Secret.of("s3cr3t-key"))
                                    .at("/value"))
                    .cursor(Cursor.deltaLink("/@odata.deltaLink"));
            JsonNode state = lastState(home.read(stream, null));

            assertThat(state.toString()).doesNotContain("s3cr3t-key");
            assertThatThrownBy(() -> home.read(stream, state))
                    .isInstanceOf(HeadraceException.class)
                    .hasMessageContaining("elsewhere.example")
                    .hasMessageNotContaining("s3cr3t-key");
            assertThat(home.uris()).hasSize(1);
        }
    }
}
