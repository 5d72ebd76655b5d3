package dev.headrace.resilience;

import static dev.headrace.resilience.ErrorCondition.bodyAt;
import static dev.headrace.resilience.ErrorCondition.bodyContains;
import static dev.headrace.resilience.ErrorCondition.header;
import static dev.headrace.resilience.ErrorCondition.not;
import static dev.headrace.resilience.ErrorCondition.status;
import static dev.headrace.resilience.ErrorCondition.statusBetween;
import static dev.headrace.resilience.ErrorRule.when;

import dev.headrace.error.FailureKind;
import dev.headrace.http.Headers;
import dev.headrace.http.Interceptor;
import dev.headrace.http.RetryAfter;
import dev.headrace.http.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What responses and failures mean beyond their status: an ordered table in which the first rule that holds counts. A value: every change
 * gives a new one.
 *
 * <p>Rules only mark a response with a {@link Verdict}; limits, breaker, credentials and retry obey it, and whoever makes an error of a
 * response takes its kind from it. What no rule holds for keeps its meaning: statuses of {@link RetryPolicy#statuses()} and failures of kind
 * {@link FailureKind#TRANSIENT} may be sent again; 401, 403, 404, 407 and 410 are {@link FailureKind#CONFIGURATION}; other statuses of
 * 400 to 499 are {@link FailureKind#PERMANENT} and never sent again.
 *
 * <p>A body is looked into only if a rule needs it whose other conditions hold, and then its first 64 KiB, before the response is handed on.
 * Streams are never looked into: requests of the profiles for events and transfers, and the content types of events and JSON lines.
 */
public final class ErrorRules {

    private static final ErrorRules NONE = new ErrorRules(List.of());
    private static final Duration SECONDARY_LIMIT_WAIT = Duration.ofMinutes(1);

    private final List<ErrorRule> rules;

    private ErrorRules(List<ErrorRule> rules) {
        this.rules = rules;
    }

    /**
     * No rule: statuses mean what they say. The default.
     *
     * @return empty rules
     */
    public static ErrorRules none() {
        return NONE;
    }

    /**
     * A table of rules.
     *
     * @param rules first match wins
     * @return the rules
     */
    public static ErrorRules of(ErrorRule... rules) {
        return new ErrorRules(List.of(rules));
    }

    /**
     * GraphQL over HTTP: a 200 that has {@code errors} and no {@code data}. Rate-limited if the first error's {@code extensions.code} is
     * {@code THROTTLED} (Shopify) or its {@code type} {@code RATE_LIMITED} (GitHub), a permanent failure with the first error's message otherwise.
     * With {@code data} it is an answer, errors of single fields or not.
     *
     * @return the rules
     */
    public static ErrorRules graphql() {
        ErrorRule.When failed = when(status(200)).and(bodyAt("/errors")).and(not(bodyAt("/data")));
        return of(
                failed.and(bodyAt("/errors/0/extensions/code", "THROTTLED", "RATE_LIMITED"))
                        .rateLimited(),
                failed.and(bodyAt("/errors/0/type", "RATE_LIMITED")).rateLimited(),
                failed.fail(FailureKind.PERMANENT));
    }

    /**
     * Slack's Web API: a 200 whose body has {@code "ok": false} and a word in {@code error}.
     *
     * @return the rules
     */
    public static ErrorRules slack() {
        ErrorRule.When failed = when(status(200)).and(bodyAt("/ok", false));
        return of(
                failed.and(bodyAt("/error", "ratelimited", "rate_limited")).rateLimited(),
                failed.and(bodyAt("/error", "token_expired", "invalid_auth")).renewCredentials(),
                failed.and(bodyAt("/error", "internal_error", "fatal_error", "service_unavailable", "request_timeout"))
                        .retry(),
                failed.fail(FailureKind.PERMANENT));
    }

    /**
     * GitHub's REST API: a 403 or 429 may be a rate limit. It is waited as {@code Retry-After} says, or until {@code x-ratelimit-reset} if nothing
     * remains, or for a minute if the message speaks of a secondary limit.
     *
     * @return the rules
     */
    public static ErrorRules github() {
        ErrorRule.When refused = when(status(403, 429));
        return of(
                refused.and(header("Retry-After")).rateLimited(),
                refused.and(header("x-ratelimit-remaining", "0")).rateLimited(ErrorRules::untilReset),
                refused.and(bodyContains("secondary rate limit")).rateLimited(SECONDARY_LIMIT_WAIT));
    }

    private static Optional<Duration> untilReset(Headers headers) {
        return RetryAfter.untilIn("x-ratelimit-reset").apply(headers).or(() -> Optional.of(SECONDARY_LIMIT_WAIT));
    }

    /**
     * Stripe's {@code Stripe-Should-Retry}: {@code true} lets any failure be sent again, {@code false} none.
     *
     * @return the rules
     */
    public static ErrorRules stripe() {
        return of(
                when(statusBetween(400, 599))
                        .and(header("Stripe-Should-Retry", "true"))
                        .retry(),
                when(status(408, 409, 425, 429))
                        .and(header("Stripe-Should-Retry", "false"))
                        .fail(FailureKind.PERMANENT),
                when(statusBetween(500, 599))
                        .and(header("Stripe-Should-Retry", "false"))
                        .fail(FailureKind.PERMANENT));
    }

    /**
     * Adds a rule at the end of the table.
     *
     * @param rule asked when none before it holds
     * @return new rules
     */
    public ErrorRules with(ErrorRule rule) {
        return orElse(of(rule));
    }

    /**
     * Adds the rules of another table at the end of this one.
     *
     * @param others asked when none of these holds
     * @return new rules
     */
    public ErrorRules orElse(ErrorRules others) {
        return new ErrorRules(
                Stream.concat(rules.stream(), others.rules.stream()).toList());
    }

    /**
     * The rules in order.
     *
     * @return the table
     */
    public List<ErrorRule> rules() {
        return rules;
    }

    /**
     * The rules on responses as behaviour of an exchange. It belongs inside the credentials, so that whoever signed a request learns that they have
     * run out, and outside decompression.
     *
     * @return an interceptor that marks responses; without state
     */
    public Interceptor asInterceptor() {
        List<ErrorRule> onResponses =
                rules.stream().filter(rule -> !rule.isOnFailure()).toList();
        return onResponses.isEmpty()
                ? (request, next) -> next.exchange(request)
                : new ErrorRuleInterceptor(onResponses);
    }

    /** What the rules make of a failure. */
    Optional<Verdict> verdictOn(Throwable failure) {
        if (rules.isEmpty()) {
            return Optional.empty();
        }
        Evidence evidence = Evidence.of(failure);
        return rules.stream()
                .filter(ErrorRule::isOnFailure)
                .filter(rule -> rule.judge(evidence) == Evidence.Finding.YES)
                .findFirst()
                .flatMap(rule -> rule.verdict(evidence));
    }

    @Override
    public String toString() {
        return "ErrorRules" + rules;
    }
}
