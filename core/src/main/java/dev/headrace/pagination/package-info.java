/**
 * From one page to the next: a {@link dev.headrace.pagination.Pagination} says what of a page it needs, sees how the page ended, and names the
 * next request, or none. {@link dev.headrace.pagination.PageOptions} keep a reading from going on for ever, and a
 * {@link dev.headrace.pagination.PageToken} says from where one goes on.
 */
@NullMarked
package dev.headrace.pagination;

import org.jspecify.annotations.NullMarked;
