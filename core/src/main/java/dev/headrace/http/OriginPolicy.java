package dev.headrace.http;

import java.net.URI;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Which origins (scheme, host and port, RFC 6454 §4) may get the connector's credentials and be followed to by next links. Always the
 * base URL's own; others only when allowed here, or, without credentials, when {@link #strip()} says so. A value: every change gives a new
 * one.
 */
public final class OriginPolicy {

    private static final OriginPolicy SAME_ORIGIN = new OriginPolicy(Set.of(), false);

    private final Set<String> allowed;

    private final boolean strip;

    private OriginPolicy(Set<String> allowed, boolean strip) {
        this.allowed = allowed;
        this.strip = strip;
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
        return new OriginPolicy(Set.copyOf(more), strip);
    }

    /**
     * Whether a target may get what is meant for the base.
     *
     * @param base the connector's base URL
     * @param target where a request would go, absolute
     * @return true for the same origin and for allowed ones
     */
    public boolean trusts(URI base, URI target) {
        return isSameOrigin(base, target) || allowed.contains(originOf(target));
    }

    /** Asked for every request, so without making texts of both. */
    private static boolean isSameOrigin(URI base, URI target) {
        return target.getHost() != null
                && target.getHost().equalsIgnoreCase(base.getHost())
                && target.getScheme() != null
                && target.getScheme().equalsIgnoreCase(base.getScheme())
                && portOf(target) == portOf(base);
    }

    private static int portOf(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    }

    /**
     * Follows next links to any origin, without the credentials; where they are, nobody there sees them. A link from https down to http is
     * followed only to an origin that is {@linkplain #allow allowed}.
     *
     * <p>A page on another origin may name a next one at home, where it is read with the credentials again; so use this for APIs whose data
     * lives on other hosts, not for links of doubtful origin.
     *
     * @return a new policy
     */
    public OriginPolicy strip() {
        return new OriginPolicy(allowed, true);
    }

    /**
     * Whether a next link may be followed at all, with credentials or without.
     *
     * @param base the connector's base URL
     * @param target where it leads, absolute
     * @return true for what is {@linkplain #trusts trusted}, and for other origins if {@link #strip()} allows them
     * @throws IllegalArgumentException if the target is no absolute HTTP URL
     */
    public boolean follows(URI base, URI target) {
        return trusts(base, target)
                || strip
                        && !("https".equalsIgnoreCase(base.getScheme()) && "http".equalsIgnoreCase(target.getScheme()));
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
        return scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + ":" + portOf(uri);
    }

    @Override
    public String toString() {
        return "OriginPolicy[same origin" + (allowed.isEmpty() ? "" : ", " + allowed)
                + (strip ? ", others without credentials" : "") + "]";
    }
}
