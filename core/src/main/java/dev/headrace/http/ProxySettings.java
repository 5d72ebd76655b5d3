package dev.headrace.http;

import dev.headrace.error.FailureKind;
import dev.headrace.error.HeadraceException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The proxy that connections go through. A value: every change gives a new one.
 *
 * <p>Every request goes through a tunnel, plain ones too ({@code CONNECT}, RFC 9110 §9.3.6, or SOCKS 5, RFC 1928), so the proxy's
 * credentials never reach the origin, and the origin's name is resolved by the proxy. The proxy's own name is resolved once, blocking, as
 * {@link TlsSettings} read their files. A proxy that refuses or fails is a {@link TransportException}.
 */
public final class ProxySettings {

    private static final String[] THIS_MACHINE = {"localhost", "127.0.0.1", "::1"};

    private static final ProxySettings NONE = new ProxySettings(Kind.NONE, "", 0, null, null, List.of());

    enum Kind {
        NONE,
        HTTP,
        SOCKS5
    }

    private final Kind kind;
    private final String host;
    private final int port;
    private final @Nullable String user;
    private final @Nullable Secret password;
    private final List<String> except;

    private ProxySettings(
            Kind kind, String host, int port, @Nullable String user, @Nullable Secret password, List<String> except) {
        this.kind = kind;
        this.host = host;
        this.port = port;
        this.user = user;
        this.password = password;
        this.except = except;
    }

    /**
     * Connects directly. The default.
     *
     * @return no proxy
     */
    public static ProxySettings none() {
        return NONE;
    }

    /**
     * An HTTP proxy that tunnels. The connection to the proxy itself is not encrypted.
     *
     * @param host its name or address
     * @param port its port
     * @return a proxy without credentials
     */
    public static ProxySettings http(String host, int port) {
        return checked(Kind.HTTP, host, port);
    }

    /**
     * A SOCKS 5 proxy.
     *
     * @param host its name or address
     * @param port its port, often 1080
     * @return a proxy without credentials
     */
    public static ProxySettings socks5(String host, int port) {
        return checked(Kind.SOCKS5, host, port);
    }

    /**
     * The proxy of the environment, read now: {@code HTTPS_PROXY}, or else {@code ALL_PROXY}, without the hosts of {@code NO_PROXY};
     * lower-case names win. It is used for plain HTTP as well, and never for this machine itself ({@code localhost}, {@code 127.0.0.1},
     * {@code ::1}). {@code HTTP_PROXY} is not looked at.
     *
     * @return that proxy; {@link #none()} if neither is set
     * @throws HeadraceException of kind {@link FailureKind#CONFIGURATION} if a variable is no proxy's address
     */
    public static ProxySettings fromEnvironment() {
        return from(System.getenv());
    }

    static ProxySettings from(Map<String, String> environment) {
        for (String name : List.of("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")) {
            String value = environment.getOrDefault(name, "");
            if (!value.isBlank()) {
                String exceptions = environment.getOrDefault("no_proxy", environment.getOrDefault("NO_PROXY", ""));
                return parse(name, value.strip()).except(THIS_MACHINE).except(hostsOf(exceptions));
            }
        }
        return NONE;
    }

    /** A name there stands for the domains below it as well. */
    private static String[] hostsOf(String noProxy) {
        List<String> patterns = new ArrayList<>();
        for (String entry : noProxy.split("[,\\s]+", -1)) {
            String host =
                    entry.startsWith("*.") ? entry.substring(2) : entry.startsWith(".") ? entry.substring(1) : entry;
            if (host.equals("*")) {
                patterns.add(host);
            } else if (!host.isEmpty()) {
                patterns.add(host);
                patterns.add("*." + host);
            }
        }
        return patterns.toArray(String[]::new);
    }

    private static ProxySettings parse(String variable, String value) {
        try {
            URI uri = URI.create(value.contains("://") ? value : "http://" + value);
            String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
            Kind kind = scheme.equals("http")
                    ? Kind.HTTP
                    : List.of("socks5", "socks5h", "socks").contains(scheme) ? Kind.SOCKS5 : Kind.NONE;
            int port = uri.getPort() >= 0 ? uri.getPort() : kind == Kind.HTTP ? 80 : 1080;
            if (kind != Kind.NONE && uri.getHost() != null) {
                ProxySettings proxy = checked(kind, uri.getHost(), port);
                String[] credentials = uri.getUserInfo() == null
                        ? new String[0]
                        : uri.getUserInfo().split(":", 2);
                return credentials.length < 2 ? proxy : proxy.credentials(credentials[0], Secret.of(credentials[1]));
            }
        } catch (IllegalArgumentException e) {
            // Its message quotes the value, which may hold a password.
        }
        throw new HeadraceException(
                FailureKind.CONFIGURATION,
                "The environment variable " + variable
                        + " is no proxy's address; it must look like http://host:port or socks5://user:password@host:port",
                null);
    }

    private static ProxySettings checked(Kind kind, String host, int port) {
        if (host.isBlank()) {
            throw new IllegalArgumentException("The proxy's host must not be empty");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("The proxy's port must be 1 to 65535, but is " + port);
        }
        return new ProxySettings(kind, bare(host), port, null, null, List.of());
    }

    /** An IPv6 address without its brackets. */
    private static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    /**
     * Sets what the proxy asks for: {@code Proxy-Authorization: Basic} (RFC 7617), or user and password of SOCKS (RFC 1929).
     *
     * @param user the user's name
     * @param password the password
     * @return new settings
     */
    public ProxySettings credentials(String user, Secret password) {
        return new ProxySettings(
                kind,
                host,
                port,
                Objects.requireNonNull(user, "user"),
                Objects.requireNonNull(password, "password"),
                except);
    }

    /**
     * Connects to some hosts directly, besides those set before.
     *
     * @param hosts names or addresses as they stand in the URI, {@code *.example.com} for all names below a domain, or {@code *}
     * @return new settings
     */
    public ProxySettings except(String... hosts) {
        List<String> all = new ArrayList<>(except);
        for (String each : hosts) {
            if (each.isBlank()
                    || each.lastIndexOf('*') > 0
                    || each.startsWith("*") && each.length() > 1 && each.charAt(1) != '.') {
                throw new IllegalArgumentException(
                        "A host without proxy is a name, *.domain or *, but is '" + each + "'");
            }
            all.add(each.toLowerCase(Locale.ROOT));
        }
        return new ProxySettings(kind, host, port, user, password, List.copyOf(all));
    }

    /** Whether a connection to that host goes through the proxy. */
    boolean covers(String target) {
        String name = bare(target).toLowerCase(Locale.ROOT);
        return kind != Kind.NONE && except.stream().noneMatch(pattern -> matches(pattern, name));
    }

    /** For connections that are known to be covered. */
    ProxySettings forAll() {
        return except.isEmpty() ? this : new ProxySettings(kind, host, port, user, password, List.of());
    }

    private static boolean matches(String pattern, String host) {
        return pattern.equals("*")
                || pattern.equals(host)
                || pattern.startsWith("*.") && host.endsWith(pattern.substring(1));
    }

    Kind kind() {
        return kind;
    }

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    @Nullable
    String user() {
        return user;
    }

    @Nullable
    Secret password() {
        return password;
    }

    /** Where the proxy is, for messages. */
    String authority() {
        return host + ":" + port;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ProxySettings that
                && kind == that.kind
                && host.equals(that.host)
                && port == that.port
                && Objects.equals(user, that.user)
                && Objects.equals(password, that.password)
                && except.equals(that.except);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, host, port, user, password, except);
    }

    @Override
    public String toString() {
        return kind == Kind.NONE
                ? "ProxySettings[none]"
                : "ProxySettings[" + kind + " " + authority() + (user == null ? "" : ", with credentials")
                        + (except.isEmpty() ? "" : ", except " + except) + "]";
    }
}
