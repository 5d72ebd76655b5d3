package dev.headrace.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headrace.error.FailureKind;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

/** Which redirects are followed, and how. Rows K21, A33; row R4 (its limit of redirects). */
class RedirectsTest {

    private static final URI HOME = URI.create("https://home.example/");

    private final List<Request> sent = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({
        "301, GET, GET",
        "302, GET, GET",
        "303, GET, GET",
        "307, GET, GET",
        "308, GET, GET",
        "301, HEAD, HEAD",
        "302, HEAD, HEAD",
        "303, HEAD, HEAD",
        "307, HEAD, HEAD",
        "308, HEAD, HEAD",
        "301, POST, ",
        "302, POST, ",
        "303, POST, GET",
        "307, POST, POST",
        "308, POST, POST",
        "301, PUT, ",
        "302, DELETE, ",
        "303, PUT, GET",
        "303, DELETE, GET",
        "307, PATCH, PATCH",
        "308, DELETE, DELETE",
        "302, OPTIONS, ",
        "300, GET, ",
        "304, GET, ",
        "305, GET, ",
        "306, GET, ",
        "201, POST, ",
    })
    void followsByStatusAndMethod(int status, String method, String followedAs) {
        Response answer = answer(
                Request.of(method, "https://home.example/a"),
                request -> request.uri().getPath().equals("/a") ? redirect(request, status, "/b") : ok(request));

        if (followedAs == null) {
            assertThat(answer.status()).isEqualTo(status);
            assertThat(sent).hasSize(1);
        } else {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(sent).extracting(Request::method).containsExactly(method, followedAs);
            assertThat(answer.uri()).hasToString("https://home.example/b");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {307, 308})
    void sendsABodyAgainThatCanBeReplayed(int status) {
        answer(
                Request.post("https://home.example/a")
                        .body(Body.text("hello"))
                        .header("Content-Type", "text/x")
                        .header("Content-Language", "de"),
                request -> request.uri().getPath().equals("/a") ? redirect(request, status, "/b") : ok(request));

        Request last = sent.get(1);
        assertThat(last.body().flatMap(Body::inMemory))
                .map(bytes -> UTF_8.decode(bytes).toString())
                .contains("hello");
        assertThat(last.headers().first("Content-Type")).contains("text/x");
        assertThat(last.headers().first("Content-Language")).contains("de");
    }

    @ParameterizedTest
    @ValueSource(ints = {307, 308})
    void handsTheRedirectOfAStreamOn(int status) {
        Request stream = Request.post("https://home.example/a")
                .body(Body.stream(Flux.just(ByteBuffer.wrap("x".getBytes(UTF_8))), "text/plain"));

        Response answer = answer(stream, request -> redirect(request, status, "/b"));

        assertThat(answer.status()).isEqualTo(status);
        assertThat(sent).hasSize(1);
    }

    @Test
    void dropsTheContentWhenPostBecomesGet() {
        answer(
                Request.post("https://home.example/a")
                        .body(Body.stream(Flux.just(ByteBuffer.wrap("x".getBytes(UTF_8))), "text/plain"))
                        .header("Content-Type", "text/x")
                        .header("Content-Encoding", "gzip")
                        .header("Digest", "md5=x")
                        .header("Accept", "text/plain"),
                request -> request.method().equals("POST") ? redirect(request, 303, "/b") : ok(request));

        Request last = sent.get(1);
        assertThat(last.body()).isEmpty();
        assertThat(last.headers()).isEqualTo(Headers.of("Accept", "text/plain"));
    }

    @Test
    void keepsWhatIsAskedFor() {
        Headers asked = Headers.of(
                "Range",
                "bytes=5-",
                "If-Range",
                "\"v1\"",
                "Accept",
                "text/plain",
                "Accept-Language",
                "de",
                "X-Other",
                "1");

        answer(
                Request.get("https://home.example/a").headers(asked).withAttempt(3),
                request -> request.uri().getHost().equals("home.example")
                        ? redirect(request, 302, "https://far.example/b")
                        : ok(request));

        assertThat(sent.get(1).headers()).isEqualTo(asked);
        assertThat(sent.get(1).attempt()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        "b?x=1#part, https://home.example/dir/b?x=1",
        "/b, https://home.example/b",
        "//far.example/b, https://far.example/b",
        "../b, https://home.example/b",
        "?p=2, https://home.example/dir/a?p=2",
        "HTTPS://Far.Example/b, HTTPS://Far.Example/b",
        "/a b%20c, https://home.example/a%20b%20c",
    })
    void resolvesTheLocation(String location, String target) {
        answer(
                Request.get("https://home.example/dir/a?q=0"),
                request -> sent.size() == 1 ? redirect(request, 302, location) : ok(request));

        assertThat(sent.get(1).uri()).hasToString(target);
    }

    @Test
    void keepsTheBytesOfALocationThatIsNotAscii() {
        String utf8OnTheWire = new String("/ö".getBytes(UTF_8), java.nio.charset.StandardCharsets.ISO_8859_1);

        answer(
                Request.get("https://home.example/a"),
                request -> sent.size() == 1 ? redirect(request, 302, utf8OnTheWire) : ok(request));

        assertThat(sent.get(1).uri()).hasToString("https://home.example/%C3%B6");
    }

    @ParameterizedTest
    @CsvSource({
        "ftp://home.example/b, no http or https URL",
        "javascript:alert(1), no http or https URL",
        "https://, no http or https URL",
        "https:///b, no http or https URL",
        "'http://[::1', no http or https URL",
        "https://user:hunter2@home.example/b, user name or password",
        "https://hunter2@home.example/b, user name or password",
        "http://home.example/b, from https down to http",
        "/a, circle",
    })
    void refuses(String location, String reason) {
        AtomicBoolean givenBack = new AtomicBoolean();

        StepVerifier.create(following(5, request -> body(redirect(request, 302, location), givenBack))
                        .exchange(Request.get("https://home.example/a")))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(RedirectException.class, refused -> {
                            assertThat(refused.kind()).isEqualTo(FailureKind.CONFIGURATION);
                            assertThat(refused.status()).isEqualTo(302);
                            assertThat(refused.request()).isEqualTo("GET https://home.example/a");
                        })
                        .hasMessageContaining(reason)
                        .message()
                        .doesNotContain("hunter2"));
        assertThat(sent).hasSize(1);
        assertThat(givenBack).isTrue();
    }

    @Test
    void showsNoSecretOfTheTarget() {
        StepVerifier.create(following(5, request -> redirect(request, 302, "ftp://x/y?access_token=hunter2"))
                        .exchange(Request.get("https://home.example/a")))
                .verifyErrorSatisfies(error -> assertThat(error.getMessage())
                        .contains("access_token=•••")
                        .doesNotContain("hunter2"));
    }

    @Test
    void goesUpFromHttpToHttps() {
        answer(
                Request.get("http://home.example/a"),
                request -> sent.size() == 1 ? redirect(request, 301, "https://home.example/a") : ok(request));

        assertThat(sent).hasSize(2);
    }

    @Test
    void findsACircleOfSeveralHops() {
        StepVerifier.create(following(100, request -> redirect(request, 302, "/" + sent.size() % 3))
                        .exchange(Request.get("https://home.example/0")))
                .verifyErrorSatisfies(error ->
                        assertThat(error).isInstanceOf(RedirectException.class).hasMessageContaining("in a circle"));
        assertThat(sent).hasSize(3);
    }

    @Test
    void comesBackToWhereItWasWhenACookieWasSet() {
        Response answer = answer(
                Request.get("https://home.example/a"),
                request -> sent.size() == 1
                        ? redirect(request, 302, "/a").withHeaders(Headers.of("Location", "/a", "Set-Cookie", "seen=1"))
                        : ok(request));

        assertThat(answer.status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 9})
    void followsUpToTheLimitAndNotOneMore(int limit) {
        StepVerifier.create(following(limit, request -> redirect(request, 302, "/" + sent.size()))
                        .exchange(Request.get("https://home.example/0")))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(RedirectException.class)
                        .hasMessageContaining("one more than the " + limit)
                        .hasMessageContaining("maxRedirects"));
        assertThat(sent).hasSize(limit + 1);

        sent.clear();
        Response answer = answer(
                following(
                        limit,
                        request -> sent.size() <= limit ? redirect(request, 302, "/" + sent.size()) : ok(request)),
                Request.get("https://home.example/0"));
        assertThat(answer.status()).isEqualTo(200);
    }

    /** Row A33. */
    @Test
    void obeysTheRequestBeforeTheConnector() {
        Exchange endless = following(5, request -> redirect(request, 302, "/" + sent.size()));

        Response answer =
                answer(endless, Request.get("https://home.example/0").options(options -> options.maxRedirects(0)));
        assertThat(answer.status()).isEqualTo(302);
        assertThat(sent).hasSize(1);

        StepVerifier.create(endless.exchange(
                        Request.get("https://home.example/x").options(options -> options.maxRedirects(7))))
                .verifyError(RedirectException.class);
        assertThat(sent).hasSize(1 + 8);
    }

    @Test
    void followsNoneWhereTheConnectorSaysSo() {
        Response answer =
                answer(following(0, request -> redirect(request, 302, "/b")), Request.get("https://home.example/a"));

        assertThat(answer.status()).isEqualTo(302);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Interceptor.redirects(-1, uri -> true))
                .withMessageContaining("maxRedirects");
    }

    @Test
    void handsARedirectWithoutLocationOn() {
        assertThat(answer(Request.get("https://home.example/a"), request -> respond(request, 302))
                        .status())
                .isEqualTo(302);
    }

    /** Row K21: a secret that has left its origin once does not come back, whoever sends it there. */
    @Test
    void leavesSecretsAtHomeForGood() {
        Request first = Request.get("https://home.example/a")
                .header("X-API-Key", "k")
                .header("Authorization", "Bearer t")
                .header("Cookie", "sid=1")
                .header("Referer", "https://home.example/x?secret=1")
                .header("Host", "virtual.example")
                .header("Accept", "text/plain");

        answer(first, request -> switch (sent.size()) {
            case 1 -> redirect(request, 302, "/b");
            case 2 -> redirect(request, 302, "https://far.example/c");
            case 3 -> redirect(request, 302, "https://home.example/d");
            default -> ok(request);
        });

        assertThat(sent.get(1).headers()).isEqualTo(first.headers().without("Referer"));
        assertThat(sent.get(2).headers()).isEqualTo(Headers.of("Accept", "text/plain"));
        assertThat(sent.get(3).headers()).isEqualTo(Headers.of("Accept", "text/plain"));
    }

    @Test
    void takesSecretsToAnOriginThatIsTrusted() {
        OriginPolicy origins = OriginPolicy.sameOrigin().allow("https://friend.example");
        Request first = Request.get("https://home.example/a").header("X-API-Key", "k");

        Interceptor.redirects(5, target -> origins.trusts(HOME, target))
                .around(server(
                        request -> sent.size() == 1 ? redirect(request, 302, "https://friend.example/b") : ok(request)))
                .exchange(first)
                .block();

        assertThat(sent.get(1).headers().first("X-API-Key")).contains("k");
    }

    @Test
    void letsNoOtherOriginSendAWriteHome() {
        StepVerifier.create(following(
                                5,
                                request -> sent.size() == 1
                                        ? redirect(request, 307, "https://far.example/b")
                                        : redirect(request, 307, "https://home.example/delete-all"))
                        .exchange(Request.post("https://home.example/a").body(Body.text("x"))))
                .verifyErrorSatisfies(error ->
                        assertThat(error).isInstanceOf(RedirectException.class).hasMessageContaining("home with POST"));
        assertThat(sent).hasSize(2);
    }

    @Test
    void signsEveryHopAnewFurtherIn() {
        Exchange signing = ((Interceptor) (request, next) ->
                        next.exchange(request.header("Authorization", "Bearer " + (sent.size() + 1))))
                .around(server(request -> sent.size() < 3 ? redirect(request, 302, "/" + sent.size()) : ok(request)));

        Interceptor.redirects(5, uri -> true)
                .around(signing)
                .exchange(Request.get("https://home.example/0"))
                .block();

        assertThat(sent)
                .extracting(request -> request.headers().all("Authorization"))
                .containsExactly(List.of("Bearer 1"), List.of("Bearer 2"), List.of("Bearer 3"));
    }

    @Test
    void givesTheRedirectBackBeforeTheNextHopLeaves() {
        TestPublisher<ByteBuffer> body = TestPublisher.create();
        Exchange following = following(
                5,
                request -> sent.size() == 1
                        ? Response.of(request, 302, Headers.of("Location", "/b"), body.flux())
                        : ok(request));

        StepVerifier.create(following.exchange(Request.get("https://home.example/a")))
                .then(() -> assertThat(sent).hasSize(1))
                .then(body::complete)
                .expectNextCount(1)
                .verifyComplete();
        assertThat(sent).hasSize(2);
    }

    @Test
    void sendsNothingMoreWhenCancelledBetweenHops() {
        TestPublisher<ByteBuffer> body = TestPublisher.create();
        Exchange following = following(
                5, request -> Response.of(request, 302, Headers.of("Location", "/" + sent.size()), body.flux()));

        StepVerifier.create(following.exchange(Request.get("https://home.example/a")))
                .then(() -> assertThat(sent).hasSize(1))
                .thenCancel()
                .verify();
        body.assertCancelled();
        assertThat(sent).hasSize(1);
    }

    @Test
    void beginsAnewWithEverySubscription() {
        Mono<Integer> status = following(
                        1, request -> request.uri().getPath().equals("/a") ? redirect(request, 302, "/b") : ok(request))
                .exchange(Request.get("https://home.example/a"))
                .map(Response::status);

        assertThat(status.block()).isEqualTo(200);
        assertThat(status.block()).isEqualTo(200);
        assertThat(sent).hasSize(4);
    }

    private Response answer(Request request, Function<Request, Response> server) {
        return answer(following(5, server), request);
    }

    private static Response answer(Exchange exchange, Request request) {
        return Objects.requireNonNull(exchange.exchange(request).block());
    }

    private Exchange following(int limit, Function<Request, Response> server) {
        return Interceptor.redirects(limit, target -> OriginPolicy.sameOrigin().trusts(HOME, target))
                .around(server(server));
    }

    private Exchange server(Function<Request, Response> server) {
        return request -> Mono.fromSupplier(() -> {
            sent.add(request);
            return server.apply(request);
        });
    }

    private static Response body(Response response, AtomicBoolean read) {
        return Response.of(
                response.request(),
                response.status(),
                response.headers(),
                Flux.<ByteBuffer>empty().doOnComplete(() -> read.set(true)));
    }

    private static Response redirect(Request request, int status, String location) {
        return Response.of(request, status, Headers.of("Location", location), new byte[0]);
    }

    private static Response respond(Request request, int status) {
        return Response.of(request, status, Headers.none(), new byte[0]);
    }

    private static Response ok(Request request) {
        return respond(request, 200);
    }
}
