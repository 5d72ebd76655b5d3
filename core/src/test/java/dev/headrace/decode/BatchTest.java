package dev.headrace.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonIdentityInfo;
import com.fasterxml.jackson.annotation.ObjectIdGenerators;
import dev.headrace.json.Codec;
import dev.headrace.json.DecodingException;
import dev.headrace.json.Pointer;
import dev.headrace.json.TypeRef;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import tools.jackson.databind.JsonNode;

/** Items that lie behind one another are read by one parser, and nobody can tell but by the clock. */
class BatchTest {

    record Item(int n, @Nullable String s) {}

    private static final String PAGE = "[{\"n\":1},{\"n\":2,\"s\":\"a,b\"} ,\n {\"n\":3},{\"n\":4}]";

    @Test
    void readsTheSameHoweverTheBytesAreCut() {
        for (Cut cut : Cut.all(PAGE)) {
            assertThat(items(cut, Codec.of(Item.class)).collectList().block())
                    .as(cut.name())
                    .containsExactly(new Item(1, null), new Item(2, "a,b"), new Item(3, null), new Item(4, null));
        }
    }

    @Test
    void readsScalarsTreesAndMapsWithEveryDigit() {
        String page = "[1,-2.50,12345678901234567890123,1e2]";
        for (Cut cut : Cut.all(page)) {
            assertThat(items(cut, Codec.tree())
                            .map(JsonNode::decimalValue)
                            .collectList()
                            .block())
                    .containsExactly(
                            new BigDecimal("1"),
                            new BigDecimal("-2.50"),
                            new BigDecimal("12345678901234567890123"),
                            new BigDecimal("1e2"));
        }
        // L59: into a Map, with exact numbers.
        assertThat(items(Cut.whole("[{\"x\":0.10},{\"x\":0.30}]"), Codec.of(new TypeRef<Map<String, Object>>() {}))
                        .collectList()
                        .block())
                .containsExactly(Map.of("x", new BigDecimal("0.10")), Map.of("x", new BigDecimal("0.30")));
    }

    @Test
    void saysWhichItemIsBadAndWhereAfterTheItemsBefore() {
        String page = "[{\"n\":1},{\"n\":2},{\"n\":\"x\"},{\"n\":4}]";
        for (Cut cut : Cut.all(page)) {
            Outcome outcome = Outcome.of(items(cut, Codec.of(Item.class)).map(Item::toString));

            assertThat(outcome.items()).as(cut.name()).hasSize(2);
            assertThat(outcome.failure()).isInstanceOfSatisfying(DecodingException.class, failure -> {
                assertThat(failure.item()).isEqualTo(2);
                assertThat(failure.position()).isBetween(17L, 25L);
                assertThat(failure).hasMessageContaining("cannot read '/n' of Item as int");
            });
        }
    }

    @Test
    void saysAfterTheItemsWhatIsWrongBehindThem() {
        Outcome outcome = Outcome.of(
                items(Cut.whole("[{\"n\":1},{\"n\":2},}"), Codec.of(Item.class)).map(Item::toString));

        assertThat(outcome.items()).hasSize(2);
        assertThat(outcome.failure()).hasMessage("Item 2, byte 17: expected a value but found '}'");
    }

    @Test
    void refusesTwoValuesOnALineOfSeveral() {
        String lines = "1\n2 3\n4\n";
        for (Cut cut : Cut.all(lines)) {
            Outcome outcome = Outcome.of(Decoder.parse(cut.bytes(), () -> Parsers.lines(Codec.of(Integer.class), 100))
                    .map(String::valueOf));

            assertThat(outcome.items()).containsExactly("1");
            assertThat(outcome.failure())
                    .isInstanceOfSatisfying(
                            DecodingException.class,
                            failure -> assertThat(failure.item()).isEqualTo(1));
        }
    }

    @JsonIdentityInfo(generator = ObjectIdGenerators.PropertyGenerator.class, property = "id")
    static final class Person {
        public int id;
        public String name = "";
        public @Nullable Person friend;
    }

    @Test
    void takesAnIdForThatOfItsOwnItem() {
        String page = "[{\"id\":1,\"name\":\"a\"},{\"id\":2,\"friend\":{\"id\":1,\"name\":\"b\",\"friend\":2}}]";

        List<Person> people = items(Cut.whole(page), Codec.of(Person.class))
                .collectList()
                .blockOptional()
                .orElseThrow();

        Person friend = people.get(1).friend;
        assertThat(friend).isNotNull().extracting(person -> person.name).isEqualTo("b");
        assertThat(people.get(1)).isSameAs(friend == null ? null : friend.friend);
        // And none of another item.
        Outcome outcome = Outcome.of(items(Cut.whole("[{\"id\":1},{\"id\":2,\"friend\":1}]"), Codec.of(Person.class))
                .map(person -> String.valueOf(person.id)));
        assertThat(outcome.items()).containsExactly("1");
        assertThat(outcome.failure()).isInstanceOf(DecodingException.class);
    }

    @Test
    void readsNoItemBeforeItIsAskedFor() {
        List<Integer> read = new ArrayList<>();
        Codec<Integer> counting = new Counting(read);

        StepVerifier.create(items(Cut.whole("[1,2,3,4]"), counting), 0)
                .thenRequest(2)
                .expectNext(1, 2)
                .then(() -> assertThat(read).containsExactly(1, 2))
                .thenCancel()
                .verify();
    }

    @Test
    void readsEachItemByItselfOnceABatchHasFailed() {
        List<Integer> read = new ArrayList<>();
        Counting failing = new Counting(read);
        failing.failsAt = 2;

        assertThat(items(Cut.whole("[1,2,3,4]"), failing).collectList().block()).containsExactly(1, 2, 3, 4);
        assertThat(failing.decoded).containsExactly(2, 3, 4);
    }

    @Test
    void goesOnWhenBytesComeInTheMiddleOfABatch() {
        TestPublisher<java.nio.ByteBuffer> live =
                TestPublisher.createNoncompliant(TestPublisher.Violation.REQUEST_OVERFLOW);
        Flux<Item> items = Decoder.parse(live, () -> Parsers.items(Pointer.ROOT, Codec.of(Item.class), 100_000));

        StepVerifier.create(items, 0)
                .thenRequest(1)
                .then(() -> live.next(Utf8.buffer("[{\"n\":1},{\"n\":2},{\"n\":3}")))
                .expectNext(new Item(1, null))
                // More than the array has room for, so what is left of the batch moves to another one.
                .then(() -> live.next(Utf8.buffer(",{\"n\":4,\"s\":\"" + "x".repeat(70_000) + "\"}]")))
                .thenRequest(2)
                .expectNext(new Item(2, null), new Item(3, null))
                .thenRequest(1)
                .expectNext(new Item(4, "x".repeat(70_000)))
                .thenRequest(1)
                .then(live::complete)
                .verifyComplete();
    }

    private static <T> Flux<T> items(Cut cut, Codec<T> codec) {
        return Decoder.parse(cut.bytes(), () -> Parsers.items(Pointer.ROOT, codec, 10_000));
    }

    /** Reads small numbers, in batches as well. */
    private static final class Counting implements Codec<Integer> {

        private final List<Integer> read;
        private final List<Integer> decoded = new ArrayList<>();
        private int failsAt = -1;

        Counting(List<Integer> read) {
            this.read = read;
        }

        @Override
        public Integer decode(byte[] bytes, int from, int to) {
            int value = Integer.parseInt(new String(bytes, from, to - from, StandardCharsets.UTF_8));
            decoded.add(value);
            return value;
        }

        @Override
        public Batch<Integer> batch() {
            return new Batch<>() {
                private byte[] bytes = {};
                private int at;

                @Override
                public void begin(byte[] bytes, int from, int to) {
                    this.bytes = bytes;
                    this.at = from;
                }

                @Override
                public Integer next() {
                    while (bytes[at] == ' ') {
                        at++;
                    }
                    int value = bytes[at] - '0';
                    at++;
                    if (value == failsAt) {
                        throw new IllegalStateException("not this one");
                    }
                    read.add(value);
                    return value;
                }

                @Override
                public int position() {
                    return at;
                }

                @Override
                public void end() {}
            };
        }
    }
}
