package dev.headrace.auth;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.headrace.error.FailureKind;
import dev.headrace.http.Body;
import dev.headrace.http.Exchange;
import dev.headrace.http.Headers;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.Secret;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Rows A12 and L74: what is asked of an authorization server, and what is made of its answers (RFC 6749 §4.4, §5, §6). */
class OAuth2Test {

    private static final String URL = "https://id.test/token";
    private static final Request GET = Request.get("https://api.test/numbers");
    private static final Secret SECRET = Secret.of("client-s3cret");
    private static final Secret REFRESH = Secret.of("refresh-t0ken");

    // For each test anew: whoever shares them shares their tokens.
    private final OAuth2 client = OAuth2.clientCredentials(URL, "id", SECRET);
    private final OAuth2 user = OAuth2.refreshToken(URL, "id", SECRET, REFRESH);

    private final List<Request> asked = new ArrayList<>();
    private final List<Request> called = new ArrayList<>();
    private VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private int status = 200;
    private Headers headers = Headers.none();
    private String answer = "{\"access_token\":\"acc3ss\",\"expires_in\":3600}";

    @BeforeEach
    void stopTheClock() {
        time = VirtualTimeScheduler.getOrSet();
    }

    @AfterEach
    void startTheClock() {
        VirtualTimeScheduler.reset();
    }

    @Test
    void asksForTheClientItself() {
        call(client);

        assertThat(asked).hasSize(1);
        assertThat(asked.get(0).method()).isEqualTo("POST");
        assertThat(asked.get(0).uri()).hasToString(URL);
        assertThat(asked.get(0).headers().first("Accept")).contains("application/json");
        assertThat(asked.get(0).headers().first("Authorization")).contains(basic("id:client-s3cret"));
        assertThat(form(asked.get(0))).isEqualTo("grant_type=client_credentials");
        assertThat(called.get(0).headers().all("Authorization")).containsExactly("Bearer acc3ss");
    }

    @Test
    void asksForSomebodyByARefreshToken() {
        call(user);

        assertThat(form(asked.get(0))).isEqualTo("grant_type=refresh_token&refresh_token=refresh-t0ken");
        assertThat(asked.get(0).headers().first("Authorization")).contains(basic("id:client-s3cret"));
    }

    @Test
    void saysThePublicClientsIdAsAParameter() {
        call(OAuth2.refreshToken(
                URL, Mono.just(OAuth2Client.withoutSecret("app").with(REFRESH))));

        assertThat(form(asked.get(0))).isEqualTo("grant_type=refresh_token&refresh_token=refresh-t0ken&client_id=app");
        assertThat(asked.get(0).headers().contains("Authorization")).isFalse();
    }

    /** RFC 6749 §2.3.1 and Appendix B. */
    @Test
    void encodesIdAndSecretBeforeTheyBecomeUserAndPassword() {
        call(OAuth2.clientCredentials(URL, "a:b c", Secret.of("ü%:+")));

        assertThat(asked.get(0).headers().first("Authorization")).contains(basic("a%3Ab+c:%C3%BC%25%3A%2B"));
    }

    @Test
    void asksAsTheServerWantsToBeAsked() {
        call(user.scope("read", "write")
                .parameter("audience", "https://api.test")
                .parameter("pin", Secret.of("12 34"))
                .tokenRequestHeader("X-Tenant", "t1")
                .clientInBody()
                .rename("client_id", "app_id")
                .rename("scope", "scopes"));

        assertThat(form(asked.get(0)))
                .isEqualTo("grant_type=refresh_token&refresh_token=refresh-t0ken&app_id=id&client_secret=client-s3cret"
                        + "&audience=https%3A%2F%2Fapi.test&pin=12%2034&scopes=read%20write");
        assertThat(asked.get(0).headers().first("X-Tenant")).contains("t1");
        assertThat(asked.get(0).headers().contains("Authorization")).isFalse();
    }

    /** A12: {@code send_refresh_request_as_query_params}. */
    @Test
    void asksInTheQueryAndMasksIt() {
        call(user.clientInBody().parametersInQuery());

        assertThat(asked.get(0).body()).isEmpty();
        assertThat(asked.get(0).uri().getQuery())
                .isEqualTo(
                        "grant_type=refresh_token&refresh_token=refresh-t0ken&client_id=id&client_secret=client-s3cret");
        assertThat(asked.get(0).toString()).doesNotContain("t0ken", "s3cret");
    }

    @Test
    void putsTheTokenWhereTheApiWantsIt() {
        call(client.header("X-Access-Token", ""));
        call(client.header("Authorization", "Token"));

        assertThat(called.get(0).headers().first("X-Access-Token")).contains("acc3ss");
        assertThat(called.get(0).headers().contains("Authorization")).isFalse();
        assertThat(called.get(1).headers().first("Authorization")).contains("Token acc3ss");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3600", "3600.5", "\"3600\"", "\" 3600.0 \"", "3.6e3", "null"})
    void readsALifeInSecondsHoweverItIsWritten(String life) {
        answer = "{\"access_token\":\"acc3ss\",\"expires_in\":" + life + "}";

        assertLives(client, ofHours(1));
    }

    /** L74: an hour unless said otherwise. */
    @Test
    void takesAnHourForALifeThatIsNotSaid() {
        answer = "{\"access_token\":\"acc3ss\"}";

        assertLives(client, ofHours(1));
        assertLives(client.lifetime(ofMinutes(5)), ofMinutes(5));
    }

    /** A12: {@code token_expiry_is_time_of_expiration}. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"2030-01-01T00:00:00Z\"",
                "\"2030-01-01T01:00:00+01:00\"",
                "\"2030-01-01T00:00:00.000\"",
                "\"2030-01-01 00:00:00\"",
                "1893456000",
                "\"1893456000\"",
                "1893456000000"
            })
    void readsTheMomentAtWhichATokenEnds(String moment) {
        time.advanceTimeTo(Instant.parse("2029-12-31T23:00:00Z"));
        answer = "{\"access_token\":\"acc3ss\",\"expires_in\":" + moment + "}";

        assertLives(client.expiryIsDate(), ofHours(1));
    }

    @Test
    void readsFieldsOfOtherNamesAndPlaces() {
        answer = "{\"data\":{\"token\":\"d33p\"},\"ttl\":60}";
        OAuth2 renamed = client.rename("access_token", "/data/token").rename("expires_in", "ttl");

        assertLives(renamed, ofSeconds(60));
        assertThat(called.get(0).headers().first("Authorization")).contains("Bearer d33p");
    }

    @Test
    void beginsWithATokenAtHand() {
        OAuth2 begun = client.initialToken(Secret.of("f1rst"), Instant.EPOCH.plusSeconds(600));

        call(begun);
        assertThat(asked).isEmpty();
        assertThat(called.get(0).headers().first("Authorization")).contains("Bearer f1rst");
        time.advanceTimeBy(ofMinutes(10));
        call(begun);
        assertThat(called.get(1).headers().first("Authorization")).contains("Bearer acc3ss");
    }

    @Test
    void renewsAsEarlyAsIsSaid() {
        OAuth2 early = client.renewBefore(ofMinutes(10));

        call(early);
        time.advanceTimeBy(ofMinutes(50).minusMillis(1));
        call(early);
        assertThat(asked).hasSize(1);
        time.advanceTimeBy(Duration.ofMillis(1));
        call(early);
        assertThat(asked).hasSize(2);
    }

    @Test
    void signsByItselfWhatATokenIsAtHandFor() {
        assertThat(failure(() -> client.sign(GET).block())).isInstanceOf(CredentialsException.class);

        OAuth2 own = client.scope("own");
        call(own);
        assertThat(own.sign(GET).blockOptional().orElseThrow().headers().first("Authorization"))
                .contains("Bearer acc3ss");
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_grant, CONFIGURATION, get a new one",
        "401, invalid_client, CONFIGURATION, id and secret",
        "400, unauthorized_client, CONFIGURATION, permit this grant",
        "400, invalid_scope, CONFIGURATION, check the scope",
        "400, unsupported_grant_type, CONFIGURATION, permit this grant",
        "400, something_else, CONFIGURATION, check the token URL",
        "200, bad_verification_code, CONFIGURATION, check the token URL",
        "403, access_denied, CONFIGURATION, access_denied",
        "400, temporarily_unavailable, TRANSIENT, temporarily_unavailable",
        "429, slow_down, TRANSIENT, slow_down",
        "500, server_error, TRANSIENT, server_error",
        "503, invalid_grant, TRANSIENT, 503"
    })
    void saysWhatTheServerRefusedAndWhatToDo(int status, String error, FailureKind kind, String advice) {
        this.status = status;
        answer = "{\"error\":\"" + error + "\",\"error_description\":\"see\\nhere\"}";

        TokenException failure = refused(user);

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.error()).contains(error);
        assertThat(failure.description()).contains("see here");
        assertThat(failure.request()).isEqualTo("POST " + URL);
        assertThat(failure.requestSent()).isFalse();
        assertThat(failure).hasMessageContaining(advice).hasMessageContaining(error);
        assertThat(called).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"302, CONFIGURATION", "404, CONFIGURATION", "408, TRANSIENT", "502, TRANSIENT"})
    void understandsARefusalThatIsNoJson(int status, FailureKind kind) {
        this.status = status;
        answer = "<html>Oh dear</html>";

        assertThat(refused(client).kind()).isEqualTo(kind);
        assertThat(refused(client)).hasMessageContaining("status " + status).hasMessageNotContaining("html");
    }

    @Test
    void saysWhenABusyServerMayBeAskedAgain() {
        time.advanceTimeTo(Instant.parse("2030-01-01T00:00:00Z"));
        status = 429;
        headers = Headers.of("Retry-After", "7");

        assertThat(refused(client).retryAt()).contains(Instant.parse("2030-01-01T00:00:07Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"access_token\":\"acc3ss\"",
                "{\"access_token\":\"\"}",
                "{\"access_token\":42}",
                "{\"access_token\":\"acc3ss\\nX-Evil: 1\"}",
                "{\"access_token\":\"acc3ss\",\"expires_in\":\"soon\"}",
                "{\"access_token\":\"acc3ss\",\"expires_in\":{}}",
                "access_token=acc3ss&token_type=bearer"
            })
    void doesNotBelieveAMalformedAnswer(String malformed) {
        answer = malformed;

        TokenException failure = refused(client);

        assertThat(failure.kind()).isEqualTo(FailureKind.UNTRUSTED_DATA);
        assertThat(printed(failure)).doesNotContain("acc3ss").doesNotContain("soon");
    }

    @Test
    void livesWithAbsurdLives() {
        for (String life : List.of("-5", "0", "1e999999", "99999999999999999999", "\"-1\"")) {
            answer = "{\"access_token\":\"acc3ss\",\"expires_in\":" + life + "}";
            call(client.scope(life));
        }
        assertThat(called).hasSize(5);
    }

    @Test
    void printsNoSecretWhateverTheServerRepeats() {
        status = 400;
        answer = "{\"error\":\"refresh-t0ken\",\"error_description\":\"client-s3cret and refresh-t0ken are wrong\"}";

        TokenException failure = refused(user.parameter("pin", Secret.of("p1n")));

        assertThat(printed(failure) + failure.error() + failure.description())
                .contains("••• and ••• are wrong")
                .doesNotContain("t0ken")
                .doesNotContain("s3cret");
        assertThat(user + "" + client + OAuth2Client.of("id", SECRET).with(REFRESH))
                .doesNotContain("t0ken")
                .doesNotContain("s3cret");
    }

    @Test
    void waitsForATokenNoLongerThanIsSaid() {
        List<Throwable> told = new ArrayList<>();
        client.timeout(ofSeconds(3)).intercept(GET, request -> Mono.never()).subscribe(response -> {}, told::add);

        time.advanceTimeBy(ofSeconds(3));

        assertThat(told).hasSize(1).first().isInstanceOf(TokenException.class);
        assertThat(((TokenException) told.get(0)).kind()).isEqualTo(FailureKind.TRANSIENT);
        assertThat(told.get(0)).hasMessageContaining("3000 ms");
    }

    @Test
    void refusesSettingsThatCannotBe() {
        for (String url : List.of(
                "token",
                "ftp://id.test/token",
                "https://id.test/token#x",
                "https://u:s3cret@id.test/",
                "a b?token=s3cret")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> OAuth2.clientCredentials(url, "id", SECRET))
                    .withMessageNotContaining("s3cret");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> OAuth2.clientCredentials(URL, "", SECRET));
        assertThatIllegalArgumentException().isThrownBy(() -> OAuth2.refreshToken(URL, OAuth2Client.of("id", SECRET)));
        assertThatIllegalArgumentException().isThrownBy(() -> client.rename("token", "x"));
        assertThatIllegalArgumentException().isThrownBy(() -> client.lifetime(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> client.timeout(ofSeconds(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> client.renewBefore(ofSeconds(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> client.header("no header", "Bearer"));
    }

    private void assertLives(OAuth2 auth, Duration life) {
        // A value of its own, and so tokens of its own.
        OAuth2 own = auth.renewBefore(Duration.ZERO);
        int before = asked.size();
        call(own);
        time.advanceTimeBy(life.minusSeconds(1));
        call(own);
        assertThat(asked).hasSize(before + 1);
        time.advanceTimeBy(ofSeconds(2));
        call(own);
        assertThat(asked).hasSize(before + 2);
    }

    private void call(OAuth2 auth) {
        auth.intercept(GET, remote()).block();
    }

    private TokenException refused(OAuth2 auth) {
        Throwable failure = failure(() -> call(auth));
        assertThat(failure).isInstanceOf(TokenException.class);
        return (TokenException) failure;
    }

    private static Throwable failure(Runnable action) {
        return catchThrowable(action::run);
    }

    private Exchange remote() {
        return request -> Mono.fromSupplier(() -> {
            if (request.uri().getHost().equals("id.test")) {
                asked.add(request);
                return Response.of(request, status, headers, answer.getBytes(StandardCharsets.UTF_8));
            }
            called.add(request);
            return Response.of(request, 200, Headers.none(), new byte[0]);
        });
    }

    private static String form(Request request) {
        return request.body()
                .flatMap(Body::inMemory)
                .map(bytes -> StandardCharsets.UTF_8.decode(bytes).toString())
                .orElse("");
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private static String printed(Throwable failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }
}
