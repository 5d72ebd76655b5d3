package dev.headrace.decode;

import dev.headrace.json.Json;
import dev.headrace.json.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was kept of one body while it streamed by, and how many items it held.
 *
 * <p>Filled by the decoder of that body, on its thread; to be read once {@link #whenComplete} has called back. That can be long before the
 * items have been delivered: a document that is at hand is scanned to its end before its first item is read.
 *
 * <p>A reading that broke off can be taken up again by another body that begins with the same items: {@link #resuming} has the decoder
 * pass over them and check that they are the same.
 */
public final class Captured {

    private final Captures wanted;
    /** Made with the first of them, for most streams capture nothing. */
    private Map<Pointer, String> values = Map.of();

    private final Prefix prefix;
    private Pointer place = Pointer.ROOT;
    private List<Pointer> within = List.of();
    private byte[] last = {};
    private int lastLength = -1;
    private long items;
    private long fingerprint = Fingerprint.EMPTY;
    private long delivered;
    private long deliveredFingerprint;
    private boolean complete;
    private @Nullable Runnable listener;

    /**
     * The beginning of a body's items.
     *
     * @param items how many
     * @param fingerprint of their bytes
     */
    public record Prefix(long items, long fingerprint) {

        /** No items. */
        public static final Prefix NOTHING = new Prefix(0, Fingerprint.EMPTY);
    }

    private Captured(Captures wanted, Prefix prefix) {
        this.wanted = wanted;
        this.prefix = prefix;
        this.delivered = prefix.items();
        this.deliveredFingerprint = prefix.fingerprint();
    }

    /**
     * For a body that is read from its beginning.
     *
     * @param wanted what to keep
     * @return nothing captured yet
     */
    public static Captured from(Captures wanted) {
        return new Captured(wanted, Prefix.NOTHING);
    }

    /**
     * For a body of which the first items have been delivered already, by an earlier one.
     *
     * @param wanted what to keep
     * @param prefix the items that are passed over; if the body begins with others, its stream errors with {@link ItemsChangedException}
     * @return nothing captured yet
     */
    public static Captured resuming(Captures wanted, Prefix prefix) {
        return new Captured(wanted, prefix);
    }

    /**
     * What is kept.
     *
     * @return as it was asked for
     */
    public Captures wanted() {
        return wanted;
    }

    /**
     * The values that were found.
     *
     * @return JSON text by place, digit for digit
     */
    public Map<Pointer, String> values() {
        return Map.copyOf(values);
    }

    /**
     * The last item, if it was asked for.
     *
     * @return its bytes as UTF-8, or empty if there was none or it was not asked for
     */
    public Optional<String> lastItem() {
        return lastLength < 0 ? Optional.empty() : Optional.of(new String(last, 0, lastLength, StandardCharsets.UTF_8));
    }

    /**
     * How many items the body held, as the remote sent them: those that were left out or passed over count.
     *
     * @return the number so far, of all once complete
     */
    public long items() {
        return items;
    }

    /**
     * A hash of the bytes of all items in order, which tells whether two bodies hold the same ones; not made to withstand an attacker.
     *
     * @return 64 bits; the same for all bodies without items, and for decoders that do not show theirs
     */
    public long fingerprint() {
        return fingerprint;
    }

    /**
     * The items that have been delivered, for another body to go on behind them.
     *
     * @return how many, those passed over included, and their hash
     */
    public Prefix delivered() {
        return new Prefix(delivered, deliveredFingerprint);
    }

    /**
     * Calls back once the whole body has been seen, with everything captured; at once if that has happened. Never if the body fails first.
     *
     * @param action one for each body; on the thread that decodes, must not block or throw
     */
    public void whenComplete(Runnable action) {
        if (complete) {
            action.run();
        } else {
            listener = action;
        }
    }

    /**
     * Says that the body has been seen to its end; for decoders that capture nothing. The first call counts.
     *
     * @param items how many items it held
     * @throws ItemsChangedException if it should have begun with more
     */
    public void complete(long items) {
        if (!complete) {
            this.items = items;
            requirePrefix();
            complete();
        }
    }

    void complete() {
        if (!complete) {
            complete = true;
            Runnable action = listener;
            if (action != null) {
                action.run();
            }
        }
    }

    void value(Pointer pointer, String json) {
        put(pointer, json);
        for (Pointer inner : wanted.values()) {
            if (!inner.equals(pointer) && inner.isWithin(pointer)) {
                Json.textAt(json, inner.from(pointer)).ifPresent(text -> put(inner, text));
            }
        }
    }

    private void put(Pointer pointer, String json) {
        if (values.isEmpty()) {
            values = new LinkedHashMap<>();
        }
        values.put(pointer, json);
    }

    /** An item was found. False if it is to be passed over, for it has been delivered by an earlier body. */
    boolean item(byte[] bytes, int from, int to) {
        items++;
        fingerprint = Fingerprint.of(fingerprint, bytes, from, to);
        if (wanted.lastItem()) {
            keepLast(bytes, from, to);
        }
        if (items > prefix.items()) {
            return true;
        }
        if (items == prefix.items() && fingerprint != prefix.fingerprint()) {
            throw new ItemsChangedException(items);
        }
        return false;
    }

    private void keepLast(byte[] bytes, int from, int to) {
        int length = to - from;
        if (last.length < length) {
            last = new byte[Math.max(length, 2 * last.length)];
        }
        System.arraycopy(bytes, from, last, 0, length);
        lastLength = length;
    }

    /** Where the items are: what is to be captured there is looked for in the one item that a document may be. */
    void itemsAt(Pointer place) {
        this.place = place;
        within = wanted.values().stream()
                .filter(pointer -> pointer.isWithin(place))
                .toList();
    }

    /** The places of values beside the items, without those that lie within another. */
    List<Pointer> beside() {
        List<Pointer> beside = wanted.values().stream()
                .filter(pointer -> !pointer.isWithin(place))
                .toList();
        return beside.stream()
                .filter(pointer ->
                        beside.stream().noneMatch(other -> !other.equals(pointer) && pointer.isWithin(other)))
                .toList();
    }

    /** The item that was found is all that is at the place of the items. */
    void itemIsAlone(byte[] bytes, int from, int to) {
        if (!within.isEmpty()) {
            String item = new String(bytes, from, to - from, StandardCharsets.UTF_8);
            within.forEach(pointer -> Json.textAt(item, pointer.from(place)).ifPresent(text -> put(pointer, text)));
        }
    }

    /** All items have been found. */
    void end() {
        if (complete) {
            return;
        }
        requirePrefix();
        complete();
    }

    private void requirePrefix() {
        if (items < prefix.items()) {
            throw new ItemsChangedException(prefix.items());
        }
    }

    void delivered(long items, long fingerprint) {
        delivered = items;
        deliveredFingerprint = fingerprint;
    }
}
