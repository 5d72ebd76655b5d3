package dev.headrace.transfer;

import dev.headrace.transfer.SentPrefix.Proof;
import dev.headrace.transfer.UploadSource.Identity;
import java.nio.ByteBuffer;
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

    static final SlotFormat<UploadEntry> SLOTS =
            new SlotFormat<>(0x4852554C /* HRUL */, 1, SLOT_SIZE, UploadEntry::write, UploadEntry::read);

    UploadEntry sent(Proof proof) {
        return new UploadEntry(request, url, source, proof);
    }

    /** Whether it fits into a slot. */
    boolean fits() {
        return request.length() + url.length() + source.key().length() <= TEXT_LIMIT / 3;
    }

    private void write(ByteBuffer slot) {
        SlotFormat.putText(slot, request);
        SlotFormat.putText(slot, url);
        SlotFormat.putText(slot, source.key());
        slot.putLong(source.length()).putLong(source.modifiedNanos());
        slot.putLong(sent.bytes()).putInt(sent.crc());
    }

    private static @Nullable UploadEntry read(ByteBuffer content) {
        String request = SlotFormat.getText(content);
        String url = SlotFormat.getText(content);
        String key = SlotFormat.getText(content);
        if (request == null || url == null || key == null) {
            return null;
        }
        Identity source = new Identity(content.getLong(), content.getLong(), key);
        return new UploadEntry(request, url, source, new Proof(content.getLong(), content.getInt()));
    }
}
