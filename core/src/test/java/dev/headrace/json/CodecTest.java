package dev.headrace.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class CodecTest {

    private record Issue(
            long number,
            String title,
            @JsonProperty("updated_at") Instant updatedAt) {}

    private record Times(Instant instant, LocalDate date, Duration duration) {}

    private record Positive(int number) {
        Positive {
            if (number <= 0) {
                throw new IllegalArgumentException("not positive");
            }
        }
    }

    private interface NotConcrete {}

    private record Twice(
            @JsonProperty("a") int one, @JsonProperty("a") int two) {}

    @Test
    void bindsRecordsAndIgnoresWhatTheyDoNotHave() {
        Issue issue = decode(
                Codec.of(Issue.class),
                "{\"number\":9007199254740993,\"title\":\"t\",\"labels\":[{}],\"updated_at\":\"2024-01-02T03:04:05Z\"}");

        assertThat(issue).isEqualTo(new Issue(9007199254740993L, "t", Instant.parse("2024-01-02T03:04:05Z")));
    }

    @Test
    void refusesAPrimitiveThatIsMissingOrNull() {
        for (String json : List.of("{}", "{\"number\":null}")) {
            assertThatExceptionOfType(DecodingException.class)
                    .as(json)
                    .isThrownBy(() -> decode(Codec.of(Issue.class), json))
                    .withMessageContaining("cannot read '/number' of Issue as long");
        }
    }

    @Test
    void readsTimesAsIso8601() {
        assertThat(
                        decode(
                                Codec.of(Times.class),
                                "{\"instant\":\"2024-01-02T03:04:05.123456789Z\",\"date\":\"2024-01-02\",\"duration\":\"PT1H\"}"))
                .isEqualTo(new Times(
                        Instant.parse("2024-01-02T03:04:05.123456789Z"),
                        LocalDate.of(2024, 1, 2),
                        Duration.ofHours(1)));
    }

    @Test
    void readsOnlyItsRange() {
        byte[] bytes = "[1,{\"number\":2},3]".getBytes(StandardCharsets.UTF_8);

        assertThat(Codec.of(Positive.class).decode(bytes, 3, 15)).isEqualTo(new Positive(2));
    }

    @Test
    void bindsTypesWithArguments() {
        assertThat(decode(Codec.of(new TypeRef<Map<String, List<Positive>>>() {}), "{\"a\":[{\"number\":1}]}"))
                .isEqualTo(Map.of("a", List.of(new Positive(1))));
    }

    @Test
    void keepsEveryDigitInTrees() {
        String json =
                "{\"long\":9223372036854775807,\"big\":123456789012345678901234567890,\"decimal\":0.1234567890123456789012345,"
                        + "\"price\":1.10}";

        JsonNode tree = decode(Codec.tree(), json);

        assertThat(tree.path("long").longValue()).isEqualTo(Long.MAX_VALUE);
        assertThat(tree.path("decimal").decimalValue()).isEqualTo(new BigDecimal("0.1234567890123456789012345"));
        assertThat(Json.writeText(tree)).isEqualTo(json);
    }

    @Test
    void givesTextAsItCame() {
        assertThat(decode(Codec.text(), "{\"a\" : 1.10e+2, \"b\":\"\\u00e4\"}"))
                .isEqualTo("{\"a\" : 1.10e+2, \"b\":\"\\u00e4\"}");
    }

    @Test
    void refusesTextThatIsNotJson() {
        for (String bad : List.of("", " ", "{\"a\":}", "[1,]", "1 2", "{", "nul")) {
            assertThatExceptionOfType(DecodingException.class).as(bad).isThrownBy(() -> decode(Codec.text(), bad));
        }
    }

    @Test
    void refusesNullUnlessTheTypeHasAValueForIt() {
        assertThatExceptionOfType(DecodingException.class)
                .isThrownBy(() -> decode(Codec.of(Issue.class), "null"))
                .withMessageContaining("expected Issue but found null");
        assertThat(decode(Codec.of(new TypeRef<Optional<Issue>>() {}), "null")).isEmpty();
        assertThat(decode(Codec.tree(), "null").isNull()).isTrue();
    }

    @Test
    void saysWhichPropertyDoesNotFitAndShowsNoData() {
        assertThatExceptionOfType(DecodingException.class)
                .isThrownBy(() -> decode(
                        Codec.of(new TypeRef<Map<String, List<Positive>>>() {}), "{\"a\":[{\"number\":\"s3cr3t\"}]}"))
                .withMessageContaining("cannot read '/a/0/number'")
                .withMessageContaining("as int")
                .withMessageNotContaining("s3cr3t")
                .withNoCause();
    }

    @Test
    void keepsWhatAConstructorThrew() {
        assertThatExceptionOfType(DecodingException.class)
                .isThrownBy(() -> decode(Codec.of(Positive.class), "{\"number\":0}"))
                .withMessageContaining("cannot read the item of Positive")
                .withCauseInstanceOf(IllegalArgumentException.class)
                .havingCause()
                .withMessage("not positive");
    }

    @Test
    void saysWhereTheJsonIsMalformed() {
        assertThatExceptionOfType(DecodingException.class)
                .isThrownBy(() -> decode(Codec.tree(), "{\"a\":s3cr3t}"))
                .withMessage("Byte 5: the JSON is malformed");
    }

    @Test
    void refusesMoreThanOneValue() {
        assertThatExceptionOfType(DecodingException.class).isThrownBy(() -> decode(Codec.tree(), "1 2"));
        assertThatExceptionOfType(DecodingException.class).isThrownBy(() -> decode(Codec.of(Integer.class), "1 2"));
    }

    @Test
    void refusesNothing() {
        assertThatExceptionOfType(DecodingException.class).isThrownBy(() -> decode(Codec.tree(), ""));
        assertThatExceptionOfType(DecodingException.class).isThrownBy(() -> decode(Codec.of(Issue.class), " "));
    }

    @Test
    void refusesNestingBeyondTheLimit() {
        assertThat(decode(Codec.tree(), "[".repeat(500) + "]".repeat(500)).isArray())
                .isTrue();
        assertThatExceptionOfType(DecodingException.class)
                .isThrownBy(() -> decode(Codec.tree(), "[".repeat(501) + "]".repeat(501)))
                .withMessageContaining("500");
    }

    @Test
    void readsStringsAsLargeAsTheirRecord() {
        String text = "x".repeat(30_000_000);

        assertThat(decode(Codec.of(String.class), "\"" + text + "\"")).hasSize(text.length());
    }

    @Test
    void failsAtOnceForATypeThatCannotBeRead() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Codec.of(Twice.class))
                .withMessageContaining("Twice cannot be read from JSON");
    }

    @Test
    void saysThatAnInterfaceCannotBeMade() {
        assertThatExceptionOfType(DecodingException.class)
                .isThrownBy(() -> decode(Codec.of(NotConcrete.class), "{}"))
                .withMessageContaining("NotConcrete cannot be read from JSON");
    }

    private static <T> T decode(Codec<T> codec, String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return codec.decode(bytes, 0, bytes.length);
    }
}
