package dev.headrace.server;

import dev.headrace.http.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;

/** An integration that is being served, until it is stopped. Safe for use by several threads. */
public final class RunningServer implements AutoCloseable {

    private final DisposableServer listener;
    private final CallerConnections connections;
    private final Tally tally;
    private final Scheduler readers;
    private final @Nullable Secret token;
    private final Sinks.Empty<Void> stopped = Sinks.empty();

    RunningServer(
            DisposableServer listener,
            CallerConnections connections,
            Tally tally,
            Scheduler readers,
            @Nullable Secret token) {
        this.listener = listener;
        this.connections = connections;
        this.tally = tally;
        this.readers = readers;
        this.token = token;
    }

    /**
     * Where it is served.
     *
     * @return such as {@code http://127.0.0.1:8000}; the loopback address if it listens on all
     */
    public URI uri() {
        String host = listener.host();
        if (host.equals("0.0.0.0") || host.equals("::") || host.equals("0:0:0:0:0:0:0:0")) {
            host = "127.0.0.1";
        }
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port());
    }

    /**
     * The port it listens on.
     *
     * @return between 1 and 65535
     */
    public int port() {
        return listener.port();
    }

    /**
     * The token that callers send as {@code Authorization: Bearer …}: the one given first, or the one that was made at random.
     *
     * @return the token
     * @throws IllegalStateException if callers need none, or an API key in its place
     */
    public Secret token() {
        if (token == null) {
            throw new IllegalStateException("This server takes no bearer token");
        }
        return token;
    }

    /**
     * What it has done so far; also at {@code GET /stats}.
     *
     * @return a snapshot
     */
    public ServerStats stats() {
        return tally.stats(connections.size());
    }

    /**
     * Stops it: takes no connection any more, says {@code DOWN} at {@code /health}, refuses further calls with a 503, and lets those that
     * are under way come to their end. Connections are closed behind their answers. After the grace, what is still under way is cancelled and
     * its connections are cut.
     *
     * <p>Nothing happens before subscription. Stopping twice is no mistake, and the shorter grace counts. Cancelling does not take it back,
     * but nothing more is cut then.
     *
     * @param grace the longest time for calls that are under way; {@link Duration#ZERO} for none
     * @return completes when all connections are closed and the port is free
     * @throws IllegalArgumentException if the grace is negative
     */
    public Mono<Void> stop(Duration grace) {
        Objects.requireNonNull(grace, "grace");
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace must not be negative, but is " + grace);
        }
        return Mono.defer(() -> {
            connections.stop();
            listener.dispose();
            Mono<Void> gracefully = grace.isZero()
                    ? Mono.empty()
                    : tally.drained()
                            .then(Mono.defer(connections::closeWhenIdle))
                            .timeout(grace, Mono.empty());
            return gracefully
                    .then(Mono.defer(connections::cut))
                    .then(listener.onDispose())
                    // A connection is closed first, and what was served on it cancelled then.
                    .then(tally.drained())
                    // To end a scheduler takes its locks, which may have to be waited for.
                    .publishOn(Schedulers.boundedElastic())
                    .doOnSuccess(done -> {
                        readers.dispose();
                        stopped.tryEmitEmpty();
                    });
        });
    }

    /**
     * Waits for its end.
     *
     * @return completes when it has stopped
     */
    public Mono<Void> onStop() {
        return stopped.asMono();
    }

    /** Stops it at once, as {@link #stop} without grace, and waits until it has: not to be called by event loops. */
    @Override
    public void close() {
        stop(Duration.ZERO).block();
    }

    @Override
    public String toString() {
        return "RunningServer[" + uri() + "]";
    }
}
