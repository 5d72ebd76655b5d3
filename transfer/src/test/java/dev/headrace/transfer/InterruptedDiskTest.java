package dev.headrace.transfer;

import static dev.headrace.transfer.Origin.assertIs;
import static dev.headrace.transfer.Origin.assertOnly;
import static dev.headrace.transfer.Origin.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.test.RangeFile;
import dev.headrace.transfer.SpoiledDisk.Change;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody interrupts a thread of the library while it has a file open, which closes the file. */
class InterruptedDiskTest {

    private static final int SIZE = 3_000_000;
    private static final int DONE = 1_000_000;

    @TempDir
    private Path directory;

    private Path destination;

    private final AtomicInteger interrupts = new AtomicInteger();

    @BeforeEach
    void name() {
        destination = directory.resolve("file.bin");
    }

    private DiskAccess interruptingBefore(String suffix, Change change, int number) {
        AtomicInteger seen = new AtomicInteger();
        return SpoiledDisk.beforeEach((file, now, position) -> {
            if (file.toString().endsWith(suffix) && now == change && seen.incrementAndGet() == number) {
                interrupts.incrementAndGet();
                Thread.currentThread().interrupt();
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void writesTheSameBytesAgain(int number) { // 62
        RangeFile remote = RangeFile.ofSize(SIZE);
        try (Origin origin = Origin.of(remote)) {
            Downloaded result = run(origin.download(destination)
                    .expect(Digest.sha256(remote.sha256()))
                    .disk(interruptingBefore(".part", Change.WRITE, number)));

            assertThat(interrupts).hasValue(1);
            assertThat(result.requests()).isOne();
            assertIs(remote, destination);
            assertOnly(directory, "file.bin");
        }
    }

    /** Elsewhere it may be a failure of the disk, but never a wrong file. */
    @ParameterizedTest
    @CsvSource({
        ".hr, WRITE, 1, 0",
        ".hr, WRITE, 3, 0",
        ".hr, WRITE, 4, 1000000",
        ".part, TRUNCATE, 1, 0",
        ".part, FORCE, 1, 3000000"
    })
    void losesNoByteThatTheJournalSpeaksOf(String file, Change change, int number, long leastResumed) { // 62
        RangeFile remote = RangeFile.ofSize(SIZE);
        try (Origin origin = Origin.of(remote)) {
            boolean finished = origin.download(destination)
                    .expect(Digest.sha256(remote.sha256()))
                    .disk(interruptingBefore(file, change, number))
                    .result()
                    .hasElement()
                    .onErrorReturn(DiskException.class, false)
                    .blockOptional(Origin.LONG)
                    .orElse(false);
            assertThat(interrupts).hasValue(1);

            if (!finished) {
                assertThat(destination).doesNotExist();
                assertThat(run(origin.download(destination)).resumedFrom()).isGreaterThanOrEqualTo(leastResumed);
            }

            assertIs(remote, destination);
            assertOnly(directory, "file.bin");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void losesNoByteOfAPart(int segments) { // 62
        RangeFile remote = RangeFile.ofSize(SIZE);
        AtomicInteger writes = new AtomicInteger();
        try (Origin origin = Origin.of(remote)) {
            run(origin.download(destination)
                    .segments(segments)
                    .expect(Digest.sha256(remote.sha256()))
                    .disk(new SpoiledDisk((name, position) -> {
                        if (name.toString().endsWith(".part") && writes.incrementAndGet() % 2 == 0) {
                            Thread.currentThread().interrupt();
                        }
                    })));

            assertThat(writes).hasPositiveValue();
            assertIs(remote, destination);
        }
    }

    @Test
    void isNotHarmedByAListenerThatInterruptsItsThreads() { // 62
        RangeFile remote = RangeFile.ofSize(SIZE).cutting(DONE);
        try (Origin origin = Origin.of(remote)) {
            run(origin.comparing(destination)
                    .expect(Digest.sha256(remote.sha256()))
                    .listener(progress -> {
                        if (Thread.currentThread().getName().startsWith("headrace-disk-")) {
                            interrupts.incrementAndGet();
                            Thread.currentThread().interrupt();
                        }
                    }));

            assertThat(interrupts).hasPositiveValue();
            assertIs(remote, destination);
        }
    }
}
