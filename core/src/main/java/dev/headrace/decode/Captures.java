package dev.headrace.decode;

import dev.headrace.json.Pointer;
import java.util.ArrayList;
import java.util.List;

/**
 * What is to be kept of a body while it streams by, beside its items: values at some places, the last item. A value: every change gives a
 * new one.
 *
 * @param values places of values in a JSON document (RFC 6901), beside the items or, where the document is one item, within it
 * @param lastItem whether a copy of the last item is kept
 */
public record Captures(List<Pointer> values, boolean lastItem) {

    private static final Captures NONE = new Captures(List.of(), false);

    /**
     * Copies the places.
     *
     * @param values places of values
     * @param lastItem whether a copy of the last item is kept
     */
    public Captures {
        values = values.stream().distinct().toList();
    }

    /**
     * Nothing is kept.
     *
     * @return the captures to begin with
     */
    public static Captures none() {
        return NONE;
    }

    /**
     * Keeps a value, of up to 8 MiB, as JSON text.
     *
     * @param pointer where it is, such as {@code /paging/next}
     * @return new captures
     * @throws IllegalArgumentException if that is no JSON pointer
     */
    public Captures value(String pointer) {
        return and(new Captures(List.of(Pointer.of(pointer)), false));
    }

    /**
     * Keeps a copy of the last item, as it came.
     *
     * @return new captures
     */
    public Captures withLastItem() {
        return new Captures(values, true);
    }

    /**
     * Keeps what these and others keep.
     *
     * @param more other captures
     * @return new captures
     */
    public Captures and(Captures more) {
        List<Pointer> all = new ArrayList<>(values);
        all.addAll(more.values);
        return new Captures(all, lastItem || more.lastItem);
    }
}
