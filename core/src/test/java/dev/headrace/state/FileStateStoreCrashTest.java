package dev.headrace.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Another Java process saves ever larger numbers and is killed (SIGKILL) at random moments. */
class FileStateStoreCrashTest {

    private static final int ROUNDS = Boolean.getBoolean("headrace.soak") ? 200 : 3;

    @TempDir
    private Path directory;

    /** What the process does: {@code DIRECTORY}. It prints each number when it is saved. */
    static final class Victim {
        @SuppressWarnings("SystemOut") // How it says what it has done.
        public static void main(String[] args) {
            StateStore store = StateStore.file(Path.of(args[0]));
            long number = store.load("key").map(Victim::number).blockOptional().orElse(0L);
            while (true) {
                number++;
                store.save("key", document(number)).block();
                System.out.println(number);
            }
        }

        /** Of many disk pages, so that it could be torn. */
        static JsonNode document(long number) {
            return Json.toTree(Map.of("number", number, "padding", "x".repeat(50_000), "again", number));
        }

        static long number(JsonNode document) {
            long number = document.get("number").longValue();
            if (!document.equals(document(number))) {
                throw new AssertionError("Torn: " + number);
            }
            return number;
        }
    }

    @Test
    void aKilledProcessLeavesAWholeDocumentAndNoneThatWasReplaced() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long known = 0;
        for (int round = 0; round < ROUNDS; round++) {
            known = killed(known, random);

            assertThat(load()).as("seed %d, round %d", seed, round).isGreaterThanOrEqualTo(known);
        }
        assertThat(known).isPositive();
    }

    /** The largest number that is known to have been saved. */
    private long killed(long before, Random random) throws IOException, InterruptedException {
        Path printed = directory.resolve("printed");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(printed.toFile())
                .start();
        try {
            long known = before;
            long lifetime = TimeUnit.MILLISECONDS.toNanos(random.nextInt(250));
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            boolean begun = false;
            while (System.nanoTime() < end && !process.waitFor(begun ? 0 : 5, TimeUnit.MILLISECONDS)) {
                // While it is being replaced: whole, and never older than what was seen before.
                long now = load();
                assertThat(now).isGreaterThanOrEqualTo(known);
                if (!begun && now > before) {
                    begun = true;
                    end = System.nanoTime() + lifetime;
                }
                known = now;
            }
            assertThat(process.isAlive()).isTrue();
            process.destroyForcibly().waitFor();
            List<String> lines = Files.readAllLines(printed);
            // The last line may have been cut.
            return lines.size() < 2 ? known : Math.max(known, Long.parseLong(lines.get(lines.size() - 2)));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private long load() {
        return StateStore.file(directory)
                .load("key")
                .map(Victim::number)
                .blockOptional()
                .orElse(0L);
    }
}
