package dev.headrace.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.headrace.auth.Auth;
import dev.headrace.auth.OAuth2;
import dev.headrace.http.Body;
import dev.headrace.http.Exchange;
import dev.headrace.http.Headers;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.Interceptor;
import dev.headrace.http.RedirectException;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.Secret;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** ARCHITECTURE rule 10, rows A54 and R66: a secret does not print where a server repeats it, whatever the name before it. */
class RepeatedSecretsTest {

    private static final String SECRET = "hunter2/hunter2";
    private static final Auth IN_QUERY = Auth.apiKeyInQuery("appid", Secret.of(SECRET));
    private static final Auth IN_HEADER = Auth.header("X-Me", "", Secret.of(SECRET));
    private static final Request GET = Request.get("http://api.test/x");

    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Test
    void inTheWireLogFromAHeaderOfAnyName() {
        call(IN_HEADER, GET, answer(200, Headers.of("X-Echo", SECRET), SECRET));

        assertThat(log()).contains("X-Me: •••", "X-Echo: •••");
    }

    @Test
    void inTheWireLogFromLinksThatRepeatTheQuery() {
        Headers headers = Headers.of(
                "Location", "/y?appid=hunter2%2Fhunter2", "Link", "</z?appid=" + SECRET + "&page=2>; rel=next");

        call(IN_QUERY, GET, answer(302, headers, "{\"next\":\"http://api.test/x?appid=" + SECRET + "\"}"));

        assertThat(log()).contains("/y?appid=•••", "</z?appid=•••&page=2>", "\"next\":\"http://api.test/x?appid=•••\"");
    }

    @Test
    void inTheWireLogFromABody() {
        Secret pin = Secret.of(SECRET);
        call(Auth.none(), Request.post("/").body(Body.form(Map.of("pin", pin))), answer(200, Headers.none(), ""));
        call(
                Auth.none(),
                Request.post("/").json(Map.of("a", List.of(Map.of("pin", pin)))),
                answer(200, Headers.none(), SECRET));
        Request template =
                Request.post("/").body(Body.template("{\"pin\":\"{pin}\"}")).with("pin", pin);
        call(Auth.none(), template.against(URI.create("http://api.test")), answer(200, Headers.none(), SECRET));

        assertThat(log()).contains("pin=•••", "{\"pin\":\"•••\"}");
    }

    @Test
    void inTheWireLogFromAnAnswerWithATokenUnderAnotherName() {
        OAuth2 auth = OAuth2.clientCredentials("https://id.test/token", "id", Secret.of("other-s3cret"))
                .clientInBody()
                .rename("client_secret", "pw")
                .rename("access_token", "/data/tk");

        call(
                auth,
                GET,
                asked -> answer(
                                200,
                                json(),
                                asked.uri().getHost().equals("id.test")
                                        ? "{\"data\":{\"tk\":\"" + SECRET + "\"}}"
                                        : "{}")
                        .exchange(asked));

        assertThat(log()).contains("Authorization: •••").doesNotContain("s3cret");
    }

    @Test
    void inARedirectThatIsRefused() {
        Exchange circle = Interceptor.redirects(5, target -> true)
                .around(IN_QUERY.around(answer(302, Headers.of("Location", "/y?appid=hunter2%2Fhunter2"), "")));

        Throwable refused =
                catchThrowable(() -> circle.exchange(GET, Mono::just).blockLast());

        assertThat(refused)
                .isInstanceOf(RedirectException.class)
                .hasMessageContaining("GET http://api.test/y?appid=•••");
        assertThat(refused.getMessage()).doesNotContain("hunter2");
    }

    @Test
    void inTheFailureOfAHopOrOfTheNextPage() {
        // As pagination does it: the request of the page before, at the link that came.
        Request next = GET.at(URI.create("http://api.test/x?appid=hunter2%2Fhunter2&page=2"));

        assertThat(failure(IN_QUERY, next, answer(404, Headers.none(), "")))
                .hasMessageContaining("appid=•••")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void inARedirectThatIsNotFollowed() {
        assertThat(failure(IN_QUERY, GET, answer(302, Headers.of("Location", "/y?appid=" + SECRET), "")))
                .hasMessageContaining("not followed to /y?appid=•••")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void inWhatAServerSays() {
        Exchange server = answer(401, Headers.of("Content-Type", "text/plain"), "who is " + SECRET + "?");

        assertThat(List.of(IN_HEADER, IN_QUERY, Auth.basic("ann", Secret.of(SECRET))))
                .allSatisfy(auth -> assertThat(failure(auth, GET, server))
                        .hasMessageContaining("who is •••?")
                        .hasMessageNotContaining("hunter2"));
        assertThat(List.of(
                        Request.get("http://api.test/hook/{+id}/end", Secret.of(SECRET)),
                        Request.get("http://api.test/hook/{id}", List.of("a", Secret.of(SECRET), "b"))))
                .allSatisfy(request -> assertThat(failure(Auth.none(), request, server))
                        .hasMessageContaining("who is •••?")
                        .hasMessageNotContaining("hunter2"));
    }

    @Test
    void inATargetThatHoldsItAlready() {
        Request request = Request.get("http://api.test/x?appid=" + SECRET).query("appid", Secret.of(SECRET));

        assertThat(request.describe()).isEqualTo("GET http://api.test/x?appid=•••");
    }

    @Test
    void inWhatAnAuthorizationServerSays() {
        String credentials = Base64.getEncoder().encodeToString(("id:" + SECRET.replace("/", "%2F")).getBytes(UTF_8));
        String description = "got " + credentials + " with refresh_token=" + SECRET;

        Throwable refused =
                catchThrowable(() -> OAuth2.clientCredentials("https://id.test/token", "id", Secret.of(SECRET))
                        .around(answer(
                                400,
                                json(),
                                "{\"error\":\"invalid_client\",\"error_description\":\"" + description + "\\u202e\"}"))
                        .exchange(GET, Mono::just)
                        .blockLast());

        assertThat(refused).hasMessageContaining("got ••• with refresh_token=•••");
        assertThat(refused.getMessage()).doesNotContain("hunter2", credentials, "\u202e");
    }

    @Test
    void onAnotherOriginWhateverTheHeadersName() {
        Headers headers = Headers.none()
                .with("X-Me", Secret.of(SECRET))
                .withDefaults(Headers.none().with("X-You", Secret.of(SECRET)))
                .with("Accept", "text/plain")
                .adding("A", "b");

        assertThat(headers.toString()).isEqualTo("[X-Me: •••, X-You: •••, Accept: text/plain, A: b]");
        assertThat(headers.withoutSecrets().names()).containsExactly("accept", "a");
        assertThat(headers.with("X-Me", "plain").isSecret("x-me")).isFalse();
    }

    private void call(Auth auth, Request request, Exchange server) {
        auth.around(WireLog.to(lines::add).around(server))
                .exchange(request, response -> response.readAll(10_000))
                .blockLast();
    }

    private String log() {
        assertThat(lines).noneMatch(line -> line.contains("hunter2"));
        return String.join("\n", lines);
    }

    private static HttpStatusException failure(Auth auth, Request request, Exchange server) {
        return Objects.requireNonNull(auth.around(server)
                .exchange(request, response -> HttpStatusException.from(request, response))
                .blockLast());
    }

    private static Headers json() {
        return Headers.of("Content-Type", "application/json");
    }

    private static Exchange answer(int status, Headers headers, String body) {
        Headers typed = headers.withDefaults(json());
        return asked -> Mono.just(Response.of(asked, status, typed, body.getBytes(UTF_8)));
    }
}
