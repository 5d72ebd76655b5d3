/**
 * From one page to the next: a {@link dev.headrace.pagination.Pagination} sees how a page ended and names the next request, or none.
 */
@NullMarked
package dev.headrace.pagination;

import org.jspecify.annotations.NullMarked;
