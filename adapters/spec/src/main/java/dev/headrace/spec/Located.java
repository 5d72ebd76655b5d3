package dev.headrace.spec;

import java.util.Arrays;

/**
 * A value, and where it was found.
 *
 * @param found the place
 * @param value the value
 * @param <T> its type
 */
record Located<T>(Found found, T value) {

    /** Whether something is written for a key here that has no value, for something is wrong with it. */
    boolean lacks(String... keys) {
        return found.node() instanceof YamlNode.Mapping mapping
                && Arrays.stream(keys)
                        .anyMatch(key -> mapping.entry(key).isPresent()
                                && found.reading().problems().isWithin(Found.join(found.path(), key)));
    }
}
