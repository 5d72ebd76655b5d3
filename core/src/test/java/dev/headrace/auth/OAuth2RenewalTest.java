package dev.headrace.auth;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.headrace.Defaults;
import dev.headrace.error.FailureKind;
import dev.headrace.http.Body;
import dev.headrace.http.Exchange;
import dev.headrace.http.Headers;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.Secret;
import dev.headrace.http.Verdict;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Row A12: refused tokens, refresh tokens that change, and several tenants. */
class OAuth2RenewalTest {

    private static final String URL = "https://id.test/token";
    private static final Request GET = Request.get("https://api.test/numbers");

    // For each test anew: whoever shares it shares its tokens.
    private final OAuth2 user = OAuth2.refreshToken(URL, "id", Secret.of("s"), Secret.of("r1"));

    /** The forms of the requests for tokens; the n-th is answered with access token an and refresh token r(n+1). */
    private final List<String> asked = new ArrayList<>();

    private final List<String> tokensSeen = new ArrayList<>();
    private VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private int status = 200;
    private @Nullable Verdict verdict;

    @BeforeEach
    void stopTheClock() {
        time = VirtualTimeScheduler.getOrSet();
    }

    @AfterEach
    void startTheClock() {
        VirtualTimeScheduler.reset();
    }

    @Test
    void endsATokenThatWasRefusedAndLeavesSendingAgainToRetry() {
        OAuth2 auth = user;
        status = 401;
        Response refused = call(auth);

        assertThat(refused.verdict()).contains(new Verdict.CredentialsRenewed());
        assertThat(tokensSeen).containsExactly("Bearer a1");
        assertThat(asked).hasSize(1);

        status = 200;
        assertThat(call(auth).verdict()).isEmpty();
        assertThat(tokensSeen).containsExactly("Bearer a1", "Bearer a2");
    }

    @Test
    void obeysTheVerdictOnAResponse() {
        OAuth2 auth = user;
        verdict = new Verdict.RenewCredentials();
        assertThat(call(auth).verdict()).contains(new Verdict.CredentialsRenewed());
        verdict = new Verdict.CredentialsRenewed();
        assertThat(call(auth).verdict()).contains(new Verdict.CredentialsRenewed());
        assertThat(asked).hasSize(2);

        status = 401;
        for (Verdict other : List.of(
                new Verdict.Accept(),
                new Verdict.Retry(Optional.empty()),
                new Verdict.Fail(FailureKind.PERMANENT, "no"))) {
            verdict = other;
            assertThat(call(auth).verdict()).contains(other);
        }
        assertThat(asked).hasSize(3);
    }

    @Test
    void takesA403ForAnAnswer() {
        OAuth2 auth = user;
        status = 403;

        assertThat(call(auth).verdict()).isEmpty();
        call(auth);
        assertThat(asked).hasSize(1);
    }

    @Test
    void throwsNothingAwayWhenTheTokenHasBeenRenewedMeanwhile() {
        OAuth2 auth = user;
        Sinks.One<Integer> late = Sinks.one();
        List<Response> told = new ArrayList<>();
        auth.intercept(
                        GET,
                        request -> request.uri().getHost().equals("id.test")
                                ? remote().exchange(request)
                                : late.asMono().map(status -> response(request, status, "")))
                .subscribe(told::add);

        status = 401;
        call(auth);
        status = 200;
        call(auth);
        late.tryEmitValue(401);

        assertThat(told).hasSize(1);
        assertThat(told.get(0).verdict()).contains(new Verdict.CredentialsRenewed());
        call(auth);
        assertThat(tokensSeen).containsExactly("Bearer a1", "Bearer a2", "Bearer a2");
        assertThat(asked).hasSize(2);
    }

    @Test
    void asksWithTheNewRefreshTokenFromThenOn() {
        OAuth2 auth = user;
        call(auth);
        time.advanceTimeBy(ofHours(1));
        call(auth);

        assertThat(asked)
                .containsExactly(
                        "grant_type=refresh_token&refresh_token=r1", "grant_type=refresh_token&refresh_token=r2");
    }

    @Test
    void usesTheAccessTokenOnlyWhenTheRefreshTokenIsSafe() {
        List<String> saved = new ArrayList<>();
        Sinks.Empty<Void> safe = Sinks.empty();
        OAuth2 auth = user.onNewRefreshToken(token -> {
            saved.add(token.reveal());
            return safe.asMono();
        });
        List<Response> told = new ArrayList<>();

        auth.intercept(GET, remote()).subscribe(told::add);
        assertThat(saved).containsExactly("r2");
        assertThat(tokensSeen).isEmpty();
        safe.tryEmitEmpty();
        assertThat(told).hasSize(1);
        assertThat(tokensSeen).containsExactly("Bearer a1");
    }

    @Test
    void handsARefreshTokenOnAgainUntilItIsSafe() {
        List<String> offered = new ArrayList<>();
        AtomicReference<@Nullable RuntimeException> problem =
                new AtomicReference<>(new IllegalStateException("disk full"));
        OAuth2 auth = user.onNewRefreshToken(token -> {
            offered.add(token.reveal());
            RuntimeException failing = problem.get();
            return failing == null ? Mono.empty() : Mono.error(failing);
        });

        for (int attempt = 0; attempt < 2; attempt++) {
            Throwable failure = catchThrowable(() -> call(auth));
            assertThat(failure)
                    .isInstanceOf(TokenException.class)
                    .hasMessageContaining("onNewRefreshToken failed")
                    .hasMessageNotContaining("r2")
                    .hasRootCauseMessage("disk full");
            assertThat(((TokenException) failure).kind()).isEqualTo(FailureKind.LOCAL);
        }
        problem.set(null);
        call(auth);

        assertThat(offered).containsExactly("r2", "r2", "r2");
        // The access token that came with it was kept as well.
        assertThat(asked).hasSize(1);
        assertThat(tokensSeen).containsExactly("Bearer a1");
    }

    @Test
    void waitsForAHandlerNoLongerThanIsSaid() {
        List<Throwable> told = new ArrayList<>();
        OAuth2 auth = user.onNewRefreshToken(token -> Mono.never()).timeout(ofSeconds(2));

        auth.intercept(GET, remote()).subscribe(response -> {}, told::add);
        time.advanceTimeBy(ofSeconds(2));

        assertThat(told).hasSize(1).first().isInstanceOf(TokenException.class);
        assertThat(((TokenException) told.get(0)).kind()).isEqualTo(FailureKind.LOCAL);
    }

    @Test
    void takesARefreshTokenThatTheUserHasReplaced() {
        AtomicReference<OAuth2Client> stored =
                new AtomicReference<>(OAuth2Client.withoutSecret("app").with(Secret.of("r1")));
        OAuth2 auth = OAuth2.refreshToken(URL, Mono.fromSupplier(stored::get));
        call(auth);
        time.advanceTimeBy(ofHours(1));
        call(auth);
        stored.set(OAuth2Client.withoutSecret("app").with(Secret.of("n3w")));
        time.advanceTimeBy(ofHours(1));
        call(auth);

        assertThat(asked)
                .containsExactly(
                        "grant_type=refresh_token&refresh_token=r1&client_id=app",
                        "grant_type=refresh_token&refresh_token=r2&client_id=app",
                        "grant_type=refresh_token&refresh_token=n3w&client_id=app");
    }

    @Test
    void saysThatThereIsNoClientOrNoRefreshToken() {
        assertConfiguration(OAuth2.clientCredentials(URL, Mono.empty()), "there is no client");
        assertConfiguration(OAuth2.clientCredentials(URL), "there is no client");
        assertConfiguration(OAuth2.refreshToken(URL), "there is no client");
        assertConfiguration(
                OAuth2.clientCredentials(URL, Mono.error(new IllegalStateException("vault"))), "could not be had");
        assertConfiguration(
                OAuth2.refreshToken(URL, Mono.just(OAuth2Client.withoutSecret("app"))), "has no refresh token");
        assertThat(asked).isEmpty();
    }

    private void assertConfiguration(OAuth2 auth, String message) {
        Throwable failure = catchThrowable(() -> call(auth));
        assertThat(failure).isInstanceOf(TokenException.class).hasMessageContaining(message);
        assertThat(((TokenException) failure).kind()).isEqualTo(FailureKind.CONFIGURATION);
    }

    @Test
    void keepsTenantsApart() {
        Map<Object, String> saved = new HashMap<>();
        OAuth2 auth = user.onNewRefreshToken(
                        (tenant, token) -> Mono.fromRunnable(() -> saved.put(tenant, token.reveal())))
                .keyedBy(
                        context -> context.get("tenant"),
                        tenant -> Mono.just(OAuth2Client.withoutSecret("app").with(Secret.of("r-" + tenant))));

        for (String tenant : List.of("x", "y", "x", "y")) {
            auth.intercept(GET, remote())
                    .contextWrite(context -> context.put("tenant", tenant))
                    .block();
        }

        assertThat(tokensSeen).containsExactly("Bearer a1", "Bearer a2", "Bearer a1", "Bearer a2");
        assertThat(asked)
                .containsExactly(
                        "grant_type=refresh_token&refresh_token=r-x&client_id=app",
                        "grant_type=refresh_token&refresh_token=r-y&client_id=app");
        assertThat(saved).containsExactlyInAnyOrderEntriesOf(Map.of("x", "r2", "y", "r3"));
        assertThat(catchThrowable(() -> call(auth)))
                .isInstanceOf(CredentialsException.class)
                .hasMessageContaining("found no tenant");
    }

    /** Which of them was refused, nobody knows. */
    @Test
    void renewsAllOfSeveralTokensOnARequest() {
        Auth both = Auth.all(user, user.header("X-Second", ""));
        status = 401;

        Response refused = both.intercept(GET, remote()).blockOptional().orElseThrow();
        both.intercept(GET, remote()).block();

        assertThat(refused.verdict()).contains(new Verdict.CredentialsRenewed());
        assertThat(tokensSeen).containsExactly("Bearer a1", "Bearer a3");
        assertThat(asked).hasSize(4);
    }

    /** One caller's trace is nobody else's. */
    @Test
    void asksInAContextOfItsOwn() {
        Map<String, Boolean> traced = new HashMap<>();
        Exchange watched = request -> Mono.deferContextual(context -> {
            traced.put(request.method(), context.hasKey("trace"));
            return remote().exchange(request);
        });

        user.intercept(GET, watched)
                .contextWrite(context -> context.put("trace", "the caller's"))
                .block();

        assertThat(traced).containsExactlyInAnyOrderEntriesOf(Map.of("POST", false, "GET", true));
    }

    @Test
    void forgetsTenantsThatWereNotUsedForLong() {
        OAuth2Settings settings =
                new OAuth2Settings(URI.create(URL), false, tenant -> Mono.just(OAuth2Client.withoutSecret("app")));
        Tenants tenants = new Tenants(settings);
        Tenant inUse = tenants.enter("in use");
        for (int tenant = 0; tenant < Defaults.TOKEN_TENANTS + 10; tenant++) {
            tenants.leave(tenants.enter(tenant));
        }

        assertThat(tenants.size()).isEqualTo(Defaults.TOKEN_TENANTS);
        assertThat(tenants.enter("in use")).isSameAs(inUse);
        assertThat(tenants.known(0)).isNull();
    }

    @Test
    void keepsATenantWhoseRefreshTokenNobodyElseHas() {
        OAuth2Settings settings = new OAuth2Settings(
                URI.create(URL),
                true,
                tenant -> Mono.just(OAuth2Client.withoutSecret("app").with(Secret.of("r1"))));
        Tenants tenants = new Tenants(settings);
        Tenant rotated = tenants.enter("rotated");
        rotated.token(remote()).block();
        tenants.leave(rotated);
        for (int tenant = 0; tenant < Defaults.TOKEN_TENANTS + 10; tenant++) {
            tenants.leave(tenants.enter(tenant));
        }

        assertThat(tenants.known("rotated")).isSameAs(rotated);
    }

    /** Another member's key is none of the authorization server's business. */
    @Test
    void asksWithoutTheCredentialsThatFollowInAComposite() {
        List<Request> requests = new ArrayList<>();
        Exchange watched = request -> {
            requests.add(request);
            return remote().exchange(request);
        };
        Auth key = Auth.apiKey(Secret.of("k"));

        Auth.all(Auth.all(user, key), Auth.rotating(Auth.apiKeyInQuery("q", Secret.of("k"))))
                .intercept(GET, watched)
                .block();

        assertThat(requests).hasSize(2);
        assertThat(requests.get(0).uri()).hasToString(URL);
        assertThat(requests.get(0).headers().contains("X-API-Key")).isFalse();
        assertThat(requests.get(1).uri()).hasToString(GET.uri() + "?q=k");
        assertThat(requests.get(1).headers().contains("X-API-Key")).isTrue();
        assertThat(requests.get(1).headers().first("Authorization")).contains("Bearer a1");
    }

    private Response call(OAuth2 auth) {
        return auth.intercept(GET, remote()).blockOptional().orElseThrow();
    }

    private Exchange remote() {
        return request -> Mono.fromSupplier(() -> {
            if (request.uri().getHost().equals("id.test")) {
                asked.add(request.body()
                        .flatMap(Body::inMemory)
                        .map(bytes -> StandardCharsets.UTF_8.decode(bytes).toString())
                        .orElse(""));
                int number = asked.size();
                return response(
                        request,
                        200,
                        "{\"access_token\":\"a" + number + "\",\"expires_in\":3600,\"refresh_token\":\"r" + (number + 1)
                                + "\"}");
            }
            tokensSeen.add(request.headers().first("Authorization").orElse(""));
            Response response = response(request, status, "");
            return verdict == null ? response : response.withVerdict(verdict);
        });
    }

    private static Response response(Request request, int status, String body) {
        return Response.of(request, status, Headers.none(), body.getBytes(StandardCharsets.UTF_8));
    }
}
