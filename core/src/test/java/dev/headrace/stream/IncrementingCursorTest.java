package dev.headrace.stream;

import static dev.headrace.stream.Items.ids;
import static dev.headrace.stream.Repositories.lastState;
import static dev.headrace.stream.Repositories.notices;
import static dev.headrace.stream.Trees.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.json.Json;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Reading by numbers in the records. Rows A10, A39, A52. */
class IncrementingCursorTest {

    private static final IncrementingCursor ID = Cursor.incrementing("/id").intoQuery("since_id");
    private static final RecordStream<JsonNode> ITEMS = Items.STREAM.cursor(ID);

    @Test
    void asksForWhatLiesBehindTheGreatest() {
        try (Items items = Items.of("{'id':9}", "{'id':11}", "{'id':10}")) {
            List<Message<JsonNode>> first = items.read(ITEMS);
            assertThat(ids(first)).containsExactly(9, 11, 10);
            assertThat(items.asked("since_id")).isEmpty();

            items.read(ITEMS, lastState(first));
            assertThat(items.asked("since_id")).isEqualTo("11");
            items.read(ITEMS.cursor(ID.startingAt(3)));
            assertThat(items.asked("since_id")).isEqualTo("3");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "\"'7'\"                               | 7",
                "\"'9223372036854775808'\"             | 9223372036854775808",
                "9223372036854775807                 | 9223372036854775807",
                "123456789012345678901234567890      | 123456789012345678901234567890",
                "1.50                                | 1.5",
                "0.1000000000000000055511151231257827 | 0.1000000000000000055511151231257827",
                "1e3                                 | 1000",
                "-5                                  | -5",
            })
    void keepsEveryDigit(String value, String asked) {
        try (Items items = Items.of("{'id':" + value + "}")) {
            JsonNode state = Json.tree(lastState(items.read(ITEMS)).toString());
            items.read(ITEMS, state);

            assertThat(items.asked("since_id")).isEqualTo(asked);
        }
    }

    @Test
    void comparesNumbersAndNotTheirText() {
        try (Items items = Items.of("{'id':'9'}", "{'id':'10'}", "{'id':9.5}")) {
            JsonNode state = lastState(items.read(ITEMS));

            assertThat(state.at("/slices/0/cursor")).isEqualTo(json("10"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {"\"'x'\"", "true", "null", "[1]", "\"''\"", "1e999"})
    void saysThatRecordsHaveNoNumber(String value) {
        try (Items items = Items.of("{'id':" + value + "}")) {
            List<Message<JsonNode>> messages = items.read(ITEMS);

            assertThat(notices(messages)).containsExactly(Notice.Kind.CURSOR_MISSING);
            assertThat(Repositories.records(messages)).hasSize(1);
            assertThat(lastState(messages).has("slices")).isFalse();
        }
    }

    @Test
    void leavesOutWhatIsNotBehindItOnThisSideIfTold() {
        try (Items items = Items.of("{'id':3}", "{'id':4}", "{'id':5}")) {
            RecordStream<JsonNode> stream =
                    ITEMS.cursor(Cursor.incrementing("/id").startingAt(3).clientSide());
            List<Message<JsonNode>> first = items.read(stream);
            assertThat(ids(first)).containsExactly(4, 5);

            items.become("{'id':3}", "{'id':6}", "{'id':5}", "{'id':7}");
            assertThat(ids(items.read(stream, lastState(first)))).containsExactly(6, 7);
        }
    }

    @Test
    void dividesBetweenNumbers() {
        assertThat(ID.middle(count("3"), count("4"))).isEmpty();
        assertThat(ID.middle(count("3"), count("5"))).contains(count("4"));
        assertThat(ID.middle(count("0"), count("1e30"))).contains(count("5e29"));
        assertThat(ID.isWithin(count("4"), count("4"), null)).isFalse();
        assertThat(ID.isWithin(count("4"), null, count("4"))).isTrue();
    }

    private static Position count(String number) {
        return new Position.Count(new BigDecimal(number));
    }

    @Test
    void refusesAStateOfAnotherCursor() {
        try (Items items = Items.of("{'id':1,'at':'2024-01-01T00:00:00Z'}")) {
            JsonNode times = lastState(items.read(Items.STREAM.cursor(Cursor.datetime("/at"))));

            assertThatThrownBy(() -> items.read(ITEMS, times))
                    .hasMessageContaining("it was made by a cursor at '/at', and this one is at '");
        }
    }
}
