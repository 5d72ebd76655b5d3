package dev.headrace.transfer;

import static dev.headrace.transfer.Origin.assertIs;
import static dev.headrace.transfer.Origin.assertOnly;
import static dev.headrace.transfer.Origin.journal;
import static dev.headrace.transfer.Origin.part;
import static dev.headrace.transfer.Origin.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.test.ChildJvm;
import dev.headrace.test.RangeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another Java process downloads and is killed (SIGKILL) at random moments; the next run finishes what it began. */
class DownloadCrashTest {

    private static final int SIZE = 12 << 20;
    private static final int ROUNDS = Boolean.getBoolean("headrace.soak") ? 200 : 2;
    /** A checkpoint each MiB, and what may be written before the next one. */
    private static final long MOST_LOADED_AGAIN = 2 << 20;

    @TempDir
    private Path directory;

    /** What the process does: {@code URL DESTINATION SHA256 SEGMENTS}. */
    static final class Victim {
        public static void main(String[] args) {
            try (Connector connector = Connector.builder(args[0]).build()) {
                Download.from(connector, Request.get("/file"))
                        .to(Path.of(args[1]))
                        .expect(Digest.sha256(args[2]))
                        .segments(Integer.parseInt(args[3]))
                        .result()
                        .block();
            }
        }
    }

    @Test
    void theNextRunFinishesWhatAKilledProcessBegan() throws Exception { // 55
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            // Runs of both kinds may follow one another.
            int segments = round % 2 == 0 ? 1 : 3;
            RangeFile file = RangeFile.ofSize(SIZE)
                    .seed(round + 1L)
                    .throttledTo(20L << 20)
                    .always();
            Digest digest = Digest.sha256(file.sha256());
            Path destination = directory.resolve("file" + round);
            try (Origin origin = Origin.of(file)) {
                for (int kills = 1 + random.nextInt(3); kills > 0; kills--) {
                    killed(origin, digest, destination, segments, random);
                }
                if (!Files.exists(destination)) {
                    long onDisk = Files.exists(part(destination)) ? Files.size(part(destination)) : 0;

                    Downloaded result = run(
                            origin.comparing(destination).expect(digest).segments(random.nextBoolean() ? segments : 1));

                    assertThat(result.resumedFrom() + result.bytes()).isEqualTo(SIZE);
                    if (segments == 1) {
                        assertThat(result.resumedFrom())
                                .as("seed %d, round %d", seed, round)
                                .isBetween(Math.max(0, onDisk - MOST_LOADED_AGAIN), onDisk);
                    }
                    assertThat(result.restarts()).isLessThanOrEqualTo(onDisk > 0 && result.resumedFrom() == 0 ? 1 : 0);
                }
                if (Files.exists(journal(destination))) {
                    // Killed between the rename and the removal of the journal.
                    assertThat(run(origin.download(destination)).requests()).isZero();
                }
                assertIs(file, destination);
            }
            Files.delete(destination);
            assertOnly(directory);
        }
    }

    private void killed(Origin origin, Digest digest, Path destination, int segments, Random random)
            throws IOException, InterruptedException {
        ChildJvm.startAndKill(
                origin.server(),
                random,
                800,
                Victim.class,
                origin.server().url(),
                destination.toString(),
                digest.hex(),
                String.valueOf(segments));
    }
}
