package dev.headrace.examples;

import static java.time.Duration.ofMillis;

import dev.headrace.auth.Auth;
import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.examples.AttemptLog.Attempt;
import dev.headrace.http.Request;
import dev.headrace.http.Secret;
import dev.headrace.pagination.Pagination;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.sse.EventStream;
import dev.headrace.sse.ReconnectPolicy;
import dev.headrace.sse.SseEvent;
import dev.headrace.transfer.Digest;
import dev.headrace.transfer.Download;
import dev.headrace.transfer.TransferProgress;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Pages, events and a file through one connector, from a server that limits, hangs up and breaks the line.
 *
 * <p>Run it by {@code ./mvnw -q -pl examples -am compile exec:java}. It brings its own {@link DemoServer}; to use one that runs
 * elsewhere, add {@code -Dexec.args=http://127.0.0.1:8080}.
 */
public final class Quickstart {

    /** What is of interest about an issue; what else the API says is left out. */
    record Issue(long number, String title, String state) {}

    /** What the server says about its file. */
    record FileFacts(String name, long bytes, String sha256) {}

    private static final List<String> EVENT_IDS =
            List.of("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12");

    private final Connector connector;
    private final AttemptLog attempts;
    private final Transcript transcript;
    private final Path folder;

    private Quickstart(Connector connector, AttemptLog attempts, Transcript transcript, Path folder) {
        this.connector = connector;
        this.attempts = attempts;
        this.transcript = transcript;
        this.folder = folder;
    }

    /**
     * Runs the quickstart; ends the process with 1 if a promise is broken.
     *
     * @param args the URL of a running {@link DemoServer}; without, one is started
     */
    public static void main(String[] args) {
        try {
            if (args.length == 0) {
                runWithDemoServer();
            } else {
                run(args[0], System.out);
            }
        } catch (RuntimeException failure) {
            System.err.println("The quickstart failed: " + failure.getMessage());
            System.exit(1);
        }
    }

    private static void runWithDemoServer() {
        try (DemoServer demo = DemoServer.start()) {
            run(demo.url(), System.out);
        }
    }

    /** Keeps the promises, prints what happens, and says in one line each how they were kept. Blocks. */
    static List<String> run(String url, PrintStream out) {
        Transcript transcript = new Transcript(out);
        AttemptLog attempts = new AttemptLog(transcript);
        try (TemporaryFolder folder = TemporaryFolder.create();
                Connector connector = connect(url, attempts)) {
            return new Quickstart(connector, attempts, transcript, folder.path())
                    .promises()
                    .blockOptional(Duration.ofMinutes(1))
                    .orElseThrow();
        }
    }

    private static Connector connect(String url, AttemptLog attempts) {
        return Connector.builder(url)
                .auth(Auth.bearer(Secret.of("demo-token")))
                .retry(RetryPolicy.exponential(ofMillis(200)))
                .interceptor(attempts)
                .build();
    }

    private Mono<List<String>> promises() {
        return Flux.concat(pages(), events(), download())
                .collectList()
                .doFirst(() -> transcript.title("Headrace, one connector to " + connector.baseUrl()))
                .doOnNext(transcript::summary);
    }

    private Mono<String> pages() {
        Endpoint<Issue> issues = Endpoint.get("/api/issues")
                .query("per_page", 50)
                .paginate(Pagination.linkHeader())
                .items(Issue.class);
        return connector
                .records(issues)
                .count()
                .map(count -> "Pages     %d issues from %d pages, %d sent again after a 429"
                        .formatted(
                                count,
                                attempts.count(Attempt::isSuccessful),
                                attempts.count(Attempt::isRefusedForRate)))
                .doFirst(() -> transcript.step("Pages: all issues of an API that refuses whoever asks too fast"));
    }

    private Mono<String> events() {
        return EventStream.from(connector, Request.get("/events"))
                .reconnect(ReconnectPolicy.exponential(ofMillis(200)))
                .events()
                .doOnNext(event -> transcript.line("event " + event.id() + ": " + event.data()))
                .map(SseEvent::id)
                .take(EVENT_IDS.size())
                .collectList()
                .filter(EVENT_IDS::equals)
                .switchIfEmpty(Mono.error(() -> new IllegalStateException("Events are missing or came twice")))
                .map(ids -> "Events    %d events over %d reconnections, none lost, none twice"
                        .formatted(ids.size(), attempts.count(Attempt::isReconnection)))
                .doFirst(() -> transcript.step("Events: a dozen from a feed that hangs up again and again"));
    }

    private Mono<String> download() {
        return connector
                .fetch(Request.get("/files/{name}.json", DemoServer.FILE), FileFacts.class)
                .flatMap(this::download)
                .doFirst(() -> transcript.step("Download: a large file over a line that breaks twice"));
    }

    private Mono<String> download(FileFacts file) {
        return Download.from(connector, Request.get("/files/{name}", file.name()))
                .to(folder.resolve(file.name()))
                .expect(Digest.sha256(file.sha256()))
                .progress()
                .map(Quickstart::describe)
                .distinctUntilChanged()
                .doOnNext(transcript::line)
                .then(Mono.fromSupplier(() -> "Download  %d bytes, resumed %d times, SHA-256 as it should be"
                        .formatted(file.bytes(), attempts.count(Attempt::isResumedDownload))));
    }

    private static String describe(TransferProgress progress) {
        return switch (progress.phase()) {
            case CONNECTING ->
                progress.bytesDone() == 0
                        ? "connecting"
                        : "the line broke after %d bytes".formatted(progress.bytesDone());
            case TRANSFERRING ->
                "%3.0f %%".formatted(Math.floor(progress.percent().orElse(0) / 10) * 10);
            case VERIFYING -> "all bytes are here, comparing the SHA-256";
            case DONE -> "the file has its name";
        };
    }
}
