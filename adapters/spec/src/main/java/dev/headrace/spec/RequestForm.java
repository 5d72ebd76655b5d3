package dev.headrace.spec;

import dev.headrace.http.Body;
import dev.headrace.http.Headers;
import dev.headrace.http.Request;
import dev.headrace.http.Secret;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A request as a spec has it. It is made in two steps: what is the same for all pages of a reading is {@linkplain
 * #settled settled} once, what speaks of slice, state or page, and what is secret, is {@linkplain #moved put} into the
 * request of each.
 *
 * @param method its method
 * @param path its template, whose expressions become variables
 * @param query parameters of the query
 * @param headers its headers
 * @param json a body of JSON
 * @param form a body of fields
 * @param text a body of text
 */
record RequestForm(
        String method,
        @Nullable Template path,
        Map<String, List<Template>> query,
        Map<String, Template> headers,
        @Nullable JsonForm json,
        Map<String, Template> form,
        @Nullable Template text) {

    static final RequestForm NONE = new RequestForm("GET", null, Map.of(), Map.of(), null, Map.of(), null);

    RequestForm method(String method) {
        Request.of(method, "");
        return new RequestForm(method, path, query, headers, json, form, text);
    }

    RequestForm path(Template path) {
        // What is malformed is to be said now.
        Request.of("GET", target(path));
        return new RequestForm(method, path, query, headers, json, form, text);
    }

    RequestForm query(Map<String, List<Template>> query) {
        return new RequestForm(method, path, query, headers, json, form, text);
    }

    RequestForm headers(Map<String, Template> headers) {
        headers.forEach((name, value) -> Headers.of(name, value.isConstant() ? value.with(expression -> "") : ""));
        return new RequestForm(method, path, query, headers, json, form, text);
    }

    RequestForm json(JsonForm json) {
        checkOnlyBody();
        return new RequestForm(method, path, query, headers, json, form, text);
    }

    RequestForm form(Map<String, Template> form) {
        checkOnlyBody();
        return new RequestForm(method, path, query, headers, json, form, text);
    }

    RequestForm text(Template text) {
        checkOnlyBody();
        return new RequestForm(method, path, query, headers, json, form, text);
    }

    private void checkOnlyBody() {
        if (json != null || !form.isEmpty() || text != null) {
            throw new IllegalArgumentException("there is a body already; only one of json, form or text can be said");
        }
    }

    /** What is the same for all pages of a reading. */
    Request settled(Scope scope) {
        return place().made(() -> settledAt(scope));
    }

    private Found place() {
        return Objects.requireNonNull(path).place();
    }

    private Request settledAt(Scope scope) {
        Template target = Objects.requireNonNull(path);
        Request request = Request.of(method, target(target));
        for (Map.Entry<String, Expression> variable : variables(target).entrySet()) {
            // A page's token says how its request differs from this one, so this one must be whole.
            Object value = isSettled(variable.getValue()) ? bound(variable.getValue(), scope) : "_";
            request = request.with(variable.getKey(), value);
        }
        for (Map.Entry<String, List<Template>> parameter : query.entrySet()) {
            if (parameter.getValue().stream().allMatch(Template::isSettled)) {
                request = request.query(parameter.getKey(), values(parameter.getValue(), scope));
            }
        }
        for (Map.Entry<String, Template> header : headers.entrySet()) {
            request = header.getValue().isSettled() ? with(request, header, scope) : request;
        }
        if (json != null) {
            request = request.json(json.settled().value(scope).orElseGet(Map::of));
        } else if (isFormSettled()) {
            request = request.body(Body.form(fields(scope)));
        } else if (text != null && text.isSettled()) {
            request = request.body(Body.text(text.text(scope)));
        }
        return request;
    }

    /** Whether anything differs from page to page, or is secret. */
    boolean moves() {
        return !(variables(Objects.requireNonNull(path)).values().stream().allMatch(RequestForm::isSettled)
                && query.values().stream().flatMap(List::stream).allMatch(Template::isSettled)
                && headers.values().stream().allMatch(Template::isSettled)
                && (json == null || json.isSettled())
                && form.values().stream().allMatch(Template::isSettled)
                && (text == null || text.isSettled()));
    }

    /**
     * A page's request with the rest.
     *
     * @param settled the page's request
     * @param scope what is known of the page
     * @param trusted where secrets may go; a next link may lead elsewhere, and they stay at home then
     */
    Request moved(Request settled, Scope scope, Predicate<? super URI> trusted) {
        return place().made(() -> movedAt(settled, scope, trusted));
    }

    private Request movedAt(Request settled, Scope scope, Predicate<? super URI> trusted) {
        Request request = settled;
        for (Map.Entry<String, Expression> variable :
                variables(Objects.requireNonNull(path)).entrySet()) {
            // A next link has no variables any more.
            if (!isSettled(variable.getValue()) && request.variableNames().contains(variable.getKey())) {
                request = request.with(variable.getKey(), bound(variable.getValue(), scope));
            }
        }
        boolean open = !isAbsolute(request.uri()) || trusted.test(request.uri());
        for (Map.Entry<String, List<Template>> parameter : query.entrySet()) {
            boolean hidden = parameter.getValue().stream().anyMatch(Template::hasSecret);
            if (!parameter.getValue().stream().allMatch(Template::isSettled) && (open || !hidden)) {
                request = asking(request, parameter.getKey(), parameter.getValue(), scope);
            }
        }
        for (Map.Entry<String, Template> header : headers.entrySet()) {
            boolean stays =
                    header.getValue().isSettled() || !open && header.getValue().hasSecret();
            request = stays ? request : with(request, header, scope);
        }
        for (JsonForm.Moving moving : json == null ? List.<JsonForm.Moving>of() : json.moving("")) {
            Optional<Object> value =
                    open || !moving.form().hasSecret() ? moving.form().value(scope) : Optional.empty();
            request = value.isPresent() ? put(request, moving.pointer(), value.get()) : request;
        }
        boolean hidden = form.values().stream().anyMatch(Template::hasSecret);
        if (!form.isEmpty() && !isFormSettled() && (open || !hidden)) {
            request = request.body(Body.form(fields(scope)));
        }
        return text == null || text.isSettled() ? request : request.body(Body.text(text.text(scope)));
    }

    /** What a next link says of the slice stays as it says it; the number of the page is ours to say. */
    private static Request asking(Request request, String name, List<Template> templates, Scope scope) {
        List<Object> values = values(templates, scope);
        boolean ofPage =
                templates.stream().anyMatch(template -> template.roots().contains(Root.PAGE));
        boolean said = scope.page() > 1 && !ofPage && isAsked(request, name);
        return values.isEmpty() || said ? request : request.replaceQuery(name, values);
    }

    private static boolean isAsked(Request request, String name) {
        String query = request.uri().getRawQuery();
        return query != null
                && Arrays.stream(query.split("&", -1))
                        .map(pair -> pair.split("=", 2)[0])
                        .anyMatch(key ->
                                URLDecoder.decode(key, StandardCharsets.UTF_8).equals(name));
    }

    private static Request put(Request request, String pointer, Object value) {
        return pointer.isEmpty() ? request.json(value) : request.replaceInBody(pointer, value);
    }

    private static boolean isAbsolute(URI uri) {
        return uri.getHost() != null;
    }

    /** All of it at once. */
    Request whole(Scope scope, Predicate<? super URI> trusted) {
        return moved(settled(scope), scope, trusted);
    }

    private boolean isFormSettled() {
        return !form.isEmpty() && form.values().stream().allMatch(Template::isSettled);
    }

    private Map<String, Object> fields(Scope scope) {
        Map<String, Object> fields = new LinkedHashMap<>();
        form.forEach((name, field) -> field.sent(scope).ifPresent(value -> fields.put(name, shown(value))));
        return fields;
    }

    private static Request with(Request request, Map.Entry<String, Template> header, Scope scope) {
        Object value = header.getValue().sent(scope).orElse(null);
        if (value == null) {
            return request;
        }
        return header.getValue()
                .place()
                .made(() -> value instanceof Secret secret
                        ? request.header(header.getKey(), secret)
                        : request.header(header.getKey(), String.valueOf(shown(value))));
    }

    private static List<Object> values(List<Template> templates, Scope scope) {
        List<Object> values = new ArrayList<>();
        for (Template template : templates) {
            Object value = template.sent(scope).orElse(null);
            if (value instanceof JsonNode list && list.isArray()) {
                list.forEach(element -> values.add(shown(element)));
            } else if (value != null) {
                values.add(shown(value));
            }
        }
        return values;
    }

    private static Object shown(Object value) {
        return value instanceof JsonNode json ? ExpressionFunction.written(json) : value;
    }

    private static boolean isSettled(Expression expression) {
        return expression.references().allMatch(reference -> reference.root() == Root.CONFIG);
    }

    private Object bound(Expression expression, Scope scope) {
        JsonNode value = Objects.requireNonNull(path).required(expression, scope);
        return ExpressionFunction.written(value);
    }

    /** The expressions of a path by the names that stand for them. */
    private static Map<String, Expression> variables(Template path) {
        Map<String, Expression> variables = new LinkedHashMap<>();
        path.with(expression -> {
            variables.put("_" + variables.size(), expression);
            return "";
        });
        return variables;
    }

    /** A URI template: an expression at its beginning is taken as it is, others are encoded whole. */
    private static String target(Template path) {
        int[] count = {0};
        Function<Expression, String> variable = expression -> "{_" + count[0]++ + "}";
        String target = path.with(variable);
        return target.startsWith("{_0}") && count[0] > 0 ? "{+" + target.substring(1) : target;
    }
}
