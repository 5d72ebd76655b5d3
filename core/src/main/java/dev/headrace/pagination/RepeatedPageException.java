package dev.headrace.pagination;

import dev.headrace.error.FailureKind;
import dev.headrace.http.Request;

/** The remote named a next page that has been read already. {@link FailureKind#UNTRUSTED_DATA}: going on would never end. */
public final class RepeatedPageException extends PaginationException {

    private static final long serialVersionUID = 1L;

    RepeatedPageException(int page, Request request) {
        super(
                FailureKind.UNTRUSTED_DATA,
                "Page " + page + " names a next page that was requested before, " + request.describe()
                        + "; the API repeats itself, check which part of the page names the next one",
                null);
    }
}
