package dev.headrace.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;

/** Resolves references that a remote gave, as in a next link or a {@code Location}, against the URI they came from (RFC 3986 §5.2). */
public final class UriReference {

    private static final Pattern ABSOLUTE = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*:");

    private UriReference() {}

    /**
     * Resolves a reference. Characters that may not stand in a URI are percent-encoded; what is encoded already stays as it is.
     *
     * <p>{@link URI#resolve(URI)} follows the older RFC 2396 and loses the last path segment of the base for a reference such as
     * {@code ?page=2}.
     *
     * @param base an absolute URI
     * @param reference absolute or relative
     * @return an absolute URI without fragment
     * @throws IllegalArgumentException if the result is no URI
     */
    public static URI resolve(URI base, String reference) {
        String text = PercentCoding.encodeLiteral(reference.strip());
        int fragment = text.indexOf('#');
        if (fragment >= 0) {
            text = text.substring(0, fragment);
        }
        String authority = base.getScheme() + "://" + base.getRawAuthority();
        if (ABSOLUTE.matcher(text).lookingAt()) {
            return parse(text);
        }
        if (text.startsWith("//")) {
            return parse(base.getScheme() + ":" + text);
        }
        String basePath = base.getRawPath() == null || base.getRawPath().isEmpty() ? "/" : base.getRawPath();
        if (text.isEmpty()) {
            return parse(authority + basePath + (base.getRawQuery() == null ? "" : "?" + base.getRawQuery()));
        }
        if (text.startsWith("?")) {
            return parse(authority + basePath + text);
        }
        int question = text.indexOf('?');
        String path = question < 0 ? text : text.substring(0, question);
        String query = question < 0 ? "" : text.substring(question);
        String merged = path.startsWith("/") ? path : basePath.substring(0, basePath.lastIndexOf('/') + 1) + path;
        return parse(authority + withoutDots(merged) + query);
    }

    /** Removes {@code .} and {@code ..} segments (RFC 3986 §5.2.4). */
    private static String withoutDots(String path) {
        if (!path.contains("/.")) {
            return path;
        }
        Deque<String> kept = new ArrayDeque<>();
        String[] segments = path.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            boolean last = i == segments.length - 1;
            if (segments[i].equals("..")) {
                kept.pollLast();
            } else if (!segments[i].equals(".")) {
                kept.addLast(segments[i]);
                continue;
            }
            if (last) {
                kept.addLast("");
            }
        }
        return "/" + String.join("/", kept);
    }

    /** A URI as it stands in a text. */
    static URI parse(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("Not a URI: " + Redactor.uri(text) + " (" + e.getReason() + ")");
        }
    }
}
