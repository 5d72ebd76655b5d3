package dev.headrace.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.error.FailureKind;
import dev.headrace.http.Headers;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.json.Codec;
import dev.headrace.json.DecodingException;
import dev.headrace.json.JsonSchema;
import dev.headrace.json.SchemaViolation;
import dev.headrace.json.SchemaViolationException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** Row L60: items held against a schema. */
class ValidatedTest {

    private static final JsonSchema SCHEMA = JsonSchema.of(
            "{\"required\":[\"number\"],\"properties\":{\"number\":{\"type\":\"integer\"},\"password\":{\"maxLength\":3}}}");

    record Issue(long number) {}

    static Stream<Decoder<Issue>> decoders() {
        return Stream.of(
                Decoder.items("", Codec.of(Issue.class)),
                Decoder.items("", Codec.of(Issue.class)).eager(),
                Decoder.ndjson(Codec.of(Issue.class)));
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void leavesOutWhatDoesNotFit(Decoder<Issue> decoder) {
        Decoder<Issue> validated = decoder.validated(SCHEMA, OnInvalid.DROP);

        for (int bad = 0; bad < 8; bad++) {
            String[] items = {"{\"number\":1}", "{\"number\":2}", "{\"number\":3}"};
            for (int i = 0; i < items.length; i++) {
                if ((bad >> i & 1) == 1) {
                    items[i] = "{\"title\":\"x\"}";
                }
            }
            assertThat(validated
                            .decode(response(body(decoder, items)))
                            .collectList()
                            .block())
                    .as("%s", (Object) items)
                    .isEqualTo(Stream.of(items)
                            .filter(item -> item.contains("number"))
                            .map(item -> new Issue(item.charAt(10) - '0'))
                            .toList());
        }
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void answersDemandOfOneWithOneThatFits(Decoder<Issue> decoder) {
        String body = body(decoder, "{}", "{}", "{\"number\":1}", "{}", "{\"number\":2}", "{}");

        StepVerifier.create(decoder.validated(SCHEMA, OnInvalid.DROP).decode(response(body)), 1)
                .expectNext(new Issue(1))
                .thenRequest(1)
                .expectNext(new Issue(2))
                .thenRequest(1)
                .verifyComplete();
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void failsAtTheFirstThatDoesNotFit(Decoder<Issue> decoder) {
        Flux<Issue> items = decoder.validated(SCHEMA, OnInvalid.FAIL)
                .decode(response(body(decoder, "{\"number\":1}", "{\"number\":2,\"password\":\"hunter2\"}")));

        StepVerifier.create(items)
                .expectNext(new Issue(1))
                .verifyErrorSatisfies(
                        error -> assertThat(error)
                                .isInstanceOfSatisfying(SchemaViolationException.class, failure -> {
                                    assertThat(failure.kind()).isEqualTo(FailureKind.UNTRUSTED_DATA);
                                    assertThat(failure.violations())
                                            .extracting(SchemaViolation::pointer)
                                            .containsExactly("/password");
                                })
                                .hasMessage(
                                        "GET https://h/x: item 1 does not fit its schema: '/password' does not satisfy 'maxLength: 3'"));
    }

    @Test
    void warnsOnceForEachKindAndEmitsAllTheSame() {
        Decoder<Issue> decoder = Decoder.items("", Codec.of(Issue.class)).validated(SCHEMA, OnInvalid.WARN);
        String body = "[" + "{\"number\":1,\"password\":\"hunter2\"},".repeat(50) + "{\"number\":1.5}]";

        String log = logged(() -> {
            for (int reading = 0; reading < 3; reading++) {
                assertThat(decoder.decode(response(body)).count().block()).isEqualTo(51);
            }
        });

        assertThat(log.lines().filter(line -> line.contains("does not fit")))
                .hasSize(2)
                .allMatch(line -> line.contains("WARN") && line.contains("GET https://h/x"));
        assertThat(log).contains("maxLength").contains("type").doesNotContain("hunter");
    }

    @ParameterizedTest
    @CsvSource({"WARN", "DROP", "FAIL"})
    void makesNothingOfMalformedJsonButTheUsualFailure(OnInvalid onInvalid) {
        StepVerifier.create(Decoder.ndjson(Codec.of(Issue.class))
                        .validated(SCHEMA, onInvalid)
                        .decode(response("{\"number\":1}\n{\"number\":\n")))
                .expectNext(new Issue(1))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(
                                DecodingException.class,
                                e -> assertThat(e.item()).isEqualTo(1)));
    }

    @Test
    void holdsItemsAgainstSeveralSchemas() {
        JsonSchema small = JsonSchema.of("{\"properties\":{\"number\":{\"maximum\":1}}}");

        StepVerifier.create(Decoder.ndjson(Codec.of(Issue.class))
                        .validated(SCHEMA, OnInvalid.DROP)
                        .validated(small, OnInvalid.FAIL)
                        .decode(response("{}\n{\"number\":1}\n{\"number\":2}\n")))
                .expectNext(new Issue(1))
                .verifyError(SchemaViolationException.class);
    }

    @Test
    void refusesItemsThatAreNoJson() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Decoder.pulling(() -> bytes -> null).validated(SCHEMA, OnInvalid.FAIL));
    }

    @Test
    void worksForSingleValuesToo() {
        byte[] bad = "{\"number\":\"hunter2\"}".getBytes(StandardCharsets.UTF_8);
        byte[] good = "{\"number\":1}".getBytes(StandardCharsets.UTF_8);
        Codec<Issue> codec = Codec.of(Issue.class).validated(SCHEMA);

        assertThat(codec.decode(good, 0, good.length)).isEqualTo(new Issue(1));
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> codec.decode(bad, 0, bad.length))
                .isInstanceOf(SchemaViolationException.class)
                .hasMessageNotContaining("hunter");
    }

    private static String body(Decoder<?> decoder, String... items) {
        boolean lines = decoder.accept().orElseThrow().contains("ndjson");
        return lines ? String.join("\n", items) : List.of(items).toString();
    }

    private static Response response(String body) {
        return Response.of(Request.get("https://h/x"), 200, Headers.none(), body.getBytes(StandardCharsets.UTF_8));
    }

    private static String logged(Runnable action) {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            action.run();
        } finally {
            System.setErr(before);
        }
        return log.toString(StandardCharsets.UTF_8);
    }
}
