package dev.headrace.decode;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/** A list that nobody can change, some of it null: one object around an array that nobody else has. */
final class Texts extends AbstractList<@Nullable String> implements RandomAccess {

    private final @Nullable String[] texts;

    private Texts(@Nullable String[] texts) {
        this.texts = texts;
    }

    /** Takes an array over. */
    static Texts of(@Nullable String[] texts) {
        return new Texts(texts);
    }

    /** The same texts, copied unless they cannot change. */
    static List<@Nullable String> copyOf(List<@Nullable String> texts) {
        return texts instanceof Texts ? texts : new Texts(texts.toArray(new @Nullable String[0]));
    }

    @Override
    public @Nullable String get(int index) {
        return texts[index];
    }

    @Override
    public int size() {
        return texts.length;
    }
}
