package dev.headrace.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Year;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The schema of what a codec reads as a class. */
class SchemaDerivationTest {

    enum State {
        OPEN,
        CLOSED,
        @JsonProperty("won't do")
        DROPPED
    }

    enum Level {
        LOW(1),
        HIGH(2);

        private final int number;

        Level(int number) {
            this.number = number;
        }

        @JsonValue
        int number() {
            return number;
        }
    }

    record User(String login, @Nullable String name) {}

    @SuppressWarnings("ArrayRecordComponent")
    record Issue(
            long number,
            String title,
            State state,
            @Nullable State before,
            Level level,
            Optional<User> assignee,
            OptionalInt votes,
            @Nullable Boolean locked,
            List<@Nullable User> watchers,
            Map<String, Integer> counts,
            @JsonProperty("created_at") Instant createdAt,
            @Nullable OffsetDateTime closedAt,
            LocalDate due,
            LocalDateTime local,
            Duration spent,
            Year year,
            BigDecimal price,
            UUID id,
            URI link,
            byte[] icon,
            JsonNode raw,
            Object anything,
            @Nullable Issue parent,
            @JsonIgnore String secret) {}

    private static final JsonSchema SCHEMA = JsonSchema.derivedFrom(Issue.class);

    private static final String WHOLE =
            "{\"number\":1,\"title\":\"a\",\"state\":\"OPEN\",\"before\":null,\"level\":2,\"assignee\":{\"login\":\"x\",\"name\":null},"
                    + "\"votes\":3,\"locked\":null,\"watchers\":[{\"login\":\"x\"},null],\"counts\":{\"a\":1},"
                    + "\"created_at\":\"2024-01-02T03:04:05Z\",\"closedAt\":\"2024-01-02T03:04:05+01:00\",\"due\":\"2024-01-02\","
                    + "\"local\":\"2024-01-02T03:04:05\",\"spent\":\"PT1H\",\"year\":2024,\"price\":1.50,"
                    + "\"id\":\"0f8fad5b-d9cb-469f-a165-70867728950e\",\"link\":\"/x\",\"icon\":\"AAAA\",\"raw\":[{\"a\":null}],"
                    + "\"anything\":7,\"parent\":{\"number\":2,\"state\":\"won't do\"},\"not_known\":[1]}";

    @Test
    void isOfTheLatestDraftAndSaysTypesAndFormats() {
        JsonNode json = SCHEMA.json();

        assertThat(json.get("$schema").stringValue()).isEqualTo("https://json-schema.org/draft/2020-12/schema");
        assertThat(json.at("/properties/created_at"))
                .isEqualTo(Json.tree("{\"title\":\"Created at\",\"type\":\"string\",\"format\":\"date-time\"}"));
        assertThat(json.at("/properties/closedAt"))
                .isEqualTo(
                        Json.tree("{\"title\":\"Closed at\",\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}"));
        assertThat(json.at("/properties/due"))
                .isEqualTo(Json.tree("{\"title\":\"Due\",\"type\":\"string\",\"format\":\"date\"}"));
        assertThat(json.at("/properties/local")).isEqualTo(Json.tree("{\"title\":\"Local\",\"type\":\"string\"}"));
        assertThat(json.at("/properties/number")).isEqualTo(Json.tree("{\"title\":\"Number\",\"type\":\"integer\"}"));
        assertThat(json.at("/properties/price")).isEqualTo(Json.tree("{\"title\":\"Price\",\"type\":\"number\"}"));
        assertThat(json.at("/properties/state"))
                .isEqualTo(Json.tree(
                        "{\"title\":\"State\",\"type\":\"string\",\"enum\":[\"OPEN\",\"CLOSED\",\"won't do\"]}"));
        assertThat(json.at("/properties/votes"))
                .isEqualTo(Json.tree("{\"title\":\"Votes\",\"type\":[\"integer\",\"null\"]}"));
        assertThat(json.get("required")).isEqualTo(Json.tree("[\"number\"]"));
        assertThat(json.get("properties").has("secret")).isFalse();
    }

    @Test
    void isTheSameEveryTime() {
        assertThat(JsonSchema.derivedFrom(Issue.class).json().toString())
                .isEqualTo(SCHEMA.json().toString());
    }

    @Test
    void admitsWhatTheCodecReads() {
        assertThat(SCHEMA.validate(Json.tree(WHOLE))).isEmpty();
        assertThat(Json.read(Json.tree(WHOLE), Issue.class).watchers()).hasSize(2);
        assertThat(SCHEMA.validate(Json.tree("{\"number\":1}"))).isEmpty();
        assertThat(SCHEMA.validate(Json.tree("{\"number\":1,\"assignee\":null,\"votes\":null,\"parent\":null}")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | ``",
                "{\"number\":\"1\"} | /number",
                "{\"number\":1,\"title\":null} | /title",
                "{\"number\":1,\"title\":2} | /title",
                "{\"number\":1,\"state\":\"NEW\"} | /state",
                "{\"number\":1,\"state\":\"DROPPED\"} | /state",
                "{\"number\":1,\"state\":null} | /state",
                "{\"number\":1,\"before\":\"NEW\"} | /before",
                "{\"number\":1,\"level\":3} | /level",
                "{\"number\":1,\"assignee\":{\"login\":7}} | /assignee/login",
                "{\"number\":1,\"watchers\":[{\"login\":7}]} | /watchers/0/login",
                "{\"number\":1,\"counts\":{\"a\":\"b\"}} | /counts/a",
                "{\"number\":1,\"created_at\":\"yesterday\"} | /created_at",
                "{\"number\":1,\"due\":\"2024-02-31\"} | /due",
                "{\"number\":1,\"id\":\"7\"} | /id",
                "{\"number\":1,\"parent\":{\"number\":null}} | /parent/number"
            })
    void doesNotAdmitWhatHasDrifted(String json, String place) {
        assertThat(SCHEMA.validate(Json.tree(json)))
                .extracting(SchemaViolation::pointer)
                .contains(place);
    }

    /** No record: Jackson sets what comes and leaves the rest. */
    static final class Bean {

        private int count;

        @JsonProperty(required = true)
        private String name = "";

        int count() {
            return count;
        }

        public void setCount(int count) {
            this.count = count;
        }

        public String getName() {
            return name;
        }

        public void setName(String name) {
            this.name = name;
        }
    }

    @Test
    void requiresOfAClassWhatItsAnnotationsSay() {
        JsonSchema schema = JsonSchema.derivedFrom(Bean.class);

        assertThat(schema.json().get("required")).isEqualTo(Json.tree("[\"name\"]"));
        assertThat(schema.validate(Json.tree("{\"name\":\"a\"}"))).isEmpty();
        assertThat(schema.validate(Json.tree("{\"name\":\"a\",\"count\":\"b\"}")))
                .isNotEmpty();
        assertThat(Json.read(Json.tree("{\"name\":\"a\"}"), Bean.class).count()).isZero();
    }

    @Test
    void isOfPlainTypesToo() {
        assertThat(JsonSchema.derivedFrom(JsonNode.class).validate(Json.tree("[1]")))
                .isEmpty();
        assertThat(JsonSchema.derivedFrom(String.class).validate(Json.tree("1")))
                .hasSize(1);
        assertThat(JsonSchema.derivedFrom(State.class).validate(Json.tree("\"OPEN\"")))
                .isEmpty();
    }
}
