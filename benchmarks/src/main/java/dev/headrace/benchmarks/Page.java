package dev.headrace.benchmarks;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page read whole, and the path of the one after it. */
record Page(List<Item> items, @Nullable String next) {

    /** The target of the only link there is; what it takes to read any {@code Link} header is not measured in peers. */
    static @Nullable String next(@Nullable String link) {
        return link == null ? null : link.substring(1, link.indexOf('>'));
    }
}
