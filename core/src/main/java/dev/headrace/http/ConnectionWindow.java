package dev.headrace.http;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2LocalFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import reactor.core.Exceptions;

/**
 * Opens the window that the streams of an HTTP/2 connection share (RFC 9113 §6.9).
 *
 * <p>It is as small as the window of one stream, 64 KiB: a single reader that pauses would hold it all and with it every other call on
 * the connection. The windows of the streams stay and do the work: each reader's demand reaches the peer, and a connection holds at most 64
 * KiB for each of its streams.
 */
final class ConnectionWindow {

    private static final int SIZE = 1 << 30;

    private ConnectionWindow() {}

    /** Does nothing for HTTP/1.1, and on a connection's later streams. */
    static void widen(Channel stream) {
        Channel connection = stream.parent();
        Http2FrameCodec codec =
                connection == null ? null : connection.pipeline().get(Http2FrameCodec.class);
        if (codec == null) {
            return;
        }
        if (connection.eventLoop().inEventLoop()) {
            widen(codec.connection());
        } else {
            connection.eventLoop().execute(() -> widen(codec.connection()));
        }
    }

    private static void widen(Http2Connection connection) {
        Http2LocalFlowController flow = connection.local().flowController();
        Http2Stream shared = connection.connectionStream();
        int missing = SIZE - flow.initialWindowSize(shared);
        if (missing > 0) {
            try {
                flow.incrementWindowSize(shared, missing);
            } catch (Http2Exception e) {
                throw Exceptions.propagate(e);
            }
        }
    }
}
