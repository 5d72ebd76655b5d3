package dev.headrace.transfer;

import static dev.headrace.transfer.TusSite.journal;
import static dev.headrace.transfer.TusSite.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.connector.Connector;
import dev.headrace.http.Request;
import dev.headrace.test.ChildJvm;
import dev.headrace.test.FakeTusServer;
import dev.headrace.test.RangeFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another Java process uploads and is killed (SIGKILL) at random moments; the next run finishes what it began. */
class UploadCrashTest {

    private static final int SIZE = 24 << 20;
    private static final int ROUNDS = Boolean.getBoolean("headrace.soak") ? 200 : 2;

    @TempDir
    private Path directory;

    /** What the process does: {@code URL SOURCE}. */
    static final class Victim {
        public static void main(String[] args) {
            try (Connector connector = Connector.builder(args[0]).build()) {
                Upload.from(connector, Request.post("/files"))
                        .source(Path.of(args[1]))
                        .tus()
                        .result()
                        .block();
            }
        }
    }

    @Test
    void theNextRunFinishesWhatAKilledProcessBegan() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] content = RangeFile.ofSize(SIZE).seed(round + 1L).bytes(0, SIZE);
            Path file = Files.write(directory.resolve("file" + round), content);
            FakeTusServer tus =
                    FakeTusServer.create().throttlingPatch(60L << 20).always();
            try (TusSite site = TusSite.of(tus)) {
                for (int kills = 1 + random.nextInt(2); kills > 0; kills--) {
                    killed(site, file, random);
                }
                boolean complete = tus.uploads().stream().anyMatch(upload -> upload.isComplete());
                if (!complete || Files.exists(journal(file))) {
                    boolean journaled = Files.exists(journal(file)) && Files.size(journal(file)) > 0;
                    int known = tus.uploads().size();

                    Uploaded result = run(site.upload(file));

                    assertThat(result.resumed() || !journaled || result.resumedFrom() == 0)
                            .as("seed %d, round %d", seed, round)
                            .isTrue();
                    assertThat(tus.uploads())
                            .as("seed %d, round %d", seed, round)
                            .hasSize(journaled ? known : known + 1);
                }
                site.assertHas(content);
                assertThat(journal(file)).doesNotExist();
            }
            Files.delete(file);
        }
    }

    private static void killed(TusSite site, Path file, Random random) throws Exception {
        ChildJvm.startAndKill(
                site.server(), random, 500, Victim.class, site.server().url(), file.toString());
    }
}
