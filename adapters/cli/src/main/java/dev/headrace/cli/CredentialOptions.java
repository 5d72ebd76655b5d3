package dev.headrace.cli;

import dev.headrace.auth.Auth;
import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import dev.headrace.http.Secret;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** One kind of credentials. Secrets come from the environment or from a file, never from an argument, which everybody on the machine sees. */
final class CredentialOptions {

    @Option(
            names = "--bearer-env",
            paramLabel = "VAR|@FILE",
            description = "A bearer token from this environment variable or file.")
    private @Nullable String bearer;

    @Option(
            names = "--basic-env",
            paramLabel = "VAR|@FILE",
            description = "user:password from this environment variable or file.")
    private @Nullable String basic;

    @Option(
            names = "--api-key-env",
            paramLabel = "HEADER=VAR|@FILE",
            description = "A key for this header from this environment variable or file.")
    private @Nullable String apiKey;

    /** The credentials that were chosen; picocli makes this group only if one was. */
    Auth auth() {
        if (bearer != null) {
            return Auth.bearer(secret("--bearer-env", bearer));
        }
        return basic != null ? basicAuth(basic) : apiKeyAuth(apiKey == null ? "" : apiKey);
    }

    private static Auth basicAuth(String source) {
        String pair = secret("--basic-env", source).reveal();
        int colon = pair.indexOf(':');
        if (colon < 0 || colon == pair.length() - 1) {
            throw wrong("The secret of --basic-env must have the form user:password");
        }
        return Auth.basic(pair.substring(0, colon), Secret.of(pair.substring(colon + 1)));
    }

    private static Auth apiKeyAuth(String headerAndSource) {
        int equals = headerAndSource.indexOf('=');
        if (equals <= 0) {
            throw new IllegalArgumentException("--api-key-env must have the form HEADER=VAR or HEADER=@FILE");
        }
        return Auth.apiKey(
                headerAndSource.substring(0, equals), secret("--api-key-env", headerAndSource.substring(equals + 1)));
    }

    private static Secret secret(String option, String source) {
        return source.startsWith("@")
                ? Secret.of(FileText.read(option, source.substring(1)))
                : fromEnvironment(option, source);
    }

    private static Secret fromEnvironment(String option, String variable) {
        try {
            return Secret.environment(variable);
        } catch (HeadraceException e) {
            // The name is not repeated: it is the secret itself when the option was misunderstood.
            throw wrong(
                    option + " names an environment variable that is not set; export it with the secret as its value");
        }
    }

    private static HeadraceException wrong(String problem) {
        return new HeadraceException(FailureKind.CONFIGURATION, problem, null);
    }
}
