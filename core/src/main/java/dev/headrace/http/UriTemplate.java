package dev.headrace.http;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A target with variables in braces, simple expansion only (RFC 6570 level 1). */
final class UriTemplate {

    private final List<String> literals;
    private final List<String> variables;
    private final @Nullable URI uri;
    private final @Nullable String printable;
    private final @Nullable String template;

    private UriTemplate(
            List<String> literals,
            List<String> variables,
            @Nullable URI uri,
            @Nullable String printable,
            @Nullable String template) {
        this.literals = literals;
        this.variables = variables;
        this.uri = uri;
        this.printable = printable;
        this.template = template;
    }

    /** A target without variables, and how it is printed: what was masked before it was expanded stays masked. */
    static UriTemplate literal(URI uri, String printable, @Nullable String template) {
        return new UriTemplate(List.of(uri.toString()), List.of(), uri, printable, template);
    }

    static UriTemplate parse(String template) {
        List<String> literals = new ArrayList<>();
        List<String> variables = new ArrayList<>();
        int from = 0;
        for (int open = template.indexOf('{'); open >= 0; open = template.indexOf('{', from)) {
            int close = template.indexOf('}', open);
            String name = close < 0 ? "" : template.substring(open + 1, close);
            if (name.isEmpty() || !name.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '_' || c == '.')) {
                throw new IllegalArgumentException("Malformed variable at index " + open + " of the template "
                        + Redactor.uri(template) + "; write {name}, with letters, digits, '_' and '.'");
            }
            literals.add(PercentCoding.encodeLiteral(template.substring(from, open)));
            variables.add(name);
            from = close + 1;
        }
        literals.add(PercentCoding.encodeLiteral(template.substring(from)));
        int query = template.indexOf('?');
        String name = query < 0 ? template : template.substring(0, query);
        return new UriTemplate(List.copyOf(literals), List.copyOf(variables), null, null, name.isEmpty() ? null : name);
    }

    /** The template as it was written, without query; null for what never was one. */
    @Nullable
    String template() {
        return template;
    }

    /** The same target without the query parameters of a name; what else is there stays to the letter. */
    UriTemplate withoutQuery(String name) {
        if (uri == null || uri.getRawQuery() == null) {
            return this;
        }
        String whole = withoutQuery(uri.toString(), name);
        return literal(URI.create(whole), printable == null ? whole : withoutQuery(printable, name), template);
    }

    private static String withoutQuery(String uri, String name) {
        int question = uri.indexOf('?');
        String kept = Arrays.stream(uri.substring(question + 1).split("&", -1))
                .filter(pair -> !PercentCoding.decode(pair.split("=", 2)[0]).equals(name))
                .collect(Collectors.joining("&"));
        return uri.substring(0, question) + (kept.isEmpty() ? "" : "?" + kept);
    }

    Map<String, Object> bind(Object... values) {
        List<String> names = variables.stream().distinct().toList();
        if (values.length > names.size()) {
            throw new IllegalArgumentException(
                    values.length + " values for " + names.size() + " variables " + names + " of a URI template");
        }
        Map<String, Object> bound = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            bound.put(names.get(i), values[i]);
        }
        return bound;
    }

    String require(String variable) {
        if (!variables.contains(variable)) {
            throw new IllegalArgumentException("The template has no variable " + variable + ", only " + variables);
        }
        return variable;
    }

    boolean isAbsolute() {
        String start = literals.get(0);
        return start.regionMatches(true, 0, "http://", 0, 7) || start.regionMatches(true, 0, "https://", 0, 8);
    }

    /** The target itself, if there is nothing to expand. */
    Optional<URI> uri() {
        return Optional.ofNullable(uri);
    }

    String expand(Map<String, Object> values) {
        StringBuilder expanded = new StringBuilder(literals.get(0));
        for (int i = 0; i < variables.size(); i++) {
            Object value = values.get(variables.get(i));
            if (value == null) {
                throw new IllegalArgumentException("No value for the variable " + variables.get(i) + " of "
                        + Redactor.uri(printable(values)) + "; give it by Request.with(name, value)");
            }
            String text = value instanceof Secret secret ? secret.reveal() : String.valueOf(value);
            expanded.append(PercentCoding.encodeValue(text)).append(literals.get(i + 1));
        }
        return expanded.toString();
    }

    String printable(Map<String, Object> values) {
        if (printable != null) {
            return printable;
        }
        StringBuilder printed = new StringBuilder(literals.get(0));
        for (int i = 0; i < variables.size(); i++) {
            printed.append(printable(variables.get(i), values.get(variables.get(i))))
                    .append(literals.get(i + 1));
        }
        return printed.toString();
    }

    private static String printable(String variable, @Nullable Object value) {
        if (value == null) {
            return "{" + variable + "}";
        }
        return value instanceof Secret ? Secret.MASK : PercentCoding.encodeValue(String.valueOf(value));
    }
}
