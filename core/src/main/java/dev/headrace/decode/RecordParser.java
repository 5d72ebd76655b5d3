package dev.headrace.decode;

import dev.headrace.json.DecodingException;
import dev.headrace.json.RecordFinder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The items of a stream: a finder says where they lie, an {@link ItemReader} reads them.
 *
 * <p>Those that lie whole in the bytes at hand are found first, then read one by one as they are asked for. So the codec can take them as a
 * batch, and a document that is at hand is known to its end, with all that was to be captured of it, before its first item is read: the
 * request for the next page need not wait for the items of this one. What is found costs three numbers; the items themselves are not
 * read ahead, and no more than 64K are found at a time. What is wrong behind them is said after them.
 *
 * <p>Places are counted from the window's start, because its bytes may move between two calls.
 */
final class RecordParser<T> implements PullParser<T> {

    private static final int FIRST_CAPACITY = 16;
    private static final int MOST_FOUND = 64 * 1024;
    // Of an idle stream; a chunk of many small records may come once only.
    private static final int MOST_KEPT = 1024;

    private final RecordFinder finder;
    private final ItemReader<T> items;
    private final Captured captured;

    // What has been found and not read: where each begins and ends, and the hash of all up to it.
    private int[] from = {};
    private int[] to = {};
    private long[] fingerprints = {};
    private int found;
    private int read;
    private long foundAt;
    private int searched;
    private @Nullable RuntimeException failure;
    // Where the batch lies; elsewhere it must begin anew.
    private byte @Nullable [] batchArray;
    private int batchStart;

    RecordParser(RecordFinder finder, ItemReader<T> items, Captured captured) {
        this.finder = finder;
        this.items = items;
        this.captured = captured;
    }

    @Override
    public @Nullable T next(ByteWindow bytes) {
        while (read < found || find(bytes)) {
            T item = read(bytes);
            if (item != null) {
                return item;
            }
        }
        return null;
    }

    @Override
    public @Nullable T end(ByteWindow bytes) {
        while (true) {
            boolean last = finder.end(bytes.array(), bytes.start(), bytes.end());
            foundAt = finder.position() - finder.used();
            if (!last) {
                bytes.startAt(bytes.start() + finder.used());
                captured.end();
                return null;
            }
            searched = finder.used();
            note(bytes);
            if (found == 0) {
                bytes.startAt(bytes.start() + searched);
            } else {
                T item = readLast(bytes);
                if (item != null) {
                    return item;
                }
            }
        }
    }

    /** Looks for items in the bytes at hand. False if there is none. */
    private boolean find(ByteWindow bytes) {
        RuntimeException pending = failure;
        if (pending != null) {
            throw pending;
        }
        foundAt = finder.position();
        searched = 0;
        try {
            do {
                boolean one = finder.next(bytes.array(), bytes.start() + searched, bytes.end());
                searched += finder.used();
                if (!one) {
                    break;
                }
                note(bytes);
            } while (found < MOST_FOUND);
            if (finder.isComplete()) {
                captured.end();
            }
        } catch (RuntimeException e) {
            if (found == 0) {
                throw e;
            }
            failure = e;
        }
        if (found == 0) {
            bytes.startAt(bytes.start() + searched);
            return false;
        }
        beginBatch(bytes);
        return true;
    }

    /** Remembers the record that the finder has found, unless it is to be passed over. */
    private void note(ByteWindow bytes) {
        int recordFrom = finder.recordFrom();
        int recordTo = finder.recordTo();
        if (finder.isAlone()) {
            captured.itemIsAlone(bytes.array(), recordFrom, recordTo);
        }
        if (!captured.item(bytes.array(), recordFrom, recordTo)) {
            items.startAt(captured.items());
            return;
        }
        if (found == from.length) {
            reserve(Math.max(FIRST_CAPACITY, 2 * found));
        }
        from[found] = recordFrom - bytes.start();
        to[found] = recordTo - bytes.start();
        fingerprints[found] = captured.fingerprint();
        found++;
    }

    /** A last record that ends only because the stream does: if it is malformed, it may have been cut. */
    private @Nullable T readLast(ByteWindow bytes) {
        try {
            return read(bytes);
        } catch (DecodingException e) {
            throw e.asCutShort();
        }
    }

    private void reserve(int capacity) {
        from = Arrays.copyOf(from, capacity);
        to = Arrays.copyOf(to, capacity);
        fingerprints = Arrays.copyOf(fingerprints, capacity);
    }

    private @Nullable T read(ByteWindow bytes) {
        int start = bytes.start();
        if (batchArray != null && (batchArray != bytes.array() || batchStart != start)) {
            beginBatch(bytes);
        }
        int i = read;
        T item = items.read(bytes.array(), start + from[i], start + to[i], foundAt + from[i]);
        read = i + 1;
        captured.delivered(items.index(), fingerprints[i]);
        if (read == found) {
            batchArray = null;
            items.endBatch();
            found = 0;
            read = 0;
            bytes.startAt(start + searched);
            if (from.length > MOST_KEPT) {
                reserve(0);
            }
        }
        return item;
    }

    private void beginBatch(ByteWindow bytes) {
        batchArray = null;
        int left = found - read;
        if (left < 2 || !items.readsBatches()) {
            return;
        }
        byte[] array = bytes.array();
        int start = bytes.start();
        for (int i = read + 1; i < found; i++) {
            // Commas and the like: the bytes between two records are of no more use to anybody.
            Arrays.fill(array, start + to[i - 1], start + from[i], (byte) ' ');
        }
        items.beginBatch(array, start + from[read], start + to[found - 1]);
        batchArray = array;
        batchStart = start;
    }
}
