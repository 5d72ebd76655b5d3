package dev.headrace.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Exchange;
import dev.headrace.http.Headers;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.Secret;
import dev.headrace.http.Verdict;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/**
 * Rows A11, A14, A15, A16, A53, L72, L73, R12, R13, R14 (a bearer token), R15, R37 to R40 (a source is asked for every attempt), R42 (none),
 * R69 (the default header of a key).
 */
class AuthTest {

    private static final Request GET = Request.get("https://api.test/numbers");
    private static final Secret KEY = Secret.of("k3y");

    @Test
    void putsASecretWhereItBelongs() {
        assertThat(signed(Auth.bearer(KEY), GET).headers().all("Authorization")).containsExactly("Bearer k3y");
        assertThat(signed(Auth.basic("Aladdin", Secret.of("open sesame")), GET)
                        .headers()
                        .all("Authorization"))
                .containsExactly("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assertThat(signed(Auth.apiKey(KEY), GET).headers().all("X-API-Key")).containsExactly("k3y");
        assertThat(signed(Auth.apiKey("X-Custom", KEY), GET).headers().all("X-Custom"))
                .containsExactly("k3y");
        assertThat(signed(Auth.header("Authorization", "Token", KEY), GET)
                        .headers()
                        .all("Authorization"))
                .containsExactly("Token k3y");
        assertThat(signed(Auth.none(), GET)).isSameAs(GET);
    }

    @Test
    void winsOverWhatIsThere() {
        assertThat(signed(Auth.bearer(KEY), GET.header("authorization", "Bearer other"))
                        .headers()
                        .all("Authorization"))
                .containsExactly("Bearer k3y");
        assertThat(signed(
                                Auth.apiKeyInQuery("q", KEY),
                                Request.of("GET", URI.create("https://api.test/n?a=1&q=x&b=2"))
                                        .query("q", "y"))
                        .uri())
                .hasToString("https://api.test/n?a=1&b=2&q=k3y");
    }

    /** L72: the query form, which the older system never reached. */
    @Test
    void masksAKeyInTheQueryWhateverItsName() {
        assertThat(signed(Auth.apiKeyInQuery("q", KEY), GET).describe())
                .isEqualTo("GET https://api.test/numbers?q=•••");
    }

    @Test
    void joinsTheCookiesThatAreThere() {
        Request withCookies = GET.headers(Headers.of("Cookie", "a=1; sid=old;b=2", "Cookie", "c=3"));

        assertThat(signed(Auth.apiKeyInCookie("sid", KEY), withCookies)
                        .headers()
                        .all("Cookie"))
                .containsExactly("a=1; b=2; c=3; sid=k3y");
        assertThat(signed(Auth.apiKeyInCookie("sid", KEY), GET).headers().all("Cookie"))
                .containsExactly("sid=k3y");
    }

    @Test
    void refusesAtOnceWhatCouldNotBeSent() {
        assertThatIllegalArgumentException().isThrownBy(() -> Auth.basic("a:b", KEY));
        assertThatIllegalArgumentException().isThrownBy(() -> Auth.apiKey("no header", KEY));
        assertThatIllegalArgumentException().isThrownBy(() -> Auth.apiKeyInQuery("", KEY));
        assertThatIllegalArgumentException().isThrownBy(() -> Auth.apiKeyInCookie("a b", KEY));
        assertThatIllegalArgumentException().isThrownBy(Auth::rotating);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Auth.bearer(Secret.of("hunter2\nhunter2")))
                .withMessageContaining("Authorization")
                .withMessageNotContaining("hunter2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Auth.apiKeyInCookie("sid", Secret.of("hunter2;admin=1")))
                .withMessageContaining("sid")
                .withMessageNotContaining("hunter2");
    }

    @Test
    void asksItsSourceForEveryAttempt() {
        AtomicInteger asked = new AtomicInteger();
        Mono<Secret> source = Mono.fromSupplier(() -> Secret.of("k" + asked.incrementAndGet()));

        assertThat(twice(Auth.bearer(source), "Authorization")).containsExactly("Bearer k1", "Bearer k2");
        assertThat(twice(Auth.basic("u", source), "Authorization")).containsExactly("Basic dTprMw==", "Basic dTprNA==");
        assertThat(twice(Auth.apiKey("X-API-Key", source), "X-API-Key")).containsExactly("k5", "k6");
        assertThat(twice(Auth.apiKeyInCookie("c", source), "Cookie")).containsExactly("c=k7", "c=k8");
        assertThat(twice(Auth.header("X-K", "Key", source), "X-K")).containsExactly("Key k9", "Key k10");
        assertThat(signed(Auth.apiKeyInQuery("k", source), GET).uri().getQuery())
                .isEqualTo("k=k11");
    }

    @Test
    void sendsNothingWhenItsSourceIsEmptyOrFails() {
        assertUnavailable(Mono.empty(), FailureKind.CONFIGURATION, "header Authorization gave none");
        assertUnavailable(
                Mono.error(new IllegalStateException("vault")),
                FailureKind.CONFIGURATION,
                "header Authorization failed");
        assertUnavailable(
                Mono.error(new HeadraceException(FailureKind.TRANSIENT, "the vault is busy", null)),
                FailureKind.TRANSIENT,
                "header Authorization failed");
        assertUnavailable(Mono.just(Secret.of("hunter2\n")), FailureKind.CONFIGURATION, "header Authorization failed");
    }

    private static void assertUnavailable(Mono<Secret> source, FailureKind kind, String message) {
        AtomicInteger sent = new AtomicInteger();
        Exchange next = request -> {
            sent.incrementAndGet();
            return Mono.empty();
        };

        StepVerifier.create(Auth.bearer(source).intercept(GET, next))
                .expectErrorSatisfies(failure -> {
                    assertThat(failure).isInstanceOf(CredentialsException.class).hasMessageContaining(message);
                    assertThat(failure).hasStackTraceContaining(message);
                    assertThat(((CredentialsException) failure).kind()).isEqualTo(kind);
                    assertThat(((CredentialsException) failure).requestSent()).isFalse();
                    assertThat(failure.toString() + failure.getCause()).doesNotContain("hunter2");
                })
                .verify();
        assertThat(sent).hasValue(0);
    }

    @Test
    void signsInTurnSoThatTheLastWins() {
        Request signed = signed(
                Auth.all(Auth.bearer(Secret.of("a")), Auth.apiKey(KEY), Auth.bearer(Secret.of("b")), Auth.none()), GET);

        assertThat(signed.headers().all("Authorization")).containsExactly("Bearer b");
        assertThat(signed.headers().all("X-API-Key")).containsExactly("k3y");
        assertThat(Auth.all(Auth.bearer(KEY), Auth.apiKey(KEY))
                        .sign(GET)
                        .blockOptional()
                        .orElseThrow()
                        .headers()
                        .names())
                .containsExactlyInAnyOrder("authorization", "x-api-key");
    }

    @Test
    void letsEachOfSeveralSeeTheResponse() {
        List<String> seen = new ArrayList<>();
        Exchange next = request -> Mono.just(Response.of(request, 401, Headers.none(), new byte[0]));

        Response response = Auth.all(watching("a", seen), Auth.all(Auth.bearer(KEY), watching("b", seen)))
                .intercept(GET, next)
                .blockOptional()
                .orElseThrow();

        assertThat(seen).containsExactly("b", "a");
        assertThat(response.verdict()).containsInstanceOf(Verdict.CredentialsRenewed.class);
        assertThat(response.request().headers().first("Authorization")).contains("Bearer k3y");
    }

    private static Auth watching(String name, List<String> seen) {
        return new Auth() {
            @Override
            public Mono<Request> sign(Request request) {
                return Mono.just(request);
            }

            @Override
            public Mono<Response> intercept(Request request, Exchange next) {
                return next.exchange(request).map(response -> {
                    seen.add(name);
                    return response.withVerdict(new Verdict.CredentialsRenewed());
                });
            }
        };
    }

    @Test
    void takesTheNextOfSeveralForEachAttemptOfAnyCaller() {
        Auth rotating = Auth.rotating(Auth.bearer(Secret.of("a")), Auth.bearer(Secret.of("b")), Auth.apiKey(KEY));

        assertThat(twice(rotating, "Authorization")).containsExactly("Bearer a", "Bearer b");
        assertThat(signed(rotating, GET).headers().first("X-API-Key")).contains("k3y");
        assertThat(rotating.sign(GET).blockOptional().orElseThrow().headers().first("Authorization"))
                .contains("Bearer a");
    }

    @Test
    void saysWhereASecretGoesAndNotTheSecret() {
        assertThat(Auth.all(
                        Auth.bearer(KEY),
                        Auth.apiKeyInQuery("q", KEY),
                        Auth.rotating(Auth.apiKeyInCookie("c", KEY), Auth.none())))
                .hasToString("Auth[all of [Auth[header Authorization: •••], Auth[query q: •••],"
                        + " Auth[each of [Auth[cookie c: •••], Auth[none]] in turn]]]");
    }

    private static List<String> twice(Auth auth, String header) {
        List<String> values = new ArrayList<>();
        Mono<Response> attempt = Mono.defer(() -> auth.intercept(GET, request -> {
            values.addAll(request.headers().all(header));
            return Mono.just(Response.of(request, 200, Headers.none(), new byte[0]));
        }));
        attempt.then(attempt).block();
        return values;
    }

    private static Request signed(Auth auth, Request request) {
        return auth.intercept(request, sent -> Mono.just(Response.of(sent, 200, Headers.none(), new byte[0])))
                .blockOptional()
                .orElseThrow()
                .request();
    }
}
