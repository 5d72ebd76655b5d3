package dev.headrace.transfer;

import static dev.headrace.transfer.Origin.assertIs;
import static dev.headrace.transfer.Origin.assertOnly;
import static dev.headrace.transfer.Origin.failureOf;
import static dev.headrace.transfer.Origin.journal;
import static dev.headrace.transfer.Origin.part;
import static dev.headrace.transfer.Origin.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.test.ChildJvm;
import dev.headrace.test.RangeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two owners of one destination, one of which may be dead. */
class SharedDestinationTest {

    private static final int SIZE = 6_000_000;
    private static final int DONE = 1_000_000;

    @TempDir
    private Path directory;

    private Path destination;

    @BeforeEach
    void name() {
        destination = directory.resolve("file.bin");
    }

    @Test
    void givesWayToAnotherRunWhereLocksDoNotWork() throws IOException { // 58
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            Path other = directory.resolve("other.bin");
            origin.interruptedRun(other);
            byte[] theirs = Files.readAllBytes(journal(other));
            AtomicBoolean once = new AtomicBoolean();

            Throwable failure = failureOf(origin.download(destination).disk(new SpoiledDisk((name, position) -> {
                if (name.toString().endsWith(".part") && position >= 2 * DONE && once.compareAndSet(false, true)) {
                    overwrite(journal(destination), theirs);
                }
            })));

            assertThat(failure).isInstanceOf(DestinationBusyException.class);
            assertThat(((HeadraceException) failure).kind()).isEqualTo(FailureKind.LOCAL);
            assertThat(Files.readAllBytes(journal(destination))).isEqualTo(theirs);
            assertThat(part(destination)).exists();
            assertThat(destination).doesNotExist();
        }
    }

    @Test
    void neverPublishesWhatAnotherRunHasTakenOver() throws IOException { // 58
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            Path other = directory.resolve("other.bin");
            origin.interruptedRun(other);
            byte[] theirs = Files.readAllBytes(journal(other));

            Throwable failure =
                    failureOf(origin.download(destination).disk(SpoiledDisk.beforeEach((name, change, position) -> {
                        // The last thing before the journal says that all is verified.
                        if (change == SpoiledDisk.Change.FORCE) {
                            overwrite(journal(destination), theirs);
                        }
                    })));

            assertThat(failure).isInstanceOf(DestinationBusyException.class);
            assertThat(Files.readAllBytes(journal(destination))).isEqualTo(theirs);
            assertThat(destination).doesNotExist();
        }
    }

    private static void overwrite(Path file, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), 0);
        }
    }

    /** Holds the lock on a file until it is killed: {@code FILE}. */
    static final class Holder {
        public static void main(String[] args) throws IOException {
            try (FileChannel file = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE)) {
                System.out.println(file.tryLock() == null ? "refused" : "locked");
                int ignored = System.in.read();
            }
        }
    }

    @Test
    void keepsAwayFromALivingProcessAndTakesOverFromADeadOne() throws Exception { // 58
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);
            Process process = ChildJvm.running(
                            Holder.class, List.of(), journal(destination).toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                assertThat(process.inputReader(StandardCharsets.UTF_8).readLine())
                        .isEqualTo("locked");

                assertThat(failureOf(origin.download(destination))).isInstanceOf(DestinationBusyException.class);
                assertThat(part(destination)).hasSize(DONE);
                assertThat(origin.server().requests()).hasSize(1);
            } finally {
                process.destroyForcibly().waitFor();
            }

            assertThat(run(origin.download(destination)).resumedFrom()).isEqualTo(DONE);
            assertIs(file, destination);
            assertOnly(directory, "file.bin");
        }
    }
}
