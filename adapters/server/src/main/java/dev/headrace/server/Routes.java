package dev.headrace.server;

import dev.headrace.capability.Capability;
import dev.headrace.capability.Integration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The paths of an integration: each is one segment, behind the integration's id or not. They are compared as they are written. */
final class Routes {

    /** What the metrics call all other paths, of which there may be any number. */
    private static final String OTHER = "/other";

    private static final Pattern NAME = Pattern.compile("[a-z]+([_-][a-z]+)*");

    private final Map<String, Route> routes = new LinkedHashMap<>();
    private final String prefix;

    Routes(Integration integration, boolean idPrefix) {
        prefix = idPrefix ? integration.id() + "/" : "";
        add(Route.Kind.INFO, "info");
        add(Route.Kind.OPENAPI, "openapi.json");
        add(Route.Kind.STATS, "stats");
        add(Route.Kind.HEALTH, "health");
        if (integration.source().isPresent()) {
            add(Route.Kind.READ, "read");
            add(Route.Kind.CHECK, "check");
            add(Route.Kind.DISCOVER, "discover");
        }
        for (Capability<?, ?> capability : integration.capabilities()) {
            add(Route.Kind.CALL, capability.name());
        }
    }

    private void add(Route.Kind kind, String name) {
        routes.put(name, new Route(kind, name));
    }

    /**
     * Where a request goes.
     *
     * @param target as in the request's first line
     */
    Optional<Route> find(String target) {
        String name = name(target);
        Route exact = routes.get(name);
        return Optional.ofNullable(exact == null ? routes.get(name.replace('-', '_')) : exact);
    }

    /**
     * The capability that a path means which leads nowhere.
     *
     * @param target as in the request's first line
     * @return empty if none can have that name
     */
    Optional<String> missing(String target) {
        return Optional.of(name(target)).filter(name -> NAME.matcher(name).matches());
    }

    private String name(String target) {
        String name = path(target).substring(1);
        return !prefix.isEmpty() && name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    }

    /** The same for all ways to write a path. */
    String tag(String target) {
        return find(target).map(route -> "/" + route.name()).orElse(OTHER);
    }

    /** Without query, and without the origin that a proxy's request has (RFC 9112 §3.2.2); begins with a slash. */
    static String path(String target) {
        String path = target;
        int scheme = target.indexOf("://");
        if (scheme > 0 && !target.startsWith("/")) {
            int slash = target.indexOf('/', scheme + "://".length());
            path = slash < 0 ? "/" : target.substring(slash);
        }
        int query = path.indexOf('?');
        path = query < 0 ? path : path.substring(0, query);
        return path.startsWith("/") ? path : "/" + path;
    }
}
