package dev.headrace.examples.dashboard;

import dev.headrace.test.RangeFile;
import dev.headrace.test.TestServer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** Remote ones to look at: a feed whose pace rises and falls and that goes on after {@code Last-Event-ID}, and files with byte ranges. */
final class DemoSite implements AutoCloseable {

    private static final long MEBIBYTE = 1024 * 1024;

    private final AtomicLong newest = new AtomicLong();
    private final Sinks.Many<Long> cuts = Sinks.many().multicast().directBestEffort();
    private final TestServer server;

    private DemoSite() {
        server = TestServer.builder()
                .route("/gauge", this::gauge)
                .route("/files/sluice.img", file(48, 4, 1))
                .route("/files/mill-pond.img", file(160, 8, 2))
                .route("/files/survey.tar", file(16, 1, 3))
                .start();
    }

    static DemoSite start() {
        return new DemoSite();
    }

    URI feed() {
        return server.uri("/gauge");
    }

    List<URI> files() {
        return List.of(
                server.uri("/files/sluice.img"), server.uri("/files/mill-pond.img"), server.uri("/files/survey.tar"));
    }

    /** Breaks the line of every reader of the feed. */
    void cut() {
        cuts.tryEmitNext(newest.get());
    }

    /** How many connections are open. */
    int connections() {
        return server.openConnections();
    }

    @Override
    public void close() {
        server.close();
    }

    private static RangeFile file(long mebibytes, long mebibytesPerSecond, long seed) {
        return RangeFile.ofSize(mebibytes * MEBIBYTE)
                .seed(seed)
                .throttledTo(mebibytesPerSecond * MEBIBYTE)
                .always();
    }

    private Publisher<Void> gauge(HttpServerRequest request, HttpServerResponse response) {
        String last = request.requestHeaders().get("Last-Event-ID", "");
        long first = (last.isEmpty() ? newest.get() : Long.parseLong(last)) + 1;
        response.withConnection(connection -> {
            Disposable cut = cuts.asFlux().subscribe(any -> connection.dispose());
            connection.onDispose(cut);
        });
        Flux<String> events = Flux.<Long, Long>generate(() -> first, (n, sink) -> {
                    sink.next(n);
                    return n + 1;
                })
                .concatMap(n -> Mono.just(n).delayElement(pause(n)), 1)
                .doOnNext(n -> newest.accumulateAndGet(n, Math::max))
                .map(DemoSite::event);
        return response.sse().sendString(events);
    }

    /** From 6 to 40 events a second, and back again within some minutes. */
    private static Duration pause(long n) {
        double perSecond = 23 + 13 * Math.sin(n / 170.0) + 4 * Math.sin(n / 23.0);
        return Duration.ofNanos((long) (1e9 / perSecond));
    }

    private static String event(long n) {
        double level = 1.8 + 0.35 * Math.sin(n / 90.0) + 0.02 * Math.sin(n * 1.7);
        return String.format(
                Locale.ROOT,
                "id: %d\nevent: gauge\ndata: {\"level_m\":%.3f,\"flow_m3s\":%.2f,\"gate\":%d}\n\n",
                n,
                level,
                4.2 * Math.pow(level, 1.5),
                1 + n % 4);
    }
}
