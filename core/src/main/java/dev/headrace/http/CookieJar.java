package dev.headrace.http;

import io.netty.handler.codec.http.cookie.ClientCookieDecoder;
import io.netty.handler.codec.http.cookie.Cookie;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

/**
 * The cookies of one connector, in memory (RFC 6265 §5.3 and §5.4). Netty reads the header field, the part with the odd dates; what is kept
 * and who gets it is decided here: {@code java.net.CookieManager} follows the older RFC 2965 and has no limits.
 *
 * <p>Shared by all requests of a connector. Its sections are short and without I/O, so they may run on event loops.
 */
final class CookieJar {

    private static final int MAX_CHARACTERS = 4096;
    private static final int MAX_PATH = 1024;
    private static final int MAX_PER_DOMAIN = 50;
    private static final int MAX_IN_ALL = 3000;
    private static final Comparator<Kept> OLDEST_FIRST = Comparator.comparing(Kept::created);

    // By domain, for a request can have cookies of its host and of the few domains above only.
    private final Map<String, Map<Key, Kept>> domains = new HashMap<>();
    private int size;
    private long created;

    /**
     * What makes two cookies of a domain the same (RFC 6265 §5.3, step 11), and the port: the RFC sends cookies to all ports of a host
     * (§8.5), but credentials belong to an origin.
     */
    private record Key(String name, String path, int port) {}

    /** A cookie as it is sent, {@code name=value}. */
    record Pair(String name, Secret text) {}

    private record Kept(
            Key key, Pair pair, String domain, boolean hostOnly, boolean secure, long expires, long created) {

        boolean hasExpired(long now) {
            return expires <= now;
        }
    }

    /**
     * Keeps a cookie, or removes it if it has expired already.
     *
     * @param uri where the response came from
     * @param field the value of its {@code Set-Cookie}; ignored if that is malformed, too long, or not for this host
     */
    void keep(URI uri, String field) {
        Cookie cookie = ClientCookieDecoder.LAX.decode(withoutSpaces(field));
        if (cookie == null || hasControls(field)) {
            return;
        }
        String text = cookie.name() + "=" + (cookie.wrap() ? '"' + cookie.value() + '"' : cookie.value());
        String host = host(uri);
        String asked = withoutDot(cookie.domain());
        if (text.length() > MAX_CHARACTERS || !mayServe(host, asked)) {
            return;
        }
        // A public suffix that is the host itself, such as localhost, is for that host alone (RFC 6265 §5.3, step 5).
        boolean hostOnly = asked.isEmpty() || asked.indexOf('.') < 0 || isAddress(host);
        String path = path(cookie.path(), uri);
        Key key = new Key(cookie.name(), path, port(uri));
        Pair pair = new Pair(cookie.name(), Secret.of(text));
        String domain = hostOnly ? host : asked;
        long now = now();
        long expires = expires(now, cookie.maxAge());
        synchronized (domains) {
            Kept before = domains.getOrDefault(domain, Map.of()).get(key);
            if (before != null) {
                remove(before);
            }
            if (expires > now) {
                // A cookie that is set again keeps its place (RFC 6265 §5.3, step 11.3).
                long since = before == null ? created++ : before.created();
                makeRoom(domain, now);
                domains.computeIfAbsent(domain, name -> new HashMap<>())
                        .put(key, new Kept(key, pair, domain, hostOnly, cookie.isSecure(), expires, since));
                size++;
            }
        }
    }

    /**
     * The cookies for a request, in the order in which they are sent (RFC 6265 §5.4).
     *
     * @param uri where it goes
     * @return those that match; empty for none
     */
    List<Pair> cookiesFor(URI uri) {
        String host = host(uri);
        String path = path(uri);
        int port = port(uri);
        boolean secure = "https".equalsIgnoreCase(uri.getScheme());
        List<Kept> matching = new ArrayList<>();
        synchronized (domains) {
            if (size == 0) {
                return List.of();
            }
            long now = now();
            for (String domain = host; !domain.isEmpty(); domain = domain.substring(domain.indexOf('.') + 1)) {
                removeExpired(domains.getOrDefault(domain, Map.of()).values(), now);
                for (Kept cookie : domains.getOrDefault(domain, Map.of()).values()) {
                    if ((!cookie.hostOnly() || domain.equals(host))
                            && cookie.key().port() == port
                            && (secure || !cookie.secure())
                            && pathMatches(path, cookie.key().path())) {
                        matching.add(cookie);
                    }
                }
                if (domain.indexOf('.') < 0) {
                    break;
                }
            }
        }
        matching.sort(Comparator.comparing((Kept cookie) -> -cookie.key().path().length())
                .thenComparing(OLDEST_FIRST));
        return matching.stream().map(Kept::pair).toList();
    }

    /** Expired cookies go first, then the oldest (RFC 6265 §5.3). */
    private void makeRoom(String domain, long now) {
        Collection<Kept> ofDomain = domains.getOrDefault(domain, Map.of()).values();
        if (ofDomain.size() >= MAX_PER_DOMAIN) {
            removeExpired(ofDomain, now);
        }
        if (ofDomain.size() >= MAX_PER_DOMAIN) {
            ofDomain.stream().min(OLDEST_FIRST).ifPresent(this::remove);
        }
        if (size >= MAX_IN_ALL) {
            removeExpired(all(), now);
        }
        if (size >= MAX_IN_ALL) {
            all().stream().min(OLDEST_FIRST).ifPresent(this::remove);
        }
    }

    private List<Kept> all() {
        return domains.values().stream()
                .flatMap(cookies -> cookies.values().stream())
                .toList();
    }

    private void removeExpired(Collection<Kept> cookies, long now) {
        cookies.stream().filter(cookie -> cookie.hasExpired(now)).toList().forEach(this::remove);
    }

    private void remove(Kept cookie) {
        Map<Key, Kept> ofDomain = Objects.requireNonNull(domains.get(cookie.domain()));
        ofDomain.remove(cookie.key());
        if (ofDomain.isEmpty()) {
            domains.remove(cookie.domain());
        }
        size--;
    }

    /** Whether a host may set a cookie for a domain (RFC 6265 §5.1.3); a domain without an inner dot is a public suffix for us. */
    private static boolean mayServe(String host, String domain) {
        return domain.isEmpty()
                || domain.equals(host)
                || domain.indexOf('.') > 0 && host.endsWith("." + domain) && !isAddress(host);
    }

    /** One that is longer than browsers take it counts as none, or a path could fill the memory that a value may not. */
    private static String path(@Nullable String asked, URI uri) {
        return asked != null && asked.startsWith("/") && asked.length() <= MAX_PATH ? asked : defaultPath(path(uri));
    }

    /** RFC 6265 §5.1.4. */
    private static String defaultPath(String path) {
        int last = path.lastIndexOf('/');
        return last <= 0 ? "/" : path.substring(0, last);
    }

    /** RFC 6265 §5.1.4. */
    private static boolean pathMatches(String path, String cookiePath) {
        return path.startsWith(cookiePath)
                && (path.length() == cookiePath.length()
                        || cookiePath.endsWith("/")
                        || path.charAt(cookiePath.length()) == '/');
    }

    private static long expires(long now, long maxAge) {
        return maxAge == Cookie.UNDEFINED_MAX_AGE || maxAge > (Long.MAX_VALUE - now) / 1000
                ? Long.MAX_VALUE
                : now + maxAge * 1000;
    }

    /** Around names and values, where RFC 6265 §5.2 ignores them and Netty would not know {@code Secure} by its name. */
    private static String withoutSpaces(String field) {
        return Stream.of(field.split(";", -1))
                .map(part -> Stream.of(part.split("=", 2)).map(String::strip).collect(Collectors.joining("=")))
                .collect(Collectors.joining(";"));
    }

    private static String withoutDot(@Nullable String domain) {
        String lower = domain == null ? "" : domain.toLowerCase(Locale.ROOT);
        return lower.startsWith(".") ? lower.substring(1) : lower;
    }

    private static boolean hasControls(String field) {
        return field.chars().anyMatch(c -> c < ' ' && c != '\t' || c == 0x7f);
    }

    private static boolean isAddress(String host) {
        return host.startsWith("[") || host.chars().allMatch(c -> c == '.' || c >= '0' && c <= '9');
    }

    private static String host(URI uri) {
        return uri.getHost().toLowerCase(Locale.ROOT);
    }

    private static String path(URI uri) {
        return uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    }

    /** Where a site lives: 80 and 443 are one, for sites lead from the one to the other. */
    private static int port(URI uri) {
        return uri.getPort() == 80 || uri.getPort() == 443 ? -1 : uri.getPort();
    }

    private static long now() {
        return Schedulers.parallel().now(TimeUnit.MILLISECONDS);
    }
}
