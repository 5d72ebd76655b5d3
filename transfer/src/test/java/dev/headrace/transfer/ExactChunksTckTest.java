package dev.headrace.transfer;

import dev.headrace.resilience.BandwidthLimit;
import dev.headrace.test.ReactiveStreamsTck;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import reactor.core.publisher.Flux;

class ExactChunksTckTest {

    @TestFactory
    Stream<DynamicTest> keepsTheRulesOfReactiveStreams() {
        return ReactiveStreamsTck.testsOf(new Verification(null));
    }

    @TestFactory
    Stream<DynamicTest> keepsTheRulesUnderALimit() {
        return ReactiveStreamsTck.testsOf(new Verification(BandwidthLimit.of(16_000_000_000L)));
    }

    private static final class Verification extends PublisherVerification<ByteBuffer> {

        private static final int SIZE = 4;

        private final @Nullable BandwidthLimit limit;

        Verification(@Nullable BandwidthLimit limit) {
            super(ReactiveStreamsTck.environment());
            this.limit = limit;
        }

        /** Of three bytes each, so that hardly one is all of a chunk's. */
        @Override
        public Publisher<ByteBuffer> createPublisher(long chunks) {
            Flux<ByteBuf> bytes = Flux.generate(() -> SIZE * chunks, (left, sink) -> {
                if (left == 0) {
                    sink.complete();
                    return left;
                }
                int length = (int) Math.min(3, left);
                sink.next(Unpooled.wrappedBuffer(new byte[length]));
                return left - length;
            });
            return ExactChunks.of(bytes, SIZE, false, limit);
        }

        @Override
        public long maxElementsFromPublisher() {
            return Long.MAX_VALUE / SIZE;
        }

        @Override
        public Publisher<ByteBuffer> createFailedPublisher() {
            return ExactChunks.of(Flux.error(new IllegalStateException("failed")), SIZE, false, limit);
        }
    }
}
