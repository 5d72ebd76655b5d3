package dev.headrace.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.state.Checkpoints;
import dev.headrace.state.CommitPolicy;
import dev.headrace.state.StateStore;
import dev.headrace.test.EventFeed;
import dev.headrace.test.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Another Java process handles events and is killed (SIGKILL) at random moments, between emission and handling more often than not, for a
 * queue holds hundreds. What was handled stands in a file; over all runs, no event is missing there (ARCHITECTURE §5.6).
 */
class EventProgressCrashTest {

    private static final int ROUNDS = Boolean.getBoolean("headrace.soak") ? 50 : 2;

    @TempDir
    private Path directory;

    enum Way {
        COMMITTING,
        CONSUME
    }

    /** What the process does: {@code WAY URL DIRECTORY}. */
    static final class Victim {
        public static void main(String[] args) {
            Path handled = Path.of(args[2], "handled");
            StateStore store = StateStore.file(Path.of(args[2], "state"));
            EventStream stream = EventStream.from(Connector.builder(args[1]).build(), Request.get("/events"))
                    .resumeFrom(store, "feed");
            switch (Way.valueOf(args[0])) {
                case COMMITTING ->
                    stream.events()
                            .publishOn(Schedulers.parallel(), 256)
                            .concatMap(event -> handle(List.of(event), handled).thenReturn(event), 1)
                            .transform(Checkpoints.committing(
                                    store, "feed", CommitPolicy.every(20).orAfter(Duration.ofMillis(50))))
                            .blockLast();
                case CONSUME ->
                    stream.consume(ConsumeOptions.defaults().chunkSize(20), chunk -> handle(chunk, handled))
                            .block();
            }
        }

        /** Takes a while, on another thread, and is then done at one stroke. */
        private static Mono<Void> handle(List<SseEvent> events, Path handled) {
            StringBuilder lines = new StringBuilder();
            events.forEach(event -> lines.append(event.id()).append('\n'));
            return Mono.<Void>fromRunnable(() -> append(handled, lines.toString()))
                    .subscribeOn(Schedulers.boundedElastic());
        }

        private static void append(Path file, String lines) {
            try {
                Files.writeString(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void noEventIsMissingHoweverOftenTheProcessIsKilled(Way way) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        EventFeed feed = EventFeed.endless().batch(10);
        try (TestServer server = feed.start()) {
            for (int round = 0; round < ROUNDS; round++) {
                runAndKill(way, server.url(), random.nextInt(100));
                assertNoneIsMissing("seed " + seed + ", round " + round);
            }
        }
        // Every run but the first has gone on where one before it had handled.
        assertThat(feed.lastEventIds().get(0)).isEmpty();
        assertThat(feed.lastEventIds().subList(1, ROUNDS)).doesNotContain("");
    }

    private void runAndKill(Way way, String url, int millisOfWork) throws IOException, InterruptedException {
        long before = handled().length;
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        way.name(),
                        url,
                        directory.toString())
                .inheritIO()
                .start();
        try {
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> handled().length > before + 100);
            assertThat(process.waitFor(millisOfWork, TimeUnit.MILLISECONDS)).isFalse();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private void assertNoneIsMissing(String run) throws IOException {
        long[] ids = handled();
        long[] distinct = Arrays.stream(ids).distinct().sorted().toArray();
        assertThat(distinct)
                .as(run)
                .isEqualTo(LongStream.rangeClosed(1, distinct.length).toArray());
    }

    private long[] handled() throws IOException {
        Path file = directory.resolve("handled");
        if (Files.notExists(file)) {
            return new long[0];
        }
        String text = Files.readString(file);
        // A line that is just being written, or was cut, is not there yet; its event will be handled again.
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .mapToLong(Long::parseLong)
                .toArray();
    }
}
