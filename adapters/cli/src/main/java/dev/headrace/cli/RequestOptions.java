package dev.headrace.cli;

import dev.headrace.Defaults;
import dev.headrace.connector.Connector;
import dev.headrace.http.Headers;
import dev.headrace.http.OriginPolicy;
import dev.headrace.http.Request;
import dev.headrace.http.Timeouts;
import dev.headrace.http.UriReference;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where a request goes and what every request has: the connector to its origin, and the request itself. */
final class RequestOptions {

    private static final URI NOWHERE = URI.create("http://localhost/");

    @Parameters(paramLabel = "URL", description = "Absolute http or https URL; its query is sent as it stands.")
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
                    "Another origin, such as https://cdn.example.com, that next links may lead to and that may get the"
                            + " credentials; may be given more than once.")
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

    /** A connector to the URL's origin, with credentials and timeouts. */
    Connector.Builder connector() {
        Connector.Builder connector = Connector.builder(OriginPolicy.originOf(target()))
                .origins(origins())
                .timeouts(timeouts());
        return credentials == null ? connector : connector.auth(credentials.auth());
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

    private URI target() {
        if (!url.regionMatches(true, 0, "http://", 0, 7) && !url.regionMatches(true, 0, "https://", 0, 8)) {
            throw new IllegalArgumentException("The URL must begin with http:// or https://");
        }
        URI target = UriReference.resolve(NOWHERE, url);
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
