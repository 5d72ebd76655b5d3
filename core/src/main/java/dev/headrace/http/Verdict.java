package dev.headrace.http;

import dev.headrace.error.FailureKind;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What the chain makes of a response beyond its status: many APIs answer 200 with an error inside, and some statuses mean something else
 * than they say. Whoever decides marks the response by {@link Response#withVerdict}; limits, breaker, credentials and retry obey.
 */
public sealed interface Verdict {

    /**
     * How long the remote is to be left alone before the same is sent again.
     *
     * @return the wait, where the verdict has one
     */
    default Optional<Duration> asksToWait() {
        return Optional.empty();
    }

    /** An answer like any other, whatever its status. */
    record Accept() implements Verdict {}

    /**
     * A failure that may pass.
     *
     * @param delay how long to leave the remote alone; empty for our own backoff alone
     */
    record Retry(Optional<Duration> delay) implements Verdict {
        /**
         * Checks the value.
         *
         * @param delay as {@link #delay()}
         */
        public Retry {
            Objects.requireNonNull(delay, "delay");
        }

        @Override
        public Optional<Duration> asksToWait() {
            return delay;
        }
    }

    /**
     * The caller was too fast. The rate limit, if there is one, pauses for everybody; the call is made again.
     *
     * @param delay how long to leave the remote alone; empty if it does not say
     */
    record RateLimited(Optional<Duration> delay) implements Verdict {
        /**
         * Checks the value.
         *
         * @param delay as {@link #delay()}
         */
        public RateLimited {
            Objects.requireNonNull(delay, "delay");
        }

        @Override
        public Optional<Duration> asksToWait() {
            return delay;
        }
    }

    /** The credentials have run out: whoever can shall renew them. */
    record RenewCredentials() implements Verdict {}

    /** The credentials this request was signed with have been thrown away; sent once more, it will be signed with new ones. */
    record CredentialsRenewed() implements Verdict {}

    /**
     * A failure that will not pass.
     *
     * @param kind what a caller can do about it
     * @param reason what happened, for the message; without secrets
     */
    record Fail(FailureKind kind, String reason) implements Verdict {
        /**
         * Checks the values.
         *
         * @param kind as {@link #kind()}
         * @param reason as {@link #reason()}
         */
        public Fail {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(reason, "reason");
        }
    }
}
