package dev.headrace.resilience;

import static dev.headrace.resilience.Answers.json;
import static dev.headrace.resilience.Answers.status;
import static dev.headrace.resilience.ErrorCondition.bodyAt;
import static dev.headrace.resilience.ErrorCondition.bodyContains;
import static dev.headrace.resilience.ErrorCondition.bodyMatches;
import static dev.headrace.resilience.ErrorCondition.failure;
import static dev.headrace.resilience.ErrorCondition.header;
import static dev.headrace.resilience.ErrorCondition.headerMatches;
import static dev.headrace.resilience.ErrorCondition.not;
import static dev.headrace.resilience.ErrorCondition.statusBetween;
import static dev.headrace.resilience.ErrorRule.when;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Exchange;
import dev.headrace.http.ExchangeOptions.Profile;
import dev.headrace.http.Headers;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.ResponseTimeoutException;
import dev.headrace.http.RetryAfter;
import dev.headrace.http.Verdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Rows A25, A26, A41, A42, A44, A45, L70: errors as data. */
class ErrorRulesTest {

    private static final Request GET = Request.get("http://api.test/numbers");
    private static final Verdict RETRY = new Verdict.Retry(Optional.empty());
    private static final RetryPolicy STEADY = RetryPolicy.defaults().jitter(0);

    static Stream<Arguments> conditions() {
        Answers.Answer page = json(403, """
                {"ok": false, "error": {"code": 7, "codes": ["a", "b"], "nothing": null, "none": []}, "message": "Too Fast"}""", "X-Limit", "burst=3");
        return Stream.of(
                holds(page, ErrorCondition.status(403)),
                holds(page, ErrorCondition.status(500, 403, 400)),
                fails(page, ErrorCondition.status(400, 500)),
                holds(page, statusBetween(400, 403)),
                fails(page, statusBetween(404, 499)),
                holds(page, header("x-limit")),
                fails(page, header("X-Other")),
                holds(page, header("X-Limit", "burst=3")),
                fails(page, header("X-Limit", "3")),
                holds(page, headerMatches("X-Limit", "\\d")),
                fails(page, headerMatches("X-Limit", "^\\d")),
                holds(page, bodyAt("/ok")),
                holds(page, bodyAt("/ok", false)),
                fails(page, bodyAt("/ok", true)),
                fails(page, bodyAt("/ok", "false")),
                holds(page, bodyAt("/error/code", 7)),
                holds(page, bodyAt("/error/code", 7.0)),
                holds(page, bodyAt("/error/code", "x", 7)),
                fails(page, bodyAt("/error/code", "7")),
                holds(page, bodyAt("/error/codes", "b")),
                holds(page, bodyAt("/error/codes/1", "b")),
                fails(page, bodyAt("/error/codes/0", "b")),
                fails(page, bodyAt("/error/nothing")),
                fails(page, bodyAt("/error/none")),
                fails(page, bodyAt("/missing")),
                holds(page, not(bodyAt("/missing"))),
                holds(page, bodyContains("too fast")),
                fails(page, bodyContains("too.fast")),
                holds(page, bodyMatches("Too +Fast")),
                fails(page, bodyMatches("^Too")),
                fails(page, bodyMatches("^$")),
                holds(json(200, ""), bodyMatches("^$")),
                fails(page, failure(Throwable.class)),
                holds(json(200, "7"), bodyAt("", 7)),
                holds(json(200, "\"ratelimited\""), bodyAt("", "ratelimited")),
                fails(status(200), bodyAt("/body")),
                holds(status(200), bodyContains("body")),
                holds(json(200, "{\"error\": \"x\", \"cut"), bodyAt("/error", "x")));
    }

    private static Arguments holds(Answers.Answer answer, ErrorCondition condition) {
        return Arguments.of(condition, answer, true);
    }

    private static Arguments fails(Answers.Answer answer, ErrorCondition condition) {
        return Arguments.of(condition, answer, false);
    }

    /** Row A25. */
    @ParameterizedTest(name = "{0} {2}")
    @MethodSource("conditions")
    void looksAtStatusHeadersAndBody(ErrorCondition condition, Answers.Answer answer, boolean holds) {
        Optional<Verdict> verdict = judged(ErrorRules.of(when(condition).retry()), answer);

        assertThat(verdict).isEqualTo(holds ? Optional.of(RETRY) : Optional.empty());
    }

    @Test
    void takesTheFirstRuleOfWhichAllConditionsHold() {
        ErrorRules rules = ErrorRules.of(
                        when(ErrorCondition.status(200))
                                .and(bodyAt("/ok", true))
                                .retry(),
                        when(ErrorCondition.status(200))
                                .and(bodyAt("/ok", false))
                                .accept())
                .with(when(ErrorCondition.status(200)).retry());

        assertThat(judged(rules, json(200, "{\"ok\": false}"))).contains(new Verdict.Accept());
        assertThat(judged(rules, json(200, "{}"))).contains(RETRY);
        assertThat(judged(rules, status(404))).isEmpty();
    }

    /** Row A42: the actions. */
    @Test
    void marksWithWhatFollows() {
        Answers.Answer refusal =
                json(400, "{\"error\": {\"message\": \"no such\\u0007 channel\"}, \"wait\": 2.5}", "X-Wait", "7");
        ErrorRule.When always = when(ErrorCondition.status(400));

        assertThat(judged(ErrorRules.of(always.retry(ofSeconds(3))), refusal))
                .contains(new Verdict.Retry(Optional.of(ofSeconds(3))));
        assertThat(judged(ErrorRules.of(always.rateLimited()), refusal))
                .contains(new Verdict.RateLimited(Optional.empty()));
        assertThat(judged(ErrorRules.of(always.rateLimited(ofSeconds(3))), refusal))
                .contains(new Verdict.RateLimited(Optional.of(ofSeconds(3))));
        assertThat(judged(ErrorRules.of(always.rateLimited(RetryAfter.secondsIn("X-Wait"))), refusal))
                .contains(new Verdict.RateLimited(Optional.of(ofSeconds(7))));
        assertThat(judged(ErrorRules.of(always.rateLimitedSecondsAt("/wait")), refusal))
                .contains(new Verdict.RateLimited(Optional.of(ofMillis(2500))));
        assertThat(judged(ErrorRules.of(always.rateLimitedSecondsAt("/missing")), refusal))
                .contains(new Verdict.RateLimited(Optional.empty()));
        assertThat(judged(ErrorRules.of(always.renewCredentials()), refusal)).contains(new Verdict.RenewCredentials());
        assertThat(judged(ErrorRules.of(always.accept()), refusal)).contains(new Verdict.Accept());
        assertThat(judged(ErrorRules.of(always.fail(FailureKind.PERMANENT)), refusal))
                .contains(new Verdict.Fail(FailureKind.PERMANENT, "a rule takes it for a failure"));
        assertThat(judged(ErrorRules.of(always.fail(FailureKind.CONFIGURATION, "join the channel first")), refusal))
                .contains(new Verdict.Fail(FailureKind.CONFIGURATION, "join the channel first"));
    }

    @Test
    void takesAnIgnoredAnswerForNoContent() {
        Answers server = Answers.of(status(404));

        StepVerifier.create(ErrorRules.of(when(ErrorCondition.status(404)).ignore())
                        .asInterceptor()
                        .around(server)
                        .exchange(GET))
                .assertNext(response -> {
                    assertThat(response.status()).isEqualTo(204);
                    assertThat(response.isSuccessful()).isTrue();
                    assertThat(response.readAll(1).block()).isEmpty();
                })
                .verifyComplete();
    }

    @Test
    void leavesTheBodyAsItWas() {
        String text = "{\"ok\": false, \"rest\": \"" + "x".repeat(200_000) + "\"}";

        StepVerifier.create(ErrorRules.of(when(bodyAt("/ok", false)).accept())
                        .asInterceptor()
                        .around(Answers.of(json(200, text)))
                        .exchange(GET)
                        .flatMap(response -> response.readAll(1_000_000)))
                .assertNext(body -> assertThat(new String(body, UTF_8)).isEqualTo(text))
                .verifyComplete();
    }

    /** What lies behind the first 64 KiB decides nothing, not even by its absence. */
    @Test
    void decidesNothingByWhatItHasNotSeen() {
        String behind = "{\"data\": \"" + "x".repeat(70_000) + "\", \"error\": 1}";

        assertThat(judged(ErrorRules.of(when(bodyAt("/error")).retry()), json(200, behind)))
                .isEmpty();
        assertThat(judged(ErrorRules.of(when(not(bodyAt("/error"))).retry()), json(200, behind)))
                .isEmpty();
        assertThat(judged(ErrorRules.of(when(not(bodyAt("/data"))).retry()), json(200, behind)))
                .isEmpty();
        assertThat(judged(ErrorRules.of(when(not(bodyContains("absent"))).retry()), json(200, behind)))
                .isEmpty();
    }

    @Test
    void readsNoBodyThatNoRuleNeeds() {
        ErrorRules rules = ErrorRules.of(
                when(bodyAt("/ok", false)).and(ErrorCondition.status(200)).retry(),
                when(ErrorCondition.status(403)).and(header("X-Limit")).retry());

        assertThat(neverRead(rules, GET, 403, Headers.of("X-Limit", "1"))).contains(RETRY);
        assertThat(neverRead(rules, GET, 403, Headers.none())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "CALL, text/event-stream",
        "CALL, text/event-stream; charset=utf-8",
        "CALL, application/x-ndjson",
        "EVENTS, application/json",
        "TRANSFER, application/json"
    })
    void neverLooksIntoAStream(Profile profile, String type) {
        ErrorRules rules = ErrorRules.of(
                when(bodyAt("/ok", false)).retry(),
                when(ErrorCondition.status(403)).fail(FailureKind.PERMANENT));
        Request request = GET.options(o -> o.profile(profile));

        assertThat(neverRead(rules, request, 200, Headers.of("Content-Type", type)))
                .isEmpty();
        assertThat(neverRead(rules, request, 403, Headers.of("Content-Type", type)))
                .contains(new Verdict.Fail(FailureKind.PERMANENT, "a rule takes it for a failure"));
    }

    @Test
    void failsTheAttemptWhenTheBodyBreaksWhileItLooks() {
        Exchange broken = request ->
                Mono.just(Response.of(request, 200, Headers.none(), Flux.<ByteBuffer>error(new IOException("reset"))));

        StepVerifier.create(ErrorRules.of(when(bodyAt("/ok", false)).retry())
                        .asInterceptor()
                        .intercept(GET, broken))
                .verifyErrorMessage("reset");
    }

    @Test
    void leavesAVerdictThatIsThereAlready() {
        Answers.Answer marked = Answers.marked(status(403), r -> r.withVerdict(new Verdict.Accept()));

        assertThat(judged(ErrorRules.of(when(ErrorCondition.status(403)).retry()), marked))
                .contains(new Verdict.Accept());
    }

    /** Rows A25, A42: the same table says what a failure means. */
    @Test
    void retriesAFailureThatARuleNames() {
        Answers server =
                Answers.of(Answers.failure(new HeadraceException(FailureKind.LOCAL, "odd", null)), status(200));
        ErrorRules rules = ErrorRules.of(when(failure(FailureKind.LOCAL)).retry(ofSeconds(2)));

        StepVerifier.withVirtualTime(
                        () -> STEADY.asInterceptor(rules).around(server).exchange(GET))
                .expectSubscription()
                .expectNoEvent(ofMillis(2500))
                .expectNextMatches(response -> response.status() == 200)
                .verifyComplete();
    }

    @Test
    void failsAtOnceByARuleOnAFailure() {
        Answers server = Answers.of(Answers.failure(new ResponseTimeoutException(GET, "no head", ofSeconds(1))));
        ErrorRules rules = ErrorRules.of(
                when(failure(ResponseTimeoutException.class)).fail(FailureKind.CONFIGURATION, "ask for less"));

        StepVerifier.create(STEADY.asInterceptor(rules).around(server).exchange(GET))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(ErrorRuleException.class)
                        .hasMessage("GET http://api.test/numbers: ask for less")
                        .hasCauseInstanceOf(ResponseTimeoutException.class)
                        .satisfies(
                                e -> assertThat(((HeadraceException) e).kind()).isEqualTo(FailureKind.CONFIGURATION)));
        assertThat(server.count()).isEqualTo(1);
    }

    /** Row A41: an error status as an answer like any other. */
    @Test
    void isNoErrorWhatARuleAccepts() {
        StepVerifier.create(ErrorRules.of(when(ErrorCondition.status(404)).accept())
                        .asInterceptor()
                        .around(Answers.of(status(404)))
                        .exchange(GET))
                .expectNextMatches(Response::isSuccessful)
                .verifyComplete();
    }

    /** Row A45: a rate limit is waited for as long as the policy allows, never endlessly. */
    @Test
    void waitsForARateLimitOnlyAsOftenAsThePolicyAllows() {
        Answers server = Answers.of(json(200, "{\"ok\": false, \"error\": \"ratelimited\"}", "Retry-After", "10"));

        StepVerifier.withVirtualTime(() -> STEADY.maxRetries(2)
                        .asInterceptor()
                        .around(ErrorRules.slack().asInterceptor().around(server))
                        .exchange(GET)
                        .flatMap(response -> HttpStatusException.from(GET, response)))
                .expectSubscription()
                .expectNoEvent(ofMillis(20_000 + 500 + 1000))
                .assertNext(failure -> assertThat(failure.kind()).isEqualTo(FailureKind.TRANSIENT))
                .verifyComplete();
        assertThat(server.count()).isEqualTo(3);
    }

    static Stream<Arguments> readyMade() {
        Verdict limited = new Verdict.RateLimited(Optional.empty());
        String[] reset = {"Date", "Sun, 06 Nov 1994 08:49:37 GMT", "x-ratelimit-reset", "784111807"};
        return Stream.of(
                ready(ErrorRules.slack(), json(200, "{\"ok\": true}"), null),
                ready(ErrorRules.slack(), json(200, "{\"ok\": false, \"error\": \"ratelimited\"}"), limited),
                ready(
                        ErrorRules.slack(),
                        json(200, "{\"ok\": false, \"error\": \"token_expired\"}"),
                        new Verdict.RenewCredentials()),
                ready(ErrorRules.slack(), json(200, "{\"ok\": false, \"error\": \"internal_error\"}"), RETRY),
                ready(
                        ErrorRules.slack(),
                        json(200, "{\"ok\": false, \"error\": \"channel_not_found\"}"),
                        new Verdict.Fail(FailureKind.PERMANENT, "a rule takes it for a failure")),
                ready(ErrorRules.graphql(), json(200, "{\"data\": {\"a\": 1}}"), null),
                ready(
                        ErrorRules.graphql(),
                        json(200, "{\"errors\": [{\"message\": \"x\"}], \"data\": {\"a\": 1}}"),
                        null),
                ready(
                        ErrorRules.graphql(),
                        json(
                                200,
                                "{\"errors\": [{\"message\": \"Throttled\", \"extensions\": {\"code\": \"THROTTLED\"}}]}"),
                        limited),
                ready(
                        ErrorRules.graphql(),
                        json(200, "{\"data\": null, \"errors\": [{\"type\": \"RATE_LIMITED\", \"message\": \"x\"}]}"),
                        limited),
                ready(
                        ErrorRules.graphql(),
                        json(200, "{\"errors\": [{\"message\": \"no field x\"}]}"),
                        new Verdict.Fail(FailureKind.PERMANENT, "a rule takes it for a failure")),
                ready(
                        ErrorRules.graphql(),
                        json(
                                200,
                                "{\"errors\": [{\"message\": \"x\"}], \"data\": {\"a\": \"" + "x".repeat(70_000)
                                        + "\"}}"),
                        null),
                ready(ErrorRules.github(), json(403, "{\"message\": \"Forbidden\"}"), null),
                ready(ErrorRules.github(), json(429, "{}", "Retry-After", "60"), limited),
                ready(
                        ErrorRules.github(),
                        json(403, "{}", append(reset, "x-ratelimit-remaining", "0")),
                        new Verdict.RateLimited(Optional.of(ofSeconds(30)))),
                ready(ErrorRules.github(), json(403, "{}", append(reset, "x-ratelimit-remaining", "14")), null),
                ready(
                        ErrorRules.github(),
                        json(403, "{\"message\": \"You have exceeded a secondary rate limit.\"}"),
                        new Verdict.RateLimited(Optional.of(Duration.ofMinutes(1)))),
                ready(ErrorRules.stripe(), json(409, "{}", "Stripe-Should-Retry", "true"), RETRY),
                ready(
                        ErrorRules.stripe(),
                        json(500, "{\"error\": {\"message\": \"no\"}}", "Stripe-Should-Retry", "false"),
                        new Verdict.Fail(FailureKind.PERMANENT, "a rule takes it for a failure")),
                ready(ErrorRules.stripe(), json(402, "{}", "Stripe-Should-Retry", "false"), null),
                ready(ErrorRules.none(), json(403, "{}"), null));
    }

    private static Arguments ready(ErrorRules rules, Answers.Answer answer, @Nullable Verdict verdict) {
        return Arguments.of(rules, answer, Optional.ofNullable(verdict));
    }

    private static String[] append(String[] headers, String name, String value) {
        return Stream.concat(Stream.of(headers), Stream.of(name, value)).toArray(String[]::new);
    }

    @ParameterizedTest(name = "[{index}] {2}")
    @MethodSource("readyMade")
    void knowsTheErrorsOfWellKnownApis(ErrorRules rules, Answers.Answer answer, Optional<Verdict> verdict) {
        assertThat(judged(rules, answer)).isEqualTo(verdict);
    }

    @Test
    void canBeListedAndPrinted() {
        ErrorRules rules = ErrorRules.of(when(ErrorCondition.status(403))
                        .and(not(bodyAt("/ok", true, 1)))
                        .rateLimited(ofSeconds(1)))
                .orElse(ErrorRules.none());

        assertThat(rules.rules()).hasSize(1);
        assertThat(rules)
                .hasToString("ErrorRules[when status 403 and not body at /ok true or 1: rate-limited for PT1S]");
    }

    @Test
    void refusesRulesThatMakeNoSense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> when(ErrorCondition.status(403)).and(failure(FailureKind.LOCAL)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> when(failure(FailureKind.LOCAL)).ignore());
        assertThatIllegalArgumentException().isThrownBy(() -> bodyAt("no-slash"));
        assertThatIllegalArgumentException().isThrownBy(() -> statusBetween(500, 400));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> when(ErrorCondition.status(403)).retry(ofSeconds(-1)));
    }

    private static Optional<Verdict> judged(ErrorRules rules, Answers.Answer answer) {
        return rules.asInterceptor()
                .around(Answers.of(answer))
                .exchange(GET)
                .map(Response::verdict)
                .blockOptional()
                .orElseThrow();
    }

    /** The verdict on a response whose body must not be touched. */
    private static Optional<Verdict> neverRead(ErrorRules rules, Request request, int status, Headers headers) {
        Flux<ByteBuffer> body = Flux.error(new AssertionError("the body was read"));
        return rules.asInterceptor()
                .intercept(request, asked -> Mono.just(Response.of(asked, status, headers, body)))
                .map(Response::verdict)
                .blockOptional()
                .orElseThrow();
    }
}
