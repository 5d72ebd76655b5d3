package dev.headrace.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import reactor.netty.NettyPipeline;

/**
 * Drops interim responses (RFC 9110 §15.2), right behind the HTTP codec: that of the connection, or with HTTP/2 that of the stream.
 *
 * <p>Reactor Netty 1.3 knows 100 alone; it takes 102, 103 and 104 for the final response, puts the connection back into the pool,
 * and hands the real response to the next request on it: the answer of one caller goes to another. 100 stays Reactor Netty's on HTTP/1.1;
 * on a stream it reads nothing after one, so there it is dropped as well. 101 is a final answer, for the connection speaks no HTTP after it.
 */
final class InterimResponseFilter extends ChannelInboundHandlerAdapter {

    private static final String NAME = "headrace.interim";

    /** Netty ends an interim response with an empty last content on HTTP/1.1, and not at all on HTTP/2. */
    private final boolean stream;

    private boolean dropping;

    private InterimResponseFilter(boolean stream) {
        this.stream = stream;
    }

    /** Puts a filter into the pipeline of a request that is about to be sent; a reused connection has its own already. */
    static void install(ChannelPipeline pipeline) {
        if (pipeline.get(NAME) != null) {
            return;
        }
        if (pipeline.get(NettyPipeline.H2ToHttp11Codec) != null) {
            pipeline.addAfter(NettyPipeline.H2ToHttp11Codec, NAME, new InterimResponseFilter(true));
        } else if (pipeline.get(NettyPipeline.HttpCodec) != null) {
            pipeline.addAfter(NettyPipeline.HttpCodec, NAME, new InterimResponseFilter(false));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpResponse response && isInterim(response)) {
            dropping = !stream && !(message instanceof LastHttpContent);
            drop(context, message);
        } else if (dropping && message instanceof LastHttpContent) {
            dropping = false;
            drop(context, message);
        } else {
            context.fireChannelRead(message);
        }
    }

    private boolean isInterim(HttpResponse response) {
        int status = response.status().code();
        return response.status().codeClass() == HttpStatusClass.INFORMATIONAL
                && (status > 101 || stream && status == 100)
                && response.decoderResult().isSuccess();
    }

    private static void drop(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
        // Nothing went up, so nobody will ask for more: without auto-read the final response would never be read.
        context.read();
    }
}
