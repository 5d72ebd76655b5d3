package dev.headrace.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.test.RawServer;
import dev.headrace.test.Reply;
import dev.headrace.test.Route;
import dev.headrace.test.TestCertificate;
import dev.headrace.test.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * Whom a client trusts and what it shows. Rows R16, R17, R18 (connect includes the handshake), R20: trust, client certificate and own context; R43, R44, R46: set anew, they
 * take effect with a new transport; A33: for one request; K11: one transport for both schemes.
 */
class TlsTest {

    private static final Duration SOON = ofSeconds(10);
    private static final TestCertificate AUTHORITY = TestCertificate.authority("headrace-test CA");
    private static final TestCertificate SERVER = AUTHORITY.issueServer("localhost", "127.0.0.1");
    private static final TestCertificate CLIENT = AUTHORITY.issueClient("a client");
    private static final Route OK = Route.fixed(200, "text/plain", "hello");

    @TempDir
    Path directory;

    @Test
    void trustsTheAuthorityOfAFile() throws Exception { // R16
        try (TestServer server = serving(SERVER)) {
            assertThat(fetch(TlsSettings.trust(pem(AUTHORITY)), server)).isEqualTo("hello");
        }
    }

    @Test
    void trustsNobodyElseThen() throws Exception { // R16
        try (TestServer server = serving(SERVER)) {
            TlsSettings other = TlsSettings.trust(pem(TestCertificate.authority("another CA")));

            assertThat(failure(other, server))
                    .isInstanceOfSatisfying(
                            TransportException.class,
                            failure -> assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION))
                    .hasMessageContaining("is not trusted")
                    .hasMessageContaining("TlsSettings.trust(pem)");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void refusesACertificateForAnotherHostAndSaysWhatToDo(boolean http2) throws Exception { // R16
        try (TestServer server = serving(AUTHORITY.issueServer("other.example"));
                Transport transport = Transport.over(TransportSettings.defaults()
                        .tls(TlsSettings.trust(pem(AUTHORITY)))
                        .http2(http2))) {
            for (String host : List.of("localhost", "127.0.0.1")) {
                Throwable failure = catchThrowable(
                        () -> fetch(transport, Request.get("https://" + host + ":" + server.port() + "/")));

                assertThat(failure)
                        .isInstanceOfSatisfying(
                                TransportException.class,
                                refused -> assertThat(refused.kind()).isEqualTo(FailureKind.CONFIGURATION))
                        .hasMessageContaining("the certificate is not for " + host)
                        .hasMessageContaining("use a host name that the certificate holds");
            }
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void refusesItWithAContextOfItsOwnToo() throws Exception { // R20
        try (TestServer server = serving(AUTHORITY.issueServer("other.example"))) {
            assertThat(failure(TlsSettings.context(trusting(AUTHORITY)), server))
                    .hasMessageContaining("the certificate is not for 127.0.0.1");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void looksAtNoHostOnlyWhenToldNotTo(boolean http2) throws Exception { // R16
        try (TestServer server = serving(AUTHORITY.issueServer("other.example"))) {
            for (TlsSettings careless : List.of(
                    TlsSettings.trust(pem(AUTHORITY)).withoutHostVerification(),
                    TlsSettings.context(trusting(AUTHORITY)).withoutHostVerification(),
                    TlsSettings.trustAll())) {
                try (Transport transport = Transport.over(
                        TransportSettings.defaults().tls(careless).http2(http2))) {
                    assertThat(fetch(transport, Request.get(server.url() + "/")))
                            .isEqualTo("hello");
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1"})
    void reachesNamesAndAddresses(String host) throws Exception {
        try (TestServer server = serving(SERVER);
                Transport transport = over(TlsSettings.trust(pem(AUTHORITY)))) {
            assertThat(fetch(transport, Request.get("https://" + host + ":" + server.port() + "/")))
                    .isEqualTo("hello");
        }
    }

    @Test
    void usesAContextOfTheCaller() throws Exception { // R20
        try (TestServer server = serving(SERVER)) {
            assertThat(fetch(TlsSettings.context(trusting(AUTHORITY)), server)).isEqualTo("hello");
        }
    }

    static Stream<String> identities() {
        return Stream.of("pem", "encrypted pem", "pkcs12");
    }

    @ParameterizedTest
    @MethodSource("identities")
    void showsItsCertificateToAServerThatAsks(String form) throws Exception { // R17
        try (TestServer server = asking()) {
            TlsSettings trust = TlsSettings.trust(pem(AUTHORITY));
            TlsSettings identified = switch (form) {
                case "pem" -> trust.clientCertificate(pem(CLIENT), file("key.pem", CLIENT.keyPem()));
                case "encrypted pem" ->
                    trust.clientCertificate(
                            pem(CLIENT), file("key.pem", CLIENT.keyPem("password")), Secret.of("password"));
                default -> trust.clientCertificate(file("key.p12", CLIENT.pkcs12("password")), Secret.of("password"));
            };

            assertThat(fetch(identified, server)).isEqualTo("hello");
        }
    }

    @Test
    void saysThatTheServerWantsACertificate() throws Exception { // R17
        try (TestServer server = asking()) {
            Throwable failure = failure(TlsSettings.trust(pem(AUTHORITY)), server);

            assertThat(failure)
                    .isInstanceOfSatisfying(
                            TransportException.class,
                            refused -> assertThat(refused.kind()).isEqualTo(FailureKind.CONFIGURATION))
                    .hasMessageContaining("TlsSettings.clientCertificate");
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void namesTheFileThatCannotBeUsedAndNoSecret() throws Exception { // R16, R17
        Path missing = directory.resolve("missing.pem");
        Path text = file("text.pem", "no certificate");
        Path encrypted = file("encrypted.pem", CLIENT.keyPem("password"));
        Path store = file("store.p12", CLIENT.pkcs12("password"));
        Secret wrong = Secret.of("not-the-word");

        for (TlsSettings unusable : List.of(
                TlsSettings.trust(missing),
                TlsSettings.trust(text),
                TlsSettings.system().clientCertificate(missing, encrypted, wrong),
                TlsSettings.system().clientCertificate(pem(CLIENT), text),
                TlsSettings.system().clientCertificate(pem(CLIENT), encrypted),
                TlsSettings.system().clientCertificate(pem(CLIENT), encrypted, wrong),
                TlsSettings.system().clientCertificate(store, wrong))) {
            Throwable failure = catchThrowable(() -> over(unusable));

            assertThat(failure)
                    .as("%s", unusable)
                    .isInstanceOfSatisfying(
                            HeadraceException.class,
                            refused -> assertThat(refused.kind()).isEqualTo(FailureKind.CONFIGURATION))
                    .hasMessageContaining("The file " + directory);
            assertThat(failure.toString() + failure.getCause()).doesNotContain("not-the-word");
            assertThat(unusable.toString()).doesNotContain("not-the-word");
        }
    }

    @Test
    void givesTheHandshakeWhatConnectingHasLeftOfTheTimeout() {
        try (RawServer silent =
                        RawServer.script(request -> Reply.nothing().stall()).start();
                Transport transport = Transport.over(TransportSettings.defaults()
                        .tls(TlsSettings.trustAll())
                        .timeouts(Timeouts.defaults().connect(ofMillis(200))))) {
            Throwable failure =
                    catchThrowable(() -> fetch(transport, Request.get("https://127.0.0.1:" + silent.port() + "/")));

            assertThat(failure)
                    .isInstanceOfSatisfying(TransportException.class, refused -> {
                        assertThat(refused.kind()).isEqualTo(FailureKind.TRANSIENT);
                        assertThat(refused.requestSent()).isFalse();
                    })
                    .hasMessageContaining("no TLS handshake within 200 ms");
        }
    }

    @Test
    void givesItTheTimeoutOfTheRequestWhereThatDiffers() {
        try (RawServer silent =
                        RawServer.script(request -> Reply.nothing().stall()).start();
                Transport transport = over(TlsSettings.trustAll())) {
            Request request = Request.get("https://127.0.0.1:" + silent.port() + "/")
                    .options(o -> o.timeouts(t -> t.connect(ofMillis(150))));

            assertThat(catchThrowable(() -> fetch(transport, request)))
                    .hasMessageContaining("no TLS handshake within 150 ms");
        }
    }

    @Test
    void saysThatAServerSpeaksNoTls() {
        try (TestServer plain = OK.start();
                Transport transport = over(TlsSettings.trustAll())) {
            assertThat(catchThrowable(() -> fetch(transport, Request.get("https://127.0.0.1:" + plain.port() + "/"))))
                    .isInstanceOfSatisfying(
                            TransportException.class,
                            refused -> assertThat(refused.kind()).isEqualTo(FailureKind.CONFIGURATION))
                    .hasMessageContaining("does not speak TLS");
        }
    }

    @Test
    void takesAHandshakeThatTheServerBreaksOffForTransient() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Transport transport = over(TlsSettings.trustAll())) {
            CompletableFuture<Integer> greeting = CompletableFuture.supplyAsync(() -> {
                try (Socket client = listener.accept()) {
                    return client.getInputStream().read(new byte[8192]);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });

            assertThat(catchThrowable(
                            () -> fetch(transport, Request.get("https://127.0.0.1:" + listener.getLocalPort() + "/"))))
                    .isInstanceOfSatisfying(TransportException.class, broken -> {
                        assertThat(broken.kind()).isEqualTo(FailureKind.TRANSIENT);
                        assertThat(broken.requestSent()).isFalse();
                    });
            assertThat(greeting.join()).isPositive();
        }
    }

    @Test
    void takesOtherSettingsForOneRequest() throws Exception { // A33
        try (TestServer server = serving(SERVER);
                Transport transport = Transport.over(TransportSettings.defaults())) {
            TlsSettings trusting = TlsSettings.trust(pem(AUTHORITY));
            Request plain = Request.get(server.url() + "/");
            Request own = plain.options(o -> o.tls(trusting));

            assertThat(catchThrowable(() -> fetch(transport, plain))).hasMessageContaining("is not trusted");
            assertThat(fetch(transport, own)).isEqualTo("hello");
            assertThat(catchThrowable(() -> fetch(transport, plain))).hasMessageContaining("is not trusted");
            assertThat(fetch(transport, plain.options(o -> o.tls(TlsSettings.trust(directory.resolve("ca.pem"))))))
                    .isEqualTo("hello");
            // The refused one was the first connection; equal settings share the second.
            assertThat(server.requests())
                    .extracting(request -> request.connection())
                    .containsExactly(2, 2);
        }
    }

    @Test
    void readsTheFileAgainWhenItCouldNotBeUsedBefore() throws Exception { // A33
        try (TestServer server = serving(SERVER);
                Transport transport = Transport.over(TransportSettings.defaults())) {
            Path late = directory.resolve("late.pem");
            Request own = Request.get(server.url() + "/").options(o -> o.tls(TlsSettings.trust(late)));

            assertThat(catchThrowable(() -> fetch(transport, own)))
                    .isInstanceOfSatisfying(
                            HeadraceException.class,
                            refused -> assertThat(refused.kind()).isEqualTo(FailureKind.CONFIGURATION))
                    .hasMessageContaining(late + " (trusted certificates) is not there");
            Files.writeString(late, AUTHORITY.pem());
            assertThat(fetch(transport, own)).isEqualTo("hello");
        }
    }

    @Test
    void readsItOffTheThreadThatAsks() throws Exception { // A33
        try (TestServer server = serving(SERVER);
                Transport transport = Transport.over(TransportSettings.defaults())) {
            Path authority = pem(AUTHORITY);
            Request own = Request.get(server.url() + "/").options(o -> o.tls(TlsSettings.trust(authority)));

            // BlockHound throws where a thread of this scheduler reads a file.
            assertThat(fetching(transport, own)
                            .subscribeOn(Schedulers.parallel())
                            .blockLast(SOON))
                    .isEqualTo("hello");
        }
    }

    @Test
    void makesOneContextForRequestsThatAskTogether() throws Exception { // A33
        try (TestServer server = serving(SERVER);
                Transport transport = Transport.over(TransportSettings.defaults()
                        .pool(PoolSettings.defaults().maxConnections(1)))) {
            Path authority = pem(AUTHORITY);
            List<String> answers = Flux.range(0, 20)
                    .flatMap(i -> fetching(
                            transport,
                            Request.get(server.url() + "/").options(o -> o.tls(TlsSettings.trust(authority)))))
                    .collectList()
                    .block(SOON);

            assertThat(answers).hasSize(20);
            assertThat(server.connectionsAccepted()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void warnsOnceOfWhatItDoesNotCheck(boolean everybody) {
        PrintStream usual = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, UTF_8));
        try (Transport transport = Transport.over(TransportSettings.defaults()
                .http2(true)
                .tls(everybody ? TlsSettings.trustAll() : TlsSettings.system().withoutHostVerification()))) {
            assertThat(transport.pools()).isEmpty();
            assertThat(log.toString(UTF_8).lines().filter(line -> line.contains("WARN")))
                    .singleElement(as(STRING))
                    .contains(everybody ? "trustAll" : "withoutHostVerification");
        } finally {
            System.setErr(usual);
        }
    }

    @Test
    void closesTheConnectionsOfThoseRequestsToo() throws Exception { // A33
        try (TestServer server = serving(SERVER)) {
            try (Transport transport = Transport.over(TransportSettings.defaults())) {
                fetch(transport, Request.get(server.url() + "/").options(o -> o.tls(TlsSettings.trustAll())));
                assertThat(server.openConnections()).isEqualTo(1);
            }
            server.awaitNoOpenConnections(SOON);
        }
    }

    @Test
    void speaksPlainAndTlsOverOneTransport() throws Exception { // K11
        try (TestServer plain = OK.start();
                TestServer secure = serving(SERVER);
                Transport transport = over(TlsSettings.trust(pem(AUTHORITY)))) {
            assertThat(fetch(transport, Request.get(plain.url() + "/"))).isEqualTo("hello");
            assertThat(fetch(transport, Request.get(secure.url() + "/"))).isEqualTo("hello");
        }
    }

    @Test
    void settingsAreValues() throws Exception { // R43, R44, R46
        Path certificate = Path.of("client.pem");
        Path key = Path.of("key.pem");
        SSLContext context = trusting(AUTHORITY);

        assertThat(TlsSettings.trust(certificate).clientCertificate(certificate, key, Secret.of("a")))
                .isEqualTo(TlsSettings.trust(certificate).clientCertificate(certificate, key, Secret.of("a")))
                .hasSameHashCodeAs(TlsSettings.trust(certificate).clientCertificate(certificate, key, Secret.of("a")))
                .isNotEqualTo(TlsSettings.trust(certificate).clientCertificate(certificate, key, Secret.of("b")))
                .hasToString("TlsSettings[trust client.pem, client certificate client.pem]");
        assertThat(TlsSettings.context(context)).isEqualTo(TlsSettings.context(context));
        assertThat(TlsSettings.system()).isNotEqualTo(TlsSettings.system().withoutHostVerification());
        assertThatThrownBy(() -> TlsSettings.context(context).clientCertificate(certificate, key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("clientCertificate");
    }

    private TestServer serving(TestCertificate certificate) {
        return TestServer.builder().route("/**", OK).tls(certificate).http2().start();
    }

    private static TestServer asking() {
        return TestServer.builder()
                .route("/**", OK)
                .tls(SERVER)
                .requireClientCertificate(AUTHORITY)
                .start();
    }

    private Path pem(TestCertificate certificate) throws IOException {
        return file(certificate == AUTHORITY ? "ca.pem" : "certificate.pem", certificate.pem());
    }

    private Path file(String name, String content) throws IOException {
        return file(name, content.getBytes(UTF_8));
    }

    private Path file(String name, byte[] content) throws IOException {
        return Files.write(directory.resolve(name), content);
    }

    private static SSLContext trusting(TestCertificate authority) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("ca", authority.x509());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static Transport over(TlsSettings tls) {
        return Transport.over(TransportSettings.defaults().tls(tls));
    }

    private static String fetch(TlsSettings tls, TestServer server) {
        try (Transport transport = over(tls)) {
            return fetch(transport, Request.get(server.url() + "/"));
        }
    }

    private static Throwable failure(TlsSettings tls, TestServer server) {
        return catchThrowable(() -> fetch(tls, server));
    }

    private static String fetch(Transport transport, Request request) {
        return String.join("", fetching(transport, request).collectList().block(SOON));
    }

    private static Flux<String> fetching(Transport transport, Request request) {
        return transport.exchange(request, response -> response.readAll(1000).map(body -> new String(body, UTF_8)));
    }
}
