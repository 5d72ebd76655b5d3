package dev.headrace.http;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Whom a client trusts and what it shows of itself. A value: every change gives a new one.
 *
 * <p>TLS 1.3 and 1.2, with the server's name in the handshake (SNI) and checked against its certificate (RFC 9110 §4.3.4). Files are
 * read once, blocking: those of a connector when it is made, those of a single request at its first use and off the event loops; a changed
 * file needs a new connector. A file that cannot be used is a {@link dev.headrace.error.HeadraceException} of kind
 * {@link dev.headrace.error.FailureKind#CONFIGURATION} that names the file.
 */
public final class TlsSettings {

    private static final TlsSettings SYSTEM = trusting(new Trust.Platform(), true);
    private static final TlsSettings TRUST_ALL = trusting(new Trust.Everybody(), false);

    /** Whom to believe. */
    sealed interface Trust {

        /** The certificate authorities of this Java installation. */
        record Platform() implements Trust {}

        /** The certificates of a file and no others. */
        record File(Path pem) implements Trust {}

        record Everybody() implements Trust {}

        /** As the user's own context decides. */
        record Context(SSLContext context) implements Trust {}
    }

    /** The client's own certificate. */
    sealed interface Identity {

        record Pem(Path certificate, Path key, @Nullable Secret password) implements Identity {}

        record Pkcs12(Path file, Secret password) implements Identity {}
    }

    private final Trust trust;
    private final @Nullable Identity identity;
    private final boolean hostVerified;
    private final List<String> protocols;
    private final List<String> ciphers;

    private TlsSettings(
            Trust trust,
            @Nullable Identity identity,
            boolean hostVerified,
            List<String> protocols,
            List<String> ciphers) {
        this.trust = trust;
        this.identity = identity;
        this.hostVerified = hostVerified;
        this.protocols = protocols;
        this.ciphers = ciphers;
    }

    private static TlsSettings trusting(Trust trust, boolean hostVerified) {
        return new TlsSettings(trust, null, hostVerified, List.of(), List.of());
    }

    /**
     * Trusts the certificate authorities of this Java installation. The default.
     *
     * @return settings without a client certificate
     */
    public static TlsSettings system() {
        return SYSTEM;
    }

    /**
     * Trusts the certificates of a file and nobody else: in place of the system's authorities, not beside them.
     *
     * @param pem one or more certificates in PEM (RFC 7468): authorities, or a server's own
     * @return settings without a client certificate
     */
    public static TlsSettings trust(Path pem) {
        return trusting(new Trust.File(Objects.requireNonNull(pem, "pem")), true);
    }

    /**
     * Trusts whoever answers, and does not check for which host its certificate is. Anybody on the way can then read and change what is
     * sent, credentials included: for tests. A warning is logged when a connector with this is made.
     *
     * @return settings without a client certificate
     */
    public static TlsSettings trustAll() {
        return TRUST_ALL;
    }

    /**
     * Leaves trust and client certificate to a context. Its default protocols and ciphers are used, unless {@link #protocols} and
     * {@link #ciphers} name others; the host is verified all the same.
     *
     * @param context initialised; two settings are equal if theirs is the same object
     * @return settings that take no client certificate besides
     */
    public static TlsSettings context(SSLContext context) {
        return trusting(new Trust.Context(Objects.requireNonNull(context, "context")), true);
    }

    /**
     * Shows a client certificate to servers that ask for one.
     *
     * @param certificatePem the certificate, then those of its issuers, in PEM
     * @param keyPem its private key in PKCS #8 PEM, not encrypted
     * @return new settings
     * @throws IllegalArgumentException if these settings are a {@link #context(SSLContext)}
     */
    public TlsSettings clientCertificate(Path certificatePem, Path keyPem) {
        return identity(new Identity.Pem(
                Objects.requireNonNull(certificatePem, "certificatePem"),
                Objects.requireNonNull(keyPem, "keyPem"),
                null));
    }

    /**
     * Shows a client certificate to servers that ask for one.
     *
     * @param certificatePem the certificate, then those of its issuers, in PEM
     * @param keyPem its private key in encrypted PKCS #8 PEM
     * @param password of the key
     * @return new settings
     * @throws IllegalArgumentException if these settings are a {@link #context(SSLContext)}
     */
    public TlsSettings clientCertificate(Path certificatePem, Path keyPem, Secret password) {
        return identity(new Identity.Pem(
                Objects.requireNonNull(certificatePem, "certificatePem"),
                Objects.requireNonNull(keyPem, "keyPem"),
                Objects.requireNonNull(password, "password")));
    }

    /**
     * Shows a client certificate to servers that ask for one.
     *
     * @param pkcs12 certificate, issuers and key in one file
     * @param password of the file and of the key in it
     * @return new settings
     * @throws IllegalArgumentException if these settings are a {@link #context(SSLContext)}
     */
    public TlsSettings clientCertificate(Path pkcs12, Secret password) {
        return identity(new Identity.Pkcs12(
                Objects.requireNonNull(pkcs12, "pkcs12"), Objects.requireNonNull(password, "password")));
    }

    /**
     * Accepts a trusted certificate whatever host it is for: anybody who holds one can pose as the server. A warning is logged when a
     * connector with this is made.
     *
     * @return new settings
     */
    public TlsSettings withoutHostVerification() {
        return new TlsSettings(trust, identity, false, protocols, ciphers);
    }

    /**
     * Speaks these versions of TLS and no others.
     *
     * @param protocols such as {@code TLSv1.3}, at least one; default TLS 1.3 and 1.2, or those of the {@link #context(SSLContext)}. One that
     *     this Java does not know is a {@link dev.headrace.error.HeadraceException} when a connector with this is made
     * @return new settings
     * @throws IllegalArgumentException if there is none, or one is blank
     */
    public TlsSettings protocols(String... protocols) {
        return new TlsSettings(trust, identity, hostVerified, checked("protocols", protocols), ciphers);
    }

    /**
     * Offers these cipher suites and no others.
     *
     * @param ciphers such as {@code TLS_AES_256_GCM_SHA384}, the best first, at least one; default those of this Java, or of the
     *     {@link #context(SSLContext)}. One that this Java does not know is a {@link dev.headrace.error.HeadraceException} when a connector
     *     with this is made. HTTP/2 needs one that it does not forbid (RFC 9113 §9.2.2)
     * @return new settings
     * @throws IllegalArgumentException if there is none, or one is blank
     */
    public TlsSettings ciphers(String... ciphers) {
        return new TlsSettings(trust, identity, hostVerified, protocols, checked("ciphers", ciphers));
    }

    private static List<String> checked(String setting, String... names) {
        if (names.length == 0) {
            throw new IllegalArgumentException(setting + " must name at least one");
        }
        for (String name : names) {
            if (name.isBlank()) {
                throw new IllegalArgumentException(setting + " must not be blank, but are " + Arrays.toString(names));
            }
        }
        return List.of(names);
    }

    private TlsSettings identity(Identity own) {
        if (trust instanceof Trust.Context) {
            throw new IllegalArgumentException(
                    "clientCertificate cannot be set on settings of an SSLContext, which has its own: put the key into the context");
        }
        return new TlsSettings(trust, own, hostVerified, protocols, ciphers);
    }

    Trust trust() {
        return trust;
    }

    @Nullable
    Identity identity() {
        return identity;
    }

    boolean hostVerified() {
        return hostVerified;
    }

    /** Empty for the usual ones. */
    List<String> protocols() {
        return protocols;
    }

    /** Empty for the usual ones. */
    List<String> ciphers() {
        return ciphers;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TlsSettings that
                && trust.equals(that.trust)
                && Objects.equals(identity, that.identity)
                && hostVerified == that.hostVerified
                && protocols.equals(that.protocols)
                && ciphers.equals(that.ciphers);
    }

    @Override
    public int hashCode() {
        return Objects.hash(trust, identity, hostVerified, protocols, ciphers);
    }

    @Override
    public String toString() {
        return "TlsSettings[trust " + whom() + (identity == null ? "" : ", client certificate " + shown())
                + (hostVerified ? "" : ", any host")
                + (protocols.isEmpty() ? "" : ", protocols " + protocols)
                + (ciphers.isEmpty() ? "" : ", ciphers " + ciphers) + "]";
    }

    private String whom() {
        if (trust instanceof Trust.File file) {
            return file.pem().toString();
        }
        return trust instanceof Trust.Everybody
                ? "everybody"
                : trust instanceof Trust.Context ? "as its SSLContext" : "as this machine";
    }

    private String shown() {
        return identity instanceof Identity.Pkcs12 store
                ? store.file().toString()
                : ((Identity.Pem) Objects.requireNonNull(identity))
                        .certificate()
                        .toString();
    }
}
