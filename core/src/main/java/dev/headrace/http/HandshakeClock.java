package dev.headrace.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Schedulers;
import reactor.netty.NettyPipeline;

/**
 * Leaves to the TLS handshake what connecting has left of the connect timeout. Netty gives each of the two a clock of its own, ten seconds
 * and ten more.
 */
final class HandshakeClock extends ChannelDuplexHandler {

    private final SslHandler tls;
    private long began;

    private HandshakeClock(SslHandler tls) {
        this.tls = tls;
    }

    static void install(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            channel.pipeline().addBefore(NettyPipeline.SslHandler, null, new HandshakeClock(tls));
        }
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the promise is the caller's
    public void connect(
            ChannelHandlerContext context, SocketAddress remote, SocketAddress local, ChannelPromise promise) {
        began = now();
        context.connect(remote, local, promise);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        long limit = context.channel().config().getConnectTimeoutMillis();
        if (limit > 0) {
            tls.setHandshakeTimeoutMillis(Math.max(1, limit - (now() - began)));
        } else {
            tls.setHandshakeTimeoutMillis(0);
        }
        context.fireChannelActive();
        context.pipeline().remove(this);
    }

    private static long now() {
        return Schedulers.parallel().now(TimeUnit.MILLISECONDS);
    }
}
