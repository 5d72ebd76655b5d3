package dev.headrace.connector;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.auth.Auth;
import dev.headrace.http.Request;
import dev.headrace.http.ResponseTimeoutException;
import dev.headrace.http.Secret;
import dev.headrace.resilience.ErrorRules;
import dev.headrace.resilience.RateLimitExceededException;
import dev.headrace.resilience.RateLimitPolicy;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.test.RawServer;
import dev.headrace.test.Reply;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows L8 (defaults and who wins), R11, R34 to R36, R41, R42, A48 (matchers), R72: other settings for some requests. */
class RulesTest {

    private static final Duration SOON = ofSeconds(30);

    @ParameterizedTest
    @CsvSource({
        "/repos/{owner}/issues, /repos/reactor/issues, true",
        "/repos/{owner}/issues, /repos/a/b/issues, false",
        "/repos/{owner}/issues, /repos/reactor/issues/1, false",
        "/repos/{owner}.json, /repos/reactor.json, true",
        "/search/**, /search, true",
        "/search/**, /search/a/b, true",
        "/search/**, /searching, false",
        "/**, /anything/at/all, true",
        "/, '', true",
        "/a*c, /abc, true",
        "/a.c, /abc, false"
    })
    void matchThePath(String template, String path, boolean matches) {
        assertThat(RequestMatcher.path(template).matches(Request.get("http://api.test" + path + "?q=1")))
                .isEqualTo(matches);
    }

    @Test
    void matchMethodAndHostAndWhateverElse() {
        RequestMatcher matcher = RequestMatcher.method("get", "HEAD")
                .andHost("*.API.test")
                .and("with a key", request -> request.headers().contains("X-Key"));
        Request matching = Request.get("http://eu.api.test/").header("X-Key", "1");

        assertThat(matcher.matches(matching)).isTrue();
        assertThat(matcher.matches(matching.withMethod("POST"))).isFalse();
        assertThat(matcher.matches(Request.get("http://eu.api.test/"))).isFalse();
        assertThat(matcher.matches(Request.get("http://api.test/").header("X-Key", "1")))
                .isFalse();
        assertThat(matcher).hasToString("method GET|HEAD, host *.api.test, with a key");
        assertThatIllegalArgumentException().isThrownBy(() -> RequestMatcher.path("no/slash"));
        assertThatIllegalArgumentException().isThrownBy(() -> RequestMatcher.method());
    }

    @Test
    void firstMatchWins() {
        try (RawServer server = RawServer.script(request -> Reply.ok("x")).start();
                Connector connector = Connector.builder(server.url())
                        .header("X-Of", "connector")
                        .when("narrow", RequestMatcher.path("/a/b"), o -> o.header("X-Of", "narrow"))
                        .when("wide", RequestMatcher.path("/a/**"), o -> o.header("X-Of", "wide"))
                        .build()) {
            call(connector, Request.get("/a/b"));
            call(connector, Request.get("/a/c"));
            call(connector, Request.get("/d"));
            call(connector, Request.get("/a/b").header("X-Of", "request"));

            assertThat(server.requests())
                    .extracting(request -> request.header("X-Of").orElse(""))
                    .containsExactly("narrow", "wide", "connector", "request");
        }
    }

    @Test
    void haveCredentialsOfTheirOwnOrNone() {
        try (RawServer server = RawServer.script(request -> Reply.ok("x")).start();
                Connector connector = Connector.builder(server.url())
                        .auth(Auth.bearer(Secret.of("t")))
                        .when("keyed", RequestMatcher.path("/keyed"), o -> o.auth(Auth.apiKey("X-K", Secret.of("k"))))
                        .when("open", RequestMatcher.path("/open"), o -> o.auth(Auth.none()))
                        .build()) {
            call(connector, Request.get("/keyed"));
            call(connector, Request.get("/open"));
            call(connector, Request.get("/"));

            assertThat(server.requests())
                    .extracting(request -> request.header("Authorization").orElse("-")
                            + request.header("X-K").orElse("-"))
                    .containsExactly("-k", "--", "Bearer t-");
        }
    }

    @Test
    void haveTimeoutsAndRetriesOfTheirOwn() {
        try (RawServer server = RawServer.script(request ->
                                request.path().equals("/slow") ? Reply.nothing().stall() : Reply.ok("x"))
                        .start();
                Connector connector = Connector.builder(server.url())
                        .retry(RetryPolicy.exponential(ofMillis(1)).maxRetries(1))
                        .when(
                                "slow",
                                RequestMatcher.path("/slow"),
                                o -> o.timeouts(t -> t.head(ofMillis(50))).retry(RetryPolicy.never()))
                        .build()) {
            assertThatThrownBy(() -> call(connector, Request.get("/slow")))
                    .isInstanceOf(ResponseTimeoutException.class);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void haveALimiterOfTheirOwnThatReallyLimitsAndThatChildrenShare() {
        try (RawServer server = RawServer.script(request -> Reply.ok("x")).start();
                Connector connector = Connector.builder(server.url())
                        .when(
                                "search",
                                RequestMatcher.path("/search"),
                                o -> o.rateLimit(
                                        RateLimitPolicy.window(2, ofMinutes(10)).failFast()))
                        .build()) {
            Connector child = connector.mutate().header("X-Child", "1").build();
            call(connector, Request.get("/search"));
            call(child, Request.get("/search"));

            assertThatThrownBy(() -> call(connector, Request.get("/search")))
                    .isInstanceOf(RateLimitExceededException.class);
            assertThatThrownBy(() -> call(child, Request.get("/search")))
                    .isInstanceOf(RateLimitExceededException.class);
            call(connector, Request.get("/other"));
        }
    }

    @Test
    void areListedReplacedAndRemoved() {
        Connector connector = Connector.builder("http://api.test")
                .when("a", RequestMatcher.path("/a"), o -> o.maxRedirects(0))
                .when(
                        "b",
                        RequestMatcher.any(),
                        o -> o.retry(RetryPolicy.never()).header("X", "1"))
                .when("a", RequestMatcher.method("GET"), o -> o.auth(Auth.none()))
                .build();

        assertThat(connector.settings().rules())
                .containsExactly(
                        new ConnectorSettings.RuleEntry("a", "method GET", java.util.List.of("auth")),
                        new ConnectorSettings.RuleEntry("b", "any request", java.util.List.of("retry", "header X")));
        assertThat(connector
                        .mutate()
                        .withoutRule("a")
                        .withoutRule("never there")
                        .build()
                        .settings()
                        .rules())
                .extracting(ConnectorSettings.RuleEntry::name)
                .containsExactly("b");
    }

    @Test
    void refuseWhatCannotBe() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Connector.builder("http://api.test").when(" ", RequestMatcher.any(), o -> o));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Connector.builder("http://api.test").when("a", RequestMatcher.any(), o -> o.maxRedirects(-1)));
    }

    /** What the rule does not name stays the connector's, also when that is the connector of a child. */
    @Test
    void takeFromAChildWhatTheyDoNotSetThemselves() {
        try (RawServer server = RawServer.script(
                                request -> Reply.bytes("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"))
                        .start();
                Connector root = Connector.builder(server.url())
                        .retry(RetryPolicy.fixed(ofMillis(1)))
                        .when("a", RequestMatcher.any(), o -> o.errors(ErrorRules.stripe()))
                        .build()) {
            call(root.mutate().retry(RetryPolicy.never()).build(), Request.get("/"));

            assertThat(server.requests()).hasSize(1);
        }
    }

    /** A rule is chosen once, by the request as it was made: not again when the defaults of a connector have been filled in. */
    @Test
    void areChosenOnce() {
        RequestMatcher anonymous = RequestMatcher.any()
                .and("no tenant", request -> !request.headers().contains("X-Tenant"));
        try (RawServer server = RawServer.script(
                                request -> Reply.bytes("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"))
                        .start();
                Connector connector = Connector.builder(server.url())
                        .header("X-Tenant", "default")
                        .retry(RetryPolicy.fixed(ofMillis(1)))
                        .when("a", anonymous, o -> o.header("X-Rule", "a").retry(RetryPolicy.never()))
                        .build()) {
            call(connector, Request.get("/"));

            assertThat(server.requests()).hasSize(1);
            assertThat(server.requests().get(0).header("X-Rule")).contains("a");
        }
    }

    /** It would match something, but not what is meant. */
    @Test
    void refuseStarsThatStandForManySegmentsInTheMiddle() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RequestMatcher.path("/a/**/b"))
                .withMessageContaining("/a/**/b");
        assertThatIllegalArgumentException().isThrownBy(() -> RequestMatcher.path("/files**"));
    }

    private static void call(Connector connector, Request request) {
        connector.exchange(request).block(SOON);
    }
}
