package dev.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.test.EventFeed;
import dev.headrace.test.TestServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

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

            assertThat(run.get(5, TimeUnit.SECONDS)).isEqualTo(130);
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
}
