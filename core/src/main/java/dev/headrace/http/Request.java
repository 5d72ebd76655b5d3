package dev.headrace.http;

import dev.headrace.json.JsonSchema;
import dev.headrace.json.Pointer;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What is sent: method, URI template, query, headers, body and options. Immutable; every change gives a new value, so a
 * request can be kept as a template and shared.
 *
 * <p>A template names variables in braces, {@code /repos/{owner}/issues{?state,labels*}}, in all forms of RFC 6570: plain and
 * {@code {/name}} encode a value whole, {@code {+name}} keeps reserved characters and what is encoded already, {@code {?name}} and
 * {@code {&name}} make a query. Lists, arrays and maps have several members; an empty one counts as no value. A variable without a value
 * is left out, unless it stands in {@code {name}} or {@code {+name}}: then the request fails, for it would go to another target. What the
 * template says literally is kept as it is: nothing is encoded twice. What does not expand to something that begins with {@code http://}
 * or {@code https://} is appended to the connector's base URL.
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
    private final KnownSecrets secrets;
    /** Expanded once; whoever does so at the same time gets an equal one. */
    private @Nullable URI resolved;

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
            int attempt,
            KnownSecrets secrets) {
        this.method = method;
        this.target = target;
        this.variables = variables;
        this.query = query;
        this.headers = headers;
        this.body = body;
        this.options = options;
        this.attempt = attempt;
        this.secrets = secrets;
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
                1,
                KnownSecrets.NONE.and(variables));
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
     * An OPTIONS request.
     *
     * @param template path below the base URL, or absolute URL
     * @param variables values for the template's variables, in order
     * @return the request
     */
    public static Request options(String template, Object... variables) {
        return of("OPTIONS", template, variables);
    }

    /**
     * Gives a variable of the target's template, or of the {@linkplain Body#template(String) body's}, its value. Set such a body first.
     *
     * @param variable its name
     * @param value its value: a list, an array, a map, or anything as {@link String#valueOf(Object)} gives it; a {@link Secret} is never
     *     printed
     * @return a new request
     * @throws IllegalArgumentException if neither template has such a variable
     */
    public Request with(String variable, Object value) {
        return with(Map.of(variable, Objects.requireNonNull(value, "value")));
    }

    /**
     * Gives several variables their values, as {@link #with(String, Object)} does.
     *
     * @param values names and values
     * @return a new request
     * @throws IllegalArgumentException if neither template has one of the variables
     */
    public Request with(Map<String, ?> values) {
        Map<String, Object> bound = new LinkedHashMap<>(variables);
        values.forEach((variable, value) -> bound.put(
                requireVariable(variable), Objects.requireNonNull(value, "the value of the variable " + variable)));
        return new Request(method, target, bound, query, headers, body, options, attempt, secrets.and(values));
    }

    /**
     * Names of the variables that the templates of target and body have, whether or not they have values.
     *
     * @return names in order of their first appearance
     */
    public Set<String> variableNames() {
        Set<String> known = new LinkedHashSet<>(target.variables());
        if (body != null) {
            known.addAll(body.variables());
        }
        return known;
    }

    private String requireVariable(String variable) {
        boolean known = target.variables().contains(variable)
                || body != null && body.variables().contains(variable);
        if (!known) {
            throw new IllegalArgumentException(
                    "The templates of target and body have no variable " + variable + ", only " + variableNames());
        }
        return variable;
    }

    /**
     * Appends a query parameter. Name and value are percent-encoded; a {@link Secret} is never printed. What the target's own query says
     * already is not said twice: a remote's next link often repeats what its first request was asked with.
     *
     * @param name the parameter's name; may appear more than once
     * @param value its value, as {@link String#valueOf(Object)} gives it; each member of a list makes a parameter
     * @return a new request
     */
    public Request query(String name, Object value) {
        Objects.requireNonNull(name, "name");
        List<Parameter> extended = new ArrayList<>(query);
        Iterable<?> members = value instanceof Iterable<?> list ? list : List.of(value);
        for (Object member : members) {
            extended.add(
                    member instanceof Secret secret
                            ? new Parameter(name, secret.reveal(), true)
                            : new Parameter(name, String.valueOf(member), false));
        }
        return new Request(
                method, target, variables, List.copyOf(extended), headers, body, options, attempt, secrets.and(value));
    }

    /**
     * Appends several query parameters, as {@link #query(String, Object)} does.
     *
     * @param parameters names and values, in the map's order; what is null is left out
     * @return a new request
     */
    public Request query(Map<String, ? extends @Nullable Object> parameters) {
        Request extended = this;
        for (Map.Entry<String, ? extends @Nullable Object> parameter : parameters.entrySet()) {
            Object value = parameter.getValue();
            extended = value == null ? extended : extended.query(parameter.getKey(), value);
        }
        return extended;
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
        return withoutQuery(name).query(name, value);
    }

    /** The same request without the query parameters of a name. */
    Request withoutQuery(String name) {
        List<Parameter> kept = query.stream()
                .filter(parameter -> !parameter.name().equals(name))
                .toList();
        UriTemplate without = target.withoutQuery(name);
        return new Request(method, without, variables, kept, headers, body, options, attempt, secrets);
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
     * This request with one value for a header, in place of all it had, that is a secret: it is never printed and never goes to an origin
     * that is not trusted, whatever the header's name.
     *
     * @param name the header's name
     * @param value its only value
     * @return a new request
     * @throws IllegalArgumentException as {@link #header(String, String)}
     */
    public Request header(String name, Secret value) {
        return headers(headers.with(name, value));
    }

    /**
     * Sets all headers.
     *
     * @param headers in place of those before
     * @return a new request
     */
    @SuppressWarnings("ReferenceEquality") // Equal ones may differ in what of them is secret.
    public Request headers(Headers headers) {
        return headers == this.headers
                ? this
                : new Request(
                        method,
                        target,
                        variables,
                        query,
                        Objects.requireNonNull(headers),
                        body,
                        options,
                        attempt,
                        secrets);
    }

    /**
     * Sets the body; its content type becomes the header's unless one is set.
     *
     * @param body the content
     * @return a new request
     */
    public Request body(Body body) {
        return new Request(
                method, target, variables, query, headers, body, options, attempt, secrets.and(body.secrets()));
    }

    /**
     * The same request with another method.
     *
     * @param method the method, as in RFC 9110 §9
     * @return a new request
     */
    public Request withMethod(String method) {
        return new Request(checkMethod(method), target, variables, query, headers, body, options, attempt, secrets);
    }

    /**
     * The same request without a body.
     *
     * @return a new request
     */
    public Request withoutBody() {
        return new Request(method, target, variables, query, headers, null, options, attempt, secrets);
    }

    /**
     * Sets a value within the body's JSON, such as the cursor of a search. What else is in it stays as it is. A request without a body gets
     * an object with this value.
     *
     * @param pointer where the value is to be (RFC 6901), such as {@code /page/after}; objects that are missing on the way are made
     * @param value as {@link Body#json(Object)} takes it; braces in its texts are no variables
     * @return a new request
     * @throws IllegalArgumentException if the body is no JSON at hand, has no such place, or the pointer is none
     */
    public Request replaceInBody(String pointer, Object value) {
        Body changed = (body == null ? Body.json(Map.of()) : body).with(Pointer.of(pointer), value);
        return body(changed);
    }

    /**
     * Sets a body of JSON, written now by Jackson.
     *
     * @param value as {@link Body#json(Object)} takes it
     * @return a new request
     */
    public Request json(Object value) {
        return body(Body.json(value));
    }

    /**
     * Has the body checked against a schema before anything is sent, once its template is filled in. A body that does not fit fails the
     * call with {@link dev.headrace.json.SchemaViolationException} of kind {@link dev.headrace.error.FailureKind#CONFIGURATION}.
     *
     * @param schema what the body must fit; checked on the thread that subscribes
     * @return a new request
     * @throws IllegalArgumentException if there is no body of JSON at hand
     */
    public Request validated(JsonSchema schema) {
        if (body == null) {
            throw new IllegalArgumentException("There is no body to validate; set it before its schema");
        }
        return body(body.validated(schema));
    }

    /**
     * Changes what this request asks of the chain and the transport.
     *
     * @param change from the options before to those after
     * @return a new request
     */
    public Request options(UnaryOperator<ExchangeOptions> change) {
        return new Request(method, target, variables, query, headers, body, change.apply(options), attempt, secrets);
    }

    /**
     * The same request with another target, as given by a remote: a next link, a redirect. Variables and query of the old target
     * are dropped; the new one is taken to the letter.
     *
     * @param uri the new target, absolute
     * @return a new request
     */
    public Request at(URI uri) {
        UriTemplate literal = UriTemplate.literal(uri, uri.toString(), target.template());
        // The variables stay: a body may still wait for them.
        return new Request(method, literal, variables, List.of(), headers, body, options, attempt, secrets);
    }

    /**
     * The same request as it is sent: the body's template filled in and checked against its schema, the target made absolute. A relative one
     * is appended to the base, whether either has a slash or not, and never replaces the base's path.
     *
     * @param base an absolute URL without query
     * @return a new request
     * @throws IllegalArgumentException if a variable has no value or the result is not a URI
     * @throws dev.headrace.json.SchemaViolationException if the body does not fit its schema
     */
    public Request against(URI base) {
        Body filled = body == null ? null : body.filled(variables, this);
        if (filled == body && query.isEmpty() && target.uri() != null && isAbsolute(target.uri())) {
            return this;
        }
        return new Request(
                method, absoluteTarget(base), Map.of(), List.of(), headers, filled, options, attempt, secrets);
    }

    private UriTemplate absoluteTarget(URI base) {
        boolean constant = query.isEmpty() && variables.isEmpty() && secrets.isEmpty() && target.uri() == null;
        UriTemplate known = constant ? target.madeAbsolute(base) : null;
        if (known != null) {
            return known;
        }
        String text = expanded();
        String printable =
                secrets.isEmpty() && target.uri() == null ? text : withQuery(target.printable(variables), true);
        UriTemplate absolute = isAbsolute(text)
                ? UriTemplate.literal(toUri(text), printable, target.template())
                : UriTemplate.literal(
                        toUri(joined(base.toString(), text)), joined(base.toString(), printable), target.template());
        if (constant) {
            target.madeAbsolute(base, absolute);
        }
        return absolute;
    }

    private static boolean isAbsolute(URI uri) {
        return isAbsolute(uri.toString());
    }

    private static boolean isAbsolute(String target) {
        return target.regionMatches(true, 0, "http://", 0, 7) || target.regionMatches(true, 0, "https://", 0, 8);
    }

    /**
     * The target with variables and query in place; absolute for every request that an interceptor sees.
     *
     * @return the URI
     * @throws IllegalArgumentException if a variable has no value or the result is not a URI
     */
    public URI uri() {
        URI known = resolved;
        if (known == null) {
            URI fixed = query.isEmpty() ? target.uri() : null;
            known = fixed == null ? toUri(expanded()) : fixed;
            resolved = known;
        }
        return known;
    }

    /**
     * The origin it goes to; for requests with an absolute target.
     *
     * @return as {@link OriginPolicy#originOf}
     * @throws IllegalArgumentException if the target is not absolute
     */
    public String origin() {
        return target.uri() != null ? target.origin() : OriginPolicy.originOf(uri());
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
    public Request withAttempt(int attempt) {
        return attempt == this.attempt
                ? this
                : new Request(method, target, variables, query, headers, body, options, attempt, secrets);
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
        return secrets.masked(Redactor.uri(withQuery(target.printable(variables), true)));
    }

    /**
     * This request, printed without the secrets of another as well: of the one whose answer named this one's target, for remotes repeat what
     * they were told.
     *
     * @param other the request that was answered
     * @return a new request, sent as this one is
     */
    public Request withSecretsOf(Request other) {
        KnownSecrets all = secrets.and(other.secrets);
        return all == secrets
                ? this
                : new Request(method, target, variables, query, headers, body, options, attempt, all);
    }

    /**
     * Text that has to do with this request, such as what its remote says of it, as it may be printed: as {@link Redactor#text} gives it, and
     * without any secret that this request carries, whatever stands before it.
     *
     * @param text the text, well-formed or not
     * @return its printable form, on one line
     */
    public String redacted(String text) {
        return new SaidSecrets(this).masked(text);
    }

    /**
     * A document that has to do with this request, such as what its remote answered, as it may be handed on: without any secret that this
     * request carries, in whatever text, number or name it stands, without texts and numbers whose names speak of a secret, and without what
     * {@link #redacted(String)} finds in texts. It is not made for printing: control characters stay.
     *
     * @param document the document; it stays as it is
     * @return a document of the same shape; numbers that are secret become texts
     */
    public JsonNode redacted(JsonNode document) {
        return new SaidSecrets(this).without(document);
    }

    /**
     * How this request differs from the one that it was made from, as plain JSON to be kept: a page token is made of it. What both hold as a
     * secret is not in it, not even where the remote repeated it in a link.
     *
     * @param original the request that this one was made from
     * @return an object for {@link #restored(JsonNode)}; empty if the body is a stream, which can be sent once, or a secret would have to be
     *     written down
     */
    public Optional<JsonNode> differenceFrom(Request original) {
        return new RequestDifference(original).to(this);
    }

    /**
     * The request that was made from this one.
     *
     * @param difference as {@link #differenceFrom(Request)} gave it, perhaps in another run
     * @return that request, with the secrets that this one has now
     * @throws IllegalArgumentException if that is no such object
     */
    public Request restored(JsonNode difference) {
        return new RequestDifference(this).applied(difference);
    }

    /**
     * Whether a difference holds a remote's link with parameters that are secrets by their names, such as a signature.
     *
     * @param difference as {@link #differenceFrom(Request)} gave it
     * @return true if it should not be shown to everybody
     */
    public static boolean showsSecret(JsonNode difference) {
        return RequestDifference.showsSecret(difference);
    }

    UriTemplate target() {
        return target;
    }

    Map<String, Object> variables() {
        return variables;
    }

    KnownSecrets secrets() {
        return secrets;
    }

    /** The values of its query that are secrets by the names of their parameters, as they are sent, by those names. */
    Map<String, String> secretsByName() {
        String[] sent = expanded().split("#", 2)[0].split("\\?", 2);
        String[] printed = printableTarget().split("\\?", 2);
        Map<String, String> byName = new LinkedHashMap<>();
        if (sent.length > 1 && printed.length > 1) {
            String[] pairs = sent[1].split("&", -1);
            String[] masked = printed[1].split("&", -1);
            for (int i = 0; i < Math.min(pairs.length, masked.length); i++) {
                int equals = pairs[i].indexOf('=');
                if (equals > 0 && masked[i].endsWith(Secret.MASK)) {
                    byName.putIfAbsent(pairs[i].substring(0, equals), pairs[i].substring(equals + 1));
                }
            }
        }
        return byName;
    }

    /** The values of its query parameters by name, those of the target's own query left out; null stands for a secret. */
    Map<String, List<@Nullable String>> parameters() {
        Map<String, List<@Nullable String>> values = new LinkedHashMap<>();
        for (Parameter parameter : query) {
            values.computeIfAbsent(parameter.name(), name -> new ArrayList<>())
                    .add(parameter.secret() ? null : parameter.value());
        }
        return values;
    }

    /** What of the target is masked when it is printed, as it is sent and decoded, and all that was given as a secret. */
    Set<String> secretTexts() {
        String[] sent = expanded().split("#", 2)[0].split("\\?", 2);
        String[] printed = printableTarget().split("\\?", 2);
        Set<String> masked = secrets.spellings();
        addMasked(sent[0].split("/", -1), printed[0].split("/", -1), masked);
        if (sent.length > 1 && printed.length > 1) {
            addMasked(sent[1].split("&", -1), printed[1].split("&", -1), masked);
        }
        return masked;
    }

    /** Values are encoded, so what is sent and what is printed have their pieces in the same places. */
    private static void addMasked(String[] sent, String[] printed, Set<String> masked) {
        for (int i = 0; i < Math.min(sent.length, printed.length); i++) {
            if (printed[i].endsWith(Secret.MASK)) {
                String value = printed[i].contains("=") ? sent[i].substring(sent[i].indexOf('=') + 1) : sent[i];
                masked.add(value);
                masked.add(PercentCoding.decode(value));
            }
        }
    }

    private String withQuery(String whole, boolean printable) {
        if (query.isEmpty()) {
            return whole;
        }
        int hash = whole.indexOf('#');
        String path = hash < 0 ? whole : whole.substring(0, hash);
        int question = path.indexOf('?');
        List<String> present = question < 0
                ? List.of()
                : Arrays.stream(path.substring(question + 1).split("&"))
                        .map(PercentCoding::decode)
                        .toList();
        StringBuilder full = new StringBuilder(path);
        char separator = question < 0 ? '?' : '&';
        for (Parameter parameter : query) {
            String value = printable && parameter.secret() ? Secret.MASK : parameter.value();
            if (!present.contains(parameter.name() + "=" + value)
                    && !present.contains(parameter.name() + "=" + parameter.value())) {
                full.append(separator)
                        .append(PercentCoding.encodeValue(parameter.name()))
                        .append('=')
                        .append(printable && parameter.secret() ? value : PercentCoding.encodeValue(value));
                separator = '&';
            }
        }
        return full.append(whole, path.length(), whole.length()).toString();
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
