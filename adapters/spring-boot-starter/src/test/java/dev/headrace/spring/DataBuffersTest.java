package dev.headrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class DataBuffersTest {

    private final NettyDataBufferFactory netty = new NettyDataBufferFactory(PooledByteBufAllocator.DEFAULT);
    private final List<ByteBuf> made = new ArrayList<>();

    private DataBuffer buffer(String text) {
        ByteBuf bytes = netty.getByteBufAllocator().buffer().writeBytes(text.getBytes(StandardCharsets.UTF_8));
        made.add(bytes);
        return netty.wrap(bytes);
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    @Test
    void copiesAndReleasesWhatComesFromSpring() {
        List<ByteBuffer> bytes =
                Objects.requireNonNull(DataBuffers.bytes(Flux.just(buffer("one"), buffer(""), buffer("two")))
                        .collectList()
                        .block());

        assertThat(bytes).extracting(DataBuffersTest::text).containsExactly("one", "", "two");
        assertThat(made).hasSize(3).allMatch(buffer -> buffer.refCnt() == 0);
        assertThatExceptionOfType(ReadOnlyBufferException.class)
                .isThrownBy(() -> bytes.get(0).put(0, (byte) 1));
    }

    @Test
    void releasesWhatWaitsWhenItIsCancelled() {
        Sinks.Many<DataBuffer> waiting = Sinks.many().unicast().onBackpressureBuffer();
        List.of("one", "two", "three")
                .forEach(text -> waiting.tryEmitNext(buffer(text)).orThrow());

        StepVerifier.create(DataBuffers.bytes(waiting.asFlux()), 1)
                .expectNextCount(1)
                .thenCancel()
                .verify();

        assertThat(made).hasSize(3).allMatch(buffer -> buffer.refCnt() == 0);
    }

    @Test
    void passesDemandAndCancelOn() {
        TestPublisher<DataBuffer> buffers = TestPublisher.create();

        StepVerifier.create(DataBuffers.bytes(buffers), 2)
                .then(() -> buffers.assertMinRequested(2).assertMaxRequested(2))
                .thenCancel()
                .verify();

        buffers.assertCancelled();
    }

    @Test
    void copiesNothingOfWhatGoesToSpring() {
        byte[] array = "one".getBytes(StandardCharsets.UTF_8);

        DataBuffer buffer = Objects.requireNonNull(
                DataBuffers.of(Flux.just(ByteBuffer.wrap(array)), DefaultDataBufferFactory.sharedInstance)
                        .blockFirst());

        array[0] = 'O';
        assertThat(buffer.toString(StandardCharsets.UTF_8)).isEqualTo("One");
    }

    @Test
    void passesReadOnlyBytesToNetty() {
        ByteBuffer bytes =
                ByteBuffer.wrap("one".getBytes(StandardCharsets.UTF_8)).asReadOnlyBuffer();

        DataBuffer buffer =
                Objects.requireNonNull(DataBuffers.of(Flux.just(bytes), netty).blockFirst());

        assertThat(buffer.toString(StandardCharsets.UTF_8)).isEqualTo("one");
    }
}
