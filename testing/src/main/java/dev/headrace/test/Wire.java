package dev.headrace.test;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.FutureMono;

/** The last step to the socket. */
final class Wire {

    private Wire() {}

    /** The channel of a connection: {@code channel(response::withConnection)}. */
    static Channel channel(Consumer<Consumer<? super Connection>> withConnection) {
        AtomicReference<Channel> channel = new AtomicReference<>();
        withConnection.accept(connection -> channel.set(connection.channel()));
        return Objects.requireNonNull(channel.get());
    }

    /** Writes, flushes, and completes when the socket took the bytes: writing one after the other is backpressure. */
    static Mono<Void> write(Channel channel, byte[] bytes) {
        return FutureMono.deferFuture(() -> channel.writeAndFlush(Unpooled.wrappedBuffer(bytes)));
    }

    /** Ends the connection with a FIN. */
    static Mono<Void> close(Channel channel) {
        return FutureMono.deferFuture(channel::close);
    }

    /** Ends the connection with a RST, which also throws away what the client has not read yet. */
    static Mono<Void> reset(Channel channel) {
        return FutureMono.deferFuture(() -> {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            // From the first handler on, past TLS: its close_notify would be a clean goodbye.
            ChannelHandlerContext nearestToSocket = channel.pipeline().firstContext();
            return nearestToSocket == null ? channel.close() : nearestToSocket.close();
        });
    }
}
