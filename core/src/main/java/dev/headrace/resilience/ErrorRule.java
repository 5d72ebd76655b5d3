package dev.headrace.resilience;

import dev.headrace.error.FailureKind;
import dev.headrace.http.Headers;
import dev.headrace.http.Verdict;
import dev.headrace.json.Pointer;
import dev.headrace.resilience.Evidence.Finding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a response, or a failure, means: conditions that must all hold, and what then follows.
 *
 * <pre>{@code
 * ErrorRule.when(status(200)).and(bodyAt("/ok", false)).and(bodyAt("/error", "ratelimited")).rateLimited()
 * }</pre>
 */
public final class ErrorRule {

    private static final String BY_RULE = "a rule takes it for a failure";
    private static final double LONGEST_SECONDS = Duration.ofDays(365).toSeconds();

    private final List<ErrorCondition> conditions;
    private final String words;
    private final boolean looksIntoBody;
    private final @Nullable Function<Evidence, Verdict> verdict;

    private ErrorRule(
            List<ErrorCondition> conditions,
            String words,
            boolean looksIntoBody,
            @Nullable Function<Evidence, Verdict> verdict) {
        this.conditions = conditions;
        this.words = words;
        this.looksIntoBody = looksIntoBody;
        this.verdict = verdict;
    }

    /**
     * Begins a rule.
     *
     * @param condition the first that must hold
     * @return more conditions, or what follows
     */
    public static When when(ErrorCondition condition) {
        return new When(List.of(condition));
    }

    /** Whether all conditions hold. */
    Finding judge(Evidence evidence) {
        Finding all = Finding.YES;
        for (ErrorCondition condition : conditions) {
            Finding one = condition.test(evidence);
            if (one == Finding.NO) {
                return Finding.NO;
            }
            if (one == Finding.UNKNOWN) {
                all = Finding.UNKNOWN;
            }
        }
        return all;
    }

    boolean isOnFailure() {
        return conditions.get(0).isOnFailure();
    }

    /** Whether what follows needs the body, even if no condition does. */
    boolean looksIntoBody() {
        return looksIntoBody;
    }

    /** What follows; empty for a response that is to be taken for no content. */
    Optional<Verdict> verdict(Evidence evidence) {
        return Optional.ofNullable(verdict).map(of -> of.apply(evidence));
    }

    @Override
    public String toString() {
        return "when " + conditions.stream().map(String::valueOf).collect(Collectors.joining(" and ")) + ": " + words;
    }

    /** The conditions of a rule; immutable, every addition gives a new value. */
    public static final class When {

        private final List<ErrorCondition> conditions;

        private When(List<ErrorCondition> conditions) {
            this.conditions = conditions;
        }

        /**
         * Adds a condition.
         *
         * @param condition another that must hold
         * @return more conditions, or what follows
         * @throws IllegalArgumentException if one condition is on a response and another on a failure: there is never both
         */
        public When and(ErrorCondition condition) {
            if (condition.isOnFailure() != conditions.get(0).isOnFailure()) {
                throw new IllegalArgumentException("A rule is on a response or on a failure, but not on both: "
                        + conditions.get(0) + " and " + condition);
            }
            List<ErrorCondition> more = new ArrayList<>(conditions);
            more.add(condition);
            return new When(List.copyOf(more));
        }

        /**
         * It may pass: sent again by the retry policy, if its request may be sent twice. The wait is the policy's own and what the server
         * asks for.
         *
         * @return the rule
         */
        public ErrorRule retry() {
            return rule("retry", evidence -> new Verdict.Retry(Optional.empty()));
        }

        /**
         * It may pass after a while.
         *
         * @param delay how long to leave the remote alone, whatever its headers say; the policy's own backoff comes on top
         * @return the rule
         */
        public ErrorRule retry(Duration delay) {
            Verdict verdict = new Verdict.Retry(Optional.of(notNegative(delay)));
            return rule("retry after " + delay, evidence -> verdict);
        }

        /**
         * The caller was too fast, and the request was not processed: the rate limit pauses for everybody, and the request is sent again
         * whatever its method. The wait is the policy's own and what the server asks for.
         *
         * @return the rule
         */
        public ErrorRule rateLimited() {
            return rateLimited("rate-limited", false, evidence -> Optional.empty());
        }

        /**
         * As {@link #rateLimited()}, with a wait.
         *
         * @param delay how long to leave the remote alone, whatever its headers say
         * @return the rule
         */
        public ErrorRule rateLimited(Duration delay) {
            Optional<Duration> wait = Optional.of(notNegative(delay));
            return rateLimited("rate-limited for " + delay, false, evidence -> wait);
        }

        /**
         * As {@link #rateLimited()}, with a wait that the headers tell.
         *
         * @param wait such as {@link dev.headrace.http.RetryAfter#untilIn RetryAfter.untilIn("X-RateLimit-Reset")}; must not throw
         * @return the rule
         */
        public ErrorRule rateLimited(Function<? super Headers, Optional<Duration>> wait) {
            Objects.requireNonNull(wait, "wait");
            return rateLimited("rate-limited as headers say", false, evidence -> wait.apply(evidence.headers()));
        }

        /**
         * As {@link #rateLimited()}, with a wait that the body tells.
         *
         * @param pointer where its JSON has a number of seconds
         * @return the rule
         * @throws IllegalArgumentException if the pointer is malformed
         */
        public ErrorRule rateLimitedSecondsAt(String pointer) {
            Pointer place = Pointer.of(pointer);
            return rateLimited(
                    "rate-limited as body at " + pointer + " says", true, evidence -> seconds(evidence, place));
        }

        /**
         * It is of no account: the response is taken for one without content, so a value is empty and a page has no items.
         *
         * @return the rule
         */
        public ErrorRule ignore() {
            onlyOnResponse("ignored");
            return new ErrorRule(conditions, "ignore", false, null);
        }

        /**
         * It will not pass. The exception made of it quotes what the server says.
         *
         * @param kind what a caller can do about it
         * @return the rule
         */
        public ErrorRule fail(FailureKind kind) {
            return fail(kind, BY_RULE);
        }

        /**
         * It will not pass.
         *
         * @param kind what a caller can do about it
         * @param message what happened; the exception made of it quotes what the server says besides
         * @return the rule
         */
        public ErrorRule fail(FailureKind kind, String message) {
            Objects.requireNonNull(kind, "kind");
            Verdict verdict = new Verdict.Fail(kind, message);
            return rule("fail " + kind, evidence -> verdict);
        }

        /**
         * It is an answer like any other, whatever its status: never sent again.
         *
         * @return the rule
         */
        public ErrorRule accept() {
            onlyOnResponse("accepted");
            return rule("accept", evidence -> new Verdict.Accept());
        }

        /**
         * The credentials have run out: whoever signed the request throws them away, and it is sent once more, signed with new ones.
         *
         * @return the rule
         */
        public ErrorRule renewCredentials() {
            onlyOnResponse("answered with new credentials");
            return rule("renew credentials", evidence -> new Verdict.RenewCredentials());
        }

        private ErrorRule rateLimited(
                String words, boolean looksIntoBody, Function<Evidence, Optional<Duration>> wait) {
            return new ErrorRule(
                    conditions, words, looksIntoBody, evidence -> new Verdict.RateLimited(wait.apply(evidence)));
        }

        private ErrorRule rule(String words, Function<Evidence, Verdict> verdict) {
            return new ErrorRule(conditions, words, false, verdict);
        }

        private void onlyOnResponse(String what) {
            if (isOnFailure()) {
                throw new IllegalArgumentException(
                        "A failure cannot be " + what + ", only retried or failed: " + conditions.get(0));
            }
        }

        private boolean isOnFailure() {
            return conditions.get(0).isOnFailure();
        }

        private static Optional<Duration> seconds(Evidence evidence, Pointer place) {
            return evidence.valueAt(place)
                    .map(value -> value.asDouble(-1))
                    .filter(seconds -> seconds >= 0)
                    .map(seconds -> Duration.ofNanos((long) (Math.min(seconds, LONGEST_SECONDS) * 1e9)));
        }

        private static Duration notNegative(Duration delay) {
            if (delay.isNegative()) {
                throw new IllegalArgumentException("delay must not be negative, but is " + delay);
            }
            return delay;
        }
    }
}
