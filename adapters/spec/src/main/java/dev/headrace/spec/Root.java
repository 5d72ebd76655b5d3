package dev.headrace.spec;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What an expression may speak of. */
enum Root {
    /** What the user of a source has configured. */
    CONFIG,
    /** The values of the slice that is read. */
    SLICE,
    /** The state of the stream when its reading began. */
    STATE,
    /** The page that is asked for: its {@code number}, from 1. */
    PAGE;

    static Optional<Root> of(String word) {
        return Arrays.stream(values()).filter(root -> root.word().equals(word)).findFirst();
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
