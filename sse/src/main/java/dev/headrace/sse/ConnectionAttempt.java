package dev.headrace.sse;

import dev.headrace.http.Request;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known when a stream is about to connect.
 *
 * @param number 1 for the first of a subscription
 * @param request the stream's request, without what the stream itself adds to it ({@code Accept}, {@code Last-Event-ID})
 * @param lastEventId where the stream will go on; empty for its beginning
 * @param failure what the attempt before ended with; null for the first, and after a clean end
 */
public record ConnectionAttempt(
        long number,
        Request request,
        String lastEventId,
        @Nullable Throwable failure) {

    /**
     * Checks request and id.
     *
     * @param number as {@link #number()}
     * @param request as {@link #request()}
     * @param lastEventId as {@link #lastEventId()}
     * @param failure as {@link #failure()}
     */
    public ConnectionAttempt {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(lastEventId, "lastEventId");
    }
}
