package dev.headrace.http;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.tcp.SslProvider;

/** Reads what {@link TlsSettings} name. Blocks. */
final class TlsContext {

    private static final Logger LOG = LoggerFactory.getLogger(TlsContext.class);
    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    private TlsContext() {}

    /** Reads the files; null for the platform's own settings, which Reactor Netty has already. */
    static @Nullable SslProvider read(TlsSettings settings, boolean http2) {
        if (settings.equals(TlsSettings.system())) {
            return null;
        }
        check(settings);
        SslContext context = settings.trust() instanceof TlsSettings.Trust.Context own
                ? wrap(own.context(), settings, http2)
                : build(settings, http2);
        String algorithm = settings.hostVerified() ? "HTTPS" : null;
        return SslProvider.builder()
                .sslContext(context)
                .handlerConfigurator(handler -> verifyHost(handler, algorithm))
                .build();
    }

    /** Here, for a handshake would only say that it has failed. */
    private static void check(TlsSettings settings) {
        if (settings.protocols().isEmpty() && settings.ciphers().isEmpty()) {
            return;
        }
        SSLParameters known = settings.trust() instanceof TlsSettings.Trust.Context own
                ? own.context().getSupportedSSLParameters()
                : defaultContext().getSupportedSSLParameters();
        check("protocols", settings.protocols(), known.getProtocols());
        check("ciphers", settings.ciphers(), known.getCipherSuites());
    }

    private static void check(String setting, List<String> wanted, String[] known) {
        List<String> unknown = new ArrayList<>(wanted);
        unknown.removeAll(List.of(known));
        if (!unknown.isEmpty()) {
            throw new HeadraceException(
                    FailureKind.CONFIGURATION,
                    "The TLS " + setting + " " + unknown + " are not known to this Java"
                            + (known.length < 20 ? ", which has " + List.of(known) : ""),
                    null);
        }
    }

    private static SSLContext defaultContext() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new HeadraceException(FailureKind.CONFIGURATION, "This Java has no TLS", e);
        }
    }

    /** Says once what is not checked. */
    static void warn(TlsSettings settings) {
        if (settings.trust() instanceof TlsSettings.Trust.Everybody) {
            LOG.warn(
                    "TLS trusts everybody (trustAll): whoever sits on the way can read and change what is sent, credentials"
                            + " included. Name the authority with TlsSettings.trust(pem) instead");
        } else if (!settings.hostVerified()) {
            LOG.warn(
                    "TLS does not check for which host a certificate is (withoutHostVerification): whoever holds any trusted"
                            + " certificate can pose as the server");
        }
    }

    private static void verifyHost(SslHandler handler, @Nullable String algorithm) {
        SSLParameters parameters = handler.engine().getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm(algorithm);
        handler.engine().setSSLParameters(parameters);
    }

    private static SslContext wrap(SSLContext context, TlsSettings settings, boolean http2) {
        ApplicationProtocolConfig alpn = new ApplicationProtocolConfig(
                ApplicationProtocolConfig.Protocol.ALPN,
                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                ApplicationProtocolNames.HTTP_2,
                ApplicationProtocolNames.HTTP_1_1);
        return new JdkSslContext(
                context,
                true,
                settings.ciphers().isEmpty() ? null : settings.ciphers(),
                IdentityCipherSuiteFilter.INSTANCE,
                http2 ? alpn : ApplicationProtocolConfig.DISABLED,
                ClientAuth.NONE,
                settings.protocols().isEmpty() ? null : settings.protocols().toArray(String[]::new),
                false);
    }

    private static SslContext build(TlsSettings settings, boolean http2) {
        try {
            return http2
                    ? Http2SslContextSpec.forClient()
                            .configure(builder -> fill(builder, settings))
                            .sslContext()
                    : Http11SslContextSpec.forClient()
                            .configure(builder -> fill(builder, settings))
                            .sslContext();
        } catch (IOException e) {
            throw new HeadraceException(FailureKind.CONFIGURATION, "No TLS with " + settings, e);
        }
    }

    private static void fill(SslContextBuilder builder, TlsSettings settings) {
        builder.protocols(settings.protocols().isEmpty() ? PROTOCOLS : settings.protocols());
        if (!settings.ciphers().isEmpty()) {
            builder.ciphers(settings.ciphers(), IdentityCipherSuiteFilter.INSTANCE);
        }
        if (!settings.hostVerified()) {
            builder.endpointIdentificationAlgorithm(null);
        }
        if (settings.trust() instanceof TlsSettings.Trust.File file) {
            use(
                    file.pem(),
                    "trusted certificates",
                    "it must hold certificates in PEM",
                    pem -> builder.trustManager(pem));
        } else if (settings.trust() instanceof TlsSettings.Trust.Everybody) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
        }
        if (settings.identity() instanceof TlsSettings.Identity.Pem own) {
            keyManager(builder, own);
        } else if (settings.identity() instanceof TlsSettings.Identity.Pkcs12 own) {
            use(
                    own.file(),
                    "client certificate",
                    "it must be PKCS #12 with a key, and the password must be its own",
                    file -> {
                        char[] password = own.password().reveal().toCharArray();
                        KeyStore store = KeyStore.getInstance("PKCS12");
                        store.load(file, password);
                        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                        keys.init(store, password);
                        builder.keyManager(keys);
                    });
        }
    }

    private static void keyManager(SslContextBuilder builder, TlsSettings.Identity.Pem own) {
        Secret password = own.password();
        use(
                own.key(),
                "private key of the client certificate " + own.certificate(),
                "it must be PKCS #8 in PEM (openssl pkcs8 -topk8 makes one)"
                        + (password == null ? ", not encrypted" : ", and the password must be its own")
                        + "; and the certificate must be PEM",
                key -> {
                    try (InputStream certificate = open(own.certificate(), "client certificate")) {
                        builder.keyManager(certificate, key, password == null ? null : password.reveal());
                    }
                });
    }

    private static void use(Path file, String what, String expected, Reading reading) {
        try (InputStream content = open(file, what)) {
            reading.read(content);
        } catch (HeadraceException e) {
            throw e;
        } catch (Exception e) {
            // The cause stays out: what a parser quotes of a key does not belong into a log.
            throw new HeadraceException(
                    FailureKind.CONFIGURATION,
                    "The file " + file + " (" + what + ") cannot be used: " + expected,
                    null);
        }
    }

    private static InputStream open(Path file, String what) {
        try {
            return Files.newInputStream(file);
        } catch (IOException e) {
            String reason = e instanceof NoSuchFileException ? "is not there" : "cannot be read";
            throw new HeadraceException(FailureKind.CONFIGURATION, "The file " + file + " (" + what + ") " + reason, e);
        }
    }

    @FunctionalInterface
    private interface Reading {
        void read(InputStream content) throws Exception;
    }
}
