package dev.headrace.http;

import dev.headrace.Defaults;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.compression.JdkZlibDecoder;
import io.netty.handler.codec.compression.ZlibWrapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Asks for gzip and decompresses it, for requests that want it (RFC 9110 §8.4.1.3). */
final class Decompression implements Interceptor {

    @Override
    public Mono<Response> intercept(Request request, Exchange next) {
        if (!request.options().decompress() || request.headers().contains("Accept-Encoding")) {
            return next.exchange(request);
        }
        return next.exchange(request.header("Accept-Encoding", "gzip")).map(Response::decompressed);
    }

    static boolean isGzip(Response response) {
        String coding =
                response.headers().first("Content-Encoding").orElse("").trim().toLowerCase(Locale.ROOT);
        return coding.equals("gzip") || coding.equals("x-gzip");
    }

    static Response decompressed(Response response) {
        return response.withHeaders(
                        response.headers().without("Content-Encoding").without("Content-Length"))
                .replacingBody(
                        Flux.using(
                                () -> new Inflater(response),
                                inflater -> response.body()
                                        .concatMap(chunk -> inflater.inflate(chunk), 0)
                                        .concatWith(Mono.<ByteBuf>fromRunnable(inflater::checkEnd)),
                                Inflater::close),
                        response::abort);
    }

    /** Netty's gzip decoder with a count on both sides of it. */
    private static final class Inflater {

        private static final int MAX_CHUNK = 8 * 1024 * 1024;

        private final Response response;
        private final JdkZlibDecoder decoder = new OneMember();
        private final EmbeddedChannel channel = new EmbeddedChannel(decoder);
        private long wire;
        private long plain;

        Inflater(Response response) {
            this.response = response;
        }

        Flux<ByteBuf> inflate(ByteBuf chunk) {
            wire += chunk.readableBytes();
            try {
                channel.writeInbound(chunk.retainedDuplicate());
            } catch (DecompressionException e) {
                return Flux.error(new ContentEncodingException(response.request(), "the gzip body is malformed", e));
            }
            List<ByteBuf> inflated = new ArrayList<>(2);
            for (ByteBuf buffer = channel.readInbound(); buffer != null; buffer = channel.readInbound()) {
                inflated.add(buffer);
                plain += buffer.readableBytes();
            }
            return Flux.using(
                    () -> inflated,
                    buffers -> isBomb() ? Flux.error(bomb()) : Flux.fromIterable(buffers),
                    buffers -> buffers.forEach(ByteBuf::release));
        }

        /** A small body may well shrink by more; the limit is for what could fill the memory. */
        private boolean isBomb() {
            return plain > Defaults.DOCUMENT_HEAD && plain > wire * Defaults.DECOMPRESSION_RATIO_LIMIT;
        }

        private ContentEncodingException bomb() {
            return new ContentEncodingException(
                    response.request(),
                    "the body grows beyond " + Defaults.DECOMPRESSION_RATIO_LIMIT
                            + " times its bytes on the wire; do not ask for compression if this is right",
                    null);
        }

        void checkEnd() {
            if (wire > 0 && !decoder.isClosed()) {
                throw new ContentEncodingException(response.request(), "the gzip body ends too early", null);
            }
        }

        void close() {
            try {
                channel.finishAndReleaseAll();
            } catch (DecompressionException alreadySignalled) {
                // The decoder says once more what is wrong with the bytes it still held; they are released all the
                // same.
            }
        }
    }

    /**
     * Netty's decoder either forgets what follows the first member of a gzip body, or follows on and never says whether the last is
     * complete. Nothing may be lost quietly, so what follows is an error.
     */
    private static final class OneMember extends JdkZlibDecoder {

        OneMember() {
            super(ZlibWrapper.GZIP, false, Inflater.MAX_CHUNK);
        }

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
            if (isClosed() && in.isReadable()) {
                in.skipBytes(in.readableBytes());
                throw new DecompressionException("Bytes follow the end of the gzip body");
            }
            super.decode(context, in, out);
        }
    }
}
