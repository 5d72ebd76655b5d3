package dev.headrace.transfer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * How an entry of a journal stands in a slot: magic, version, sequence, owner, length of the content, CRC32C of all of these and the
 * content, the content; zeros up to the size of the slot.
 *
 * @param <E> the entries
 */
final class SlotFormat<E> {

    /** Where the owner stands in a slot. */
    static final int OWNER_AT = 16;

    private static final int LENGTH_AT = OWNER_AT + Long.BYTES;
    private static final int CHECKED_HEAD = LENGTH_AT + Integer.BYTES;
    private static final int HEAD = CHECKED_HEAD + Integer.BYTES;

    private final int magic;
    private final int version;
    private final int size;
    private final BiConsumer<E, ByteBuffer> writer;
    private final Function<ByteBuffer, @Nullable E> reader;

    /**
     * Makes a format.
     *
     * @param writer puts an entry into a buffer
     * @param reader takes it out again; null if it makes no sense
     */
    SlotFormat(
            int magic,
            int version,
            int size,
            BiConsumer<E, ByteBuffer> writer,
            Function<ByteBuffer, @Nullable E> reader) {
        this.magic = magic;
        this.version = version;
        this.size = size;
        this.writer = writer;
        this.reader = reader;
    }

    /** An entry together with its place in the order of writing. */
    record Numbered<E>(long sequence, E entry) {}

    /** Bytes of a slot. */
    int size() {
        return size;
    }

    /** A buffer for {@link #fill}. */
    ByteBuffer newSlot() {
        return ByteBuffer.allocate(size);
    }

    /** Makes a buffer of {@link #newSlot}, whatever it held, hold an entry; from its first byte to its last. */
    ByteBuffer fill(ByteBuffer slot, E entry, long sequence, long owner) {
        writer.accept(entry, slot.clear().position(HEAD));
        int length = slot.position() - HEAD;
        while (slot.hasRemaining()) {
            slot.put((byte) 0);
        }
        slot.putInt(0, magic).putInt(4, version).putLong(8, sequence).putLong(OWNER_AT, owner);
        slot.putInt(LENGTH_AT, length).putInt(CHECKED_HEAD, checksum(slot, length));
        return slot.clear();
    }

    /** The entry of a slot, or null if it is torn, was never written, or is of another version. */
    @Nullable
    Numbered<E> fromSlot(ByteBuffer slot) {
        if (slot.remaining() < size || slot.getInt(0) != magic || slot.getInt(4) != version) {
            return null;
        }
        int length = slot.getInt(LENGTH_AT);
        if (length < 0 || length > size - HEAD || slot.getInt(CHECKED_HEAD) != checksum(slot, length)) {
            return null;
        }
        E entry = reader.apply(slot.duplicate().position(HEAD));
        return entry == null ? null : new Numbered<>(slot.getLong(8), entry);
    }

    /** Whether a slot was written by a later version of this library, which then is the only one that understands the journal. */
    boolean isOfLaterVersion(ByteBuffer slot) {
        return slot.remaining() >= size && slot.getInt(0) == magic && slot.getInt(4) > version;
    }

    private static int checksum(ByteBuffer slot, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(slot.duplicate().position(0).limit(CHECKED_HEAD));
        checksum.update(slot.duplicate().position(HEAD).limit(HEAD + length));
        return (int) checksum.getValue();
    }

    static void putText(ByteBuffer slot, @Nullable String text) {
        if (text == null) {
            slot.putShort((short) -1);
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        slot.putShort((short) bytes.length).put(bytes);
    }

    static @Nullable String getText(ByteBuffer content) {
        int length = content.getShort();
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        content.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
