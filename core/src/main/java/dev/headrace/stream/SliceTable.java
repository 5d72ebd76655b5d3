package dev.headrace.stream;

import java.util.Arrays;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The progress of all slices, by number. Immutable: a change gives a new table that shares all but the way to what was changed, so that each
 * of a hundred thousand checkpoints can keep the table of its moment.
 *
 * <p>A tree with 32 branches at each node and the elements in its leaves; numbers are dense, from 0.
 */
final class SliceTable {

    private static final int BITS = 5;
    private static final int WIDTH = 1 << BITS;
    private static final int MASK = WIDTH - 1;

    static final SliceTable EMPTY = new SliceTable(0, 0, new Object[WIDTH]);

    private final int size;
    private final int shift;
    private final @Nullable Object[] root;

    private SliceTable(int size, int shift, @Nullable Object[] root) {
        this.size = size;
        this.shift = shift;
        this.root = root;
    }

    int size() {
        return size;
    }

    SliceProgress get(int number) {
        if (number < 0 || number >= size) {
            throw new NoSuchElementException("There is no slice " + number + " of " + size);
        }
        @Nullable Object[] node = root;
        for (int level = shift; level > 0; level -= BITS) {
            node = (Object[]) Objects.requireNonNull(node[number >>> level & MASK]);
        }
        return (SliceProgress) Objects.requireNonNull(node[number & MASK]);
    }

    /** The same with one element in place of another, or behind the last. */
    SliceTable with(int number, SliceProgress progress) {
        if (number < 0 || number > size) {
            throw new NoSuchElementException("There is no place " + number + " among " + size + " slices");
        }
        if (number < size || number < WIDTH << shift) {
            return new SliceTable(Math.max(size, number + 1), shift, changed(root, shift, number, progress));
        }
        @Nullable Object[] higher = new Object[WIDTH];
        higher[0] = root;
        return new SliceTable(number + 1, shift + BITS, changed(higher, shift + BITS, number, progress));
    }

    private static @Nullable Object[] changed(
            @Nullable Object @Nullable [] node, int level, int number, SliceProgress progress) {
        @Nullable Object[] copy = node == null ? new Object[WIDTH] : Arrays.copyOf(node, WIDTH);
        int branch = number >>> level & MASK;
        copy[branch] = level == 0 ? progress : changed((Object[]) copy[branch], level - BITS, number, progress);
        return copy;
    }

    void forEach(Consumer<? super SliceProgress> action) {
        for (int number = 0; number < size; number++) {
            action.accept(get(number));
        }
    }
}
