package dev.headrace.pagination;

/** What becomes of pages that repeat themselves: a request that was sent before, or a page with the same items as the one before. */
public enum OnRepeat {
    /** The stream errors with {@link RepeatedPageException}. The default, for going on would never end, and ending might lose records. */
    ERROR,
    /** The stream completes, for APIs that end that way. Of a page that is the same as the one before the items have been emitted twice. */
    COMPLETE
}
