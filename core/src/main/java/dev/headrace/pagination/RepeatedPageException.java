package dev.headrace.pagination;

import dev.headrace.error.FailureKind;
import dev.headrace.http.Request;

/**
 * The remote repeats itself: it named a next page that has been read already, or gave the same items twice in a row.
 * {@link FailureKind#UNTRUSTED_DATA}: going on would never end.
 */
public final class RepeatedPageException extends PaginationException {

    private static final long serialVersionUID = 1L;

    private RepeatedPageException(String message) {
        super(FailureKind.UNTRUSTED_DATA, message, null);
    }

    static RepeatedPageException sameRequest(int page, Request request) {
        return new RepeatedPageException(
                "Page " + page + " names a next page that was requested before, "
                        + request.describe()
                        + "; check which part of the page names the next one, or if the API ends that way, say onRepeat(COMPLETE)");
    }

    static RepeatedPageException sameItems(int page, long items, Request next) {
        return new RepeatedPageException("Page " + page + " has the same " + items
                + " items as the page before, and the next is named as " + next.describe()
                + "; the API seems to ignore what names the page. If it ends that way, say onRepeat(COMPLETE)");
    }
}
