package dev.headrace.transfer;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known about the bytes of a part file: which request they answer, which version of the content they are, and which
 * of them can be relied on. It is written when the bytes are, because nothing the remote says later can tell what old bytes were.
 *
 * @param request method and URI without secrets
 * @param validator version of the content, from the response that brought the first byte
 * @param coding content coding the bytes had on the wire; other than {@code identity} they cannot be gone on with
 * @param total length of the whole, or -1 while it is unknown
 * @param stretches which bytes have been written and who goes on where; in order, and they do not overlap
 * @param name what the remote calls the file, if it is to be called that
 * @param expected text of the digest the whole must have, if one is known
 * @param verifiedAt the part file's modification time in milliseconds once all checks are passed and only the rename is left; -1
 *     before
 */
record JournalEntry(
        String request,
        Validator validator,
        String coding,
        long total,
        List<Stretch> stretches,
        @Nullable String name,
        @Nullable String expected,
        long verifiedAt) {

    static final String IDENTITY = "identity";
    static final int SLOT_SIZE = 4096;
    static final int MOST_STRETCHES = 32;

    static final SlotFormat<JournalEntry> SLOTS =
            new SlotFormat<>(0x48524A4C /* HRJL */, 2, SLOT_SIZE, JournalEntry::write, JournalEntry::read);

    /**
     * One extent of the file.
     *
     * @param start its first byte
     * @param done the byte after the last that has been written
     * @param end the byte after its last, or -1 while that is unknown
     * @param checksum CRC-32C of its bytes from start to done, if one is kept
     */
    record Stretch(
            long start, long done, long end, @Nullable Integer checksum) {

        Stretch {
            if (start < 0 || done < start || end >= 0 && done > end) {
                throw new IllegalArgumentException("Not an extent: " + start + ", " + done + ", " + end);
            }
        }
    }

    JournalEntry {
        stretches = List.copyOf(stretches);
    }

    /** Bytes that have been written, all stretches together. */
    long done() {
        return stretches.stream()
                .mapToLong(stretch -> stretch.done() - stretch.start())
                .sum();
    }

    JournalEntry stretches(List<Stretch> now) {
        return new JournalEntry(request, validator, coding, total, now, name, expected, -1);
    }

    JournalEntry of(Validator version) {
        return new JournalEntry(request, version, coding, total, stretches, name, expected, -1);
    }

    JournalEntry total(long bytes) {
        return new JournalEntry(request, validator, coding, bytes, stretches, name, expected, -1);
    }

    JournalEntry expecting(@Nullable String digest) {
        return new JournalEntry(request, validator, coding, total, stretches, name, digest, -1);
    }

    JournalEntry verified(long modifiedAtMillis) {
        return new JournalEntry(request, validator, coding, total, stretches, name, expected, modifiedAtMillis);
    }

    private void write(ByteBuffer slot) {
        SlotFormat.putText(slot, request);
        SlotFormat.putText(slot, validator.etag());
        SlotFormat.putText(slot, validator.lastModified());
        SlotFormat.putText(slot, validator.date());
        SlotFormat.putText(slot, coding);
        SlotFormat.putText(slot, name);
        SlotFormat.putText(slot, expected);
        slot.putLong(total).putLong(verifiedAt).putInt(stretches.size());
        for (Stretch stretch : stretches) {
            slot.putLong(stretch.start()).putLong(stretch.done()).putLong(stretch.end());
            Integer checksum = stretch.checksum();
            slot.put((byte) (checksum == null ? 0 : 1)).putInt(checksum == null ? 0 : checksum);
        }
    }

    private static @Nullable JournalEntry read(ByteBuffer content) {
        String request = SlotFormat.getText(content);
        Validator validator =
                new Validator(SlotFormat.getText(content), SlotFormat.getText(content), SlotFormat.getText(content));
        String coding = SlotFormat.getText(content);
        String name = SlotFormat.getText(content);
        String expected = SlotFormat.getText(content);
        long total = content.getLong();
        long verifiedAt = content.getLong();
        int count = content.getInt();
        if (request == null || coding == null || count < 0 || count > MOST_STRETCHES) {
            return null;
        }
        List<Stretch> stretches = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long start = content.getLong();
            long done = content.getLong();
            long end = content.getLong();
            boolean checked = content.get() == 1;
            int checksum = content.getInt();
            stretches.add(new Stretch(start, done, end, checked ? checksum : null));
        }
        return new JournalEntry(request, validator, coding, total, stretches, name, expected, verifiedAt);
    }
}
