package dev.headrace.test;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.Http2SslContextSpec;

/**
 * A certificate with its key, made at run time: an authority, a server's or a client's. Valid for tests only.
 *
 * <pre>{@code
 * TestCertificate authority = TestCertificate.authority("headrace-test CA");
 * TestServer.builder()
 *         .tls(authority.issueServer("localhost", "127.0.0.1"))
 *         .requireClientCertificate(authority)
 *         .start();
 * }</pre>
 */
public final class TestCertificate {

    private static final class Holder {
        static final TestCertificate INSTANCE = build(() -> new CertificateBuilder()
                .subject("CN=localhost, O=headrace-test")
                .addSanDnsName("localhost")
                .addSanIpAddress(LocalServer.HOST)
                .setIsCertificateAuthority(true)
                .buildSelfSigned());
    }

    private final X509Bundle bundle;

    private TestCertificate(X509Bundle bundle) {
        this.bundle = bundle;
    }

    /** Self-signed, for 127.0.0.1 and localhost, made once per JVM: making one takes some milliseconds. */
    static TestCertificate shared() {
        return Holder.INSTANCE;
    }

    /**
     * An authority that nobody trusts yet.
     *
     * @param name its common name
     * @return self-signed; may issue others
     */
    public static TestCertificate authority(String name) {
        return build(() -> new CertificateBuilder()
                .subject("CN=" + name)
                .setIsCertificateAuthority(true)
                .buildSelfSigned());
    }

    /**
     * Issues a certificate for a server.
     *
     * @param hosts names or IPv4 addresses it is for
     * @return signed by this
     */
    public TestCertificate issueServer(String... hosts) {
        return build(() -> {
            CertificateBuilder builder =
                    new CertificateBuilder().subject("CN=" + hosts[0]).addExtendedKeyUsageServerAuth();
            for (String host : hosts) {
                if (host.matches("[0-9.]+")) {
                    builder.addSanIpAddress(host);
                } else {
                    builder.addSanDnsName(host);
                }
            }
            return builder.buildIssuedBy(bundle);
        });
    }

    /**
     * Issues a certificate for a client.
     *
     * @param name its common name
     * @return signed by this
     */
    public TestCertificate issueClient(String name) {
        return build(() -> new CertificateBuilder()
                .subject("CN=" + name)
                .addExtendedKeyUsageClientAuth()
                .buildIssuedBy(bundle));
    }

    /**
     * The certificate.
     *
     * @return without its issuers
     */
    public X509Certificate x509() {
        return bundle.getCertificate();
    }

    /**
     * The certificate as text.
     *
     * @return PEM (RFC 7468)
     */
    public String pem() {
        return bundle.getCertificatePEM();
    }

    /**
     * The private key as text.
     *
     * @return PKCS #8 in PEM, not encrypted
     */
    public String keyPem() {
        return bundle.getPrivateKeyPEM();
    }

    /**
     * The private key as text that needs a password.
     *
     * @param password ASCII
     * @return encrypted PKCS #8 in PEM
     */
    public String keyPem(String password) {
        try {
            String algorithm = "PBEWithHmacSHA256AndAES_256";
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password.toCharArray())),
                    new PBEParameterSpec(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, 10_000));
            byte[] encrypted = cipher.doFinal(bundle.getKeyPair().getPrivate().getEncoded());
            // By hand: EncryptedPrivateKeyInfo of Java 17 cannot write what it can read (RFC 5958 §3, RFC 8018 §A.4).
            byte[] pbes2 = HexFormat.of().parseHex("06092a864886f70d01050d");
            byte[] encoded = der(0x30, der(0x30, pbes2, cipher.getParameters().getEncoded()), der(0x04, encrypted));
            return "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                    + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                            .encodeToString(encoded)
                    + "\n-----END ENCRYPTED PRIVATE KEY-----\n";
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("no encrypted key can be made on this platform", e);
        }
    }

    private static byte[] der(int tag, byte[]... parts) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.write(part);
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(tag);
        if (content.size() > 127) {
            whole.write(0x82);
            whole.write(content.size() >> 8);
        }
        whole.write(content.size() & 0xff);
        content.writeTo(whole);
        return whole.toByteArray();
    }

    /**
     * Certificate, issuers and key in one file.
     *
     * @param password protects store and key
     * @return PKCS #12
     */
    public byte[] pkcs12(String password) {
        try {
            PrivateKey key = bundle.getKeyPair().getPrivate();
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("key", key, password.toCharArray(), bundle.getCertificatePathWithRoot());
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            store.store(bytes, password.toCharArray());
            return bytes.toByteArray();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("no PKCS #12 file can be made on this platform", e);
        }
    }

    TrustManager trustManager() {
        return bundle.toTrustManager();
    }

    /** What a server shows, and whom it lets in. */
    SslContext serverContext(boolean http2, @Nullable TestCertificate clients) {
        PrivateKey key = bundle.getKeyPair().getPrivate();
        try {
            return http2
                    ? Http2SslContextSpec.forServer(key, bundle.getCertificatePathList())
                            .configure(builder -> demand(builder, clients))
                            .sslContext()
                    : Http11SslContextSpec.forServer(key, bundle.getCertificatePathList())
                            .configure(builder -> demand(builder, clients))
                            .sslContext();
        } catch (Exception e) {
            throw new IllegalStateException("no TLS on this platform", e);
        }
    }

    private static void demand(SslContextBuilder builder, @Nullable TestCertificate clients) {
        builder.sslProvider(SslProvider.JDK);
        if (clients != null) {
            builder.clientAuth(ClientAuth.REQUIRE).trustManager(clients.x509());
        }
    }

    private static TestCertificate build(Making making) {
        try {
            return new TestCertificate(making.make());
        } catch (Exception e) {
            throw new IllegalStateException("no certificate can be made on this platform", e);
        }
    }

    @FunctionalInterface
    private interface Making {
        X509Bundle make() throws Exception;
    }
}
