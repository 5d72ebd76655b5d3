package dev.headrace.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.test.RangeFile;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** Any chunks of any range over any line, read in any way, are the bytes of that range. */
class ByteStreamRandomTest {

    private static final int ROUNDS = 25;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whateverBreaksWhateverIsAskedForTheBytesAreThose(long seed) { // L36, L37, L38
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            int size = 1 + random.nextInt(400_000);
            RangeFile file = spoilt(RangeFile.ofSize(size).seed(random.nextInt()), random, size);
            int from = random.nextInt(size);
            int to = random.nextBoolean() ? size : from + 1 + random.nextInt(size - from);
            try (Outlet outlet = Outlet.of(file)) {
                ByteStream stream = outlet.stream()
                        .maxRetries(20)
                        .retryDelay(Duration.ofMillis(1), Duration.ofSeconds(1))
                        .chunkSize(1 + random.nextInt(random.nextBoolean() ? 5_000 : 200_000));
                ByteStream part = to == size && random.nextBoolean() ? stream.startAt(from) : stream.range(from, to);
                byte[] wanted = file.bytes(from, to);

                assertThat(collect(anyhow(part, random), Long.MAX_VALUE))
                        .as("seed %s round %s: %s", seed, round, part)
                        .isEqualTo(wanted);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 6})
    void cancelledAnywhereItHasEmittedTheBeginning(long seed) { // 61; the leak check is the other half
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            int size = 1 + random.nextInt(400_000);
            RangeFile file = spoilt(RangeFile.ofSize(size), random, size);
            try (Outlet outlet = Outlet.of(file)) {
                ByteStream stream = outlet.stream().maxRetries(20).chunkSize(1 + random.nextInt(20_000));
                byte[] read = collect(anyhow(stream, random), 1 + random.nextInt(30));

                assertThat(read)
                        .as("seed %s round %s: %s", seed, round, stream)
                        .isEqualTo(Arrays.copyOf(file.bytes(0, size), read.length));
                outlet.server().awaitRequests(1, Outlet.LONG);
            }
        }
    }

    private static RangeFile spoilt(RangeFile file, Random random, int size) {
        RangeFile spoilt = file;
        for (int i = 1; i <= random.nextInt(6); i++) {
            int cut = random.nextInt(size);
            spoilt = switch (random.nextInt(7)) {
                case 0 -> spoilt.resetAfter(cut).onRequest(i).once();
                case 1 -> spoilt.dropping().onRequest(i).once();
                case 2 -> spoilt.failing(503).onRequest(i).once();
                case 3 -> spoilt.ignoringRange().onRequest(i).once();
                case 4 ->
                    spoilt.shiftingStart(-random.nextInt(size)).onRequest(i).once();
                case 5 -> spoilt.shorteningRanges(1 + cut).onRequest(i).once();
                default -> spoilt.cutAfter(cut).onRequest(i).once();
            };
        }
        return random.nextInt(3) == 0 ? spoilt.chunked().always() : spoilt;
    }

    private static Flux<ByteBuffer> anyhow(ByteStream stream, Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> stream.bytes();
            case 1 -> stream.reuseBuffers().bytes();
            case 2 -> stream.bytes().limitRate(1 + random.nextInt(3));
            default -> stream.bytes().publishOn(Schedulers.parallel(), 1 + random.nextInt(4));
        };
    }

    private static byte[] collect(Flux<ByteBuffer> chunks, long most) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        chunks.take(most)
                .doOnNext(chunk -> bytes.writeBytes(Outlet.copy(chunk)))
                .blockLast(Outlet.LONG);
        return bytes.toByteArray();
    }
}
