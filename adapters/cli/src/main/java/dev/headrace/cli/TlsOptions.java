package dev.headrace.cli;

import dev.headrace.http.TlsSettings;
import java.io.PrintStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whom the command trusts over TLS, and what it shows of itself. */
final class TlsOptions {

    static final String INSECURE = "--insecure";

    @Option(
            names = "--cacert",
            paramLabel = "FILE",
            description = "Trusts the certificates in this PEM file, and nobody else.")
    private @Nullable Path authorities;

    @Option(
            names = "--cert",
            paramLabel = "FILE",
            description = "The certificate that the command shows to servers that ask for one, in PEM.")
    private @Nullable Path certificate;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description =
                    "The private key of --cert, in PKCS #8 PEM, not encrypted. Default: the file of --cert has it too.")
    private @Nullable Path key;

    @Option(
            names = INSECURE,
            description = "Trusts whoever answers, whatever the certificate; credentials are not safe then.")
    private boolean insecure;

    TlsSettings settings() {
        if (insecure && authorities != null) {
            throw new IllegalArgumentException(
                    "--insecure trusts everybody, --cacert only some; give one of them and not the other");
        }
        if (key != null && certificate == null) {
            throw new IllegalArgumentException("--key says what the key of --cert is; give --cert as well");
        }
        TlsSettings trust = insecure
                ? TlsSettings.trustAll()
                : authorities == null ? TlsSettings.system() : TlsSettings.trust(authorities);
        return certificate == null ? trust : trust.clientCertificate(certificate, key == null ? certificate : key);
    }

    /** The library says it to a log, in its own words. */
    void warn(PrintStream err) {
        if (insecure) {
            err.println("headrace: warning: with --insecure whoever sits on the way can read and change what is sent,"
                    + " credentials included; name the authority with --cacert instead");
        }
    }
}
