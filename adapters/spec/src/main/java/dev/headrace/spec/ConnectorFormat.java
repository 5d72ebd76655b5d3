package dev.headrace.spec;

import static dev.headrace.spec.Root.CONFIG;
import static dev.headrace.spec.Scalars.integer;
import static dev.headrace.spec.Scalars.secret;
import static dev.headrace.spec.Scalars.template;
import static dev.headrace.spec.Scalars.text;
import static dev.headrace.spec.Scalars.word;
import static dev.headrace.spec.Shapes.map;
import static dev.headrace.spec.Shapes.oneOrMany;

import dev.headrace.http.OriginPolicy;
import dev.headrace.http.Request;
import java.util.List;

/** The part of the format that describes the remote API. */
final class ConnectorFormat {

    static final Shape<ConnectorForm> CONNECTOR = Section.of(
                    "connector", "The remote API: where it is, who asks, and how often.", ConnectorForm.NONE)
            .required(
                    "base_url",
                    "Absolute URL; a path in it is kept in front of every request's.",
                    template(CONFIG),
                    ConnectorForm::baseUrl)
            .key(
                    "name",
                    "Its name in metrics; default the host.",
                    text(),
                    (form, name) -> form.with((connector, scope) -> connector.name(name)))
            .key(
                    "headers",
                    "Headers of every request that does not set them itself.",
                    map(secret(CONFIG)),
                    ConnectorForm::headers)
            .key(
                    "query",
                    "Query parameters of every stream's request that does not set them itself.",
                    map(oneOrMany(secret(CONFIG))),
                    ConnectorForm::query)
            .key("auth", "How requests are signed.", AuthFormat.AUTH, ConnectorForm::auth)
            .key(
                    "retry",
                    "When failed attempts are made again; default three times after 500ms, 1s and 2s.",
                    PolicyFormat.RETRY,
                    (form, retry) -> form.with((connector, scope) -> connector.retry(retry)))
            .key(
                    "rate_limit",
                    "How fast requests may leave; default no limit.",
                    PolicyFormat.RATE_LIMIT,
                    (form, limit) -> form.with((connector, scope) -> connector.rateLimit(limit)))
            .key(
                    "circuit_breaker",
                    "When a remote that fails is left alone; default never.",
                    PolicyFormat.CIRCUIT_BREAKER,
                    (form, breaker) -> form.with((connector, scope) -> connector.circuitBreaker(breaker)))
            .key(
                    "bulkhead",
                    "How many exchanges may run at once; default no limit but that of the pool.",
                    PolicyFormat.BULKHEAD,
                    (form, bulkhead) -> form.with((connector, scope) -> connector.bulkhead(bulkhead)))
            .key(
                    "timeouts",
                    "The clocks of one exchange.",
                    PolicyFormat.TIMEOUTS,
                    (form, timeouts) -> form.with((connector, scope) -> connector.timeouts(timeouts)))
            .key(
                    "pool",
                    "The pool of connections.",
                    PolicyFormat.POOL,
                    (form, pool) -> form.with((connector, scope) -> connector.pool(pool)))
            .key(
                    "redirects",
                    "Most redirects of one request; default 5.",
                    integer().map(ConnectorFormat::redirects),
                    (form, most) -> form.with((connector, scope) -> connector.maxRedirects(most)))
            .key(
                    "allow_origins",
                    "Other origins that may get credentials and be followed to.",
                    oneOrMany(text()),
                    ConnectorFormat::allowing)
            .key(
                    "other_origins",
                    "What becomes of next links to origins that are not allowed; default refuse.",
                    word(OtherOrigins.class),
                    (form, others) -> others == OtherOrigins.STRIP
                            ? form.origins(form.origins().strip())
                            : form)
            .key(
                    "errors",
                    "What responses and failures mean, where their status does not say it.",
                    ErrorFormat.ERRORS,
                    (form, errors) -> form.with((connector, scope) -> connector.errors(errors)))
            .flag(
                    "cookies",
                    "Keeps cookies and sends them back.",
                    form -> form.with((connector, scope) -> connector.cookies()))
            .flag(
                    "http2",
                    "Speaks HTTP/2 with remotes that offer it.",
                    form -> form.with((connector, scope) -> connector.http2()))
            .key(
                    "health",
                    "Path that is asked to see whether the remote is well; default the base URL.",
                    text().map(Request::get),
                    (form, probe) -> form.with((connector, scope) -> connector.healthProbe(probe)));

    /** What becomes of next links that lead elsewhere. */
    private enum OtherOrigins {
        REFUSE,
        STRIP
    }

    private static int redirects(int most) {
        if (most < 0) {
            throw new IllegalArgumentException("redirects must not be negative, but is " + most);
        }
        return most;
    }

    private static ConnectorForm allowing(ConnectorForm form, List<String> origins) {
        OriginPolicy policy = form.origins();
        for (String origin : origins) {
            policy = policy.allow(origin);
        }
        return form.origins(policy);
    }

    private ConnectorFormat() {}
}
