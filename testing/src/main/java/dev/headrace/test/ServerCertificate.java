package dev.headrace.test;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.security.cert.X509Certificate;
import javax.net.ssl.TrustManager;

/** A self-signed certificate with its key, made once per JVM: making one takes some milliseconds. */
final class ServerCertificate {

    private static final class Holder {
        static final ServerCertificate INSTANCE = new ServerCertificate(selfSigned());
    }

    private final X509Bundle bundle;

    private ServerCertificate(X509Bundle bundle) {
        this.bundle = bundle;
    }

    static ServerCertificate shared() {
        return Holder.INSTANCE;
    }

    X509Certificate x509() {
        return bundle.getCertificate();
    }

    String pem() {
        return bundle.getCertificatePEM();
    }

    TrustManager trustManager() {
        return bundle.toTrustManager();
    }

    SslContext serverContext() {
        try {
            return SslContextBuilder.forServer(bundle.getKeyPair().getPrivate(), bundle.getCertificatePath())
                    .sslProvider(SslProvider.JDK)
                    .build();
        } catch (Exception e) {
            throw new IllegalStateException("no TLS on this platform", e);
        }
    }

    private static X509Bundle selfSigned() {
        try {
            return new CertificateBuilder()
                    .subject("CN=localhost, O=headrace-test")
                    .addSanDnsName("localhost")
                    .addSanIpAddress(LocalServer.HOST)
                    .setIsCertificateAuthority(true)
                    .buildSelfSigned();
        } catch (Exception e) {
            throw new IllegalStateException("no certificate can be made on this platform", e);
        }
    }
}
