package dev.headrace.pagination;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a reading of pages stopped. It is attached to the failure that stopped it, which keeps its own type:
 *
 * <pre>{@code
 * connector.records(endpoint)
 *         .doOnError(failure -> PageStop.of(failure).flatMap(PageStop::token).ifPresent(token -> keep(token.text())))
 * }</pre>
 *
 * and later {@code connector.records(endpoint.from(PageToken.of(kept)))} goes on after the last record that was emitted.
 */
public final class PageStop extends HeadraceException {

    private static final long serialVersionUID = 1L;

    private final transient int page;
    private final transient @Nullable PageToken token;

    private PageStop(FailureKind kind, int page, @Nullable PageToken token) {
        super(
                kind,
                "Reading stopped on page " + page
                        + (token == null ? "" : "; PageStop.of(failure) has a token to go on from"),
                null);
        this.page = page;
        this.token = token;
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // there is nothing to fill in
    public Throwable fillInStackTrace() {
        // The failure it is attached to has the trace.
        return this;
    }

    /**
     * Where a failure stopped a reading of pages.
     *
     * @param failure what {@code records} or {@code pages} errored with
     * @return the place, or empty for a failure of anything else
     */
    public static Optional<PageStop> of(Throwable failure) {
        return Arrays.stream(failure.getSuppressed())
                .filter(PageStop.class::isInstance)
                .map(PageStop.class::cast)
                .reduce((first, last) -> last);
    }

    /**
     * Attaches a place to a failure.
     *
     * @param failure what happened
     * @param page on which page, from 1
     * @param token from where to go on, if that is known
     */
    public static void attach(Throwable failure, int page, Optional<PageToken> token) {
        FailureKind kind = failure instanceof HeadraceException known ? known.kind() : FailureKind.LOCAL;
        failure.addSuppressed(new PageStop(kind, page, token.orElse(null)));
    }

    /**
     * The page that failed, or after which none could be named.
     *
     * @return its number, from 1
     */
    public int page() {
        return page;
    }

    /**
     * From where to go on.
     *
     * @return a token behind the last record or whole page that was emitted; empty if the request for it cannot be sent again or kept without
     *     a secret, and within a page whose decoder, one of the user's own, does not say what it has delivered
     */
    public Optional<PageToken> token() {
        return Optional.ofNullable(token);
    }
}
