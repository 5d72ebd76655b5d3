package dev.headrace.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.json.Codec;
import dev.headrace.json.DecodingException;
import dev.headrace.json.JsonSchema;
import dev.headrace.json.Pointer;
import dev.headrace.json.PointerSet;
import dev.headrace.json.SchemaViolationException;
import dev.headrace.test.RawServer;
import dev.headrace.test.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** Values and fingerprints of items, whatever the items are read as. */
class ExtractingTest {

    record Issue(int number) {}

    private static final Duration SOON = Duration.ofSeconds(30);

    private static final List<Pointer> PLACES = List.of(Pointer.of("/at"), Pointer.of("/number"));

    private static final String[] ITEMS = {
        "{\"number\":1,\"at\":1.50}", "{\"number\" : 2, \"at\":null}", "{\"x\":{\"at\":0},\"number\":3}"
    };

    static Stream<Decoder<Issue>> decoders() {
        Codec<Issue> codec = Codec.of(Issue.class);
        Codec<Issue> withoutBatch = (bytes, from, to) -> codec.decode(bytes, from, to);
        return Stream.of(
                Decoder.items("/data", codec),
                Decoder.items("/data", withoutBatch),
                Decoder.items("/data", codec).eager(),
                Decoder.ndjson(codec),
                Decoder.jsonSequence(codec),
                Decoder.items("/data", codec).validated(JsonSchema.of("true"), OnInvalid.FAIL));
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void hasTheTextsOfEachItemAsTheyAreWritten(Decoder<Issue> decoder) {
        List<Extracted<Issue>> items = items(decoder.extracting(PLACES).decode(Responses.of(body(decoder, ITEMS))));

        assertThat(items).extracting(Extracted::value).containsExactly(new Issue(1), new Issue(2), new Issue(3));
        assertThat(items.get(0).texts()).containsExactly("1.50", "1");
        assertThat(items.get(1).texts()).containsExactly("null", "2");
        assertThat(items.get(2).texts()).containsExactly(null, "3");
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void tellsItemsApartByTheirBytes(Decoder<Issue> decoder) {
        List<Extracted<Issue>> items = items(decoder.extracting(List.of())
                .decode(Responses.of(
                        body(decoder, ITEMS[0], ITEMS[1], ITEMS[0], "{\"number\":1,\"at\":1.50,\"more\":1}"))));

        assertThat(items.get(2)).isEqualTo(items.get(0));
        assertThat(items.get(0).texts()).isEmpty();
        assertThat(items).extracting(Extracted::fingerprint).doesNotContain(0L);
        assertThat(items.stream().map(Extracted::fingerprint).distinct()).hasSize(3);
    }

    @Test
    void isTheSameHoweverTheBytesAreCut() {
        String page = "[" + ITEMS[0] + " ,\n " + ITEMS[1] + "," + ITEMS[2] + ", 7, \"x\" ,null,[1] ]";
        Codec<JsonNode> codec = Codec.tree();
        List<Extracted<JsonNode>> whole =
                items(Decoder.items("", codec).extracting(PLACES).decode(Responses.of(page)));
        assertThat(whole).hasSize(7);

        for (Cut cut : Cut.all(page)) {
            assertThat(items(Decoder.parse(
                            cut.bytes(),
                            () -> Parsers.items(
                                    Pointer.ROOT, new ExtractingCodec<>(codec, PointerSet.of(PLACES)), 10_000))))
                    .as(cut.name())
                    .isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"number\":}",
                "{\"number\":\"x\",\"at\":1}",
                "{\"number\":2,\"at\":tru}",
                "{\"number\":2 \"at\":1}",
                "null",
                "{\"at\":\"\u0001\"}"
            })
    void failsAsWithoutIt(String bad) {
        for (Decoder<Issue> decoder : decoders().toList()) {
            byte[] body = body(decoder, "{\"number\":1}", bad, "{\"number\":3}");
            Outcome without = Outcome.of(decoder.decode(Responses.of(body)).map(Issue::toString));
            Outcome with = Outcome.of(decoder.extracting(PLACES)
                    .decode(Responses.of(body))
                    .map(item -> item.value().toString()));

            assertThat(with.items()).as(decoder + " " + bad).isEqualTo(without.items());
            assertThat(with.failure())
                    .isInstanceOf(DecodingException.class)
                    .hasMessage(
                            without.failure() == null ? "" : without.failure().getMessage());
        }
    }

    @Test
    void leavesOutWhatDoesNotFitTheSchemaWhicheverIsSaidFirst() {
        JsonSchema schema = JsonSchema.of("{\"required\":[\"at\"]}");
        Decoder<Issue> decoder = Decoder.items("/data", Codec.of(Issue.class));

        for (Decoder<Extracted<Issue>> both : List.of(
                decoder.extracting(PLACES).validated(schema, OnInvalid.DROP),
                decoder.validated(schema, OnInvalid.DROP).extracting(PLACES))) {
            assertThat(items(both.decode(Responses.of(body(decoder, ITEMS)))))
                    .extracting(item -> item.value().number())
                    .containsExactly(1, 2);
        }
        StepVerifier.create(decoder.extracting(PLACES)
                        .validated(schema, OnInvalid.FAIL)
                        .decode(Responses.of(body(decoder, ITEMS))))
                .expectNextCount(2)
                .verifyError(SchemaViolationException.class);
    }

    @Test
    void looksIntoRowsAsTheyAreWritten() {
        Decoder<Extracted<JsonNode>> decoder =
                Decoder.csv(CsvFormat.rfc4180()).extracting(List.of(Pointer.of("/b"), Pointer.of("/c")));

        List<Extracted<JsonNode>> rows = items(decoder.decode(Responses.of("a,b\n1,2\n1,3\n1,2\n")));

        assertThat(rows.get(0).texts()).containsExactly("\"2\"", null);
        assertThat(rows.get(1).texts()).containsExactly("\"3\"", null);
        assertThat(rows.get(2)).isEqualTo(rows.get(0));
        assertThat(rows.get(1).fingerprint()).isNotEqualTo(rows.get(0).fingerprint());
    }

    @Test
    void looksIntoValuesOfADecoderOfOnesOwn() {
        Decoder<Issue> own = response -> Flux.just(new Issue(1), new Issue(2));

        List<Extracted<Issue>> items = items(own.extracting(PLACES).decode(Responses.of("")));

        assertThat(items).extracting(item -> item.texts().get(1)).containsExactly("1", "2");
        assertThat(items(own.extracting(List.of()).extracting(PLACES).decode(Responses.of(""))))
                .extracting(Extracted::texts)
                .isEqualTo(items.stream().map(Extracted::texts).toList());
    }

    record Broken(int number) {

        @Override
        public int number() {
            throw new IllegalStateException("broken");
        }
    }

    @Test
    void refusesValuesThatCannotBeWritten() {
        Decoder<Broken> own = response -> Flux.just(new Broken(1));

        StepVerifier.create(own.extracting(PLACES).decode(Responses.of("")))
                .verifyErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOfSatisfying(
                                HeadraceException.class,
                                known -> assertThat(known.kind()).isEqualTo(FailureKind.CONFIGURATION))
                        .hasMessageContaining("cannot be written as JSON"));
    }

    @Test
    void keepsAllElseOfADecoder() {
        for (Decoder<?> decoder : List.of(
                Decoder.items("/x", Codec.tree()),
                Decoder.items("/x", Codec.tree()).eager(),
                Decoder.lines(),
                Decoder.text())) {
            Decoder<?> extracting = decoder.extracting(PLACES);

            assertThat(extracting.accept()).isEqualTo(decoder.accept());
            assertThat(extracting.documentHead()).isEqualTo(decoder.documentHead());
            assertThat(extracting.eager().documentHead()).isZero();
            assertThat(extracting).hasToString(decoder.toString());
        }
        assertThat(items(Decoder.items("/none", Codec.tree())
                        .extracting(PLACES)
                        .optional()
                        .decode(Responses.of("{}"))))
                .isEmpty();
    }

    @Test
    void answersDemandOfOneWithOne() {
        Decoder<Issue> decoder = Decoder.items("/data", Codec.of(Issue.class));

        StepVerifier.create(decoder.extracting(PLACES).decode(Responses.of(body(decoder, ITEMS))), 1)
                .expectNextMatches(item -> item.value().number() == 1)
                .thenRequest(1)
                .expectNextMatches(item -> item.value().number() == 2)
                .thenRequest(1)
                .expectNextMatches(item -> item.value().number() == 3)
                .thenRequest(1)
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void belongsToAnEndpoint() {
        try (RawServer server = RawServer.replies(Reply.ok("{\"data\":[" + String.join(",", ITEMS) + "]}"))
                        .start();
                Connector connector = Connector.builder(server.url()).build()) {
            Endpoint<Extracted<Issue>> endpoint = Endpoint.get("/issues")
                    .items("/data", Issue.class)
                    .extracting(PLACES)
                    .responseSchema(JsonSchema.of("{\"required\":[\"at\"]}"), OnInvalid.DROP);

            assertThat(connector
                            .records(endpoint)
                            .map(item -> String.valueOf(item.texts().get(0)))
                            .collectList()
                            .block(SOON))
                    .containsExactly("1.50", "null");
        }
    }

    private static <T> List<T> items(Flux<T> items) {
        List<T> seen = new ArrayList<>();
        items.doOnNext(seen::add).blockLast(SOON);
        return Collections.unmodifiableList(seen);
    }

    private static byte[] body(Decoder<?> decoder, String... items) {
        String type = decoder.accept().orElseThrow();
        String body;
        if (type.contains("ndjson")) {
            body = String.join("\n", items);
        } else if (type.contains("seq")) {
            body = "\u001e" + String.join("\n\u001e", items) + "\n";
        } else {
            body = "{\"data\":" + List.of(items) + "}";
        }
        return body.getBytes(StandardCharsets.UTF_8);
    }
}
