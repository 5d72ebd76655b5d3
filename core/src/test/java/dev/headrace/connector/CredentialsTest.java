package dev.headrace.connector;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.headrace.auth.Auth;
import dev.headrace.http.OriginPolicy;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.Secret;
import dev.headrace.resilience.RetryPolicy;
import dev.headrace.test.RawServer;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Rows A11, A14, A15, A16, K21, L3, L72, L73; ARCHITECTURE rule 5: credentials belong to an origin. */
class CredentialsTest {

    private static final Duration SOON = ofSeconds(30);

    @Test
    void sendsABearerToken() {
        assertThat(sent(Auth.bearer(Secret.of("t0k"))).header("Authorization")).contains("Bearer t0k");
    }

    @Test
    void sendsUserAndPasswordInUtf8() {
        assertThat(sent(Auth.basic("Aladdin", Secret.of("öpen sesame"))).header("Authorization"))
                .contains("Basic "
                        + java.util.Base64.getEncoder()
                                .encodeToString("Aladdin:öpen sesame".getBytes(StandardCharsets.UTF_8)));
        assertThatIllegalArgumentException().isThrownBy(() -> Auth.basic("a:b", Secret.of("c")));
    }

    @Test
    void sendsAnApiKeyInAHeaderOfItsOwn() {
        assertThat(sent(Auth.apiKey("X-API-Key", Secret.of("k"))).header("X-API-Key"))
                .contains("k");
    }

    @Test
    void winsOverAHeaderOfTheSameName() {
        try (RawServer server = ok();
                Connector connector = Connector.builder(server.url())
                        .auth(Auth.bearer(Secret.of("right")))
                        .build()) {
            call(connector, Request.get("/").header("Authorization", "Bearer wrong"));

            assertThat(server.requests().get(0).headers("Authorization")).containsExactly("Bearer right");
        }
    }

    @Test
    void signsEveryAttemptAnew() {
        AtomicInteger tokens = new AtomicInteger();
        Auth rotating = request ->
                Mono.fromSupplier(() -> request.header("Authorization", "Bearer " + tokens.incrementAndGet()));
        try (RawServer server = RawServer.replies(
                                Reply.bytes("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"), Reply.ok("x"))
                        .start();
                Connector connector = Connector.builder(server.url())
                        .auth(rotating)
                        .retry(RetryPolicy.exponential(Duration.ofMillis(1)))
                        .build()) {
            call(connector, Request.get("/"));

            assertThat(server.requests())
                    .extracting(r -> r.header("Authorization").orElse(""))
                    .containsExactly("Bearer 1", "Bearer 2");
        }
    }

    @Test
    void staysAtHomeWhenTheTargetIsOnAnotherOrigin() {
        try (RawServer home = ok();
                RawServer foreign = ok();
                Connector connector = Connector.builder(home.url())
                        .auth(Auth.apiKey("X-Custom", Secret.of("k")))
                        .header("X-API-Key", "k2")
                        .header("Accept-Language", "de")
                        .build()) {
            call(
                    connector,
                    Request.get(foreign.url() + "/").header("Cookie", "sid=1").header("Authorization", "Bearer x"));

            RecordedRequest seen = foreign.requests().get(0);
            assertThat(seen.header("X-Custom")).isEmpty();
            assertThat(seen.header("X-API-Key")).isEmpty();
            assertThat(seen.header("Cookie")).isEmpty();
            assertThat(seen.header("Authorization")).isEmpty();
            assertThat(seen.header("Accept-Language")).contains("de");
        }
    }

    @Test
    void goesToAnOriginThatIsAllowed() {
        try (RawServer home = ok();
                RawServer friend = ok();
                Connector connector = Connector.builder(home.url())
                        .auth(Auth.bearer(Secret.of("t")))
                        .origins(OriginPolicy.sameOrigin().allow(friend.url()))
                        .build()) {
            call(connector, Request.get(friend.url() + "/"));

            assertThat(friend.requests().get(0).header("Authorization")).contains("Bearer t");
        }
    }

    @Test
    void isNowhereInAFailureOrADescription() {
        String secret = "hunter2-hunter2";
        try (RawServer server = RawServer.script(request -> Reply.bytes("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"))
                        .start();
                Connector connector = Connector.builder(server.url())
                        .auth(Auth.bearer(Secret.of(secret)))
                        .header("X-API-Key", secret)
                        .build()) {
            Throwable error = catchThrowable(() -> connector
                    .fetch(Request.get("/x").query("api_key", secret), String.class)
                    .block(SOON));

            java.io.StringWriter trace = new java.io.StringWriter();
            error.printStackTrace(new java.io.PrintWriter(trace));
            assertThat(trace.toString()).contains("401").doesNotContain(secret);
            assertThat(connector.toString()).doesNotContain(secret);
            assertThat(connector.mutate().build().toString()).doesNotContain(secret);
        }
    }

    private static RecordedRequest sent(Auth auth) {
        try (RawServer server = ok();
                Connector connector = Connector.builder(server.url()).auth(auth).build()) {
            call(connector, Request.get("/"));
            return server.requests().get(0);
        }
    }

    private static RawServer ok() {
        return RawServer.script(request -> Reply.ok("x")).start();
    }

    private static void call(Connector connector, Request request) {
        connector.exchange(request, Response::discard).blockLast(SOON);
    }
}
