package dev.headrace.http;

import java.net.URI;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Which origins (scheme, host and port, RFC 6454 §4) may get the connector's credentials and be followed to by next links. Always the
 * base URL's own; others only when allowed here. A value: every change gives a new one.
 */
public final class OriginPolicy {

    private static final OriginPolicy SAME_ORIGIN = new OriginPolicy(Set.of());

    private final Set<String> allowed;

    private OriginPolicy(Set<String> allowed) {
        this.allowed = allowed;
    }

    /**
     * Only the base URL's own origin: the default.
     *
     * @return the policy
     */
    public static OriginPolicy sameOrigin() {
        return SAME_ORIGIN;
    }

    /**
     * Trusts another origin as well.
     *
     * @param origin such as {@code https://cdn.example.com}; a path is ignored
     * @return a new policy
     * @throws IllegalArgumentException if it is no absolute HTTP URL
     */
    public OriginPolicy allow(String origin) {
        Set<String> more = new LinkedHashSet<>(allowed);
        more.add(originOf(URI.create(origin)));
        return new OriginPolicy(Set.copyOf(more));
    }

    /**
     * Whether a target may get what is meant for the base.
     *
     * @param base the connector's base URL
     * @param target where a request would go, absolute
     * @return true for the same origin and for allowed ones
     */
    public boolean trusts(URI base, URI target) {
        String origin = originOf(target);
        return origin.equals(originOf(base)) || allowed.contains(origin);
    }

    /**
     * The origin of a URL: scheme, host and port, the port always explicit.
     *
     * @param uri an absolute HTTP URL
     * @return such as {@code https://api.example.com:443}
     * @throws IllegalArgumentException if it is no absolute HTTP URL
     */
    public static String originOf(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (uri.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
            throw new IllegalArgumentException("Not an absolute http or https URL: " + Redactor.uri(uri));
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
        return scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + ":" + port;
    }

    @Override
    public String toString() {
        return allowed.isEmpty() ? "OriginPolicy[same origin]" : "OriginPolicy[same origin, " + allowed + "]";
    }
}
