package dev.headrace.pagination;

import java.util.Objects;
import java.util.Optional;

/**
 * What a reading of pages consists of: the items of a page, one by one, and behind them its end.
 *
 * @param <T> the type of the items
 */
public sealed interface PageElement<T> {

    /**
     * An item of a page.
     *
     * @param value the item
     * @param <T> its type
     */
    record Item<T>(T value) implements PageElement<T> {

        /**
         * Takes an item.
         *
         * @param value the item, never null
         */
        public Item {
            Objects.requireNonNull(value, "value");
        }
    }

    /**
     * The end of a page: all of its items have been delivered.
     *
     * @param end what is known of the page, with what was {@linkplain Pagination#capturing captured} of it
     * @param next from where to go on after this page; empty if it is the last, and if the request for the next cannot be sent again or kept
     *     without a secret
     * @param last whether there is no next page
     * @param <T> the type of the page's items
     */
    record End<T>(PageEnd end, Optional<PageToken> next, boolean last) implements PageElement<T> {

        /**
         * Takes the end of a page.
         *
         * @param end what is known of the page
         * @param next from where to go on after this page
         * @param last whether there is no next page
         */
        public End {
            Objects.requireNonNull(end, "end");
            Objects.requireNonNull(next, "next");
        }
    }
}
