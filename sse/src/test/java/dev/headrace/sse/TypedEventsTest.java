package dev.headrace.sse;

import static dev.headrace.sse.PlayedServer.events;
import static dev.headrace.sse.PlayedServer.silentAfter;
import static dev.headrace.sse.PlayedServer.status;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.decode.Decoder;
import dev.headrace.error.FailureKind;
import dev.headrace.http.Request;
import dev.headrace.json.Codec;
import dev.headrace.json.TypeRef;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** Data read as JSON straight from the bytes: one by one or many by one parser, the same values and the same failures (L46). */
class TypedEventsTest {

    record Tick(int n, String text) {}

    @Test
    void readsTheDataOfEachEvent() {
        PlayedServer server = new PlayedServer(events(ticks(1, 100)), status(204));

        StepVerifier.withVirtualTime(() -> server.stream().events(Tick.class))
                .thenAwait(ofMinutes(1))
                .expectNextSequence(IntStream.rangeClosed(1, 100)
                        .mapToObj(TypedEventsTest::tick)
                        .toList())
                .verifyComplete();
    }

    @Test
    void readsTypesWithArguments() {
        PlayedServer server = new PlayedServer(silentAfter("data: {\"a\":1}\n\n"));

        StepVerifier.create(server.stream().events(new TypeRef<Map<String, Integer>>() {}))
                .expectNext(Map.of("a", 1))
                .thenCancel()
                .verify();
    }

    @Test
    void givesTheSameInOneBatchAndEventByEventHoweverTheBytesAreCut() {
        byte[] bytes = ("\ufeff: c\n\nid: 1\r\n" + ticks(1, 40).replace("\n\n", "\r\nevent: e\r\n\r\n") + ticks(41, 60)
                        + "data: {\"n\":61,\ndata: \"text\":\ndata: \"\u00e9\"}\n\ndata: {\"n\":62")
                .getBytes(StandardCharsets.UTF_8);
        List<Tick> expected = new ArrayList<>(
                IntStream.rangeClosed(1, 60).mapToObj(TypedEventsTest::tick).toList());
        expected.add(new Tick(61, "\u00e9"));

        for (int seed = 0; seed < 300; seed++) {
            List<ByteBuffer> chunks = cut(bytes, seed);
            int demand = 1 + seed % 50;
            List<Tick> values = Objects.requireNonNull(parsed(chunks, Codec.of(Tick.class))
                    .limitRate(demand)
                    .collectList()
                    .block());
            assertThat(values).isEqualTo(expected);
        }
    }

    private static List<ByteBuffer> cut(byte[] bytes, int seed) {
        Random random = new Random(seed);
        int longest = seed % 3 == 0 ? 8 : 500;
        List<ByteBuffer> chunks = new ArrayList<>();
        for (int from = 0; from < bytes.length; ) {
            int length = Math.min(bytes.length - from, random.nextInt(longest + 1));
            chunks.add(ByteBuffer.wrap(bytes, from, length));
            from += length;
        }
        return chunks;
    }

    private static <T> Flux<T> parsed(List<ByteBuffer> chunks, Codec<T> codec) {
        return Decoder.parse(Flux.fromIterable(chunks), () -> {
            EventFinder finder = new EventFinder(new ResumePoint(""), EventLimits.defaults(), false, null, null);
            return new EventBatchParser<>(finder, new ValueShape<>(codec), Objects.requireNonNull(codec.batch()));
        });
    }

    @Test
    void keepsOneCopyOfALongIdForAllEventsThatHaveIt() {
        // A copy for each would be more than an array can hold.
        String longId = "i".repeat(7 * 1024 * 1024);
        byte[] bytes = ("id: " + longId + "\n" + "data: {\"n\":1,\"text\":\"t\"}\n\n".repeat(500)
                        + "id: short\ndata: {\"n\":2,\"text\":\"t\"}\n\ndata: broken\n\n")
                .getBytes(StandardCharsets.UTF_8);
        StepVerifier.create(parsed(List.of(ByteBuffer.wrap(bytes)), Codec.of(Tick.class)))
                .expectNextCount(501)
                .verifyErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOfSatisfying(
                                EventDataException.class,
                                odd -> assertThat(odd.id()).isEqualTo("short")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"n\":", "", "[1]", "{\"n\":4}}", "{\"n\":\"x\"}", "nonsense", "{\"n\":1} {\"n\":2}"})
    void failsAtTheEventThatCannotBeReadBehindThoseBeforeIt(String data) {
        PlayedServer server = new PlayedServer(
                silentAfter(ticks(1, 3) + "id: bad\nevent: odd\ndata: " + data + "\n\n" + ticks(5, 9)));

        StepVerifier.create(server.stream().events(Tick.class))
                .expectNext(tick(1), tick(2), tick(3))
                .verifyErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOfSatisfying(EventDataException.class, odd -> {
                            assertThat(odd.id()).isEqualTo("bad");
                            assertThat(odd.event()).isEqualTo("odd");
                            assertThat(odd.kind()).isEqualTo(FailureKind.UNTRUSTED_DATA);
                        }));
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void saysWhatIsWrongWithTheStreamBehindTheEventsBefore() {
        PlayedServer server = new PlayedServer(events(ticks(1, 3) + "data: " + "x".repeat(1000) + "\n\n"));

        StepVerifier.create(server.stream()
                        .limits(EventLimits.defaults().event(100))
                        .events(Tick.class))
                .expectNext(tick(1), tick(2), tick(3))
                .verifyError(EventTooLargeException.class);
    }

    @Test
    void keepsTheTextOfWhatCannotBeReadAndGoesOn() {
        PlayedServer server = new PlayedServer(silentAfter(
                ticks(1, 1) + "id: 7\ndata: {broken\n\nid: 8\nevent: e\ndata: {\"n\":2,\"text\":\"t2\"}\n\n"));

        StepVerifier.create(server.stream().decoded(Tick.class).take(3))
                .assertNext(first -> assertThat(first.value()).contains(tick(1)))
                .assertNext(odd -> {
                    assertThat(odd.value()).isEmpty();
                    assertThat(odd.failure()).isPresent();
                    assertThat(odd.event()).isEqualTo(new SseEvent("7", "message", "{broken"));
                })
                .assertNext(next -> {
                    assertThat(next.value()).contains(tick(2));
                    assertThat(next.failure()).isEmpty();
                    assertThat(next.event().event()).isEqualTo("e");
                })
                .verifyComplete();
    }

    @Test
    void takesALastEventThatIsNoJsonForAMark() {
        PlayedServer server = new PlayedServer(silentAfter(ticks(1, 2) + "data: [DONE]\n\n"));

        StepVerifier.create(server.stream(Request.post("/answers").json("why?"))
                        .completeWhen(SseEvent.dataEquals("[DONE]"))
                        .requireCompletion()
                        .events(Tick.class))
                .expectNext(tick(1), tick(2))
                .verifyComplete();
    }

    @Test
    void emitsALastEventThatIsAValue() {
        PlayedServer server =
                new PlayedServer(silentAfter(ticks(1, 1) + "event: done\ndata: {\"n\":2,\"text\":\"t2\"}\n\n"));

        StepVerifier.create(server.stream().completeWhen(SseEvent.named("done")).events(Tick.class))
                .expectNext(tick(1), tick(2))
                .verifyComplete();
    }

    @Test
    void emitsALastEventThatIsNoJsonIfItsCodecReadsIt() {
        PlayedServer server = new PlayedServer(silentAfter("event: end\ndata: bye\n\n"));
        Codec<String> text = (bytes, from, to) -> new String(bytes, from, to - from, StandardCharsets.UTF_8);

        StepVerifier.create(server.stream().completeWhen(SseEvent.named("end")).events(text))
                .expectNext("bye")
                .verifyComplete();
    }

    @Test
    void failsAtALastEventThatIsJsonOfAnotherType() {
        PlayedServer server = new PlayedServer(silentAfter("event: done\ndata: [1]\n\n"));

        StepVerifier.create(server.stream().completeWhen(SseEvent.named("done")).events(Tick.class))
                .verifyError(EventDataException.class);
    }

    @Test
    void readsNoEventBeforeItIsAskedFor() {
        AtomicInteger read = new AtomicInteger();
        Codec<Integer> counting = (bytes, from, to) -> read.incrementAndGet();
        PlayedServer server = new PlayedServer(silentAfter(ticks(1, 50)));

        StepVerifier.create(server.stream().events(counting), 3)
                .expectNext(1, 2, 3)
                .then(() -> assertThat(read).hasValue(3))
                .thenRequest(2)
                .expectNext(4, 5)
                .then(() -> assertThat(read).hasValue(5))
                .thenCancel()
                .verify();
    }

    @Test
    void failsWithTheCodec() {
        PlayedServer server = new PlayedServer(silentAfter("id: 3\ndata: a\n\n"));

        StepVerifier.create(server.stream().events((bytes, from, to) -> {
                    throw new IllegalStateException("For input string: secret");
                }))
                .verifyErrorMatches(failure -> failure instanceof EventDataException odd
                        && odd.id().equals("3")
                        && String.valueOf(odd.getMessage()).contains("IllegalStateException")
                        && !String.valueOf(odd.getMessage()).contains("secret"));
    }

    private static String ticks(int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(i -> "id: " + i + "\ndata: {\"n\":" + i + ",\"text\":\"t" + i + "\"}\n\n")
                .collect(Collectors.joining());
    }

    private static Tick tick(int n) {
        return new Tick(n, "t" + n);
    }
}
