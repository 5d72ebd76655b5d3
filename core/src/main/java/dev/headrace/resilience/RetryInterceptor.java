package dev.headrace.resilience;

import dev.headrace.error.HeadraceException;
import dev.headrace.http.Exchange;
import dev.headrace.http.HttpException;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Interceptor;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.Verdict;
import dev.headrace.resilience.RetryPolicy.OnExhausted;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Makes failed attempts again: the only layer that sends a request more than once. Made by {@link RetryPolicy#asInterceptor()}; belongs into
 * every chain, outermost, also with {@link RetryPolicy#never()}: renewed credentials are tried once by this layer.
 *
 * <p>It does not judge what an answer means but obeys the {@link Verdict} on it, and without one looks at its status. Each attempt
 * carries its number, {@link Request#attempt()}. A response in the way of a retry is given back before the wait: a wait holds no
 * connection. Cancelling ends the attempt or the wait that is under way.
 */
public final class RetryInterceptor implements Interceptor {

    private static final Logger LOG = LoggerFactory.getLogger(RetryInterceptor.class);

    private static final Retry ONCE_MORE = Retry.max(1).filter(Renewed.class::isInstance);

    private final RetryPolicy policy;
    private final ErrorRules rules;
    private final RetryBudget budget;

    RetryInterceptor(RetryPolicy policy, ErrorRules rules, RetryBudget budget) {
        this.policy = policy;
        this.rules = rules;
        this.budget = budget;
    }

    @Override
    public Mono<Response> intercept(Request request, Exchange next) {
        return Mono.defer(() -> {
            budget.call();
            return new Call(request, next).send();
        });
    }

    /**
     * The same with other rules on failures; they share budget and counts.
     *
     * @param rules in place of those it has
     * @return an interceptor
     */
    public RetryInterceptor withRules(ErrorRules rules) {
        return new RetryInterceptor(policy, rules, budget);
    }

    /**
     * What this layer has done so far.
     *
     * @return numbers of this moment
     */
    public RetryStats stats() {
        return budget.stats();
    }

    /** One call: its attempts follow one another, so the fields need no lock. */
    private final class Call implements ReplaceableExchange.Replacement {

        private final Request request;
        private final Exchange next;
        private final boolean retries;
        private int attempts;
        private int retried;
        private boolean renewed;

        Call(Request request, Exchange next) {
            this.request = request;
            this.next = next;
            this.retries = policy.maxRetries() > 0 && request.options().retry() && request.isReplayable();
        }

        Mono<Response> send() {
            return ReplaceableExchange.of(next.exchange(request.withAttempt(++attempts)), this);
        }

        @Override
        public @Nullable Mono<Response> insteadOf(Response answer) {
            return goingOn(answered(answer));
        }

        @Override
        public @Nullable Mono<Response> insteadOf(Throwable failure) {
            return goingOn(failed(failure));
        }

        /** The machinery of retries is set up for the few calls whose first attempt asks for another. */
        private @Nullable Mono<Response> goingOn(@Nullable Mono<Response> outcome) {
            return outcome == null || attempts > 1
                    ? outcome
                    : outcome.onErrorResume(failure -> failure instanceof Again || failure instanceof Renewed
                            ? goingOn(failure)
                            : Mono.error(failure));
        }

        private Mono<Response> goingOn(Throwable first) {
            AtomicReference<@Nullable Throwable> asked = new AtomicReference<>(first);
            return Mono.defer(() -> {
                        Throwable failure = asked.getAndSet(null);
                        return failure == null ? send() : Mono.error(failure);
                    })
                    // Inside the other, so that it counts as no retry and waits for nothing.
                    .retryWhen(ONCE_MORE)
                    .retryWhen(policy.waits()
                            .filter(Again.class::isInstance)
                            .doBeforeRetryAsync(signal -> ((Again) signal.failure()).pause()));
        }

        /** What comes instead of a response: an error that asks for another attempt, or what the call ends with; null for the response. */
        private @Nullable Mono<Response> answered(Response response) {
            Verdict verdict = response.verdict().orElse(null);
            if (verdict instanceof Verdict.CredentialsRenewed && !renewed && request.isReplayable()) {
                // A request with refused credentials was not processed (RFC 9110 §15.5.2), so its method does not
                // matter.
                renewed = true;
                LOG.debug("{} is sent once more with renewed credentials", request.describe());
                return response.discard().then(Mono.error(new Renewed()));
            }
            if (!mayPass(verdict, response) || !maySendAgain(verdict)) {
                return null;
            }
            Duration asked = response.verdict()
                    .flatMap(Verdict::asksToWait)
                    .orElseGet(() -> policy.serverWait(response.headers()));
            String obstacle = obstacleTo(asked);
            if (obstacle == null) {
                Again again = again(asked, "status " + response.status());
                return response.discard().then(Mono.error(again));
            }
            return policy.onExhausted() == OnExhausted.LAST_RESPONSE
                    ? null
                    : HttpStatusException.from(request, response)
                            .flatMap(last -> Mono.error(exhausted(obstacle, last)));
        }

        private boolean mayPass(@Nullable Verdict verdict, Response response) {
            return verdict == null
                    ? policy.statuses().contains(response.status())
                    : verdict instanceof Verdict.Retry || verdict instanceof Verdict.RateLimited;
        }

        /** As {@link #answered}, instead of a failure. */
        private @Nullable Mono<Response> failed(Throwable failure) {
            if (failure instanceof NotAdmittedException) {
                return null;
            }
            Verdict verdict = rules.verdictOn(failure).orElse(null);
            if (verdict instanceof Verdict.Fail fail) {
                return Mono.error(new ErrorRuleException(request.withAttempt(attempts), fail, failure));
            }
            boolean mayPass = verdict != null || failure instanceof HeadraceException known && known.isTransient();
            boolean unsent = failure instanceof HttpException known && !known.requestSent();
            if (!mayPass || !(unsent && retries || maySendAgain(verdict))) {
                return null;
            }
            Duration asked =
                    Optional.ofNullable(verdict).flatMap(Verdict::asksToWait).orElseGet(() -> untilRetryAt(failure));
            String obstacle = obstacleTo(asked);
            if (obstacle == null) {
                return Mono.error(again(asked, failure.getMessage()));
            }
            return policy.onExhausted() == OnExhausted.LAST_RESPONSE ? null : Mono.error(exhausted(obstacle, failure));
        }

        private static Duration untilRetryAt(Throwable failure) {
            if (!(failure instanceof HeadraceException known) || known.retryAt().isEmpty()) {
                return Duration.ZERO;
            }
            Duration left = Duration.between(
                    SchedulerClock.INSTANCE.instant(), known.retryAt().get());
            return left.isNegative() ? Duration.ZERO : left;
        }

        /** Whoever says that the caller was too fast has not processed the request: then any method may be sent again. */
        private boolean maySendAgain(@Nullable Verdict verdict) {
            return retries && (verdict instanceof Verdict.RateLimited || policy.maySendTwice(request));
        }

        /** Why there is no further attempt; null if there is, which is then taken out of the budget. */
        private @Nullable String obstacleTo(Duration asked) {
            if (asked.compareTo(policy.maxRetryAfter()) > 0) {
                return "for the server asks to wait for " + asked;
            }
            if (retried == policy.maxRetries()) {
                return "for there were to be no more than " + policy.maxRetries() + " retries";
            }
            return budget.take() ? null : "for the budget of retries is used up";
        }

        private Again again(Duration asked, @Nullable String what) {
            retried++;
            LOG.debug(
                    "Retry {} of {} after {}, with a backoff after the {} ms that the server asks for",
                    retried,
                    request.describe(),
                    what,
                    asked.toMillis());
            return new Again(asked.plus(policy.waitBefore(retried)));
        }

        private RetriesExhaustedException exhausted(String why, Throwable last) {
            return new RetriesExhaustedException(request.withAttempt(attempts), why, last);
        }
    }

    /** Asks for the next attempt after a wait, with the backoff on top; never leaves this interceptor. */
    private static final class Again extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Duration wait;

        Again(Duration wait) {
            super("again", null, false, false);
            this.wait = wait;
        }

        Mono<Void> pause() {
            return wait.isZero() ? Mono.empty() : Mono.delay(wait).then();
        }
    }

    /** Asks for one more attempt at once; never leaves this interceptor. */
    private static final class Renewed extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Renewed() {
            super("renewed", null, false, false);
        }
    }
}
