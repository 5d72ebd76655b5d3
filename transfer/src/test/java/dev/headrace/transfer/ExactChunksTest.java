package dev.headrace.transfer;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.resilience.BandwidthLimit;
import dev.headrace.test.CountingAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class ExactChunksTest {

    private static final int ROUNDS = Boolean.getBoolean("headrace.soak") ? 1_000 : 40;

    private static final Duration PATIENCE = ofSeconds(20);

    private static Flux<ByteBuf> buffers(String... texts) {
        return Flux.fromArray(texts).map(text -> Unpooled.wrappedBuffer(text.getBytes(US_ASCII)));
    }

    private static Flux<String> chunksOf(int size, Flux<ByteBuf> bytes) {
        return ExactChunks.of(bytes, size, false, null).map(ExactChunksTest::text);
    }

    private static String text(ByteBuffer chunk) {
        return new String(Outlet.copy(chunk), US_ASCII);
    }

    @Test
    void cutsWhateverComesIntoChunksOfOneSize() { // L37
        assertThat(chunksOf(3, buffers("a", "bcdefgh", "", "ij", "kl"))
                        .collectList()
                        .block())
                .containsExactly("abc", "def", "ghi", "jkl");
    }

    @Test
    void onlyTheLastChunkIsShorterAndNoneIsEmpty() { // L37
        assertThat(chunksOf(4, buffers("abcdefghij")).collectList().block()).containsExactly("abcd", "efgh", "ij");
        assertThat(chunksOf(4, buffers("abcd")).collectList().block()).containsExactly("abcd");
        assertThat(chunksOf(4, buffers()).collectList().block()).isEmpty();
    }

    @Test
    void emitsWhatCameBeforeTheError() {
        Flux<ByteBuf> broken = buffers("abcdef").concatWith(Flux.error(new IllegalStateException("broken")));

        StepVerifier.create(chunksOf(4, broken), 1)
                .expectNext("abcd")
                .expectNoEvent(Duration.ofMillis(20))
                .thenRequest(1)
                .expectNext("ef")
                .verifyErrorMessage("broken");
    }

    @Test
    void forgetsWhatIsNotEmittedWhenToldTo() {
        Flux<ByteBuf> begunAnew = Flux.concat(buffers("abc"), Flux.just(ExactChunks.FORGET), buffers("123", "456"));

        assertThat(chunksOf(5, begunAnew).collectList().block()).containsExactly("12345", "6");
    }

    @Test
    void neverForgetsWhatWasEmitted() {
        Flux<ByteBuf> begunAnew = Flux.concat(buffers("abc"), Flux.just(ExactChunks.FORGET), buffers("123"));

        StepVerifier.create(chunksOf(2, begunAnew)).expectNext("ab").verifyError(IllegalStateException.class);
    }

    @Test
    void chunksAreReadOnlyAndOwnTheirMemory() {
        List<ByteBuffer> chunks = ExactChunks.of(buffers("abcdefgh", "ij"), 4, false, null)
                .collectList()
                .block();

        assertThat(chunks).isNotNull().allMatch(ByteBuffer::isReadOnly);
        assertThat(chunks.stream().map(ExactChunksTest::text)).containsExactly("abcd", "efgh", "ij");
        assertThat(chunks.get(2).capacity()).isEqualTo(2);
    }

    @Test
    void reusedChunksAreViewsOfOneArray() {
        List<String> seen = new ArrayList<>();
        List<ByteBuffer> chunks = ExactChunks.of(buffers("abcdefgh", "ij"), 4, true, null)
                .doOnNext(chunk -> seen.add(text(chunk)))
                .collectList()
                .block();

        assertThat(seen).containsExactly("abcd", "efgh", "ij");
        assertThat(chunks).isNotNull().allMatch(ByteBuffer::isReadOnly);
        assertThat(text(chunks.get(0))).isEqualTo("ijgh");
        assertThat(chunks.get(2).capacity()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        // as many as must be taken; one where less would do
        "1, 65536, 1",
        "3, 65536, 3",
        "1, 1048576, 16",
        "1, 1000, 1",
        "100, 1000, 1",
        "200, 1000, 3"
    })
    void asksForNoMoreBuffersThanTheChunksTake(long chunks, int size, long buffers) {
        List<Long> requests = new ArrayList<>();
        Flux<ByteBuf> silent = Flux.<ByteBuf>never().doOnRequest(requests::add);

        StepVerifier.create(ExactChunks.of(silent, size, false, null), 0)
                .expectSubscription()
                .then(() -> assertThat(requests).isEmpty())
                .thenRequest(chunks)
                .then(() -> assertThat(requests).containsExactly(buffers))
                .thenCancel()
                .verify();
    }

    @Test
    void asksAgainOnlyWhenAllThatWasAskedForHasCome() {
        List<Long> requests = new ArrayList<>();
        Flux<ByteBuf> bytes = Flux.range(0, 1000)
                .map(i -> Unpooled.wrappedBuffer(new byte[1000]))
                .doOnRequest(requests::add);

        StepVerifier.create(ExactChunks.of(bytes, 10_000, false, null), 1)
                .expectNextCount(1)
                .then(() -> assertThat(requests).hasSize(10).containsOnly(1L))
                .thenRequest(Long.MAX_VALUE)
                .expectNextCount(99)
                .verifyComplete();
        assertThat(requests).hasSize(11).last().isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void completesWithoutDemandWhenNothingIsLeft() {
        StepVerifier.create(chunksOf(4, buffers("abcd", "efgh")), 2)
                .expectNext("abcd", "efgh")
                .verifyComplete();
    }

    @Test
    void waitsForWhatTheLimitSaysBeforeItAsksForMore() {
        StepVerifier.withVirtualTime(() -> {
                    // Its burst is a second's worth.
                    Flux<ByteBuf> bytes = Flux.range(0, 10).map(i -> Unpooled.wrappedBuffer(new byte[64 * 1024]));
                    return ExactChunks.of(bytes, 64 * 1024, false, BandwidthLimit.of(64 * 1024));
                })
                .expectNextCount(2)
                .thenAwait(ofSeconds(7))
                .expectNextCount(7)
                .expectNoEvent(Duration.ofMillis(900))
                .thenAwait(ofSeconds(1))
                .expectNextCount(1)
                .verifyComplete();
    }

    @Test
    void staysInOrderWhenOneBufferHoldsManyChunksAndDemandComesOneByOne() {
        StepVerifier.create(chunksOf(2, buffers("abcdef", "gh")), 1)
                .expectNext("ab")
                .thenRequest(1)
                .expectNext("cd")
                .thenRequest(5)
                .expectNext("ef", "gh")
                .verifyComplete();
    }

    @Test
    void releasesWhatIsLeftOfABufferWhenCancelled() {
        CountingAllocator allocator = new CountingAllocator();

        StepVerifier.create(ExactChunks.of(owned(allocator, new byte[100_000], new Random(1)), 10, false, null), 1)
                .expectNextCount(1)
                .thenCancel()
                .verify();

        allocator.assertAllReleased(PATIENCE);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void anyBytesCutAnyhowAskedForAnyhowComeOutUnchanged(long seed) { // L37
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] content = randomBytes(random);
            int size = 1 + random.nextInt(random.nextBoolean() ? 100 : 100_000);
            CountingAllocator allocator = new CountingAllocator();
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            List<Integer> sizes = new ArrayList<>();

            ExactChunks.of(owned(allocator, content, random), size, random.nextBoolean(), null)
                    .doOnNext(chunk -> {
                        sizes.add(chunk.remaining());
                        read.writeBytes(Outlet.copy(chunk));
                    })
                    .limitRate(1 + random.nextInt(5))
                    .blockLast(PATIENCE);

            assertThat(read.toByteArray()).isEqualTo(content);
            assertThat(sizes).isEqualTo(sizesOf(content.length, size));
            allocator.assertAllReleased(PATIENCE);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void keepsNoBufferHoweverThreadsMeetAndWheneverItIsCancelled(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            byte[] content = randomBytes(random);
            int size = 1 + random.nextInt(20_000);
            int whole = sizesOf(content.length, size).size();
            int taken = 1 + random.nextInt(whole + 1);
            CountingAllocator allocator = new CountingAllocator();
            ByteArrayOutputStream read = new ByteArrayOutputStream();

            ExactChunks.of(owned(allocator, content, random).subscribeOn(Schedulers.parallel()), size, false, null)
                    .publishOn(Schedulers.parallel(), 1 + random.nextInt(4))
                    .doOnNext(chunk -> read.writeBytes(Outlet.copy(chunk)))
                    .take(taken)
                    .blockLast(PATIENCE);

            int length = (int) Math.min(content.length, (long) taken * size);
            assertThat(read.toByteArray()).isEqualTo(Arrays.copyOf(content, length));
            allocator.assertAllReleased(PATIENCE);
        }
    }

    private static byte[] randomBytes(Random random) {
        byte[] bytes = new byte[random.nextInt(200_000)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static List<Integer> sizesOf(int length, int size) {
        List<Integer> sizes = new ArrayList<>();
        for (int left = length; left > 0; left -= size) {
            sizes.add(Math.min(left, size));
        }
        return sizes;
    }

    /** Buffers that are released once they have been handed over, as the transport does. */
    private static Flux<ByteBuf> owned(CountingAllocator allocator, byte[] content, Random random) {
        List<byte[]> parts = new ArrayList<>();
        for (int from = 0; from < content.length; ) {
            int to = Math.min(content.length, from + 1 + random.nextInt(BodyWriter.ITEM_BYTES));
            parts.add(Arrays.copyOfRange(content, from, to));
            from = to;
        }
        return Flux.fromIterable(parts)
                .concatMap(
                        part -> Flux.using(
                                () -> allocator.directBuffer(part.length).writeBytes(part),
                                Flux::just,
                                ByteBuf::release),
                        0);
    }
}
