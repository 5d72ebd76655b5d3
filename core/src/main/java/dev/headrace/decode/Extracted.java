package dev.headrace.decode;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An item, with values that were looked up in it as the remote sent it; see {@link Decoder#extracting}.
 *
 * @param value the item
 * @param texts for each place that was asked for the JSON text that the item has there, digit for digit; null if it has none, while a JSON
 *     null is the text {@code null}
 * @param fingerprint a hash of the item's bytes, which tells whether two items are the same; not made to withstand an attacker
 * @param <T> the type of the item
 */
public record Extracted<T>(T value, List<@Nullable String> texts, long fingerprint) {

    /**
     * Makes an item with its texts, which are copied.
     *
     * @param value the item
     * @param texts what it has at each place
     * @param fingerprint a hash of its bytes
     */
    public Extracted {
        Objects.requireNonNull(value, "value");
        texts = Texts.copyOf(texts);
    }
}
