package dev.headrace.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.headrace.json.TypeRef;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import tools.jackson.databind.JsonNode;

class CsvTest {

    private static final CsvFormat RFC = CsvFormat.rfc4180();
    private static final CsvFormat ABC = RFC.columns("a", "b", "c");

    private enum State {
        OPEN,
        CLOSED
    }

    private record Twice(
            @JsonProperty("a") int first, @JsonProperty("a") int second) {}

    private record Issue(
            long number,
            String title,
            @Nullable BigDecimal price,
            @Nullable LocalDate due,
            @Nullable Boolean done,
            @Nullable State state,
            @Nullable Integer votes,
            @Nullable UUID id,
            @Nullable Double weight) {}

    static Stream<Arguments> documents() {
        return Stream.of(
                rows(RFC, "a,b\n"),
                rows(RFC, "a,b"),
                rows(RFC, "a,b\n1,2\n", "{\"a\":\"1\",\"b\":\"2\"}"),
                rows(RFC, "a,b\r\n1,2\r\n3,4\r\n", "{\"a\":\"1\",\"b\":\"2\"}", "{\"a\":\"3\",\"b\":\"4\"}"),
                rows(RFC, "a,b\r\n1,2", "{\"a\":\"1\",\"b\":\"2\"}"),
                rows(RFC, "a,b\r\n1,2\r", "{\"a\":\"1\",\"b\":\"2\"}"),
                rows(RFC, "\n\r\na,b\n\n\r\n1,2\n\r\n\n", "{\"a\":\"1\",\"b\":\"2\"}"),
                rows(RFC, "\uFEFFa,b\n1,2\n", "{\"a\":\"1\",\"b\":\"2\"}"),
                rows(RFC, "\uFEFF\"a\",b\n1,\uFEFF2\n", "{\"a\":\"1\",\"b\":\"\uFEFF2\"}"),
                rows(RFC, "\"a b\",\"c\"\"d\",\"e,f\"\n1,2,3\n", "{\"a b\":\"1\",\"c\\\"d\":\"2\",\"e,f\":\"3\"}"),
                rows(
                        ABC,
                        "\"x,\"\"y\"\"\",\"\r\n\",\"\"\"\"\r\n",
                        "{\"a\":\"x,\\\"y\\\"\",\"b\":\"\\r\\n\",\"c\":\"\\\"\"}"),
                rows(ABC, "\"1\n2\",\"\",\n", "{\"a\":\"1\\n2\",\"b\":\"\",\"c\":\"\"}"),
                rows(ABC, ",,\n", "{\"a\":\"\",\"b\":\"\",\"c\":\"\"}"),
                rows(ABC, ",,", "{\"a\":\"\",\"b\":\"\",\"c\":\"\"}"),
                rows(ABC, " 1 ,\t,  \n", "{\"a\":\" 1 \",\"b\":\"\\t\",\"c\":\"  \"}"),
                rows(ABC, "#1,'2',\\n\n", "{\"a\":\"#1\",\"b\":\"'2'\",\"c\":\"\\\\n\"}"),
                rows(ABC, "null,€,😀\n", "{\"a\":\"null\",\"b\":\"€\",\"c\":\"😀\"}"),
                rows(ABC, ""),
                rows(
                        RFC.columns("a"),
                        "1\n\"\"\n \n\n2\n",
                        "{\"a\":\"1\"}",
                        "{\"a\":\"\"}",
                        "{\"a\":\" \"}",
                        "{\"a\":\"2\"}"),
                rows(RFC.separator(';').columns("a", "b"), "1,5;\"2;0\"\n", "{\"a\":\"1,5\",\"b\":\"2;0\"}"),
                rows(RFC.separator('\t'), "a\tb\n1\t\n", "{\"a\":\"1\",\"b\":\"\"}"),
                rows(ABC.header(), "x,y\n1,2\n", "{\"x\":\"1\",\"y\":\"2\"}"),
                rows(
                        ABC.allowShortRows(),
                        "1\n1,2\n1,2,3\n",
                        "{\"a\":\"1\"}",
                        "{\"a\":\"1\",\"b\":\"2\"}",
                        "{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\"}"));
    }

    private static Arguments rows(CsvFormat format, String document, String... items) {
        return Arguments.of(format, document, List.of(items));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void readsEachRowHoweverTheDocumentIsCut(CsvFormat format, String document, List<String> items) {
        for (Cut cut : Cut.all(document)) {
            assertThat(Outcome.of(trees(format, cut.bytes()))).as(cut.name()).isEqualTo(new Outcome(items, null));
        }
    }

    @Test
    void bindsRowsToATypeByTheNamesOfTheirColumns() {
        String document = """
                title,unknown,number,price,due,done,state,votes,id,weight
                a,x,9007199254740993,12345678901234567890.10,2026-11-28,true,OPEN,-3,0b5a1bd2-6d5c-4a3b-9b7a-000000000001,1.5e3
                "",x,1,,,,,,,
                """;

        StepVerifier.create(Decoder.csv(RFC, Issue.class).decode(Responses.of(document)))
                .expectNext(new Issue(
                        9007199254740993L,
                        "a",
                        new BigDecimal("12345678901234567890.10"),
                        LocalDate.of(2026, 11, 28),
                        true,
                        State.OPEN,
                        -3,
                        UUID.fromString("0b5a1bd2-6d5c-4a3b-9b7a-000000000001"),
                        1500.0))
                .expectNext(new Issue(1, "", null, null, null, null, null, null, null))
                .verifyComplete();
    }

    @Test
    void bindsRowsToMapsInTheOrderOfTheColumns() {
        StepVerifier.create(
                        Decoder.csv(RFC, new TypeRef<Map<String, String>>() {}).decode(Responses.of("b,a\n1,\n")))
                .assertNext(row -> assertThat(row).containsExactly(Map.entry("b", "1"), Map.entry("a", "")))
                .verifyComplete();
        StepVerifier.create(
                        Decoder.csv(RFC, new TypeRef<Map<String, Long>>() {}).decode(Responses.of("b,a\n1,\n")))
                .assertNext(row -> assertThat(row).containsEntry("b", 1L).containsEntry("a", null))
                .verifyComplete();
    }

    @Test
    void readsRowsThatAreLargerThanTheParsersBuffer() {
        String large = "x".repeat(10_000);
        for (String first : List.of(large, '"' + large + '"')) {
            String document = "a,b\n" + first + ",1\n2,\"" + large + "\"\n" + first + ",3\n";

            StepVerifier.create(Decoder.csv(RFC, new TypeRef<Map<String, String>>() {})
                            .decode(Responses.of(document)))
                    .expectNext(Map.of("a", large, "b", "1"))
                    .expectNext(Map.of("a", "2", "b", large))
                    .expectNext(Map.of("a", large, "b", "3"))
                    .verifyComplete();
        }
    }

    @Test
    void readsOtherCharsets() {
        Charset charset = Charset.forName("windows-1252");
        byte[] document = "größe;preis\n5;€ 7\n".getBytes(charset);

        StepVerifier.create(Decoder.csv(RFC.separator(';').charset(charset))
                        .decode(Responses.of(document))
                        .map(JsonNode::toString))
                .expectNext("{\"größe\":\"5\",\"preis\":\"€ 7\"}")
                .verifyComplete();
    }

    @Test
    void emitsARowAsSoonAsItIsComplete() {
        TestPublisher<ByteBuffer> live = TestPublisher.create();

        StepVerifier.create(trees(RFC, live.flux()))
                .then(() -> live.next(Utf8.buffer("a,b\n1,\"x\n")))
                .then(() -> live.next(Utf8.buffer("y\"\n2,")))
                .expectNext("{\"a\":\"1\",\"b\":\"x\\ny\"}")
                .then(() -> live.next(Utf8.buffer("z\n")))
                .expectNext("{\"a\":\"2\",\"b\":\"z\"}")
                .thenCancel()
                .verify();
    }

    @Test
    void refusesFormatsThatCannotBe() {
        for (char separator : "\"\n\r1aé\0".toCharArray()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RFC.separator(separator))
                    .withMessage("No separator of fields: U+%04X", (int) separator);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RFC.columns(new String[0]))
                .withMessage("The format has no columns");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RFC.columns("a", " "))
                .withMessage("The format has no name for column 2 of 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RFC.columns("a", "b", "a"))
                .withMessage("The format has the same name for columns 1 and 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RFC.rowLimit(0))
                .withMessage("rowLimit must be positive, not 0");
        assertThatIllegalArgumentException().isThrownBy(() -> RFC.charset(StandardCharsets.UTF_16));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RFC.charset(Charset.forName("Shift_JIS")).separator('|'))
                .withMessage("A byte of '|' may be a part of other characters in Shift_JIS");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RFC.separator('|').charset(Charset.forName("Shift_JIS")))
                .withMessage("A byte of '|' may be a part of other characters in Shift_JIS");
        assertThatIllegalArgumentException().isThrownBy(() -> Decoder.csv(RFC, Twice.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Shift_JIS", "EUC-JP", "GB18030", "Big5", "EUC-KR", "ISO-8859-1", "windows-1251"})
    void takesTheUsualSeparatorsInCharsetsThatExtendAscii(String charset) {
        for (char separator : ",;\t".toCharArray()) {
            assertThat(RFC.charset(Charset.forName(charset)).separator(separator))
                    .isNotNull();
        }
    }

    @Test
    void copiesOnWrite() {
        assertThat(RFC.separator('\t').columns("a", "b").allowShortRows())
                .hasToString("CsvFormat[separator tab, columns [a, b], short rows allowed, UTF-8,"
                        + " rows of at most 8388608 bytes]");
        assertThat(RFC).hasToString("CsvFormat[separator ',', header row, UTF-8, rows of at most 8388608 bytes]");
    }

    @Test
    void saysWhatItAcceptsAndWaitsForNothing() {
        assertThat(Decoder.csv(RFC).accept()).contains("text/csv");
        assertThat(Decoder.csv(RFC).documentHead()).isZero();
    }

    private static Flux<String> trees(CsvFormat format, Flux<ByteBuffer> bytes) {
        return Decoder.parse(
                        bytes,
                        () -> new CsvParser<>(
                                format, new CsvRows<JsonNode>(format, JsonNode.class), Parsers.capturingNothing()))
                .map(JsonNode::toString);
    }
}
