package dev.headrace.transfer;

import static dev.headrace.transfer.Origin.assertIs;
import static dev.headrace.transfer.Origin.failureOf;
import static dev.headrace.transfer.Origin.journal;
import static dev.headrace.transfer.Origin.part;
import static dev.headrace.transfer.Origin.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.test.RangeFile;
import dev.headrace.transfer.JournalEntry.Stretch;
import dev.headrace.transfer.SpoiledDisk.Change;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What reaches the device when, and what is made of a disk that has lost the last of it. */
class PowerLossTest {

    private static final int SIZE = 400_000;
    private static final int DONE = 200_000;

    @TempDir
    private Path directory;

    private Path destination;

    private final List<String> changes = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void name() {
        destination = directory.resolve("file.bin");
    }

    /** Writes down what is done, several of the same in a row as one. */
    private DiskAccess recording() {
        return SpoiledDisk.beforeEach((file, change, position) -> {
            String kind = file.toString().endsWith(".hr") ? "journal" : "data";
            String now = change == Change.FORCE ? "force " + kind : kind;
            if (changes.isEmpty() || !changes.get(changes.size() - 1).equals(now)) {
                changes.add(now);
            }
        });
    }

    @Test
    void forcesTheBytesThenTheJournalThatSpeaksOfThem() { // 56
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            failureOf(origin.download(destination)
                    .durability(Durability.POWER_LOSS)
                    .disk(recording())
                    .maxRetries(0));

            assertThat(changes)
                    .containsSubsequence("data", "journal", "data", "force data", "journal", "force journal")
                    .endsWith("force data", "journal", "force journal");
            assertEachJournalIsForced();
        }
    }

    @Test
    void forcesEach64MiB() { // 56
        RangeFile file = RangeFile.ofSize(68 << 20).cutting(66 << 20);
        try (Origin origin = Origin.of(file)) {
            failureOf(origin.download(destination)
                    .durability(Durability.POWER_LOSS)
                    .disk(recording())
                    .maxRetries(0));

            // The emptied file, 64 MiB, and what came behind them.
            assertThat(changes.stream().filter("force data"::equals)).hasSize(3);
            assertEachJournalIsForced();
        }
    }

    /** After the first two, which say in both slots that nothing is there. */
    private void assertEachJournalIsForced() {
        for (int i = changes.indexOf("journal") + 1; i < changes.size(); i++) {
            if (changes.get(i).equals("journal")) {
                assertThat(changes.get(i - 1)).isEqualTo("force data");
                assertThat(changes.get(i + 1)).isEqualTo("force journal");
            }
        }
    }

    @Test
    void forcesEachOfTheParts() { // 56
        RangeFile file = RangeFile.ofSize(2 << 20);
        try (Origin origin = Origin.of(file)) {
            List<String> forced = Collections.synchronizedList(new ArrayList<>());
            run(origin.download(destination)
                    .segments(2)
                    .durability(Durability.POWER_LOSS)
                    .disk(SpoiledDisk.beforeEach((name, change, position) -> {
                        if (change == Change.FORCE) {
                            forced.add(name.getFileName().toString());
                        }
                    })));

            // Both channels and the journal, then all of the file, and that it is right, before it gets its name.
            assertThat(forced)
                    .endsWith(
                            "file.bin.part", "file.bin.part", "file.bin.part.hr", "file.bin.part", "file.bin.part.hr");
        }
    }

    @Test
    void forcesNothingBeforeTheEndForTheDeathOfAProcess() { // 56
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            failureOf(origin.download(destination).disk(recording()).maxRetries(0));
            assertThat(changes).doesNotContain("force data", "force journal");

            run(origin.download(destination).disk(recording()));
            assertThat(changes.stream().filter("force data"::equals)).hasSize(1);
            assertThat(changes).endsWith("force data", "journal");
        }
    }

    /** Of this many bytes, counted from where the journal says the last one is, the disk has only zeros. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4096, 65_536, 100_000, DONE})
    void startsOverWhenTheLastBytesAreZeros(int lost) throws IOException { // 56
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);
            zero(DONE - lost, lost);

            assertThat(run(origin.comparing(destination)).restarts()).isOne();
            assertIs(file, destination);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "4096, 1", "100000, 1", "199999, 1", "200000, 0"})
    void goesOnFromWhereTheFileEnds(int lost, int resumed) throws IOException { // 56, 57
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);
            cut(DONE - lost);

            assertThat(run(origin.comparing(destination)).resumedFrom()).isEqualTo((long) resumed * (DONE - lost));
            assertIs(file, destination);
        }
    }

    @Test
    void findsZerosAtTheNewEndOfAFileThatWasCutAsWell() throws IOException { // 56
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);
            zero(100_000, 50_000);
            cut(150_000);

            assertThat(run(origin.comparing(destination)).restarts()).isOne();
            assertIs(file, destination);
        }
    }

    @Test
    void leavesAHoleThatTheOverlapDoesNotCoverToTheDigest() throws IOException { // 56, 46
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);
            zero(50_000, 4096);

            Downloaded result = run(origin.comparing(destination).expect(Digest.sha256(file.sha256())));

            assertThat(result.restarts()).isOne();
            assertThat(result.resumed()).isFalse();
            assertIs(file, destination);
        }
    }

    @Test
    void comparesTheEndOfAPart() throws IOException { // 56, 69
        RangeFile file = RangeFile.ofSize(2 << 20);
        try (Origin origin = Origin.of(file.cutAfter(DONE).always())) {
            failureOf(origin.comparing(destination).identity("it").segments(2).maxRetries(0));
        }
        // How far each has come depends on which of them was cut first.
        Stretch part = furthest();
        assertThat(part.done() - part.start()).isGreaterThan(100);
        zero(part.done() - 100, 100);
        try (Origin origin = Origin.of(file)) {
            assertThat(run(origin.comparing(destination).identity("it").segments(2))
                            .restarts())
                    .isPositive();

            assertIs(file, destination);
        }
    }

    /** The part that has the most bytes, as the journal says. */
    private Stretch furthest() throws IOException {
        try (FileChannel file = FileChannel.open(journal(destination), StandardOpenOption.READ)) {
            JournalEntry entry = Objects.requireNonNull(new Journal<>(JournalEntry.SLOTS, file).read());
            return entry.stretches().stream()
                    .max(Comparator.comparingLong(stretch -> stretch.done() - stretch.start()))
                    .orElseThrow();
        }
    }

    private void zero(long from, int bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(part(destination), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(bytes), from);
        }
    }

    private void cut(long length) throws IOException {
        try (FileChannel channel = FileChannel.open(part(destination), StandardOpenOption.WRITE)) {
            channel.truncate(length);
        }
    }
}
