package dev.headrace.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.json.Codec;
import dev.headrace.json.Pointer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** What a pagination needs is found on the way, before or after the items, and the page is never held for it. */
class CapturesTest {

    private static final String PAGE = """
            {"meta":{"a\\u0062":[1,{"x":null}],"count" : 12345678901234567890.10 , "skip":[{"next":"no"}]},
             "data":{"items":[{"id":1,"next":"no"},{"id":2,"meta":{"ab":0}}],"cursor":"ä\\"=","more":true,"cursor":"later"},
             "list":["a",{"deep":[[],["found"]]},"c"],"empty":{},"none":null}""";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/meta/ab | [1,{\"x\":null}]",
                "/meta/count | 12345678901234567890.10",
                "/meta/skip/0/next | \"no\"",
                "/data/cursor | \"ä\\\"=\"",
                "/data/more | true",
                "/list/0 | \"a\"",
                "/list/1/deep/1/0 | \"found\"",
                "/empty | {}",
                "/none | null"
            })
    void keepsAValueAsItCameHoweverThePageIsCut(String pointer, String json) {
        for (Cut cut : Cut.all(PAGE)) {
            Captured captured = Captured.from(Captures.none().value(pointer));

            assertThat(read(cut.bytes(), "/data/items", captured))
                    .as(cut.name())
                    .hasSize(2);
            assertThat(captured.values()).as(cut.name()).containsExactly(Map.entry(Pointer.of(pointer), json));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/next",
                "/meta/x",
                "/data/next",
                "/list/3",
                "/list/01",
                "/meta/count/x",
                "/data/cursor/0",
                "/none/x"
            })
    void keepsNothingOfWhatIsNotThere(String pointer) {
        for (Cut cut : Cut.all(PAGE)) {
            Captured captured = Captured.from(Captures.none().value(pointer));

            read(cut.bytes(), "/data/items", captured);

            assertThat(captured.values()).as(cut.name()).isEmpty();
        }
    }

    @Test
    void keepsSeveralValuesAtOnce() {
        Captured captured = Captured.from(Captures.none()
                .value("/meta/count")
                .value("/data/more")
                .value("/meta/ab")
                .value("/meta/ab/0")
                .withLastItem());

        read(Cut.whole(PAGE).bytes(), "/data/items", captured);

        assertThat(captured.values().keySet())
                .containsExactlyInAnyOrder(
                        Pointer.of("/meta/count"),
                        Pointer.of("/data/more"),
                        Pointer.of("/meta/ab"),
                        Pointer.of("/meta/ab/0"));
        assertThat(captured.lastItem()).hasValue("{\"id\":2,\"meta\":{\"ab\":0}}");
        assertThat(captured.items()).isEqualTo(2);
    }

    @Test
    void findsValuesWithinTheOneItemThatADocumentIs() {
        Captured captured =
                Captured.from(Captures.none().value("/data/more").value("/none").value("/x"));

        assertThat(read(Cut.whole(PAGE).bytes(), "", captured)).hasSize(1);

        assertThat(captured.values())
                .containsOnly(Map.entry(Pointer.of("/data/more"), "true"), Map.entry(Pointer.of("/none"), "null"));
    }

    @Test
    void takesAnElementForNoPlaceOfItsArray() {
        Captured captured = Captured.from(Captures.none().value("/data/next"));

        read(Cut.whole("{\"data\":[{\"next\":\"x\"}]}").bytes(), "/data", captured);

        assertThat(captured.values()).isEmpty();
    }

    @Test
    void keepsAValueOfTheOneItemDigitForDigit() {
        Captured captured = Captured.from(Captures.none().value("/n").value("/n/0"));

        read(Cut.whole("{\"n\":[1E400,-0.0]}").bytes(), "", captured);

        assertThat(captured.values().values()).containsExactlyInAnyOrder("[1E400,-0.0]", "1E400");
    }

    @Test
    void refusesToHoldThePage() {
        Decoder<String> items = Decoder.items("/data/items", Codec.text());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> items.check(Captures.none().value("/data")))
                .withMessageContaining("'/data' holds the items");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> items.check(Captures.none().value("/data/items")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> items.check(Captures.none().value("")));
        items.check(Captures.none().value("/data/other").withLastItem());
    }

    @Test
    void refusesWhatOtherFormatsDoNotHave() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Decoder.ndjson(Codec.text()).check(Captures.none().value("/next")))
                .withMessageContaining("NDJSON");
        Decoder.ndjson(Codec.text()).check(Captures.none().withLastItem());
        Decoder<String> own = response -> Flux.empty();
        own.check(Captures.none());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> own.check(Captures.none().withLastItem()))
                .withMessageContaining("captures nothing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> own.eager().check(Captures.none().value("/next")));
    }

    // L59: a missing place is an error, unless it is optional.
    @Test
    void takesAMissingPlaceForNoItemsWhereThatIsSaid() {
        for (String page : List.of(
                "{\"next\":\"c\"}",
                "{\"data\":null,\"next\":\"c\"}",
                "{\"data\":{},\"next\":\"c\"}",
                "{\"data\":3,\"next\":\"c\"}",
                "{\"data\":[{}],\"next\":\"c\"}")) {
            for (Cut cut : Cut.all(page)) {
                Captured captured = Captured.from(Captures.none().value("/next"));
                RecordLayout layout = new JsonLayout(Pointer.of("/data/items"), true, 1_000);

                assertThat(read(cut.bytes(), layout, captured)).as(cut.name()).isEmpty();
                assertThat(captured.values()).containsValue("\"c\"");
                assertThat(Outcome.of(JsonItemsTest.items("/data/items", cut)).failure())
                        .isNotNull();
            }
        }
    }

    @Test
    void tellsTheEndOfADocumentBeforeItsFirstItemIsRead() {
        List<String> told = new ArrayList<>();
        Captured captured = Captured.from(Captures.none().value("/next"));
        captured.whenComplete(() -> told.add("complete with " + captured.items() + " items, "
                + captured.values().values()));

        StepVerifier.create(
                        parse(
                                Flux.just(Utf8.buffer("{\"items\":[1,2,3],\"next\":\"c\"} ")),
                                new JsonLayout(Pointer.of("/items"), false, 100),
                                captured),
                        0)
                .thenRequest(1)
                .expectNext("1")
                .then(() -> assertThat(told).containsExactly("complete with 3 items, [\"c\"]"))
                .thenRequest(10)
                .expectNext("2", "3")
                .verifyComplete();
        assertThat(told).hasSize(1);
    }

    @Test
    void neverTellsTheEndOfADocumentThatIsWrong() {
        List<String> told = new ArrayList<>();
        for (String page : List.of(
                "{\"items\":[1,2,3]}x", "{\"items\":[1,2,3],}", "{\"items\":[1,2,3]", "{\"items\":[1,2,3]} {}")) {
            Captured captured = Captured.from(Captures.none());
            captured.whenComplete(() -> told.add(page));

            Outcome outcome = Outcome.of(
                    parse(Flux.just(Utf8.buffer(page)), new JsonLayout(Pointer.of("/items"), false, 100), captured));

            assertThat(outcome.items()).containsExactly("1", "2", "3");
            assertThat(outcome.failure()).as(page).isNotNull();
        }
        assertThat(told).isEmpty();
    }

    @Test
    void hashesTheSameItemsAlikeAndOthersNot() {
        long hash = fingerprint("[{\"a\":1},{\"a\":2}]");

        assertThat(fingerprint(" [ {\"a\":1} , {\"a\":2} ] ")).isEqualTo(hash);
        assertThat(fingerprint("[{\"a\":2},{\"a\":1}]")).isNotEqualTo(hash);
        assertThat(fingerprint("[{\"a\":1}]")).isNotEqualTo(hash);
        assertThat(fingerprint("[[1],[2]]")).isNotEqualTo(fingerprint("[[1,2]]"));
        assertThat(fingerprint("[\"aaaaaaaaaaaaaaaa\",\"\"]")).isNotEqualTo(fingerprint("[\"aaaaaaaa\",\"aaaaaaaa\"]"));
        assertThat(fingerprint("[]")).isZero();
    }

    @Test
    void passesOverTheItemsThatWereReadBefore() {
        String page = "[{\"n\":1},{\"n\":2},{\"n\":3}]";
        for (int taken = 0; taken <= 3; taken++) {
            Captured before = Captured.from(Captures.none());
            StepVerifier.create(parse(Cut.whole(page).bytes(), new JsonLayout(Pointer.ROOT, false, 100), before), taken)
                    .expectNextCount(taken)
                    .thenCancel()
                    .verify();
            assertThat(before.delivered().items()).isEqualTo(taken);

            for (Cut cut : Cut.all(page)) {
                Captured after = Captured.resuming(Captures.none().withLastItem(), before.delivered());
                assertThat(read(cut.bytes(), "", after)).as(cut.name()).hasSize(3 - taken);
                assertThat(after.items()).isEqualTo(3);
                assertThat(after.delivered().items()).isEqualTo(3);
                assertThat(after.lastItem()).hasValue("{\"n\":3}");
            }
        }
    }

    @Test
    void failsWhereTheItemsBeforeAreOthers() {
        Captured before = Captured.from(Captures.none());
        read(Cut.whole("[1,2]").bytes(), "", before);

        for (String page : List.of("[1,3,4]", "[1]", "[]", "[2,1,3]")) {
            for (Cut cut : Cut.all(page)) {
                Captured after = Captured.resuming(Captures.none(), before.delivered());
                Outcome outcome = Outcome.of(parse(cut.bytes(), new JsonLayout(Pointer.ROOT, false, 100), after));

                assertThat(outcome.items()).as(page + " " + cut.name()).isEmpty();
                assertThat(outcome.failure())
                        .isInstanceOf(ItemsChangedException.class)
                        .hasMessageContaining("The first 2 items");
            }
        }
    }

    @Test
    void knowsWhatWasDeliveredWhenAnItemIsBad() {
        Captured captured = Captured.from(Captures.none());
        Flux<Integer> numbers = Decoder.parse(
                Cut.whole("[1,2,\"x\",4]").bytes(),
                () -> new JsonLayout(Pointer.ROOT, false, 100)
                        .parser(new ItemReader<>(Codec.of(Integer.class)), captured));

        StepVerifier.create(numbers).expectNext(1, 2).verifyError();

        Captured two = Captured.from(Captures.none());
        read(Cut.whole("[1,2]").bytes(), "", two);
        assertThat(captured.delivered()).isEqualTo(two.delivered());
    }

    private static long fingerprint(String page) {
        Captured captured = Captured.from(Captures.none());
        read(Cut.whole(page).bytes(), "", captured);
        return captured.fingerprint();
    }

    private static List<String> read(Flux<ByteBuffer> bytes, String place, Captured captured) {
        return read(bytes, new JsonLayout(Pointer.of(place), false, 10_000), captured);
    }

    private static List<String> read(Flux<ByteBuffer> bytes, RecordLayout layout, Captured captured) {
        return Optional.ofNullable(parse(bytes, layout, captured).collectList().block())
                .orElseThrow();
    }

    private static Flux<String> parse(Flux<ByteBuffer> bytes, RecordLayout layout, Captured captured) {
        return Decoder.parse(bytes, () -> layout.parser(new ItemReader<>(Codec.text()), captured));
    }
}
