package dev.headrace.http;

import dev.headrace.json.Json;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is sent: method, URI template, query, headers, body and options. Immutable; every change gives a new value, so a
 * request can be kept as a template and shared.
 *
 * <p>A template names variables in braces, {@code /repos/{owner}/issues}; their values are percent-encoded whole (RFC 6570
 * §3.2.2). What the template says literally is kept as it is: nothing is encoded twice. A template that does not begin with
 * {@code http://} or {@code https://} is appended to the connector's base URL.
 */
public final class Request {

    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE");

    private final String method;
    private final UriTemplate target;
    private final Map<String, Object> variables;
    private final List<Parameter> query;
    private final Headers headers;
    private final @Nullable Body body;
    private final ExchangeOptions options;
    private final int attempt;

    /** A query parameter; {@code secret} ones are masked in print whatever their name. */
    private record Parameter(String name, String value, boolean secret) {}

    private Request(
            String method,
            UriTemplate target,
            Map<String, Object> variables,
            List<Parameter> query,
            Headers headers,
            @Nullable Body body,
            ExchangeOptions options,
            int attempt) {
        this.method = method;
        this.target = target;
        this.variables = variables;
        this.query = query;
        this.headers = headers;
        this.body = body;
        this.options = options;
        this.attempt = attempt;
    }

    /**
     * A request with any method.
     *
     * @param method the method, as in RFC 9110 §9
     * @param template path below the base URL, or absolute URL
     * @param variables values for the template's variables, in order of their first appearance; more can be given by name
     * @return the request
     * @throws IllegalArgumentException if the template is malformed or has fewer variables than values are given
     */
    public static Request of(String method, String template, Object... variables) {
        UriTemplate target = UriTemplate.parse(template);
        return new Request(
                checkMethod(method),
                target,
                target.bind(variables),
                List.of(),
                Headers.none(),
                null,
                ExchangeOptions.defaults(),
                1);
    }

    /**
     * A request to a URI at hand, taken to the letter: braces in it are no variables.
     *
     * @param method the method, as in RFC 9110 §9
     * @param target absolute, or relative to the base URL
     * @return the request
     */
    public static Request of(String method, URI target) {
        return of(method, "").at(target);
    }

    /**
     * A GET request.
     *
     * @param template path below the base URL, or absolute URL
     * @param variables values for the template's variables, in order
     * @return the request
     */
    public static Request get(String template, Object... variables) {
        return of("GET", template, variables);
    }

    /**
     * A HEAD request.
     *
     * @param template path below the base URL, or absolute URL
     * @param variables values for the template's variables, in order
     * @return the request
     */
    public static Request head(String template, Object... variables) {
        return of("HEAD", template, variables);
    }

    /**
     * A POST request.
     *
     * @param template path below the base URL, or absolute URL
     * @param variables values for the template's variables, in order
     * @return the request
     */
    public static Request post(String template, Object... variables) {
        return of("POST", template, variables);
    }

    /**
     * A PUT request.
     *
     * @param template path below the base URL, or absolute URL
     * @param variables values for the template's variables, in order
     * @return the request
     */
    public static Request put(String template, Object... variables) {
        return of("PUT", template, variables);
    }

    /**
     * A PATCH request.
     *
     * @param template path below the base URL, or absolute URL
     * @param variables values for the template's variables, in order
     * @return the request
     */
    public static Request patch(String template, Object... variables) {
        return of("PATCH", template, variables);
    }

    /**
     * A DELETE request.
     *
     * @param template path below the base URL, or absolute URL
     * @param variables values for the template's variables, in order
     * @return the request
     */
    public static Request delete(String template, Object... variables) {
        return of("DELETE", template, variables);
    }

    /**
     * Gives a template variable its value.
     *
     * @param variable its name
     * @param value its value, as {@link String#valueOf(Object)} gives it; a {@link Secret} is never printed
     * @return a new request
     * @throws IllegalArgumentException if the template has no such variable
     */
    public Request with(String variable, Object value) {
        Map<String, Object> bound = new LinkedHashMap<>(variables);
        bound.put(target.require(variable), Objects.requireNonNull(value, "value"));
        return new Request(method, target, bound, query, headers, body, options, attempt);
    }

    /**
     * Appends a query parameter. Name and value are percent-encoded; a {@link Secret} is never printed.
     *
     * @param name the parameter's name; may appear more than once
     * @param value its value, as {@link String#valueOf(Object)} gives it
     * @return a new request
     */
    public Request query(String name, Object value) {
        Objects.requireNonNull(name, "name");
        List<Parameter> extended = new ArrayList<>(query);
        extended.add(
                value instanceof Secret secret
                        ? new Parameter(name, secret.reveal(), true)
                        : new Parameter(name, String.valueOf(value), false));
        return new Request(method, target, variables, List.copyOf(extended), headers, body, options, attempt);
    }

    /**
     * Sets a query parameter in place of all of its name, wherever they came from: template, {@link #query} or a remote's link. What else
     * is in the query stays as it is, encoded or not.
     *
     * @param name the parameter's name
     * @param value its only value, as {@link String#valueOf(Object)} gives it; a {@link Secret} is never printed
     * @return a new request
     */
    public Request replaceQuery(String name, Object value) {
        List<Parameter> kept = query.stream()
                .filter(parameter -> !parameter.name().equals(name))
                .toList();
        UriTemplate without = target.withoutQuery(name);
        return new Request(method, without, variables, kept, headers, body, options, attempt).query(name, value);
    }

    /**
     * Sets a header, in place of what it was. It goes with the request to wherever redirects and next links lead; one whose name speaks of a
     * secret, such as {@code Authorization}, {@code Cookie} or {@code X-API-Key}, only to origins that the connector
     * {@linkplain OriginPolicy trusts}.
     *
     * @param name the header's name
     * @param value its only value
     * @return a new request
     * @throws IllegalArgumentException if name or value could not stand in a message
     */
    public Request header(String name, String value) {
        return headers(headers.with(name, value));
    }

    /**
     * Sets all headers.
     *
     * @param headers in place of those before
     * @return a new request
     */
    public Request headers(Headers headers) {
        return new Request(method, target, variables, query, Objects.requireNonNull(headers), body, options, attempt);
    }

    /**
     * Sets the body; its content type becomes the header's unless one is set.
     *
     * @param body the content
     * @return a new request
     */
    public Request body(Body body) {
        return new Request(method, target, variables, query, headers, Objects.requireNonNull(body), options, attempt);
    }

    /**
     * The same request with another method.
     *
     * @param method the method, as in RFC 9110 §9
     * @return a new request
     */
    public Request method(String method) {
        return new Request(checkMethod(method), target, variables, query, headers, body, options, attempt);
    }

    /**
     * The same request without a body.
     *
     * @return a new request
     */
    public Request withoutBody() {
        return new Request(method, target, variables, query, headers, null, options, attempt);
    }

    /**
     * Sets a body of JSON, written now by Jackson.
     *
     * @param value a record, map, tree or other value that Jackson can write
     * @return a new request
     */
    public Request json(Object value) {
        return body(Body.bytes(Json.write(value), "application/json"));
    }

    /**
     * Changes what this request asks of the chain and the transport.
     *
     * @param change from the options before to those after
     * @return a new request
     */
    public Request options(UnaryOperator<ExchangeOptions> change) {
        return new Request(method, target, variables, query, headers, body, change.apply(options), attempt);
    }

    /**
     * The same request with another target, as given by a remote: a next link, a redirect. Variables and query of the old target
     * are dropped; the new one is taken to the letter.
     *
     * @param uri the new target, absolute
     * @return a new request
     */
    public Request at(URI uri) {
        return at(uri, uri.toString());
    }

    private Request at(URI uri, String printable) {
        return new Request(
                method,
                UriTemplate.literal(uri, printable, target.template()),
                Map.of(),
                List.of(),
                headers,
                body,
                options,
                attempt);
    }

    /**
     * The same request with its target made absolute: a relative one is appended to the base, whether either has a slash or not,
     * and never replaces the base's path.
     *
     * @param base an absolute URL without query
     * @return a new request
     * @throws IllegalArgumentException if a variable has no value or the result is not a URI
     */
    public Request against(URI base) {
        if (target.uri().isPresent() && target.isAbsolute() && query.isEmpty()) {
            return this;
        }
        String printable = withQuery(target.printable(variables), true);
        return target.isAbsolute()
                ? at(toUri(expanded()), printable)
                : at(toUri(joined(base.toString(), expanded())), joined(base.toString(), printable));
    }

    /**
     * The target with variables and query in place; absolute for every request that an interceptor sees.
     *
     * @return the URI
     * @throws IllegalArgumentException if a variable has no value or the result is not a URI
     */
    public URI uri() {
        return query.isEmpty() ? target.uri().orElseGet(() -> toUri(expanded())) : toUri(expanded());
    }

    /**
     * The method.
     *
     * @return in upper case for the methods of RFC 9110
     */
    public String method() {
        return method;
    }

    /**
     * The template this request was made from; it stays when the target is made absolute, followed or continued, so it names the operation.
     * Metrics use it, for there are few templates and endless URIs.
     *
     * @return such as {@code /repos/{owner}/issues}, without query; empty for a request made from a URI
     */
    public Optional<String> template() {
        return Optional.ofNullable(target.template());
    }

    /**
     * Which attempt of its call this is.
     *
     * @return 1, unless the retry policy sends it again
     */
    public int attempt() {
        return attempt;
    }

    /**
     * Says which attempt of its call this is; for interceptors that send again.
     *
     * @param attempt 1 for the first
     * @return a new request
     */
    public Request attempt(int attempt) {
        return attempt == this.attempt
                ? this
                : new Request(method, target, variables, query, headers, body, options, attempt);
    }

    /**
     * The headers set so far.
     *
     * @return the headers
     */
    public Headers headers() {
        return headers;
    }

    /**
     * The body.
     *
     * @return the body, if there is one
     */
    public Optional<Body> body() {
        return Optional.ofNullable(body);
    }

    /**
     * What this request asks of the chain and the transport.
     *
     * @return the options
     */
    public ExchangeOptions options() {
        return options;
    }

    /**
     * Whether sending it twice does no more than sending it once: an idempotent method (RFC 9110 §9.2.2) or an
     * {@code Idempotency-Key}, and a body that can be replayed.
     *
     * @return true if a retry is harmless
     */
    public boolean isIdempotent() {
        return (IDEMPOTENT.contains(method) || headers.contains("Idempotency-Key")) && isReplayable();
    }

    /**
     * Whether it can be sent again at all.
     *
     * @return false if the body is a stream that can be read once
     */
    public boolean isReplayable() {
        return body == null || body.isReplayable();
    }

    /**
     * Method and URI as they may be printed.
     *
     * @return without secrets
     */
    public String describe() {
        return method + " " + printableTarget();
    }

    @Override
    public String toString() {
        return "Request[" + describe() + ", " + headers + (body == null ? "" : ", " + body) + ", " + options + "]";
    }

    private String expanded() {
        return withQuery(target.expand(variables), false);
    }

    String printableTarget() {
        return Redactor.uri(withQuery(target.printable(variables), true));
    }

    private String withQuery(String path, boolean printable) {
        if (query.isEmpty()) {
            return path;
        }
        StringBuilder full = new StringBuilder(path);
        char separator = path.indexOf('?') < 0 ? '?' : '&';
        for (Parameter parameter : query) {
            full.append(separator)
                    .append(PercentCoding.encodeValue(parameter.name()))
                    .append('=')
                    .append(
                            printable && parameter.secret()
                                    ? Secret.MASK
                                    : PercentCoding.encodeValue(parameter.value()));
            separator = '&';
        }
        return full.toString();
    }

    private static String joined(String base, String relative) {
        String stem = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        if (relative.isEmpty()) {
            return base;
        }
        if (relative.startsWith("?")) {
            return base + relative;
        }
        return stem + (relative.startsWith("/") ? "" : "/") + relative;
    }

    private static URI toUri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            // The reason alone: the exception's own message repeats the whole input, secrets included.
            throw new IllegalArgumentException("Not a URI: " + Redactor.uri(text) + " (" + e.getReason() + ")");
        }
    }

    private static String checkMethod(String method) {
        if (method.isEmpty()
                || !method.chars().allMatch(c -> c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '-')) {
            throw new IllegalArgumentException("Not a method: '" + method + "'");
        }
        return method.toUpperCase(Locale.ROOT);
    }
}
