package dev.headrace.transfer;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

    private static final JournalEntry FIRST = new JournalEntry(
            "GET /file",
            new Validator("\"v1\"", "Tue, 15 Nov 1994 12:45:26 GMT", null),
            JournalEntry.IDENTITY,
            5_000_000_000L,
            1_000,
            "md5:00",
            -1);
    private static final JournalEntry SECOND = FIRST.done(2_000);

    @TempDir
    private Path directory;

    private FileChannel file;

    @BeforeEach
    void open() throws IOException {
        file = FileChannel.open(directory.resolve("journal"), CREATE, READ, WRITE);
    }

    @AfterEach
    void close() throws IOException {
        file.close();
    }

    @Test
    void knowsTheLastOfWhatWasWritten() throws IOException {
        Journal journal = new Journal(file);

        for (int i = 1; i <= 5; i++) {
            journal.write(FIRST.done(i));

            assertThat(new Journal(file).read()).isEqualTo(FIRST.done(i));
        }
        assertThat(file.size()).isEqualTo(2 * JournalEntry.SLOT_SIZE);
    }

    @Test
    void goesOnCountingWhereAnEarlierRunStopped() throws IOException {
        new Journal(file).restart(FIRST);
        Journal later = new Journal(file);
        assertThat(later.read()).isEqualTo(FIRST);

        later.write(SECOND);

        assertThat(new Journal(file).read()).isEqualTo(SECOND);
    }

    @Test
    void keepsTheEntryBeforeWhenTheNextOneIsTornAtAnyByte() throws IOException { // 57
        for (int torn = 0; torn < JournalEntry.SLOT_SIZE; torn++) {
            Journal journal = new Journal(file);
            journal.restart(FIRST.done(500));
            journal.write(FIRST);
            ByteBuffer next = SECOND.toSlot(4);

            file.write(next.slice(0, torn), 0);

            ByteBuffer onDisk = ByteBuffer.allocate(JournalEntry.SLOT_SIZE);
            file.read(onDisk, 0);
            // The last bytes that differ may come before the last bytes of all.
            boolean whole = onDisk.flip().equals(next);
            assertThat(new Journal(file).read()).as("torn after %d bytes", torn).isEqualTo(whole ? SECOND : FIRST);
            file.truncate(0);
        }
    }

    @Test
    void knowsNothingWhenTheVeryFirstEntryIsTorn() throws IOException { // 57
        ByteBuffer slot = FIRST.toSlot(1);
        for (int torn = 0; !isWhole(slot, torn); torn++) {
            file.truncate(0);
            file.write(slot.slice(0, torn), JournalEntry.SLOT_SIZE);

            assertThat(new Journal(file).read()).as("torn after %d bytes", torn).isNull();
        }
    }

    @Test
    void believesNoSlotWithASingleWrongBit() {
        ByteBuffer slot = FIRST.toSlot(1);
        int content = 24 + slot.getInt(16);
        for (int bit = 0; bit < 8 * content; bit++) {
            ByteBuffer spoiled =
                    ByteBuffer.allocate(slot.capacity()).put(slot.duplicate()).flip();
            spoiled.put(bit / 8, (byte) (slot.get(bit / 8) ^ 1 << bit % 8));

            assertThat(JournalEntry.fromSlot(spoiled)).as("bit %d", bit).isNull();
        }
    }

    @Test
    void leavesWhatALaterVersionWroteAlone() throws IOException { // 57
        new Journal(file).restart(FIRST);
        file.write(ByteBuffer.allocate(4).putInt(0, 2), 4);

        assertThat(new Journal(file).read()).isNull();
    }

    @Test
    void hasRoomForTheLongestEntry() {
        JournalEntry longest = new JournalEntry(
                "x".repeat(1024),
                new Validator("x".repeat(1024), "x".repeat(64), "x".repeat(64)),
                JournalEntry.IDENTITY,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                "sha512:" + "0".repeat(128),
                Long.MAX_VALUE);

        assertThat(JournalEntry.fromSlot(longest.toSlot(Long.MAX_VALUE)))
                .isEqualTo(new JournalEntry.Numbered(Long.MAX_VALUE, longest));
    }

    /** Behind the content of a slot there are zeros only: without them it is whole all the same. */
    private static boolean isWhole(ByteBuffer slot, int written) {
        return written >= 24 + slot.getInt(16);
    }
}
