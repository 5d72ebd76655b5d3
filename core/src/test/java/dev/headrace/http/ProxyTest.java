package dev.headrace.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.test.Route;
import dev.headrace.test.TestServer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What connections go through. PARITY A33: also for one request. */
class ProxyTest {

    private static final Duration SOON = ofSeconds(10);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tunnelsThroughAnHttpProxy(boolean tls) {
        try (TestServer server = origin(tls);
                TunnelProxy proxy = TunnelProxy.asking("user:secret");
                Transport transport =
                        over(ProxySettings.http("127.0.0.1", proxy.port()).credentials("user", Secret.of("secret")))) {
            assertThat(fetch(transport, Request.get(server.url() + "/"))).isEqualTo("hello");
            assertThat(proxy.targets()).containsExactly("127.0.0.1:" + server.port());
            assertThat(server.requests())
                    .singleElement()
                    .satisfies(request -> assertThat(request.headers().keySet())
                            .doesNotContain("Proxy-Authorization", "proxy-authorization", "Proxy-Connection"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tunnelsThroughASocksProxyAndLetsItResolveTheName(boolean asking) {
        try (TestServer server = origin(true);
                TunnelProxy proxy = asking ? TunnelProxy.asking("user:secret") : TunnelProxy.open();
                Transport transport = over(
                        asking
                                ? ProxySettings.socks5("127.0.0.1", proxy.port())
                                        .credentials("user", Secret.of("secret"))
                                : ProxySettings.socks5("127.0.0.1", proxy.port()))) {
            assertThat(fetch(transport, Request.get("https://localhost:" + server.port() + "/")))
                    .isEqualTo("hello");
            assertThat(proxy.targets()).containsExactly("localhost:" + server.port());
        }
    }

    @Test
    void saysThatTheProxyWantsOtherCredentials() {
        try (TestServer server = origin(false);
                TunnelProxy proxy = TunnelProxy.asking("user:secret")) {
            for (ProxySettings settings : new ProxySettings[] {
                ProxySettings.http("127.0.0.1", proxy.port()),
                ProxySettings.http("127.0.0.1", proxy.port()).credentials("user", Secret.of("wrong-word")),
                ProxySettings.socks5("127.0.0.1", proxy.port()).credentials("user", Secret.of("wrong-word"))
            }) {
                Throwable failure = failure(settings, server.url() + "/");

                assertThat(failure)
                        .isInstanceOfSatisfying(TransportException.class, refused -> {
                            assertThat(refused.kind()).isEqualTo(FailureKind.CONFIGURATION);
                            assertThat(refused.requestSent()).isFalse();
                        })
                        .hasMessageContaining("the proxy 127.0.0.1:" + proxy.port() + " refused the credentials")
                        .hasMessageNotContaining("wrong-word");
            }
            assertThat(server.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "403 Forbidden,CONFIGURATION,does not let this target through",
        "502 Bad Gateway,TRANSIENT,made no connection"
    })
    void saysWhatTheProxyAnswered(String status, FailureKind kind, String message) {
        try (TunnelProxy proxy = TunnelProxy.refusing(status)) {
            assertThat(failure(ProxySettings.http("127.0.0.1", proxy.port()), "https://api.example.com/"))
                    .isInstanceOfSatisfying(
                            TransportException.class,
                            refused -> assertThat(refused.kind()).isEqualTo(kind))
                    .hasMessageContaining(message)
                    .hasMessageContaining(status.substring(0, 3));
        }
    }

    @Test
    void saysThatTheProxyIsNotThere() throws Exception {
        int port;
        try (ServerSocket unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = unused.getLocalPort();
        }

        assertThat(failure(ProxySettings.http("127.0.0.1", port), "http://api.example.com/"))
                .isInstanceOfSatisfying(
                        TransportException.class,
                        refused -> assertThat(refused.kind()).isEqualTo(FailureKind.TRANSIENT))
                .hasMessageContaining("the proxy 127.0.0.1:" + port);
    }

    @Test
    void saysThatTheProxyIsNotKnown() {
        assertThatThrownBy(() -> over(ProxySettings.http("no-such-host.invalid", 3128)))
                .isInstanceOfSatisfying(
                        HeadraceException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION))
                .hasMessageContaining("no-such-host.invalid");
    }

    @Test
    void connectsToExceptedHostsDirectly() {
        try (TestServer server = origin(false);
                TunnelProxy proxy = TunnelProxy.open();
                Transport transport =
                        over(ProxySettings.http("127.0.0.1", proxy.port()).except("localhost"))) {
            assertThat(fetch(transport, Request.get("http://localhost:" + server.port() + "/")))
                    .isEqualTo("hello");
            assertThat(proxy.targets()).isEmpty();
            assertThat(fetch(transport, Request.get(server.url() + "/"))).isEqualTo("hello");
            assertThat(proxy.targets()).hasSize(1);
        }
    }

    @Test
    void takesAnotherProxyOrNoneForOneRequest() { // A33
        try (TestServer server = origin(false);
                TunnelProxy usual = TunnelProxy.open();
                TunnelProxy other = TunnelProxy.open();
                Transport transport = over(ProxySettings.http("127.0.0.1", usual.port()))) {
            Request request = Request.get(server.url() + "/");

            fetch(transport, request.options(o -> o.proxy(ProxySettings.none())));
            assertThat(usual.targets()).isEmpty();
            fetch(transport, request.options(o -> o.proxy(ProxySettings.socks5("127.0.0.1", other.port()))));
            assertThat(other.targets()).hasSize(1);
            fetch(transport, request);
            assertThat(usual.targets()).hasSize(1);
            assertThat(server.connectionsAccepted()).isEqualTo(3);
        }
    }

    /** Services sell proxies whose user names the session, a new one for each request. */
    @Test
    void keepsNotEveryProxyThatARequestEverHad() {
        try (TestServer server = origin(false);
                TunnelProxy proxy = TunnelProxy.open();
                NettyTransport transport = new NettyTransport(TransportSettings.defaults())) {
            Request request = Request.get(server.url() + "/");
            for (int i = 0; i < NettyTransport.KEPT_DETOURS + 10; i++) {
                ProxySettings session = ProxySettings.http("127.0.0.1", proxy.port())
                        .credentials("session-" + i, Secret.of("password"));
                assertThat(fetch(transport, request.options(o -> o.proxy(session))))
                        .isEqualTo("hello");
            }
            assertThat(transport.detours()).isBetween(1, NettyTransport.KEPT_DETOURS);

            ProxySettings unknown = ProxySettings.http("no-such-host.invalid", 3128);
            int before = transport.detours();
            assertThatThrownBy(() -> fetch(transport, request.options(o -> o.proxy(unknown))))
                    .isInstanceOf(HeadraceException.class);
            // It made room for itself, and then it was not to be had.
            assertThat(transport.detours()).isEqualTo(before - 1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "api.example.com, api.example.com, false",
        "API.example.com, api.EXAMPLE.com, false",
        "example.com, api.example.com, true",
        "*.example.com, api.example.com, false",
        "*.example.com, example.com, true",
        "*.example.com, badexample.com, true",
        "::1, [::1], false",
        "*, anything, false"
    })
    void patternsNameHosts(String pattern, String host, boolean covered) {
        assertThat(ProxySettings.http("proxy", 3128).except(pattern).covers(host))
                .isEqualTo(covered);
    }

    @Test
    void readsTheEnvironment() {
        assertThat(ProxySettings.from(Map.of())).isEqualTo(ProxySettings.none());
        assertThat(ProxySettings.from(Map.of("HTTP_PROXY", "http://other:1"))).isEqualTo(ProxySettings.none());
        assertThat(ProxySettings.from(Map.of("HTTPS_PROXY", "http://u:p%40ss@proxy:3128")))
                .isEqualTo(fromOutside(ProxySettings.http("proxy", 3128).credentials("u", Secret.of("p@ss"))));
        assertThat(ProxySettings.from(Map.of("HTTPS_PROXY", "upper:1", "https_proxy", "lower:2")))
                .isEqualTo(fromOutside(ProxySettings.http("lower", 2)));
        assertThat(ProxySettings.from(Map.of("ALL_PROXY", "socks5h://proxy")))
                .isEqualTo(fromOutside(ProxySettings.socks5("proxy", 1080)));

        ProxySettings some =
                ProxySettings.from(Map.of("HTTPS_PROXY", "proxy:1", "NO_PROXY", "a.test, .b.test,*.c.test"));
        assertThat(some.covers("a.test")).isFalse();
        assertThat(some.covers("x.a.test")).isFalse();
        assertThat(some.covers("x.b.test")).isFalse();
        assertThat(some.covers("x.c.test")).isFalse();
        assertThat(some.covers("xa.test")).isTrue();
        assertThat(some.covers("localhost")).isFalse();
        assertThat(some.covers("127.0.0.1")).isFalse();
        assertThat(some.covers("[::1]")).isFalse();

        assertThatThrownBy(() -> ProxySettings.from(Map.of("HTTPS_PROXY", "https://u:hidden-word@proxy:1")))
                .isInstanceOf(HeadraceException.class)
                .hasMessageContaining("HTTPS_PROXY")
                .hasMessageNotContaining("hidden-word");
    }

    /** What the environment says is about other machines. */
    private static ProxySettings fromOutside(ProxySettings proxy) {
        return proxy.except("localhost", "127.0.0.1", "::1");
    }

    @Test
    void refusesWhatIsNoProxy() {
        assertThatThrownBy(() -> ProxySettings.http("proxy", 0))
                .hasMessageContaining("port")
                .hasMessageContaining("0");
        assertThatThrownBy(() -> ProxySettings.http(" ", 1)).hasMessageContaining("host");
        assertThatThrownBy(() -> ProxySettings.none().except("api.*.com")).hasMessageContaining("api.*.com");
        assertThat(ProxySettings.http("proxy", 1)
                        .credentials("u", Secret.of("hidden-word"))
                        .toString())
                .doesNotContain("hidden-word");
    }

    private static TestServer origin(boolean tls) {
        TestServer.Builder server = TestServer.builder().route("/**", Route.fixed(200, "text/plain", "hello"));
        return (tls ? server.tls() : server).start();
    }

    private static Transport over(ProxySettings proxy) {
        return Transport.over(
                TransportSettings.defaults().tls(TlsSettings.trustAll()).proxy(proxy));
    }

    private static Throwable failure(ProxySettings proxy, String uri) {
        try (Transport transport = over(proxy)) {
            return catchThrowable(() -> fetch(transport, Request.get(uri)));
        }
    }

    private static String fetch(Transport transport, Request request) {
        return String.join(
                "",
                transport
                        .exchange(request, response -> response.readAll(1000).map(body -> new String(body, UTF_8)))
                        .collectList()
                        .block(SOON));
    }
}
