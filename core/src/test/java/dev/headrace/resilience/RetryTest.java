package dev.headrace.resilience;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Body;
import dev.headrace.http.Exchange;
import dev.headrace.http.Headers;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.ResponseTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Rows K3 to K6, K12, L6, L7: retries, their waits, and what is never retried. */
class RetryTest {

    private static final Request GET = Request.get("http://api.test/numbers");
    private static final Request POST = Request.post("http://api.test/numbers").json(List.of(1));
    private static final RetryPolicy STEADY = RetryPolicy.defaults().jitter(0);

    private final AtomicInteger attempts = new AtomicInteger();

    @Test
    void waitsTwiceAsLongEachTime() {
        StepVerifier.withVirtualTime(() -> STEADY.asInterceptor()
                        .around(replies(503, 503, 503, 200))
                        .exchange(GET))
                .expectSubscription()
                .expectNoEvent(ofMillis(500))
                .expectNoEvent(ofMillis(1000))
                .expectNoEvent(ofMillis(2000))
                .expectNextMatches(response -> response.status() == 200)
                .verifyComplete();
        assertThat(attempts).hasValue(4);
    }

    @Test
    void neverWaitsLongerThanTheMaximum() {
        StepVerifier.withVirtualTime(() -> STEADY.maxDelay(ofMillis(600))
                        .asInterceptor()
                        .around(replies(503, 503, 200))
                        .exchange(GET))
                .expectSubscription()
                .expectNoEvent(ofMillis(500 + 600))
                .expectNextCount(1)
                .verifyComplete();
    }

    @Test
    void refusesAMaximumBelowTheFirstWait() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RetryPolicy.exponential(ofSeconds(2)).maxDelay(ofSeconds(1)));
        assertThat(RetryPolicy.exponential(ofSeconds(60)).maxDelay()).isEqualTo(ofSeconds(60));
    }

    @Test
    void givesTheLastResponseWhenRetriesAreUsedUp() {
        StepVerifier.withVirtualTime(() -> STEADY.asInterceptor()
                        .around(replies(503, 503, 503, 503))
                        .exchange(GET)
                        .flatMap(response -> response.readAll(100)
                                .map(body ->
                                        response.status() + new String(body, java.nio.charset.StandardCharsets.UTF_8))))
                .expectSubscription()
                .expectNoEvent(ofMillis(3500))
                .expectNext("503body")
                .verifyComplete();
        assertThat(attempts).hasValue(4);
    }

    @Test
    void waitsAsLongAsRetryAfterSaysAndThenItsOwnBackoff() {
        StepVerifier.withVirtualTime(() -> STEADY.asInterceptor()
                        .around(replies(response(429, Headers.of("Retry-After", "2")), response(200, Headers.none())))
                        .exchange(GET))
                .expectSubscription()
                .expectNoEvent(ofMillis(2500))
                .expectNextMatches(response -> response.status() == 200)
                .verifyComplete();
    }

    @Test
    void endsAtOnceWhenTheServerAsksForMoreThanTheMaximum() {
        StepVerifier.withVirtualTime(() -> STEADY.asInterceptor()
                        .around(replies(response(503, Headers.of("Retry-After", "121")), response(200, Headers.none())))
                        .exchange(GET))
                .expectNextMatches(response -> response.status() == 503)
                .verifyComplete();
        assertThat(attempts).hasValue(1);
    }

    @Test
    void addsJitterOnTopOfWhatTheServerAsksFor() {
        StepVerifier.withVirtualTime(() -> RetryPolicy.defaults()
                        .jitter(1)
                        .asInterceptor()
                        .around(replies(response(429, Headers.of("Retry-After", "2")), response(200, Headers.none())))
                        .exchange(GET))
                .expectSubscription()
                .expectNoEvent(ofSeconds(2))
                .thenAwait(ofSeconds(1))
                .expectNextCount(1)
                .verifyComplete();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 301, 400, 401, 404, 422, 501})
    void passesOtherStatusesOn(int status) {
        StepVerifier.create(STEADY.asInterceptor().around(replies(status)).exchange(GET))
                .expectNextMatches(response -> response.status() == status)
                .verifyComplete();
    }

    @Test
    void doesNotSendAPostTwice() {
        StepVerifier.create(STEADY.asInterceptor().around(replies(503, 200)).exchange(POST))
                .expectNextMatches(response -> response.status() == 503)
                .verifyComplete();
    }

    @Test
    void sendsAPostWithAnIdempotencyKeyAgain() {
        assertRetried(STEADY, POST.header("Idempotency-Key", "k1"));
    }

    @Test
    void sendsAPostAgainWhenAllMethodsAreRetried() {
        assertRetried(STEADY.retryAllMethods(), POST);
    }

    @Test
    void neverSendsABodyThatCanBeReadOnceAgain() {
        Request upload = Request.put("http://api.test/file")
                .body(Body.stream(Flux.just(ByteBuffer.allocate(1)), "application/octet-stream"));

        StepVerifier.create(STEADY.retryAllMethods()
                        .asInterceptor()
                        .around(replies(503, 200))
                        .exchange(upload))
                .expectNextMatches(response -> response.status() == 503)
                .verifyComplete();
    }

    @Test
    void retriesFailuresThatMayPass() {
        Exchange flaky = failing(new ResponseTimeoutException(GET, "no response head", ofSeconds(1)));

        StepVerifier.withVirtualTime(() -> STEADY.asInterceptor().around(flaky).exchange(GET))
                .expectSubscription()
                .expectNoEvent(ofMillis(500))
                .expectNextCount(1)
                .verifyComplete();
    }

    @Test
    void doesNotRetryWhatWillNotPass() {
        Exchange wrong = failing(new HeadraceException(FailureKind.CONFIGURATION, "wrong key", null));

        StepVerifier.create(STEADY.asInterceptor().around(wrong).exchange(GET)).verifyErrorMessage("wrong key");
    }

    @Test
    void signalsTheLastFailureItselfWhenRetriesAreUsedUp() {
        Exchange broken =
                request -> Mono.error(new ResponseTimeoutException(request, "no response head", ofSeconds(1)));

        StepVerifier.withVirtualTime(() -> STEADY.asInterceptor().around(broken).exchange(GET))
                .thenAwait(Duration.ofHours(1))
                .verifyError(ResponseTimeoutException.class);
    }

    @Test
    void doesNothingWhenTheRequestForbidsIt() {
        StepVerifier.create(STEADY.asInterceptor().around(replies(503, 200)).exchange(GET.options(o -> o.retry(false))))
                .expectNextMatches(response -> response.status() == 503)
                .verifyComplete();
    }

    @Test
    void waitsNoLongerWhenCancelled() {
        StepVerifier.withVirtualTime(
                        () -> STEADY.asInterceptor().around(replies(503, 200)).exchange(GET))
                .expectSubscription()
                .thenAwait(ofMillis(100))
                .thenCancel()
                .verify();
        assertThat(attempts).hasValue(1);
    }

    private void assertRetried(RetryPolicy policy, Request request) {
        StepVerifier.withVirtualTime(
                        () -> policy.asInterceptor().around(replies(503, 200)).exchange(request))
                .thenAwait(ofSeconds(1))
                .expectNextMatches(response -> response.status() == 200)
                .verifyComplete();
    }

    private Exchange failing(Throwable once) {
        return request -> attempts.incrementAndGet() == 1 ? Mono.error(once) : Mono.just(response(200, Headers.none()));
    }

    private Exchange replies(int... statuses) {
        Response[] responses = new Response[statuses.length];
        for (int i = 0; i < statuses.length; i++) {
            responses[i] = response(statuses[i], Headers.none());
        }
        return replies(responses);
    }

    private Exchange replies(Response... responses) {
        Deque<Response> left = new ArrayDeque<>(List.of(responses));
        return request -> {
            attempts.incrementAndGet();
            return Mono.just(left.remove());
        };
    }

    private static Response response(int status, Headers headers) {
        return Response.of(GET, status, headers, "body".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
