package dev.headrace.error;

import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The root of every failure Headrace signals.
 *
 * <p>Failures travel as {@code onError}; no method that returns a publisher throws one. Messages say what happened, to what,
 * and what to try, and never hold a secret. Programming mistakes stay {@link IllegalArgumentException} and
 * {@link IllegalStateException}.
 */
public class HeadraceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient FailureKind kind;

    /**
     * Creates a failure.
     *
     * @param kind what a caller can do about it
     * @param message what happened, to what, and what to try; without secrets
     * @param cause what made it happen, if something else did
     */
    public HeadraceException(FailureKind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = Objects.requireNonNull(kind, "kind");
    }

    /**
     * What a caller can do about this failure.
     *
     * @return the kind
     */
    public final FailureKind kind() {
        return kind;
    }

    /**
     * Whether the same operation may succeed later without anyone changing anything.
     *
     * @return true for {@link FailureKind#TRANSIENT}
     */
    public final boolean isTransient() {
        return kind == FailureKind.TRANSIENT;
    }

    /**
     * Where the guide says more about failures of this class: what they usually come from, and what to do.
     *
     * @return a page of the project's repository and an anchor in it, such as {@code docs/troubleshooting.md#httpstatusexception}; for a
     *     class that is not of this library, the anchor of the one it extends
     */
    public final String help() {
        Class<?> type = getClass();
        while (!type.getName().startsWith("dev.headrace.")) {
            type = type.getSuperclass();
        }
        return "docs/troubleshooting.md#" + type.getSimpleName().toLowerCase(Locale.ROOT);
    }

    /**
     * The earliest moment at which the same operation may succeed, where that is known: a server said so, or a limit or breaker of ours
     * will open again.
     *
     * @return the moment by this machine's clock; empty if nobody knows
     */
    public Optional<Instant> retryAt() {
        return Optional.empty();
    }
}
