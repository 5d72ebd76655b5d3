package dev.headrace.transfer;

import static dev.headrace.transfer.Origin.assertIs;
import static dev.headrace.transfer.Origin.failureOf;
import static dev.headrace.transfer.Origin.journal;
import static dev.headrace.transfer.Origin.part;
import static dev.headrace.transfer.Origin.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.test.RangeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What downloads do by default: the last bytes come again, and lengths that do not fit are found out. */
class OverlapTest {

    private static final int SIZE = 3_000_000;
    private static final int DONE = 1_000_000;

    @TempDir
    private Path directory;

    private Path destination;

    @BeforeEach
    void name() {
        destination = directory.resolve("file.bin");
    }

    @ParameterizedTest
    @CsvSource({
        // Rounded so that it begins at a multiple of 64 KiB.
        "1000000, 65536, 917504",
        "1000000, 1, 983040",
        "1000000, 0, 1000000",
        "1000000, 900000, 65536",
        "1000000, 5000000, 0",
        "983040, 65536, 917504",
        "1000, 65536, 0"
    })
    void asksForTheLastBytesAgain(int done, int overlap, int from) { // 17, 31
        RangeFile file = RangeFile.ofSize(SIZE).cutting(done);
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);

            Downloaded result = run(origin.comparing(destination).overlap(overlap));

            assertThat(origin.ranges()).containsExactly("", "bytes=" + from + "-");
            assertThat(result.resumedFrom()).isEqualTo(done);
            assertThat(result.bytes()).isEqualTo(SIZE - done);
            assertThat(result.restarts()).isZero();
            assertIs(file, destination);
        }
    }

    @Test
    void asksForTheRestOfShortPartsAlsoWhenItCompares() { // 33
        RangeFile file =
                RangeFile.ofSize(SIZE).cutting(DONE).shorteningRanges(700_000).always();
        try (Origin origin = Origin.of(file)) {
            Downloaded result = run(origin.comparing(destination));

            assertIs(file, destination);
            assertThat(result.bytes()).isEqualTo(SIZE);
            assertThat(result.restarts()).isZero();
        }
    }

    @Test
    void goesOnWherePartsAreShorterThanTheOverlap() { // 33
        RangeFile file = RangeFile.ofSize(SIZE)
                .cutting(2_950_000)
                .shorteningRanges(50_000)
                .always();
        try (Origin origin = Origin.of(file)) {
            Downloaded result = run(origin.comparing(destination));

            assertIs(file, destination);
            assertThat(result.restarts()).isZero();
        }
    }

    @Test
    void findsAMirrorThatSendsOtherBytesUnderTheSameHeaders() { // 46
        RangeFile file = RangeFile.ofSize(SIZE)
                .cutting(DONE)
                .sendingBytesOf(2)
                .onRequest(2)
                .once();
        try (Origin origin = Origin.of(file)) {
            Downloaded result = run(origin.comparing(destination));

            assertIs(file, destination);
            assertThat(result.restarts()).isOne();
        }
    }

    @Test
    void givesUpWhenTheDigestIsWrongTwice() { // 46
        RangeFile file = RangeFile.ofSize(SIZE).cutting(DONE).sendingBytesOf(2).always();
        try (Origin origin = Origin.of(file)) {
            Download download = origin.download(destination).expect(Digest.sha256(file.sha256()));

            assertThat(failureOf(download)).isInstanceOf(DigestMismatchException.class);

            assertThat(origin.ranges()).containsExactly("", "bytes=1000000-", "");
            Origin.assertOnly(directory);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void learnsTheTotalAtTheEndWhenNobodyEverSaysIt(boolean comparing) { // 35
        RangeFile file = RangeFile.ofSize(SIZE)
                .chunked()
                .always()
                .cutting(DONE)
                .hidingTotal()
                .always();
        try (Origin origin = Origin.of(file)) {
            Download download = comparing ? origin.comparing(destination) : origin.download(destination);

            assertThat(run(download).totalBytes()).isEqualTo(SIZE);

            assertIs(file, destination);
            assertThat(origin.ranges().get(1)).isEqualTo("bytes=1000000-");
        }
    }

    @Test
    void takesThePartWithoutATotalForCompleteWhenTheSizeIsExpected() { // 35
        RangeFile file = RangeFile.ofSize(SIZE)
                .chunked()
                .always()
                .cutting(DONE)
                .hidingTotal()
                .always();
        try (Origin origin = Origin.of(file)) {
            assertThat(run(origin.download(destination).expectSize(SIZE)).requests())
                    .isEqualTo(2);
            assertIs(file, destination);
        }
    }

    @Test
    void isNotDoneWhenTheRangeIsRefusedWithoutALengthThoughNothingIsMissing() { // 23
        RangeFile file = RangeFile.ofSize(SIZE)
                .closeDelimited()
                .onRequest(1)
                .once()
                .failing(416)
                .onRequest(2)
                .once();
        try (Origin origin = Origin.of(file)) {
            assertThat(failureOf(origin.download(destination))).isInstanceOf(UnverifiableLengthException.class);

            Downloaded result = run(origin.download(destination));

            assertThat(origin.ranges()).containsExactly("", "bytes=3000000-", "");
            assertThat(result.resumedFrom()).isEqualTo(SIZE);
            assertThat(result.bytes()).isZero();
            assertIs(file, destination);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {DONE + 1, SIZE})
    void asksPlainlyWhenTheRangeIsRefusedAndMoreIsSaidToBeThere(long claimed) { // 22
        RangeFile file = RangeFile.ofSize(SIZE)
                .chunked()
                .always()
                .cutting(DONE)
                .unsatisfiable(claimed)
                .onRequest(2)
                .once();
        try (Origin origin = Origin.of(file)) {
            Downloaded result = run(origin.download(destination));

            assertThat(origin.ranges()).containsExactly("", "bytes=1000000-", "");
            assertThat(result.restarts()).isZero();
            assertIs(file, destination);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {DONE - 1, DONE / 2, 1})
    void startsOverWhenMoreIsOnDiskThanTheWholeHas(long total) throws IOException { // 25
        RangeFile whole = RangeFile.ofSize(total);
        RangeFile longer = RangeFile.ofSize(SIZE).etag(whole.etag()).cutting(DONE);
        try (Origin origin = Origin.of(longer)) {
            failureOf(origin.download(destination).identity("it").maxRetries(0));
        }
        claimTotal(total);
        try (Origin origin = Origin.of(whole)) {
            Downloaded result = run(origin.download(destination).identity("it"));

            assertThat(result.resumed()).isFalse();
            assertThat(result.restarts()).isOne();
            assertIs(whole, destination);
        }
    }

    /** A journal that says of the whole that it is shorter than what has come. */
    private void claimTotal(long total) throws IOException {
        try (FileChannel file =
                FileChannel.open(journal(destination), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer slot = ByteBuffer.allocate(JournalEntry.SLOT_SIZE);
            file.read(slot, 0);
            JournalEntry entry = Objects.requireNonNull(JournalEntry.SLOTS.fromSlot(slot.flip()))
                    .entry();
            JournalEntry wrong = entry.stretches(List.of(new JournalEntry.Stretch(0, DONE, -1, null)))
                    .total(total);
            file.write(JournalEntry.SLOTS.fill(JournalEntry.SLOTS.newSlot(), wrong, 100, 1), 0);
            file.write(JournalEntry.SLOTS.fill(JournalEntry.SLOTS.newSlot(), wrong, 101, 1), JournalEntry.SLOT_SIZE);
        }
        assertThat(part(destination)).hasSize(DONE);
    }

    @Test
    void startsOverWhenLessIsExpectedThanIsOnDisk() { // 25
        RangeFile file = RangeFile.ofSize(SIZE).chunked().always().cutting(DONE);
        try (Origin origin = Origin.of(file)) {
            origin.interruptedRun(destination);
            file.replaceWith(DONE / 2, 2);

            Downloaded result = run(origin.download(destination).expectSize(DONE / 2));

            assertThat(result.resumed()).isFalse();
            assertIs(file, destination);
        }
    }
}
