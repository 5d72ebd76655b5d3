package dev.headrace.connector;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.auth.Auth;
import dev.headrace.http.Body;
import dev.headrace.http.ExchangeOptions.Profile;
import dev.headrace.http.HttpStatusException;
import dev.headrace.http.OriginPolicy;
import dev.headrace.http.PoolSettings;
import dev.headrace.http.RedirectException;
import dev.headrace.http.Request;
import dev.headrace.http.Response;
import dev.headrace.http.Secret;
import dev.headrace.pagination.Pagination;
import dev.headrace.test.FakeApi;
import dev.headrace.test.NextLink;
import dev.headrace.test.RawServer;
import dev.headrace.test.RecordedRequest;
import dev.headrace.test.Reply;
import dev.headrace.test.TestServer;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Rows K2, K21, A33 on real sockets: what goes over the wire when one exchange takes several hops. */
class RedirectsAndCookiesWireTest {

    private static final Duration SOON = ofSeconds(30);

    /** Row K21: whatever an {@code Auth} sets, under whatever name. */
    @Test
    void leavesAtHomeWhatAuthAndUserSet() {
        try (RawServer foreign = server(request -> Reply.ok("there"));
                RawServer home = server(request -> redirect(302, foreign.url() + "/there"));
                Connector connector = Connector.builder(home.url())
                        .auth(request -> Mono.just(request.header("X-Custom", "k")))
                        .build()) {
            String body = text(
                    connector, Request.get("/here").header("X-API-Key", "k").header("Accept", "text/x"));

            assertThat(body).isEqualTo("there");
            assertThat(home.requests().get(0).header("X-Custom")).contains("k");
            assertThat(home.requests().get(0).header("X-API-Key")).contains("k");
            RecordedRequest seen = foreign.requests().get(0);
            assertThat(seen.header("X-Custom")).isEmpty();
            assertThat(seen.header("X-API-Key")).isEmpty();
            assertThat(seen.header("Referer")).isEmpty();
            assertThat(seen.header("Accept")).contains("text/x");
            assertThat(seen.header("Host")).contains("127.0.0.1:" + foreign.port());
        }
    }

    /** ARCHITECTURE rule 5: credentials belong to an origin, so at home the connector's are used again, and the user's are not. */
    @Test
    void signsAgainWhenItComesHome() {
        AtomicInteger foreignPort = new AtomicInteger();
        AtomicInteger tokens = new AtomicInteger();
        try (RawServer home = server(request -> request.path().equals("/here")
                        ? redirect(302, "http://127.0.0.1:" + foreignPort + "/there")
                        : Reply.ok("home"));
                RawServer foreign = server(request -> redirect(302, home.url() + "/back"));
                Connector connector = Connector.builder(home.url())
                        .auth(request -> Mono.fromSupplier(
                                () -> request.header("Authorization", "Bearer " + tokens.incrementAndGet())))
                        .build()) {
            foreignPort.set(foreign.port());

            text(connector, Request.get("/here").header("X-API-Key", "k"));

            assertThat(foreign.requests().get(0).header("Authorization")).isEmpty();
            assertThat(home.requests().get(1).header("Authorization")).contains("Bearer 2");
            assertThat(home.requests().get(1).header("X-API-Key")).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Profile.class)
    void followsInEveryProfile(Profile profile) {
        try (RawServer home = server(request ->
                        request.path().equals("/a") ? redirect(307, "/b") : Reply.ok("at " + request.path()));
                Connector connector = Connector.builder(home.url()).build()) {
            assertThat(text(connector, Request.get("/a").options(options -> options.profile(profile))))
                    .isEqualTo("at /b");
        }
    }

    @Test
    void usesOneConnectionForAllHops() {
        try (RawServer home = server(request -> request.path().equals("/0")
                        ? redirect(302, "/1")
                        : request.path().equals("/1") ? redirect(302, "/2") : Reply.ok("x"));
                Connector connector = Connector.builder(home.url())
                        .pool(PoolSettings.defaults().maxConnections(1))
                        .build()) {
            text(connector, Request.get("/0"));

            assertThat(home.connectionsAccepted()).isEqualTo(1);
        }
    }

    @Test
    void closesTheConnectionOfARedirectWhoseBodyIsLarge() {
        byte[] large = new byte[10 * 1024 * 1024];
        try (RawServer home = server(request -> request.path().equals("/0")
                        ? Reply.bytes("HTTP/1.1 302 Found\r\nLocation: /1\r\nContent-Length: " + large.length
                                        + "\r\n\r\n")
                                .then(large)
                        : Reply.ok("x"));
                Connector connector = Connector.builder(home.url())
                        .pool(PoolSettings.defaults().maxConnections(1))
                        .build()) {
            assertThat(text(connector, Request.get("/0"))).isEqualTo("x");

            assertThat(home.connectionsAccepted()).isEqualTo(2);
            connector.closeGracefully(SOON).block(SOON);
            home.awaitNoOpenConnections(SOON);
        }
    }

    @Test
    void followsAHeadWithoutABody() {
        try (RawServer home = server(request -> request.path().equals("/0")
                        ? Reply.bytes("HTTP/1.1 301 Moved\r\nLocation: /1\r\nContent-Length: 77\r\n\r\n")
                        : Reply.bytes("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n"));
                Connector connector = Connector.builder(home.url()).build()) {
            Integer status = connector
                    .exchange(Request.head("/0"), response -> Mono.just(response.status()))
                    .blockLast(SOON);

            assertThat(status).isEqualTo(200);
            assertThat(home.requests()).extracting(RecordedRequest::method).containsExactly("HEAD", "HEAD");
        }
    }

    @Test
    void replaysTheBodyAfter307AlsoElsewhere() {
        try (RawServer foreign = server(request -> Reply.ok("got " + request.body()));
                RawServer home = server(request -> redirect(307, foreign.url() + "/"));
                Connector connector = Connector.builder(home.url()).build()) {
            assertThat(text(connector, Request.post("/").body(Body.text("hello"))))
                    .isEqualTo("got hello");
        }
    }

    @Test
    void handsTheRedirectOfAStreamOnAsAFailureThatSaysWhere() {
        try (TestServer home = TestServer.builder()
                        .route(
                                "/**",
                                (request, response) -> request.receive()
                                        .then(response.status(307)
                                                .header("Location", "/b")
                                                .send()
                                                .then()))
                        .start();
                Connector connector = Connector.builder(home.url()).build()) {
            Flux<ByteBuffer> stream = Flux.just(ByteBuffer.wrap("x".getBytes(UTF_8)));

            assertThatThrownBy(() -> connector
                            .fetch(Request.post("/a").body(Body.stream(stream, "text/plain")), JsonNode.class)
                            .block(SOON))
                    .isInstanceOf(HttpStatusException.class)
                    .hasMessageContaining("307")
                    .hasMessageContaining("/b");
            assertThat(home.requests()).hasSize(1);
        }
    }

    @Test
    void refusesToGoDownFromTls() throws Exception {
        try (RawServer plain = server(request -> Reply.ok("x"));
                RawServer home = RawServer.script(request -> redirect(302, plain.url() + "/"))
                        .tls()
                        .start()) {
            SslContext trust = SslContextBuilder.forClient()
                    .trustManager(home.certificate())
                    .build();
            try (Connector connector = Connector.builder(home.url())
                    .transport(settings -> settings.customize(client -> client.secure(ssl -> ssl.sslContext(trust))))
                    .build()) {
                assertThatThrownBy(() -> text(connector, Request.get("/")))
                        .isInstanceOf(RedirectException.class)
                        .hasMessageContaining("from https down to http");
                assertThat(plain.requests()).isEmpty();
            }
        }
    }

    @Test
    void answersWithTheLastHop() {
        try (RawServer home = server(request -> request.path().equals("/a") ? redirect(302, "b?x=1") : Reply.ok("x"));
                Connector connector = Connector.builder(home.url()).build()) {
            List<String> seen = connector
                    .exchange(
                            Request.get("/a"),
                            response -> response.discard()
                                    .thenReturn(response.uri() + " "
                                            + response.request().method()))
                    .collectList()
                    .block(SOON);

            assertThat(seen).containsExactly(home.url() + "/b?x=1 GET");
        }
    }

    @Test
    void leavesNothingOpenWhenCancelledBetweenHops() {
        try (RawServer home = server(request -> request.path().equals("/0")
                        ? Reply.bytes("HTTP/1.1 302 Found\r\nLocation: /1\r\nContent-Length: 10\r\n\r\nhalf")
                                .stall()
                        : Reply.ok("x"));
                Connector connector = Connector.builder(home.url()).build()) {
            Disposable call =
                    connector.exchange(Request.get("/0"), Response::bytes).subscribe();
            home.awaitRequests(1, SOON);

            call.dispose();

            home.awaitNoOpenConnections(SOON);
            assertThat(home.requests()).hasSize(1);
        }
    }

    @Test
    void leavesNothingOpenWhereverItIsCancelled() {
        int rounds = Boolean.getBoolean("headrace.soak") ? 10_000 : 1_000;
        try (RawServer home = server(request -> request.path().equals("/4")
                        ? Reply.ok("x")
                        : redirect(302, "/" + (Integer.parseInt(request.path().substring(1)) + 1)));
                Connector connector = Connector.builder(home.url()).build()) {
            Flux.range(0, rounds)
                    .flatMap(
                            round -> connector
                                    .exchange(Request.get("/0"), Response::bytes)
                                    .takeUntilOther(Mono.delay(Duration.ofNanos(round % 97 * 50_000L)))
                                    .then()
                                    .onErrorComplete(),
                            8)
                    .blockLast(ofMinutes(2));
            assertThat(text(connector, Request.get("/0"))).isEqualTo("x");

            connector.closeGracefully(SOON).block(SOON);
            home.awaitNoOpenConnections(SOON);
        }
    }

    /** Row K2: cookies, opt-in. */
    @Test
    void logsInByACookieThatTheRedirectSets() {
        try (RawServer home = server(RedirectsAndCookiesWireTest::site);
                Connector connector = Connector.builder(home.url()).cookies().build()) {
            assertThat(text(connector, Request.get("/members"))).isEqualTo("login");
            assertThat(text(connector, Request.post("/login").body(Body.text("user"))))
                    .isEqualTo("welcome");
            assertThat(text(connector, Request.get("/members"))).isEqualTo("welcome");
            assertThat(text(connector, Request.get("/logout"))).isEqualTo("login");
        }
    }

    @Test
    void keepsNoCookieUnlessAsked() {
        try (RawServer home = server(RedirectsAndCookiesWireTest::site);
                Connector connector = Connector.builder(home.url()).build()) {
            assertThat(text(connector, Request.post("/login").body(Body.text("user"))))
                    .isEqualTo("login");
            assertThat(home.requests())
                    .allMatch(request -> request.header("Cookie").isEmpty());
        }
    }

    private static Reply site(RecordedRequest request) {
        return switch (request.path()) {
            case "/login" -> redirect(303, "/members", "Set-Cookie: sid=42; Path=/; HttpOnly", "Set-Cookie: lang=de");
            case "/logout" -> redirect(302, "/members", "Set-Cookie: sid=; Path=/; Max-Age=0");
            default ->
                Reply.ok(
                        request.header("Cookie")
                                        .filter(value -> value.contains("sid=42"))
                                        .isPresent()
                                ? "welcome"
                                : "login");
        };
    }

    @Test
    void comesBackToItselfOnceACookieWasSet() {
        try (RawServer home = server(request -> request.header("Cookie").isPresent()
                        ? Reply.ok("seen")
                        : redirect(302, "/a", "Set-Cookie: seen=1"));
                Connector connector = Connector.builder(home.url()).cookies().build()) {
            assertThat(text(connector, Request.get("/a"))).isEqualTo("seen");
        }
    }

    @Test
    void joinsTheJarsCookiesWithTheRequests() {
        try (RawServer home = server(request -> request.path().equals("/set")
                        ? redirect(404, "/ignored", "Set-Cookie: a=jar; Path=/", "set-cookie: b=jar; Path=/")
                        : Reply.ok("x"));
                Connector connector = Connector.builder(home.url()).cookies().build()) {
            text(connector, Request.get("/set"));
            text(connector, Request.get("/x").header("Cookie", "a=own; c=own"));
            text(connector, Request.get("/y"));

            assertThat(home.requests().get(1).headers("Cookie")).containsExactly("a=own; c=own; b=jar");
            assertThat(home.requests().get(2).headers("Cookie")).containsExactly("a=jar; b=jar");
        }
    }

    @Test
    void sendsTheBytesOfACookieBackAsTheyCame() {
        try (RawServer home = server(request -> Reply.bytes(
                        "HTTP/1.1 200 OK\r\nSet-Cookie: a=ö\r\nContent-Length: 0\r\n\r\n".getBytes(UTF_8)));
                Connector connector = Connector.builder(home.url()).cookies().build()) {
            text(connector, Request.get("/"));
            text(connector, Request.get("/"));

            // However the server's decoder shows bytes beyond ASCII, they are those of UTF-8.
            String received = home.requests().get(1).header("Cookie").orElse("");
            assertThat(Stream.of(received, new String(received.getBytes(ISO_8859_1), UTF_8)))
                    .contains("a=ö");
        }
    }

    @Test
    void keepsTheCookiesOfManyCallersAtOnce() {
        try (RawServer home = server(request -> Reply.bytes("HTTP/1.1 200 OK\r\nSet-Cookie: c"
                        + request.path().substring(1) + "=1; Path=/\r\nContent-Length: 0\r\n\r\n"));
                Connector connector = Connector.builder(home.url()).cookies().build()) {
            Flux.range(0, 1_000)
                    .flatMap(i -> connector.exchange(Request.get("/" + i % 40), Response::discard), 16)
                    .blockLast(ofSeconds(30));
            text(connector, Request.get("/last"));

            List<RecordedRequest> requests = home.requests();
            assertThat(requests.get(requests.size() - 1)
                            .header("Cookie")
                            .orElse("")
                            .split("; "))
                    .hasSize(40);
        }
    }

    @Test
    void followsNextLinksElsewhereWithoutCredentialsWhenStripped() {
        try (TestServer other =
                        FakeApi.linkHeader("/issues", FakeApi.issues(150)).start();
                TestServer home = FakeApi.linkHeader("/issues", FakeApi.issues(150))
                        .links(NextLink.onOrigin(other.url()))
                        .start();
                Connector connector = Connector.builder(home.url())
                        .auth(Auth.bearer(Secret.of("t")))
                        .origins(OriginPolicy.sameOrigin().strip())
                        .build()) {
            Endpoint<JsonNode> issues = Endpoint.get("/issues").paginate(Pagination.linkHeader());

            assertThat(connector.records(issues).count().block(SOON)).isEqualTo(150);
            assertThat(home.requests())
                    .allMatch(request -> request.header("Authorization").isPresent());
            assertThat(other.requests())
                    .isNotEmpty()
                    .allMatch(request -> request.header("Authorization").isEmpty());
        }
    }

    private static RawServer server(Function<RecordedRequest, Reply> script) {
        return RawServer.script(script).start();
    }

    private static Reply redirect(int status, String location, String... fields) {
        String more = fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
        return Reply.bytes("HTTP/1.1 " + status + " Elsewhere\r\nLocation: " + location + "\r\n" + more
                + "Content-Length: 3\r\n\r\nsee");
    }

    private static String text(Connector connector, Request request) {
        return connector
                        .exchange(request, response -> response.readAll(1000).map(body -> new String(body, UTF_8)))
                        .single()
                        .block(SOON)
                + "";
    }
}
