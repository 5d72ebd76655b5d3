package dev.headrace.examples;

import dev.headrace.test.EventFeed;
import dev.headrace.test.FakeApi;
import dev.headrace.test.FakeChatCompletions;
import dev.headrace.test.FakeEventStreams;
import dev.headrace.test.FakeRepositories;
import dev.headrace.test.FakeTokenEndpoint;
import dev.headrace.test.FakeTusServer;
import dev.headrace.test.RangeFile;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import reactor.netty.http.server.HttpServerRequest;

/**
 * A server on this machine that behaves as remote ones do on a bad day, and does so anew for every client.
 *
 * <ul>
 *   <li>{@code /api/issues}: 400 issues, pages linked by {@code Link} headers, 429 with {@code Retry-After} above a few requests a second
 *   <li>{@code /user/repos} and {@code /repos/…}: 12 repositories of 40 issues each, in the manner of GitHub
 *   <li>{@code /events}: an endless event feed that hangs up after every fourth event and goes on after {@code Last-Event-ID}
 *   <li>{@code /v2/stream/recentchange}: an endless feed of changes as Wikimedia has them, some of them canaries; it hangs up after every
 *       eighth and repeats two when it goes on
 *   <li>{@code /v1/chat/completions}: a language model that has one answer
 *   <li>{@code /files/disk.img}: a file with byte ranges; the line breaks at 40 and at 80 percent
 *   <li>{@code /files/disk.img.json}: name, size and SHA-256 of that file
 *   <li>{@code /uploads}: takes uploads by tus; the line breaks when a request has brought 40 percent
 *   <li>{@code /token}: tokens for the client {@code demo} with the secret {@code demo-secret}; {@code /secured/…} wants one
 * </ul>
 *
 * <p>To run it alone, on port 8080: {@code ./mvnw -q -pl examples -am compile exec:java
 * -Dexec.mainClass=dev.headrace.examples.DemoServer -Dexec.args=8080}.
 */
public final class DemoServer implements AutoCloseable {

    static final String FILE = "disk.img";

    private final TestServer server;

    private DemoServer(TestServer server) {
        this.server = server;
    }

    /**
     * Runs the server until it is killed.
     *
     * @param args the port; without, any free one
     * @throws InterruptedException if the wait for the end is interrupted
     */
    public static void main(String[] args) throws InterruptedException {
        int port = args.length == 0 ? 0 : Integer.parseInt(args[0]);
        try (DemoServer demo = start(port, Pace.calm())) {
            System.out.println("The demo server listens on " + demo.url() + "; end it with Ctrl-C");
            new CountDownLatch(1).await();
        }
    }

    /**
     * Starts listening on a free port of the loopback interface.
     *
     * @return a running server, to be closed by the caller
     */
    public static DemoServer start() {
        return start(0, Pace.calm());
    }

    static DemoServer start(int port, Pace pace) {
        RangeFile file = breaking(pace);
        FakeRepositories repositories = FakeRepositories.of(12, 40);
        FakeTokenEndpoint tokens = FakeTokenEndpoint.issuing().client("demo", "demo-secret");
        return new DemoServer(TestServer.builder()
                .port(port)
                .route("/api/issues", limited(pace))
                .route("/user/repos", repositories)
                .route("/repos/**", repositories)
                .route("/events", hangingUp(pace))
                .route("/v2/stream/recentchange", changes(pace))
                .route("/v1/chat/completions", model(pace))
                .route("/files/" + FILE, file)
                .route("/files/" + FILE + ".json", factsOf(file))
                .route("/uploads/**", taking(pace))
                .route("/token", tokens)
                .route("/secured/**", tokens.guarding(Route.fixed(200, "application/json", "{\"secret\": 42}")))
                .start());
    }

    /**
     * Where it listens.
     *
     * @return for example {@code http://127.0.0.1:40123}
     */
    public String url() {
        return server.url();
    }

    /** All requests so far, in the order in which they arrived. */
    List<RecordedRequest> requests() {
        return server.requests();
    }

    @Override
    public void close() {
        server.close();
    }

    private static Route limited(Pace pace) {
        return FakeApi.linkHeader(FakeApi.issues(400)).rateLimit(pace.requestsPerSecond(), Duration.ofSeconds(1));
    }

    private static Route hangingUp(Pace pace) {
        return EventFeed.endless().interval(pace.betweenEvents()).hangUpAfter(4).retry(Duration.ofMillis(100));
    }

    private static Route changes(Pace pace) {
        return FakeEventStreams.recentChanges(Long.MAX_VALUE)
                .canaryEvery(6)
                .feed()
                .interval(pace.betweenEvents())
                .hangUpAfter(8)
                .overlap(2);
    }

    private static Route model(Pace pace) {
        return FakeChatCompletions.answering("A headrace", " leads", " the water", " to", " the mill", ".")
                .delivered(feed -> feed.interval(pace.betweenEvents()).comments());
    }

    /** The last fifth of an upload comes through. */
    private static Route taking(Pace pace) {
        return FakeTusServer.create()
                .throttlingPatch(pace.fileBytesPerSecond())
                .always()
                .cuttingPatch(pace.uploadBytes() * 2 / 5)
                .always();
    }

    /** By the offset and not by the count of requests, so that the line breaks for the next client as well. */
    private static RangeFile breaking(Pace pace) {
        long size = pace.fileBytes();
        return RangeFile.ofSize(size)
                .throttledTo(pace.fileBytesPerSecond())
                .always()
                .cutAfter(size * 2 / 5)
                .when(request -> offset(request) < size * 3 / 5)
                .always();
    }

    private static long offset(HttpServerRequest request) {
        String range = request.requestHeaders().get("Range", "bytes=0-");
        return Long.parseLong(range.substring("bytes=".length(), range.indexOf('-')));
    }

    private static Route factsOf(RangeFile file) {
        return Route.fixed(200, "application/json", """
            {"name": "%s", "bytes": %d, "sha256": "%s"}\
            """.formatted(FILE, file.size(), file.sha256()));
    }
}
