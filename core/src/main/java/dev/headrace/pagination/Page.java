package dev.headrace.pagination;

import dev.headrace.http.Headers;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One page, in memory.
 *
 * @param number its number, from 1
 * @param items its items
 * @param status the response's status
 * @param headers the response's headers
 * @param next from where to go on after this page, if there is another
 * @param <T> the type of the items
 */
public record Page<T>(int number, List<T> items, int status, Headers headers, Optional<PageToken> next) {

    /**
     * Copies the items.
     *
     * @param number its number, from 1
     * @param items its items
     * @param status the response's status
     * @param headers the response's headers
     * @param next from where to go on after this page
     */
    public Page {
        items = List.copyOf(items);
        Objects.requireNonNull(headers, "headers");
        Objects.requireNonNull(next, "next");
    }
}
