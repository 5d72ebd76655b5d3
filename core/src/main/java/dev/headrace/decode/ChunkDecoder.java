package dev.headrace.decode;

import dev.headrace.http.Response;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import reactor.core.publisher.Flux;

/** The chunks as the connection delivers them; there is nothing to parse, so nothing to pull. */
record ChunkDecoder() implements Decoder<ByteBuffer> {

    @Override
    public Flux<ByteBuffer> decode(Response response) {
        return response.body().filter(ByteBuf::isReadable).map(ChunkDecoder::copy);
    }

    /** Whoever owns the chunk releases it when {@code onNext} returns, and the user may keep what comes out. */
    private static ByteBuffer copy(ByteBuf chunk) {
        byte[] bytes = new byte[chunk.readableBytes()];
        chunk.getBytes(chunk.readerIndex(), bytes);
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    @Override
    public String toString() {
        return "bytes";
    }
}
