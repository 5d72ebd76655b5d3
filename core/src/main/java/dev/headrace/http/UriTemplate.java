package dev.headrace.http;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A target with expressions in braces (RFC 6570, all levels). What it says literally is kept, and encoded only where it could not stand
 * in a URI: nothing is encoded twice.
 */
final class UriTemplate {

    // One more literal than expressions: they alternate, and a literal comes first and last.
    private final List<String> literals;
    private final List<UriExpression> expressions;
    // Asked for with every value that is bound.
    private final List<String> variables;
    private final Set<String> withoutQuery;
    private final @Nullable URI uri;
    private final @Nullable String printable;
    private final @Nullable String template;
    // Written without a lock: whoever comes too early makes the same again.
    private @Nullable String origin;
    private @Nullable Absolute absolute;

    /** A target below a base URL. */
    private record Absolute(URI base, UriTemplate target) {}

    private UriTemplate(
            List<String> literals,
            List<UriExpression> expressions,
            Set<String> withoutQuery,
            @Nullable URI uri,
            @Nullable String printable,
            @Nullable String template) {
        this.literals = literals;
        this.expressions = expressions;
        this.variables = expressions.isEmpty() ? List.of() : variables(expressions);
        this.withoutQuery = withoutQuery;
        this.uri = uri;
        this.printable = printable;
        this.template = template;
    }

    /** A target without variables, and how it is printed: what was masked before it was expanded stays masked. */
    static UriTemplate literal(URI uri, String printable, @Nullable String template) {
        return new UriTemplate(List.of(uri.toString()), List.of(), Set.of(), uri, printable, template);
    }

    static UriTemplate parse(String template) {
        List<String> literals = new ArrayList<>();
        List<UriExpression> expressions = new ArrayList<>();
        int from = 0;
        for (int open = template.indexOf('{'); open >= 0; open = template.indexOf('{', from)) {
            int close = template.indexOf('}', open);
            if (close < 0) {
                throw malformed(template, open, "it has no '}'");
            }
            literals.add(literal(template, from, open));
            try {
                expressions.add(UriExpression.parse(template.substring(open + 1, close)));
            } catch (IllegalArgumentException e) {
                throw malformed(template, open, String.valueOf(e.getMessage()));
            }
            from = close + 1;
        }
        literals.add(literal(template, from, template.length()));
        String name = withoutQueryExpressions(template);
        return new UriTemplate(
                List.copyOf(literals), List.copyOf(expressions), Set.of(), null, null, name.isEmpty() ? null : name);
    }

    private static String literal(String template, int from, int to) {
        String text = template.substring(from, to);
        int brace = text.indexOf('}');
        if (brace >= 0) {
            throw malformed(template, from + brace, "'}' has no '{'; write %7D for a brace");
        }
        return PercentCoding.encodeLiteral(text);
    }

    private static IllegalArgumentException malformed(String template, int index, String problem) {
        return new IllegalArgumentException("Malformed expression at index " + index + " of the template "
                + Redactor.uri(template) + ": " + problem);
    }

    /** The path as it was written: up to a literal question mark or an expression that makes one, or continues a query. */
    private static String withoutQueryExpressions(String template) {
        for (int i = 0; i < template.length(); i++) {
            char c = template.charAt(i);
            if (c == '?' || c == '#') {
                return template.substring(0, template.startsWith("{", i - 1) ? i - 1 : i);
            }
        }
        return template;
    }

    /** This target below a base URL, if it was made before: a request that is kept as a constant is resolved once. */
    @Nullable
    UriTemplate madeAbsolute(URI base) {
        Absolute known = absolute;
        return known != null && known.base().equals(base) ? known.target() : null;
    }

    void madeAbsolute(URI base, UriTemplate target) {
        absolute = new Absolute(base, target);
    }

    /** The origin of an absolute target, made once: limits and breakers ask for it with every request. */
    String origin() {
        String known = origin;
        if (known == null) {
            known = OriginPolicy.originOf(Objects.requireNonNull(uri, "not absolute yet"));
            origin = known;
        }
        return known;
    }

    /** The template as it was written, without query; null for what never was one. */
    @Nullable
    String template() {
        return template;
    }

    /** The same target without the query parameters of a name, literal or expanded; what else is there stays to the letter. */
    UriTemplate withoutQuery(String name) {
        if (uri == null) {
            Set<String> names = new TreeSet<>(withoutQuery);
            names.add(name);
            return new UriTemplate(literals, expressions, names, null, null, template);
        }
        if (uri.getRawQuery() == null) {
            return this;
        }
        String whole = withoutQuery(uri.toString(), Set.of(name));
        return literal(URI.create(whole), printable == null ? whole : withoutQuery(printable, Set.of(name)), template);
    }

    private static String withoutQuery(String uri, Set<String> names) {
        int question = uri.indexOf('?');
        if (names.isEmpty() || question < 0) {
            return uri;
        }
        int hash = uri.indexOf('#', question);
        int end = hash < 0 ? uri.length() : hash;
        String kept = Arrays.stream(uri.substring(question + 1, end).split("&", -1))
                .filter(pair -> !names.contains(PercentCoding.decode(pair.split("=", 2)[0])))
                .collect(Collectors.joining("&"));
        return uri.substring(0, question) + (kept.isEmpty() ? "" : "?" + kept) + uri.substring(end);
    }

    /** Whether this is the same template as another, whatever query parameters either has lost. */
    boolean isSameTemplate(UriTemplate other) {
        return uri == null
                && other.uri == null
                && literals.equals(other.literals)
                && expressions.equals(other.expressions);
    }

    /** The names of the query parameters that were taken out of the template. */
    Set<String> lost() {
        return withoutQuery;
    }

    /** The names of its variables, in the order of their first appearance. */
    List<String> variables() {
        return variables;
    }

    private static List<String> variables(List<UriExpression> expressions) {
        Set<String> names = new LinkedHashSet<>();
        expressions.forEach(expression -> names.addAll(expression.names()));
        return List.copyOf(names);
    }

    Map<String, Object> bind(Object... values) {
        if (values.length > variables.size()) {
            throw new IllegalArgumentException(values.length + " values for " + variables.size() + " variables "
                    + variables + " of a URI template");
        }
        Map<String, Object> bound = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            bound.put(variables.get(i), values[i]);
        }
        return bound;
    }

    /** The target itself; null if there is something to expand. */
    @Nullable
    URI uri() {
        return uri;
    }

    String expand(Map<String, Object> values) {
        if (uri != null) {
            return literals.get(0);
        }
        StringBuilder expanded = new StringBuilder(literals.get(0));
        for (int i = 0; i < expressions.size(); i++) {
            UriExpression expression = expressions.get(i);
            String text = expression.expand(values, UriTemplate::onTheWire);
            if (text == null && expression.isRequired()) {
                throw new IllegalArgumentException("No value for the variable " + String.join(", ", expression.names())
                        + " of " + Redactor.uri(printable(values)) + "; give it by Request.with(name, value)");
            }
            expanded.append(text == null ? "" : text).append(literals.get(i + 1));
        }
        return withoutQuery(expanded.toString(), withoutQuery);
    }

    private static String onTheWire(Object value) {
        return value instanceof Secret secret ? secret.reveal() : String.valueOf(value);
    }

    String printable(Map<String, Object> values) {
        if (printable != null) {
            return printable;
        }
        StringBuilder printed = new StringBuilder(literals.get(0));
        for (int i = 0; i < expressions.size(); i++) {
            UriExpression expression = expressions.get(i);
            String text = expression.expand(values, String::valueOf);
            printed.append(text != null ? text : expression.isRequired() ? expression.toString() : "")
                    .append(literals.get(i + 1));
        }
        return withoutQuery(printed.toString(), withoutQuery);
    }
}
