package dev.headrace.resilience;

import static dev.headrace.resilience.Answers.marked;
import static dev.headrace.resilience.Answers.status;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Body;
import dev.headrace.http.HttpException;
import dev.headrace.http.Request;
import dev.headrace.http.Verdict;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Row A42: retry obeys the verdict on a response, and looks at its status only without one. */
class RetryVerdictTest {

    private static final Request GET = Request.get("http://api.test/numbers");
    private static final Request POST = Request.post("http://api.test/numbers").json(List.of(1));
    private static final RetryPolicy STEADY = RetryPolicy.defaults().jitter(0);

    @Test
    void retriesAnAnswerThatIsMarkedSo() {
        assertSecondAnswerAfter(ofMillis(500), GET, 200, new Verdict.Retry(Optional.empty()));
        assertSecondAnswerAfter(ofMillis(3500), GET, 200, new Verdict.Retry(Optional.of(ofSeconds(3))));
    }

    @Test
    void takesTheVerdictsWaitBeforeTheHeaders() {
        Answers server = Answers.of(
                marked(
                        status(429, "Retry-After", "60"),
                        response -> response.withVerdict(new Verdict.RateLimited(Optional.of(ofSeconds(3))))),
                status(200));

        StepVerifier.withVirtualTime(() -> STEADY.asInterceptor().around(server).exchange(GET))
                .expectSubscription()
                .expectNoEvent(ofMillis(3500))
                .expectNextCount(1)
                .verifyComplete();
    }

    /** Whoever says that the caller was too fast has not processed the request. */
    @Test
    void sendsWhatWasRateLimitedAgainWhateverItsMethod() {
        assertSecondAnswerAfter(ofMillis(2500), POST, 200, new Verdict.RateLimited(Optional.of(ofSeconds(2))));
    }

    @Test
    void sendsAPostThatIsMarkedForRetryOnlyIfItIsHarmless() {
        assertOneAnswer(STEADY, POST, 200, new Verdict.Retry(Optional.empty()));
        assertSecondAnswerAfter(
                ofMillis(500), POST.header("Idempotency-Key", "k"), 200, new Verdict.Retry(Optional.empty()));
    }

    @Test
    void endsAtOnceWhenTheVerdictAsksForMoreThanTheMaximum() {
        assertOneAnswer(STEADY, GET, 429, new Verdict.RateLimited(Optional.of(Duration.ofHours(1))));
    }

    static Stream<Verdict> thatEndACall() {
        return Stream.of(
                new Verdict.Accept(),
                new Verdict.Fail(FailureKind.TRANSIENT, "no"),
                // Nobody who signed answered, so nothing would be different.
                new Verdict.RenewCredentials());
    }

    @ParameterizedTest
    @MethodSource("thatEndACall")
    void neverRetriesWhatIsMarkedOtherwiseWhateverItsStatus(Verdict verdict) {
        assertOneAnswer(STEADY, GET, 503, verdict);
    }

    static Stream<RetryPolicy> allPolicies() {
        return Stream.of(STEADY, RetryPolicy.never(), STEADY.budget(0, 0));
    }

    /** Its own allowance: no wait, no retry, no budget, any method; also where a request forbids retries. */
    @ParameterizedTest
    @MethodSource("allPolicies")
    void sendsARequestOnceMoreWithRenewedCredentials(RetryPolicy policy) {
        Answers server = Answers.of(refused(), status(200));
        RetryInterceptor retry = policy.asInterceptor();

        StepVerifier.create(retry.around(server).exchange(POST.options(o -> o.retry(false))))
                .expectNextMatches(response -> response.status() == 200)
                .verifyComplete();
        assertThat(server.asked()).extracting(Request::attempt).containsExactly(1, 2);
        assertThat(retry.stats()).isEqualTo(new RetryStats(1, 0, 0));
    }

    @Test
    void doesSoOnlyOncePerCall() {
        Answers server = Answers.of(refused());

        StepVerifier.create(STEADY.asInterceptor().around(server).exchange(GET))
                .expectNextMatches(response -> response.status() == 401)
                .verifyComplete();
        assertThat(server.count()).isEqualTo(2);
    }

    @Test
    void retriesAsOftenAsEverBesides() {
        Answers server = Answers.of(status(503), refused(), status(503), status(503), status(503));

        StepVerifier.withVirtualTime(() -> STEADY.asInterceptor().around(server).exchange(GET))
                .expectSubscription()
                .expectNoEvent(ofMillis(500 + 1000 + 2000))
                .expectNextMatches(response -> response.status() == 503)
                .verifyComplete();
        assertThat(server.count()).isEqualTo(5);
    }

    @Test
    void cannotRenewForABodyThatCanBeReadOnce() {
        Answers server = Answers.of(refused(), status(200));
        Request upload = Request.put("http://api.test/file")
                .body(Body.stream(Flux.just(ByteBuffer.allocate(1)), "application/octet-stream"));

        StepVerifier.create(STEADY.asInterceptor().around(server).exchange(upload))
                .expectNextMatches(response -> response.status() == 401)
                .verifyComplete();
    }

    @Test
    void tellsEveryAttemptItsNumber() {
        Answers server = Answers.ofStatus(503, 503, 200);

        StepVerifier.withVirtualTime(() -> STEADY.asInterceptor().around(server).exchange(GET))
                .thenAwait(ofSeconds(2))
                .expectNextMatches(response -> response.request().attempt() == 3)
                .verifyComplete();
        assertThat(server.asked()).extracting(Request::attempt).containsExactly(1, 2, 3);
    }

    @Test
    void startsAnewForEachSubscriber() {
        Answers server = Answers.of(refused(), status(200), refused(), status(200));
        Mono<Integer> call = STEADY.asInterceptor().around(server).exchange(GET).map(response -> response.status());

        StepVerifier.create(call).expectNext(200).verifyComplete();
        StepVerifier.create(call).expectNext(200).verifyComplete();
        assertThat(server.asked()).extracting(Request::attempt).containsExactly(1, 2, 1, 2);
    }

    @Test
    void neverRetriesARefusalOfOurOwn() {
        Answers server = Answers.of(Answers.failure(new BulkheadFullException(GET, "full")));
        ErrorRules eager = ErrorRules.of(
                ErrorRule.when(ErrorCondition.failure(FailureKind.LOCAL)).retry());

        StepVerifier.create(STEADY.asInterceptor(eager).around(server).exchange(GET))
                .verifyError(BulkheadFullException.class);
        assertThat(server.count()).isEqualTo(1);
    }

    @Test
    void retriesWhatSurelyWasNotSentWhateverItsMethod() {
        Answers server = Answers.of(Answers.failure(new NotSent(POST)), status(200));

        StepVerifier.withVirtualTime(() -> STEADY.asInterceptor().around(server).exchange(POST))
                .expectSubscription()
                .expectNoEvent(ofMillis(500))
                .expectNextMatches(response -> response.status() == 200)
                .verifyComplete();
    }

    @Test
    @SuppressWarnings("serial")
    void waitsUntilAFailureMayPass() {
        HeadraceException busy = new HeadraceException(FailureKind.TRANSIENT, "busy", null) {
            @Override
            public Optional<Instant> retryAt() {
                return Optional.of(Instant.ofEpochSecond(4));
            }
        };
        Answers server = Answers.of(Answers.failure(busy), status(200));

        StepVerifier.withVirtualTime(() -> STEADY.asInterceptor().around(server).exchange(GET))
                .expectSubscription()
                .expectNoEvent(ofMillis(4500))
                .expectNextMatches(response -> response.status() == 200)
                .verifyComplete();
    }

    private static Answers.Answer refused() {
        return marked(status(401), response -> response.withVerdict(new Verdict.CredentialsRenewed()));
    }

    private static void assertSecondAnswerAfter(Duration wait, Request request, int status, Verdict verdict) {
        Answers server = Answers.of(marked(status(status), response -> response.withVerdict(verdict)), status(201));

        StepVerifier.withVirtualTime(() -> STEADY.asInterceptor().around(server).exchange(request))
                .expectSubscription()
                .expectNoEvent(wait)
                .expectNextMatches(response -> response.status() == 201)
                .verifyComplete();
    }

    private static void assertOneAnswer(RetryPolicy policy, Request request, int status, Verdict verdict) {
        Answers server = Answers.of(marked(status(status), response -> response.withVerdict(verdict)), status(201));

        StepVerifier.create(policy.asInterceptor().around(server).exchange(request))
                .expectNextMatches(response -> response.status() == status)
                .verifyComplete();
        assertThat(server.count()).isEqualTo(1);
    }

    @SuppressWarnings("serial")
    private static final class NotSent extends HttpException {
        NotSent(Request request) {
            super(FailureKind.TRANSIENT, request, "not sent", null);
        }

        @Override
        public boolean requestSent() {
            return false;
        }
    }
}
