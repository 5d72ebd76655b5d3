package dev.headrace.airbyte;

import static dev.headrace.airbyte.Trees.all;
import static dev.headrace.airbyte.Trees.catalog;
import static dev.headrace.airbyte.Trees.json;
import static dev.headrace.airbyte.Trees.records;
import static dev.headrace.airbyte.Trees.shape;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.json.Json;
import dev.headrace.pagination.Pagination;
import dev.headrace.stream.Cursor;
import dev.headrace.stream.ParentStream;
import dev.headrace.stream.RecordStream;
import dev.headrace.stream.Slice;
import dev.headrace.stream.Source;
import dev.headrace.test.FakeRepositories;
import dev.headrace.test.TestServer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** A reading goes on from the last {@code STATE} of each stream. */
class AirbyteResumeTest {

    private static final JsonNode CONFIG = json("{}");
    private static final RecordStream<JsonNode> REPOSITORIES = RecordStream.of(
                    "repositories",
                    Endpoint.get("/user/repos?per_page=1").items(JsonNode.class).paginate(Pagination.linkHeader()))
            .key("/full_name");
    private static final RecordStream<JsonNode> ISSUES = RecordStream.of(
                    "issues",
                    Endpoint.get("/repos/o/{repo}/issues?per_page=2&sort=updated")
                            .items(JsonNode.class)
                            .paginate(Pagination.linkHeader()))
            .parent(ParentStream.of(
                    REPOSITORIES,
                    repository -> Slice.of("repo", repository.path("name").stringValue())))
            .cursor(Cursor.datetime("/updated_at")
                    .startingAt(Instant.parse("2024-01-01T00:00:00Z"))
                    .intoQuery("since"))
            .key("/repository", "/number");

    private final FakeRepositories api = FakeRepositories.of(2, 3);
    private final TestServer server = api.start();
    private final AirbyteSource source = AirbyteSource.of(
            Source.builder("github")
                    .connector(config -> Connector.builder(server.url()).build())
                    .stream(REPOSITORIES)
                    .stream(ISSUES)
                    .build());

    @AfterEach
    void close() {
        server.close();
    }

    private List<JsonNode> read(JsonNode catalog, @Nullable JsonNode state) {
        return all(source.read(CONFIG, catalog, state));
    }

    /** What a platform keeps: the last state of each stream, as it was written. */
    private static JsonNode kept(List<JsonNode> messages, boolean wrapped) {
        Map<JsonNode, JsonNode> states = new LinkedHashMap<>();
        for (JsonNode message : messages) {
            if (shape(message).startsWith("STATE")) {
                states.put(message.at("/state/stream/stream_descriptor"), wrapped ? message : message.path("state"));
            }
        }
        ArrayNode kept = JsonNodeFactory.instance.arrayNode();
        states.values().forEach(kept::add);
        return Json.tree(kept.toString());
    }

    /** What a platform has: a stream's records before its last state. */
    private static List<JsonNode> delivered(List<JsonNode> messages, String stream) {
        List<JsonNode> delivered = new ArrayList<>();
        List<JsonNode> pending = new ArrayList<>();
        for (JsonNode message : messages) {
            if (shape(message).equals("RECORD " + stream)) {
                pending.add(message.at("/record/data"));
            } else if (shape(message).equals("STATE " + stream)) {
                delivered.addAll(pending);
                pending.clear();
            }
        }
        return delivered;
    }

    /** Streams that are complete are not read again, as a platform that tries again does. */
    private static JsonNode rest(JsonNode catalog, List<JsonNode> messages) {
        List<String> complete = Trees.shapes(messages);
        ArrayNode rest = JsonNodeFactory.instance.arrayNode();
        for (JsonNode stream : catalog.path("streams")) {
            if (!complete.contains("COMPLETE " + stream.at("/stream/name").stringValue())) {
                rest.add(stream);
            }
        }
        return JsonNodeFactory.instance.objectNode().set("streams", rest);
    }

    /** A full refresh that was cut behind its last state and before it was said to be complete has ended, so the next begins anew. */
    private static boolean beginsAnew(JsonNode catalog, List<JsonNode> before) {
        JsonNode last = before.isEmpty() ? JsonNodeFactory.instance.objectNode() : before.get(before.size() - 1);
        JsonNode of = last.at("/state/stream/stream_descriptor/name");
        JsonNode state = last.at("/state/stream/stream_state");
        return catalog.path("streams")
                .valueStream()
                .anyMatch(stream -> stream.at("/stream/name").equals(of)
                        && stream.path("sync_mode").stringValue().equals("full_refresh")
                        && !state.toString().contains("\"reading\"")
                        && !state.toString().contains("\"done\""));
    }

    private void losesNothingAndRepeatsNothingWhereverItIsCut(JsonNode catalog) {
        List<JsonNode> whole = read(catalog, null);
        assertThat(records(whole, "repositories")).hasSize(2);
        assertThat(records(whole, "issues")).hasSize(6);
        int anew = 0;
        for (int cut = 0; cut <= whole.size(); cut++) {
            // What a reader has who leaves here; that leaving stops the reading is shown elsewhere.
            List<JsonNode> before = whole.subList(0, cut);
            List<JsonNode> after = read(rest(catalog, before), kept(before, cut % 2 == 0));

            boolean again = beginsAnew(catalog, before);
            anew += again ? 1 : 0;
            for (String stream : List.of("repositories", "issues")) {
                List<JsonNode> together = delivered(before, stream);
                together.addAll(records(after, stream));
                assertThat(new HashSet<>(together))
                        .as("%s, cut after %d messages", stream, cut)
                        .containsExactlyInAnyOrderElementsOf(records(whole, stream));
                if (!again) {
                    assertThat(together)
                            .as("%s, cut after %d messages", stream, cut)
                            .doesNotHaveDuplicates();
                }
            }
        }
        long refreshes = catalog.path("streams")
                .valueStream()
                .filter(stream -> stream.path("sync_mode").stringValue().equals("full_refresh"))
                .count();
        assertThat(anew).isEqualTo((int) refreshes);
    }

    @Test
    void anIncrementalReadingLosesNothingWhereverItIsCut() { // A6
        losesNothingAndRepeatsNothingWhereverItIsCut(catalog("repositories:full_refresh", "issues:incremental"));
    }

    @Test
    void aFullRefreshThatWasCutGoesOn() { // A6
        losesNothingAndRepeatsNothingWhereverItIsCut(catalog("issues:full_refresh", "repositories:full_refresh"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100_000})
    void readersWhoLeaveAfterAnyMessageLoseNothing(int padding) {
        AirbyteSource numbers = Numbers.source(
                new NumberStream("numbers", 5, 2).padding(padding), new NumberStream("more", 3, 1).padding(padding));
        JsonNode catalog = catalog("numbers:incremental", "more:incremental");
        List<JsonNode> whole = all(numbers.read(CONFIG, catalog, null));
        for (int cut = 0; cut <= whole.size(); cut++) {
            List<JsonNode> before = all(numbers.read(CONFIG, catalog, null).take(cut));
            List<JsonNode> after = all(numbers.read(CONFIG, catalog, kept(before, cut % 2 == 0)));

            for (String stream : List.of("numbers", "more")) {
                List<JsonNode> together = delivered(before, stream);
                together.addAll(records(after, stream));
                assertThat(together).as("%s, cut after %d", stream, cut).isEqualTo(records(whole, stream));
            }
        }
    }

    @Test
    void theNextReadingGivesWhatHasChanged() {
        JsonNode catalog = catalog("issues:incremental");
        JsonNode kept = kept(read(catalog, null), false);
        api.touch("o", "r2", 3, Instant.parse("2024-02-01T00:00:00Z"));

        assertThat(records(read(catalog, kept), "issues"))
                .singleElement()
                .extracting(issue -> issue.path("number").intValue())
                .isEqualTo(3);
        assertThat(records(read(catalog, json("[]")), "issues")).hasSize(6);
        assertThat(records(read(catalog("issues:full_refresh"), kept), "issues"))
                .hasSize(6);
    }

    @Test
    void statesOfOtherStreamsDoNotMatter() {
        JsonNode kept = kept(read(catalog("issues:incremental"), null), false);

        assertThat(records(read(catalog("repositories:full_refresh"), kept), "repositories"))
                .hasSize(2);
        JsonNode elsewhere = Json.tree(
                kept.toString().replace("{\"name\":\"issues\"}", "{\"name\":\"issues\",\"namespace\":\"other\"}"));
        assertThat(records(read(catalog("issues:incremental"), elsewhere), "issues"))
                .hasSize(6);
    }

    @Test
    void theLastStateOfAStreamCounts() {
        JsonNode catalog = catalog("issues:incremental");
        ArrayNode states = JsonNodeFactory.instance.arrayNode();
        read(catalog, null).stream()
                .filter(message -> shape(message).startsWith("STATE"))
                .forEach(states::add);

        assertThat(states.size()).isGreaterThan(2);
        assertThat(records(read(catalog, states), "issues")).isEmpty();
    }

    @Test
    void aStateThatItsStreamCannotReadIsAFailureOfThatStream() {
        JsonNode state = json("[{'type':'STREAM','stream':{'stream_descriptor':{'name':'issues'},"
                + "'stream_state':{'cursor':'2024-01-01'}}}]");

        List<JsonNode> messages = read(catalog("issues:incremental", "repositories:full_refresh"), state);

        assertThat(Trees.shapes(messages))
                .startsWith("STARTED issues", "INCOMPLETE issues", "ERROR issues", "STARTED repositories")
                .endsWith("COMPLETE repositories");
        assertThat(messages.get(2).at("/trace/error/failure_type").stringValue())
                .isEqualTo("config_error");
    }
}
