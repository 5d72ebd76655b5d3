package dev.headrace.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Follows a pointer through a document that is seen once, from its first byte to its last.
 *
 * <p>{@code matched} counts the keys found so far. While some are missing, the next one must be in the container at depth
 * {@code matched + 1}; nothing else matters. The first of several equal keys counts, so there is no way back.
 */
final class PointerWalk {

    private static final int NAMES_SHOWN = 8;
    private static final int NAME_LENGTH_SHOWN = 40;
    private static final int NO_INDEX = -1;

    private final Pointer pointer;
    private final byte[][] keys;
    private final List<String> seen = new ArrayList<>();
    private int matched;
    private int element;
    private int wantedElement = NO_INDEX;
    // Whether the value that comes next is where the keys found so far lead; so it is at the start for the root.
    private boolean atNextValue = true;

    PointerWalk(Pointer pointer) {
        this.pointer = pointer;
        this.keys = pointer.keys().stream()
                .map(key -> key.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
    }

    /** Whether the value that begins now is the one the pointer points to. */
    boolean isAtTarget() {
        return atNextValue && matched == keys.length;
    }

    /** Whether the value that begins now is on the way and must have the next key. */
    boolean isOnTheWay() {
        return atNextValue;
    }

    /** Depth of the container that must have the next key. */
    int depth() {
        return matched + 1;
    }

    /** The walk goes into the value that begins now. */
    void enter(boolean array) {
        atNextValue = false;
        seen.clear();
        element = 0;
        wantedElement = array ? indexOf(pointer.keys().get(matched)) : NO_INDEX;
    }

    private static int indexOf(String key) {
        boolean isIndex = key.matches(Pointer.INDEX);
        return isIndex ? Integer.parseInt(key) : NO_INDEX;
    }

    /** An element begins in the array at {@link #depth()}. */
    void element() {
        if (element++ == wantedElement) {
            found();
        }
    }

    /** A key without escapes has ended in the object at {@link #depth()}; the range excludes its quotes. */
    void key(byte[] bytes, int from, int to) {
        byte[] wanted = keys[matched];
        if (Arrays.equals(bytes, from, to, wanted, 0, wanted.length)) {
            found();
        } else if (seen.size() <= NAMES_SHOWN) {
            seen.add(new String(bytes, from, Math.min(to - from, NAME_LENGTH_SHOWN), StandardCharsets.UTF_8));
        }
    }

    private void found() {
        matched++;
        atNextValue = true;
    }

    /** Why the way ends at a value that has no keys. */
    String endsAt(String kind) {
        return missing() + ": " + place() + " is " + kind;
    }

    /** Why the way ends with the container at {@link #depth()}. */
    String endsWithContainer(boolean array) {
        if (array) {
            return missing() + ": " + place() + " is an array of " + element;
        }
        if (seen.isEmpty()) {
            return missing() + ": " + place() + " is an empty object";
        }
        String names =
                seen.stream().limit(NAMES_SHOWN).map(name -> "'" + name + "'").collect(Collectors.joining(", "));
        return missing() + ": " + place() + " has " + names + (seen.size() > NAMES_SHOWN ? ", …" : "");
    }

    private String missing() {
        return "there is no '" + pointer.keys().get(matched) + "' on the way to '" + pointer + "'";
    }

    private String place() {
        return matched == 0 ? "the document" : "'" + pointer.head(matched) + "'";
    }
}
