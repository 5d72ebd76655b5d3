package dev.headrace.transfer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What is known about the bytes of a part file: which request they answer, which version of the content they are, and how many
 * of them can be relied on. It is written when the bytes are, because nothing the remote says later can tell what old bytes were.
 *
 * @param request method and URI without secrets
 * @param validator version of the content, from the response that brought the first byte
 * @param coding content coding of the bytes; always {@code identity} so far
 * @param total length of the whole, or -1 while it is unknown
 * @param done bytes from the beginning that have been written
 * @param expected text of the digest asked for, if one was
 * @param verifiedAt the part file's modification time in milliseconds once all checks are passed and only the rename is left; -1
 *     before
 */
record JournalEntry(
        String request,
        Validator validator,
        String coding,
        long total,
        long done,
        @Nullable String expected,
        long verifiedAt) {

    static final String IDENTITY = "identity";
    static final int SLOT_SIZE = 4096;

    private static final int MAGIC = 0x48524A4C; // HRJL
    private static final int VERSION = 1;
    private static final int CHECKED_HEAD = 4 + 4 + 8 + 4;
    private static final int HEAD = CHECKED_HEAD + 4;

    /** An entry together with its place in the order of writing. */
    record Numbered(long sequence, JournalEntry entry) {}

    JournalEntry done(long bytes) {
        return new JournalEntry(request, validator, coding, total, bytes, expected, -1);
    }

    JournalEntry total(long bytes) {
        return new JournalEntry(request, validator, coding, bytes, done, expected, -1);
    }

    JournalEntry expecting(String digest) {
        return new JournalEntry(request, validator, coding, total, done, digest, -1);
    }

    JournalEntry verified(long modifiedAtMillis) {
        return new JournalEntry(request, validator, coding, total, done, expected, modifiedAtMillis);
    }

    /**
     * One slot of the journal: magic, version, sequence, length of the content, CRC32C of all of these and the content; zeros up to
     * 4 KiB.
     */
    ByteBuffer toSlot(long sequence) {
        ByteBuffer slot = ByteBuffer.allocate(SLOT_SIZE);
        slot.position(HEAD);
        putText(slot, request);
        putText(slot, validator.etag());
        putText(slot, validator.lastModified());
        putText(slot, validator.date());
        putText(slot, coding);
        putText(slot, expected);
        slot.putLong(total).putLong(done).putLong(verifiedAt);
        int length = slot.position() - HEAD;
        slot.putInt(0, MAGIC).putInt(4, VERSION).putLong(8, sequence).putInt(16, length);
        slot.putInt(CHECKED_HEAD, checksum(slot, length));
        return slot.clear();
    }

    /** The entry of a slot, or null if it is torn, was never written, or is of another version. */
    static @Nullable Numbered fromSlot(ByteBuffer slot) {
        if (slot.remaining() < SLOT_SIZE || slot.getInt(0) != MAGIC || slot.getInt(4) != VERSION) {
            return null;
        }
        int length = slot.getInt(16);
        if (length < 0 || length > SLOT_SIZE - HEAD || slot.getInt(CHECKED_HEAD) != checksum(slot, length)) {
            return null;
        }
        ByteBuffer content = slot.duplicate().position(HEAD);
        String request = getText(content);
        Validator validator = new Validator(getText(content), getText(content), getText(content));
        String coding = getText(content);
        String expected = getText(content);
        return request == null || coding == null
                ? null
                : new Numbered(
                        slot.getLong(8),
                        new JournalEntry(
                                request,
                                validator,
                                coding,
                                content.getLong(),
                                content.getLong(),
                                expected,
                                content.getLong()));
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
