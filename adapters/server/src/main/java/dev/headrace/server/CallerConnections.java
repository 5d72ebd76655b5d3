package dev.headrace.server;

import io.netty.channel.Channel;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.NettyPipeline;

/** The connections of a server's callers that are open. */
final class CallerConnections {

    private final Set<CallerConnection> open = ConcurrentHashMap.newKeySet();
    private final MalformedRequests malformed;
    private final Tally tally;
    private final ServerLimits limits;
    private volatile boolean stopping;

    CallerConnections(MalformedRequests malformed, Tally tally, ServerLimits limits) {
        this.malformed = malformed;
        this.tally = tally;
        this.limits = limits;
    }

    /** Takes part in a new connection, behind its codec. */
    @SuppressWarnings("FutureReturnValueIgnored") // a listener needs no further listener
    void accept(Channel channel) {
        CallerConnection connection = new CallerConnection(channel, this, limits);
        open.add(connection);
        channel.closeFuture().addListener(closed -> open.remove(connection));
        channel.pipeline()
                .addAfter(NettyPipeline.HttpCodec, "headrace.connection", connection)
                .addAfter(NettyPipeline.HttpCodec, "headrace.malformed", malformed);
        if (stopping) {
            connection.cut();
        }
    }

    int size() {
        return open.size();
    }

    boolean isStopping() {
        return stopping;
    }

    /** Reactor Netty answers it, and nobody else gets to see it. */
    void malformedHead() {
        tally.malformed();
    }

    /** From now on, connections are closed behind the answers that are due on them. */
    void stop() {
        stopping = true;
    }

    /** Closes those on which no answer is due, the others behind it; completes when all are closed. */
    Mono<Void> closeWhenIdle() {
        return closeAll(CallerConnection::closeWhenIdle);
    }

    /** Closes all; completes when they are. */
    Mono<Void> cut() {
        return closeAll(CallerConnection::cut);
    }

    private Mono<Void> closeAll(Consumer<CallerConnection> close) {
        return Mono.defer(() -> {
            List<CallerConnection> now = List.copyOf(open);
            now.forEach(close);
            return Flux.fromIterable(now)
                    .flatMap(CallerConnection::closed, Integer.MAX_VALUE)
                    .then();
        });
    }
}
