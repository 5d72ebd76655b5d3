package dev.headrace.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/** A file of any length, in ranges (RFC 9110 §14): {@code /files/1000} has a thousand bytes, a block of noise over and over. */
final class RangeServer {

    /** A prime, so that bytes in a wrong place are found. */
    private static final int BLOCK = 65_537;

    private static final byte[] NOISE = noise();
    private static final String TAG = "\"one\"";
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

    private final ByteBuf block = Unpooled.directBuffer(BLOCK).writeBytes(NOISE);

    private RangeServer() {}

    static DisposableServer start() {
        RangeServer server = new RangeServer();
        DisposableServer bound = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .runOn(LoopResources.create("range-server", 1, true))
                .route(routes -> routes.get("/files/{length}", server::answer))
                .bindNow();
        // Responses under way have counts of their own.
        bound.onDispose(server.block::release);
        return bound;
    }

    /** The byte at a place of every file. */
    static byte at(long place) {
        return NOISE[(int) (place % BLOCK)];
    }

    private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        long length = Long.parseLong(request.param("length"));
        String asked = request.requestHeaders().get("Range");
        response.header("ETag", TAG).header("Accept-Ranges", "bytes");
        Matcher range = RANGE.matcher(asked == null ? "" : asked);
        // There is one version only, so If-Match and If-Range always hold.
        if (!range.matches()) {
            return send(response, 0, length);
        }
        long from = Long.parseLong(range.group(1));
        long last = range.group(2).isEmpty() ? length - 1 : Math.min(length - 1, Long.parseLong(range.group(2)));
        if (from >= length) {
            return response.status(416)
                    .header("Content-Range", "bytes */" + length)
                    .send();
        }
        response.status(206).header("Content-Range", "bytes " + from + "-" + last + "/" + length);
        return send(response, from, last + 1);
    }

    private Publisher<Void> send(HttpServerResponse response, long from, long to) {
        Flux<ByteBuf> body = Flux.generate(() -> from, (place, sink) -> {
            if (place >= to) {
                sink.complete();
                return place;
            }
            int start = (int) (place % BLOCK);
            int count = (int) Math.min(BLOCK - start, to - place);
            sink.next(block.retainedSlice(start, count));
            return place + count;
        });
        return response.header("Content-Length", Long.toString(to - from)).send(body);
    }

    private static byte[] noise() {
        byte[] noise = new byte[BLOCK];
        new Random(42).nextBytes(noise);
        return noise;
    }
}
