package dev.headrace.spring;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;
import reactor.core.publisher.Flux;

/** Bytes between the library, which has {@link ByteBuffer}s, and Spring, which has {@link DataBuffer}s. Demand and cancel pass through. */
public final class DataBuffers {

    private DataBuffers() {}

    /**
     * Bytes of the library for Spring, as to answer with a {@code ByteStream}. Nothing is copied.
     *
     * @param bytes nobody may change them any more
     * @param factory such as {@code exchange.getResponse().bufferFactory()}
     * @return one buffer for each; it need not be released, but may be
     */
    public static Flux<DataBuffer> of(Publisher<ByteBuffer> bytes, DataBufferFactory factory) {
        Objects.requireNonNull(factory, "factory");
        return Flux.from(bytes).map(factory::wrap);
    }

    /**
     * Bytes of Spring for the library, as to upload the body of a request. Each buffer is copied, and released at once; so is a buffer that
     * waits for its turn when the bytes are cancelled.
     *
     * @param buffers such as {@code exchange.getRequest().getBody()}
     * @return read-only copies
     */
    public static Flux<ByteBuffer> bytes(Publisher<? extends DataBuffer> buffers) {
        return Flux.from(buffers).map(DataBuffers::copied).doOnDiscard(DataBuffer.class, DataBufferUtils::release);
    }

    private static ByteBuffer copied(DataBuffer buffer) {
        try {
            ByteBuffer copy = ByteBuffer.allocate(buffer.readableByteCount());
            buffer.toByteBuffer(copy);
            return copy.asReadOnlyBuffer();
        } finally {
            DataBufferUtils.release(buffer);
        }
    }
}
