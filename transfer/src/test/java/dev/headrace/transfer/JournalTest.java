package dev.headrace.transfer;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.transfer.JournalEntry.Stretch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
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
            List.of(new Stretch(0, 1_000, 5_000_000, 77), new Stretch(5_000_000, 5_000_000, -1, null)),
            "name.iso",
            "md5:00",
            -1);
    private static final JournalEntry SECOND = done(2_000);

    private static JournalEntry done(long bytes) {
        return FIRST.stretches(
                List.of(new Stretch(0, bytes, 5_000_000, 78), new Stretch(5_000_000, 5_000_000, -1, null)));
    }

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
        Journal<JournalEntry> journal = new Journal<>(JournalEntry.SLOTS, file);

        for (int i = 1; i <= 5; i++) {
            journal.write(done(i));

            assertThat(new Journal<>(JournalEntry.SLOTS, file).read()).isEqualTo(done(i));
        }
        assertThat(file.size()).isEqualTo(2 * JournalEntry.SLOT_SIZE);
    }

    @Test
    void leavesNothingOfALongerEntryBehindAShorterOne() throws IOException {
        ByteBuffer fresh = JournalEntry.SLOTS.fill(JournalEntry.SLOTS.newSlot(), FIRST, 1, 1);
        ByteBuffer used = JournalEntry.SLOTS.newSlot();
        JournalEntry.SLOTS.fill(used, longest(), 9, 1);

        assertThat(JournalEntry.SLOTS.fill(used, FIRST, 1, 1)).isEqualTo(fresh);
    }

    @Test
    void goesOnCountingWhereAnEarlierRunStopped() throws IOException {
        new Journal<>(JournalEntry.SLOTS, file).restart(FIRST);
        Journal<JournalEntry> later = new Journal<>(JournalEntry.SLOTS, file);
        assertThat(later.read()).isEqualTo(FIRST);

        later.write(SECOND);

        assertThat(new Journal<>(JournalEntry.SLOTS, file).read()).isEqualTo(SECOND);
    }

    @Test
    void keepsTheEntryBeforeWhenTheNextOneIsTornAtAnyByte() throws IOException { // 57
        for (int torn = 0; torn < JournalEntry.SLOT_SIZE; torn++) {
            Journal<JournalEntry> journal = new Journal<>(JournalEntry.SLOTS, file);
            journal.restart(done(500));
            journal.write(FIRST);
            ByteBuffer next = JournalEntry.SLOTS.fill(JournalEntry.SLOTS.newSlot(), SECOND, 4, 1);

            file.write(next.slice(0, torn), 0);

            ByteBuffer onDisk = ByteBuffer.allocate(JournalEntry.SLOT_SIZE);
            file.read(onDisk, 0);
            // The last bytes that differ may come before the last bytes of all.
            boolean whole = onDisk.flip().equals(next);
            assertThat(new Journal<>(JournalEntry.SLOTS, file).read())
                    .as("torn after %d bytes", torn)
                    .isEqualTo(whole ? SECOND : FIRST);
            file.truncate(0);
        }
    }

    @Test
    void knowsNothingWhenTheVeryFirstEntryIsTorn() throws IOException { // 57
        ByteBuffer slot = JournalEntry.SLOTS.fill(JournalEntry.SLOTS.newSlot(), FIRST, 1, 1);
        for (int torn = 0; !isWhole(slot, torn); torn++) {
            file.truncate(0);
            file.write(slot.slice(0, torn), JournalEntry.SLOT_SIZE);

            assertThat(new Journal<>(JournalEntry.SLOTS, file).read())
                    .as("torn after %d bytes", torn)
                    .isNull();
        }
    }

    @Test
    void believesNoSlotWithASingleWrongBit() {
        ByteBuffer slot = JournalEntry.SLOTS.fill(JournalEntry.SLOTS.newSlot(), FIRST, 1, 1);
        int content = 32 + slot.getInt(24);
        for (int bit = 0; bit < 8 * content; bit++) {
            ByteBuffer spoiled =
                    ByteBuffer.allocate(slot.capacity()).put(slot.duplicate()).flip();
            spoiled.put(bit / 8, (byte) (slot.get(bit / 8) ^ 1 << bit % 8));

            assertThat(JournalEntry.SLOTS.fromSlot(spoiled)).as("bit %d", bit).isNull();
        }
    }

    @Test
    void leavesWhatALaterVersionWroteAlone() throws IOException { // 57
        new Journal<>(JournalEntry.SLOTS, file).restart(FIRST);
        file.write(ByteBuffer.allocate(4).putInt(0, 3), 4);

        assertThat(new Journal<>(JournalEntry.SLOTS, file).read()).isNull();
    }

    @Test
    void hasRoomForTheLongestEntry() {
        JournalEntry longest = longest();

        assertThat(JournalEntry.SLOTS.fromSlot(
                        JournalEntry.SLOTS.fill(JournalEntry.SLOTS.newSlot(), longest, Long.MAX_VALUE, Long.MIN_VALUE)))
                .isEqualTo(new SlotFormat.Numbered<>(Long.MAX_VALUE, longest));
    }

    private static JournalEntry longest() {
        return new JournalEntry(
                "x".repeat(1024),
                new Validator("x".repeat(1024), "x".repeat(64), "x".repeat(64)),
                JournalEntry.IDENTITY,
                Long.MAX_VALUE,
                Collections.nCopies(
                        JournalEntry.MOST_STRETCHES, new Stretch(0, Long.MAX_VALUE, Long.MAX_VALUE, Integer.MIN_VALUE)),
                "x".repeat(255),
                "sha512:" + "0".repeat(128),
                Long.MAX_VALUE);
    }

    /** Behind the content of a slot there are zeros only: without them it is whole all the same. */
    private static boolean isWhole(ByteBuffer slot, int written) {
        return written >= 24 + slot.getInt(16);
    }
}
