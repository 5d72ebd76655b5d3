package dev.headrace.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.test.TestCertificate;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which versions of TLS and which cipher suites are spoken. */
class TlsVersionTest {

    private static final TestCertificate AUTHORITY = TestCertificate.authority("headrace-test CA");
    private static final String CIPHER = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384";

    @TempDir
    Path directory;

    /** Ways to trust the authority. */
    enum Trusting {
        FILE,
        CONTEXT
    }

    @ParameterizedTest
    @EnumSource
    void speaksTheNewestVersionByDefault(Trusting trusting) throws Exception {
        assertThat(session(trusting, tls -> tls).getProtocol()).isEqualTo("TLSv1.3");
    }

    @ParameterizedTest
    @EnumSource
    void speaksNoVersionButThoseNamed(Trusting trusting) throws Exception {
        assertThat(session(trusting, tls -> tls.protocols("TLSv1.2")).getProtocol())
                .isEqualTo("TLSv1.2");
    }

    @ParameterizedTest
    @EnumSource
    void offersNoCipherButThoseNamed(Trusting trusting) throws Exception {
        for (String cipher : List.of("TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256")) {
            assertThat(session(trusting, tls -> tls.ciphers(cipher)).getCipherSuite())
                    .isEqualTo(cipher);
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesWhatThisJavaDoesNotKnowWhenItIsMade(Trusting trusting) throws Exception {
        assertUnusable(trusting(trusting).protocols("TLSv1.2", "TLSv9"), "The TLS protocols [TLSv9] are not known");
        assertUnusable(trusting(trusting).ciphers("TLS_NONE"), "The TLS ciphers [TLS_NONE] are not known");
    }

    @Test
    void isForTheSystemsTrustToo() {
        assertThat(TlsSettings.system().protocols("TLSv1.3")).isNotEqualTo(TlsSettings.system());
        assertUnusable(TlsSettings.system().protocols("TLSv9"), "The TLS protocols [TLSv9] are not known");
    }

    static Stream<UnaryOperator<TlsSettings>> changes() {
        return Stream.of(
                tls -> tls.protocols("TLSv1.2"),
                tls -> tls.ciphers(CIPHER),
                tls -> tls.withoutHostVerification().protocols("TLSv1.2"));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void isAValue(UnaryOperator<TlsSettings> change) {
        TlsSettings changed = change.apply(TlsSettings.system());

        assertThat(changed)
                .isEqualTo(change.apply(TlsSettings.system()))
                .hasSameHashCodeAs(change.apply(TlsSettings.system()))
                .isNotEqualTo(TlsSettings.system());
    }

    @Test
    void keepsTheOtherSettings() {
        TlsSettings tls = TlsSettings.system()
                .protocols("TLSv1.2")
                .ciphers(CIPHER)
                .clientCertificate(Path.of("client.p12"), Secret.of("password"))
                .withoutHostVerification();

        assertThat(tls)
                .hasToString("TlsSettings[trust as this machine, client certificate client.p12, any host,"
                        + " protocols [TLSv1.2], ciphers [" + CIPHER + "]]");
    }

    @Test
    void refusesNoneAndBlankOnes() {
        assertThatThrownBy(() -> TlsSettings.system().protocols(new String[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("protocols must name at least one");
        assertThatThrownBy(() -> TlsSettings.system().ciphers(CIPHER, " "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ciphers must not be blank, but are [" + CIPHER + ",  ]");
    }

    private static void assertUnusable(TlsSettings tls, String message) {
        assertThatThrownBy(() ->
                        Transport.over(TransportSettings.defaults().tls(tls)).close())
                .isInstanceOfSatisfying(
                        HeadraceException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION))
                .hasMessageStartingWith(message);
    }

    private TlsSettings trusting(Trusting trusting) throws Exception {
        if (trusting == Trusting.FILE) {
            return TlsSettings.trust(Files.writeString(directory.resolve("ca.pem"), AUTHORITY.pem()));
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("ca", AUTHORITY.x509());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return TlsSettings.context(context);
    }

    /** What was agreed on with a server that takes whatever is offered. */
    private SSLSession session(Trusting trusting, UnaryOperator<TlsSettings> change) throws Exception {
        char[] password = "password".toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(new ByteArrayInputStream(AUTHORITY.issueServer("localhost").pkcs12("password")), password);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        try (SSLServerSocket server = (SSLServerSocket)
                        context.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Transport transport =
                        Transport.over(TransportSettings.defaults().tls(change.apply(trusting(trusting))))) {
            CompletableFuture<SSLSession> session = CompletableFuture.supplyAsync(() -> answer(server));
            String url = "https://localhost:" + server.getLocalPort() + "/";

            transport.exchange(Request.get(url), Response::discard).then().block(Duration.ofSeconds(10));
            return session.get(10, TimeUnit.SECONDS);
        }
    }

    private static SSLSession answer(SSLServerSocket server) {
        try (SSLSocket socket = (SSLSocket) server.accept()) {
            SSLSession session = socket.getSession();
            while (socket.getInputStream().read(new byte[8192]) < 0) {
                throw new IOException("no request came");
            }
            socket.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            return session;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
