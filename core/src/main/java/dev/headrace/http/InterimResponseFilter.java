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
 * Drops interim responses (RFC 9110 §15.2), right behind the HTTP codec.
 *
 * <p>Reactor Netty 1.3 knows 100 alone; it takes 102, 103 and 104 for the final response, puts the connection back into the pool,
 * and hands the real response to the next request on it: the answer of one caller goes to another. 100 stays Reactor Netty's, and 101
 * is a final answer, for the connection speaks no HTTP after it.
 */
final class InterimResponseFilter extends ChannelInboundHandlerAdapter {

    private static final String NAME = "headrace.interim";

    private boolean dropping;

    /** Puts a filter into a pipeline that speaks HTTP/1.1. */
    static void install(ChannelPipeline pipeline) {
        if (pipeline.get(NettyPipeline.HttpCodec) != null) {
            pipeline.addAfter(NettyPipeline.HttpCodec, NAME, new InterimResponseFilter());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpResponse response && isInterim(response)) {
            dropping = !(message instanceof LastHttpContent);
            drop(context, message);
        } else if (dropping && message instanceof LastHttpContent) {
            dropping = false;
            drop(context, message);
        } else {
            context.fireChannelRead(message);
        }
    }

    private static boolean isInterim(HttpResponse response) {
        return response.status().codeClass() == HttpStatusClass.INFORMATIONAL
                && response.status().code() > 101
                && response.decoderResult().isSuccess();
    }

    private static void drop(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
        // Nothing went up, so nobody will ask for more: without auto-read the final response would never be read.
        context.read();
    }
}
