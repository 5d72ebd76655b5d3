package dev.headrace.cli;

import dev.headrace.Defaults;
import dev.headrace.connector.Connector;
import dev.headrace.http.Headers;
import dev.headrace.http.OriginPolicy;
import dev.headrace.http.ProxySettings;
import dev.headrace.http.Request;
import dev.headrace.http.Timeouts;
import dev.headrace.http.UriReference;
import dev.headrace.observe.WireLog;
import dev.headrace.resilience.RateLimitPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where a request goes and what every request has: the remote at its origin, and the request itself. */
final class RequestOptions {

    /** Also asked for when a failure is told. */
    static final String VERBOSE = "-v";

    private static final URI NOWHERE = URI.create("http://localhost/");

    @Parameters(
            paramLabel = "URL|@FILE",
            description =
                    "Absolute http or https URL; its query is sent as it stands. Or a file that holds it, which keeps it"
                            + " out of the list of processes.")
    private String url = "";

    @Option(
            names = {"-H", "--header"},
            paramLabel = "'NAME: VALUE'",
            description = "A header; may be given more than once.")
    private List<String> headers = new ArrayList<>();

    @Option(
            names = {"-q", "--query"},
            paramLabel = "NAME=VALUE",
            description = "A query parameter, percent-encoded and appended to the URL; may be given more than once.")
    private List<String> query = new ArrayList<>();

    @ArgGroup
    private @Nullable CredentialOptions credentials;

    @Option(
            names = "--allow-origin",
            paramLabel = "ORIGIN",
            description =
                    "Another origin, such as https://cdn.example.com, that next links may lead to and that gets the"
                            + " credentials when a link or a redirect leads there; may be given more than once.")
    private List<String> allowedOrigins = new ArrayList<>();

    @Option(
            names = "--connect-timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Longest time to open a connection; 0s waits for ever. Default 10s.")
    private Duration connectTimeout = Defaults.CONNECT_TIMEOUT;

    @Option(
            names = "--response-timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Longest wait for the response to begin; 0s waits for ever. Default 30s.")
    private Duration responseTimeout = Defaults.HEAD_TIMEOUT;

    @Option(
            names = "--idle-timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Longest silence while more is wanted; 0s waits for ever. Default 30s, and none for events.")
    private @Nullable Duration idleTimeout;

    @Option(
            names = "--rate",
            paramLabel = "N/s|m|h",
            converter = RateConverter.class,
            description = "At most so many requests a second, minute or hour, such as 10/s; further ones wait.")
    private @Nullable RateLimitPolicy rate;

    @Option(names = "--no-redirects", description = "Follows no redirect; otherwise up to 5 for each request.")
    private boolean noRedirects;

    @Mixin
    private final TlsOptions tls = new TlsOptions();

    @Option(
            names = {VERBOSE, "--verbose"},
            description =
                    "Writes what is sent and received, without secrets, to standard error, which page was the last, and how a"
                            + " failure came about.")
    private boolean verbose;

    @Option(
            names = "--stats",
            description = "Writes what was counted as one JSON object to standard error at the end, also of a failure.")
    private boolean statistics;

    /**
     * The remote at the URL's origin.
     *
     * @param own what the command sets besides
     */
    Remote remote(Shell shell, UnaryOperator<Connector.Builder> own) {
        Connector.Builder connector = own.apply(connector());
        if (verbose) {
            // Who does not read standard error holds the run up, as with any command.
            connector.wireLog(WireLog.to(shell.err()::println));
        }
        Connector built = connector.build();
        tls.warn(shell.err());
        return new Remote(built, statistics ? shell.err() : null);
    }

    private Connector.Builder connector() {
        Connector.Builder connector = Connector.builder(OriginPolicy.originOf(target()))
                .origins(origins())
                .timeouts(timeouts())
                .proxy(ProxySettings.fromEnvironment())
                .tls(tls.settings());
        if (noRedirects) {
            connector.maxRedirects(0);
        }
        if (rate != null) {
            connector.rateLimit(rate);
        }
        return credentials == null ? connector : connector.auth(credentials.auth());
    }

    /** The URL for messages, without its query, which may hold secrets. */
    String url() {
        URI target = target();
        return OriginPolicy.originOf(target) + target.getRawPath();
    }

    /** The request, absolute, with the query in place. */
    Request request(String method) {
        URI target = target();
        Request request = Request.of(method, target).headers(headers());
        for (String parameter : query) {
            int equals = separator("--query", "NAME=VALUE", '=', parameter);
            request = request.query(parameter.substring(0, equals), parameter.substring(equals + 1));
        }
        // Timeouts of the connector leave event streams their silence; those of the request itself do not.
        return (idleTimeout == null ? request : request.options(options -> options.timeouts(timeouts())))
                .against(target);
    }

    /** Whether another URL may stand in its file next time. */
    boolean isInAFile() {
        return url.startsWith("@");
    }

    private URI target() {
        String text = isInAFile() ? FileText.read("the URL", url.substring(1)) : url;
        if (!text.regionMatches(true, 0, "http://", 0, 7) && !text.regionMatches(true, 0, "https://", 0, 8)) {
            throw new IllegalArgumentException("The URL must begin with http:// or https://");
        }
        URI target = UriReference.resolve(NOWHERE, text);
        if (target.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "The URL must not hold user and password; give them by --basic-env, which others cannot see");
        }
        return target;
    }

    private Headers headers() {
        Headers all = Headers.none();
        for (String header : headers) {
            int colon = separator("--header", "'NAME: VALUE'", ':', header);
            all = all.adding(
                    header.substring(0, colon).strip(),
                    header.substring(colon + 1).strip());
        }
        return all;
    }

    private OriginPolicy origins() {
        OriginPolicy origins = OriginPolicy.sameOrigin();
        for (String origin : allowedOrigins) {
            origins = origins.allow(origin);
        }
        return origins;
    }

    private Timeouts timeouts() {
        Timeouts timeouts = Timeouts.defaults().connect(connectTimeout).head(responseTimeout);
        return idleTimeout == null ? timeouts : timeouts.gap(idleTimeout);
    }

    /** Values are not shown: they may be secrets. */
    private static int separator(String option, String form, char separator, String text) {
        int at = text.indexOf(separator);
        if (at <= 0) {
            throw new IllegalArgumentException(option + " must have the form " + form);
        }
        return at;
    }
}
