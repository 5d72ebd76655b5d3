package dev.headrace.stream;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.http.Request;
import dev.headrace.pagination.Pagination;
import dev.headrace.stream.Repositories.Issue;
import dev.headrace.test.ChildJvm;
import dev.headrace.test.FakeRepositories;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** Many slices side by side: a thousand of a hundred pages each in the long form, and fewer in the short one. */
class ThousandSlicesTest {

    private static final boolean SOAK = Boolean.getBoolean("headrace.soak");
    private static final int SLICES = SOAK ? 1000 : 100;
    private static final int PAGES = SOAK ? 100 : 20;
    private static final int CONCURRENCY = 16;

    private static final RecordStream<Issue> ISSUES = RecordStream.of(
                    "issues",
                    Endpoint.get("/repos/{owner}/{repo}/issues")
                            .query("per_page", 1)
                            .paginate(Pagination.linkHeader())
                            .items(Issue.class))
            .slices(Flux.range(1, SLICES).map(Repositories::slice))
            .concurrency(CONCURRENCY);

    @TempDir
    private Path directory;

    /** What the process does: {@code URL}. Keeps nothing but counts. */
    static final class Victim {
        public static void main(String[] args) {
            int[] counts = new int[2];
            try (Connector connector = Connector.builder(args[0]).build()) {
                ISSUES.read(connector)
                        .doOnNext(message -> counts[message instanceof Checkpoint ? 1 : 0]++)
                        .blockLast(Duration.ofMinutes(5));
            }
            System.out.println("records " + counts[0] + ", checkpoints " + counts[1]);
        }
    }

    @Test
    void areReadWithOneRequestForEachPageInLittleMemory() throws Exception {
        try (TestServer server = FakeRepositories.of(SLICES, PAGES).start()) {
            Path output = directory.resolve("output");
            Process process = ChildJvm.running(
                            Victim.class,
                            List.of(
                                    "-XX:+UseSerialGC",
                                    "-Xmx24m",
                                    "-XX:MaxDirectMemorySize=32m",
                                    "-Dheadrace.soak=" + SOAK),
                            server.url())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try {
                assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
            } finally {
                process.destroyForcibly();
            }
            assertThat(Files.readString(output))
                    .contains("records " + SLICES * PAGES + ", checkpoints " + (SLICES * PAGES + 1));
            assertThat(server.requests()).hasSize(SLICES * PAGES);
            assertThat(server.connectionsAccepted()).isLessThanOrEqualTo(CONCURRENCY);
        }
    }

    @Test
    void neverAskForMoreAtOnceThanTheConcurrencyAndAllComeOn() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        FakeRepositories api =
                FakeRepositories.of(40, 5).delaying(Duration.ofMillis(5)).always();
        Route counting = (request, response) -> Flux.defer(() -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    return Flux.from(api.handle(request, response));
                })
                .doFinally(signal -> now.decrementAndGet());
        try (TestServer server = counting.start();
                Connector connector = Connector.builder(server.url()).build()) {
            Map<String, Integer> pages = new LinkedHashMap<>();
            List<Integer> widest = new ArrayList<>();
            ISSUES.slices(Flux.range(1, 40).map(Repositories::slice))
                    .records(connector)
                    .doOnNext(issue -> {
                        pages.merge(issue.repository(), 1, Integer::sum);
                        if (issue.number() == 5 && widest.isEmpty()) {
                            // The first slice that is done: how far all others are that began with it.
                            pages.values().forEach(widest::add);
                        }
                    })
                    .blockLast(ofSeconds(30));

            assertThat(most).hasValueBetween(CONCURRENCY / 2, CONCURRENCY);
            assertThat(pages).hasSize(40);
            assertThat(pages.values()).containsOnly(5);
            assertThat(widest)
                    .as("pages of those under way when the first was done")
                    .hasSize(CONCURRENCY);
        }
    }

    @Test
    void stopAtOnceWhenTheReaderHasEnough() {
        try (TestServer server = FakeRepositories.of(SLICES, PAGES).start()) {
            try (Connector connector = Connector.builder(server.url()).build()) {
                int records = SLICES * PAGES / 10;
                List<Issue> read = Repositories.all(ISSUES.records(connector).take(records));

                assertThat(read).hasSize(records);
                sentinel(connector);
            }
            server.awaitNoOpenConnections(ofSeconds(10));
            // A record that has come, one that waits behind it, and a page that is asked for: for each slice under way.
            assertThat(server.requests().size()).isLessThanOrEqualTo(SLICES * PAGES / 10 + 2 * CONCURRENCY + 1);
        }
    }

    @Test
    void areAskedForOnlyAsFarAsTheReaderAsks() {
        try (TestServer server = FakeRepositories.of(SLICES, PAGES).start();
                Connector connector = Connector.builder(server.url()).build()) {
            StepVerifier.create(ISSUES.read(connector), 0)
                    .expectSubscription()
                    .then(() -> assertThat(server.requests()).isEmpty())
                    .thenRequest(1)
                    .expectNextMatches(StreamRecord.class::isInstance)
                    .then(() -> {
                        server.awaitRequests(CONCURRENCY, ofSeconds(10));
                        sentinel(connector);
                        sentinel(connector);
                        assertThat(server.requests()).hasSizeBetween(CONCURRENCY + 2, CONCURRENCY + 1 + 2);
                    })
                    .thenCancel()
                    .verify(ofSeconds(30));
        }
    }

    /** A request whose answer comes after what was sent before it. */
    private static void sentinel(Connector connector) {
        assertThat(connector
                        .exchange(Request.get("/user/repos").query("per_page", 1))
                        .block(ofSeconds(10)))
                .isNotNull();
    }
}
