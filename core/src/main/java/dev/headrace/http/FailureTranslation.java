package dev.headrace.http;

import dev.headrace.error.FailureKind;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import reactor.netty.channel.AbortedException;

/**
 * From what Reactor Netty and the JDK signal to what a caller can act on.
 *
 * @param request what was to be exchanged
 * @param timeouts its clocks
 * @param pool the pool's settings
 * @param proxy what the connection goes through
 * @param sent whether any of the request may have left
 */
record FailureTranslation(Request request, Timeouts timeouts, PoolSettings pool, ProxySettings proxy, boolean sent) {

    Throwable translate(Throwable error) {
        Throwable byProxy = proxyRefusal(error);
        if (byProxy != null) {
            return refusedByProxy(byProxy);
        }
        if (error.getCause() instanceof SSLException refused && error instanceof DecoderException) {
            return tls(refused);
        }
        // By name: the pool's exceptions are shaded into a package that its module does not export, and those of codecs
        // would
        // need their modules.
        String name = error.getClass().getSimpleName();
        if (name.equals("PoolAcquireTimeoutException")) {
            return new PoolExhaustedException(
                    request,
                    "no connection was free within " + pool.acquireTimeout().toMillis()
                            + " ms; limit how much runs at once, or raise maxConnections",
                    error);
        }
        if (name.equals("PoolAcquirePendingLimitException")) {
            return new PoolExhaustedException(
                    request,
                    pool.maxPending()
                            + " calls wait for a connection already; limit how much runs at once, or raise maxPending",
                    error);
        }
        if (name.equals("PoolShutdownException")) {
            return failure(FailureKind.TRANSIENT, "its pool was thrown away as unused just then", error);
        }
        if (error instanceof UnknownHostException) {
            return unknownHost(error);
        }
        if (error instanceof SSLException refused) {
            return tls(refused);
        }
        if (error instanceof ConnectTimeoutException) {
            return failure(
                    FailureKind.TRANSIENT,
                    "no connection" + towards() + " within "
                            + timeouts.connect().toMillis() + " ms; check host and port",
                    error);
        }
        if (error instanceof ConnectException) {
            return failure(FailureKind.TRANSIENT, "connection" + towards() + " refused; check host and port", error);
        }
        // A close within the head is a class of its own to Netty's decoder.
        if (error instanceof IOException
                || error instanceof PrematureChannelClosureException
                // The other side closed while the body was being written.
                || error instanceof AbortedException
                || name.startsWith("Http2")) {
            return failure(FailureKind.TRANSIENT, "the connection broke (" + reason(error) + ")", error);
        }
        return failure(FailureKind.UNTRUSTED_DATA, "the answer is not HTTP (" + reason(error) + ")", error);
    }

    private Throwable unknownHost(Throwable error) {
        String host = request.uri().getHost();
        return isUnanswered(error.getCause())
                ? failure(FailureKind.TRANSIENT, "no name server answered for the host " + host, error)
                : failure(
                        FailureKind.CONFIGURATION,
                        "the host " + host + " is not known; check the base URL and the name servers",
                        error);
    }

    /**
     * Whether no name server has said anything about the host: none answered, none could be asked, or it had trouble of its own (SERVFAIL,
     * RFC 1035 §4.1.1). It is how Netty's resolver says it.
     */
    private static boolean isUnanswered(@Nullable Throwable cause) {
        if (cause == null) {
            return false;
        }
        // By name, or the module of DNS codecs would be needed.
        return cause.getClass().getSimpleName().startsWith("DnsNameResolver")
                || String.valueOf(cause.getMessage()).endsWith("SERVFAIL");
    }

    private Throwable tls(SSLException error) {
        String reason = reason(error);
        CertificateException certificate = certificateFault(error);
        if (error instanceof SslHandshakeTimeoutException) {
            return failure(
                    FailureKind.TRANSIENT,
                    "no TLS handshake within " + timeouts.connect().toMillis() + " ms of connecting",
                    error);
        }
        if (error instanceof NotSslRecordException) {
            // Netty's message holds what came, as hexadecimal.
            return failure(
                    FailureKind.CONFIGURATION,
                    "the server does not speak TLS at this port; check the scheme and port",
                    null);
        }
        if (certificate != null) {
            return failure(FailureKind.CONFIGURATION, "no TLS connection: " + distrust(certificate), error);
        }
        if (reason.contains("Received fatal alert") || reason.contains("fatal alert:")) {
            return failure(
                    FailureKind.CONFIGURATION,
                    "the server refused the TLS handshake (" + reason
                            + "); it may want a client certificate, or another one (TlsSettings.clientCertificate)",
                    error);
        }
        if (reason.toLowerCase(Locale.ROOT).contains("closed")) {
            return failure(FailureKind.TRANSIENT, "the connection was closed during TLS (" + reason + ")", error);
        }
        return failure(
                FailureKind.CONFIGURATION,
                "no TLS connection (" + reason + "); check the certificate and whom this machine trusts",
                error);
    }

    private String distrust(CertificateException fault) {
        String host = request.uri().getHost();
        String reason = reason(fault);
        if (fault instanceof CertificateExpiredException || fault instanceof CertificateNotYetValidException) {
            return "the certificate of " + host + " is not valid today (" + reason
                    + "); the server must renew it, or the clock of this machine is wrong";
        }
        return reason.startsWith("No ") && reason.contains("match") || reason.startsWith("No subject alternative")
                ? "the certificate is not for " + host + " (" + reason + "); use a host name that the certificate holds"
                : "the certificate of " + host + " is not trusted (" + reason
                        + "); trust its authority with TlsSettings.trust(pem)";
    }

    private static @Nullable CertificateException certificateFault(Throwable error) {
        for (Throwable each = error; each != null; each = each.getCause()) {
            if (each instanceof CertificateExpiredException || each instanceof CertificateNotYetValidException) {
                return (CertificateException) each;
            }
        }
        for (Throwable each = error; each != null; each = each.getCause()) {
            if (each instanceof CertificateException fault) {
                return fault;
            }
        }
        return null;
    }

    /** TLS through a tunnel that was not made fails for that reason. */
    private static @Nullable Throwable proxyRefusal(Throwable error) {
        for (Throwable each = error; each != null; each = each.getCause()) {
            if (each.getClass().getSimpleName().endsWith("ProxyConnectException")) {
                return each;
            }
        }
        return null;
    }

    private Throwable refusedByProxy(Throwable error) {
        String reason = reason(error);
        String who = "the proxy " + proxy.authority();
        if (reason.contains("status: 407") || reason.contains("authStatus")) {
            return unsent(
                    FailureKind.CONFIGURATION,
                    who + " refused the credentials, or wants some; set them with ProxySettings.credentials(…)",
                    error);
        }
        return reason.contains("status: 40")
                ? unsent(FailureKind.CONFIGURATION, who + " does not let this target through (" + reason + ")", error)
                : unsent(
                        FailureKind.TRANSIENT,
                        who + " made no connection (" + reason + "); check it, and the target",
                        error);
    }

    /** Reactor Netty writes the request while the tunnel is being made; without a tunnel none of it leaves. */
    private TransportException unsent(FailureKind kind, String message, Throwable cause) {
        return new TransportException(kind, request, message, false, cause);
    }

    private String towards() {
        return proxy.kind() == ProxySettings.Kind.NONE ? "" : " to the proxy " + proxy.authority();
    }

    TransportException failure(FailureKind kind, String message, @Nullable Throwable cause) {
        return new TransportException(kind, request, message, sent, cause);
    }

    private static String reason(Throwable error) {
        String message = error.getMessage();
        // Netty quotes what came.
        return message == null ? error.getClass().getSimpleName() : Redactor.text(message);
    }
}
