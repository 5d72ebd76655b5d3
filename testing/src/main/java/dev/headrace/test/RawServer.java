package dev.headrace.test;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.NettyInbound;
import reactor.netty.tcp.TcpServer;

/**
 * A server that reads HTTP/1.1 requests and answers with whatever bytes a script says, valid or not.
 *
 * <pre>{@code
 * try (RawServer server = RawServer.script(request -> Reply.bytes("HTTP/1.1 103 Early Hints\r\n\r\n")
 *                 .pause(ofMillis(100))
 *                 .thenOk("body of " + request.path()))
 *         .start()) {
 *     …
 * }
 * }</pre>
 *
 * <p>A request is a head up to an empty line and a body of {@code Content-Length} bytes; chunked requests are not
 * understood. Requests of one connection are answered in order, also when they come pipelined.
 */
public final class RawServer extends LocalServer {

    private static final AttributeKey<Integer> NUMBER = AttributeKey.valueOf(RawServer.class, "connection");

    private RawServer(DisposableServer listener, Traffic traffic, @Nullable TestCertificate certificate) {
        super(listener, traffic, certificate);
    }

    /**
     * Describes a server that asks a script.
     *
     * @param script gives the reply to each request; called on an event loop, must not block. If it throws, the
     *     connection is closed
     * @return a builder: plain TCP, a free port
     */
    public static Builder script(Function<? super RecordedRequest, Reply> script) {
        return new Builder(script);
    }

    /**
     * Describes a server that answers its first request with the first reply, and so on; the last reply repeats.
     *
     * @param inOrder at least one
     * @return a builder: plain TCP, a free port
     */
    public static Builder replies(Reply... inOrder) {
        if (inOrder.length == 0) {
            throw new IllegalArgumentException("replies must have at least one");
        }
        List<Reply> replies = List.of(inOrder);
        AtomicInteger next = new AtomicInteger();
        return script(request -> replies.get(Math.min(next.getAndIncrement(), replies.size() - 1)));
    }

    /** Settings of a server, used by one thread. */
    public static final class Builder {

        private final Function<? super RecordedRequest, Reply> script;
        private boolean tls;

        private Builder(Function<? super RecordedRequest, Reply> script) {
            this.script = script;
        }

        /**
         * Speaks TLS, with a self-signed certificate for 127.0.0.1 and localhost. Default: plain.
         *
         * @return this
         */
        public Builder tls() {
            this.tls = true;
            return this;
        }

        /**
         * Starts listening.
         *
         * @return a running server, to be closed by the caller
         */
        public RawServer start() {
            Traffic traffic = new Traffic();
            TcpServer server = TcpServer.create()
                    .host(HOST)
                    .port(0)
                    .runOn(eventLoops())
                    .doOnChannelInit(
                            (observer, channel, address) -> channel.attr(NUMBER).set(traffic.accept(channel)))
                    .handle((inbound, outbound) -> converse(inbound, traffic));
            TestCertificate certificate = tls ? TestCertificate.shared() : null;
            if (certificate != null) {
                server = server.secure(ssl -> ssl.sslContext(certificate.serverContext(false, null)));
            }
            return new RawServer(server.bindNow(), traffic, certificate);
        }

        private Mono<Void> converse(NettyInbound inbound, Traffic traffic) {
            Channel channel = Wire.channel(inbound::withConnection);
            RequestReader reader =
                    new RequestReader(traffic, channel.attr(NUMBER).get());
            return inbound.receive()
                    .asByteArray()
                    .concatMapIterable(reader::read)
                    .concatMap(request -> play(script.apply(request), channel))
                    .then();
        }

        private static Mono<Void> play(Reply reply, Channel channel) {
            return Flux.fromIterable(reply.steps())
                    .concatMap(step -> perform(step, channel))
                    .then();
        }

        private static Mono<Void> perform(Reply.Step step, Channel channel) {
            if (step instanceof Reply.Bytes part) {
                return Wire.write(channel, part.bytes());
            }
            if (step instanceof Reply.Pause pause) {
                return Mono.delay(pause.duration()).then();
            }
            return switch ((Reply.Ending) step) {
                case CLOSE -> Wire.close(channel).then(Mono.never());
                case RESET -> Wire.reset(channel).then(Mono.never());
                case STALL -> Mono.never();
            };
        }
    }
}
