package dev.headrace.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Follows several pointers at once through a document that is seen once, to say which values are to be kept.
 *
 * <p>The pointers make a tree. Only containers that lead to one of them are entered in it; what lies in others is deeper than
 * {@code level} and costs one comparison.
 */
final class CaptureWalk {

    private static final int NO_ELEMENT = -1;

    private final Node root = new Node();
    private final List<Node> path = new ArrayList<>();
    private final List<Integer> elements = new ArrayList<>();
    // What the next value at depth `level` is, if it is anything.
    private @Nullable Node next = root;

    /** A step on the way to some pointers. */
    private static final class Node {

        private final List<byte[]> keys = new ArrayList<>();
        private final List<Node> children = new ArrayList<>();
        private @Nullable Pointer pointer;
        private boolean captured;

        Node child(String key) {
            byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
            Node known = child(bytes, 0, bytes.length);
            if (known != null) {
                return known;
            }
            keys.add(bytes);
            children.add(new Node());
            return children.get(children.size() - 1);
        }

        @Nullable
        Node child(byte[] bytes, int from, int to) {
            for (int i = 0; i < keys.size(); i++) {
                byte[] key = keys.get(i);
                if (Arrays.equals(bytes, from, to, key, 0, key.length)) {
                    return children.get(i);
                }
            }
            return null;
        }
    }

    CaptureWalk(Iterable<Pointer> pointers) {
        for (Pointer pointer : pointers) {
            Node node = root;
            for (String key : pointer.keys()) {
                node = node.child(key);
            }
            node.pointer = pointer;
        }
    }

    private int level() {
        return path.size();
    }

    /** Whether keys of a container at that depth matter. */
    boolean wantsKeys(int depth) {
        return depth == level() && depth > 0;
    }

    /** A key has ended in the container at depth {@code level}; the range excludes its quotes. */
    void key(byte[] bytes, int from, int to) {
        next = path.get(level() - 1).child(bytes, from, to);
    }

    /** A value begins at a depth. Gives its pointer if it is to be kept; otherwise a container that leads on is entered. */
    @Nullable
    Pointer value(int depth, boolean container, boolean inArray, boolean opensArray) {
        if (depth != level()) {
            return null;
        }
        Node node = inArray ? element() : next;
        next = null;
        if (node == null) {
            return null;
        }
        if (node.pointer != null && !node.captured) {
            // The first of several equal places counts.
            node.captured = true;
            return node.pointer;
        }
        if (container && !node.children.isEmpty()) {
            path.add(node);
            elements.add(opensArray ? 0 : NO_ELEMENT);
        }
        return null;
    }

    private @Nullable Node element() {
        int index = elements.get(level() - 1);
        elements.set(level() - 1, index + 1);
        byte[] key = Integer.toString(index).getBytes(StandardCharsets.UTF_8);
        return path.get(level() - 1).child(key, 0, key.length);
    }

    /** The container at a depth closes. */
    void close(int depth) {
        if (depth == level() && depth > 0) {
            path.remove(depth - 1);
            elements.remove(depth - 1);
        }
    }
}
