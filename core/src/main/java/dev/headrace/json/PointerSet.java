package dev.headrace.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several places, to be looked up in many documents: the JSON text at each of them, in one pass over the bytes and without a tree. Immutable
 * and safe for use by several threads.
 *
 * <p>Documents are taken to be well-formed, for they have been read by a {@link Codec}: what lies beside the places is passed over. Of
 * several equal keys the first counts.
 */
public final class PointerSet {

    private final List<Pointer> pointers;
    private final Step root;
    private final int steps;

    /** A step on the way to some places. */
    static final class Step {

        final int number;
        final List<String> keys = new ArrayList<>();
        final List<byte[]> names = new ArrayList<>();
        final List<Step> children = new ArrayList<>();
        // Which of the places this is; the same one may have been asked for twice.
        final List<Integer> places = new ArrayList<>();
        // How many places this is or leads to.
        int leadsTo;

        Step(int number) {
            this.number = number;
        }

        /** The step for an unescaped key in UTF-8, or null if it leads nowhere. */
        @Nullable
        Step child(byte[] bytes, int from, int to) {
            for (int i = 0; i < names.size(); i++) {
                byte[] name = names.get(i);
                if (Arrays.equals(bytes, from, to, name, 0, name.length)) {
                    return children.get(i);
                }
            }
            return null;
        }
    }

    private PointerSet(List<Pointer> pointers) {
        this.pointers = List.copyOf(pointers);
        this.root = new Step(0);
        int made = 1;
        for (int place = 0; place < this.pointers.size(); place++) {
            Step step = root;
            step.leadsTo++;
            for (String key : this.pointers.get(place).keys()) {
                int known = step.keys.indexOf(key);
                if (known < 0) {
                    known = step.keys.size();
                    step.keys.add(key);
                    step.names.add(key.getBytes(StandardCharsets.UTF_8));
                    step.children.add(new Step(made++));
                }
                step = step.children.get(known);
                step.leadsTo++;
            }
            step.places.add(place);
        }
        this.steps = made;
    }

    /**
     * Makes ready to look up some places.
     *
     * @param pointers the places; they may lie within one another
     * @return the set
     */
    public static PointerSet of(List<Pointer> pointers) {
        return new PointerSet(pointers);
    }

    /**
     * The places.
     *
     * @return in the order in which they were given
     */
    public List<Pointer> pointers() {
        return pointers;
    }

    /**
     * The values at the places of a document, as they are written there, digit for digit.
     *
     * @param bytes the array that the document lies in
     * @param from index of its first byte; white space around it counts for nothing
     * @param to index behind its last byte
     * @return for each place the value's text, or null if the document does not have it; a JSON null is the text {@code null}. A new
     *     array
     * @throws DecodingException if the document is no JSON on the way to the places; its position counts from {@code from}
     */
    public @Nullable String[] textsIn(byte[] bytes, int from, int to) {
        @Nullable String[] texts = new @Nullable String[pointers.size()];
        if (texts.length > 0) {
            new PointerLookup(bytes, from, to, steps, texts).document(root);
        }
        return texts;
    }

    @Override
    public String toString() {
        return pointers.toString();
    }
}
