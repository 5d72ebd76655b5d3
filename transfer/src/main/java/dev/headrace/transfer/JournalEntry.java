package dev.headrace.transfer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
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

    private static final int MAGIC = 0x48524A4C; // HRJL
    private static final int VERSION = 2;
    private static final int CHECKED_HEAD = 4 + 4 + 8 + 8 + 4;
    private static final int HEAD = CHECKED_HEAD + 4;

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

    /**
     * An entry together with its place in the order of writing.
     */
    record Numbered(long sequence, JournalEntry entry) {}

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

    /**
     * One slot of the journal: magic, version, sequence, owner, length of the content, CRC32C of all of these and the content; zeros up
     * to 4 KiB.
     */
    ByteBuffer toSlot(long sequence, long owner) {
        ByteBuffer slot = ByteBuffer.allocate(SLOT_SIZE);
        slot.position(HEAD);
        putText(slot, request);
        putText(slot, validator.etag());
        putText(slot, validator.lastModified());
        putText(slot, validator.date());
        putText(slot, coding);
        putText(slot, name);
        putText(slot, expected);
        slot.putLong(total).putLong(verifiedAt).putInt(stretches.size());
        for (Stretch stretch : stretches) {
            slot.putLong(stretch.start()).putLong(stretch.done()).putLong(stretch.end());
            Integer checksum = stretch.checksum();
            slot.put((byte) (checksum == null ? 0 : 1)).putInt(checksum == null ? 0 : checksum);
        }
        int length = slot.position() - HEAD;
        slot.putInt(0, MAGIC)
                .putInt(4, VERSION)
                .putLong(8, sequence)
                .putLong(16, owner)
                .putInt(24, length);
        slot.putInt(CHECKED_HEAD, checksum(slot, length));
        return slot.clear();
    }

    /** The entry of a slot, or null if it is torn, was never written, or is of another version. */
    static @Nullable Numbered fromSlot(ByteBuffer slot) {
        if (slot.remaining() < SLOT_SIZE || slot.getInt(0) != MAGIC || slot.getInt(4) != VERSION) {
            return null;
        }
        int length = slot.getInt(24);
        if (length < 0 || length > SLOT_SIZE - HEAD || slot.getInt(CHECKED_HEAD) != checksum(slot, length)) {
            return null;
        }
        JournalEntry entry = read(slot.duplicate().position(HEAD));
        return entry == null ? null : new Numbered(slot.getLong(8), entry);
    }

    private static @Nullable JournalEntry read(ByteBuffer content) {
        String request = getText(content);
        Validator validator = new Validator(getText(content), getText(content), getText(content));
        String coding = getText(content);
        String name = getText(content);
        String expected = getText(content);
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

    /** Whether a slot was written by a later version of this library, which then is the only one that understands the journal. */
    static boolean isOfLaterVersion(ByteBuffer slot) {
        return slot.remaining() >= SLOT_SIZE && slot.getInt(0) == MAGIC && slot.getInt(4) > VERSION;
    }

    private static int checksum(ByteBuffer slot, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(slot.duplicate().position(0).limit(CHECKED_HEAD));
        checksum.update(slot.duplicate().position(HEAD).limit(HEAD + length));
        return (int) checksum.getValue();
    }

    private static void putText(ByteBuffer slot, @Nullable String text) {
        if (text == null) {
            slot.putShort((short) -1);
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        slot.putShort((short) bytes.length).put(bytes);
    }

    private static @Nullable String getText(ByteBuffer content) {
        int length = content.getShort();
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        content.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
