package dev.headrace.sse;

import dev.headrace.decode.ByteWindow;
import dev.headrace.decode.PullParser;
import dev.headrace.json.Codec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One connection's events as values, read by one parser of the codec for all that lie whole in the bytes at hand: a parser for each would
 * cost as much as the reading.
 *
 * <p>Where events lie is found first, then they are read one by one as they are asked for. Between their data lie other fields, which are of
 * no more use then and become white space. Once the batch fails, that event and all behind it are read by themselves, so that a failure is
 * always the event's own. What is wrong with the stream itself is said after the events before it. Places are counted from the window's
 * start, because its bytes may move between two calls.
 *
 * <p>Not for streams that leave out what comes twice: that is known once the event before has been emitted, and here several are found first.
 */
final class EventBatchParser<T> implements PullParser<T> {

    private static final byte[] NO_IDS = {};
    private static final int FIRST_CAPACITY = 64;
    private static final int FIRST_ID_BYTES = 1024;
    /** More room for ids is not kept for the next events. */
    private static final int MOST_ID_BYTES = 64 * 1024;

    private static final int MOST_FOUND = 1024;

    private final EventFinder finder;
    private final ValueShape<T> shape;
    private final Codec.Batch<T> batch;

    // What has been found and not read.
    private int[] from = {};
    private int[] to = {};
    private byte[] ids = NO_IDS;
    private int idBytes;
    private int idChange;
    private int[] idFrom = {};
    private int[] idTo = {};
    private String[] names = {};
    private int found;
    private int read;
    private int searched;
    private @Nullable RuntimeException failure;
    // Where the batch lies; elsewhere it must begin anew. Null if there is none, or it has failed.
    private byte @Nullable [] batchArray;
    private int batchStart;

    EventBatchParser(EventFinder finder, ValueShape<T> shape, Codec.Batch<T> batch) {
        this.finder = finder;
        this.shape = shape;
        this.batch = batch;
    }

    @Override
    public @Nullable T next(ByteWindow bytes) {
        if (read > 0) {
            // Whoever asks for more has emitted the one before.
            finder.commit(ids, idFrom[read - 1], idTo[read - 1]);
        }
        return read < found || find(bytes) ? read(bytes) : null;
    }

    /** Looks for events in the bytes at hand. False if there is none. */
    private boolean find(ByteWindow bytes) {
        if (failure != null) {
            throw failure;
        }
        // Blocks without data behind the last event.
        finder.commit();
        found = 0;
        read = 0;
        idBytes = 0;
        if (ids.length > MOST_ID_BYTES) {
            ids = NO_IDS;
        }
        searched = 0;
        int start = bytes.start();
        try {
            while (found < MOST_FOUND && finder.next(bytes.array(), start + searched, bytes.end())) {
                note(start);
                searched += finder.used();
            }
            if (found < MOST_FOUND) {
                searched += finder.used();
            }
        } catch (RuntimeException e) {
            if (found == 0) {
                throw e;
            }
            failure = e;
        }
        if (found == 0) {
            finder.commit();
            bytes.startAt(start + searched);
            return false;
        }
        begin(bytes);
        return true;
    }

    private void note(int start) {
        if (found == from.length) {
            int capacity = Math.max(FIRST_CAPACITY, 2 * found);
            from = Arrays.copyOf(from, capacity);
            to = Arrays.copyOf(to, capacity);
            idFrom = Arrays.copyOf(idFrom, capacity);
            idTo = Arrays.copyOf(idTo, capacity);
            names = Arrays.copyOf(names, capacity);
        }
        from[found] = finder.from() - start;
        to[found] = finder.to() - start;
        noteId();
        noteName(finder.name());
        found++;
    }

    /** Events without an id of their own share that of the one before, or a long one would be copied for each. */
    private void noteId() {
        if (found > 0 && finder.idChanges() == idChange) {
            idFrom[found] = idFrom[found - 1];
            idTo[found] = idTo[found - 1];
            return;
        }
        idChange = finder.idChanges();
        int end = Math.addExact(idBytes, finder.idLength());
        if (end > ids.length) {
            ids = Arrays.copyOf(ids, Math.max(FIRST_ID_BYTES, (int) Math.min(2L * end, Integer.MAX_VALUE - 8L)));
        }
        finder.copyId(ids, idBytes);
        idFrom[found] = idBytes;
        idTo[found] = end;
        idBytes = end;
    }

    @SuppressWarnings("ReferenceEquality") // Another string of the same text is stored once more, no harm done.
    private void noteName(String name) {
        if (names[found] != name) {
            names[found] = name;
        }
    }

    private String id(int index) {
        return Utf8.decode(ids, idFrom[index], idTo[index]);
    }

    private void begin(ByteWindow bytes) {
        batchArray = null;
        if (found - read < 2) {
            return;
        }
        byte[] array = bytes.array();
        int start = bytes.start();
        for (int i = read + 1; i < found; i++) {
            Arrays.fill(array, start + to[i - 1], start + from[i], (byte) ' ');
        }
        batch.begin(array, start + from[read], start + to[found - 1]);
        batchArray = array;
        batchStart = start;
    }

    private T read(ByteWindow bytes) {
        byte[] array = bytes.array();
        int start = bytes.start();
        if (batchArray != null && (batchArray != array || batchStart != start)) {
            begin(bytes);
        }
        int i = read;
        T value = batchArray == null ? null : batch.nextUpTo(array, start + to[i]);
        if (value == null) {
            end();
            value = shape.value(array, start + from[i], start + to[i], () -> id(i), names[i]);
        }
        read = i + 1;
        if (read == found) {
            end();
            bytes.startAt(start + searched);
        }
        return value;
    }

    private void end() {
        if (batchArray != null) {
            batchArray = null;
            batch.end();
        }
    }
}
