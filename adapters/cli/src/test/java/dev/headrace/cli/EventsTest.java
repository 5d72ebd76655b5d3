package dev.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.json.Json;
import dev.headrace.test.EventFeed;
import dev.headrace.test.TestServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventsTest {

    @Test
    void writesOneObjectALine() {
        try (TestServer server = EventFeed.of(2).type("tick").start()) {
            Ran ran = Ran.headrace("events", server.url(), "--no-reconnect");

            assertThat(ran.exitCode()).isZero();
            assertThat(ran.err()).isEmpty();
            assertThat(ran.lines())
                    .containsExactly(
                            "{\"id\":\"1\",\"event\":\"tick\",\"data\":\"{\\\"n\\\":1}\"}",
                            "{\"id\":\"2\",\"event\":\"tick\",\"data\":\"{\\\"n\\\":2}\"}");
        }
    }

    @Test
    void writesDataAsTheValueItHolds() {
        try (TestServer server = EventFeed.of(1).start()) {
            Ran ran = Ran.headrace("events", server.url(), "--no-reconnect", "--decode-json");

            assertThat(ran.lines()).containsExactly("{\"id\":\"1\",\"event\":\"message\",\"data\":{\"n\":1}}");
        }
    }

    @Test
    void saysWhichDataIsNotJson() {
        EventFeed feed = EventFeed.of(3).data(n -> n == 2 ? "oops" : "1");

        try (TestServer server = feed.start()) {
            Ran ran = Ran.headrace("events", server.url(), "--no-reconnect", "--decode-json");

            assertThat(ran.exitCode()).isEqualTo(4);
            assertThat(ran.lines()).hasSize(1);
            assertThat(ran.err()).contains("id '2'").contains("--decode-json").hasLineCount(1);
        }
    }

    @Test
    void resumesWhereTheConnectionBroke() {
        EventFeed feed = EventFeed.of(10).retry(Duration.ofMillis(1)).cutAfter(4);

        try (TestServer server = feed.start()) {
            Ran ran = Ran.headrace("events", server.url(), "--reconnect-delay", "5ms", "--last-event-id", "1");

            assertThat(ran.exitCode()).isZero();
            assertThat(ran.lines()).hasSize(9);
            assertThat(feed.lastEventIds()).containsExactly("1", "5", "9", "10");
        }
    }

    @Test
    void givesUpAfterSoManyReconnections() {
        EventFeed feed = EventFeed.of(10).failing(503).always();

        try (TestServer server = feed.start()) {
            Ran ran = Ran.headrace("events", server.url(), "--reconnect-delay", "5ms", "--max-reconnects", "2");

            assertThat(ran.exitCode()).isEqualTo(1);
            assertThat(server.requests()).hasSize(3);
        }
    }

    @Test
    void endsAfterSoManyEvents() {
        try (TestServer server = EventFeed.endless().start()) {
            assertThat(Ran.headrace("events", server.url(), "--max-events", "3").lines())
                    .hasSize(3);
            server.awaitNoOpenConnections(Duration.ofSeconds(5));
        }
    }

    @Test
    void endsWithTheEventThatSaysSo() {
        EventFeed feed = EventFeed.endless().data(n -> n == 3 ? "[DONE]" : "x");

        try (TestServer server = feed.start()) {
            Ran ran = Ran.headrace("events", server.url(), "--complete-when", "[DONE]");

            assertThat(ran.exitCode()).isZero();
            assertThat(ran.lines()).hasSize(3).last().asString().contains("[DONE]");
        }
    }

    @Test
    void refusesAnEventThatIsTooLarge() {
        EventFeed feed = EventFeed.of(1).data(n -> "x".repeat(3_000));

        try (TestServer server = feed.start()) {
            assertThat(Ran.headrace("events", server.url(), "--max-event-size", "2k")
                            .exitCode())
                    .isEqualTo(4);
        }
    }

    @Test
    void noticesASilentServerWhenToldTo() {
        EventFeed feed = EventFeed.endless().silentAfter(1);

        try (TestServer server = feed.start()) {
            Ran ran = Ran.headrace("events", server.url(), "--idle-timeout", "200ms", "--no-reconnect");

            assertThat(ran.exitCode()).isEqualTo(1);
            assertThat(ran.lines()).hasSize(1);
        }
    }

    @Test
    void writesEachEventAtOnceAndStopsWhenInterrupted() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Interruption interruption = new Interruption();

        try (TestServer server = EventFeed.endless().silentAfter(1).start()) {
            CompletableFuture<Integer> run = CompletableFuture.supplyAsync(() -> HeadraceCli.run(
                    new String[] {"events", server.url()},
                    new Shell(
                            new ByteArrayInputStream(new byte[0]),
                            new Stdout(out),
                            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                            interruption)));
            Awaitility.await().until(() -> out.toString(StandardCharsets.UTF_8).endsWith("}\n"));
            interruption.interrupt();

            assertThat(run.get(30, TimeUnit.SECONDS)).isEqualTo(130);
            server.awaitNoOpenConnections(Duration.ofSeconds(5));
        }
    }

    @Test
    void endsQuietlyWhenNobodyReadsAnyMore() {
        try (TestServer server = EventFeed.endless().start()) {
            Ran ran = Ran.into(SlowPipe.closedAfter(1), "", "events", server.url());

            assertThat(ran.exitCode()).isZero();
            assertThat(ran.err()).isEmpty();
            server.awaitNoOpenConnections(Duration.ofSeconds(5));
        }
    }

    @Test
    void goesOnBehindTheLastEventThatItHasWritten(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("progress.json");
        EventFeed feed = EventFeed.of(5);

        try (TestServer server = feed.start()) {
            String[] command = {"events", server.url() + "/feed?token=hush", "--checkpoint", file.toString()};
            Ran first = Ran.and(command, "--max-events", "3", "--last-event-id", "1");
            assertThat(first.exitCode()).isZero();
            assertThat(first.lines()).hasSize(3);
            assertThat(file).hasContent("{\"lastEventId\":\"4\"}");

            // Once something is saved, it counts.
            Ran second = Ran.and(command, "--last-event-id", "1");
            assertThat(second.exitCode()).isZero();
            assertThat(second.lines()).hasSize(1);
            assertThat(feed.lastEventIds()).containsExactly("1", "4", "5");
            assertThat(file).hasContent("{\"lastEventId\":\"5\"}");
        }
    }

    @Test
    void savesNoEventThatCouldNotBeWritten(@TempDir Path directory) {
        Path file = directory.resolve("progress.json");

        try (TestServer server = EventFeed.of(5).start()) {
            Ran.into(SlowPipe.closedAfter(0), "", "events", server.url(), "--checkpoint", file.toString());

            assertThat(file).doesNotExist();
        }
    }

    @Test
    void doesNotBeginWithACheckpointThatMakesNoSense(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("progress.json"), "{\"lastEve");

        try (TestServer server = EventFeed.of(5).start()) {
            Ran ran = Ran.headrace("events", server.url() + "/?token=hush", "--checkpoint", file.toString());

            assertThat(ran.exitCode()).isEqualTo(4);
            assertThat(ran.err())
                    .contains("progress.json")
                    .contains("remove the file")
                    .doesNotContain("hush");
            assertThat(server.requests()).isEmpty();
            assertThat(file).hasContent("{\"lastEve");
        }
    }

    @Test
    void failsWhenTheCheckpointCannotBeSaved(@TempDir Path directory) {
        try (TestServer server = EventFeed.of(5).start()) {
            Path file = directory.resolve("progress.json");
            // A directory where the temporary file should be: no permission stops root.
            assertThat(file.resolveSibling("progress.json.tmp").toFile().mkdir())
                    .isTrue();

            Ran ran = Ran.headrace("events", server.url(), "--checkpoint", file.toString());

            assertThat(ran.exitCode()).isEqualTo(5);
            assertThat(ran.err()).contains("progress.json").hasLineCount(1);
        }
    }

    @Test
    void saysWhatASlowReaderHasMissed() {
        StandingPipe pipe = new StandingPipe();
        EventFeed feed = EventFeed.of(1_000).batch(100).stayingOpen();

        try (TestServer server = feed.start()) {
            CompletableFuture<Ran> run = CompletableFuture.supplyAsync(() -> Ran.into(
                    pipe,
                    "",
                    "events",
                    server.url(),
                    "--backpressure",
                    "drop-oldest:3",
                    "--stats",
                    "--complete-when",
                    "{\"n\":1000}"));
            pipe.awaitWriter();
            Awaitility.await().until(() -> server.bytesSent() > 1_000 * 20L);
            pipe.open();
            Ran ran = run.join();

            String last = pipe.taken().lines().reduce("", (before, line) -> line);
            assertThat(last).contains("\"id\":\"1000\"");
            long lines = pipe.taken().lines().count();
            long lost = pipe.taken()
                    .lines()
                    .map(line -> Json.tree(line).path("lost").path("count").asLong(0))
                    .reduce(0L, Long::sum);
            assertThat(lines + lost).isEqualTo(1_000);
            assertThat(Json.tree(ran.err()).at("/events/dropped").asLong()).isEqualTo(lost);
            assertThat(Json.tree(ran.err()).at("/events/events").asLong()).isEqualTo(1_000);
        }
    }

    @Test
    void leavesOutOrCutsEventsThatAreTooLargeIfToldSo() {
        EventFeed feed = EventFeed.of(3).data(n -> n == 2 ? "x".repeat(3_000) : "1");

        try (TestServer server = feed.start()) {
            String[] command = {"events", server.url(), "--max-event-size", "1k", "--no-reconnect"};
            assertThat(Ran.and(command, "--on-oversized", "skip").lines()).hasSize(2);
            assertThat(Ran.and(command, "--on-oversized", "truncate").lines())
                    .hasSize(3)
                    .element(1)
                    .asString()
                    .hasSizeBetween(1_024, 1_124)
                    .endsWith("x\",\"truncated\":true}");
        }
    }

    @Test
    void leavesOutEventsThatComeTwice() {
        EventFeed feed = EventFeed.of(6).hangUpAfter(3).overlap(2).retry(Duration.ofMillis(1));

        try (TestServer server = feed.start()) {
            Ran ran =
                    Ran.headrace("events", server.url(), "--deduplicate", "10", "--reconnect-delay", "1ms", "--stats");

            assertThat(ran.lines()).hasSize(6);
            assertThat(Json.tree(ran.err()).at("/events/duplicates").asLong()).isPositive();
        }
    }
}
