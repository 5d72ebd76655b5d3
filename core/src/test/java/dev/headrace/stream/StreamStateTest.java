package dev.headrace.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.json.Json;
import dev.headrace.pagination.Placement;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class StreamStateTest {

    private static final Cursor TIME = Cursor.datetime("/updated_at");
    private static final Cursor NUMBER = Cursor.incrementing("/id");
    private static final Cursor TOKEN = Cursor.token("/token", Placement.query("token"));

    @Test
    void keepsTimes() {
        roundTrip(
                TIME,
                time("2024-05-01T00:00:00.123456789Z"),
                time("2024-06-01T00:00:00Z"),
                List.of(
                        SliceProgress.fresh(Slice.of("repo", "r1"))
                                .finished(time("2024-05-01T00:00:00Z"), List.of(1L, -1L, Long.MIN_VALUE)),
                        SliceProgress.fresh(Slice.of("id", 7L).with("ids", List.of(1, 2)))
                                .marked(-7L)
                                .reading(new SliceProgress.Reading(
                                        time("-0400-01-01T00:00:00Z"),
                                        time("2024-06-01T00:00:00Z"),
                                        time("2024-06-01T00:00:00Z"),
                                        time("2024-05-02T00:00:00Z"),
                                        List.of(
                                                part(time("2024-01-01T00:00:00Z"), time("2024-02-01T00:00:00Z"), false),
                                                part(time("2024-02-01T00:00:00Z"), null, true))))),
                Map.of("repositories", Json.tree("{\"version\":1,\"stream\":\"repositories\"}")));
    }

    @Test
    void keepsNumbersDigitForDigit() {
        roundTrip(
                NUMBER,
                new Position.Count(new BigDecimal("12345678901234567890123")),
                null,
                List.of(SliceProgress.fresh(Slice.EMPTY)
                        .finished(new Position.Count(new BigDecimal("0.1234567890123456789")), List.of())),
                Map.of());
        roundTrip(
                NUMBER,
                null,
                null,
                List.of(
                        SliceProgress.fresh(Slice.of("a", 1))
                                .finished(new Position.Count(new BigDecimal("1e20")), List.of()),
                        SliceProgress.fresh(Slice.of("a", 2))
                                .finished(new Position.Count(new BigDecimal("-0.0")), List.of())),
                Map.of());
    }

    @Test
    void keepsTokensOfAnyKind() {
        for (String token : List.of("\"CPDAlvWDx70CEPDAlvWDx70CGAU=\"", "17", "{\"a\":[1,null]}", "1.50")) {
            roundTrip(
                    TOKEN,
                    null,
                    null,
                    List.of(SliceProgress.fresh(Slice.EMPTY).finished(new Position.Token(Json.tree(token)), List.of())),
                    Map.of());
        }
    }

    @Test
    void keepsWhichSlicesOfAWholeReadingAreDoneAndPagesOfOthers() {
        roundTrip(
                null,
                null,
                null,
                List.of(
                        SliceProgress.fresh(Slice.of("repo", "r1")).finished(null, List.of()),
                        SliceProgress.fresh(Slice.of("repo", "r2"))
                                .reading(new SliceProgress.Reading(
                                        null,
                                        null,
                                        null,
                                        null,
                                        List.of(new SliceProgress.Part(
                                                null, null, false, "token \"2\"", "\"k\"", "\"l\"", null))))),
                Map.of());
    }

    @Test
    void leavesOutSlicesOfWhichNothingIsKnown() {
        StreamState.Format format = new StreamState.Format("issues", null);

        assertThat(format.write(null, null, List.of(SliceProgress.fresh(Slice.of("a", 1))), Map.of()))
                .isEqualTo(format.blank())
                .hasToString("{\"version\":1,\"stream\":\"issues\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "{\"version\":1,\"stream\":\"issues\"}"})
    void beginsAnewFromAnEmptyState(String state) {
        StreamState read = new StreamState.Format("issues", TIME).read(Json.tree(state));

        assertThat(read).isEqualTo(new StreamState(null, null, List.of(), Map.of()));
        assertThat(new StreamState.Format("issues", TIME).read(null)).isEqualTo(read);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'version':2,'stream':'issues'} | it is no state of version 1, but of version 2, which a later release has made",
                "{'stream':'issues'} | it is no state of version 1",
                "{'version':'1','stream':'issues'} | it is no state of version 1",
                "[1] | it is no state of version 1",
                "'text' | it is no state of version 1",
                "{'version':1,'stream':'users'} | it is the state of stream 'users'",
                "{'version':1} | it is the state of stream ''",
                "{'version':1,'stream':'issues','cursor':7} | it holds something that is no position of Cursor[/updated_at, a time, looking back PT1S];"
                        + " was the cursor another one?",
                "{'version':1,'stream':'issues','slices':[{'slice':{'a':1},'cursor':'x'}]} | it holds something that is no position of"
                        + " Cursor[/updated_at, a time, looking back PT1S]; was the cursor another one?",
                "{'version':1,'stream':'issues','slices':[{'cursor':'2024-01-01T00:00:00Z'}]} | one of its slices has no values",
                "{'version':1,'stream':'issues','slices':[{'slice':[]}]} | one of its slices has no values",
                "{'version':1,'stream':'issues','slices':[{'slice':{},'recent':['xyz']}]} | 'recent' holds something that is no"
                        + " hexadecimal number",
                "{'version':1,'stream':'issues','slices':[{'slice':{},'recent':[7]}]} | 'recent' holds something that is no"
                        + " hexadecimal number",
                "{'version':1,'stream':'issues','slices':[{'slice':{},'mark':''}]} | 'mark' holds something that is no"
                        + " hexadecimal number"
            })
    void refusesWhatItHasNotWritten(String state, String why) {
        assertThatThrownBy(() -> new StreamState.Format("issues", TIME).read(Json.tree(state.replace('\'', '"'))))
                .isInstanceOfSatisfying(
                        HeadraceException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION))
                .hasMessage("The state given to stream 'issues' cannot be used: " + why
                        + "; give it the state that this stream made, or none to begin anew");
    }

    @Test
    void refusesPositionsWhereThereIsNoCursorOrAnotherOne() {
        JsonNode times = Json.tree("{\"version\":1,\"stream\":\"issues\",\"cursor\":\"2024-01-01T00:00:00Z\"}");

        assertThatThrownBy(() -> new StreamState.Format("issues", null).read(times))
                .hasMessageContaining("cannot be used: it has positions, but the stream has no cursor; give it");
        assertThatThrownBy(() -> new StreamState.Format("issues", NUMBER).read(times))
                .hasMessageContaining(
                        "it holds something that is no position of Cursor[/id, a number]; was the cursor another one?")
                .hasMessageNotContaining("2024");
    }

    private static Position time(String text) {
        return new Position.Time(Instant.parse(text));
    }

    private static SliceProgress.Part part(@Nullable Position from, @Nullable Position to, boolean done) {
        return new SliceProgress.Part(
                from,
                to,
                done,
                done ? null : "https://x/y?page=2",
                null,
                null,
                done ? null : time("2024-01-02T00:00:00Z"));
    }

    private static void roundTrip(
            @Nullable Cursor cursor,
            @Nullable Position fallback,
            @Nullable Position begun,
            List<SliceProgress> slices,
            Map<String, JsonNode> parents) {
        StreamState.Format format = new StreamState.Format("issues", cursor);

        JsonNode written = format.write(fallback, begun, slices, parents);
        StreamState read = format.read(Json.tree(written.toString()));

        assertThat(read).isEqualTo(new StreamState(fallback, begun, slices, new TreeMap<>(parents)));
        assertThat(format.write(read.cursor(), read.begun(), read.slices(), read.parents()))
                .hasToString(written.toString());
        assertThat(format.read(written)).isEqualTo(read);
    }
}
