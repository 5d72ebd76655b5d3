package dev.headrace.transfer;

import dev.headrace.transfer.SentPrefix.Proof;
import dev.headrace.transfer.UploadSource.Identity;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What must be known to go on with an upload in another process.
 *
 * @param request method and target of its creation, without secrets
 * @param url where the server has it
 * @param source the source as it was when the upload began
 * @param sent bytes that were read for sending, and their checksum; somewhat more may have been
 */
record UploadEntry(String request, String url, Identity source, Proof sent) {

    static final int SLOT_SIZE = 16 * 1024;
    /** What the texts of an entry may have together, in bytes. */
    static final int TEXT_LIMIT = 15 * 1024;

    private static final int MAGIC = 0x4852554C; // HRUL
    private static final int VERSION = 1;
    private static final int CHECKED_HEAD = 4 + 4 + 8 + 4;
    private static final int HEAD = CHECKED_HEAD + 4;

    /** An entry together with its place in the order of writing. */
    record Numbered(long sequence, UploadEntry entry) {}

    UploadEntry sent(Proof proof) {
        return new UploadEntry(request, url, source, proof);
    }

    /** Whether it fits into a slot. */
    boolean fits() {
        return request.length() + url.length() + source.key().length() <= TEXT_LIMIT / 3;
    }

    /** One slot: magic, version, sequence, length of the content, CRC32C of all of these and the content; zeros up to 16 KiB. */
    ByteBuffer toSlot(long sequence) {
        ByteBuffer slot = ByteBuffer.allocate(SLOT_SIZE);
        slot.position(HEAD);
        putText(slot, request);
        putText(slot, url);
        putText(slot, source.key());
        slot.putLong(source.length()).putLong(source.modifiedNanos());
        slot.putLong(sent.bytes()).putInt(sent.crc());
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
        String url = getText(content);
        String key = getText(content);
        Identity source = new Identity(content.getLong(), content.getLong(), key);
        return new Numbered(
                slot.getLong(8), new UploadEntry(request, url, source, new Proof(content.getLong(), content.getInt())));
    }

    private static int checksum(ByteBuffer slot, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(slot.duplicate().position(0).limit(CHECKED_HEAD));
        checksum.update(slot.duplicate().position(HEAD).limit(HEAD + length));
        return (int) checksum.getValue();
    }

    private static void putText(ByteBuffer slot, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        slot.putShort((short) bytes.length).put(bytes);
    }

    private static String getText(ByteBuffer content) {
        byte[] bytes = new byte[content.getShort()];
        content.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
