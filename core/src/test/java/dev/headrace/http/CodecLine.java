package dev.headrace.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.ResourceLeakDetector;
import java.util.ArrayList;
import java.util.List;
import reactor.netty.NettyPipeline;

/** One end of a connection: Netty's codec for clients, with or without a {@link ChunkCoalescer}, and a transcript of what it says. */
final class CodecLine implements AutoCloseable {

    // Counted, and without the leak detector: that would write a stack trace for each of a million reads.
    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(true, true);
    /** What the coalescer passed on, still readable only while the codec has it. */
    final List<ByteBuf> passed = new ArrayList<>();

    final EmbeddedChannel channel;
    int contents;
    private final StringBuilder transcript = new StringBuilder();
    private int told;
    private boolean inBody;

    CodecLine(boolean coalescing, boolean strict) {
        channel = new EmbeddedChannel();
        channel.config().setAllocator(memory);
        channel.pipeline().addLast(NettyPipeline.HttpCodec, codec(strict));
        if (coalescing) {
            ChunkCoalescer.install(channel.pipeline());
            channel.pipeline().addBefore(NettyPipeline.HttpCodec, "passed", new Passed());
        }
        channel.pipeline().addLast(new Scribe());
    }

    private static HttpClientCodec codec(boolean strict) {
        ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
        // The codec's scratch buffer would note a stack trace for each line that is parsed.
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        try {
            return new HttpClientCodec(new HttpDecoderConfig().setStrictLineParsing(strict), false, false);
        } finally {
            ResourceLeakDetector.setLevel(level);
        }
    }

    /** The codec reads the answer by the method that it saw. */
    void request(HttpMethod method) {
        channel.writeOutbound(new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, "/"));
        channel.releaseOutbound();
    }

    ByteBuf buffer(String bytes) {
        return memory.directBuffer(Math.max(1, bytes.length())).writeBytes(bytes.getBytes(ISO_8859_1));
    }

    void read(String bytes) {
        channel.writeInbound(buffer(bytes));
    }

    /** The heads, the bytes of bodies, trailers and failures so far; not how bodies were cut. */
    String said() {
        return transcript.toString();
    }

    /** What was said since this was asked last. */
    String news() {
        String news = transcript.substring(told);
        told = transcript.length();
        return news;
    }

    /** The remote closes; every buffer must be back then. */
    @Override
    public void close() {
        channel.finishAndReleaseAll();
        assertThat(memory.metric().usedDirectMemory() + memory.metric().usedHeapMemory())
                .as("bytes not released after: %s", transcript)
                .isZero();
    }

    private void say(String what) {
        transcript.append('\n').append(what);
        inBody = false;
    }

    private final class Passed extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof ByteBuf piece) {
                passed.add(piece);
            }
            context.fireChannelRead(message);
        }
    }

    private final class Scribe extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                write(message);
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        private void write(Object message) {
            if (message instanceof HttpResponse response) {
                say("head " + response.protocolVersion() + " " + response.status() + " "
                        + response.headers().entries() + response.decoderResult());
            }
            if (message instanceof HttpContent content && !(message instanceof FullHttpResponse)) {
                contents++;
                if (content.content().isReadable()) {
                    if (!inBody) {
                        say("body ");
                        inBody = true;
                    }
                    transcript.append(content.content().toString(ISO_8859_1));
                }
            }
            if (message instanceof LastHttpContent last) {
                say("end " + last.trailingHeaders().entries() + last.decoderResult());
            }
            if (message instanceof ByteBuf other) {
                say("other " + other.toString(ISO_8859_1));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            say("failure " + cause);
        }
    }
}
