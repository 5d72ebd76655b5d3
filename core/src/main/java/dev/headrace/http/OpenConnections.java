package dev.headrace.http;

import io.netty.channel.Channel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;
import reactor.netty.FutureMono;

/**
 * Every open connection of a transport, whoever holds it.
 *
 * <p>The pool alone does not do: when it is disposed while a connection comes back to it, or is made for a caller who has just left, it may
 * forget that one. Rare (one of some thousand closes right behind cancels), but a connection too many each time. Costs one entry for each
 * connection, nothing for a request.
 */
final class OpenConnections {

    private final Set<Channel> channels = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    void track(Channel channel) {
        channels.add(channel);
        var unused = channel.closeFuture().addListener(end -> channels.remove(channel));
        // First the set, then the look: whoever closes does it the other way round.
        if (closed) {
            close(channel);
        }
    }

    /** Closes all there are, and every one that comes later. */
    void close() {
        closed = true;
        channels.forEach(OpenConnections::close);
    }

    /** Completes when those that are open now are closed. */
    Mono<Void> whenClosed() {
        return Mono.when(channels.stream()
                .map(channel -> FutureMono.from(channel.closeFuture()))
                .toList());
    }

    /** Not Connection.dispose(): that would end a body that is being read without an error. */
    private static void close(Channel channel) {
        var unused = channel.close();
    }
}
