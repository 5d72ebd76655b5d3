package dev.headrace.connector;

import dev.headrace.http.Request;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which requests a {@linkplain Connector.Builder#when rule} is for: by method, path, host, or anything else. A value: every change gives a
 * new one, which matches what this matches and more narrowly.
 */
public final class RequestMatcher {

    private static final RequestMatcher ANY = new RequestMatcher("any request", request -> true);

    private final String description;
    private final Predicate<Request> test;

    private RequestMatcher(String description, Predicate<Request> test) {
        this.description = description;
        this.test = test;
    }

    /**
     * Matches every request.
     *
     * @return the matcher
     */
    public static RequestMatcher any() {
        return ANY;
    }

    /**
     * Matches requests by their path. {@code {name}} and {@code *} stand for any one segment, or for a part of one; a last {@code **} stands
     * for all that follows, or nothing.
     *
     * @param template the whole path behind the host, such as {@code /repos/{owner}/issues} or {@code /search/**}; a base URL's path
     *     belongs to it
     * @return the matcher
     */
    public static RequestMatcher path(String template) {
        return ANY.andPath(template);
    }

    /**
     * Matches requests by their method.
     *
     * @param methods such as {@code GET}, in any case; one of them is enough
     * @return the matcher
     */
    public static RequestMatcher method(String... methods) {
        return ANY.andMethod(methods);
    }

    /**
     * Matches requests by the host they go to.
     *
     * @param host a name without port, in any case; {@code *.example.com} stands for all names below
     * @return the matcher
     */
    public static RequestMatcher host(String host) {
        return ANY.andHost(host);
    }

    /**
     * Narrows this matcher to a path.
     *
     * @param template as {@link #path(String)}
     * @return a new matcher
     */
    public RequestMatcher andPath(String template) {
        Pattern pattern = Pattern.compile(pathPattern(template));
        return and("path " + template, request -> {
            String path = request.uri().getRawPath();
            return pattern.matcher(path == null || path.isEmpty() ? "/" : path).matches();
        });
    }

    /**
     * Narrows this matcher to methods.
     *
     * @param methods as {@link #method(String...)}
     * @return a new matcher
     */
    public RequestMatcher andMethod(String... methods) {
        if (methods.length == 0) {
            throw new IllegalArgumentException("method needs at least one method");
        }
        List<String> upper = Arrays.stream(methods)
                .map(name -> name.toUpperCase(Locale.ROOT))
                .toList();
        return and("method " + String.join("|", upper), request -> upper.contains(request.method()));
    }

    /**
     * Narrows this matcher to a host.
     *
     * @param host as {@link #host(String)}
     * @return a new matcher
     */
    public RequestMatcher andHost(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return and("host " + lower, request -> {
            URI uri = request.uri();
            String target = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
            return lower.startsWith("*.") ? target.endsWith(lower.substring(1)) : target.equals(lower);
        });
    }

    /**
     * Narrows this matcher by a test of one's own.
     *
     * @param description how it is listed
     * @param test sees the request with its absolute target; called for every request, must not block
     * @return a new matcher
     */
    public RequestMatcher and(String description, Predicate<? super Request> test) {
        Objects.requireNonNull(test, "test");
        return new RequestMatcher(
                this == ANY ? description : this.description + ", " + description,
                this == ANY ? test::test : this.test.and(test));
    }

    /**
     * Whether a request is matched.
     *
     * @param request with its absolute target
     * @return true if so
     */
    public boolean matches(Request request) {
        return test.test(request);
    }

    @Override
    public String toString() {
        return description;
    }

    private static String pathPattern(String template) {
        if (!template.startsWith("/")) {
            throw new IllegalArgumentException("A path to match begins with a slash, but is '" + template + "'");
        }
        boolean open = template.endsWith("/**");
        String closed = open ? template.substring(0, template.length() - 3) : template;
        if (closed.contains("**")) {
            throw new IllegalArgumentException(
                    "In a path to match, ** stands behind the last slash and nowhere else, but is in '" + template
                            + "'");
        }
        String segments = Arrays.stream(closed.split("(?<=\\})|(?=\\{)|(?<=\\*)|(?=\\*)"))
                .map(part ->
                        part.equals("*") || part.startsWith("{") && part.endsWith("}") ? "[^/]+" : Pattern.quote(part))
                .collect(Collectors.joining());
        return open ? segments + "(/.*)?" : segments;
    }
}
